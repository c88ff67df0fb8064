from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from accounts.constraints import SameWorkspace, workspace_key
from accounts.identity import PublicIdField
from accounts.models import Member, Team, TeamMember, Workspace
from accounts.refusals import Refused
from accounts.roles import Role
from changes.concurrency import Conflict
from changes.editable import Editable
from changes.models import Change, DeletableManager, Versioned
from config import clock
from products.models import Product
from products.models.owned import OwnedQuerySet
from roadmap.models.kept_for import KeptFor
from roadmap.plans.designs import (
    FARTHEST,
    OWN_KEY,
    PARAMETERS,
    Colours,
    Design,
    Lanes,
    Layout,
    Precision,
    Shown,
    usual_lanes,
)

#: What an address says of this moment, not of the roadmap; the last two lines are of the time machine and of pages of the API.
PASSING = {
    "open", "after", "in", "view", "at", "zoom", "edit", "column", "lane",
    "as_of", "compare", "since", "until", "what", "as", "all",
    "size",
}  # fmt: skip
ENDS_BEFORE_START = gettext_lazy("The horizon ends before it starts. Choose an end on or after the start.")
MOST_PRODUCTS, LARGEST_LIMIT = 100, 999


class RoadmapQuerySet(models.QuerySet["Roadmap"]):
    def visible_to(self, member: Member) -> RoadmapQuerySet:
        """One's own, those of one's teams and those for everybody, of which one sees at least one product."""
        of_teams = Q(team__in=TeamMember.objects.filter(member=member.pk).values("team"))
        scope = Q(is_shared=True) | Q(owner=member.pk) | of_teams
        seen = RoadmapProduct.objects.filter(Product.objects.seen_through(member), roadmap=OuterRef("pk"))
        return self.filter(scope, Exists(seen.filter(product__deleted_at=None)), workspace=member.workspace_id)

    def with_seen_products(self, member: Member) -> RoadmapQuerySet:
        """Each carries `seen_products`: those of its products that `member` sees, by name; one statement for all."""
        seen = Product.objects.visible_to(member).order_by("name", "pk")
        return self.prefetch_related(Prefetch("products", seen, to_attr="seen_products"))


class Roadmap(KeptFor, Editable):
    """A view of plans that is kept under a name: of which products, laid out how, filtered by what, for whom.

    It holds no item: whoever opens it sees the rows of those of its products that they see.
    """

    noun = "roadmap"
    role_to_change = Role.VIEWER
    refusals = {"roadmap_name_is_unique": gettext_lazy("You have a roadmap of this name. Choose another one.")}

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="roadmaps")
    public_id = PublicIdField()
    owner = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(gettext_lazy("name"), max_length=80)
    products = models.ManyToManyField(Product, through="RoadmapProduct", related_name="roadmaps")
    layout = models.CharField(gettext_lazy("layout"), max_length=10, choices=Layout, default=Layout.TIMELINE)
    lanes = models.CharField(gettext_lazy("lanes"), max_length=10, default=Lanes.OBJECTIVE)
    colours = models.CharField(gettext_lazy("colours by"), max_length=10, choices=Colours, default=Colours.STATUS)
    precision = models.CharField(gettext_lazy("dates by"), max_length=8, choices=Precision, default=Precision.DAY)
    starts = models.SmallIntegerField(
        gettext_lazy("from"), null=True, blank=True,
        validators=[MinValueValidator(-FARTHEST), MaxValueValidator(FARTHEST)],
        help_text=gettext_lazy("Months from this one: −3 is three months ago. Empty for no limit."),
    )  # fmt: skip
    ends = models.SmallIntegerField(
        gettext_lazy("to"), null=True, blank=True,
        validators=[MinValueValidator(-FARTHEST), MaxValueValidator(FARTHEST)],
        help_text=gettext_lazy("Months from this one. Empty for no limit."),
    )  # fmt: skip
    shows = ArrayField(
        models.CharField(max_length=12), verbose_name=gettext_lazy("cards show"), default=list, blank=True
    )
    query = models.CharField(gettext_lazy("filter"), max_length=2000, blank=True)
    limits = models.JSONField(gettext_lazy("limits"), default=dict, blank=True)
    team = models.ForeignKey(
        Team, verbose_name=gettext_lazy("team"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_shared = models.BooleanField(gettext_lazy("for everybody"), default=False)
    #: The Change that last added or took away a product; what `products` are is in rows of their own.
    products_change = models.BigIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = DeletableManager.hiding(RoadmapQuerySet)

    seen_products: list[Product]

    #: How history tells of the limits: see changes.history.
    tellers: ClassVar[dict[str, Any]] = {}

    class Meta(Versioned.Meta):
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "owner", "name"], condition=Q(deleted_at=None), name="roadmap_name_is_unique"
            ),
            models.CheckConstraint(
                condition=Q(starts=None) | Q(ends=None) | Q(ends__gte=models.F("starts")),
                name="roadmap_ends_after_start",
                violation_error_message=ENDS_BEFORE_START,
            ),
            SameWorkspace(field="team", target="accounts_team", name="roadmap_team_same_workspace"),
            SameWorkspace(field="owner", target="accounts_member", name="roadmap_owner_same_workspace"),
            workspace_key("roadmap_workspace_key"),
        ]

    def __str__(self) -> str:
        return self.name

    # --- verbs

    @classmethod
    def keep(
        cls, workspace: Workspace, name: str, products: Iterable[Product], *, by: Actor | Change, **fields: Any
    ) -> Roadmap:
        """A new roadmap of these products, with the lanes that are usual for its layout where none are given. Raises Refused where there is no
        product, or the name is taken."""
        fields.setdefault("lanes", usual_lanes(fields.get("layout", Layout.TIMELINE)))
        with Change.open("roadmap.added", by=by, workspace=workspace) as change:
            roadmap = cls.add(workspace, by=change, name=name, **fields)
            roadmap._hold(list(products), change, seen_by=None)
        return roadmap

    def edit(self, *, by: Actor | Change, seen: int | None = None, **fields: Any) -> int:
        """As every noun; `products` are those that it is of from now on, apart from those that their chooser (`chosen_by`) does not see."""
        products, chosen_by = fields.pop("products", None), fields.pop("chosen_by", None)
        if "layout" in fields and self.lanes == usual_lanes(self.layout):  # nobody chose any
            fields.setdefault("lanes", usual_lanes(fields["layout"]))
        with Change.open("roadmap.edited", by=by, workspace=self.workspace) as change:
            super().edit(by=change, seen=seen, **fields)
            if products is not None:
                self._refuse_unseen_products(seen, list(products))
                self._hold(list(products), change, seen_by=chosen_by)
        return change.pk or 0

    def limit(self, column: str, most: int | None, *, by: Actor | Change) -> int:
        """How many cards a column of a board should hold at most, None for any number; the other columns keep their limits. Returns the id of
        the Change, 0 where that is so already."""
        with Change.open("roadmap.edited", by=by, workspace=self.workspace) as change:
            self._lock()
            self._refuse_deleted()
            others = {name: limit for name, limit in self.limits.items() if name != column}
            self._set({"limits": {**others, column: most} if most else others}, change)
        return change.pk or 0

    def duplicate(self, *, by: Actor | Change, owner: Member, name: str) -> Roadmap:
        """Another one like it for `owner` alone, of those products that they see."""
        copied = {field: getattr(self, field) for field in (*COPIED, "limits")}
        seen = Product.objects.visible_to(owner).filter(roadmaps=self)
        return Roadmap.keep(self.workspace, name, seen, by=by, owner=owner, **copied)

    def prepare(self, names: set[str], change: Change) -> None:
        self.query = self.kept(self.query)
        if self.is_shared and self.team_id:
            raise Refused(_("A roadmap is for a team or for everybody. Choose one of the two."))
        if self.starts is not None and self.ends is not None and self.ends < self.starts:
            raise Refused(str(ENDS_BEFORE_START))
        if self.lanes not in Lanes.values and not OWN_KEY.fullmatch(self.lanes):
            raise Refused(_("There are no such lanes. Choose others."))
        unknown = [name for name in self.shows if name not in Shown.values and not OWN_KEY.fullmatch(name)]
        if unknown:
            raise Refused(_("Cards cannot show “%(name)s”. Choose something else.") % {"name": unknown[0][:40]})
        self.limits = checked_limits(self.limits)

    def _hold(self, products: list[Product], change: Change, *, seen_by: Member | None) -> None:
        """Be of exactly these products. Those out of sight of `seen_by` stay, whoever chooses."""
        if len(products) > MOST_PRODUCTS:
            raise Refused(_("A roadmap is of at most %(most)d products.") % {"most": MOST_PRODUCTS})
        links = RoadmapProduct.objects.filter(roadmap=self)
        if seen_by is not None:
            links = links.filter(product__in=Product.objects.visible_to(seen_by))
        chosen, held = {product.pk for product in products}, set(links.values_list("product", flat=True))
        if not products:
            raise Refused(_("Choose at least one product."))
        if chosen == held:
            return
        links.filter(product__in=held - chosen).delete()
        for product in sorted(chosen - held):
            RoadmapProduct.objects.get_or_create(workspace=self.workspace, roadmap=self, product_id=product)
        self.products_change = change.pk
        self.save(update_fields=["products_change"])
        self.change_id = change.pk
        self._tell(change)

    def _refuse_unseen_products(self, seen: int | None, products: list[Product]) -> None:
        if seen is None or self.products_change <= seen:
            return
        if {product.pk for product in products} != set(self.links.values_list("product", flat=True)):
            who = Change.objects.select_related("member__user").get(pk=self.products_change)
            raise Conflict("products", _("other products"), _("your choice"), who)

    # --- questions

    @staticmethod
    def kept(query: str) -> str:
        """The part of an address that filters: neither the design, nor what is said of this moment."""
        pairs = QueryDict(query.replace("\0", ""), mutable=True)
        for name in (*PASSING, *PARAMETERS, "horizon_of"):
            pairs.pop(name, None)
        return pairs.urlencode()

    @property
    def design(self) -> Design:
        return Design(self.layout, self.lanes, self.colours, self.precision, self.starts, self.ends, tuple(self.shows))

    @staticmethod
    def fields_of(design: Design) -> dict[str, Any]:
        """The values of the columns that a design is kept in."""
        return {
            "layout": design.layout, "lanes": design.lanes, "colours": design.colours, "precision": design.precision,
            "starts": design.starts, "ends": design.ends, "shows": list(design.shows),
        }  # fmt: skip

    def asked(self, query: QueryDict) -> Asked:
        """As an address asks to see it: by that alone where it says a layout or filters, else as it is kept."""
        said = self.kept(query.urlencode())
        changed = bool(said) or any(name in query for name in PARAMETERS)
        whole = QueryDict(mutable=True)
        for name, value in [] if changed else self.design.pairs():
            whole[name] = value
        for name, values in (query if changed else QueryDict(self.query)).lists():
            whole.setlist(name, values)
        for name in PASSING & query.keys():
            whole[name] = query[name]
        return Asked(Design.of(whole), whole, changed and (Design.of(whole) != self.design or said != self.query))

    @property
    def scope(self) -> str:
        """`workspace`: all who see one of its products; `team`: one team; `private`: its owner."""
        return "workspace" if self.is_shared else "team" if self.team_id else "private"

    def may_be_changed_by(self, member: Member) -> bool:
        """Its owner, and managers where it is for others too."""
        return self.owner_id == member.pk or (self.scope != "private" and member.may(Role.MANAGER))

    @staticmethod
    def refuse_scope(member: Member, *, is_shared: bool, team: Team | None) -> None:
        """Raise Refused unless `member` may keep a roadmap for these: a team that they are in, everybody as a manager."""
        if is_shared and not member.may(Role.MANAGER):
            raise Refused(_("A roadmap for everybody takes a manager. Keep it for yourself or for a team of yours."))
        if team is not None and not team.memberships.filter(member=member.pk).exists():
            raise Refused(_("You are not in this team. Choose one of yours."))


@dataclass(frozen=True)
class Asked:
    """A roadmap as an address asks to see it; `differs` from what is kept."""

    design: Design
    query: QueryDict
    differs: bool

    @property
    def to_keep(self) -> str:
        return self.query.urlencode()


#: What a duplicate takes along.
COPIED = ("layout", "lanes", "colours", "precision", "starts", "ends", "shows", "query")


def checked_limits(limits: Any) -> dict[str, int]:
    """Column → how many cards it should hold at most. Raises Refused on anything else."""
    if not isinstance(limits, dict) or len(limits) > 300:
        raise Refused(_("Limits are whole numbers by column."))
    for name, most in limits.items():
        if len(str(name)) > 40 or "\0" in str(name) or type(most) is not int or not 1 <= most <= LARGEST_LIMIT:
            raise Refused(_("A limit is a whole number from 1 to %(largest)d.") % {"largest": LARGEST_LIMIT})
    return limits


def tell_of_limits(versions: list[Any]) -> Any:
    def tell(before: Any, after: Any) -> list[tuple[str, str, str]]:
        before, after = before or {}, after or {}
        changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
        return [(_("limit"), str(before.get(name, "")), str(after.get(name, ""))) for name in changed]

    return tell


Roadmap.tellers["limits"] = tell_of_limits


class RoadmapProduct(Versioned):
    """A product that a roadmap is of."""

    role_to_change = Role.VIEWER

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    roadmap = models.ForeignKey(Roadmap, on_delete=models.CASCADE, related_name="links")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")

    objects = OwnedQuerySet.as_manager()

    class Meta(Versioned.Meta):
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["roadmap", "product"], name="roadmap_has_a_product_once"),
            SameWorkspace(field="roadmap", target="roadmap_roadmap", name="roadmapproduct_roadmap_same_workspace"),
            SameWorkspace(field="product", target="products_product", name="roadmapproduct_product_same_workspace"),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} in {self.roadmap_id}"
