from __future__ import annotations

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Case, CharField, Count, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.constraints import SameWorkspace, workspace_key
from accounts.identity import PublicIdField
from accounts.models import Member, Workspace
from accounts.refusals import Refused
from changes.editable import Editable
from changes.models import Change, DeletableManager, Versioned
from config import clock
from feedback.models.contact import Contact
from feedback.models.portal import Portal
from products.models import Product
from products.models.owned import OwnedQuerySet
from roadmap.models import Category, Item

#: What an idea without a linked item is shown as, and one that was declined.
UNDER_REVIEW = _("Under review")
NOT_NOW = _("Not now")
#: Tone and picture of a public status, by the category behind it, in the order of the work.
LOOKS = {
    Category.PROPOSED: ("neutral", "search"),
    Category.SHAPING: ("neutral", "search"),
    Category.READY: ("accent", "calendar"),
    Category.BUILDING: ("warn", "hammer"),
    Category.SHIPPED: ("ok", "circle-check"),
    Category.DROPPED: ("neutral", "circle-x"),
}


class IdeaQuerySet(OwnedQuerySet):
    def public(self, portal: Portal) -> IdeaQuerySet:
        """What people from outside see: ideas of the products shown, or of none; never merged ones."""
        shown = portal.products().values("pk")
        return self.filter(Q(product=None) | Q(product__in=shown), workspace=portal.workspace_id).canonical()

    def canonical(self) -> IdeaQuerySet:
        return self.filter(merged_into=None)

    def with_votes(self) -> IdeaQuerySet:
        return self.annotate(vote_count=Count("votes"))

    def with_public_status(self, products: models.QuerySet[Product]) -> IdeaQuerySet:
        """`public_status` and its `public_category`: the item's public name where the item is of `products`."""
        told = Q(item__isnull=False, item__deleted_at=None, item__product__in=products.values("pk"))
        declined = Q(declined_at__isnull=False)
        return self.annotate(
            public_status=Case(
                When(declined, then=Value(str(NOT_NOW))),
                When(told, then=F("item__status__public_name")),
                default=Value(str(UNDER_REVIEW)),
                output_field=CharField(),
            ),
            public_category=Case(
                When(declined, then=Value(Category.DROPPED.value)),
                When(told, then=F("item__status__category")),
                default=Value(Category.PROPOSED.value),
                output_field=CharField(),
            ),
        )


class Idea(Editable):
    """What somebody wishes for, in the portal. One row per idea: after a merge the others point to the canonical one."""

    noun = "idea"

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="ideas")
    public_id = PublicIdField()
    product = models.ForeignKey(
        Product, verbose_name=_("product"), null=True, blank=True, on_delete=models.CASCADE, related_name="ideas"
    )
    title = models.CharField(_("title"), max_length=160)
    description = models.TextField(_("description"), blank=True, max_length=4000)
    contact = models.ForeignKey(Contact, null=True, editable=False, on_delete=models.SET_NULL, related_name="ideas")
    item = models.ForeignKey(
        Item, verbose_name=_("item"), null=True, blank=True, on_delete=models.SET_NULL, related_name="ideas"
    )
    merged_into = models.ForeignKey(
        "self", null=True, editable=False, on_delete=models.SET_NULL, related_name="merged_ideas"
    )
    answer = models.TextField(_("public answer"), blank=True, max_length=2000)
    declined_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    search = models.GeneratedField(
        expression=SearchVector("title", config="simple", weight="A")
        + SearchVector("description", config="simple", weight="B"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = DeletableManager.hiding(IdeaQuerySet)

    class Meta(Versioned.Meta):
        ordering = ["-pk"]
        constraints = [
            workspace_key("idea_workspace_key"),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="idea_is_not_merged_into_itself"),
            SameWorkspace(field="product", target="products_product", name="idea_product_same_workspace"),
            SameWorkspace(field="contact", target="feedback_contact", name="idea_contact_same_workspace"),
            SameWorkspace(field="item", target="roadmap_item", name="idea_item_same_workspace"),
            SameWorkspace(field="merged_into", target="feedback_idea", name="idea_merged_into_same_workspace"),
        ]
        indexes = [GinIndex(fields=["search"], name="idea_search")]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def post(
        cls, workspace: Workspace, title: str, description: str = "", *, by: Actor | Change,
        contact: Contact | None = None, product: Product | None = None, **fields: Any,
    ) -> Idea:  # fmt: skip
        """A new idea, with the vote of the contact who has it."""
        with Change.open("idea.posted", by=by, workspace=workspace) as change:
            idea = cls.add(
                workspace, by=change, title=title, description=description, contact=contact, product=product, **fields
            )
            if contact is not None:
                idea.votes.model.cast(idea, contact=contact, by=change)
        return idea

    def link_to(self, item: Item | None, *, by: Actor | Change, seen: int | None = None) -> None:
        """The item that will answer the idea, or None. Its voters count for the item's demand from now on."""
        self.edit(by=by, seen=seen, item=item)

    def decline(self, answer: str = "", *, by: Actor | Change) -> None:
        """Say no in public. Repeating it changes the answer."""
        with Change.open("idea.declined", by=by, workspace=self.workspace) as change:
            self.edit(by=change, answer=answer, declined_at=self.declined_at or change.at)

    def reconsider(self, *, by: Actor | Change) -> None:
        with Change.open("idea.reconsidered", by=by, workspace=self.workspace) as change:
            self.edit(by=change, declined_at=None)

    def merge_into(self, other: Idea, *, by: Actor | Change) -> None:
        """`other` becomes the one for both: votes move, one per person, the latest of two; so do ideas merged here before.

        The item of this idea is handed on where `other` has none. Repeating it does no harm. Raises Refused when `other`
        is this idea, or was itself merged into this one.
        """
        with Change.open("idea.merged", by=by, workspace=self.workspace) as change:
            this, target = self._locked_with(other)
            if this.merged_into_id == target.pk:
                return
            this.votes.model.move(this, target)
            Idea.objects.with_deleted().filter(merged_into=this).update(merged_into=target)
            if target.item_id is None and this.item_id is not None:
                target.item = this.item
                target._save(change, "item")
            self.merged_into = this.merged_into = target
            self._save(change, "merged_into")
            target._tell(change)

    def _locked_with(self, other: Idea) -> tuple[Idea, Idea]:
        """This idea and the canonical one of `other`, both locked."""
        canonical = other.merged_into_id if other.merged_into_id not in (None, self.pk) else other.pk
        rows = Idea.objects.select_for_update(of=("self",)).filter(pk__in=[self.pk, canonical]).order_by("pk")
        locked = {idea.pk: idea for idea in rows}
        this, target = locked.get(self.pk), locked.get(canonical)
        if this is None or target is None:
            raise Refused(_("One of the two ideas is gone. Reload the page and choose again."))
        if target.pk == this.pk or target.merged_into_id is not None:
            raise Refused(_("An idea cannot be merged into itself. Choose another one."))
        return this, target

    def prepare(self, names: set[str], change: Change) -> None:
        """Votes follow the idea's product, as their history does."""
        if "description" in names:
            self.description = self.description.replace("\r\n", "\n")
        if "product" in names and self.pk:
            self.votes.update(product=self.product)

    def _save(self, change: Change, *names: str) -> None:
        self.save(update_fields=names)
        self.change_id = change.pk
        self._tell(change)

    def _tell(self, change: Change) -> None:
        super()._tell(change)
        if self.item is not None:
            change.tell("item", self.item.number, product_id=self.item.product_id)

    @property
    def is_declined(self) -> bool:
        return self.declined_at is not None

    @property
    def is_merged(self) -> bool:
        return self.merged_into_id is not None

    @staticmethod
    def for_names(ideas: models.QuerySet[Idea]) -> models.QuerySet[Idea]:
        return ideas.only("title")


def voters_of(idea: Idea, member: Member) -> models.QuerySet[Any]:
    """Who voted, loudest first, with the customer they speak for."""
    votes = idea.votes.model.objects.visible_to(member).filter(idea=idea)
    votes = votes.select_related("contact__customer", "member__user")
    return votes.order_by("-importance", "-cast_at", "-pk")
