from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.constraints import SameWorkspace, workspace_key
from accounts.history import history_triggers
from accounts.identity import PublicIdField
from accounts.models import Member, Workspace
from accounts.refusals import Refused
from changes.editable import refuse_backward_span
from changes.history import Teller
from changes.models import Change, DeletableManager, Version, Versioned
from config import clock
from products.models import Product
from products.models.health import HasHealth
from products.models.owned import OwnedQuerySet
from roadmap.models.release_days import days_trigger
from roadmap.models.status import Category, Status
from roadmap.plans.slips import refuse_unexplained_slip
from ui import formats

DAYS = frozenset({"starts_on", "ends_on"})


def _tell_moment(name: str) -> Teller:
    """How history tells of a moment that a verb set: by its day."""

    def tell(before: Any, after: Any) -> list[tuple[str, str, str]]:
        label = str(Release._meta.get_field(name).verbose_name)
        return [(label, _day_of(before), _day_of(after))]

    return tell


def _day_of(moment: str | None) -> str:
    return formats.day(timezone.localtime(datetime.fromisoformat(moment)).date(), date.min) if moment else ""


class Dating(models.TextChoices):
    """Where the days of a release come from."""

    SET = "set", _("Set by hand")
    ITEMS = "items", _("Computed from its items")


class Release(HasHealth):
    """A version of a product, with its dates. Dates are days, both ends included; `released_at` is when it was out.

    Its days are set by hand, or follow the items in it (see release_days). A frozen one still changes, but each change of
    its scope is listed since (see roadmap/releases/scope.py).
    """

    noun = "release"
    refusals = {"release_name_is_unique": _("This product has a release of that name. Choose another name.")}

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="releases")
    public_id = PublicIdField()
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="releases")
    name = models.CharField(_("release"), max_length=80)
    description = models.TextField(_("description"), blank=True, max_length=8000)
    lead = models.ForeignKey(
        Member, verbose_name=_("lead"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    dating = models.CharField(_("its days are"), max_length=5, choices=Dating, default=Dating.SET)
    starts_on = models.DateField(_("start"), null=True, blank=True)
    ends_on = models.DateField(_("release day"), null=True, blank=True)
    capacity = models.DecimalField(
        _("capacity"), max_digits=7, decimal_places=1, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    frozen_at = models.DateTimeField(_("frozen"), null=True, blank=True, editable=False)
    reopened_because = models.CharField(_("opened again because"), max_length=280, blank=True, editable=False)
    released_at = models.DateTimeField(_("released"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = DeletableManager.hiding(OwnedQuerySet)

    #: How history tells of columns that verbs set (see changes.history).
    tellers: ClassVar[dict[str, Any]] = {
        "frozen_at": lambda versions: _tell_moment("frozen_at"),
        "released_at": lambda versions: _tell_moment("released_at"),
        "health_at": lambda versions: lambda before, after: [],
    }

    class Meta(Versioned.Meta):
        ordering = ["ends_on", "pk"]
        triggers = [*history_triggers(), days_trigger()]
        constraints = [
            workspace_key("release_workspace_key"),
            models.UniqueConstraint(
                fields=["product", "name"], condition=models.Q(deleted_at=None), name="release_name_is_unique"
            ),
            SameWorkspace(field="product", target="products_product", name="release_product_same_workspace"),
            SameWorkspace(field="lead", target="accounts_member", name="release_lead_same_workspace"),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="release_ends_after_start"
            ),
            models.CheckConstraint(condition=models.Q(capacity__gte=0), name="release_capacity_is_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def plan(cls, product: Product, name: str, *, by: Actor | Change, **fields: Any) -> Release:
        return cls.add(product.workspace, by=by, product=product, name=name, **fields)

    def prepare(self, names: set[str], change: Change) -> None:
        super().prepare(names, change)
        if self.dating == Dating.ITEMS and self.released_at is None:
            if "dating" not in names and names & DAYS:
                raise Refused(
                    _("The days of this release follow its items. Choose “set by hand” to set them yourself.")
                )
            if self._state.adding:  # it has no items yet
                self.starts_on = self.ends_on = None
        refuse_backward_span(self.starts_on, self.ends_on)

    def refuse_unexplained(self, fields: dict[str, Any], reason: str | None) -> None:
        if "ends_on" in fields and self.released_at is None:
            refuse_unexplained_slip(self.product, self.name, self.ends_on, fields["ends_on"], reason)

    def _set(self, fields: dict[str, Any], change: Change) -> None:
        super()._set(fields, change)
        if "dating" in fields:
            self.refresh_from_db(fields=["starts_on", "ends_on"])

    @classmethod
    def following(cls, version: Version) -> frozenset[str]:
        """Computed days follow the items: undo leaves them to the trigger, unless it turns the choice itself back."""
        computed = version.state.get("dating") == Dating.ITEMS and "dating" not in version.columns
        return DAYS if computed else frozenset()

    # --- what became of it

    @property
    def is_released(self) -> bool:
        return self.released_at is not None

    @property
    def is_frozen(self) -> bool:
        return self.frozen_at is not None

    @property
    def days_follow_items(self) -> bool:
        return self.dating == Dating.ITEMS

    def ship(self, *, by: Actor | Change) -> int:
        """It is out: from now on it counts as released, and what is in build in it is shipped. Returns how many items.

        Repeating it does no harm. Items in another category stay where they are, for a person to decide.
        """
        with Change.open("release.shipped", by=by, workspace=self.workspace) as change:
            self._lock()
            self._refuse_deleted()
            shipped = self._ship_items(change)
            if self.released_at is None:
                self.released_at = change.at
                self.save(update_fields=["released_at"])
            self.change_id = change.pk
            self._tell(change)
            if shipped:
                change.tell("item", "*", product_id=self.product_id)
        return shipped

    def freeze(self, *, by: Actor | Change) -> None:
        """Its scope is agreed: what changes of it from now on is listed. Repeating it does no harm."""
        with Change.open("release.frozen", by=by, workspace=self.workspace) as change:
            self._lock()
            self._refuse_deleted()
            if self.is_released:
                raise Refused(_("This release is out: its scope cannot be frozen any more."))
            if self.frozen_at is None:
                self._note(change, frozen_at=change.at, reopened_because="")

    def unfreeze(self, reason: str, *, by: Actor | Change) -> None:
        """Its scope is open again, and why. Repeating it does no harm."""
        if not reason.strip():
            raise Refused(_("Say in a sentence why its scope is open again."))
        with Change.open("release.reopened", by=by, workspace=self.workspace, reason=reason.strip()) as change:
            self._lock()
            self._refuse_deleted()
            if self.frozen_at is not None:
                self._note(change, frozen_at=None, reopened_because=reason.strip())

    def delete_softly(self, *, by: Actor | Change) -> None:
        """To the bin; its items are not planned then. Repeating it does no harm."""
        with Change.open("release.deleted", by=by, workspace=self.workspace) as change:
            super().delete_softly(by=change)
            self._let_items_go(change)

    @classmethod
    def heal_after_undo(cls, ids: list[int], *, by: Change) -> None:
        """What was planned for one that goes away again is not planned then."""
        for release in cls.objects.with_deleted().filter(pk__in=ids).exclude(deleted_at=None):
            release._let_items_go(by)

    def _let_items_go(self, change: Change) -> None:
        if self.items.with_deleted().update(release=None):
            change.tell("item", "*", product_id=self.product_id)

    def _note(self, change: Change, **fields: Any) -> None:
        for name, value in fields.items():
            setattr(self, name, value)
        self.save(update_fields=list(fields))
        self.change_id = change.pk
        self._tell(change)

    def _ship_items(self, change: Change) -> int:
        """Set-based, so that undo turns all of it back as one change."""
        status = Status.objects.filter(workspace=self.workspace_id, category=Category.SHIPPED).first()
        if status is None:
            raise Refused(_("This workspace has no status for shipped items. Add one in its settings."))
        building = self.items.filter(status__category=Category.BUILDING)
        return building.update(status=status, shipped_at=change.at)
