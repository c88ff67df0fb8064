"""Markdown as people write it in descriptions and comments, and nothing that runs."""

import re
from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {
    *("a", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p"),
    *("pre", "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto"}

_parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])


@lru_cache(maxsize=1024)
def html_of(text: str) -> SafeString:
    """Safe HTML of a Markdown text: no raw HTML, no images, links marked as not ours."""
    html = nh3.clean(
        _parser.render(text),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )
    return mark_safe(_lower_headings(html))  # noqa: S308  cleaned by nh3 above


def _lower_headings(html: str) -> str:
    """A text stands below its page's headings: its first level becomes the fourth."""
    for level in range(6, 0, -1):
        lower = min(6, level + 3)
        html = html.replace(f"<h{level}>", f"<h{lower}>").replace(f"</h{level}>", f"</h{lower}>")
    return html


#: Marks and what is left of them, one after the other: links and pictures, tables' rules and bars, headings and quotes, points, emphasis.
#: Each looks only so far, so that no text makes it slow.
_MARKS = [
    (re.compile(pattern, re.MULTILINE), left)
    for pattern, left in (
        (r"!?\[([^\]\n]{0,400})\]\((?:<[^>\n]{0,2000}>|[^)\s]{0,2000})(?: {1,9}\"[^\"\n]{0,400}\")?\)", r"\1"),
        (r"^[ \t]{0,9}\|?[ \t]{0,9}:?-{3,200}:?[ \t]{0,9}(?:\|[ \t:-]{0,200})*$\n?", ""),
        (r"^[ \t]{0,9}\|[ \t]{0,9}|(?<![ \t])[ \t]{0,9}\|[ \t]{0,9}$", ""),
        (r"(?<![ \t])[ \t]{1,9}\|[ \t]{1,9}", ", "),
        (r"^[ \t]{0,9}(?:#{1,6}[ \t]{1,9}|>[ \t]?|```.{0,200}$)", ""),
        (r"^([ \t]{0,9})[-*+][ \t]{1,9}(?:\[[ xX]\][ \t]{1,9})?", r"\1• "),
        (r"(?<!\\)(\*\*|__|~~)(?=\S)(.{1,400}?)(?<=[^\s\\])\1", r"\2"),
        (r"(?<![\w*\\])([*_])(?=[^\s*_])(.{1,400}?)(?<=[^\s*_\\])\1(?![\w*])", r"\2"),
        (r"`([^`\n]{1,400})`", r"\1"),
        (r"\\([\\`*_{}\[\]()#+\-.!|<>~])", r"\1"),
        (r"\n{3,}", "\n\n"),
    )
]


@lru_cache(maxsize=4096)
def words_of(text: str) -> str:
    """A Markdown text without its marks, line by line: for where only words fit, as on cards and in files."""
    for mark, left in _MARKS:
        text = mark.sub(left, text)
    return text.strip()
