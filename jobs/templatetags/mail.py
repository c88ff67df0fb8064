"""What mails are made of. Each tag draws itself as text and as HTML."""

from __future__ import annotations

from django import template
from django.template.base import Node, NodeList, Parser, Token
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from jobs.letters import address

register = template.Library()


class OneLine(Node):
    """A block whose text is one line, so that what people typed can add neither lines nor headers."""

    def __init__(self, content: NodeList, html: str, text: str) -> None:
        self.content, self.html, self.text = content, html, text

    def render(self, context: template.Context) -> SafeString:
        inner = " ".join(self.content.render(context).split())
        if context["mail_form"] == "html":
            return mark_safe(self.html.replace("{}", inner))  # noqa: S308  escaped where the context was drawn
        return mark_safe(self.text.replace("{}", inner))  # noqa: S308  plain text


def _one_line(name: str, html: str, text: str) -> None:
    def compile_block(parser: Parser, token: Token) -> OneLine:
        content = parser.parse((f"end{name}",))
        parser.delete_first_token()
        return OneLine(content, html, text)

    register.tag(name, compile_block)


_one_line("subject", "{}", "{}\n")
_one_line("paragraph", '<p style="margin:0 0 16px">{}</p>', "{}\n\n")
_one_line("heading", '<h2 style="margin:24px 0 8px;font-size:15px">{}</h2>', "{}\n\n")
_one_line(
    "quote",
    '<blockquote style="margin:0 0 16px;padding:8px 12px;border-left:3px solid #d9d6cc;color:#53565f">{}</blockquote>',
    "> {}\n\n",
)


@register.simple_tag(takes_context=True)
def button(context: template.Context, url: str, label: str) -> SafeString:
    """The one thing to do next."""
    link = address(url)
    if context["mail_form"] == "text":
        return mark_safe(f"{label}:\n{link}\n\n")  # noqa: S308  plain text
    return format_html(
        '<p style="margin:24px 0"><a href="{}" style="display:inline-block;padding:10px 18px;border-radius:8px;'
        'background:#1b1c20;color:#ffffff;text-decoration:none;font-weight:600">{}</a></p>',
        link,
        label,
    )


@register.simple_tag(takes_context=True)
def link(context: template.Context, url: str, label: str) -> SafeString:
    """A link of its own line."""
    target = address(url)
    if context["mail_form"] == "text":
        return mark_safe(f"{label}: {target}\n")  # noqa: S308  plain text
    return format_html('<p style="margin:0 0 8px"><a href="{}" style="color:#1f4fc4">{}</a></p>', target, label)
