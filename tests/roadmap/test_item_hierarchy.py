import pytest

from accounts.refusals import Refused
from changes.models import Change
from changes.undo import undo
from listing.panels import panels_for
from products.models import Initiative
from roadmap.models import Item, TypeKind
from tests.factories import make_item, make_product, status


def at(item, path=""):
    return f"/w/{item.workspace.slug}/p/{item.product.key}/items/{item.number}/{path}"


@pytest.fixture
def epic(cast):
    return make_item(cast.product, "Exceptions", type=TypeKind.EPIC)


def test_only_an_epic_has_items_under_it(cast, epic):
    feature, other = make_item(cast.product, "Closure"), make_item(cast.product, "Strike")
    feature.edit(by=cast.actor("mona"), parent=epic)
    with pytest.raises(Refused, match="is no epic"):
        other.edit(by=cast.actor("mona"), parent=feature)
    with pytest.raises(Refused, match="stands under an initiative"):
        epic.edit(by=cast.actor("mona"), parent=make_item(cast.product, type=TypeKind.EPIC))
    assert Item.objects.get(pk=feature.pk).parent == epic


def test_a_circle_is_refused_with_its_path(cast, epic):
    feature = make_item(cast.product, "Closure", parent=epic)
    with pytest.raises(Refused, match=f"{epic.key} → {feature.key} → {epic.key}"):
        epic.edit(by=cast.actor("mona"), parent=feature)
    with pytest.raises(Refused, match="circle"):
        epic.edit(by=cast.actor("mona"), parent=epic)


def test_an_epic_of_another_product_is_refused(cast, epic):
    stranger = make_item(make_product(cast.workspace, "OTH"), "Elsewhere")
    with pytest.raises(Refused, match="another product"):
        stranger.edit(by=cast.actor("mona"), parent=epic)


def test_an_epic_with_items_under_it_stays_one(cast, epic):
    make_item(cast.product, parent=epic)
    with pytest.raises(Refused, match="1 item stands under this epic"):
        epic.edit(by=cast.actor("mona"), type=TypeKind.FEATURE)


def test_moving_or_deleting_the_epic_moves_nothing_under_it(cast, as_member, epic):
    child = make_item(cast.product, "Closure", parent=epic, starts_on="2026-12-01", ends_on="2026-12-20")
    child.refresh_from_db()
    before = child.change_id
    epic.edit(by=cast.actor("mona"), starts_on=None, horizon="now")
    epic.rank_between(child, None, by=cast.actor("mona"))
    epic.delete_softly(by=cast.actor("mona"))
    child.refresh_from_db()
    assert (child.change_id, child.parent_id) == (before, epic.pk)
    assert "Under no epic" in as_member(cast.carol).get(at(child)).content.decode()
    undo(Change.objects.get(pk=epic.change_id), by=cast.actor("mona"))
    assert "Exceptions" in as_member(cast.carol).get(at(child)).content.decode()


def test_the_epic_lists_its_items_with_their_progress(cast, as_member, epic):
    ready, done, out = (status(cast.workspace, name) for name in ("Ready", "Shipped", "Won't do"))
    for title, at_status in (("One", done), ("Two", ready), ("Three", out)):
        make_item(cast.product, title, parent=epic, status=at_status)
    page = as_member(cast.carol).get(at(epic)).content.decode()
    assert "1 of 2 shipped" in page
    assert all(title in page for title in ("One", "Two", "Three"))


def test_an_item_is_put_under_an_epic_by_its_key_and_the_toast_takes_it_out(cast, as_member, epic):
    feature = make_item(cast.product, "Closure")
    mona = as_member(cast.mona)
    answer = mona.post(
        at(feature, "place/"),
        {"parent": f"{epic.key} Exceptions", "seen": feature.change_id},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 200
    assert "Exceptions" in answer.content.decode()
    feature.refresh_from_db()
    assert feature.parent == epic
    mona.post(f"/w/polarline/changes/{answer['X-Change']}/undo/")
    feature.refresh_from_db()
    assert feature.parent is None


def test_a_wrong_place_answers_422_with_a_sentence_and_what_was_typed(cast, as_member, epic):
    feature = make_item(cast.product, "Closure")
    mona = as_member(cast.mona)
    for typed, sentence in (
        ("DSP-999", "There is no item"),
        (feature.key, "There is no item"),
        ("nonsense", "no item"),
    ):
        for headers in ({}, {"HX-Request": "true"}):
            answer = mona.post(at(feature, "place/"), {"parent": typed}, headers=headers)
            assert answer.status_code == 422
            assert sentence in answer.content.decode()
            assert f'value="{typed}"' in answer.content.decode()


def test_somebody_else_moved_it_meanwhile(cast, as_member, epic):
    feature, other = make_item(cast.product), make_item(cast.product, type=TypeKind.EPIC)
    seen = feature.change_id
    feature.edit(by=cast.actor("bob"), parent=other)
    answer = as_member(cast.mona).post(at(feature, "place/"), {"parent": epic.key, "seen": seen})
    assert answer.status_code == 409


def test_a_contributor_adds_an_item_under_an_epic_and_a_viewer_does_not(cast, as_member, epic):
    assert as_member(cast.carol).post(at(epic, "children/add/"), {"title": "No"}).status_code == 403
    assert as_member(cast.bob).post(at(epic, "children/add/"), {"title": "Closure"}).status_code == 302
    assert Item.objects.get(parent=epic).title == "Closure"
    feature = make_item(cast.product)
    answer = as_member(cast.bob).post(at(feature, "children/add/"), {"title": "Below"})
    assert answer.status_code == 422
    assert "is no epic" in answer.content.decode()


def test_the_page_of_an_epic_asks_as_many_questions_for_thirty_items_as_for_three(cast, as_member, epic, count_queries):
    mona = as_member(cast.mona)
    counts = []
    for more in (3, 27):
        for _ in range(more):
            make_item(cast.product, parent=epic)
        mona.get(at(epic))
        counts.append(count_queries(lambda: mona.get(at(epic))))
    assert counts[0] == counts[1]


def test_an_initiative_shows_the_progress_of_all_that_stands_under_it(cast, epic):
    initiative = Initiative.add(cast.workspace, by=cast.actor("mona"), name="One screen", product=cast.product)
    epic.edit(by=cast.actor("mona"), initiative=initiative)
    make_item(cast.product, parent=epic, status=status(cast.workspace, "Shipped"))
    make_item(cast.product, parent=epic)
    make_item(cast.product, initiative=initiative)
    make_item(cast.product, initiative=initiative, status=status(cast.workspace, "Won't do"))
    shown = next(one for one in panels_for("initiative", initiative.pk, cast.mona) if one["panel"].name == "progress")
    assert (shown["shipped"], shown["counted"], shown["percent"]) == (1, 3, 33)


def test_the_api_reads_writes_and_filters_by_the_parent(cast, api, epic):
    feature = make_item(cast.product, "Closure")
    url = f"/api/v1/items/{feature.key}/"
    answer = api(cast.mona, "patch", url, {"parent": epic.key}, **{"If-Match": "*"})
    assert answer.json()["parent"] == epic.key
    found = api(cast.mona, "get", f"/api/v1/items/?parent={epic.key}").json()["results"]
    assert [one["key"] for one in found] == [feature.key]
    assert api(cast.mona, "get", "/api/v1/items/?parent.set=1").json()["results"] == found
    answer = api(cast.mona, "patch", f"/api/v1/items/{epic.key}/", {"parent": feature.key}, **{"If-Match": "*"})
    assert answer.status_code == 422
    assert "circle" in answer.json()["detail"]


def test_suggestions_name_epics_of_the_product_and_items_that_one_sees(cast, as_member, epic):
    make_item(cast.secret, "Exceptions in secret")
    make_item(cast.product, "Exceptions list")
    dave = as_member(cast.dave)
    words = dave.get("/w/polarline/p/DSP/items/pick/?q=exc").content.decode()
    assert "Exceptions list" in words
    assert "secret" not in words
    assert "Exceptions list" not in dave.get("/w/polarline/p/DSP/items/pick/?epics=1&parent=exc").content.decode()
