"""How form controls become HTML. Django draws each option of a select by a template of its own, which made the forms
the dearest part of a page; here the same HTML is joined in Python. What is not named below Django draws as ever."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

INPUTS = ("text", "email", "number", "password", "url", "hidden", "date", "checkbox", "input")


class Renderer(DjangoTemplates):
    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        draw = DRAWN.get(template_name)
        return draw(context["widget"]) if draw else super().render(template_name, context, request)


def attributes(attrs: dict[str, Any]) -> str:
    """True stands for the bare name, False and None of an attribute for its absence."""
    written = []
    for name, value in attrs.items():
        if value is True:
            written.append(f" {escape(name)}")
        elif value is not False:
            written.append(f' {escape(name)}="{escape(str(value))}"')
    return "".join(written)


def one_input(widget: dict[str, Any]) -> SafeString:
    value = "" if widget["value"] is None else f' value="{escape(str(widget["value"]))}"'
    start = f'<input type="{escape(widget["type"])}" name="{escape(widget["name"])}"{value}'
    return mark_safe(f"{start}{attributes(widget['attrs'])}>")


def textarea(widget: dict[str, Any]) -> SafeString:
    """The line break at the start is not part of the value: browsers leave out the first one."""
    value = "" if widget["value"] is None else escape(str(widget["value"]))
    return mark_safe(f'<textarea name="{escape(widget["name"])}"{attributes(widget["attrs"])}>\n{value}</textarea>')


def select(widget: dict[str, Any]) -> SafeString:
    parts = [f'<select name="{escape(widget["name"])}"{attributes(widget["attrs"])}>']
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(f'<optgroup label="{escape(group)}">')
        parts.extend(
            f'<option value="{escape(str(one["value"]))}"{attributes(one["attrs"])}>{escape(one["label"])}</option>'
            for one in options
        )
        if group:
            parts.append("</optgroup>")
    return mark_safe("".join([*parts, "</select>"]))


def choices(widget: dict[str, Any]) -> SafeString:
    """Radio buttons or checkboxes, each in its label."""
    own = {name: value for name, value in widget["attrs"].items() if name in ("id", "class") and value}
    parts = [f"<div{attributes(own)}>"]
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(f"<div><label>{escape(group)}</label>")
        for one in options:
            target = f' for="{escape(one["attrs"]["id"])}"' if one["attrs"].get("id") else ""
            parts.append(f"<div><label{target}>{one_input(one)} {escape(one['label'])}</label></div>")
        if group:
            parts.append("</div>")
    return mark_safe("".join([*parts, "</div>"]))


DRAWN: dict[str, Callable[[dict[str, Any]], SafeString]] = {
    **{f"django/forms/widgets/{name}.html": one_input for name in INPUTS},
    "django/forms/widgets/textarea.html": textarea,
    "django/forms/widgets/select.html": select,
    "django/forms/widgets/radio.html": choices,
    "django/forms/widgets/checkbox_select.html": choices,
}
