from __future__ import annotations

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.actors import Actor
from accounts.constraints import workspace_key
from accounts.history import history_triggers
from accounts.identity import PublicIdField
from accounts.models import Member, Workspace
from accounts.refusals import Refused
from accounts.roles import Role
from changes.editable import Editable
from changes.models import Change, DeletableManager, Versioned
from config import clock
from products.models.product import ItemCounter
from roadmap.models.kept_filters import follow_removal
from roadmap.models.release_days import dropped_days_trigger


class Category(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    SHAPING = "shaping", _("Shaping")
    READY = "ready", _("Ready")
    BUILDING = "building", _("Building")
    SHIPPED = "shipped", _("Shipped")
    DROPPED = "dropped", _("Dropped")


ORDER = {category.value: number for number, category in enumerate(Category)}

#: name, category, what customers are shown
DEFAULTS = [
    (_("Idea"), Category.PROPOSED, _("Under review")),
    (_("Shaping"), Category.SHAPING, _("Under review")),
    (_("Ready"), Category.READY, _("Planned")),
    (_("In build"), Category.BUILDING, _("In progress")),
    (_("In review"), Category.BUILDING, _("In progress")),
    (_("Shipped"), Category.SHIPPED, _("Shipped")),
    (_("Won't do"), Category.DROPPED, _("Not now")),
]


MOST = 40


class StatusQuerySet(models.QuerySet["Status"]):
    def visible_to(self, member: Member) -> StatusQuerySet:
        return self.filter(workspace=member.workspace_id)

    def with_sizes(self) -> StatusQuerySet:
        """Each status carries `size`: how many items are in it, whoever may see them."""
        sized = self.annotate(size=models.Count("items", filter=models.Q(items__deleted_at=None)))
        return sized.order_by("position", "pk")  # what is counted has no order of its own


class StatusInUse(Refused):
    """A status with items is removed only when they are given another."""

    def __init__(self, size: int) -> None:
        sentence = ngettext(
            "%(n)d item is in this status. Choose the status that it gets.",
            "%(n)d items are in this status. Choose the status that they get.",
            size,
        )
        super().__init__(sentence % {"n": size})


class Status(Editable):
    """A workspace-defined state of an item, in one category, with the name that customers see.

    `position` is the place among all statuses of the workspace: categories follow one another, and within one the
    workspace decides. Verbs keep positions without gaps. `leads_to` holds the public ids of the statuses that may follow;
    empty means any.
    """

    role_to_change = Role.ADMIN
    noun = "status"
    refusals = {"status_name_is_unique": _("There is a status of this name already. Choose another name.")}

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="statuses")
    public_id = PublicIdField()
    name = models.CharField(_("name"), max_length=40)
    category = models.CharField(_("category"), max_length=10, choices=Category)
    public_name = models.CharField(_("public name"), max_length=40)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    leads_to = ArrayField(models.CharField(max_length=22), verbose_name=_("from here to"), default=list, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = DeletableManager.hiding(StatusQuerySet)

    class Meta(Versioned.Meta):
        ordering = ["position", "pk"]
        triggers = [*history_triggers(), dropped_days_trigger()]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "name"], condition=models.Q(deleted_at=None), name="status_name_is_unique"
            ),
            workspace_key("status_workspace_key"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def refuse_removed(cls, *ids: int) -> None:
        """Ask it after items were written with these statuses, or under their counter: that waited for whoever is removing one."""
        if cls.objects.filter(pk__in=ids).count() < len(set(ids)):
            raise Refused(_("This status was removed in the meantime. Choose another one."))

    def may_become(self, other: Status) -> bool:
        """Whether an item may go from this status to the other one."""
        return not self.leads_to or other.pk == self.pk or other.public_id in self.leads_to

    def refuse_step(self, other: Status) -> None:
        """Raises Refused, naming where an item may go from here, when `other` is none of it."""
        if self.may_become(other):
            return
        names = Status.objects.filter(workspace=self.workspace_id, public_id__in=self.leads_to)
        told = {"here": self.name, "there": other.name, "allowed": ", ".join(one.name for one in names)}
        raise Refused(_("From “%(here)s” an item does not go to “%(there)s”, only to: %(allowed)s.") % told)

    @classmethod
    def install_defaults(cls, workspace: Workspace, *, by: Change) -> None:
        """The seven statuses that a new workspace starts with."""
        cls.objects.bulk_create(
            cls(workspace=workspace, name=str(name), category=category, public_name=str(public), position=position)
            for position, (name, category, public) in enumerate(DEFAULTS)
        )

    @classmethod
    def add(cls, workspace: Workspace, *, by: Actor | Change, **fields: Any) -> Self:
        """A new status, the last of its category unless `position` says otherwise."""
        with Change.open("status.added", by=by, workspace=workspace) as change:
            known = _locked(workspace.pk)
            if len(known) >= MOST:
                raise Refused(_("A workspace has up to %(n)d statuses. Remove one that is not needed.") % {"n": MOST})
            _refuse_unknown(fields.get("leads_to", []), known)
            status = super().add(workspace, by=change, **{"position": len(known), **fields})
            status._take_place(fields.get("position", len(known)))
        return status

    def edit(self, *, by: Actor | Change, seen: int | None = None, **fields: Any) -> int:
        """Set fields. Items go along when the category changes: what counts as shipped has a day on which it was."""
        with Change.open("status.edited", by=by, workspace=self.workspace) as change:
            known = _locked(self.workspace_id)
            before = {one.pk: one.category for one in known}
            _refuse_unknown(fields.get("leads_to", []), known)
            super().edit(by=change, seen=seen, **fields)
            if self.category != before[self.pk]:
                _follow(self.items.with_deleted(), self.category, change)
            if "position" in fields or self.category != before[self.pk]:
                self._take_place(self.position)
        return change.pk or 0

    def remove(self, *, by: Actor | Change, to: Status | None = None) -> int:
        """To the bin; its items get the status `to`, and what is kept filters by that. Returns how many items. Repeating it does no harm.

        Until it is done no items are added in the workspace: they might be in this status.
        Raises StatusInUse when there are items and no `to`, Refused for the last status of the workspace.
        """
        with Change.open("status.removed", by=by, workspace=self.workspace) as change:
            ItemCounter.hold_all(self.workspace_id)
            left = [one for one in _locked(self.workspace_id) if one.pk != self.pk]
            self._lock()
            if self.deleted_at is not None:
                return 0
            if not left:
                raise Refused(_("This is the only status. Add another one first."))
            moved = self._hand_items_to(to if to in left else None, change)
            super().delete_softly(by=change)
            for other in left:
                if self.public_id in other.leads_to:
                    other.leads_to = [one for one in other.leads_to if one != self.public_id]
                    other.save(update_fields=["leads_to"])
            _number(left)
        return moved

    def delete_softly(self, *, by: Actor | Change) -> None:
        self.remove(by=by)

    @classmethod
    def heal_after_undo(cls, ids: list[int], *, by: Change) -> None:
        """Positions without gaps again; a status that would go away with its items stays."""
        for status in cls.objects.with_deleted().filter(pk__in=ids).exclude(deleted_at=None):
            size = status.items.count()
            if size:
                raise StatusInUse(size)
        for workspace in {status.workspace_id for status in cls.objects.with_deleted().filter(pk__in=ids)}:
            _number(_locked(workspace))

    def _hand_items_to(self, to: Status | None, change: Change) -> int:
        items = self.items.with_deleted()
        size = items.filter(deleted_at=None).count()
        if to is None:
            if size or items.exists():
                raise StatusInUse(size)
            return 0
        products = set(items.values_list("product_id", flat=True))
        _follow(items, to.category, change)
        items.update(status=to)
        follow_removal(self.workspace_id, "status", self.public_id, to.public_id, by=change)
        for product in products:
            change.tell("item", "*", product_id=product)
        return size

    def _take_place(self, position: int) -> None:
        """Stand at `position` among all, or as near to it as the category allows; the others make room."""
        others = [one for one in _locked(self.workspace_id) if one.pk != self.pk]
        before = [one for one in others if _order(one) < ORDER[self.category]]
        same = [one for one in others if _order(one) == ORDER[self.category]]
        place = min(max(position - len(before), 0), len(same))
        after = [one for one in others if _order(one) > ORDER[self.category]]
        _number([*before, *same[:place], self, *same[place:], *after])
        self.refresh_from_db(fields=["position", "change_id"])


def _order(status: Status) -> int:
    return ORDER[status.category]


def _locked(workspace_id: int) -> list[Status]:
    """All statuses of the workspace in order; until the transaction ends nobody else changes them."""
    rows = Status.objects.select_for_update().filter(workspace=workspace_id)
    return sorted(rows, key=lambda status: (_order(status), status.position, status.pk))


def _refuse_unknown(leads_to: list[str], known: list[Status]) -> None:
    if not {*leads_to} <= {one.public_id for one in known}:
        raise Refused(_("A status that may follow was removed in the meantime. Choose again."))


def _number(ordered: list[Status]) -> None:
    """Write the places that differ."""
    for position, status in enumerate(ordered):
        if status.position != position:
            status.position = position
            status.save(update_fields=["position"])


def _follow(items: models.QuerySet[Any], category: str, change: Change) -> None:
    """Items in a category for what is shipped have a day on which they were, and no others."""
    if category == Category.SHIPPED:
        items.filter(shipped_at=None).update(shipped_at=change.at)
    else:
        items.exclude(shipped_at=None).update(shipped_at=None)
