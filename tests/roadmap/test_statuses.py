"""Statuses: defined by the workspace's admins, in six categories; removed only together with an answer for their items."""

from __future__ import annotations

import pytest

from accounts.refusals import Refused
from changes.models import Change
from changes.undo import undo
from roadmap.models import Category, Item, Status
from roadmap.models.status import MOST, StatusInUse
from tests.factories import make_item, status

PAGE = "/w/polarline/settings/statuses/"
REVIEW = {"name": "In test", "public_name": "In progress", "category": "building"}


def names(cast) -> list[str]:
    return list(Status.objects.filter(workspace=cast.workspace).values_list("name", flat=True))


def change_of(row) -> Change:
    return Change.objects.get(pk=row.change_id)


def positions(cast) -> list[int]:
    return list(Status.objects.filter(workspace=cast.workspace).values_list("position", flat=True))


def test_admins_see_them_by_category_with_their_items_and_others_do_not(cast, as_member):
    for _ in range(3):
        make_item(cast.product, status=status(cast.workspace, "In review"))
    page = as_member(cast.anton).get(PAGE).content.decode()
    assert page.index('status__text">In build') < page.index('status__text">In review')
    assert "3 items" in page
    assert PAGE in as_member(cast.anton).get("/w/polarline/settings/members/").content.decode()
    for member in (cast.mona, cast.bob, cast.carol):
        assert as_member(member).get(PAGE).status_code == 403
        assert as_member(member).post(f"{PAGE}add/", REVIEW).status_code == 403
        assert PAGE not in as_member(member).get("/w/polarline/settings/members/").content.decode()


def test_a_new_status_is_the_last_of_its_category_and_undo_takes_it_away(cast, as_member):
    anton = as_member(cast.anton)
    assert anton.post(f"{PAGE}add/", REVIEW).status_code == 302
    assert names(cast) == ["Idea", "Shaping", "Ready", "In build", "In review", "In test", "Shipped", "Won't do"]
    assert positions(cast) == list(range(8))
    anton.post(f"/w/polarline/changes/{status(cast.workspace, 'In test').change_id}/undo/")
    assert "In test" not in names(cast)
    assert positions(cast) == list(range(7))


def test_a_status_is_renamed_and_a_name_is_taken_once(cast, as_member):
    anton, review = as_member(cast.anton), status(cast.workspace, "In review")
    url = f"{PAGE}{review.public_id}/edit/"
    new = {"name": "Checking", "public_name": "Nearly there", "category": "building", "seen": review.change_id or ""}
    assert anton.post(url, new).status_code == 302
    review.refresh_from_db()
    assert (review.name, review.public_name) == ("Checking", "Nearly there")
    answer = anton.post(url, {**new, "name": "Ready", "seen": review.change_id})
    assert answer.status_code == 422
    assert "There is a status of this name already" in answer.content.decode()
    assert 'value="Ready"' in answer.content.decode()


def test_the_form_of_a_status_comes_when_its_row_is_opened_and_is_a_page_of_its_own(cast, as_member):
    anton, review = as_member(cast.anton), status(cast.workspace, "In review")
    url = f"{PAGE}{review.public_id}/edit/"
    page = anton.get(PAGE).content.decode()
    assert f'hx-get="{url}"' in page
    assert f'<a href="{url}">Edit In review</a>' in page
    alone, whole = anton.get(url, headers={"HX-Request": "true"}), anton.get(url)
    assert alone.content.startswith(b"\n<form")
    assert b"<title>In review" in whole.content
    for answer in (alone, whole):
        assert f'name="seen" value="{review.change_id}"' in answer.content.decode()
    assert as_member(cast.mona).get(url).status_code == 403


def test_two_who_rename_at_once_get_both_names(cast, as_member):
    review = status(cast.workspace, "In review")
    review.edit(by=cast.actor("alice"), public_name="Almost")
    seen = review.change_id
    review.edit(by=cast.actor("alice"), name="Alice's name")
    answer = as_member(cast.anton).post(
        f"{PAGE}{review.public_id}/edit/",
        {"name": "Anton's name", "public_name": "Almost", "category": "building", "seen": seen},
    )
    assert answer.status_code == 409
    assert "Alice&#x27;s name" in answer.content.decode()
    assert "Anton&#x27;s name" in answer.content.decode()


def test_statuses_are_moved_within_their_category(cast, as_member):
    anton = as_member(cast.anton)
    url = f"{PAGE}{status(cast.workspace, 'In review').public_id}/move/"
    anton.post(url, {"to": "up"})
    assert names(cast)[3:5] == ["In review", "In build"]
    anton.post(url, {"to": "up"})
    assert names(cast)[2:5] == ["Ready", "In review", "In build"]
    anton.post(url, {"to": "down"})
    anton.post(url, {"to": "down"})
    assert names(cast)[3:6] == ["In build", "In review", "Shipped"]
    assert positions(cast) == list(range(7))


def test_an_unused_one_goes_and_its_name_is_free_again(cast, as_member):
    anton = as_member(cast.anton)
    url = f"{PAGE}{status(cast.workspace, 'In review').public_id}/remove/"
    assert "No item is in this status." in anton.get(url).content.decode()
    assert anton.post(url).status_code == 302
    assert "In review" not in names(cast)
    assert anton.post(f"{PAGE}add/", {**REVIEW, "name": "In review"}).status_code == 302
    assert names(cast).count("In review") == 1


def test_a_used_one_asks_what_its_items_become(cast, as_member):
    review, build = status(cast.workspace, "In review"), status(cast.workspace, "In build")
    items = [make_item(product, status=review) for product in (cast.product, cast.secret)]
    binned = make_item(cast.product, status=review)
    binned.delete_softly(by=cast.actor("mona"))
    anton, url = as_member(cast.anton), f"{PAGE}{review.public_id}/remove/"
    assert "2 items are in this status" in anton.get(url).content.decode()
    answer = anton.post(url)
    assert answer.status_code == 422
    assert "2 items are in this status. Choose" in answer.content.decode()
    assert anton.post(url, {"to": build.public_id}).status_code == 302
    assert {item.status for item in Item.objects.with_deleted().filter(pk__in=[*(one.pk for one in items), binned.pk])} == {build}  # fmt: skip
    assert not Status.objects.filter(pk=review.pk).exists()


def test_removing_is_undone_with_its_items(cast):
    review = status(cast.workspace, "In review")
    item = make_item(cast.product, status=review)
    review.remove(by=cast.actor("anton"), to=status(cast.workspace, "Shipped"))
    item.refresh_from_db()
    assert item.status.name == "Shipped"
    assert item.shipped_at is not None
    back = undo(change_of(Status.objects.with_deleted().get(pk=review.pk)), by=cast.actor("anton"))
    item.refresh_from_db()
    assert (item.status, item.shipped_at) == (review, None)
    assert "In review" in names(cast)
    undo(back, by=cast.actor("anton"))
    item.refresh_from_db()
    assert item.status.name == "Shipped"


def test_what_would_lead_back_to_a_removed_status_is_not_undone(cast):
    review, build = status(cast.workspace, "In review"), status(cast.workspace, "In build")
    item = make_item(cast.product, status=review)
    item.move_to(build, by=cast.actor("mona"))
    moved = change_of(item)
    review.remove(by=cast.actor("anton"))
    with pytest.raises(Refused, match="removed since"):
        undo(moved, by=cast.actor("mona"))
    item.refresh_from_db()
    assert item.status == build


def test_a_new_status_with_items_in_it_is_not_undone(cast):
    added = Status.add(cast.workspace, by=cast.actor("anton"), **REVIEW)
    change = change_of(added)
    make_item(cast.product, status=added)
    with pytest.raises(Refused):
        undo(change, by=cast.actor("anton"))
    assert "In test" in names(cast)


def test_nobody_moves_an_item_into_a_status_that_is_gone(cast):
    review = status(cast.workspace, "In review")
    item = make_item(cast.product)
    review.remove(by=cast.actor("anton"))
    with pytest.raises(Refused, match="was removed"):
        item.move_to(review, by=cast.actor("mona"))


def test_what_becomes_shipped_by_its_category_has_a_day(cast):
    review = status(cast.workspace, "In review")
    item = make_item(cast.product, status=review)
    review.edit(by=cast.actor("anton"), category=Category.SHIPPED)
    item.refresh_from_db()
    assert item.shipped_at is not None
    assert names(cast)[-3:] == ["In review", "Shipped", "Won't do"]
    review.edit(by=cast.actor("anton"), category=Category.BUILDING)
    item.refresh_from_db()
    assert item.shipped_at is None


def test_the_last_status_stays_and_there_are_not_endlessly_many(cast):
    rows = list(Status.objects.filter(workspace=cast.workspace))
    for row in rows[1:]:
        row.remove(by=cast.actor("anton"))
    with pytest.raises(Refused, match="only status"):
        rows[0].remove(by=cast.actor("anton"))
    for number in range(MOST - 1):
        Status.add(cast.workspace, by=cast.actor("anton"), **{**REVIEW, "name": f"S{number}"})
    with pytest.raises(Refused, match="up to"):
        Status.add(cast.workspace, by=cast.actor("anton"), **REVIEW)


def test_items_get_no_status_of_another_workspace(cast):
    review = status(cast.workspace, "In review")
    make_item(cast.product, status=review)
    with pytest.raises(StatusInUse):
        review.remove(by=cast.actor("anton"), to=status(cast.elsewhere.workspace, "Idea"))


def test_the_api_has_the_same_rules(cast, api):
    assert api(cast.mona, "post", "/api/v1/statuses/", REVIEW).status_code == 403
    made = api(cast.anton, "post", "/api/v1/statuses/", {**REVIEW, "position": 0})
    assert (made.status_code, made.json()["position"]) == (201, 3)
    path = f"/api/v1/statuses/{made.json()['id']}/"
    version = {"If-Match": str(made.json()["version"])}
    moved = api(cast.anton, "patch", path, {"position": 5, "name": "Testing"}, **version)
    assert (moved.json()["position"], moved.json()["name"]) == (5, "Testing")
    assert api(cast.anton, "patch", path, {"name": "Other"}, **version).status_code == 409
    make_item(cast.product, status=status(cast.workspace, "Testing"))
    assert api(cast.anton, "delete", path).status_code == 422
    assert api(cast.anton, "delete", f"{path}?to=nothing").status_code == 422
    other = status(cast.workspace, "In build").public_id
    assert api(cast.anton, "delete", f"{path}?to={other}").status_code == 204
    assert api(cast.anton, "get", path).status_code == 404


def test_the_page_asks_as_much_for_thirty_as_for_three(cast, as_member, count_queries):
    anton, counts = as_member(cast.anton), []
    anton.get(PAGE)
    for target in (10, 37):
        while len(names(cast)) < target:
            Status.add(cast.workspace, by=cast.actor("anton"), **{**REVIEW, "name": f"S{len(names(cast))}"})
        counts.append(count_queries(lambda: anton.get(PAGE)))
    assert counts[0] == counts[1]
