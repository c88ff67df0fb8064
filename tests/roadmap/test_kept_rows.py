"""Rows that were drawn before are not drawn again, and never show what is not so any more."""

from __future__ import annotations

from decimal import Decimal

import pytest

from roadmap.backlog import kept_rows
from roadmap.backlog.sheet import Sheet
from tests.cast import Cast
from tests.factories import make_item, status

BACKLOG = "/w/polarline/p/DSP/backlog/"


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the rows that were drawn, one after another."""
    kept_rows._rows.clear()
    numbers, draw = [], Sheet._row
    monkeypatch.setattr(Sheet, "_row", lambda sheet, row: numbers.append(row.number) or draw(sheet, row))
    return numbers


def test_a_row_is_drawn_again_when_it_changed_and_the_others_are_not(cast: Cast, as_member, drawn):
    first, second = make_item(cast.product, "First"), make_item(cast.product, "Second")
    mona = as_member(cast.mona)
    mona.get(BACKLOG)
    assert drawn == [first.number, second.number]
    second.edit(title="Second, <b>renamed</b>", by=cast.actor("mona"))
    page = mona.get(BACKLOG).content.decode()
    assert drawn == [first.number, second.number, second.number]
    assert "Second, &lt;b&gt;renamed&lt;/b&gt;" in page


def test_what_a_row_says_of_others_is_never_an_old_one(cast: Cast, as_member):
    ready = status(cast.workspace, "Ready")
    make_item(cast.product, "First", status=ready)
    mona = as_member(cast.mona)
    assert ">Ready<" in mona.get(BACKLOG).content.decode()
    ready.edit(name="Groomed", by=cast.actor("alice"))
    page = mona.get(BACKLOG).content.decode()
    assert ">Groomed<" in page
    assert '<span class="status__text">Ready</span>' not in page


def test_a_score_is_drawn_against_the_highest_of_its_page(cast: Cast, as_member):
    make_item(cast.product, "Low", reach=100, impact=Decimal(1), confidence=100, effort=Decimal(1))
    mona = as_member(cast.mona)
    assert 'style="--v:100">100<' in mona.get(BACKLOG).content.decode()
    make_item(cast.product, "High", reach=400, impact=Decimal(1), confidence=100, effort=Decimal(1))
    assert 'style="--v:25">100<' in mona.get(BACKLOG).content.decode()


def test_who_may_only_read_gets_no_row_of_who_may_edit(cast: Cast, as_member):
    make_item(cast.product, "First")
    assert "data-grab" in as_member(cast.mona).get(BACKLOG).content.decode()
    assert "data-grab" not in as_member(cast.carol).get(BACKLOG).content.decode()


def test_no_more_rows_are_kept_than_fit(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(kept_rows, "KEPT", 2)
    monkeypatch.setattr(kept_rows, "_rows", type(kept_rows._rows)())
    for key in "abc":
        kept_rows.kept(key, str.upper, key)
    assert list(kept_rows._rows.values()) == ["B", "C"]
