"""An item's fields in templates: `{% load items %}{% item_field "title" "drawer__title" %}`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django import template
from django.utils.safestring import SafeString

from roadmap.items import drawing as item_drawing
from roadmap.items import values
from roadmap.items.sections import Trouble
from roadmap.models import Item
from roadmap.scores import scorebox
from ui import pieces
from ui.templatetags.ui import today_of

register = template.Library()


@register.simple_tag(takes_context=True)
def item_value(context: template.Context, name: str) -> SafeString:
    """A field of `item` as it is read."""
    return values.read(context["item"], name, today_of(context))


@register.simple_tag(takes_context=True)
def item_field(context: template.Context, name: str, css: str = "") -> SafeString:
    """A field of `item`, with the way to its editor for those who `may_edit`."""
    item: Item = context["item"]
    return values.shown(item, name, today_of(context), address=context.get("item_url", ""), css=css)


@register.simple_tag(takes_context=True)
def item_props(context: template.Context, *names: str) -> SafeString:
    """Fields as a list of properties: label, value."""
    return pieces.joined(
        f'<dt>{values.label_of(name)}</dt><dd class="is-editable">{item_field(context, name)}{_beside(context, name)}</dd>'
        for name in names
    )


def _beside(context: template.Context, name: str) -> str:
    return item_by_hand(context) if name == "progress_from" else ""


@register.simple_tag(takes_context=True)
def item_by_hand(context: template.Context, anew: bool = False) -> SafeString:
    """The number of an `item` whose progress is set by hand."""
    return values.by_hand(context["item"], today_of(context), address=context.get("item_url", ""), anew=anew)


@register.simple_tag(takes_context=True)
def red_thread(context: template.Context) -> SafeString:
    """The `steps` of the item's red thread."""
    return item_drawing.thread(context["steps"]())


@register.simple_tag(takes_context=True)
def item_links(context: template.Context) -> SafeString:
    """The links of `item`; those who `may_edit` can take each away."""
    request = context["request"]
    token = str(context.get("csrf_token", "")) if context.get("may_edit") else ""
    linked = context["sections"].links
    return item_drawing.links(context["item"], linked, request.workspace.slug, today_of(context), token)


@register.simple_tag(takes_context=True)
def item_history(context: template.Context) -> SafeString:
    """The `entries` of its history; those who `may_edit` can turn back what they did."""
    request = context["request"]
    member = request.member.pk if context.get("may_edit") else None
    token = str(context.get("csrf_token", ""))
    return item_drawing.history(context["entries"], request.workspace.slug, member, token)


@register.simple_tag(takes_context=True)
def item_imported(context: template.Context) -> SafeString:
    """What else came with `item` from where it was imported."""
    return item_drawing.imported(context["item"])


@register.simple_tag
def choices_of(
    choices: Iterable[tuple[str, object]], trouble: Trouble | None, name: str = "", kept: str = ""
) -> SafeString:
    """The options of a select; chosen is what was typed where it was refused, else what is kept."""
    typed = trouble.typed if trouble is not None and isinstance(trouble.typed, Mapping) else {}
    return pieces.options(choices, str(typed.get(name, "")) or kept)


@register.simple_tag(takes_context=True)
def score_box(context: template.Context) -> SafeString:
    """The scores of `item` with their factors."""
    return scorebox.box(context["item"], today_of(context), context.get("item_url", ""))


@register.simple_tag(takes_context=True)
def score_totals(context: template.Context) -> SafeString:
    """The scores of `item`, put into the page that is there."""
    return scorebox.totals(context["item"], swapped=True)
