"""What was undone can be done again, and that be undone: each answer offers the other way."""

import json
import re

from changes.models import Change
from products.models import KeyResult, Objective
from roadmap.models import Item, ItemLink
from tests.factories import make_item

ITEM = "/w/polarline/p/DSP/items/{}/edit/"


def address_offered(page: str, what: str) -> str:
    return re.search(rf'action="(/w/polarline/changes/\d+/undo/)">(?:(?!</form>).)*data-{what}-now', page).group(1)


def test_a_page_offers_to_redo_what_was_undone_and_to_undo_that_again(cast, as_member):
    mona, item = as_member(cast.mona), make_item(cast.product, "First")
    mona.post(ITEM.format(item.number), {"title": "Second", "seen": item.change_id})
    url = f"/w/polarline/changes/{Change.objects.latest('pk').pk}/undo/"
    for title, what in (("First", "redo"), ("Second", "undo"), ("First", "redo")):
        page = mona.post(url, follow=True, headers={"referer": "http://testserver/w/polarline/p/DSP/backlog/"})
        assert Item.objects.get(pk=item.pk).title == title
        url = address_offered(page.content.decode(), what)


def test_what_is_told_to_htmx_says_which_way_its_button_goes(cast, as_member):
    mona, item = as_member(cast.mona), make_item(cast.product, "First")
    mona.post(ITEM.format(item.number), {"title": "Second", "seen": item.change_id})
    for what in ("redo", "undo"):
        url = f"/w/polarline/changes/{Change.objects.latest('pk').pk}/undo/"
        answer = mona.post(url, headers={"hx-request": "true"})
        assert answer.status_code == 204
        assert f'"{what}": "/w/polarline/changes/{answer["X-Change"]}/undo/"' in answer["HX-Trigger"]


def test_an_undo_names_what_it_turned_back_as_open_pages_call_it(cast, as_member):
    item, other = make_item(cast.product), make_item(cast.product)
    mona = cast.actor("mona")
    link = ItemLink.add(item, "needs", other, by=mona)
    key_result = KeyResult.add_to(
        Objective.add(cast.workspace, by=mona, product=cast.product, name="Goal"), by=mona, name="Miles", target=10
    )
    for change, noun in ((link.change_id, "item"), (key_result.change_id, "key_result")):
        answer = as_member(cast.mona).post(f"/w/polarline/changes/{change}/undo/", headers={"HX-Request": "true"})
        assert json.loads(answer["HX-Trigger"])["undone"]["changed"] == [[noun, "*"]]
