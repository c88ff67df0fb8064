"""An item that is internal only: marked by hand, in the table, many at once, by API and import; on no shared page."""

import pytest
from django.test import Client

from changes.models import Version
from roadmap.models import Item, SharedField, ShareLink
from tests.factories import SYSTEM, make_item

ITEMS = "/w/polarline/p/DSP/items/"


@pytest.fixture
def item(cast):
    return make_item(cast.product, "Live ETA link", horizon="now")


def test_it_is_marked_on_its_page_and_the_mark_is_history(cast, as_member, item):
    mona = as_member(cast.mona)
    assert "May be shared" in mona.get(f"{ITEMS}{item.number}/").content.decode()
    assert 'value="1"' in mona.get(f"{ITEMS}{item.number}/field/is_internal/").content.decode()
    assert mona.post(f"{ITEMS}{item.number}/edit/", {"is_internal": "1"}).status_code < 400
    item.refresh_from_db()
    assert item.is_internal
    assert "is_internal" in Version.objects.of(item).latest("pk").columns
    assert "Internal only" in mona.get(f"{ITEMS}{item.number}/").content.decode()
    mona.post(f"{ITEMS}{item.number}/edit/", {"title": "Renamed"})
    item.refresh_from_db()
    assert item.is_internal, "What is not sent stays as it is."


def test_it_is_a_column_a_filter_and_a_bulk_change(cast, as_member, item):
    mona, other = as_member(cast.mona), make_item(cast.product, "Backhaul offers", horizon="next")
    mona.post(f"{ITEMS}bulk/", {"numbers": [item.number], "set": "is_internal:1"})
    assert list(Item.objects.filter(is_internal=True)) == [item]
    backlog = "/w/polarline/p/DSP/backlog/"
    page = mona.get(f"{backlog}?is_internal=1&columns=title,is_internal").content.decode()
    assert "Live ETA link" in page
    assert "Internal only" in page
    assert other.title not in page
    assert mona.get(f"{backlog}?is_internal=perhaps").status_code == 200
    assert "Internal only" in mona.get(f"{backlog}editors/is_internal/").content.decode()
    assert "Internal only" in mona.get(f"{ITEMS}bulk/choices/is_internal/").content.decode()
    csv = b"".join(mona.get(f"{backlog}items.csv?columns=title,is_internal").streaming_content).decode()
    assert "DSP-1,Live ETA link,Internal only" in csv
    mona.post(f"{ITEMS}bulk/", {"numbers": [item.number], "set": "is_internal:0"})
    assert not Item.objects.filter(is_internal=True).exists()


def test_a_shared_roadmap_leaves_it_out(cast, item):
    link = ShareLink.open_to(cast.product, "Board", by=cast.actor("mona"), fields=list(SharedField))
    assert b"Live ETA link" in Client().get(f"/s/{link.token}/").content
    item.edit(by=SYSTEM, is_internal=True)
    assert b"Live ETA link" not in Client().get(f"/s/{link.token}/").content
