"""A new item leads back to the list that one was looking at: its filters, its layout, its order."""

import pytest

HOST = "http://testserver"
BACKLOG, ROADMAP = "/w/polarline/p/DSP/backlog/", "/w/polarline/p/DSP/roadmap/"


@pytest.fixture
def mona(cast, as_member):
    return as_member(cast.mona)


def add(client, came_from, **sent):
    return client.post(
        "/w/polarline/p/DSP/items/add/", {"title": "Live ETA", "type": "feature", "description": "x", **sent},
        headers={"referer": HOST + came_from},
    )  # fmt: skip


def test_the_filter_of_the_backlog_stays_and_the_new_item_is_open_beside_it(cast, mona):
    answer = add(mona, f"{BACKLOG}?horizon=now&sort=-score&open=7&after=abc", next="backlog")
    assert answer.url == f"{BACKLOG}?horizon=now&sort=-score&open={cast.product.items.get().number}"


def test_the_layout_of_the_roadmap_stays(mona):
    assert add(mona, f"{ROADMAP}?layout=release&filter=x", next="roadmap").url == f"{ROADMAP}?layout=release&filter=x"


@pytest.mark.parametrize("came_from", ["/w/polarline/p/SEC/backlog/?horizon=now", "/", ""])
def test_from_elsewhere_it_leads_to_the_plain_list(cast, mona, came_from):
    assert add(mona, came_from, next="backlog").url == f"{BACKLOG}?open={cast.product.items.get().number}"
    assert add(mona, came_from, next="roadmap").url == ROADMAP
