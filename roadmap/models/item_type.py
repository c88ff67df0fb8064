"""What items of a workspace can be: rows with a name, a picture and a kind, which alone has a meaning for the program."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.actors import Actor
from accounts.constraints import workspace_key
from accounts.identity import PublicIdField
from accounts.models import Member, Workspace
from accounts.refusals import Refused
from accounts.roles import Role
from changes.editable import Editable
from changes.models import Change, DeletableManager, Versioned
from config import clock
from products.models.product import ItemCounter
from roadmap.models.item_type_looks import READY_MADE, Picture, Tone, TypeKind
from roadmap.models.kept_filters import follow_removal

MOST = 30
LONGEST_KEY = 24


class ItemTypeQuerySet(models.QuerySet["ItemType"]):
    def visible_to(self, member: Member) -> ItemTypeQuerySet:
        return self.filter(workspace=member.workspace_id)

    def with_sizes(self) -> ItemTypeQuerySet:
        """Each carries `size`: how many items are of it, whoever may see them."""
        sized = self.annotate(size=models.Count("items", filter=Q(items__deleted_at=None)))
        return sized.order_by("position", "pk")  # what is counted has no order of its own


class TypeInUse(Refused):
    """A type with items is removed only when they are given another."""

    def __init__(self, size: int) -> None:
        sentence = ngettext(
            "%(n)d item is of this type. Choose the type that it gets.",
            "%(n)d items are of this type. Choose the type that they get.",
            size,
        )
        super().__init__(sentence % {"n": size})


class ItemType(Editable):
    """A type of items that a workspace has. Items name it by its `key`, which never changes: neither addresses, nor
    histories, nor imports that speak of it are touched when it is renamed.

    Verbs keep positions without gaps. One type at least is no epic: it is what a new item is when nothing is said.
    """

    role_to_change = Role.ADMIN
    noun = "item_type"
    refusals = {"item_type_name_is_unique": _("There is a type of this name already. Choose another name.")}

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="item_types")
    public_id = PublicIdField()
    key = models.CharField(max_length=LONGEST_KEY, editable=False)
    name = models.CharField(_("name"), max_length=40)
    kind = models.CharField(_("kind"), max_length=12, choices=TypeKind, default=TypeKind.FEATURE)
    icon = models.CharField(_("picture"), max_length=20, choices=Picture, default=Picture.SPARKLES)
    tone = models.CharField(_("colour"), max_length=8, choices=Tone, default=Tone.NEUTRAL)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = DeletableManager.hiding(ItemTypeQuerySet)

    class Meta(Versioned.Meta):
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "key"], name="item_type_key_is_unique"),
            models.UniqueConstraint(
                fields=["workspace", "name"], condition=Q(deleted_at=None), name="item_type_name_is_unique"
            ),
            workspace_key("item_type_workspace_key"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_epic(self) -> bool:
        return self.kind == TypeKind.EPIC

    @classmethod
    def install_defaults(cls, workspace: Workspace, *, by: Change) -> None:
        """The types that a new workspace starts with."""
        cls.objects.bulk_create(
            cls(workspace=workspace, key=kind.value, name=str(kind.label), kind=kind, icon=icon, tone=tone, position=at)
            for at, (kind, icon, tone) in enumerate(READY_MADE)
        )

    @classmethod
    def add(cls, workspace: Workspace, *, by: Actor | Change, **fields: Any) -> Self:
        """A new type, the last unless `position` says otherwise."""
        with Change.open("item_type.added", by=by, workspace=workspace) as change:
            known = _locked(workspace.pk)
            if len(known) >= MOST:
                raise Refused(_("A workspace has up to %(n)d types. Remove one that is not needed.") % {"n": MOST})
            key = _free_key(workspace.pk, fields["name"])
            row = super().add(workspace, by=change, **{"position": len(known), **fields, "key": key})
            row._take_place(fields.get("position", len(known)))
        return row

    def edit(self, *, by: Actor | Change, seen: int | None = None, **fields: Any) -> int:
        """Set fields. Another kind is refused while items stand where it could not stand."""
        with Change.open("item_type.edited", by=by, workspace=self.workspace) as change:
            known = _locked(self.workspace_id)
            was_epic = {one.pk: one.is_epic for one in known}.get(self.pk)
            super().edit(by=change, seen=seen, **fields)
            if self.is_epic != was_epic:
                self._refuse_without_plain_ones(known)
                refuse_misplaced(self.items.with_deleted(), is_epic=self.is_epic)
            if "position" in fields:
                self._take_place(self.position)
        return change.pk or 0

    def remove(self, *, by: Actor | Change, to: ItemType | None = None) -> int:
        """To the bin, with its template; its items become `to`, and what is kept filters by that. Returns how many items. Repeating it does no harm.

        Until it is done no items are added in the workspace: they might be of this type.
        Raises TypeInUse when there are items and no `to`, Refused for the last type that is no epic.
        """
        with Change.open("item_type.removed", by=by, workspace=self.workspace) as change:
            ItemCounter.hold_all(self.workspace_id)
            left = [one for one in _locked(self.workspace_id) if one.pk != self.pk]
            self._lock()
            if self.deleted_at is not None:
                return 0
            self._refuse_without_plain_ones(left)
            moved = self._hand_items_to(to if to in left else None, change)
            for template in self.templates.all():
                template.delete_softly(by=change)
            super().delete_softly(by=change)
            _number(left)
        return moved

    def delete_softly(self, *, by: Actor | Change) -> None:
        self.remove(by=by)

    @classmethod
    def heal_after_undo(cls, ids: list[int], *, by: Change) -> None:
        """Positions without gaps again; a type that would go away with its items stays."""
        for row in cls.objects.with_deleted().filter(pk__in=ids).exclude(deleted_at=None):
            size = row.items.count()
            if size:
                raise TypeInUse(size)
        for workspace in {row.workspace_id for row in cls.objects.with_deleted().filter(pk__in=ids)}:
            _number(_locked(workspace))

    def prepare(self, names: set[str], change: Change) -> None:
        self.name = " ".join(self.name.split())

    def _hand_items_to(self, to: ItemType | None, change: Change) -> int:
        items = self.items.with_deleted()
        size = items.filter(deleted_at=None).count()
        if to is None:
            if size or items.exists():
                raise TypeInUse(size)
            return 0
        if to.is_epic != self.is_epic:
            refuse_misplaced(items, is_epic=to.is_epic)
        products = set(items.values_list("product_id", flat=True))
        items.update(type=to.key)
        follow_removal(self.workspace_id, "type", self.key, to.key, by=change)
        for product in products:
            change.tell("item", "*", product_id=product)
        return size

    def _refuse_without_plain_ones(self, known: Iterable[ItemType]) -> None:
        """The others, and this one unless it is just being removed."""
        left = {one.pk: one for one in known}
        if self.pk in left:
            left[self.pk] = self
        if all(one.is_epic for one in left.values()):
            raise Refused(_("One type at least must be no epic: new items are of it. Add another one first."))

    def _take_place(self, position: int) -> None:
        """Stand at `position`; the others make room."""
        others = [one for one in _locked(self.workspace_id) if one.pk != self.pk]
        place = min(max(position, 0), len(others))
        _number([*others[:place], self, *others[place:]])
        self.refresh_from_db(fields=["position", "change_id"])


def refuse_misplaced(items: Any, *, is_epic: bool) -> None:
    """Raise Refused, with how many, when items would become epics under an epic, or others with items under them."""
    if is_epic:
        count = items.exclude(parent=None).count()
        words = ngettext(
            "%(n)d of these items stands under an epic, where no epic can. Take it out first.",
            "%(n)d of these items stand under an epic, where no epic can. Take them out first.",
            count,
        )
    else:
        count = items.filter(children__deleted_at=None, children__isnull=False).distinct().count()
        words = ngettext(
            "%(n)d of these items has others under it, as only an epic can. Move those first.",
            "%(n)d of these items have others under them, as only an epic can. Move those first.",
            count,
        )
    if count:
        raise Refused(words % {"n": count})


def _locked(workspace_id: int) -> list[ItemType]:
    """All types of the workspace in order; until the transaction ends nobody else changes them."""
    return list(ItemType.objects.select_for_update().filter(workspace=workspace_id))


def _number(ordered: list[ItemType]) -> None:
    """Write the places that differ."""
    for position, row in enumerate(ordered):
        if row.position != position:
            row.position = position
            row.save(update_fields=["position"])


def _free_key(workspace_id: int, name: str) -> str:
    """A word for addresses, from the name; no type ever had it."""
    taken = set(ItemType.objects.with_deleted().filter(workspace=workspace_id).values_list("key", flat=True))
    word = slugify(name)[: LONGEST_KEY - 4].strip("-") or "type"
    tries = (word, *(f"{word}-{n}" for n in range(2, len(taken) + 3)))
    return next(one for one in tries if one not in taken)
