from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.constraints import SameWorkspace, workspace_key
from accounts.identity import PublicIdField
from accounts.models import Member, Workspace
from accounts.refusals import Refused
from accounts.roles import Role
from changes.editable import Editable
from changes.models import Change, DeletableManager, Versioned
from config import clock
from feedback.models.conversation import Conversation
from feedback.passages import find
from products.models import Problem, Product
from roadmap.models import Item


class Importance(models.IntegerChoices):
    NONE = 0, _("None")
    NICE = 1, _("Nice")
    IMPORTANT = 2, _("Important")
    CRITICAL = 3, _("Critical")


class InsightQuerySet(models.QuerySet["Insight"]):
    def visible_to(self, member: Member) -> InsightQuerySet:
        """An insight follows its item or problem; those of a conversation in the bin are gone with it."""
        seen = Product.objects.seen_through
        of_items = seen(member, "item__product") & Q(item__deleted_at=None)
        of_problems = Q(problem__isnull=False, problem__deleted_at=None) & (
            Q(problem__product=None) | seen(member, "problem__product")
        )
        return self.filter(of_items | of_problems, workspace=member.workspace_id, conversation__deleted_at=None)

    def of_seen_item(self, item: int) -> InsightQuerySet:
        """Those of the item with this id, whose visibility is settled: `visible_to` without looking at the item once more."""
        return self.filter(item=item, conversation__deleted_at=None)


class Insight(Editable):
    """A highlighted passage of a conversation, linked to an item or a problem, and how much it matters to them."""

    noun = "insight"

    role_to_change = Role.CONTRIBUTOR

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="insights")
    public_id = PublicIdField()
    product = models.ForeignKey(
        Product, null=True, editable=False, on_delete=models.CASCADE, related_name="+",
        help_text=_("Its item's or problem's, for history to follow the product."),
    )  # fmt: skip
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="insights")
    item = models.ForeignKey(Item, null=True, blank=True, on_delete=models.CASCADE, related_name="insights")
    problem = models.ForeignKey(Problem, null=True, blank=True, on_delete=models.CASCADE, related_name="insights")
    passage = models.TextField(_("passage"), max_length=4000)
    starts = models.PositiveIntegerField(
        null=True, editable=False, help_text=_("Where the passage starts in the text; empty once the text lost it.")
    )
    ends = models.PositiveIntegerField(null=True, editable=False)
    importance = models.PositiveSmallIntegerField(_("importance"), choices=Importance, default=Importance.IMPORTANT)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = DeletableManager.hiding(InsightQuerySet)

    class Meta(Versioned.Meta):
        ordering = ["conversation", "starts", "pk"]
        constraints = [
            workspace_key("insight_workspace_key"),
            models.CheckConstraint(
                condition=Q(item__isnull=False, problem=None) | Q(item=None, problem__isnull=False),
                name="insight_of_an_item_or_a_problem",
            ),
            models.CheckConstraint(condition=Q(importance__in=Importance.values), name="insight_importance_is_known"),
            models.UniqueConstraint(
                fields=["conversation", "item", "starts", "ends"],
                condition=Q(deleted_at=None, item__isnull=False),
                name="passage_once_per_item",
            ),
            models.UniqueConstraint(
                fields=["conversation", "problem", "starts", "ends"],
                condition=Q(deleted_at=None, problem__isnull=False),
                name="passage_once_per_problem",
            ),
            SameWorkspace(field="product", target="products_product", name="insight_product_same_workspace"),
            SameWorkspace(
                field="conversation", target="feedback_conversation", name="insight_conversation_same_workspace"
            ),
            SameWorkspace(field="item", target="roadmap_item", name="insight_item_same_workspace"),
            SameWorkspace(field="problem", target="products_problem", name="insight_problem_same_workspace"),
        ]

    def __str__(self) -> str:
        return self.passage[:80]

    @classmethod
    def following(cls, version: Any) -> frozenset[str]:
        """The product is its item's, and goes with it, unless the insight itself goes to another item or problem."""
        return frozenset() if {"item_id", "problem_id"} & {*version.columns} else frozenset({"product_id"})

    @classmethod
    def highlight(
        cls,
        conversation: Conversation,
        passage: str,
        *,
        importance: int,
        by: Actor | Change,
        item: Item | None = None,
        problem: Problem | None = None,
    ) -> Insight:
        """Link a passage of the conversation's text. Linking it to the same again sets the importance.

        Line breaks and runs of spaces need not match. Raises Refused when the text does not have the passage.
        """
        target = item or problem
        if target is None or (item is not None and problem is not None):
            raise Refused(_("Choose one item or one problem to link the passage to."))
        with Change.open("insight.linked", by=by, workspace=conversation.workspace) as change:
            conversation._lock()
            found = find(passage, conversation.text)
            if found is None:
                raise Refused(_("The conversation does not have this passage. Copy it from the text as it is written."))
            start, exact = found
            same = cls.objects.filter(
                conversation=conversation, item=item, problem=problem, starts=start, ends=start + len(exact)
            ).first()
            if same is not None:
                same.edit(by=change, importance=importance)
                return same
            insight = cls.add(
                conversation.workspace,
                by=change,
                conversation=conversation, item=item, problem=problem, product=target.product,
                passage=exact, starts=start, ends=start + len(exact), importance=importance,
            )  # fmt: skip
            change.tell("conversation", conversation.public_id, product_id=conversation.product_id)
            return insight

    def weigh(self, importance: int, *, by: Actor | Change, seen: int | None = None) -> None:
        self.edit(by=by, seen=seen, importance=importance)

    def _tell(self, change: Change) -> None:
        super()._tell(change)
        if self.item is not None:
            change.tell("item", self.item.number, product_id=self.item.product_id)

    @property
    def target(self) -> Item | Problem:
        return self.item or self.problem  # type: ignore[return-value]
