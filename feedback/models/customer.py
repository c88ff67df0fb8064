from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.constraints import SameWorkspace, workspace_key
from accounts.identity import PublicIdField
from accounts.models import Member, Workspace
from accounts.refusals import Refused
from changes.editable import Editable
from changes.models import Change, DeletableManager, Versioned
from changes.writing import differing
from config import clock
from products.models import Product
from products.models.owned import OwnedQuerySet


class CustomerKind(models.TextChoices):
    COMPANY = "company", _("Company")
    CONSUMER_GROUP = "consumer_group", _("Consumer group")
    PARTNER = "partner", _("Partner")
    INTERNAL = "internal", _("Internal department")


class CustomerQuerySet(models.QuerySet["Customer"]):
    def visible_to(self, member: Member) -> CustomerQuerySet:
        """Customers are for all members; what they pay for a product follows the product (CustomerProduct)."""
        return self.filter(workspace=member.workspace_id)


class Customer(Editable):
    """Who the products are for: a company, a consumer group, a partner or an internal department."""

    noun = "customer"
    refusals = {"customer_account_key_is_unique": _("Another customer has this account key.")}

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="customers")
    public_id = PublicIdField()
    kind = models.CharField(_("kind"), max_length=14, choices=CustomerKind, default=CustomerKind.COMPANY)
    name = models.CharField(_("name"), max_length=120)
    domain = models.CharField(
        _("domain"),
        max_length=190,
        blank=True,
        validators=[
            RegexValidator(
                r"^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$",
                _("Use a domain such as example.com."),
            )
        ],
    )
    plan = models.CharField(_("plan"), max_length=60, blank=True)
    segment = models.CharField(_("segment"), max_length=60, blank=True)
    annual_revenue = models.DecimalField(
        _("annual revenue"), max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    account_key = models.CharField(
        _("account key"), max_length=120, blank=True, help_text=_("How usage events name this customer.")
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = DeletableManager.hiding(CustomerQuerySet)

    class Meta(Versioned.Meta):
        ordering = ["name", "pk"]
        constraints = [
            workspace_key("customer_workspace_key"),
            models.CheckConstraint(condition=Q(annual_revenue__gte=0), name="customer_revenue_is_not_negative"),
            models.UniqueConstraint(
                fields=["workspace", "account_key"],
                condition=~Q(account_key="") & Q(deleted_at=None),
                name="customer_account_key_is_unique",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "name", "id"], name="customer_by_name"),
            models.Index(fields=["workspace", "domain"], name="customer_by_domain", condition=~Q(domain="")),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def named(cls, workspace: Workspace, name: str, *, by: Actor | Change) -> Customer:
        """The customer of that name, whatever its case; a new one when there is none."""
        known = cls.objects.filter(workspace=workspace, name__iexact=name).first()
        return known or cls.add(workspace, name=name, by=by)

    @classmethod
    def of_address(cls, workspace: Workspace, email: str) -> Customer | None:
        """The one customer with the address's domain; None where none or several have it."""
        domain = email.rpartition("@")[2].lower()
        found = list(cls.objects.filter(workspace=workspace, domain=domain)[:2]) if domain else []
        return found[0] if len(found) == 1 else None

    def pays(
        self,
        product: Product,
        annual_revenue: Decimal | int,
        starts_on: date | None = None,
        ends_on: date | None = None,
        *,
        by: Actor | Change,
    ) -> CustomerProduct:
        """What the customer pays a year for `product`, and from when to when. Raises Refused on crossed dates."""
        if starts_on and ends_on and ends_on < starts_on:
            raise Refused(_("The contract ends before it starts. Choose an end on or after the start."))
        terms = {"annual_revenue": annual_revenue, "starts_on": starts_on, "ends_on": ends_on}
        with Change.open("customer.contract_set", by=by, workspace=self.workspace) as change:
            known = CustomerProduct.objects.select_for_update().filter(customer=self, product=product).first()
            if known is not None and not differing(known, terms):
                return known
            contract, _created = CustomerProduct.objects.update_or_create(
                customer=self, product=product, defaults={"workspace": self.workspace, **terms}
            )
            contract.change_id = change.pk
            change.tell("customer", self.public_id, product_id=product.pk)
        return contract


class CustomerProduct(Versioned):
    """What a customer pays a year for one product, and the days of the contract, both included."""

    told_as = "customer"

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    public_id = PublicIdField()
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contracts")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="contracts")
    annual_revenue = models.DecimalField(
        _("annual revenue"), max_digits=14, decimal_places=2, default=Decimal(0), validators=[MinValueValidator(0)]
    )
    starts_on = models.DateField(_("contract from"), null=True, blank=True)
    ends_on = models.DateField(_("contract until"), null=True, blank=True)

    objects = OwnedQuerySet.as_manager()

    class Meta(Versioned.Meta):
        ordering = ["-annual_revenue", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["customer", "product"], name="customer_once_per_product"),
            models.CheckConstraint(condition=Q(annual_revenue__gte=0), name="contract_revenue_is_not_negative"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="contract_ends_after_start"),
            SameWorkspace(field="customer", target="feedback_customer", name="contract_customer_same_workspace"),
            SameWorkspace(field="product", target="products_product", name="contract_product_same_workspace"),
        ]

    def __str__(self) -> str:
        return f"{self.customer}: {self.product}"

    def edit(self, *, by: Actor | Change, seen: int | None = None, **fields: Any) -> None:
        """Set what is paid or the days. The customer and the product stay."""
        now = {name: getattr(self, name) for name in ("annual_revenue", "starts_on", "ends_on")}
        changed = self.customer.pays(self.product, **{**now, **fields}, by=by)
        self.refresh_from_db()
        self.change_id = changed.change_id

    def end(self, *, by: Actor | Change) -> None:
        """Take the contract away, as if it had never been noted. Repeating it does no harm."""
        with Change.open("customer.contract_removed", by=by, workspace=self.workspace) as change:
            CustomerProduct.objects.filter(pk=self.pk).delete()
            change.tell("customer", self.customer.public_id, product_id=self.product_id)
