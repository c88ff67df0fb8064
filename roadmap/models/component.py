from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.constraints import SameWorkspace, workspace_key
from accounts.identity import PublicIdField
from accounts.models import Member, Workspace
from accounts.refusals import Refused
from changes.editable import Editable
from changes.models import Change, DeletableManager, Versioned
from config import clock
from products.models import Product
from products.models.owned import OwnedQuerySet, refuse_foreign


class ComponentQuerySet(OwnedQuerySet):
    def offered(self) -> ComponentQuerySet:
        """Those that items can be given."""
        return self.filter(archived_at=None)

    def with_sizes(self) -> ComponentQuerySet:
        """Each carries `size`: how many items have it."""
        sized = self.annotate(size=models.Count("items", filter=models.Q(items__deleted_at=None)))
        return sized.order_by(Lower("name"), "pk")  # what is counted has no order of its own


class Component(Editable):
    """A named part of a product that its items belong to: an app, a service, a device.

    One that is not needed any more is deleted; where items have it, it is archived: they keep it, no other item gets it.
    """

    noun = "component"
    refusals = {"component_name_is_unique": _("This product has a component of that name. Choose another name.")}

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    public_id = PublicIdField()
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="components")
    name = models.CharField(_("component"), max_length=80)
    lead = models.ForeignKey(
        Member, verbose_name=_("lead"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    archived_at = models.DateTimeField(_("archived"), null=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = DeletableManager.hiding(ComponentQuerySet)

    class Meta(Versioned.Meta):
        ordering = [Lower("name"), "pk"]
        constraints = [
            workspace_key("component_workspace_key"),
            models.UniqueConstraint(
                "product", Lower("name"), condition=models.Q(deleted_at=None), name="component_name_is_unique"
            ),
            SameWorkspace(field="product", target="products_product", name="component_product_same_workspace"),
            SameWorkspace(field="lead", target="accounts_member", name="component_lead_same_workspace"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    def remove(self, *, by: Actor | Change, to: Component | None = None) -> None:
        """Away. Its items get `to`; without one they keep it and it is archived, and deleted where there are none.

        Repeating it does no harm.
        """
        with Change.open("component.removed", by=by, workspace=self.workspace) as change:
            self._lock()
            if self.deleted_at is not None:
                return
            if to is not None:
                self._hand_items_to(to, change)
            used = self.items.with_deleted().exists()
            if used and self.archived_at is None:
                self.archived_at = change.at
                self.save(update_fields=["archived_at"])
                self.change_id = change.pk
                self._tell(change)
            elif not used:
                super().delete_softly(by=change)

    def delete_softly(self, *, by: Actor | Change) -> None:
        self.remove(by=by)

    def take_up(self, *, by: Actor | Change) -> None:
        """Items can be given it again. Repeating it does no harm."""
        self.edit(by=by, archived_at=None)

    def _hand_items_to(self, to: Component, change: Change) -> None:
        if to.pk == self.pk:
            raise Refused(_("Choose another component for its items."))
        refuse_foreign(self, to)
        moved = self.items.with_deleted().update(component=to)
        self.refuse_unusable(to.pk)
        if moved:
            change.tell("item", "*", product_id=self.product_id)

    @classmethod
    def refuse_unusable(cls, pk: int | None, *, archived: bool = False) -> None:
        """Ask it after items were written with this component: that waited for whoever is removing it.

        One that is `archived` will do where somebody only says how things were elsewhere.
        """
        if pk is None:
            return
        rows = cls.objects.filter(pk=pk)
        if not (rows if archived else rows.offered()).exists():
            raise Refused(_("This component was removed or archived in the meantime. Choose another one."))

    @classmethod
    def heal_after_undo(cls, ids: list[int], *, by: Change) -> None:
        """One that would go away with items that got it since stays."""
        for row in cls.objects.with_deleted().filter(pk__in=ids).exclude(deleted_at=None):
            if row.items.exists():
                raise Refused(_("This cannot be undone: items have the component by now. Remove it instead."))

    def prepare(self, names: set[str], change: Change) -> None:
        self.name = " ".join(self.name.split())


def components_named(product: Product) -> dict[str, Component]:
    """A product's components by their names in small letters."""
    return {row.name.casefold(): row for row in Component.objects.of(product)}
