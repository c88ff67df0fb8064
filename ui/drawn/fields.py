"""Inputs of forms with what belongs to them: label, hint and error."""

from typing import Any

from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select, Textarea
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from ui.glyphs import icon
from ui.words import gettext as _


def field(bound: BoundField, label: str = "", hint: str = "", css: str = "", **attributes: Any) -> SafeString:
    """A form field with label, hint and error tied to its input. Further arguments become its attributes."""
    kind = _kind(bound.field.widget)
    label, hint = label or bound.label, (hint or bound.help_text).strip()
    described = [f"{bound.auto_id}-hint"] if hint else []
    if bound.errors:
        described.append(f"{bound.auto_id}-error")
    attrs = {name.replace("_", "-"): value for name, value in attributes.items()}
    if kind in ("input", "select", "textarea"):
        attrs["class"] = " ".join(filter(None, [kind, css, bound.field.widget.attrs.get("class", "")]))
    elif kind == "switch":
        attrs["class"] = "switch"
    if bound.errors:
        attrs["aria-invalid"] = "true"
    if described:
        attrs["aria-describedby"] = " ".join(described)
    said = _said(bound, hint)
    control = bound.as_widget(attrs=attrs)
    if kind == "check":
        form = '<div class="field"><label class="check" for="{}">{}<span>{}</span></label>{}</div>'
        return format_html(form, bound.id_for_label, control, label, said)
    if isinstance(bound.field.widget, RadioSelect | CheckboxSelectMultiple):
        form = (
            '<fieldset class="field"><legend class="field__label">{}</legend>'
            '<div class="stack gap-2 choices">{}</div>{}</fieldset>'
        )
        return format_html(form, label, control, said)
    optional = ""
    if not bound.field.required:
        optional = format_html(' <span class="field__optional">{}</span>', _("optional"))
    form = '<div class="field"><label class="field__label" for="{}">{}{}</label>{}{}</div>'
    return format_html(form, bound.id_for_label, label, optional, control, said)


def _said(bound: BoundField, hint: str) -> SafeString:
    """What stands below an input: the hint, and what is wrong."""
    said = format_html('<span class="field__hint" id="{}-hint">{}</span>', bound.auto_id, hint) if hint else ""
    if not bound.errors:
        return mark_safe(said)  # noqa: S308  drawn above
    form = '{}<span class="field__error" id="{}-error">{}<span>{}</span></span>'
    wrong = " ".join(str(error) for error in bound.errors)
    return format_html(form, said, bound.auto_id, icon("circle-alert", "icon--14"), wrong)


def bare_field(bound: BoundField, typed: str = "", **attributes: Any) -> SafeString:
    """Only the input of a field, for a value that is edited in place; `typed` is what a person had entered."""
    kind = _kind(bound.field.widget)
    attrs = {"class": f"{kind} cell-edit is-editing", "data-input": "", "aria-label": str(bound.label), **attributes}
    return bound.field.widget.render(bound.html_name, typed or bound.field.prepare_value(bound.value()), attrs)


def form_errors(form: Any) -> SafeString:
    """What is wrong with the form as a whole; the fields speak for themselves."""
    errors = form.non_field_errors() if form.is_bound else []
    if not errors:
        return mark_safe("")
    return format_html(
        '<div class="banner" data-tone="bad" role="alert">{}<div class="grow">{}</div></div>',
        icon("circle-alert"),
        format_html_join("", "<p>{}</p>", ((error,) for error in errors)),
    )


def _kind(widget: Any) -> str:
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, CheckboxInput):
        return "check"
    if isinstance(widget, Select):
        return "select"
    if isinstance(widget, Textarea):
        return "textarea"
    return "input"
