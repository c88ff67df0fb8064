from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.constraints import SameWorkspace, workspace_key
from accounts.history import Versioned
from accounts.identity import PublicIdField
from accounts.models import Member, Workspace
from accounts.prepared import Prepared
from accounts.roles import Role
from changes.models import Change
from feedback.models.contact import Contact
from feedback.models.customer import Customer
from products.models import Product


class PortalAccess(models.TextChoices):
    CLOSED = "closed", _("Closed: nobody outside the workspace sees it")
    PRIVATE = "private", _("Private: only your customers and their contacts, after they sign in")
    PUBLIC = "public", _("Public: everybody reads, who signs in posts and votes")


class PortalQuerySet(models.QuerySet["Portal"]):
    def visible_to(self, member: Member) -> PortalQuerySet:
        return self.filter(workspace=member.workspace_id)

    def public(self) -> PortalQuerySet:
        """Portals that answer people from outside: opened by an admin, of a workspace that is still there."""
        return self.exclude(access=PortalAccess.CLOSED).filter(workspace__deleted_at=None)


class Portal(Versioned):
    """The workspace's ideas page. Closed until an admin opens it."""

    role_to_change = Role.ADMIN

    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, related_name="portal")
    public_id = PublicIdField()
    access = models.CharField(_("access"), max_length=7, choices=PortalAccess, default=PortalAccess.CLOSED)
    title = models.CharField(_("title"), max_length=120)
    intro = models.CharField(_("introduction"), max_length=400, blank=True)

    objects = PortalQuerySet.as_manager()

    class Meta(Versioned.Meta):
        constraints = [workspace_key("portal_workspace_key")]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def of(cls, workspace: Workspace) -> Portal:
        """The workspace's portal; a closed one that is not yet stored where it has none."""
        stored: Portal | None = OF_WORKSPACE.first(workspace)
        return stored or cls(workspace=workspace, title=str(_("What should we build next?")))

    @classmethod
    def at(cls, slug: str) -> Portal | None:
        """The portal that people from outside find at the workspace of this address, with the workspace."""
        found: Portal | None = AT_SLUG.first(slug)
        return found

    def set_up(self, *, access: str, title: str, intro: str, products: Iterable[Product], by: Actor | Change) -> None:
        """Open, close or change the portal. Ideas for other products than `products` are not shown there."""
        chosen = list(products)
        with Change.open("portal.set_up", by=by, workspace=self.workspace) as change:
            self.access, self.title, self.intro = access, title, intro
            self.save()
            self.shown_products.exclude(product__in=chosen).delete()
            for product in chosen:
                PortalProduct.objects.get_or_create(workspace=self.workspace, portal=self, product=product)
            self.change_id = change.pk
            change.tell("portal", self.public_id)

    @property
    def is_open(self) -> bool:
        return self.access != PortalAccess.CLOSED

    @property
    def is_public(self) -> bool:
        return self.access == PortalAccess.PUBLIC

    def products(self) -> models.QuerySet[Product]:
        """The products whose ideas and statuses people from outside may see."""
        return Product.objects.filter(portal_links__portal=self)

    def admits(self, email: str) -> bool:
        """Whether the owner of this address may sign in: anybody where it is public, else who is a customer's.

        A contact of no customer is whoever came in while it was public.
        """
        if not self.is_open:
            return False
        if self.is_public:
            return True
        known = Contact.objects.filter(
            workspace=self.workspace_id, email__iexact=email.strip(), customer__isnull=False, customer__deleted_at=None
        )
        return known.exists() or Customer.of_address(self.workspace, email) is not None


OF_WORKSPACE = Prepared(
    lambda workspace: Portal.objects.filter(workspace=workspace).select_related("workspace").order_by("pk")[:1]
)
AT_SLUG = Prepared(lambda slug: Portal.objects.public().select_related("workspace").filter(workspace__slug=slug))


class PortalProduct(Versioned):
    """A product whose ideas the portal shows."""

    role_to_change = Role.ADMIN

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    portal = models.ForeignKey(Portal, on_delete=models.CASCADE, related_name="shown_products")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="portal_links")

    class Meta(Versioned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["portal", "product"], name="product_once_in_portal"),
            SameWorkspace(field="portal", target="feedback_portal", name="portalproduct_portal_same_workspace"),
            SameWorkspace(field="product", target="products_product", name="portalproduct_product_same_workspace"),
        ]

    def __str__(self) -> str:
        return f"{self.portal}: {self.product}"
