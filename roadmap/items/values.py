"""How each field of an item reads, on its page and in its drawer: one function a field, HTML out of the item.

A person who may edit sees the value as a link to its editor, which is fetched when it is wanted (`items/214/field/status/`; a
page of its own without JavaScript): fifteen forms with all their choices were half of the drawer's work.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy

from roadmap.backlog.cells import plain
from roadmap.forms import ItemForm
from roadmap.items import how_far
from roadmap.items.answers import AUDIENCES
from roadmap.models import Item, scoring_of
from roadmap.scores.factor_fields import PREFIX
from roadmap.scores.factors import Factor
from ui import formats, markdown, pieces
from ui.drawn import faces, states
from ui.words import gettext as _

LABELS = {name: field.label for name, field in ItemForm.base_fields.items()}
Read = Callable[[Item, date], Any]


def _day(value: date | None, today: date) -> Any:
    return formats.day(value, today) if value else _("Not set")


def _description(item: Item, today: date) -> Any:
    if item.description:
        return markdown.html_of(item.description)
    hint = escape(_("Describe it: who has the need, what happens today, what would be better"))
    return mark_safe(f'<span class="faint">{hint}</span>')  # noqa: S308 - escaped above


def _tags(item: Item, today: date) -> Any:
    if not item.tags:
        return _("None")
    return pieces.joined(f'<span class="tag">{escape(tag)}</span> ' for tag in item.tags)


@lru_cache(maxsize=256)
def _word(name: str, value: str, language: str | None) -> str:
    """What a choice is called: Django's own way makes all choices hashable each time, at 40 µs."""
    field: Any = Item._meta.get_field(name)
    return str(dict(field.flatchoices).get(value, value))


def _type(item: Item) -> Any:
    found = item.own_type
    return pieces.item_type(found.name, found.icon, found.tone)


READ: dict[str, Read] = {
    "title": lambda item, today: item.title,
    "status": lambda item, today: states.status(item.status.name, item.status.category),
    "type": lambda item, today: _type(item),
    "lead": lambda item, today: faces.person(item.lead.name if item.lead else ""),
    "objective": lambda item, today: item.objective or _("Not set"),
    "problem": lambda item, today: item.problem or _("Not set"),
    "release": lambda item, today: item.release or _("Not planned"),
    "component": lambda item, today: item.component or _("Not set"),
    "horizon": lambda item, today: _word("horizon", item.horizon, get_language()),
    "is_internal": lambda item, today: dict(AUDIENCES)[str(int(item.is_internal))],
    "starts_on": lambda item, today: _day(item.starts_on, today),
    "ends_on": lambda item, today: _day(item.ends_on, today),
    "certainty": lambda item, today: _word("certainty", item.certainty, get_language()),
    "progress_from": lambda item, today: how_far.told(item),
    "progress": lambda item, today: f"{item.progress}%" if item.progress is not None else _("How far, in %"),
    "tags": _tags,
    "description": _description,
    "reach": lambda item, today: plain(item.reach) or formats.NOT_SET,
    "impact": lambda item, today: plain(item.impact) or formats.NOT_SET,
    "confidence": lambda item, today: f"{item.confidence}%" if item.confidence is not None else formats.NOT_SET,
    "effort": lambda item, today: plain(item.effort) or formats.NOT_SET,
}


def made_of(item: Item, today: date) -> tuple[Hashable, ...]:
    """All that is drawn of an item's properties and scores: title and description, which may be long, are drawn each time."""
    own, lead, scoring = item.own_type, item.lead, scoring_of(item.product)
    return (
        *(today, item.number, item.change_id, item.status.name, item.status.category, own.name, own.icon, own.tone),
        *(lead.name if lead else None, _name(item.objective), _name(item.problem), _name(item.component)),
        *(_name(item.release), item.horizon, item.starts_on, item.ends_on, item.certainty, item.progress_from),
        *(item.progress, item.is_internal, tuple(item.tags), item.reach, item.impact, item.confidence, item.effort),
        *(repr(item.factors), repr(item.measured), item.score, item.second_score, scoring.told),
    )


def _name(row: Any) -> str | None:
    return None if row is None else str(row)


#: What stands beside a value where its field asks something narrower.
SAID = {"progress_from": gettext_lazy("Progress")}


def label_of(name: str) -> SafeString:
    """What people call a field that forms know, escaped."""
    return _label(name, get_language())


@lru_cache(maxsize=256)
def _label(name: str, language: str | None) -> SafeString:
    return escape(str(SAID.get(name) or LABELS[name]))


def progress_anew(item: Item, today: date, address: str) -> SafeString:
    """How far it has come, in the place where that stands, after something was done that it is counted from."""
    drawn = shown(item, "progress_from", today, address=address)
    return mark_safe(drawn.replace("<c-edit ", '<c-edit hx-swap-oob="true" ', 1))  # noqa: S308 - shown() escapes


def by_hand(item: Item, today: date, *, address: str = "", anew: bool = False) -> SafeString:
    """The number beside the progress, where that is set by hand; its place where it is not. `anew`: in the place of the one that stands there."""
    number = shown(item, "progress", today, address=address) if how_far.takes_number(item) else ""
    swap = ' hx-swap-oob="true"' if anew else ""
    return mark_safe(f'<span id="by-hand-{item.number}"{swap}>{number}</span>')  # noqa: S308 - shown() escapes


def factor_of(item: Item, name: str) -> Factor | None:
    """The factor of its product's scorecards that forms call `name`, unless it is a column, which has a name of its own."""
    key = name.removeprefix(PREFIX)
    return scoring_of(item.product).factor(key) if key != name else None


def is_editable(item: Item, name: str) -> bool:
    """Whether there is an editor for it."""
    factor = factor_of(item, name)
    return name in READ or (factor is not None and not factor.live)


def read(item: Item, name: str, today: date) -> SafeString:
    """The value as people read it."""
    factor = factor_of(item, name)
    if factor is not None:
        return escape(factor.shown({**item.factors, **item.measured}.get(factor.key)))
    value = READ[name](item, today)
    return value if isinstance(value, SafeString) else escape(value)


def shown(item: Item, name: str, today: date, *, address: str = "", css: str = "") -> SafeString:
    """The value, with the way to its editor where `address` (of the item) is given."""
    value = read(item, name, today)
    if not address:
        return mark_safe(f'<span class="{css}">{value}</span>')  # noqa: S308 - read() escapes
    # The editor is about the version that stands here, whatever somebody saves before it comes.
    query = f"?seen={item.change_id}{f'&amp;css={css}' if css else ''}"
    factor = factor_of(item, name)
    url, label = f"{address}field/{name}/{query}", escape(str(factor.name)) if factor else label_of(name)
    if "<a " in value:  # a link holds no link: it stands beside the text, whose own links stay links
        words = f'{pieces.icon("pencil", "icon--14")}{escape(_("Edit"))}<span class="sr">: {label}</span>'
        return mark_safe(  # noqa: S308 - read() escapes
            f'<c-edit id="field-{item.number}-{name}"><div class="{css}">{value}</div><a class="btn btn--ghost btn--sm"'
            f' href="{url}" role="button" data-show hx-get="{url}" hx-target="closest c-edit" hx-swap="outerHTML">{words}</a></c-edit>'
        )
    return mark_safe(  # noqa: S308 - read() escapes
        f'<c-edit id="field-{item.number}-{name}"><a class="cell-edit cell-edit--text {css}" href="{url}" role="button" data-show'
        f' hx-get="{url}" hx-target="closest c-edit" hx-swap="outerHTML">'
        f'<span class="sr">{label}: </span>{value}</a></c-edit>'
    )
