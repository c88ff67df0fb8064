"""The views of the backlog are filters with a name: links, so that each can be sent to somebody."""

from __future__ import annotations

from tests.factories import make_item

BACKLOG = "/w/polarline/p/DSP/backlog/"


def titles(page) -> list[str]:
    return [row.title for row in page.context["page"].rows]


def test_each_view_shows_what_its_name_says(cast, as_member):
    make_item(cast.product, "Scored", reach=1, impact=1, confidence=50, effort=1, lead=cast.mona, horizon="now")
    make_item(cast.product, "Bare")
    mona = as_member(cast.mona)
    page = mona.get(BACKLOG)
    views = {str(view["label"]): view for view in page.context["views"]}
    assert views["All items"]["current"]
    shown = {name: titles(mona.get(f"{BACKLOG}?{view['query']}")) for name, view in views.items()}
    assert shown == {
        "All items": ["Scored", "Bare"], "Mine": ["Scored"], "Now": ["Scored"],
        "Not scored": ["Bare"], "No release": ["Scored", "Bare"],
        "In build without evidence": [], "Asked by many, not planned": [], "Stale: untouched for 60 days": [],
    }  # fmt: skip


def test_the_view_one_is_in_is_marked_also_when_it_is_sorted(cast, as_member):
    page = as_member(cast.carol).get(f"{BACKLOG}?horizon=now&sort=-score")
    assert [str(view["label"]) for view in page.context["views"] if view["current"]] == ["Now"]
    page = as_member(cast.carol).get(f"{BACKLOG}?horizon=now&type=bug")
    assert not any(view["current"] for view in page.context["views"])
