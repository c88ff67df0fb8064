from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from roadmap.importing.wiki import to_markdown


@pytest.mark.parametrize(
    ("wiki", "markdown"),
    [
        ("h1. One", "# One"),
        ("h3. *Bold* one", "### **Bold** one"),
        ("*bold* _italic_ -struck- +inserted+ ??cited??", "**bold** *italic* ~~struck~~ inserted *cited*"),
        ("*_both_*", "***both***"),
        ("{{code.span}} and {{a `tick`}}", "`code.span` and `` a `tick` ``"),
        ("* a\n** b\n*** c\n* d", "- a\n  - b\n    - c\n- d"),
        ("# a\n## b\n# c", "1. a\n   1. b\n1. c"),
        ("* a\n*# b", "- a\n  1. b"),
        ("- a\n- b", "- a\n- b"),
        ("text\n* a\nmore", "text\n\n- a\n\nmore"),
        ("[Cradle|https://a.example/x]", "[Cradle](<https://a.example/x>)"),
        ("[a|https://a.example/x|smart-link]", "[a](<https://a.example/x>)"),
        ("[https://a.example/a_b_c]", "<https://a.example/a_b_c>"),
        ("see https://a.example/_x_/*y*?q=1-2-3", "see https://a.example/_x_/*y*?q=1-2-3"),
        ("[~maya] and [~accountid:712020:11f0] and [Maya|~accountid:712020:11f0]", "@maya and @712020:11f0 and @Maya"),
        ("[^report.pdf]", "*(report.pdf)*"),
        ("!shot.png|width=541,alt=\"shot.png\"! after", "*(shot.png)* after"),
        ("!https://a.example/x.png!", "[https://a.example/x.png](<https://a.example/x.png>)"),
        ("bq. Said so\nand then", "> Said so\n\nand then"),
        ("{quote}\none\ntwo\n{quote}", "> one\n> two"),
        ("before{quote}in{quote}after", "before\n\n> in\n\nafter"),
        ("{code:python|title=x.py}\nif *x*:\n    pass\n{code}", "```python\nif *x*:\n    pass\n```"),
        ("{noformat}\n*raw* ``` fence\n{noformat}", "````\n*raw* ``` fence\n````"),
        ("{code}\n{quote}not a quote{quote}\n{code}", "```\n{quote}not a quote{quote}\n```"),
        ("{panel:title=Note|borderStyle=dashed}\nMind the gap\n{panel}", "> **Note**\n>\n> Mind the gap"),
        ("{color:red}hot{color} {color:#ff0000}hotter{color}", "hot hotter"),
        ("||a||b||\n|1|2|\n|[x|https://a.example]|*3*|",
         "| a | b |\n| --- | --- |\n| 1 | 2 |\n| [x](<https://a.example>) | **3** |"),
        ("|1|2|", "|  |  |\n| --- | --- |\n| 1 | 2 |"),
        ("over\n----\nunder", "over\n\n---\n\nunder"),
        ("one\\\\two", "one  \ntwo"),
        (r"\{not code\} \*not bold\*", r"\{not code\} \*not bold\*"),
        ("{code}never closed", "{code}never closed"),
        ("{unknown}stays{unknown}", "{unknown}stays{unknown}"),
    ],
)  # fmt: skip
def test_markup(wiki, markdown):
    assert to_markdown(wiki) == markdown


@pytest.mark.parametrize(
    "plain",
    ["", "Two loads of skyr went over 8 °C.", "snake_case_name and a-b-c and 10-20-30", "pre-trip from -18 to -20 °C",
     "5 * 3 is no list\n\nnor is # this", "C:\\Users\\x", "a [tag] here", "wow! really! yes", "€940k + €2.1M",
     "- [x] done\n- [ ] open", "line\nline\n\nparagraph"],
)  # fmt: skip
def test_text_without_markup_keeps_its_words(plain):
    """An asterisk that marks nothing is escaped; otherwise nothing changes."""
    assert to_markdown(plain).replace("\\*", "*") == plain


def test_what_markdown_would_take_for_html_or_emphasis_stays_visible():
    rendered = MarkdownIt().render(to_markdown("List<Route> of 3*4*5 <script>alert(1)</script>"))
    assert "List&lt;Route&gt;" in rendered
    assert "3*4*5" in rendered
    assert "<script" not in rendered


def test_a_link_to_a_script_is_no_link():
    rendered = MarkdownIt().render(to_markdown("[x|javascript:alert(1)] [javascript:alert(1)]"))
    assert "href" not in rendered


def test_markdown_renders_to_what_jira_showed():
    rendered = (
        MarkdownIt().enable("table").render(to_markdown("h2. Plan\n* one\n** two\n# three\n||a||b||\n|1|2|\n----"))
    )
    for tag in ("<h2>", "<ul>", "<ol>", "<table>", "<hr"):
        assert tag in rendered


@pytest.mark.parametrize(
    "bad",
    ["*", "_a", "{code}", "{quote}", "[a|", "!a.", "{{", "|", "-a ", "*a ", "\\", "[[", "*a\n", "{code:", "??a", "#", "{panel:",
     "{color:red}", "h1. ", "||", "[a|b|c", "_*", "bq. ", "{noformat}{code}", "+a", "<a", "https://"],
)  # fmt: skip
def test_a_hostile_description_costs_what_its_length_costs(bad):
    started = time.monotonic()
    to_markdown(bad * (100_000 // len(bad)))
    assert time.monotonic() - started < 2


@given(st.text(alphabet="*_-+?{}[]|!#\\^~ abh1.\ncodequtpanl:/<>`", max_size=300))
def test_nothing_makes_it_stumble(text):
    to_markdown(text)


@given(st.text(alphabet=st.characters(categories=["L", "Nd", "Zs"]), max_size=200))
def test_words_alone_never_change(text):
    assert to_markdown(text) == text.strip("\n")
