"""The tabs of the inbox, and the orders of a tab."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from feedback.models import Conversation, Insight, State
from listing.pages import Sort

TABS = {"": _("To triage"), "mine": _("Mine"), "linked": _("Linked"), "done": _("Done")}
COUNTED = ("", "mine", "linked")
SORTS = {"newest": [Sort("received_at", descending=True), Sort("pk", descending=True)],
         "oldest": [Sort("received_at"), Sort("pk")]}  # fmt: skip


def of_tab(member: Member, tab: str) -> Any:
    rows = Conversation.objects.visible_to(member)
    if tab == "mine":
        return rows.new().filter(lead=member)
    if tab == "linked":
        return rows.filter(Exists(Insight.objects.visible_to(member).filter(conversation=OuterRef("pk"))))
    if tab == "done":
        return rows.filter(state=State.DONE)
    return rows.new()
