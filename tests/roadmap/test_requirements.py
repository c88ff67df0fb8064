import pytest

from accounts.refusals import Refused
from roadmap.models import Requirement
from tests.factories import make_item


@pytest.fixture
def item(cast):
    return make_item(cast.product, "Bulk re-plan")


def at(item, path=""):
    return f"/w/{item.workspace.slug}/p/{item.product.key}/items/{item.number}/{path}"


def texts(item):
    return [one.text for one in Requirement.objects.filter(item=item).order_by("rank")]


def test_a_requirement_is_done_when_all_its_criteria_are_met(cast, item):
    mona = cast.actor("mona")
    one = Requirement.add_to(
        item, "Select by area", by=mona, criteria=[{"text": "Fast", "met": 0}, {"text": "Keys", "met": 0}]
    )
    one.meet("Fast", True, by=mona)
    assert (one.met_count, one.is_done) == (1, False)
    one.meet("Keys", True, by=mona)
    assert one.is_done
    one.meet("Fast", False, by=mona)
    assert not one.is_done
    one.mark(True, by=mona)
    assert (one.met_count, one.is_done) == (2, True)
    with pytest.raises(Refused, match="changed this criterion"):
        one.meet("Gone", True, by=mona)


def test_a_manager_adds_ticks_edits_moves_and_deletes_on_the_page(cast, as_member, item):
    mona = as_member(cast.mona)
    for text in ("First", "Second"):
        answer = mona.post(at(item, "requirements/add/"), {"text": text, "kind": "security", "criteria": "a\nb\na\n\n"})
        assert answer.status_code == 302
    first, second = Requirement.objects.filter(item=item).order_by("rank")
    assert first.criteria == [{"text": "a", "met": False}, {"text": "b", "met": False}]
    mona.post(at(item, f"requirements/{first.public_id}/tick/"), {"criterion": "a", "done": "1"})
    page = mona.get(at(item)).content.decode()
    assert "1 of 4 criteria met" in page
    first.refresh_from_db()
    mona.post(
        at(item, f"requirements/{first.public_id}/edit/"), {"text": "Erst", "criteria": "c\na", "seen": first.change_id}
    )
    first.refresh_from_db()
    assert (first.text, first.criteria) == ("Erst", [{"text": "c", "met": False}, {"text": "a", "met": True}])
    mona.post(at(item, f"requirements/{second.public_id}/move/"), {"after": ""})
    assert texts(item) == ["Second", "Erst"]
    answer = mona.post(at(item, f"requirements/{first.public_id}/delete/"), headers={"HX-Request": "true"})
    assert texts(item) == ["Second"]
    mona.post(f"/w/polarline/changes/{answer['X-Change']}/undo/")
    assert texts(item) == ["Second", "Erst"]


def test_contributors_and_viewers_read_only(cast, as_member, item):
    one = Requirement.add_to(item, "Visible", by=cast.actor("mona"))
    for person in (cast.bob, cast.carol):
        assert "Visible" in as_member(person).get(at(item)).content.decode()
        for path in (
            "requirements/add/",
            f"requirements/{one.public_id}/tick/",
            f"requirements/{one.public_id}/delete/",
        ):
            assert as_member(person).post(at(item, path), {"text": "x"}).status_code == 403


def test_bad_input_answers_422_and_keeps_what_was_typed(cast, as_member, item):
    mona = as_member(cast.mona)
    for typed in (
        {"text": "", "criteria": "kept line"},
        {"text": "x" * 500, "criteria": "kept line"},
        {"text": "ok", "kind": "magic", "criteria": "kept line"},
        {"text": "ok", "criteria": "kept line\n" + "y" * 500},
    ):
        for headers in ({}, {"HX-Request": "true"}):
            answer = mona.post(at(item, "requirements/add/"), typed, headers=headers)
            assert answer.status_code == 422
            assert "kept line" in answer.content.decode()
    assert texts(item) == []


def test_two_people_who_edit_one_text_get_a_conflict_and_two_fields_merge(cast, as_member, item):
    one = Requirement.add_to(item, "Old", by=cast.actor("mona"))
    seen = one.change_id
    one.edit(by=cast.actor("alice"), text="Theirs")
    mona = as_member(cast.mona)
    url = at(item, f"requirements/{one.public_id}/edit/")
    answer = mona.post(url, {"text": "Mine", "seen": seen})
    assert answer.status_code == 409
    assert "Theirs" in answer.content.decode()
    assert "Mine" in answer.content.decode()
    assert mona.post(url, {"kind": "security", "seen": seen}).status_code == 302
    one.refresh_from_db()
    assert (one.text, one.kind) == ("Theirs", "security")


def test_another_items_requirement_is_not_found_under_this_one(cast, as_member, item):
    other = Requirement.add_to(make_item(cast.product), "Elsewhere", by=cast.actor("mona"))
    assert as_member(cast.mona).post(at(item, f"requirements/{other.public_id}/delete/")).status_code == 404


def test_the_page_asks_as_many_questions_for_thirty_requirements_as_for_three(cast, as_member, item, count_queries):
    mona, counts = as_member(cast.mona), []
    for more in (3, 27):
        for number in range(more):
            Requirement.add_to(item, f"R {number}", by=cast.actor("mona"), criteria=[{"text": "c", "met": False}])
        mona.get(at(item))
        counts.append(count_queries(lambda: mona.get(at(item))))
    assert counts[0] == counts[1]


def test_the_api_does_the_same(cast, api, item):
    body = {"item": item.key, "text": "Select", "kind": "performance", "criteria": [{"text": "In 2 s"}]}
    made = api(cast.mona, "post", "/api/v1/requirements/", body)
    assert made.status_code == 201, made.content
    url = f"/api/v1/requirements/{made.json()['id']}/"
    assert made.json()["criteria"] == [{"text": "In 2 s", "met": False}]
    done = api(cast.mona, "patch", url, {"done": True}, **{"If-Match": made["ETag"]}).json()
    assert (done["done"], done["criteria"]) == (True, [{"text": "In 2 s", "met": True}])
    found = api(cast.carol, "get", f"/api/v1/requirements/?item={item.key}").json()["results"]
    assert [one["text"] for one in found] == ["Select"]
    assert api(cast.carol, "get", "/api/v1/requirements/?item=DSP-999").json()["results"] == []
    assert api(cast.bob, "post", "/api/v1/requirements/", body).status_code == 403
    assert api(cast.mona, "delete", url).status_code == 204


@pytest.mark.parametrize("criteria", [[], ["In 2 s"]])
def test_done_over_the_api_is_refused_where_somebody_else_said_otherwise_since(cast, api, item, criteria):
    told = [{"text": text, "met": False} for text in criteria]
    one = Requirement.add_to(item, "Select", by=cast.actor("mona"), criteria=told)
    url, seen = f"/api/v1/requirements/{one.public_id}/", {"If-Match": f'"{one.change_id}"'}
    one.mark(True, by=cast.actor("bob"))
    seen_done = {"If-Match": f'"{one.change_id}"'}
    assert api(cast.mona, "patch", url, {"done": True}, **seen).status_code == 200
    one.mark(False, by=cast.actor("bob"))
    answer = api(cast.mona, "patch", url, {"done": True}, **seen_done)
    assert answer.status_code == 409, answer.content
    one.refresh_from_db()
    assert not one.is_done
    fresh = {"If-Match": f'"{one.change_id}"'}
    assert api(cast.mona, "patch", url, {"done": True, "text": "Choose"}, **fresh).json()["done"] is True


def test_done_over_the_api_is_refused_where_there_are_criteria_that_were_not_seen(cast, api, item):
    one = Requirement.add_to(item, "Select", by=cast.actor("mona"), criteria=[{"text": "a", "met": False}])
    seen = {"If-Match": f'"{one.change_id}"'}
    one.edit(by=cast.actor("bob"), criteria=[*one.criteria, {"text": "b", "met": False}])
    answer = api(cast.mona, "patch", f"/api/v1/requirements/{one.public_id}/", {"done": True}, **seen)
    assert answer.status_code == 409
