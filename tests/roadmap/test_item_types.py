"""Types of items: defined by the workspace's admins, each of a kind; removed only together with an answer for their items."""

from __future__ import annotations

import pytest

from accounts.refusals import Refused
from changes.history import history_of
from changes.models import Change
from changes.undo import undo
from roadmap.importing import TypeChoice, parse_rows, propose_mapping, read
from roadmap.models import Item, ItemTemplate, ItemType, SavedView, types_of
from roadmap.models.item_type import MOST, TypeInUse
from tests.factories import make_item

PAGE = "/w/polarline/settings/types/"
BACKLOG = "/w/polarline/p/DSP/backlog/"
DEBT = {"name": "Tech debt", "kind": "improvement", "icon": "hammer", "tone": "warn"}


def names(cast) -> list[str]:
    return [one.name for one in types_of(cast.workspace.pk)]


def kind(cast, key: str) -> ItemType:
    return ItemType.objects.get(workspace=cast.workspace, key=key)


def debt(cast, **fields) -> ItemType:
    return ItemType.add(cast.workspace, by=cast.actor("anton"), **{**DEBT, **fields})


def change_of(row) -> Change:
    return Change.objects.get(pk=row.change_id)


def test_a_new_workspace_has_five_and_a_new_item_is_a_feature(cast):
    assert names(cast) == ["Epic", "Feature", "Improvement", "Bug", "Discovery"]
    assert make_item(cast.product).its_type.name == "Feature"


def test_admins_define_them_and_others_do_not(cast, as_member):
    make_item(cast.product, type="bug")
    anton = as_member(cast.anton)
    assert "1 item" in anton.get(PAGE).content.decode()
    assert anton.post(f"{PAGE}add/", DEBT).status_code == 302
    assert names(cast)[-1] == "Tech debt"
    assert kind(cast, "tech-debt").position == 5
    for member in (cast.mona, cast.bob, cast.carol):
        assert as_member(member).get(PAGE).status_code == 403
        assert as_member(member).post(f"{PAGE}add/", DEBT).status_code == 403


def test_renaming_leaves_the_key_and_a_name_is_taken_once(cast, as_member):
    anton, row = as_member(cast.anton), debt(cast)
    url = f"{PAGE}{row.public_id}/edit/"
    assert anton.post(url, {**DEBT, "name": "Upkeep", "seen": row.change_id}).status_code == 302
    row.refresh_from_db()
    assert (row.key, row.name) == ("tech-debt", "Upkeep")
    answer = anton.post(url, {**DEBT, "name": "Bug", "seen": row.change_id})
    assert answer.status_code == 422
    assert "There is a type of this name already" in answer.content.decode()
    assert 'value="Bug"' in answer.content.decode()


def test_two_names_that_look_alike_get_two_keys(cast):
    assert [debt(cast, name=name).key for name in ("Größe", "Grosse", "Größe!", "技術")] == [
        "groe", "grosse", "groe-2", "type",
    ]  # fmt: skip


def test_they_are_moved_and_their_order_is_that_of_the_table(cast, as_member):
    anton = as_member(cast.anton)
    anton.post(f"{PAGE}{kind(cast, 'bug').public_id}/move/", {"to": "up"})
    assert names(cast) == ["Epic", "Feature", "Bug", "Improvement", "Discovery"]
    for key in ("improvement", "bug", "feature"):
        make_item(cast.product, f"One {key}", type=key)
    settings = anton.get(PAGE).content.decode()
    shown = [settings.index(f'id="type-{key}"') for key in ("epic", "feature", "bug", "improvement", "discovery")]
    assert shown == sorted(shown)
    page = as_member(cast.carol).get(f"{BACKLOG}?sort=type").content.decode()
    places = [page.index(f"One {key}") for key in ("feature", "bug", "improvement")]
    assert places == sorted(places)


def test_a_used_one_says_what_it_touches_and_asks_what_its_items_become(cast, as_member):
    row = debt(cast)
    items = [make_item(product, type=row.key) for product in (cast.product, cast.secret)]
    make_item(cast.product, type=row.key).delete_softly(by=cast.actor("mona"))
    ItemTemplate.add(cast.workspace, by=cast.actor("anton"), type=row.key, text="Why now?")
    SavedView.add(
        cast.workspace, by=cast.actor("mona"), product=cast.product, owner=cast.mona, name="Debt", query="type=bug,tech-debt"
    )  # fmt: skip
    anton, url = as_member(cast.anton), f"{PAGE}{row.public_id}/remove/"
    page = anton.get(url).content.decode()
    for sentence in (
        "2 items are of this type",
        "1 more is in the bin",
        "Its template",
        "1 saved view or roadmap filters by it, and will by",
    ):
        assert sentence in page
    answer = anton.post(url)
    assert answer.status_code == 422
    assert "2 items are of this type. Choose" in answer.content.decode()
    assert anton.post(url, {"to": kind(cast, "bug").public_id}).status_code == 302
    assert set(Item.objects.with_deleted().values_list("type", flat=True)) == {"bug"}
    assert not ItemTemplate.objects.filter(type=row.key).exists()
    assert history_of(items[0])[0].fields[0].before == "Tech debt"
    assert history_of(items[0])[0].fields[0].after == "Bug"


def test_removing_is_undone_with_its_items(cast):
    row = debt(cast)
    item = make_item(cast.product, type=row.key)
    row.remove(by=cast.actor("anton"), to=kind(cast, "bug"))
    undo(change_of(row), by=cast.actor("anton"))
    item.refresh_from_db()
    assert (item.type, names(cast)[-1]) == (row.key, "Tech debt")


def test_adding_one_is_not_undone_while_items_are_of_it(cast):
    row = debt(cast)
    make_item(cast.product, type=row.key)
    with pytest.raises(TypeInUse):
        undo(change_of(row), by=cast.actor("anton"))


def test_an_items_change_of_type_is_not_undone_to_one_that_is_gone(cast):
    row = debt(cast)
    item = make_item(cast.product, type=row.key)
    item.edit(by=cast.actor("mona"), type="bug")
    row.remove(by=cast.actor("anton"))
    with pytest.raises(Refused, match="the type was removed"):
        undo(change_of(item), by=cast.actor("mona"))


def test_the_last_type_that_is_no_epic_stays(cast, as_member):
    for key in ("improvement", "bug", "discovery"):
        kind(cast, key).remove(by=cast.actor("anton"))
    last = kind(cast, "feature")
    with pytest.raises(Refused, match="must be no epic"):
        last.remove(by=cast.actor("anton"))
    with pytest.raises(Refused, match="must be no epic"):
        last.edit(by=cast.actor("anton"), kind="epic")
    assert f"{last.public_id}/remove/" not in as_member(cast.anton).get(PAGE).content.decode()


def test_the_kind_decides_what_stands_under_what(cast):
    theme = ItemType.add(cast.workspace, by=cast.actor("anton"), name="Theme", kind="epic")
    above, other = make_item(cast.product, "Above", type=theme.key), make_item(cast.product)
    child = make_item(cast.product, parent=above)
    with pytest.raises(Refused, match="is no epic"):
        make_item(cast.product, parent=other)
    with pytest.raises(Refused, match="1 of these items has others under it"):
        theme.edit(by=cast.actor("anton"), kind="feature")
    with pytest.raises(Refused, match="1 of these items has others under it"):
        theme.remove(by=cast.actor("anton"), to=kind(cast, "bug"))
    with pytest.raises(Refused, match="1 of these items stands under an epic"):
        child.its_type.edit(by=cast.actor("anton"), kind="epic")
    assert theme.remove(by=cast.actor("anton"), to=kind(cast, "epic")) == 1
    above.refresh_from_db()
    assert above.type == "epic"


def test_a_workspace_has_no_more_than_it_can_look_over(cast):
    for n in range(MOST - 5):
        debt(cast, name=f"Type {n}")
    with pytest.raises(Refused, match=str(MOST)):
        debt(cast, name="One more")


def test_items_are_filtered_grouped_and_exported_by_it(cast, as_member):
    row = debt(cast, name='Debt & "rust"')
    make_item(cast.product, "Old engine", type=row.key)
    make_item(cast.product, "New wheel")
    carol = as_member(cast.carol)
    page = carol.get(f"{BACKLOG}?type={row.key}&columns=title,type").content.decode()
    assert "Old engine" in page
    assert "New wheel" not in page
    assert "Debt &amp; &quot;rust&quot;" in page
    assert "New wheel" not in carol.get(f"{BACKLOG}?kind=improvement").content.decode()
    grouped = carol.get(f"{BACKLOG}?group=type").content.decode()
    assert f'data-group="{row.key}"' in grouped
    folded = carol.get(f"{BACKLOG}?group=type&folded={row.key}").content.decode()
    assert 'data-row data-id="1"' not in folded
    text = b"".join(carol.get(f"{BACKLOG}items.csv?columns=title,type").streaming_content).decode()
    assert '"Debt & ""rust"""' in text


def test_a_cell_an_editor_and_the_drawer_offer_the_workspaces_types(cast, as_member):
    row = debt(cast)
    item = make_item(cast.product)
    mona, url = as_member(cast.mona), f"/w/polarline/p/DSP/items/{item.number}/"
    assert 'value="tech-debt"' in mona.get(f"{BACKLOG}editors/type/").content.decode()
    assert mona.post(f"{url}edit/", {"type": row.key, "as": "row", "columns": "title,type"}).status_code in (200, 302)
    item.refresh_from_db()
    assert item.type == row.key
    assert "Tech debt" in mona.get(url).content.decode()
    for wrong in ("nothing", "", "a\0b"):
        assert mona.post(f"{url}edit/", {"type": wrong, "as": "row"}).status_code == 422
    assert 'value="tech-debt"' in mona.get(f"{BACKLOG}").content.decode()


def test_many_items_get_a_type_and_those_that_cannot_stay(cast, as_member):
    epic = make_item(cast.product, type="epic")
    child, free = make_item(cast.product, parent=epic), make_item(cast.product)
    mona = as_member(cast.mona)
    assert "Discovery" in mona.get("/w/polarline/p/DSP/items/bulk/choices/type/").content.decode()
    mona.post("/w/polarline/p/DSP/items/bulk/", {"numbers": [child.number, free.number], "set": "type:epic"})
    mona.post("/w/polarline/p/DSP/items/bulk/", {"numbers": [epic.number, free.number], "set": "type:bug"})
    types = dict(Item.objects.values_list("number", "type"))
    assert types == {epic.number: "epic", child.number: "feature", free.number: "bug"}


def test_pasted_cells_and_pasted_lines_name_types(cast, as_member):
    row = debt(cast)
    item = make_item(cast.product)
    mona = as_member(cast.mona)
    mona.post(
        "/w/polarline/p/DSP/items/paste/",
        {"numbers": [item.number], "seen": [item.change_id], "column": "type", "values": "tech DEBT"},
    )
    item.refresh_from_db()
    assert item.type == row.key
    mona.post("/w/polarline/p/DSP/items/lines/", {"lines": "Big\n  Small", "type": row.key, "do": "add"})
    assert dict(Item.objects.filter(title__in=["Big", "Small"]).values_list("title", "type")) == {
        "Big": "epic", "Small": "tech-debt",
    }  # fmt: skip


def test_lines_with_lines_under_them_say_so_where_there_is_no_epic(cast, as_member):
    kind(cast, "epic").remove(by=cast.actor("anton"))
    answer = as_member(cast.mona).post("/w/polarline/p/DSP/items/lines/", {"lines": "Big\n  Small", "do": "add"})
    assert answer.status_code == 422
    assert "no type of epic" in answer.content.decode()


def test_templates_are_kept_for_each_type(cast, as_member):
    row = debt(cast)
    anton = as_member(cast.anton)
    assert "Tech debt" in anton.get("/w/polarline/settings/templates/").content.decode()
    anton.post("/w/polarline/settings/templates/", {row.key: "What does it cost?"})
    assert ItemTemplate.objects.get(workspace=cast.workspace).type == row.key


def test_imports_take_a_type_of_the_same_name_before_one_of_the_same_kind(cast):
    source = read(b"ID,Title,Type\n1,Rust,Tech Debt\n2,Wheel,Story\n3,Leak,Defect\n4,Odd,Gadget\n", "x.csv", False)
    types = [TypeChoice("work", "Work", "feature"), TypeChoice("debt", "Tech debt", "improvement")]
    mapping = propose_mapping(source, types=types)
    assert [row.type for row in parse_rows(source, mapping)] == ["debt", "work", "work", "work"]


def test_the_wizard_offers_the_types_and_keeps_what_is_chosen(cast, as_member):
    row = debt(cast)
    mona = as_member(cast.mona)
    answer = mona.post("/w/polarline/p/DSP/import/", {"cells": "Title,Type\nRust,Gadget\n"}, follow=True)
    url = answer.redirect_chain[-1][0]
    assert "Match types" in answer.content.decode()
    page = mona.post(url, {"type-0": row.key}).content.decode()
    assert "<td>Tech debt</td>" in page


def test_the_api_knows_them(cast, api):
    made = api(cast.anton, "post", "/api/v1/item-types/", {"name": "Spike", "kind": "discovery"}).json()
    assert (made["key"], made["position"]) == ("spike", 5)
    assert api(cast.mona, "post", "/api/v1/item-types/", {"name": "No"}).status_code == 403
    item = api(cast.mona, "post", "/api/v1/items/", {"product": "DSP", "title": "Try it", "type": "spike"}).json()
    assert (item["type"], item["type_name"], item["kind"]) == ("spike", "Spike", "discovery")
    wrong = api(cast.mona, "post", "/api/v1/items/", {"product": "DSP", "title": "No", "type": "nothing"})
    assert wrong.status_code == 400
    found = api(cast.mona, "get", "/api/v1/items/?kind=discovery").json()["results"]
    assert [one["key"] for one in found] == [item["key"]]
    url = f"/api/v1/item-types/{made['id']}/"
    assert api(cast.anton, "delete", url).status_code == 422
    assert api(cast.anton, "delete", f"{url}?to=nobody").status_code == 422
    assert api(cast.anton, "delete", f"{url}?to={kind(cast, 'bug').public_id}").status_code == 204
    assert api(cast.mona, "get", f"/api/v1/items/{item['key']}/").json()["type"] == "bug"


def test_lists_take_as_many_statements_for_thirty_as_for_three(cast, as_member, api, count_queries):
    def counted() -> list[int]:
        anton = as_member(cast.anton)
        return [
            count_queries(lambda: anton.get(PAGE)),
            count_queries(lambda: api(cast.mona, "get", "/api/v1/item-types/")),
            count_queries(lambda: api(cast.mona, "get", "/api/v1/items/")),
        ]

    make_item(cast.product)
    counted()
    few = counted()
    for n in range(20):
        make_item(cast.product, type=debt(cast, name=f"Type {n}").key)
    assert counted() == few
