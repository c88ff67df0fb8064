from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.constraints import SameWorkspace
from accounts.identity import PublicIdField
from accounts.models import Member, Workspace
from accounts.refusals import Refused
from accounts.roles import Role
from changes.editable import Editable
from changes.models import Change, DeletableManager, Versioned
from changes.past import end_of
from config import clock
from products.models import Product
from products.models.owned import OwnedQuerySet
from roadmap.models.roadmap import Roadmap
from ui import formats

#: There are no plans before.
EARLIEST = date(2000, 1, 1)


class BaselineQuerySet(OwnedQuerySet):
    def visible_to(self, member: Member) -> BaselineQuerySet:
        """Those of products and of kept roadmaps that `member` sees, and those of the portfolio."""
        seen = Roadmap.objects.visible_to(member)
        return super().visible_to(member).filter(Q(roadmap=None) | Q(roadmap__in=seen))

    def at(self, place: Product | Roadmap | Workspace) -> BaselineQuerySet:
        """Those of one roadmap: a product's, a kept one, or the portfolio's."""
        return self.filter(workspace=_workspace_of(place), **_columns_of(place))


class Baseline(Editable):
    """A moment with a name, such as “Q3 plan”: what plans looked like then, read from history whenever it is wanted. It belongs to a product, to a
    kept roadmap, or, without either, to the roadmap of the portfolio."""

    noun = "baseline"
    role_to_change = Role.VIEWER  # of each kind another one decides: see require_undo
    refusals = {
        "baseline_name_is_unique": _("This product has a baseline of that name. Choose another name."),
        "baseline_of_roadmap_is_unique": _("This roadmap has a baseline of that name. Choose another name."),
        "baseline_of_portfolio_is_unique": _("The portfolio has a baseline of that name. Choose another name."),
    }

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    public_id = PublicIdField()
    product = models.ForeignKey(
        Product, null=True, blank=True, editable=False, on_delete=models.CASCADE, related_name="baselines"
    )
    roadmap = models.ForeignKey(
        Roadmap, null=True, blank=True, editable=False, on_delete=models.CASCADE, related_name="baselines"
    )
    name = models.CharField(_("baseline"), max_length=80)
    moment = models.DateTimeField(_("moment"), editable=False)
    made_by = models.ForeignKey(
        Member, verbose_name=_("made by"), null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = DeletableManager.hiding(BaselineQuerySet)

    class Meta(Versioned.Meta):
        ordering = ["moment", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "name"], condition=Q(deleted_at=None), name="baseline_name_is_unique"
            ),
            models.UniqueConstraint(
                fields=["roadmap", "name"], condition=Q(deleted_at=None), name="baseline_of_roadmap_is_unique"
            ),
            models.UniqueConstraint(
                fields=["workspace", "name"],
                condition=Q(deleted_at=None, product=None, roadmap=None),
                name="baseline_of_portfolio_is_unique",
            ),
            models.CheckConstraint(condition=Q(product=None) | Q(roadmap=None), name="baseline_is_of_one_roadmap"),
            SameWorkspace(field="roadmap", target="roadmap_roadmap", name="baseline_roadmap_same_workspace"),
            SameWorkspace(field="product", target="products_product", name="baseline_product_same_workspace"),
            SameWorkspace(field="made_by", target="accounts_member", name="baseline_made_by_same_workspace"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def day(self) -> date:
        return self.moment.astimezone(self.workspace.zone).date()

    @property
    def place(self) -> Product | Roadmap | Workspace:
        """Whose it is."""
        return self.product or self.roadmap or self.workspace

    @classmethod
    def require_undo(cls, change: Change, ids: list[int], before: Any, member: Member) -> None:
        """See changes.undo.require_undo_right: what makes one may turn it back."""
        states = change.versions.filter(noun=cls._meta.db_table).values_list("state", flat=True)
        places = {(state["product_id"], state.get("roadmap_id")) for state in states}
        for product, roadmap in places:
            place: Product | Roadmap | Workspace | None = member.workspace
            if product is not None:
                place = Product.objects.visible_to(member).filter(pk=product).first()
            elif roadmap is not None:
                place = Roadmap.objects.visible_to(member).filter(pk=roadmap).first()
            if place is None:
                raise Http404
            if not may_keep(member, place):
                raise PermissionDenied

    @classmethod
    def blank(cls, place: Product | Roadmap | Workspace) -> Baseline:
        """One that is not there yet, for a form."""
        return cls(workspace=_workspace_of(place), **_columns_of(place))

    @classmethod
    def keep(
        cls, place: Product | Roadmap | Workspace, name: str, *, by: Actor | Change, day: date | None = None
    ) -> Baseline:
        """Name the end of a past day; today or no day is this very moment. `place` is whose roadmap: a workspace's is that of its portfolio.
        Raises Refused for a day to come."""
        workspace = _workspace_of(place)
        with Change.open("baseline.added", by=by, workspace=workspace) as change:
            made: Baseline = cls.add(
                workspace, by=change, name=name, moment=_moment_of(day, workspace, change.at), made_by=change.member,
                **_columns_of(place),
            )  # fmt: skip
        return made

    def edit(self, *, by: Actor | Change, seen: int | None = None, reason: str | None = None, **fields: Any) -> int:
        """Rename it, or give it another `day`."""
        if "day" in fields:
            fields["moment"] = _moment_of(fields.pop("day"), self.workspace, clock.now())
        return super().edit(by=by, seen=seen, reason=reason, **fields)


def may_keep(member: Member, place: Product | Roadmap | Workspace) -> bool:
    """Who names moments of a roadmap: managers of the product, whoever may change the kept one, managers of the workspace for its portfolio."""
    if isinstance(place, Roadmap):
        return place.may_be_changed_by(member)
    return member.may(Role.MANAGER, at=place if isinstance(place, Product) else None)


def _workspace_of(place: Product | Roadmap | Workspace) -> Workspace:
    return place if isinstance(place, Workspace) else place.workspace


def _columns_of(place: Product | Roadmap | Workspace) -> dict[str, Any]:
    return {
        "product": place if isinstance(place, Product) else None,
        "roadmap": place if isinstance(place, Roadmap) else None,
    }


def _moment_of(day: date | None, workspace: Workspace, now: datetime) -> datetime:
    today = workspace.today()
    if day is not None and day > today:
        raise Refused(_now("A baseline is of today or of a day that is past. Choose one of these."))
    if day is not None and day < EARLIEST:
        raise Refused(_now("There is nothing before %(day)s.") % {"day": formats.day(EARLIEST, today)})
    return now if day is None or day == today else end_of(day, workspace.zone)
