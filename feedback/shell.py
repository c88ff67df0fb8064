"""Where feedback stands in the frame around a page."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.prepared import Prepared
from accounts.roles import Role
from feedback.models import Conversation
from ui import shell

new_conversations = Prepared(lambda member: Conversation.objects.visible_to(member).new().order_by().values("pk"))


def register() -> None:
    shell.add(
        shell.Entry(
            "feedback", _("Feedback"), "feedback:inbox", icon="inbox", order=30, keys="g f", tab=True, new=True,
            also=("customers", "contacts"), count=lambda request: new_conversations.statement(request.member),
        ),
        shell.Entry("portal", _("Ideas portal"), "feedback:ideas", icon="lightbulb", section="shared", order=10),
        shell.Entry(
            "portal", _("Ideas portal"), "feedback:portal_settings", icon="lightbulb", section="settings",
            group=_("Workspace"), order=33, shows=_admins,
        ),
    )  # fmt: skip


def _admins(request: HttpRequest) -> bool:
    return request.member.may(Role.ADMIN)
