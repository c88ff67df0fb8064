"""Many items at once: ticked ones, or all that a filter matches; one Change, one undo."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.refusals import Refused
from accounts.roles import Role
from changes.models import Change
from changes.undo import undo
from discussion.models import Comment
from jobs.models import Job
from roadmap.backlog import bulk
from roadmap.models import Item, Release
from roadmap.tasks import change_items
from tests.cast import Cast
from tests.factories import SYSTEM, make_item, status

URL = "/w/polarline/p/DSP/items/bulk/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def items(cast: Cast) -> list[Item]:
    return [make_item(cast.product, title) for title in ("one", "two", "three")]


def numbers(*items: Item) -> list[int]:
    return [item.number for item in items]


def test_a_status_is_set_for_the_ticked_rows_alone_as_one_change(cast: Cast, items, as_member):
    ready = status(cast.workspace, "Ready")
    answer = as_member(cast.mona).post(
        URL, {"numbers": numbers(*items[:2]), "set": f"status:{ready.public_id}"}, headers=HTMX
    )
    assert answer.status_code == 204
    assert "2 items changed." in answer["HX-Trigger"]
    assert [item.status.name for item in Item.objects.ranked().select_related("status")] == ["Ready", "Ready", "Idea"]
    assert [item.horizon for item in Item.objects.ranked()] == ["next", "next", ""]
    assert Change.objects.filter(verb="item.edited").count() == 1


def test_shipping_many_sets_their_day_and_leaving_clears_it(cast: Cast, items, as_member):
    mona = as_member(cast.mona)
    mona.post(URL, {"numbers": numbers(*items), "set": f"status:{status(cast.workspace, 'Shipped').public_id}"})
    assert all(item.shipped_at for item in Item.objects.all())
    mona.post(URL, {"numbers": numbers(items[0]), "set": f"status:{status(cast.workspace, 'Idea').public_id}"})
    items[0].refresh_from_db()
    assert items[0].shipped_at is None


def test_one_undo_turns_all_of_it_back(cast: Cast, items, as_member):
    release = Release.plan(cast.product, "5.3", by=SYSTEM)
    mona = as_member(cast.mona)
    mona.post(URL, {"numbers": numbers(*items), "set": f"release:{release.public_id}"})
    change = Change.objects.filter(verb="item.edited").get()
    assert mona.post(f"/w/polarline/changes/{change.pk}/undo/").status_code == 302
    assert not Item.objects.exclude(release=None).exists()


def test_a_field_is_emptied(cast: Cast, items, as_member):
    Item.objects.first().edit(by=SYSTEM, horizon="now")
    as_member(cast.mona).post(URL, {"numbers": numbers(*items), "set": "horizon:"})
    assert set(Item.objects.values_list("horizon", flat=True)) == {""}


def test_all_that_a_filter_matches_are_chosen(cast: Cast, items, as_member):
    items[0].edit(by=SYSTEM, horizon="later")
    ready = status(cast.workspace, "Ready").public_id
    as_member(cast.mona).post(
        URL, {"numbers": numbers(items[1]), "matching": "horizon=later", "set": f"status:{ready}"}
    )
    assert [item.title for item in Item.objects.filter(status__name="Ready")] == ["one"]


def test_many_are_deleted_and_come_back(cast: Cast, items, as_member):
    mona = as_member(cast.mona)
    mona.post(URL, {"numbers": numbers(*items[:2]), "set": "delete"})
    assert [item.title for item in Item.objects.all()] == ["three"]
    mona.post(f"/w/polarline/changes/{Change.objects.get(verb='item.deleted').pk}/undo/")
    assert Item.objects.count() == 3


def test_a_new_lead_is_told_and_watches(cast: Cast, items, as_member):
    as_member(cast.mona).post(URL, {"numbers": numbers(*items), "set": f"lead:{cast.bob.public_id}"})
    assert cast.bob.notifications.count() == 3
    assert all(item.thread.is_watched_by(cast.bob) for item in Item.objects.all())


@pytest.mark.parametrize("setting", ["", "title:x", "status:unknown", "lead:nobody", "horizon:someday", "search:x"])
def test_what_cannot_be_set_is_refused_with_a_sentence(cast: Cast, items, as_member, setting: str):
    answer = as_member(cast.mona).post(URL, {"numbers": numbers(*items), "set": setting}, headers=HTMX)
    assert answer.status_code == 204
    assert '"tone": "bad"' in answer["HX-Trigger"]
    assert not Change.objects.filter(verb="item.edited").exists()


def test_only_managers_change_many_and_only_what_they_see(cast: Cast, items, as_member):
    hidden = make_item(cast.secret, "hidden")
    assert as_member(cast.bob).post(URL, {"numbers": numbers(*items), "set": "delete"}).status_code == 403
    as_member(cast.mona).post(URL, {"numbers": [hidden.number + 1000, "x", "²"], "set": "delete"})
    assert Item.objects.with_deleted().filter(deleted_at=None).count() == 4
    assert as_member(cast.dave).post(URL.replace("DSP", "SEC"), {"numbers": [1], "set": "delete"}).status_code == 404


def test_more_than_two_hundred_are_changed_by_a_job_and_repeating_it_does_no_harm(cast: Cast, as_member):
    Item.add_many(cast.product, [{"title": f"Item {n}"} for n in range(230)], by=SYSTEM)
    answer = as_member(cast.mona).post(URL, {"matching": "", "set": "horizon:later"})
    job = Job.objects.get(kind="change_items")
    assert answer.url == f"/w/polarline/jobs/{job.public_id}/"
    assert change_items(Job.claimed(job.pk), **job.arguments)["changed"] == 230
    again = bulk.chosen(cast.mona, cast.product, [], "")
    assert bulk.apply(again, cast.mona, cast.product, "horizon:later", by=SYSTEM).changed == 0
    assert Item.objects.filter(horizon="later").count() == 230


def test_a_finished_job_leads_to_exactly_the_items_that_it_changed(cast: Cast, as_member):
    Item.add_many(
        cast.product, [{"title": f"Item {n}", "horizon": "later" if n < 8 else ""} for n in range(230)], by=SYSTEM
    )
    mona = as_member(cast.mona)
    mona.post(URL, {"matching": "", "set": "horizon:later"})
    job = Job.claimed(Job.objects.get(kind="change_items").pk)
    job.finish(change_items(job, **job.arguments))
    page = mona.get(f"/w/polarline/jobs/{job.public_id}/").content.decode()
    link = f"/w/polarline/p/DSP/backlog/?at_once={job.public_id}"
    assert f'href="{link}"' in page
    assert f"/w/polarline/changes/{job.result['change']}/undo/" in page
    backlog = mona.get(link).content.decode()
    assert "Changed at once" in backlog
    assert "230 items" in backlog
    found = bulk.chosen(cast.mona, cast.product, [], f"at_once={job.public_id}")
    assert sorted(item.title for item in found) == sorted(f"Item {n}" for n in range(8, 230))
    assert bulk.chosen(cast.mona, cast.product, [], f"at_once.not={job.public_id}").count() == 8
    assert bulk.chosen(cast.mona, cast.product, [], "at_once.set=1").count() == 222
    assert not bulk.chosen(cast.mona, cast.product, [], "at_once=unknown").exists()


def test_a_finished_job_that_deleted_leads_to_the_bin(cast: Cast, as_member):
    Item.add_many(cast.product, [{"title": f"Item {n}"} for n in range(201)], by=SYSTEM)
    mona = as_member(cast.mona)
    mona.post(URL, {"matching": "", "set": "delete"})
    job = Job.claimed(Job.objects.get(kind="change_items").pk)
    job.finish(change_items(job, **job.arguments))
    assert 'href="/w/polarline/p/DSP/bin/"' in mona.get(f"/w/polarline/jobs/{job.public_id}/").content.decode()


def test_a_job_of_somebody_who_is_no_manager_any_more_changes_nothing(cast: Cast, as_member):
    Item.add_many(cast.product, [{"title": f"Item {n}"} for n in range(201)], by=SYSTEM)
    as_member(cast.mona).post(URL, {"matching": "", "set": "delete"})
    cast.mona.give_role(Role.VIEWER, by=SYSTEM)
    job = Job.objects.get(kind="change_items")
    with pytest.raises(Refused):
        change_items(job, **job.arguments)
    assert Item.objects.count() == 201


@pytest.mark.parametrize("gone", ["member", "product"])
def test_a_job_of_somebody_removed_or_at_an_archived_product_changes_nothing(cast: Cast, as_member, gone: str):
    Item.add_many(cast.product, [{"title": f"Item {n}"} for n in range(201)], by=SYSTEM)
    as_member(cast.mona).post(URL, {"matching": "", "set": "delete"})
    if gone == "member":
        cast.mona.remove(by=SYSTEM)
    else:
        cast.product.delete_softly(by=SYSTEM)
    job = Job.objects.get(kind="change_items")
    with pytest.raises(Refused):
        change_items(job, **job.arguments)
    assert Item.objects.count() == 201


def test_choices_and_count_are_asked_when_they_are_wanted(cast: Cast, items, as_member):
    mona: Client = as_member(cast.mona)
    assert "Ready" in mona.get(URL + "choices/status/").content.decode()
    assert "Bob" in mona.get(URL + "choices/lead/").content.decode()
    assert 'value="horizon:now"' in mona.get(URL + "choices/horizon/").content.decode()
    assert "All 3 that match" in mona.get(URL + "count/").content.decode()
    assert "All 0 that match" in mona.get(URL + "count/?status=broken").content.decode()


def test_search_reads_titles_texts_and_comments(cast: Cast, items, as_member):
    items[1].edit(by=SYSTEM, description="Drivers lose the seal photo")
    Comment.post(items[2].thread, "Hamburg asked for seal numbers", by=cast.actor("bob"))
    page = as_member(cast.mona).get("/w/polarline/p/DSP/backlog/?q=seal")
    assert [row.title for row in page.context["page"].rows] == ["two", "three"]
    gone = Comment.objects.get()
    gone.delete_softly(by=cast.actor("bob"))
    page = as_member(cast.mona).get("/w/polarline/p/DSP/backlog/?q=seal")
    assert [row.title for row in page.context["page"].rows] == ["two"]


def test_undoing_takes_as_many_statements_for_thirty_as_for_three(cast: Cast, count_queries):
    counts = []
    for size in (3, 30):
        rows = Item.add_many(cast.product, [{"title": f"Item {n}"} for n in range(size)], by=SYSTEM)
        chosen = Item.objects.filter(pk__in=[row.pk for row in rows])
        change = Change.objects.get(pk=bulk.apply(chosen, cast.mona, cast.product, "horizon:later", by=SYSTEM).change)
        counts.append(count_queries(lambda: undo(change, by=SYSTEM)))  # noqa: B023
    assert counts[1] == counts[0]
