from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.constraints import SameWorkspace
from accounts.identity import PublicIdField
from accounts.models import Member, Workspace
from accounts.refusals import Refused
from changes.models import Change, Versioned
from config import clock
from feedback.models.contact import Contact
from feedback.models.idea import Idea
from feedback.models.insight import Importance
from products.models import Product
from products.models.owned import OwnedQuerySet


class VoteQuerySet(OwnedQuerySet):
    def of_contact(self, contact: Contact | None) -> VoteQuerySet:
        return self.filter(contact=contact) if contact is not None else self.none()


class Vote(Versioned):
    """How much an idea matters to one person: a contact in the portal, or a member. One per person and idea."""

    told_as = "idea"

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    public_id = PublicIdField()
    product = models.ForeignKey(
        Product, null=True, editable=False, on_delete=models.CASCADE, related_name="+",
        help_text=_("The idea's, for history to follow the product."),
    )  # fmt: skip
    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="votes")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.CASCADE, related_name="votes")
    member = models.ForeignKey(Member, null=True, on_delete=models.CASCADE, related_name="+")
    importance = models.PositiveSmallIntegerField(_("importance"), choices=Importance, default=Importance.IMPORTANT)
    cast_at = models.DateTimeField(default=clock.now, editable=False)

    objects = VoteQuerySet.as_manager()

    class Meta(Versioned.Meta):
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(contact__isnull=False, member=None) | Q(contact=None, member__isnull=False),
                name="vote_of_a_contact_or_a_member",
            ),
            models.CheckConstraint(condition=Q(importance__in=Importance.values), name="vote_importance_is_known"),
            models.UniqueConstraint(
                fields=["idea", "contact"], condition=Q(contact__isnull=False), name="one_vote_per_contact"
            ),
            models.UniqueConstraint(
                fields=["idea", "member"], condition=Q(member__isnull=False), name="one_vote_per_member"
            ),
            SameWorkspace(field="product", target="products_product", name="vote_product_same_workspace"),
            SameWorkspace(field="idea", target="feedback_idea", name="vote_idea_same_workspace"),
            SameWorkspace(field="contact", target="feedback_contact", name="vote_contact_same_workspace"),
            SameWorkspace(field="member", target="accounts_member", name="vote_member_same_workspace"),
        ]

    def __str__(self) -> str:
        return f"{self.voter}: {self.get_importance_display()}"

    @property
    def voter(self) -> Contact | Member | None:
        return self.contact or self.member

    @classmethod
    def cast(
        cls,
        idea: Idea,
        importance: int = Importance.IMPORTANT,
        *,
        by: Actor | Change,
        contact: Contact | None = None,
        member: Member | None = None,
    ) -> Vote:
        """Vote, or vote anew with another importance. Raises Refused when the idea was merged or is gone."""
        with Change.open("idea.voted", by=by, workspace=idea.workspace, quiet=True) as change:
            current = Idea.objects.select_for_update(of=("self",)).filter(pk=idea.pk).first()
            if current is None or current.is_merged:
                raise Refused(_("This idea was merged into another one. Vote there."))
            vote, _created = cls.objects.update_or_create(
                idea=current, contact=contact, member=member,
                defaults={
                    "workspace": idea.workspace, "product_id": current.product_id, "importance": importance,
                    "cast_at": change.at,
                },
            )  # fmt: skip
            current._tell(change)
        return vote

    @classmethod
    def withdraw(
        cls, idea: Idea, *, by: Actor | Change, contact: Contact | None = None, member: Member | None = None
    ) -> None:
        """Take the vote back. Repeating it does no harm."""
        with Change.open("idea.vote_withdrawn", by=by, workspace=idea.workspace, quiet=True) as change:
            cls.objects.filter(idea=idea, contact=contact, member=member).delete()
            idea._tell(change)

    @classmethod
    def move(cls, source: Idea, target: Idea) -> None:
        """Within a Change: all votes of `source` go to `target`; of two by one person the later one stays."""
        for person in ("contact", "member"):
            mine = cls.objects.filter(idea=target, **{person: OuterRef(person)})
            theirs = cls.objects.filter(idea=source, **{person: OuterRef(person)})
            cls.objects.filter(Exists(mine.filter(cast_at__gte=OuterRef("cast_at"))), idea=source).delete()
            cls.objects.filter(Exists(theirs.filter(cast_at__gt=OuterRef("cast_at"))), idea=target).delete()
        cls.objects.filter(idea=source).update(idea=target, product=target.product)
