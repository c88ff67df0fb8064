"""Components: the named parts of a product, given to items, renamed and removed with what that touches in sight."""

from __future__ import annotations

import pytest

from accounts.refusals import Refused
from changes.models import Change
from changes.undo import undo
from roadmap.backlog import bulk
from roadmap.models import Component, Item
from tests.factories import make_item, make_product
from tests.roadmap.test_import import bring_in

PAGE = "/w/polarline/p/DSP/components/"


@pytest.fixture
def part(cast):
    def make(name, product=None, **fields):
        product = product or cast.product
        return Component.add(cast.workspace, by=cast.actor("mona"), product=product, name=name, **fields)

    return make


def change_of(row) -> Change:
    return Change.objects.get(pk=row.change_id)


def told(row) -> tuple[str, bool, bool]:
    row = Component.objects.with_deleted().get(pk=row.pk)
    return row.name, row.is_archived, row.deleted_at is not None


def test_managers_name_the_parts_of_a_product_and_others_read_them(cast, as_member):
    mona = as_member(cast.mona)
    assert "No components yet" in mona.get(PAGE).content.decode()
    answer = mona.post(f"{PAGE}add/", {"name": " Route  solver ", "lead": cast.bob.public_id}, follow=True)
    row = Component.objects.get()
    assert (row.name, row.lead, row.product) == ("Route solver", cast.bob, cast.product)
    make_item(cast.product, component=row)
    shown = as_member(cast.carol).get(PAGE).content.decode()
    assert "Route solver" in shown
    assert f"?component={row.public_id}" in shown
    assert "1 item" in shown
    assert "New component" not in shown
    assert as_member(cast.carol).post(f"{PAGE}add/", {"name": "x"}).status_code == 403
    assert as_member(cast.bob).get(f"{PAGE}{row.public_id}/").status_code == 403
    assert "Added Route solver" in answer.content.decode()
    assert PAGE in as_member(cast.carol).get("/w/polarline/p/DSP/backlog/").content.decode()


def test_a_name_is_taken_once_in_a_product_and_has_to_be_one(cast, as_member, part):
    part("Solver")
    for name in ("solver", "", "x" * 81):
        answer = as_member(cast.mona).post(f"{PAGE}add/", {"name": name})
        assert answer.status_code == 422
        assert "field__error" in answer.content.decode()
    assert Component.objects.count() == 1
    part("Solver", cast.secret)


def test_renaming_shows_what_it_touches_first_and_keeps_it_with_its_items(cast, as_member, part):
    row = part("Solver")
    item = make_item(cast.product, "Faster routes", component=row)
    url = f"{PAGE}{row.public_id}/"
    shown = as_member(cast.mona).get(url).content.decode()
    assert "1 item has this component" in shown
    assert "Faster routes" in shown
    as_member(cast.mona).post(url, {"name": "Planner", "lead": "", "seen": row.change_id})
    page = as_member(cast.carol).get(f"/w/polarline/p/DSP/items/{item.number}/").content.decode()
    assert "Planner" in page


def test_two_people_who_rename_it_meet(cast, as_member, part):
    row = part("Solver")
    seen = row.change_id
    row.edit(by=cast.actor("alice"), name="Engine")
    answer = as_member(cast.mona).post(f"{PAGE}{row.public_id}/", {"name": "Planner", "lead": "", "seen": seen})
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "Engine" in shown
    assert 'value="Planner"' in shown


def test_one_that_items_have_is_archived_and_one_without_is_deleted(cast, as_member, part):
    used, unused = part("Used"), part("Unused")
    item = make_item(cast.product, component=used)
    for row in (used, unused):
        assert as_member(cast.mona).post(f"{PAGE}{row.public_id}/remove/", {"to": ""}).status_code == 302
    assert told(used) == ("Used", True, False)
    assert told(unused) == ("Unused", False, True)
    item.refresh_from_db()
    assert item.component == used
    other = make_item(cast.product)
    with pytest.raises(Refused):
        other.edit(by=cast.actor("mona"), component=Component.objects.get(pk=used.pk))
    item.edit(by=cast.actor("mona"), component=used, title="It keeps what it had")
    as_member(cast.mona).post(f"{PAGE}{used.public_id}/restore/")
    assert told(used) == ("Used", False, False)
    other.edit(by=cast.actor("mona"), component=Component.objects.get(pk=used.pk))


def test_what_changed_nothing_offers_no_undo(cast, as_member, part):
    row = part("Used")
    make_item(cast.product, component=row)
    row.remove(by=cast.actor("alice"))
    answer = as_member(cast.mona).post(f"{PAGE}{row.public_id}/remove/", {"to": ""}, follow=True)
    assert f"/changes/{row.change_id}/undo/" not in answer.content.decode()
    restored = as_member(cast.mona).post(f"{PAGE}{row.public_id}/restore/", follow=True)
    row.refresh_from_db()
    assert f"/changes/{row.change_id}/undo/" in restored.content.decode()


def test_its_items_can_be_handed_on_and_undo_brings_all_back(cast, as_member, part):
    old, new = part("Old"), part("New")
    items = [make_item(cast.product, component=old) for _ in range(3)]
    as_member(cast.mona).post(f"{PAGE}{old.public_id}/remove/", {"to": new.public_id})
    assert told(old) == ("Old", False, True)
    assert new.items.count() == 3
    old = Component.objects.with_deleted().get(pk=old.pk)
    undo(change_of(old), by=cast.actor("mona"))
    assert told(old) == ("Old", False, False)
    assert {item.component_id for item in Item.objects.filter(pk__in=[one.pk for one in items])} == {old.pk}


def test_items_are_handed_to_no_other_product(cast, as_member, part):
    mine, theirs = part("Mine"), part("Theirs", cast.secret)
    make_item(cast.product, component=mine)
    answer = as_member(cast.mona).post(f"{PAGE}{mine.public_id}/remove/", {"to": theirs.public_id})
    assert answer.status_code == 422
    with pytest.raises(Refused):
        mine.remove(by=cast.actor("mona"), to=theirs)
    with pytest.raises(Refused):
        mine.remove(by=cast.actor("mona"), to=mine)
    assert told(mine) == ("Mine", False, False)


def test_an_item_gets_one_on_its_page_and_history_and_undo_know_it(cast, as_member, part):
    row, item = part("Solver"), make_item(cast.product)
    url = f"/w/polarline/p/DSP/items/{item.number}/"
    editor = as_member(cast.mona).get(f"{url}field/component/").content.decode()
    assert row.public_id in editor
    as_member(cast.mona).post(f"{url}edit/", {"component": row.public_id, "field": "component", "as": "field"})
    item.refresh_from_db()
    assert item.component == row
    history = as_member(cast.mona).get(f"{url}history/").content.decode()
    assert "<ins>Solver</ins>" in history
    undo(change_of(item), by=cast.actor("mona"))
    item.refresh_from_db()
    assert item.component is None


def test_an_item_takes_none_of_another_product_and_no_archived_one(cast, as_member, part):
    item, archived = make_item(cast.product), part("Archived")
    make_item(cast.product, component=archived)
    archived.remove(by=cast.actor("mona"))
    theirs = part("Theirs", cast.secret)
    url = f"/w/polarline/p/DSP/items/{item.number}/edit/"
    for row in (theirs, archived):
        assert as_member(cast.mona).post(url, {"component": row.public_id}).status_code == 422
    item.refresh_from_db()
    assert item.component is None


def test_an_edit_that_waited_for_the_removal_is_refused(cast, part):
    item, row = make_item(cast.product), part("Gone")
    row.remove(by=cast.actor("mona"))
    with pytest.raises(Refused):
        item.edit(by=cast.actor("mona"), component=row)


def test_undoing_what_gave_an_item_a_component_that_is_gone_says_so(cast, part):
    item, row = make_item(cast.product, component=part("Gone")), part("Now")
    gone = item.component
    item.edit(by=cast.actor("mona"), component=row)
    change = change_of(item)
    gone.remove(by=cast.actor("mona"))
    with pytest.raises(Refused):
        undo(change, by=cast.actor("mona"))


def test_the_backlog_is_filtered_by_it_and_shows_it_as_a_column(cast, as_member, part):
    row = part("Solver")
    make_item(cast.product, "In the solver", component=row)
    make_item(cast.product, "Nowhere")
    page = as_member(cast.carol).get(f"/w/polarline/p/DSP/backlog/?component={row.public_id}&columns=title,component")
    shown = page.content.decode()
    assert "In the solver" in shown
    assert "Nowhere" not in shown
    assert ">Solver</td>" in shown
    empty = as_member(cast.carol).get("/w/polarline/p/DSP/backlog/?component.empty=1").content.decode()
    assert "Nowhere" in empty
    assert "In the solver" not in empty
    grouped = as_member(cast.carol).get("/w/polarline/p/DSP/backlog/?group=component").content.decode()
    assert grouped.index("Solver") < grouped.index("Nowhere")
    csv = as_member(cast.carol).get("/w/polarline/p/DSP/backlog/items.csv?columns=title,component")
    assert "In the solver,Solver" in b"".join(csv.streaming_content).decode()
    cell = as_member(cast.mona).get("/w/polarline/p/DSP/backlog/editors/component/").content.decode()
    assert row.public_id in cell


def test_many_items_get_one_at_once(cast, as_member, part):
    row, archived = part("Solver"), part("Archived")
    make_item(cast.product, component=archived)
    archived.remove(by=cast.actor("mona"))
    items = [make_item(cast.product) for _ in range(3)]
    offered = as_member(cast.mona).get("/w/polarline/p/DSP/items/bulk/choices/component/").content.decode()
    assert "Solver" in offered
    assert "Archived" not in offered
    sent = {"numbers": [one.number for one in items], "set": f"component:{row.public_id}"}
    as_member(cast.mona).post("/w/polarline/p/DSP/items/bulk/", sent)
    assert row.items.count() == 3
    rows = Item.objects.filter(component=row)
    bulk.apply(rows, cast.mona, cast.product, "component:", by=cast.actor("mona"))
    assert row.items.count() == 0
    with pytest.raises(Refused):
        bulk.apply(
            Item.objects.all(), cast.mona, cast.product, f"component:{archived.public_id}", by=cast.actor("mona")
        )


def test_the_list_costs_the_same_with_many(cast, as_member, part, count_queries):
    counts = []
    for size in (3, 30):
        for number in range(size):
            make_item(cast.product, component=part(f"Part {size} {number}", lead=cast.bob))
        as_member(cast.mona).get(PAGE)
        counts.append(count_queries(lambda: as_member(cast.mona).get(PAGE)))
    assert counts[0] == counts[1]


# --- The API


def test_the_api_names_gives_and_removes_them(cast, api):
    body = {"product": "DSP", "name": "Solver", "lead": cast.bob.public_id}
    made = api(cast.mona, "post", "/api/v1/components/", body)
    assert made.status_code == 201
    one = made.json()
    assert (one["name"], one["archived"], one["lead"]) == ("Solver", False, cast.bob.public_id)
    item = make_item(cast.product)
    patched = api(cast.mona, "patch", f"/api/v1/items/{item.key}/", {"component": one["id"]}, **{"If-Match": "*"})
    assert patched.json()["component"] == one["id"]
    listed = api(cast.carol, "get", f"/api/v1/items/?component={one['id']}").json()["results"]
    assert [row["key"] for row in listed] == [item.key]
    at = f"/api/v1/components/{one['id']}/"
    assert api(cast.mona, "delete", at).status_code == 204
    assert api(cast.mona, "get", at).json()["archived"] is True
    assert api(cast.mona, "post", f"{at}restore/").json()["archived"] is False
    other = api(cast.mona, "post", "/api/v1/components/", {"product": "DSP", "name": "Planner"}).json()
    assert api(cast.mona, "delete", f"{at}?to=nobody").status_code == 422
    assert api(cast.mona, "delete", f"{at}?to={other['id']}").status_code == 204
    assert api(cast.mona, "get", at).status_code == 404
    assert api(cast.bob, "post", "/api/v1/components/", {"product": "DSP", "name": "x"}).status_code == 403
    taken = api(cast.mona, "post", "/api/v1/components/", {"product": "DSP", "name": "planner"})
    assert taken.status_code == 422


def test_the_api_gives_no_item_one_of_another_product(cast, api, part):
    item, theirs = make_item(cast.product), part("Theirs", make_product(cast.workspace, "OTH"))
    answer = api(cast.mona, "patch", f"/api/v1/items/{item.key}/", {"component": theirs.public_id}, **{"If-Match": "*"})
    assert answer.status_code in (400, 422)
    item.refresh_from_db()
    assert item.component is None


# --- From files


FILE = (
    b"Summary,Issue key,Issue id,Issue Type,Status,Components,Components,Labels\n"
    b"Faster routes,JR-1,1,Story,To Do,Solver,Driver app,eta\n"
    b"Slower routes,JR-2,2,Story,To Do,SOLVER,,\n"
    b"Elsewhere,JR-3,3,Story,To Do,,,\n"
)


def test_an_import_makes_the_components_that_a_file_names(cast, part):
    known = part("Solver")
    batch = bring_in(cast.product, FILE)
    found = {item.source_id: item for item in Item.objects.of(cast.product).exclude(source_id="")}
    assert [found[key].component for key in ("JR-1", "JR-2", "JR-3")] == [known, known, None]
    assert found["JR-1"].tags == ["eta", "Driver app"]  # an item has one component; the file's others stay as tags
    assert list(Component.objects.of(cast.product)) == [known]
    bring_in(cast.product, FILE.replace(b"Solver,Driver app", b"Portal,Driver app"))
    assert Item.objects.get(source_id="JR-1").component.name == "Portal"
    assert batch.result["added"] == 3


def test_an_import_without_components_leaves_those_that_people_gave(cast, part):
    plain = b"Title,ID\nFaster routes,A-1\n"
    bring_in(cast.product, plain, "plain.csv")
    item, row = Item.objects.get(source_id="A-1"), part("Solver")
    item.edit(by=cast.actor("mona"), component=row)
    bring_in(cast.product, plain.replace(b"Faster", b"Fastest"), "plain.csv")
    item.refresh_from_db()
    assert (item.title, item.component) == ("Fastest routes", row)


def test_undoing_an_import_takes_its_components_along(cast, as_member):
    batch = bring_in(cast.product, FILE)
    assert Component.objects.of(cast.product).count() == 1
    as_member(cast.mona).post(f"/w/polarline/p/DSP/import/{batch.public_id}/undo/")
    assert not Item.objects.of(cast.product).exists()
    assert not Component.objects.of(cast.product).exists()
