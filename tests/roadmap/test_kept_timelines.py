"""A timeline that was drawn before is not drawn again, and never shows what is not so any more, or what another one sees."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from datetime import date, timedelta

import pytest

from accounts.together import Together
from config import clock
from products.models import KeyResult, Objective
from roadmap.models import ItemLink, Release
from roadmap.timelines import kept_timelines
from roadmap.timelines.drawing import Drawn
from roadmap.timelines.kept_timelines import Shelf
from tests.cast import Cast
from tests.factories import SYSTEM, make_item, status

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 19)
ROADMAP = "/w/polarline/p/DSP/roadmap/?zoom=quarter&at=2026-11-19"


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> OrderedDict[Hashable, Drawn]:
    """The timelines that were drawn to be kept."""
    monkeypatch.setattr(kept_timelines, "shelf", Shelf(kept_timelines.MOST))
    return kept_timelines.shelf.drawn


def dated(product, title: str, **fields):
    return make_item(product, title, starts_on=DAY, ends_on=DAY + timedelta(days=20), **fields)


def test_a_timeline_is_drawn_once_and_again_when_a_bar_changed(cast: Cast, as_member, kept):
    item = dated(cast.product, "First")
    mona, anton = as_member(cast.mona), as_member(cast.anton)
    pages = [mona.get(ROADMAP).text, anton.get(ROADMAP).text, mona.get(ROADMAP).text]
    assert len(kept) == 1
    assert all("First" in page for page in pages)
    item.edit(title="Second, <b>renamed</b>", by=cast.actor("mona"))
    page = anton.get(ROADMAP).text
    assert len(kept) == 2
    assert "Second, &lt;b&gt;renamed&lt;/b&gt;" in page
    assert "First" not in page


def test_whatever_a_timeline_tells_of_has_it_drawn_anew(cast: Cast, as_member, kept):
    goal = Objective.add(cast.workspace, product=cast.product, name="Goal", by=SYSTEM)
    first, second = dated(cast.product, "First", type="epic", objective=goal), dated(cast.product, "Second")
    mona = as_member(cast.mona)
    changes = [
        lambda: Release.plan(cast.product, "Release", by=SYSTEM, ends_on=DAY),
        lambda: ItemLink.add(second, "needs", first, by=SYSTEM),
        lambda: KeyResult.add_to(goal, name="Result", start=0, target=10, now=4, by=SYSTEM),
        lambda: status(cast.workspace, first.status.name).edit(name="Called otherwise", by=SYSTEM),
        lambda: make_item(cast.product, "Below", parent=first, status=status(cast.workspace, "Shipped")),
    ]
    mona.get(ROADMAP)
    for count, change in enumerate(changes, start=2):
        change()
        mona.get(ROADMAP)
        assert len(kept) == count


def test_who_may_move_nothing_gets_a_drawing_of_their_own(cast: Cast, as_member, kept):
    dated(cast.product, "First")
    assert "data-seen" in as_member(cast.mona).get(ROADMAP).text
    assert "data-seen" not in as_member(cast.carol).get(ROADMAP).text
    assert len(kept) == 2


def test_another_address_or_another_day_has_a_drawing_of_its_own(cast: Cast, as_member, kept, monkeypatch):
    dated(cast.product, "First")
    mona = as_member(cast.mona)
    for count, query in enumerate(["", "&colours=health", "&fold=-", "&lanes=none", "&zoom=year"], start=1):
        mona.get(f"{ROADMAP}{query}")
        assert len(kept) == count
    tomorrow = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    mona.get(ROADMAP)
    assert len(kept) == count + 1


def test_a_chain_to_a_release_is_not_kept(cast: Cast, as_member, kept):
    release = Release.plan(cast.product, "Release", by=SYSTEM, ends_on=DAY)
    dated(cast.product, "First", release=release)
    assert "is-chain" in as_member(cast.mona).get(f"{ROADMAP}&chain={release.public_id}").text
    assert not kept


def test_what_was_not_asked_for_longest_makes_room():
    def drawing(text: str) -> Drawn:
        return Drawn(text, "", "", 0, "", "", "", 0, 0, "", "")

    shelf = Shelf(25)
    for name in ("one", "two", "one", "three"):
        if shelf.find(name) is None:
            shelf.put(name, drawing(name * 3))
    assert (list(shelf.drawn), shelf.size) == (["one", "three"], 24)
    shelf.put("one", drawing("one"))
    assert (list(shelf.drawn), shelf.size) == (["three", "one"], 18)
    shelf.put("huge", drawing("huge" * 10))
    assert (list(shelf.drawn), shelf.size) == (["huge"], 40)


def test_answers_that_only_read_alike_when_joined_are_others():
    assert kept_timelines.digest(["ab", "c"]) != kept_timelines.digest(["a", "bc"])


def test_what_is_read_alone_is_noted_among_what_was_asked():
    together = Together()
    assert together.alone(list)() == []
    assert together.asked == [None]
