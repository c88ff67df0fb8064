"""A mail's subject, text and HTML, all from one template.

A template extends `mail_layout` and fills the blocks subject, body and why with the tags of `{% load mail %}`:

    {% extends mail_layout %}{% load i18n mail %}
    {% block subject %}{% translate "Set a new password" %}{% endblock %}
    {% block body %}{% paragraph %}…{% endparagraph %}{% button url label %}{% endblock %}
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template import Context
from django.template.loader import get_template


@dataclass(frozen=True)
class Letter:
    subject: str
    text: str
    html: str


def render(name: str, context: dict[str, Any]) -> Letter:
    """The letter `templates/mail/<name>.html`. The subject is one line, whatever the context holds: no mail server takes another."""
    subject, _line, body = _render(name, context, "text").partition("\n")
    return Letter(" ".join(subject.split()), body.strip() + "\n", _render(name, context, "html"))


def address(path: str) -> str:
    """A link as mails carry it: from BASE_URL, never from the Host header of whoever caused the mail."""
    if path.startswith("/") and not path.startswith("//"):
        return settings.BASE_URL + path
    if path == settings.BASE_URL or path.startswith(settings.BASE_URL + "/"):
        return path
    raise ValueError(f"A mail links to this installation only: {path}")


def _render(name: str, context: dict[str, Any], form: str) -> str:
    template = get_template(f"mail/{name}.html").template  # type: ignore[attr-defined]
    layout = {"mail_form": form, "mail_layout": f"mail/_layout.{form}", "base_url": settings.BASE_URL}
    return template.render(Context({**context, **layout}, autoescape=form == "html")).lstrip()
