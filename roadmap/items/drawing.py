"""What repeats on an item's page and in its drawer: the red thread, links, history. Drawn in Python; every text is escaped here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from html import escape

from django.utils.formats import localize
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from changes.history import Entry, FieldChange
from roadmap.items.red_thread import Step
from roadmap.items.sections import Linked
from roadmap.models import Item
from ui import differing, formats, pieces
from ui.drawn.times import ago
from ui.words import gettext as _

EXCERPT = 120
#: Words that stay beside each difference of longer texts.
AROUND = 12


def thread(steps: Iterable[Step]) -> SafeString:
    """From signal to adoption: the steps of the red thread as a list."""
    return pieces.joined(map(_step, steps))


def _step(step: Step) -> str:
    current = ' aria-current="step"' if step.state == "now" else ""
    ahead = f'<span class="sr">, {escape(_("not yet"))}</span>' if step.state == "next" else ""
    title = escape(step.title)
    return (
        f'<li class="is-{step.state}"><a href="{escape(step.url)}"{current}><span class="thread__n">'
        f"<i>{pieces.icon(step.icon, 'icon--12')}</i>{escape(step.label)}{ahead}</span>"
        f'<b title="{title}">{title}</b><span>{escape(step.note)}</span></a></li>'
    )


def links(item: Item, linked: Iterable[Linked], workspace: str, today: date, token: str = "") -> SafeString:
    """Links as `item` has them; with a `token`, each can be taken away."""
    remove = pieces.address("roadmap:link_remove", workspace, item.product.key, str(item.number)) if token else ""
    return pieces.joined(_link(one, workspace, today, remove, token) for one in linked)


def _link(one: Linked, workspace: str, today: date, remove: str, token: str) -> str:
    far = one.item
    url = pieces.address("roadmap:item", workspace, far.product) % far.number
    span = f" · {escape(formats.span(far.starts_on, far.ends_on, today))}" if far.ends_on else ""
    late = f" · {escape(_('the dates overlap'))}" if one.is_late else ""
    css, form = ' class="is-bad"' if one.is_late else "", ""
    if remove:
        action, key = remove % one.public_id, {"key": far.key}
        form = (
            f'<form method="post" action="{action}" hx-post="{action}" hx-target="#item-links" hx-swap="outerHTML">'
            f'<input type="hidden" name="csrfmiddlewaretoken" value="{escape(token)}">'
            '<button class="btn btn--ghost btn--icon btn--sm"'
            f' aria-label="{escape(_("Remove the link to %(key)s") % key)}">{pieces.icon("x", "icon--14")}</button></form>'
        )
    return (
        f'<li{css}><span class="lnks__k">{escape(str(one.word))}</span>'
        f'<div class="grow"><a href="{url}">{pieces.status(far.status, far.category, text=False)} {escape(far.title)}</a>'
        f'<span class="{"lnks__bad" if one.is_late else "faint"}">{escape(far.key)}{span}{late}</span></div>{form}</li>'
    )


def imported(item: Item) -> SafeString:
    """The columns of its import that have no field here: name, value."""
    told = (
        (name, value if isinstance(value, str) else str(localize(value))) for name, value in item.source_data.items()
    )
    return pieces.joined(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in told)


def history(entries: Iterable[Entry], workspace: str, member: int | None = None, token: str = "") -> SafeString:
    """Who changed which field from what to what, and when. What `member` changed can be turned back."""
    undo = pieces.address("changes:undo", workspace)
    return pieces.joined(_entry(one, undo, member, token) for one in entries)


def _entry(entry: Entry, undo: str, member: int | None, token: str) -> str:
    change = entry.change
    who = change.who
    told = escape(_("made it"))
    if entry.fields:
        told = f"{escape(_('changed'))} {', '.join(map(_field, entry.fields))}"
    form = ""
    if entry.fields and member is not None and change.member_id == member:
        form = (
            f'<form method="post" action="{undo % change.pk}"><input type="hidden" name="csrfmiddlewaretoken"'
            f' value="{escape(token)}"><button class="btn btn--ghost btn--sm">{pieces.icon("undo-2", "icon--14")}'
            f"{escape(_('Undo'))}</button></form>"
        )
    why = f'<q class="hist__why">{escape(change.reason)}</q>' if change.reason else ""
    return (
        f'<li>{pieces.face(who, label=False)}<div class="grow"><b>{escape(who)}</b> {told}{why}</div>'
        f'<span class="faint fs-12 nowrap">{ago(change.at)}</span>{form}</li>'
    )


def _field(field: FieldChange) -> str:
    if len(field.before) > EXCERPT or len(field.after) > EXCERPT:
        text = differing.words(field.before, field.after, around=AROUND)
        return f'<span class="dff">{escape(field.label)} <span class="dff--text">{text}</span></span>'
    before = f"<del>{_short(field.before)}</del> " if field.before else ""
    after = f"<ins>{_short(field.after)}</ins>" if field.after else escape(_("nothing"))
    arrow = pieces.icon("arrow-right", "icon--12 inl")
    return f'<span class="dff">{escape(field.label)} {before}{arrow} {after}</span>'


def _short(text: str) -> str:
    return escape(text if len(text) <= EXCERPT else Truncator(text).chars(EXCERPT))
