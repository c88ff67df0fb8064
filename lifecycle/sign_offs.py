"""Who signs at a gate, drawn: the opinion of each, and the way to ask somebody no longer."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lifecycle.models import Verdict
from lifecycle.reviewing import Signature
from ui import pieces
from ui.drawn.times import ago


class SignOffs:
    """The approvers of one gate, for who chairs its review (`token` against forgery) or reads it (no token)."""

    def __init__(self, place: tuple[str, str, int], token: str, reader: int) -> None:
        workspace, key, number = place
        self.withdraw = escape(pieces.address("lifecycle:withdraw", workspace, key, str(number)))
        self.token, self.reader = escape(token), reader

    def rows(self, signatures: Iterable[Signature]) -> SafeString:
        return pieces.joined(map(self._row, signatures))

    def _row(self, one: Signature) -> str:
        return (
            f'<li>{pieces.face(one.name, "md", label=False)}<div class="grow"><b>{escape(one.name)}</b>'
            f'<div class="fs-12 faint">{_when(one)}</div></div>{self._said(one)}{self._way_out(one) if self.token else ""}</li>'
        )

    def _said(self, one: Signature) -> str:
        if one.signed_at is None:
            mine = one.member_id == self.reader
            return pieces.pill(_("Waiting for you"), "accent") if mine else pieces.pill(_("Waiting"))
        if one.verdict in (Verdict.GO, Verdict.CONDITIONAL):
            return pieces.pill(one.verdict_name, "ok", "check")
        return pieces.pill(one.verdict_name, "warn")

    def _way_out(self, one: Signature) -> str:
        url, label = self.withdraw % one.public_id, escape(_("Do not ask %(name)s") % {"name": one.name})
        return (
            f'<form method="post" action="{url}" hx-post="{url}" hx-target="#gate" hx-swap="morph:outerHTML">'
            f'<input type="hidden" name="csrfmiddlewaretoken" value="{self.token}">'
            f'<button class="btn btn--ghost btn--icon btn--sm" aria-label="{label}">{pieces.icon("x", "icon--14")}</button></form>'
        )


def _when(one: Signature) -> str:
    if one.signed_at is None:
        return f"{escape(_('asked'))} {ago(one.asked_at)}"
    said = f" · {escape(one.comment)}" if one.comment else ""
    return f"{ago(one.signed_at)}{said}"
