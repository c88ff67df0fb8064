from __future__ import annotations

import base64
import json
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest

from accounts.refusals import Refused
from feedback.models import Idea
from listing.pages import Sort, _encode, page_of
from roadmap.models import Item, Status
from tests.access.world import build_world
from tests.factories import make_idea, make_item
from tests.urlconf import all_urls

#: The API's lists of rows; `usage-figure-list` is a fixed list of names.
LISTS = [
    url
    for url in all_urls()
    if url.viewset is not None and "list" in url.callback.actions.values() and url.name != "usage-figure-list"
]
BY_ID = [Sort("pk")]


@pytest.fixture
def items(cast):
    return [make_item(cast.product, f"Item {n}") for n in range(5)]


def test_pages_sorted_by_id_lead_through_all_rows(items):
    seen, after = [], ""
    for _page in range(3):
        page = page_of(Item.objects.all(), BY_ID, after, size=2)
        seen += list(page.rows)
        after = page.next
    assert (seen, after) == (items, "")


def test_a_cursor_tells_nothing(items):
    cursor = page_of(Item.objects.all(), BY_ID, size=2).next
    raw = base64.urlsafe_b64decode(cursor + "==")
    assert str(items[1].pk).encode() not in raw
    with pytest.raises(ValueError):
        json.loads(raw)


def test_the_next_address_of_the_api_tells_nothing(cast, api):
    first = api(cast.mona, "get", "/api/v1/statuses/?size=1").json()
    (cursor,) = parse_qs(urlsplit(first["next"]).query)["after"]
    raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    assert str(Status.objects.order_by("position").first().pk).encode() not in raw
    second = api(cast.mona, "get", first["next"]).json()
    assert second["results"][0]["id"] != first["results"][0]["id"]


def test_a_cursor_cannot_be_made_up_or_changed(items):
    genuine = page_of(Item.objects.all(), BY_ID, size=2).next
    made_up = base64.urlsafe_b64encode(json.dumps([items[1].pk]).encode()).decode()
    changed = ("B" if genuine[0] == "A" else "A") + genuine[1:]
    for cursor in (made_up, changed, genuine[:-3], "x", "🧊", "A" * 5000):
        with pytest.raises(Refused):
            page_of(Item.objects.all(), BY_ID, cursor)


def test_a_cursor_of_another_order_is_refused(items):
    with pytest.raises(Refused):
        page_of(Item.objects.all(), [Sort("rank"), Sort("pk")], page_of(Item.objects.all(), BY_ID, size=2).next)


def test_a_cursor_of_another_installation_is_refused(items, settings):
    cursor = page_of(Item.objects.all(), BY_ID, size=2).next
    settings.SECRET_KEY = "another installation"
    with pytest.raises(Refused):
        page_of(Item.objects.all(), BY_ID, cursor)


def test_pages_sorted_by_a_counted_figure_lead_through_all_rows(cast):
    ideas = [make_idea(cast.workspace) for _ in range(3)]
    order = [Sort("vote_count", descending=True), Sort("pk", descending=True)]
    first = page_of(Idea.objects.with_votes(), order, size=2)
    rest = page_of(Idea.objects.with_votes(), order, first.next, size=2)
    assert [*first.rows, *rest.rows] == ideas[::-1]


@pytest.mark.parametrize("url", LISTS, ids=lambda url: url.name)
def test_every_list_of_the_api_goes_on_after_a_row(db, api, url):
    """Whatever a list is sorted by, the address of the page after its first row is answered, without that row."""
    world = build_world()
    viewset = url.viewset(request=SimpleNamespace(member=world.cast.alice, query_params={}), action="list")
    row = viewset.get_queryset().first()
    assert row is not None, f"tests/access makes no row that {url.name} shows"
    path = f"{url.path({})}?after={_encode(viewset.sorts, row)}"
    answer = api(world.cast.alice, "get", path)
    assert answer.status_code == 200, answer.content
    shown = [one.get("id", one.get("key")) for one in answer.json()["results"]]
    assert getattr(row, "public_id", row.pk) not in shown
