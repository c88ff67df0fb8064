import pytest

from accounts.refusals import Refused
from changes.models import Change
from changes.undo import undo
from roadmap.models import ItemLink
from tests.factories import make_conversation, make_customer, make_item


@pytest.fixture
def items(cast):
    return [make_item(cast.product, title) for title in ("Board", "Closure", "Note")]


def at(item, path=""):
    return f"/w/{item.workspace.slug}/p/{item.product.key}/items/{item.number}/{path}"


def kept():
    return sorted(
        (link.item.title, link.kind, link.other.title) for link in ItemLink.objects.select_related("item", "other")
    )


def test_the_same_link_said_from_either_end_is_one(cast, items):
    board, closure, _note = items
    mona = cast.actor("mona")
    ItemLink.add(closure, "needs", board, by=mona)
    ItemLink.add(board, "blocks", closure, by=mona)
    ItemLink.add(closure, "relates", board, by=mona)
    ItemLink.add(board, "relates", closure, by=mona)
    ItemLink.add(board, "duplicated", closure, by=mona)
    assert kept() == [
        ("Board", "relates", "Closure"),
        ("Closure", "duplicates", "Board"),
        ("Closure", "needs", "Board"),
    ]


def test_a_circle_of_blocks_is_refused_with_its_path(cast, items):
    board, closure, note = items
    mona = cast.actor("mona")
    ItemLink.add(board, "blocks", closure, by=mona)
    ItemLink.add(closure, "blocks", note, by=mona)
    path = f"{note.key} blocks {board.key} blocks {closure.key} blocks {note.key}"
    with pytest.raises(Refused, match=path):
        ItemLink.add(note, "blocks", board, by=mona)
    ItemLink.add(note, "relates", board, by=mona)  # a relation closes nothing
    with pytest.raises(Refused, match="itself"):
        ItemLink.add(note, "relates", note, by=mona)


def test_an_item_duplicates_one_other_that_is_no_duplicate(cast, items):
    board, closure, note = items
    mona = cast.actor("mona")
    ItemLink.add(closure, "duplicates", board, by=mona)
    with pytest.raises(Refused, match="duplicate of another item already"):
        ItemLink.add(closure, "duplicates", note, by=mona)
    with pytest.raises(Refused, match="itself a duplicate"):
        ItemLink.add(note, "duplicates", closure, by=mona)
    with pytest.raises(Refused, match="itself a duplicate"):
        ItemLink.add(board, "duplicates", closure, by=mona)


def test_what_becomes_a_duplicate_passes_its_own_duplicates_on(cast, items):
    board, closure, note = items
    mona = cast.actor("mona")
    ItemLink.add(closure, "duplicates", board, by=mona)
    link = ItemLink.add(board, "duplicates", note, by=mona)
    assert kept() == [("Board", "duplicates", "Note"), ("Closure", "duplicates", "Note")]
    with pytest.raises(Refused, match="itself a duplicate"):
        ItemLink.add(note, "duplicates", closure, by=mona)
    undo(Change.objects.get(pk=link.change_id), by=mona)
    assert kept() == [("Closure", "duplicates", "Board")]


def test_what_it_duplicates_in_the_bin_keeps_an_item_from_no_other_link(cast, items):
    board, closure, note = items[:3]
    mona = cast.actor("mona")
    ItemLink.add(closure, "duplicates", board, by=mona)
    board.delete_softly(by=mona)
    ItemLink.add(closure, "duplicated", note, by=mona)
    link = ItemLink.add(closure, "duplicates", make_item(cast.product, "Other"), by=mona)
    assert ItemLink.objects.filter(item=closure, kind="duplicates").count() == 1
    undo(Change.objects.get(pk=link.change_id), by=mona)
    board.restore(by=mona)
    assert ItemLink.objects.get(item=closure, kind="duplicates").other == board


def test_a_manager_links_and_unlinks_on_the_page_and_both_undo(cast, as_member, items):
    board, closure, _note = items
    mona = as_member(cast.mona)
    answer = mona.post(
        at(closure, "links/add/"), {"kind": "needs", "other": f"{board.key} Board"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    assert "Board" in answer.content.decode()
    assert "Blocks" in mona.get(at(board)).content.decode()
    mona.post(f"/w/polarline/changes/{answer['X-Change']}/undo/")
    assert kept() == []
    mona.post(at(closure, "links/add/"), {"kind": "relates", "other": str(board.number)})
    link = ItemLink.objects.get()
    answer = mona.post(at(board, f"links/{link.public_id}/remove/"), headers={"HX-Request": "true"})
    assert kept() == []
    mona.post(f"/w/polarline/changes/{answer['X-Change']}/undo/")
    assert kept() == [("Board", "relates", "Closure")]


@pytest.mark.parametrize(
    "typed",
    [
        {"kind": "needs", "other": ""},
        {"kind": "eats", "other": "DSP-1"},
        {"kind": "needs", "other": "DSP-77"},
        {"kind": "needs", "other": "a\x00b"},
        {"other": "DSP-1"},
        {"kind": "needs", "other": "DSP-2"},
    ],
)
def test_bad_input_answers_422_with_a_sentence(cast, as_member, items, typed):
    for headers in ({}, {"HX-Request": "true"}):
        answer = as_member(cast.mona).post(at(items[1], "links/add/"), typed, headers=headers)
        assert answer.status_code == 422
        assert "field__error" in answer.content.decode()
    assert kept() == []


def test_an_item_out_of_sight_cannot_be_linked_and_its_link_is_not_shown(cast, as_member, items):
    secret = make_item(cast.secret, "Hidden plan")
    answer = as_member(cast.dave).post(at(items[0], "links/add/"), {"kind": "needs", "other": secret.key})
    assert answer.status_code == 422
    assert "Hidden" not in answer.content.decode()
    link = ItemLink.add(items[0], "needs", secret, by=cast.actor("mona"))
    assert "Hidden plan" in as_member(cast.carol).get(at(items[0])).content.decode()
    dave = as_member(cast.dave)
    assert "Hidden plan" not in dave.get(at(items[0])).content.decode()
    assert dave.post(at(items[0], f"links/{link.public_id}/remove/")).status_code == 404


def test_viewers_and_contributors_do_not_link(cast, as_member, items):
    for person in (cast.bob, cast.carol):
        answer = as_member(person).post(at(items[0], "links/add/"), {"kind": "needs", "other": items[1].key})
        assert answer.status_code == 403


def test_a_link_to_what_is_in_the_bin_is_not_shown_until_it_comes_back(cast, as_member, items):
    board, closure, _note = items
    ItemLink.add(closure, "needs", board, by=cast.actor("mona"))
    board.delete_softly(by=cast.actor("mona"))
    mona = as_member(cast.mona)
    assert "Board" not in mona.get(at(closure)).content.decode()
    undo(Change.objects.get(pk=board.change_id), by=cast.actor("mona"))
    assert "Board" in mona.get(at(closure)).content.decode()


def test_dates_that_overlap_are_named(cast, as_member, items):
    board, closure, _note = items
    board.edit(by=cast.actor("mona"), starts_on=cast.workspace.today(), ends_on=cast.workspace.today())
    closure.edit(by=cast.actor("mona"), starts_on=cast.workspace.today())
    ItemLink.add(closure, "needs", board, by=cast.actor("mona"))
    for item in (board, closure):
        assert "the dates overlap" in as_member(cast.carol).get(at(item)).content.decode()


def test_the_page_asks_as_many_questions_for_thirty_links_as_for_three(cast, as_member, items, count_queries):
    mona, counts = as_member(cast.mona), []
    for more in (3, 27):
        for _ in range(more):
            ItemLink.add(items[0], "relates", make_item(cast.product), by=cast.actor("mona"))
        mona.get(at(items[0]))
        counts.append(count_queries(lambda: mona.get(at(items[0]))))
    assert counts[0] == counts[1]


def test_the_api_links_lists_and_unlinks(cast, api, items):
    board, closure, note = items
    made = api(cast.mona, "post", "/api/v1/item-links/", {"item": board.key, "kind": "blocks", "other": closure.key})
    assert made.status_code == 201, made.content
    assert (made.json()["item"], made.json()["kind"], made.json()["other"]) == (closure.key, "needs", board.key)
    found = api(cast.carol, "get", f"/api/v1/item-links/?item={board.key}").json()["results"]
    assert [one["id"] for one in found] == [made.json()["id"]]
    assert api(cast.carol, "get", f"/api/v1/item-links/?item={note.key}").json()["results"] == []
    assert api(cast.bob, "post", "/api/v1/item-links/", {"item": board.key, "other": note.key}).status_code == 403
    circle = api(cast.mona, "post", "/api/v1/item-links/", {"item": board.key, "kind": "needs", "other": closure.key})
    assert circle.status_code == 422
    assert api(cast.mona, "delete", f"/api/v1/item-links/{made.json()['id']}/").status_code == 204


def said(page):
    return page.content.decode()


def test_what_comes_back_from_the_bin_leaves_no_duplicate_of_a_duplicate(cast, items, as_member):
    board, closure, note = items
    mona = cast.actor("mona")
    ItemLink.add(closure, "duplicates", board, by=mona)
    board.delete_softly(by=mona)
    ItemLink.add(note, "duplicates", closure, by=mona)
    page = as_member(cast.mona).post(at(board, "restore/"), follow=True)
    assert "1 duplicate leads to the last original now" in said(page)
    assert kept() == [("Closure", "duplicates", "Board"), ("Note", "duplicates", "Board")]
    restored = Change.objects.get(verb="item.restored")
    undo(restored, by=mona)
    assert kept() == [("Closure", "duplicates", "Board"), ("Note", "duplicates", "Closure")]


def test_insights_that_were_passed_on_meanwhile_reach_the_original(cast, items):
    board, closure, note = items
    mona = cast.actor("mona")
    ItemLink.add(closure, "duplicates", board, by=mona)
    board.delete_softly(by=mona)
    talk = make_conversation(make_customer(cast.workspace), "We plan by night")
    insight = talk.link("by night", importance=2, item=note, by=mona)
    ItemLink.add(note, "duplicates", closure, by=mona)
    board.restore(by=mona)
    insight.refresh_from_db()
    assert insight.item == board


def test_a_circle_that_would_come_back_from_the_bin_is_opened_at_its_oldest_link(cast, items):
    board, closure, note = items
    mona = cast.actor("mona")
    ItemLink.add(closure, "duplicates", note, by=mona)
    note.delete_softly(by=mona)
    ItemLink.add(board, "duplicates", closure, by=mona)
    closure.delete_softly(by=mona)
    note.restore(by=mona)
    ItemLink.add(note, "duplicates", board, by=mona)
    closure.restore(by=mona)
    assert kept() in (
        [("Board", "duplicates", "Closure"), ("Note", "duplicates", "Closure")],
        [("Closure", "duplicates", "Board"), ("Note", "duplicates", "Board")],
    )


def test_an_undo_that_brings_a_link_back_closes_no_chain(cast, items):
    board, closure, note = items
    mona = cast.actor("mona")
    link = ItemLink.add(closure, "duplicates", board, by=mona)
    link.remove(by=mona)
    ItemLink.add(note, "duplicates", closure, by=mona)
    undo(Change.objects.get(verb="link.removed"), by=mona)
    assert kept() == [("Closure", "duplicates", "Board"), ("Note", "duplicates", "Board")]
