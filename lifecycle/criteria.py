"""What a gate asks for, and the rows in which a chair writes conditions, drawn from what lifecycle/reviewing.py reads.

Drawn in Python: the rows with their forms were half of the review as templates (13 × the floor view).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape
from typing import NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lifecycle import words
from lifecycle.models import CriterionState, Verdict
from lifecycle.models.criterion import SETTLED
from ui import pieces
from ui.drawn.times import ago

#: The mark of each state.
MARKS = {
    CriterionState.OPEN: "clock",
    CriterionState.MET: "check",
    CriterionState.UNMET: "x",
    CriterionState.WAIVED: "minus",
}
LOOKS = {CriterionState.OPEN: "open", CriterionState.UNMET: "no"}


class Asked(NamedTuple):
    """A criterion as the review shows it, and who judged it."""

    public_id: str
    version: int
    weight: str
    text: str
    note: str
    state: str
    judged_at: datetime | None
    judge: str | None

    @property
    def is_settled(self) -> bool:
        return self.state in SETTLED


class Candidate(NamedTuple):
    """Somebody who sees the product: they may be asked to sign, or to see to a condition."""

    pk: int
    public_id: str
    name: str


class Wrong(NamedTuple):
    """What was refused of the form of a criterion: the sentence, and the form as it was typed."""

    public_id: str
    sentence: str
    form: str


class Drawing:
    """The criteria of one gate, for who chairs its review (`token` against forgery) or reads it (no token)."""

    def __init__(self, place: tuple[str, str, int], token: str, wrong: Wrong | None = None) -> None:
        workspace, key, number = place
        self.edit = escape(pieces.address("lifecycle:criterion_edit", workspace, key, str(number)))
        self.token, self.wrong = escape(token), wrong

    def rows(self, criteria: Iterable[Asked]) -> SafeString:
        return pieces.joined(map(self._row, criteria))

    def _row(self, one: Asked) -> str:
        wrong = self.wrong if self.wrong and self.wrong.public_id == one.public_id else None
        said = _error(wrong.sentence) if wrong else ""
        return (
            f'<li class="crit is-{LOOKS.get(CriterionState(one.state), "yes")}" id="criterion-{one.public_id}">{self._mark(one)}'
            f'<div class="grow"><b>{escape(one.text)}</b><p>{_standing(one)}</p>{said}</div>'
            f"{self._more(one, wrong) if self.token else ''}</li>"
        )

    def _mark(self, one: Asked) -> str:
        state = CriterionState(one.state)
        icon = pieces.icon(MARKS[state], "icon--14")
        if not self.token:
            return f'<span class="crit__mark" role="img" aria-label="{escape(str(state.label))}">{icon}</span>'
        met, url = state == CriterionState.MET, self.edit % one.public_id
        label = escape(_("Met: %(text)s") % {"text": one.text})
        return (
            f'<form method="post" action="{url}" hx-post="{url}" hx-target="#gate" hx-swap="morph:outerHTML">'
            f'<input type="hidden" name="csrfmiddlewaretoken" value="{self.token}"><input type="hidden" name="seen" value="{one.version}">'
            f'<button class="crit__mark" name="state" value="{"open" if met else "met"}" aria-pressed="{"true" if met else "false"}"'
            f' aria-label="{label}">{icon}</button></form>'
        )

    def _more(self, one: Asked, wrong: Wrong | None) -> str:
        """Its form, which is fetched when it is opened."""
        url = self.edit % one.public_id
        fetched = f'hx-get="{url}" hx-trigger="toggle from:closest details once"'
        form = wrong.form if wrong else f'<a class="menu__item" href="{url}">{escape(_("Edit"))}</a>'
        label = escape(_("Edit %(text)s") % {"text": one.text})
        return (
            f'<details class="crit__more" id="more-{one.public_id}-{one.version}" data-kept="{one.version}"'
            f'{" data-answer open" if wrong else ""} data-menu><summary class="btn btn--ghost btn--icon btn--sm" aria-label="{label}">'
            f'{pieces.icon("pencil", "icon--14")}</summary><div class="menu crit__form" {"" if wrong else fetched}>{form}</div></details>'
        )


def condition_rows(rows: Sequence[dict[str, str]], people: Sequence[Candidate]) -> SafeString:
    """Text, day and lead of each condition. They are not fetched when wanted, since a draft is offered back for them."""
    leads = [(person.public_id, person.name) for person in people]
    blank = pieces.options(leads)
    drawn = []
    for n, row in enumerate(rows, 1):
        options = pieces.options(leads, row["lead"]) if row["lead"] else blank
        names = {"n": n}
        drawn.append(
            f'<div class="cond"><input class="input" name="condition_text" maxlength="200" placeholder="{escape(_("What must be true"))}"'
            f' aria-label="{escape(_("Condition %(n)s") % names)}" value="{escape(row["text"])}"><div class="row">'
            f'<input class="input" type="date" name="condition_due" aria-label="{escape(_("Condition %(n)s is met by") % names)}"'
            f' value="{escape(row["due"])}"><select class="select" name="condition_lead"'
            f' aria-label="{escape(_("Who sees to condition %(n)s") % names)}"><option value="">{escape(_("Who"))}</option>'
            f"{options}</select></div></div>"
        )
    return pieces.joined(drawn)


def choice_rows(chosen: str, conditions: str) -> SafeString:
    """The five decisions to choose among; under the conditional go stand its `conditions`, as drawn."""
    drawn = []
    for verdict in Verdict:
        tone, picture = words.LOOKS[verdict]
        checked = " checked" if chosen == verdict.value else ""
        drawn.append(
            f'<label class="opt" data-tone="{tone}"><input type="radio" name="kind" value="{verdict.value}"{checked}>'
            f'<span class="opt__ic">{pieces.icon(picture, "icon--14")}</span><span class="grow"><b>{escape(str(verdict.label))}</b>'
            f"<small>{escape(str(verdict.about))}</small></span></label>"
        )
        if verdict is Verdict.CONDITIONAL:
            drawn.append(f'<div class="conds">{conditions}</div>')
    return pieces.joined(drawn)


def _standing(one: Asked) -> str:
    """Its state, who said so and when, and the evidence."""
    said = escape(str(CriterionState(one.state).label))
    if one.judge and one.state != CriterionState.OPEN:
        said += f", {escape(one.judge)} {ago(one.judged_at)}"
    return f"{said} · {escape(one.note)}" if one.note else said


def _error(sentence: str) -> str:
    icon = pieces.icon("circle-alert", "icon--14")
    return f'<span class="field__error" role="alert">{icon}<span>{escape(sentence)}</span></span>'
