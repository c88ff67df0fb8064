from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import Member, Workspace
from accounts.prepared import Prepared
from accounts.refusals import Refused
from changes.concurrency import check_unseen_changes, check_unseen_values
from changes.models import Change, Deletable, DeletableManager, Versioned
from changes.writing import changed_since, insert, write
from config import clock
from discussion.models import Kind, Thread
from discussion.notifying import notify
from products.models import Initiative, Objective, Problem, Product
from roadmap.models.component import Component
from roadmap.models.dates import DATES, Certainty, ProgressFrom, keep_to_quarters
from roadmap.models.item_alias import NOT_ELSEWHERE
from roadmap.models.item_alone import edit_alone, rank_alone
from roadmap.models.item_beginnings import Beginnings
from roadmap.models.item_columns import DONE, Computed, Horizon, Impact, item_triggers, merged
from roadmap.models.item_following import came_back, follow_status
from roadmap.models.item_guards import item_constraints, item_indexes
from roadmap.models.item_ranks import COUNTER, Order, find_room, put_between
from roadmap.models.item_rows import ItemQuerySet
from roadmap.models.item_rules import (
    hold_above,
    refuse_deleted,
    refuse_impossible_dates,
    refuse_impossible_place,
    refuse_missing_fields,
    refuse_moved,
    refuse_what_is_gone,
    refuse_wrong_place,
)
from roadmap.models.item_type import LONGEST_KEY, ItemType
from roadmap.models.item_type_looks import TypeKind
from roadmap.models.iteration import Iteration
from roadmap.models.known_types import held, tell_of_types, usual
from roadmap.models.release import Release
from roadmap.models.status import Category, Status
from roadmap.plans.slips import refuse_unexplained_slip


class Item(Versioned, Deletable):
    """Anything in the backlog of a product. `DSP-214` on screen; its rank is its place in a total order."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="items")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="items")
    number = models.PositiveIntegerField(_("number"), editable=False)
    #: The key of one of the workspace's types, and that row by way of it: reading items takes no join.
    type = models.CharField(_("type"), max_length=LONGEST_KEY, blank=True)
    its_type = models.ForeignObject(
        ItemType, models.DO_NOTHING, ["workspace", "type"], ["workspace", "key"], related_name="items"
    )
    title = models.CharField(_("title"), max_length=240)
    description = models.TextField(_("description"), blank=True, max_length=100_000)
    status = models.ForeignKey(Status, verbose_name=_("status"), on_delete=models.PROTECT, related_name="items")
    lead = models.ForeignKey(
        Member, verbose_name=_("lead"), null=True, blank=True, on_delete=models.SET_NULL, related_name="leads_items"
    )
    rank = models.CharField(max_length=255, db_collation="C", editable=False)
    reach = models.PositiveIntegerField(_("reach"), null=True, blank=True)
    impact = models.DecimalField(
        _("impact"), max_digits=3, decimal_places=2, null=True, blank=True,
        choices=[(Decimal(value), label) for value, label in Impact.choices],
    )  # fmt: skip
    confidence = models.PositiveSmallIntegerField(
        _("confidence"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    effort = models.DecimalField(
        _("effort"),
        max_digits=7,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    factors = models.JSONField(_("factors"), default=dict, blank=True, editable=False)
    measured = models.JSONField(default=dict, blank=True, editable=False)
    score = Computed(_("score"), max_digits=20, decimal_places=2, null=True, editable=False)
    second_score = Computed(_("second score"), max_digits=20, decimal_places=2, null=True, editable=False)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children")
    release = models.ForeignKey(
        Release, verbose_name=_("release"), null=True, blank=True, on_delete=models.SET_NULL, related_name="items"
    )
    iteration = models.ForeignKey(
        Iteration, verbose_name=_("iteration"), null=True, blank=True, on_delete=models.SET_NULL, related_name="items"
    )
    objective = models.ForeignKey(
        Objective, verbose_name=_("goal"), null=True, blank=True, on_delete=models.SET_NULL, related_name="items"
    )
    initiative = models.ForeignKey(
        Initiative, verbose_name=_("initiative"), null=True, blank=True, on_delete=models.SET_NULL, related_name="items"
    )
    problem = models.ForeignKey(
        Problem, verbose_name=_("problem"), null=True, blank=True, on_delete=models.SET_NULL, related_name="items"
    )
    component = models.ForeignKey(
        Component, verbose_name=_("component"), null=True, blank=True, on_delete=models.SET_NULL, related_name="items"
    )
    horizon = models.CharField(_("horizon"), max_length=5, choices=Horizon, blank=True, default=Horizon.NONE)
    is_internal = models.BooleanField(
        _("internal only"),
        default=False,
        help_text=_("Shown to nobody outside: on no shared roadmap, feed or export of one."),
    )
    starts_on = models.DateField(_("start"), null=True, blank=True)
    ends_on = models.DateField(_("end"), null=True, blank=True)
    certainty = models.CharField(_("certainty of dates"), max_length=8, choices=Certainty, default=Certainty.FIRM)
    progress_from = models.CharField(_("progress from"), max_length=12, choices=ProgressFrom, default=ProgressFrom.AUTO)
    progress = models.PositiveSmallIntegerField(
        _("progress by hand"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    tags = ArrayField(models.CharField(max_length=40), verbose_name=_("tags"), default=list, blank=True)
    custom = models.JSONField(_("own fields"), default=dict, blank=True, editable=False)
    thread = models.OneToOneField(Thread, null=True, editable=False, on_delete=models.SET_NULL, related_name="+")
    shipped_at = models.DateTimeField(_("shipped"), null=True, blank=True, editable=False)
    source = models.CharField(max_length=16, blank=True, editable=False)
    source_id = models.CharField(max_length=120, blank=True, editable=False)
    source_data = models.JSONField(default=dict, blank=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    search = models.GeneratedField(
        expression=SearchVector("title", config="simple", weight="A")
        + SearchVector("description", config="simple", weight="B"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = DeletableManager.hiding(ItemQuerySet)

    #: How history tells of columns that hold many values: column → see changes.history.
    tellers: ClassVar[dict[str, Any]] = {"type": tell_of_types}
    many_valued = frozenset({"custom", "factors"})
    computed = frozenset({"score", "second_score", "measured"})
    shown_then = NOT_ELSEWHERE

    #: False from where an edit sets fields until they are written: one that is refused leaves what its row does not hold.
    is_as_read = True

    class Meta(Versioned.Meta):
        triggers = item_triggers()
        constraints = item_constraints()
        indexes = item_indexes()

    def __str__(self) -> str:
        return self.title

    @property
    def key(self) -> str:
        return f"{self.product.key}-{self.number}"

    @property
    def is_epic(self) -> bool:
        return self.own_type.kind == TypeKind.EPIC

    @property
    def own_type(self) -> ItemType:
        """The row of its type: as it came with the item where that was asked for (`told_type`), else read now."""
        told = self.__dict__.get("told_type")
        if told is not None and told["key"] == self.type:
            known: ItemType | None = self.__dict__.get("_own_type")
            if known is None or known.key != self.type:
                known = self.__dict__["_own_type"] = ItemType(workspace_id=self.workspace_id, **told)
            return known
        return self.its_type

    def validate_constraints(self, exclude: Any = None) -> None:
        """What the constraints hold, the verbs refuse in sentences; a form need not work each of them out before."""

    @classmethod
    def add(cls, product: Product, title: str, *, by: Actor | Change, **fields: Any) -> Item:
        """A new item at the end of the backlog, in the workspace's first status unless `status` is given."""
        with Change.open("item.added", by=by, workspace=product.workspace) as change:
            item = cls.add_many(product, [{"title": title, **fields}], by=change)[0]
            if "status" in fields:
                refuse_missing_fields(item)
            Component.refuse_unusable(item.component_id)
            item._tell_lead(None, change)
        return item

    @classmethod
    def add_many(cls, product: Product, rows: Sequence[dict[str, Any]], *, by: Actor | Change) -> list[Item]:
        """New items at the end of the backlog, in the order given. Locks the product's counter.

        A row may bring its `number` along, as an import does whose keys are ours; it must be free and above all others
        that are drawn here.
        """
        with Change.open("item.added", by=by, workspace=product.workspace) as change:
            hold_above((row["parent"] for row in rows if row.get("parent") is not None), product.pk)
            start = Beginnings(product, len(rows), ORDER.last)
            if given := {row["status"].pk for row in rows if "status" in row}:
                Status.refuse_removed(*given)
            items = [cls._begun(start, place, row, change) for place, row in enumerate(rows)]
            if len(items) == 1:
                insert(items[0], answered=("score", "second_score"))
            else:
                cls.objects.bulk_create(items, batch_size=1000)  # a statement takes 65 535 values
            for item in items:
                item.change_id = change.pk
            start.count_up_to(max((item.number for item in items), default=0))
            for item in items[:20]:
                change.tell("item", item.number, product_id=product.pk)
        return items

    @classmethod
    def _begun(cls, start: Beginnings, place: int, given: dict[str, Any], change: Change) -> Item:
        """A new item that is not written yet. What is not given it has from the beginnings."""
        given = {"number": start.drawn + place + 1, "created_at": change.at, **given}
        if "status" not in given:
            given["status"] = start.first_status
        item = cls(
            workspace=start.product.workspace, product=start.product, rank=start.ranks[place],
            thread=start.threads[place], **given,
        )  # fmt: skip
        item.take_type(start.types)
        item.custom = {**start.defaults, **item.custom}
        item.factors = merged({}, item.factors)
        follow_status(item, change)
        keep_to_quarters(item)
        refuse_wrong_place(item)
        return item

    def edit(
        self,
        *,
        by: Actor | Change,
        seen: int | None = None,
        as_told: bool = False,
        reason: str | None = None,
        **fields: Any,
    ) -> int:
        """Set fields; `status` takes shipping day and horizon along. Raises Conflict (see check_unseen_changes).

        `custom` holds values of the workspace's own fields by key, None for nothing; the others stay as they are. `factors`
        the same of the scorecards' factors that are no columns. The scores follow in the same UPDATE, by the trigger.
        `as_told` is for what happened elsewhere: the workspace's rules about steps and required fields don't apply.
        `reason` is kept with the Change; None says that nobody can be asked for one (see roadmap/plans/slips.py).
        Returns the id of the Change, 0 where the item has all these values already: then there is none, and nothing to undo.
        """
        if isinstance(by, Actor) and (done := edit_alone(self, fields, by=by, seen=seen, reason=reason)) is not None:
            return done
        with Change.open("item.edited", by=by, workspace=self.workspace, reason=reason or "") as change:
            self._lock()
            refuse_deleted(self)
            self.is_as_read = False
            own, factors = fields.pop("custom", {}), fields.pop("factors", {})
            check_unseen_changes(self, seen, fields)
            check_unseen_values(self, seen, "custom", own)
            check_unseen_values(self, seen, "factors", factors)
            self.refuse_unexplained_slip(fields, reason)
            earlier, earlier_lead = dict(vars(self)), self.lead_id
            earlier_status = self.status if "status" in fields else None
            self._take(fields, own, factors, change)
            if not as_told:
                self._refuse_forbidden_step(earlier_status, asks_again=None in own.values())
            if not fields.keys().isdisjoint(DATES):
                fields.update(keep_to_quarters(self))
            refuse_impossible_dates(self)
            refuse_impossible_place(self, fields)
            names = changed_since(self, earlier, fields)
            write(self, names, answered=("score", "second_score"))
            self.is_as_read = True
            if "status" in names:
                Status.refuse_removed(self.status_id)
            if "component" in names:
                Component.refuse_unusable(self.component_id, archived=as_told)
            self._tell_lead(earlier_lead, change)
            if names:
                change.tell("item", self.number, product_id=self.product_id)
        return change.pk or 0

    def _take(self, fields: dict[str, Any], own: dict[str, Any], factors: dict[str, Any], change: Change) -> None:
        """Set all of it, and what follows; `fields` names in the end all that is to be written."""
        for name, value in fields.items():
            setattr(self, name, value)
        if "type" in fields:
            self.take_type(held(self.workspace_id, self.type))
        if "status" in fields:
            fields.update(follow_status(self, change, horizon_given="horizon" in fields))
        if own:
            fields["custom"] = self.custom = merged(self.custom, own)
        if factors:
            fields["factors"] = self.factors = merged(self.factors, factors)

    def _refuse_forbidden_step(self, earlier: Status | None, *, asks_again: bool) -> None:
        """The workspace's own rules: which status follows which, and what one asks for; again when something was emptied."""
        if earlier is not None:
            earlier.refuse_step(self.status)
        if earlier is not None or asks_again:
            refuse_missing_fields(self)

    def take_type(self, types: dict[str, ItemType]) -> None:
        """Be of the type that is named by its key, of the usual one where none is. Raises Refused for one that is gone."""
        if self.type and self.type not in types:
            raise Refused(_("There is no such type of items any more. Choose another one."))
        self.its_type = types[self.type] if self.type else usual(types.values())

    def move_to(self, status: Status, *, by: Actor | Change, seen: int | None = None) -> int:
        return self.edit(by=by, seen=seen, status=status)

    def rank_between(self, after: Item | None, before: Item | None, *, by: Actor | Change) -> int:
        """Put the item right after `after`, or right before `before`, or first when both are None.

        The other neighbour is read under the product's lock, so any number of concurrent moves end in one total order.
        Raises Refused when the neighbour is gone. Returns the id of the Change, 0 where the item stands there already.
        """
        if isinstance(by, Actor) and (done := rank_alone(self, after, before, by=by)) is not None:
            return done
        with Change.open("item.ranked", by=by, workspace=self.workspace, quiet=True) as change:
            COUNTER.rows(self.product_id)
            if put_between(self, *ORDER.gap(self, after, before)):
                change.tell("item", self.number, product_id=self.product_id)
        return change.pk or 0

    def arrange(
        self, *, by: Actor | Change, after: Item | None = None, before: Item | None = None, **fields: Any
    ) -> int:
        """Put the item into another column (`horizon`, `release`) and beside another card, as one Change: its id, 0 where it is there."""
        beside = after is not None or before is not None
        alone = edit_alone(self, fields, by=by, verb="item.arranged") if isinstance(by, Actor) and not beside else None
        if alone is not None:
            return alone
        with Change.open("item.arranged", by=by, workspace=self.workspace) as change:
            if beside:
                self.rank_between(after, before, by=change)
            self.edit(by=change, **fields)
        return change.pk or 0

    def delete_softly(self, *, by: Actor | Change) -> None:
        """To the bin. Its key stays taken. Repeating it does no harm."""
        with Change.open("item.deleted", by=by, workspace=self.workspace) as change:
            self.deleted_at = self.deleted_at or change.at
            self.save(update_fields=["deleted_at"])
            self.change_id = change.pk
            change.tell("item", self.number, product_id=self.product_id)

    def restore(self, *, by: Actor | Change) -> int:
        """Back from the bin, to where it was. Repeating it does no harm. Returns how many duplicates lead to another item since."""
        with Change.open("item.restored", by=by, workspace=self.workspace) as change:
            self._lock()
            self.deleted_at = None
            self.save(update_fields=["deleted_at"])
            self.change_id = change.pk
            change.tell("item", self.number, product_id=self.product_id)
            return came_back([self.pk], change)

    def _tell_lead(self, earlier: int | None, change: Change) -> None:
        """A new lead watches from now on, and is told so."""
        if self.lead_id is None or self.lead_id == earlier or self.lead is None or self.thread is None:
            return
        self.thread.watch(self.lead)
        notify([self.lead], Kind.ASSIGNMENT, event=f"lead:{change.pk}:{self.pk}", by=change, thread=self.thread)

    def _lock(self) -> None:
        """Wait for others who edit this row, then read it anew; what it points to too, where that is asked for."""
        now = LOCKED.first(self.pk)
        if now is None:
            raise Item.DoesNotExist
        refuse_moved(self, now.product_id)
        for field in self._meta.concrete_fields:
            if field.attname in now.__dict__:
                setattr(self, field.attname, now.__dict__[field.attname])
            if field.is_relation and field.name not in ("workspace", "product") and field.is_cached(self):
                field.delete_cached_value(self)
        self.status = now.status
        self._state.fields_cache.pop("its_type", None)

    def refuse_unexplained_slip(self, fields: dict[str, Any], reason: str | None) -> None:
        """A firm end is a promise; of what is shipped or dropped nobody waits for it any more."""
        if "ends_on" in fields and self.certainty == Certainty.FIRM and Category(self.status.category) not in DONE:
            refuse_unexplained_slip(self.product, self.title, self.ends_on, fields["ends_on"], reason)

    @classmethod
    def heal_after_undo(cls, ids: list[int], *, by: Change) -> None:
        """A rank that was turned back may be taken by now: put the item right after the one that has it. What is gone is refused."""
        refuse_what_is_gone(cls.objects.filter(pk__among=ids))
        find_room(cls.objects.with_deleted(), ids)
        came_back(ids, by)


LOCKED = Prepared(
    lambda pk: (
        Item.objects.with_deleted()
        .filter(pk=pk)
        .select_related("status")
        .defer("search")
        .select_for_update(of=("self",))
    )
)
#: Of all of a product, those in the bin too.
ORDER = Order(lambda: Item.objects.with_deleted())
