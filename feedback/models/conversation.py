from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.constraints import SameWorkspace, workspace_key
from accounts.identity import PublicIdField
from accounts.models import Member, Workspace
from accounts.roles import Role
from changes.editable import Editable
from changes.models import Change, DeletableManager, Versioned
from config import clock
from feedback.models.contact import Contact
from feedback.models.customer import Customer
from feedback.passages import find
from products.models import Problem, Product
from products.models.owned import OwnedQuerySet
from roadmap.models import Item

if TYPE_CHECKING:
    from feedback.models.insight import Insight


class Source(models.TextChoices):
    MAIL = "mail", _("E-mail")
    CALL = "call", _("Call")
    MEETING = "meeting", _("Meeting")
    SUPPORT = "support", _("Support")
    SALES = "sales", _("Sales")
    PORTAL = "portal", _("Portal")
    SURVEY = "survey", _("Survey")
    OTHER = "other", _("Other")


class State(models.TextChoices):
    NEW = "new", _("To triage")
    DONE = "done", _("Done")


class ConversationQuerySet(OwnedQuerySet):
    def new(self) -> ConversationQuerySet:
        return self.filter(state=State.NEW)

    def for_rows(self) -> ConversationQuerySet:
        """With what a row of the inbox shows, in one statement."""
        return self.select_related("customer", "contact__customer").defer("search")


class Conversation(Editable):
    """Raw feedback as it came in: a mail, the notes of a call, a support case."""

    noun = "conversation"

    role_to_change = Role.CONTRIBUTOR

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="conversations")
    public_id = PublicIdField()
    product = models.ForeignKey(
        Product, verbose_name=_("product"), null=True, blank=True, on_delete=models.CASCADE,
        related_name="conversations",
    )  # fmt: skip
    source = models.CharField(_("source"), max_length=8, choices=Source, default=Source.OTHER)
    subject = models.CharField(_("subject"), max_length=240)
    text = models.TextField(_("text"), max_length=100_000)
    customer = models.ForeignKey(
        Customer, verbose_name=_("customer"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="conversations",
    )  # fmt: skip
    contact = models.ForeignKey(
        Contact, verbose_name=_("contact"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="conversations",
    )  # fmt: skip
    received_at = models.DateTimeField(_("received"), default=clock.now)
    state = models.CharField(_("state"), max_length=4, choices=State, default=State.NEW)
    lead = models.ForeignKey(
        Member, verbose_name=_("lead"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    added_by = models.ForeignKey(Member, null=True, editable=False, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    search = models.GeneratedField(
        expression=SearchVector("subject", config="simple", weight="A")
        + SearchVector("text", config="simple", weight="B"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = DeletableManager.hiding(ConversationQuerySet)

    class Meta(Versioned.Meta):
        constraints = [
            workspace_key("conversation_workspace_key"),
            SameWorkspace(field="product", target="products_product", name="conversation_product_same_workspace"),
            SameWorkspace(field="customer", target="feedback_customer", name="conversation_customer_same_workspace"),
            SameWorkspace(field="contact", target="feedback_contact", name="conversation_contact_same_workspace"),
            SameWorkspace(field="lead", target="accounts_member", name="conversation_lead_same_workspace"),
            SameWorkspace(field="added_by", target="accounts_member", name="conversation_author_same_workspace"),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "state", "-received_at", "-id"],
                name="conversation_inbox",
                condition=models.Q(deleted_at=None),
            ),
            GinIndex(fields=["search"], name="conversation_search"),
        ]

    def __str__(self) -> str:
        return self.subject

    @classmethod
    def receive(
        cls, workspace: Workspace, subject: str, text: str, *, by: Actor | Change, **fields: Any
    ) -> Conversation:
        """New feedback, to be triaged. Without a customer it belongs to its contact's."""
        contact = fields.get("contact")
        if contact is not None and fields.get("customer") is None:
            fields["customer"] = contact.customer
        with Change.open("conversation.received", by=by, workspace=workspace) as change:
            fields = {"received_at": change.at, "added_by": change.actor.member, **fields}
            return cls.add(workspace, by=change, subject=subject, text=text, **fields)

    def finish(self, *, by: Actor | Change) -> int:
        """Triaged: it leaves the inbox. Repeating it does no harm."""
        return self.edit(by=by, state=State.DONE)

    def reopen(self, *, by: Actor | Change) -> int:
        return self.edit(by=by, state=State.NEW)

    def link(
        self,
        passage: str,
        *,
        importance: int,
        by: Actor | Change,
        item: Item | None = None,
        problem: Problem | None = None,
    ) -> Insight:
        """The passage as evidence for an item or a problem. See Insight.highlight."""
        return self.insights.model.highlight(self, passage, importance=importance, item=item, problem=problem, by=by)

    def prepare(self, names: set[str], change: Change) -> None:
        """Highlights stay on their words when the text changes; those whose words are gone lose their place."""
        if "text" not in names:
            return
        self.text = self.text.replace("\r\n", "\n")
        for insight in self.insights.all() if self.pk else ():
            found = find(insight.passage, self.text)
            insight.starts, insight.ends = (found[0], found[0] + len(found[1])) if found else (None, None)
            insight.save(update_fields=["starts", "ends"])

    @property
    def is_done(self) -> bool:
        return self.state == State.DONE

    @property
    def source_label(self) -> Any:
        return Source(self.source).label

    @property
    def voice(self) -> Customer | None:
        """The customer who speaks: its own, else its contact's."""
        return self.customer or (self.contact.customer if self.contact else None)
