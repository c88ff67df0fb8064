from __future__ import annotations

import pytest

from ui.markdown import html_of


def test_it_knows_what_people_write():
    html = html_of("**Bold** and `code`\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")
    for part in ("<strong>Bold</strong>", "<code>code</code>", "<li>one</li>", "<td>1</td>"):
        assert part in html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "![x](https://evil.example/pixel.png)",
        "<img src=x onerror=alert(1)>",
        '<a href="https://x" onclick="alert(1)">x</a>',
        "<svg onload=alert(1)>",
        "<iframe src=//evil.example></iframe>",
        "[x](<javascript:alert(1)>)",
        '"><style>*{display:none}</style>',
    ],
)
def test_nothing_in_it_runs_or_loads(text: str):
    html = html_of(text)
    tags = [part.split(">")[0] for part in html.split("<")[1:]]
    assert not any(tag.split()[0].lower() in {"script", "img", "iframe", "svg", "style"} for tag in tags)
    assert not any("javascript:" in tag.lower() or "data:" in tag.lower() or " on" in tag.lower() for tag in tags)


def test_links_of_others_give_no_hint_where_they_stand():
    assert 'rel="noopener noreferrer nofollow"' in html_of("[x](https://example.com)")


def test_headings_stand_below_those_of_the_page():
    assert "<h4>Title</h4>" in html_of("# Title")
