"""Fuzz: whatever bytes come, `read` gives a Source or an ImportRefused, and every row an item or an error."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from roadmap.importing import ImportRefused, Mapping, ParsedItem, RowError, parse_rows, propose_mapping, read, resolve
from roadmap.importing.limits import LIMITS

FILES = sorted((Path(__file__).parent / "files").iterdir())
relaxed = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def import_all(content: bytes, **options) -> list[ParsedItem | RowError]:
    try:
        source = read(content, "x.csv", **options)
    except ImportRefused as refused:
        is_sentence(str(refused))
        return []
    mapping = propose_mapping(source)
    assert Mapping.from_json(json.loads(json.dumps(mapping.as_json()))) == mapping
    if mapping.questions():
        return []
    rows = list(parse_rows(source, mapping))
    assert len(rows) == source.row_count
    for row in rows:
        storable(row)
    resolve([row for row in rows if isinstance(row, ParsedItem)])
    return rows


def is_sentence(text: str) -> None:
    assert text[0].isupper()
    assert text.endswith(".")


def storable(row: ParsedItem | RowError) -> None:
    """Fits the item's columns, and is text that PostgreSQL takes."""
    if isinstance(row, RowError):
        assert row.reason
        return
    assert 0 < len(row.title) <= LIMITS.title
    assert 0 < len(row.source_id) <= LIMITS.source_id
    assert all(len(tag) <= LIMITS.tag for tag in row.tags)
    assert len(row.description) <= LIMITS.cell
    whole = json.dumps([row.title, row.description, row.tags, row.source_data], ensure_ascii=False)
    assert "\\u0000" not in whole
    whole.encode()


@relaxed
@given(st.binary(max_size=2_000))
@example(b"\x00\xd8\x00\xdc")
@example(b"Title\n\xff\xfe")
def test_any_bytes(content):
    import_all(content)
    import_all(content, pasted=True)


@relaxed
@given(st.text(alphabet=st.characters(codec="utf-8") | st.sampled_from(",;\t|\"\n\r'=\0"), max_size=1_500))
def test_any_text(content):
    import_all(content.encode())
    import_all(("Title,Status,Due date\n" + content).encode("utf-16"))


cells = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["", "=1+1", "'=1", "2026-02-30", "31/Nov/26", "1,5", "80%", "-1", "DSP-1", "Done", "x" * 300, "\0"]
    ),
)
headers = st.sampled_from(
    ["Title", "Summary", "Issue key", "Status", "Due date", "Start", "Reach", "Impact", "Effort", "Labels", "Labels",
     "Comment", "Parent", "ID", "Rank", "", "Custom field (X)", "Assignee", "Outward issue link (Blocks)", "Description"]
)  # fmt: skip


@relaxed
@given(st.lists(headers, min_size=1, max_size=12), st.lists(st.lists(cells, max_size=14), max_size=12))
def test_any_table_of_plausible_columns(header, rows):
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    import_all(out.getvalue().encode("utf-8", "surrogatepass"))


@relaxed
@given(st.sampled_from(FILES), st.data())
def test_a_real_file_damaged_anywhere(path, data):
    content = bytearray(path.read_bytes())
    for _change in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        kind = data.draw(st.sampled_from(["cut", "flip", "insert", "drop"]))
        if kind == "cut":
            del content[at:]
        elif kind == "flip":
            content[at] = data.draw(st.integers(0, 255))
        elif kind == "insert":
            content[at:at] = data.draw(st.sampled_from([b'"', b",", b"\n", b"\0", b"\xff", b"{", b"]", b"'="]))
        else:
            del content[at : at + data.draw(st.integers(1, 40))]
        if not content:
            return
    import_all(bytes(content))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
trello_cards = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("id", "name", "desc", "idList", "pos", "due", "labels", "idMembers", "closed", "checklists", "customFieldItems"), json_values)
)  # fmt: skip
github_issues = st.fixed_dictionaries(
    {"number": json_values, "title": json_values},
    optional=dict.fromkeys(
        ("body", "labels", "assignees", "milestone", "comments", "state", "html_url", "user"), json_values
    ),
)


@relaxed
@given(
    st.lists(trello_cards, max_size=5),
    st.dictionaries(st.sampled_from(["lists", "members", "actions", "checklists"]), json_values),
)
def test_any_trello_board(cards, rest):
    import_all(json.dumps({**rest, "cards": cards}).encode())


@relaxed
@given(st.lists(github_issues, max_size=5))
def test_any_github_issues(issues):
    import_all(json.dumps(issues).encode())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_files_themselves_are_whole(path):
    assert read(path).row_count >= 2
