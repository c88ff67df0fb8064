"""What links and lists told whom they should not: new addresses to old readers, and by filters what rows do not say."""

from __future__ import annotations

from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client

from accounts.models import Member, Team
from accounts.roles import Role
from config import clock
from discussion.models import Comment, Notification
from jobs.models import Mail
from roadmap.exporting import FORMATS
from roadmap.models import Item, Roadmap, SavedView, ShareLink, Subscription
from roadmap.sharing import moves
from tests.cast import Cast
from tests.factories import SYSTEM, make_item

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("end", ["rotated", "given another password"])
def test_who_subscribed_at_the_old_address_is_told_neither_the_new_one_nor_what_moves(cast: Cast, end: str):
    item = make_item(cast.product, "Live ETA link", horizon="now", ends_on=date(2027, 2, 8))
    link = ShareLink.open_to(cast.product, "Board", by=cast.actor("mona"), fields=["dates"])
    Subscription.ask(link, "leaked@example.com")
    Subscription.ask(link, "asked@example.com")
    row = Subscription.objects.get(email="leaked@example.com")
    row.confirm()
    moves.notice(link)
    if end == "rotated":
        link.rotate(by=cast.actor("mona"))
    else:
        link.edit(by=cast.actor("mona"), password="polar-night-42")
    moves.notice(link)
    item.edit(by=SYSTEM, ends_on=date(2027, 5, 30))
    update = moves.notice(link)
    assert update is not None
    arguments = {"subscription": row.pk, "after": 0, "until": update.pk}
    assert moves.letter(**arguments) is None
    assert moves.mail_all() == 0
    assert not Subscription.objects.exists()
    assert not Mail.objects.filter(writer="share_moves").exists()


@pytest.mark.parametrize("end", ["revoked", "expired"])
def test_who_asked_about_a_link_reads_no_answers_once_it_is_closed(cast: Cast, as_member, end: str):
    """Dave does not see the product: the link alone let him."""
    link = ShareLink.open_to(cast.secret, "Nordics", by=cast.actor("mona"), fields=[])
    link.share_with([cast.dave], by=cast.actor("mona"))
    link.ask("When is it out?", by=cast.actor("dave"))
    address = f"/w/polarline/threads/{link.thread.public_id}/"
    assert as_member(cast.dave).get(address).status_code == 200
    if end == "revoked":
        link.revoke(by=cast.actor("mona"))
    else:
        link.edit(by=cast.actor("mona"), expires_at=clock.now() - timedelta(minutes=1))
    assert as_member(cast.dave).get(address).status_code == 404
    assert as_member(cast.mona).get(address).status_code == 200
    told = Notification.objects.filter(member=cast.dave).count()
    Comment.post(link.thread, "In May", by=cast.actor("mona"))
    assert Notification.objects.filter(member=cast.dave).count() == told


def test_a_kept_roadmap_is_not_found_by_a_product_that_is_out_of_sight(cast: Cast, api):
    Roadmap.keep(cast.workspace, "Both", [cast.product, cast.secret], by=SYSTEM, owner=cast.mona, is_shared=True)

    def found(member, key):
        return api(member, "get", f"/api/v1/roadmaps/?product={key}").json()["results"]

    assert len(found(cast.mona, "SEC")) == len(found(cast.dave, "DSP")) == 1
    assert found(cast.dave, "SEC") == found(cast.dave, "NOPE") == []
    assert len(api(cast.dave, "get", "/api/v1/roadmaps/?product.not=SEC").json()["results"]) == 1
    assert len(found(cast.mona, "DSP,SEC")) == 1


def test_a_title_with_a_character_that_xml_does_not_have_breaks_no_feed(cast: Cast, api):
    link = ShareLink.open_to(cast.product, "Board", by=cast.actor("mona"), fields=["dates", "reason", "description"])
    moves.notice(link)
    texts = {"title": "Live\x0b ETA\x1b link\ufffe", "description": "one\x0btwo\x08", "horizon": "now"}
    made = api(cast.mona, "post", "/api/v1/items/", {"product": "DSP", **texts})
    assert made.status_code == 201, made.content
    item = Item.objects.get()
    assert moves.notice(link) is not None
    item.edit(by=SYSTEM, ends_on=date(2027, 5, 30), reason="Late\x07")
    assert moves.notice(link) is not None
    for address in (
        f"/feeds/{link.public_id}/{link.feed_signature}/changes.atom",
        *(f"/s/{link.token}/files/{name}/" for name in FORMATS),
    ):
        answer = Client().get(address)
        assert answer.status_code == 200, address
        if address.endswith((".atom", "svg/")):
            ElementTree.fromstring(answer.content)  # noqa: S314 - of ours


@pytest.fixture
def team(cast: Cast) -> Team:
    return Team.form(cast.workspace, "Planners", [cast.mona, cast.bob], by=cast.actor("anton"))


def kept(cast: Cast, noun: str, owner: Member, **scope):
    if noun == "roadmap":
        return Roadmap.keep(cast.workspace, "Plan", [cast.product], by=SYSTEM, owner=owner, **scope)
    return SavedView.add(
        cast.workspace, by=SYSTEM, product=cast.product, owner=owner, name="Plan", query="horizon=now", **scope
    )


def undone(client, row) -> int:
    return client.post(f"/w/polarline/changes/{row.change_id}/undo/").status_code


@pytest.mark.parametrize("noun", ["roadmap", "view"])
def test_what_is_kept_for_a_team_is_turned_back_by_nobody_who_left_it(cast: Cast, as_member, team: Team, noun: str):
    row = kept(cast, noun, cast.bob, team=team)
    row.edit(by=cast.actor("mona"), name="Better plan")
    cast.mona.look_after(role=Role.MANAGER, job_title="", teams=[], by=cast.actor("anton"))
    assert undone(as_member(cast.mona), row) == 404
    row.refresh_from_db()
    assert row.name == "Better plan"


@pytest.mark.parametrize("noun", ["roadmap", "view"])
def test_undo_gives_nothing_to_everybody_for_who_is_no_manager_any_more(cast: Cast, as_member, noun: str):
    row = kept(cast, noun, cast.mona, is_shared=True)
    row.edit(by=cast.actor("mona"), is_shared=False)
    mona = as_member(cast.mona)
    assert undone(mona, row) == 302
    row.refresh_from_db()
    row.edit(by=cast.actor("mona"), is_shared=False)
    cast.mona.look_after(role=Role.VIEWER, job_title="", teams=[], by=cast.actor("anton"))
    assert undone(mona, row) in (403, 404)
    row.refresh_from_db()
    assert not row.is_shared
