"""Where the lives of products stand in the frame around a page."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lifecycle import lately
from ui import shell


def register() -> None:
    shell.add(
        shell.Entry("lately", _("What changed"), "lifecycle:lately", "history", order=5, shows=_lands_there),
        shell.Entry("my", _("My work"), "lifecycle:my_work", "circle-user-round", order=40, keys="g m"),
        shell.Entry("lifecycle", _("Lifecycle"), "lifecycle:board", "milestone", order=20, keys="g l"),
    )


def _lands_there(request: HttpRequest) -> bool:
    return lately.lands_there(request.member)
