from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

from django.core.validators import MaxValueValidator, RegexValidator
from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.constraints import SameWorkspace, workspace_key
from accounts.models import Member, Team, TeamMember, Workspace
from accounts.models.member import MemberQuerySet
from accounts.prepared import Prepared
from accounts.roles import Role
from changes import live
from changes.models import Change, DeletableManager, Versioned
from config import clock
from products import introducing
from products.models.health import HasHealth
from products.models.line import ProductLine


class Stage(models.TextChoices):
    INNOVATION = "innovation", _("Innovation")
    ANALYSIS = "analysis", _("Analysis")
    DEVELOPMENT = "development", _("Development")
    GO_TO_MARKET = "go_to_market", _("Go-to-market")
    IN_LIFE = "in_life", _("In-life")
    END_OF_LIFE = "end_of_life", _("End-of-life")


class Kind(models.TextChoices):
    SOFTWARE = "software", _("Software")
    PHYSICAL = "physical", _("Physical")
    SERVICE = "service", _("Service")


class Access(models.TextChoices):
    WORKSPACE = "workspace", _("Everybody in the workspace")
    TEAMS = "teams", _("Only its teams")


class SeenProduct(NamedTuple):
    """What the frame of a page needs of each product that a member sees."""

    pk: int
    key: str
    name: str
    stage: str


def seen_products(member: Member) -> list[SeenProduct]:
    """The products that `member` sees, by name. Asked once while a request reads."""
    memory = member.memory if member.memory is not None else {}
    if "products" not in memory:
        memory["products"] = [SeenProduct._make(row) for row in SEEN_PRODUCTS.rows(member)]
    found: list[SeenProduct] = memory["products"]
    return found


class ProductQuerySet(models.QuerySet["Product"]):
    def visible_to(self, member: Member) -> ProductQuerySet:
        """Outside its teams a limited product does not exist; admins and owners see all."""
        products = self.filter(workspace=member.workspace_id)
        if member.may(Role.ADMIN):
            return products
        own_teams = TeamMember.objects.filter(member=member, team__product_links__product=OuterRef("pk"))
        return products.filter(Q(access=Access.WORKSPACE) | Exists(own_teams))

    def seen_by_outer_member(self) -> ProductQuerySet:
        """What visible_to says, within a statement that reads members: what the member of its row sees."""
        own_teams = TeamMember.objects.filter(
            member=OuterRef(OuterRef("pk")), team__product_links__product=OuterRef("pk")
        )
        sees_all = Q(GreaterThanOrEqual(OuterRef("role"), Role.ADMIN))
        products = self.filter(workspace=OuterRef("workspace"))
        return products.filter(Q(access=Access.WORKSPACE) | sees_all | Exists(own_teams))

    def seen_by(self, member: Member) -> list[SeenProduct]:
        return seen_products(member)

    def remember_seen(self, member: Member, products: Sequence[Any]) -> None:
        """All that `member` sees were read, by name, with what SeenProduct has: the frame needs not ask again while a request reads."""
        if member.memory is not None:
            seen = [SeenProduct(one.pk, one.key, one.name, one.stage) for one in products]
            member.memory.setdefault("products", seen)

    def seen_through(self, member: Member, field: str = "product") -> Q:
        """The condition that `field` leads to a product that `member` sees.

        While a request reads, this is a list of ids: the planner needs a tenth of the time that a subquery costs, and so
        does the composing of the statement.
        """
        if member.memory is None:
            return Q(**{f"{field}__in": self.visible_to(member).values("pk")})
        return Q(**{f"{field}__among": [product.pk for product in seen_products(member)]})

    def with_role_of(self, member: Member) -> ProductQuerySet:
        """Each product carries the role it gives to `member` (see role_given_to), without another query."""
        given = ProductRole.objects.filter(product=OuterRef("pk"), member=member).values("role")
        return self.annotate(own_role=Subquery(given[:1]))

    def changeable_by(self, member: Member, role: Role) -> ProductQuerySet:
        """Visible products at which the role that holds for `member` reaches `role`."""
        visible = self.filter(self.seen_through(member, "pk")) if member.memory is not None else self.visible_to(member)
        return visible.reached_by(member, role)

    def reached_by(self, member: Member, role: Role) -> ProductQuerySet:
        """Those at which the role that holds for `member` reaches `role`; whether they are visible is asked elsewhere."""
        if member.may(Role.ADMIN):
            return self
        given = ProductRole.objects.filter(product=OuterRef("pk"), member=member)
        enough = Q(Exists(given.filter(role__gte=role)))
        return self.filter(enough | ~Exists(given) if member.may(role) else enough)


class Product(HasHealth):
    """Something that a team looks after, from the first idea to withdrawal."""

    noun = "product"
    refusals = {"product_key_is_unique": _("This key is taken in your workspace. Choose another one.")}

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="products")
    line = models.ForeignKey(
        ProductLine,
        verbose_name=_("product line"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="products",
    )
    key = models.CharField(
        _("key"),
        max_length=10,
        validators=[
            RegexValidator(
                r"^[A-Z][A-Z0-9]{1,9}$", _("Use 2 to 10 capital letters and digits, a letter first, such as DSP.")
            )
        ],
    )
    name = models.CharField(_("name"), max_length=80)
    tagline = models.CharField(_("in a line"), max_length=160, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.SOFTWARE)
    lead = models.ForeignKey(
        Member, verbose_name=_("lead"), null=True, blank=True, on_delete=models.SET_NULL, related_name="leads_products"
    )
    vision = models.TextField(_("vision"), blank=True, max_length=4000)
    positioning = models.TextField(_("positioning"), blank=True, max_length=8000)
    business_model = models.TextField(_("business model"), blank=True, max_length=8000)
    stage = models.CharField(
        _("stage"), max_length=16, choices=Stage, default=Stage.INNOVATION, editable=False,
        help_text=_("A copy of the furthest active stage; the verbs of the lifecycle alone write it."),
    )  # fmt: skip
    access = models.CharField(_("access"), max_length=10, choices=Access, default=Access.WORKSPACE)
    slip_days = models.PositiveSmallIntegerField(
        _("days that a plan may slip without a reason"), null=True, blank=True, validators=[MaxValueValidator(730)],
        help_text=_("Whoever moves a planned end later by more is asked why. Left empty, the workspace's number holds."),
    )  # fmt: skip
    is_sample = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = DeletableManager.hiding(ProductQuerySet)

    class Meta(Versioned.Meta):
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "key"], name="product_key_is_unique"),
            workspace_key("product_workspace_key"),
            SameWorkspace(field="line", target="products_productline", name="product_line_same_workspace"),
            SameWorkspace(field="lead", target="accounts_member", name="product_lead_same_workspace"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def introduce(cls, workspace: Workspace, key: str, name: str, *, by: Actor | Change, **fields: Any) -> Product:
        """A new product, in Innovation, with all that apps to the right give one. Raises Refused when the key is taken."""
        with Change.open("product.introduced", by=by, workspace=workspace) as change:
            product = cls.add(workspace, by=change, key=key, name=name, **fields)
            ItemCounter.objects.create(product=product)
            for equip in introducing.on_introduced:
                equip(product, by=change)
        return product

    def limit_to(self, teams: list[Team], *, by: Actor | Change) -> None:
        """Only members of `teams` (and admins) see the product from now on; an empty list opens it to all."""
        with Change.open("product.access_changed", by=by, workspace=self.workspace) as change:
            self.team_links.exclude(team__in=teams).delete()
            for team in teams:
                ProductTeam.objects.get_or_create(workspace=self.workspace, product=self, team=team)
            self.access = Access.TEAMS if teams else Access.WORKSPACE
            self.save(update_fields=["access"])
            change.tell("product", self.key, product_id=self.pk)
            transaction.on_commit(partial(live.close_streams_of_workspace, self.workspace_id))

    def give_role(self, member: Member, role: Role | None, *, by: Actor | Change) -> None:
        """Another role for `member` at this product; None takes it away, so that the workspace's role holds again."""
        with Change.open("product.role_changed", by=by, workspace=self.workspace):
            member.close_streams()
            if role is None:
                self.roles.filter(member=member).delete()
            else:
                ProductRole.objects.update_or_create(
                    product=self, member=member, defaults={"workspace": self.workspace, "role": role}
                )

    @staticmethod
    def forget_role_of(member: Member, *, by: Change) -> None:
        """A removed member loses the roles that products gave to them alone; `by` is the removal's Change."""
        ProductRole.objects.filter(member=member).delete()

    def restore(self, *, by: Actor | Change) -> None:
        """Back from the bin. Repeating it does no harm."""
        with Change.open("product.restored", by=by, workspace=self.workspace) as change:
            self._lock()
            self.deleted_at = None
            self.save(update_fields=["deleted_at"])
            self._tell(change)

    def take_stage(self, stage: str, *, by: Change) -> None:
        """Copy the furthest active stage. For the verbs of the lifecycle alone."""
        if self.stage != stage:
            self.stage = stage
            self.save(update_fields=["stage"])
            self._tell(by)

    def seen_by(self) -> MemberQuerySet:
        """The current members for whom this product exists."""
        members = Member.objects.filter(workspace=self.workspace_id).current()
        if self.access == Access.WORKSPACE:
            return members
        in_teams = TeamMember.objects.filter(member=OuterRef("pk"), team__product_links__product=self)
        return members.filter(Q(role__gte=Role.ADMIN) | Exists(in_teams))

    def role_given_to(self, member: Member) -> Role | None:
        """The role that this product gives to `member`, or None when the workspace's role holds."""
        if "own_role" not in self.__dict__:
            given = self.roles.filter(member=member).values_list("role", flat=True).first()
            return Role(given) if given else None
        return Role(self.own_role) if self.own_role else None

    def _tell(self, change: Change) -> None:
        """Its own channel hears its key; the workspace's only that some product changed, and of a limited one nothing."""
        change.tell(self.noun, self.key, product_id=self.pk)
        if self.access == Access.WORKSPACE:
            change.tell(self.noun, "*")

    @property
    def tile(self) -> str:
        """The two letters on the product's tile."""
        return self.name[:2].capitalize()


SEEN_PRODUCTS = Prepared(
    lambda member: Product.objects.visible_to(member).order_by("name", "pk").values_list(*SeenProduct._fields)
)


class ItemCounter(models.Model):
    """The last item number given out for a product. A row of its own, so that counting does not touch the product."""

    product = models.OneToOneField(Product, primary_key=True, on_delete=models.CASCADE, related_name="item_counter")
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.product_id}: {self.last}"

    @classmethod
    def draw(cls, product: Product, count: int) -> int:
        """The last number given out before; the next `count` are the caller's. Holds the product's counter until the end of
        the transaction."""
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE products_itemcounter SET last = last + %s WHERE product_id = %s RETURNING last - %s",
                [count, product.pk, count],
            )
            return int(cursor.fetchone()[0])

    @classmethod
    def hold_all(cls, workspace: int) -> None:
        """No item is added in the workspace until the transaction ends. Before any other lock: whoever adds one holds its counter first."""
        list(cls.objects.filter(product__workspace=workspace).order_by("pk").select_for_update(of=("self",)))


class ProductTeam(Versioned):
    """A team that looks after a product; it matters for access when the product is limited to its teams."""

    undoable = False

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="team_links")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="product_links")

    class Meta(Versioned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["product", "team"], name="team_once_per_product"),
            SameWorkspace(field="product", target="products_product", name="productteam_product_same_workspace"),
            SameWorkspace(field="team", target="accounts_team", name="productteam_team_same_workspace"),
        ]

    def __str__(self) -> str:
        return f"{self.team} at {self.product}"


class ProductRole(Versioned):
    """The role that a product gives to one member for itself, higher or lower than the workspace's."""

    undoable = False

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="roles")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="product_roles")
    role = models.PositiveSmallIntegerField(_("role"), choices=[c for c in Role.choices if c[0] <= Role.MANAGER])

    class Meta(Versioned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["product", "member"], name="one_role_per_product"),
            SameWorkspace(field="product", target="products_product", name="productrole_product_same_workspace"),
            SameWorkspace(field="member", target="accounts_member", name="productrole_member_same_workspace"),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.get_role_display()} at {self.product}"
