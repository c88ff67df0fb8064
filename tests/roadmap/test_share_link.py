import re
from datetime import date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config import clock
from products.models import Objective
from roadmap.models import Release, SharedField, ShareLink
from tests.factories import SYSTEM, make_item, status

SECRETS = {
    SharedField.STATUS: "Under review",
    SharedField.DESCRIPTION: "DESCRIPTIONq",
    SharedField.DATES: "2026-12-08",
    SharedField.OBJECTIVE: "OBJECTIVEq",
    SharedField.RELEASE: "RELEASEq",
    SharedField.LEAD: "Bob",
    SharedField.KEY: "DSP-1",
    SharedField.SCORE: "7777",
    SharedField.EFFORT: "person-weeks",
}


@pytest.fixture(autouse=True)
def fresh_counters():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def item(cast, monkeypatch):
    monkeypatch.setattr("accounts.models.Workspace.today", lambda workspace: date(2026, 11, 22))
    objective = Objective.add(cast.workspace, by=SYSTEM, product=cast.product, name="OBJECTIVEq")
    release = Release.plan(cast.product, "RELEASEq", by=SYSTEM)
    return make_item(
        cast.product, "Live ETA link", description="DESCRIPTIONq", horizon="now", objective=objective, release=release,
        lead=cast.bob, starts_on=date(2026, 11, 1), ends_on=date(2026, 12, 8), reach=31108, impact=1, confidence=50,
        effort=2, status=status(cast.workspace, "Idea"),
    )  # fmt: skip


def link_with(cast, *fields, **options):
    options = {"precision": "day", "lanes": "objective", **options}
    return ShareLink.open_to(cast.product, "Board", by=cast.actor("mona"), fields=list(fields), **options)


def mark_of(answer):
    return re.search(r'name="checked" value="(\w+)"', answer.content.decode()).group(1)


def visit(link, **options):
    return Client().get(f"/s/{link.token}/", **options)


@pytest.mark.parametrize("hidden", list(SECRETS))
def test_a_field_that_is_not_allowed_is_nowhere_in_the_bytes(cast, item, hidden):
    link = link_with(cast, *(field for field in SharedField if field != hidden))
    for headers in ({}, {"HX-Request": "true"}, {"HX-Request": "true", "HX-Boosted": "true"}):
        answer = visit(link, headers=headers)
        text = answer.content.decode() + str(answer.headers)
        assert "Live ETA link" in text
        assert SECRETS[hidden] not in text
    if hidden == SharedField.DATES:
        assert "8 Dec" not in text


def test_what_is_allowed_is_shown(cast, item):
    text = visit(link_with(cast, *SharedField)).content.decode()
    for field, value in SECRETS.items():
        assert value in text, field


def test_the_page_is_for_no_search_engine_no_cache_and_no_other_site(cast, item):
    answer = visit(link_with(cast))
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "same-origin"  # with “no-referrer” what its forms send has the origin “null”
    assert answer["Cache-Control"] == "private, no-cache"
    secret = visit(link_with(cast, password="polar-night-42"))
    assert secret["Cache-Control"] == "private, no-store"


def test_unknown_expired_and_revoked_links_answer_alike(cast, item):
    revoked, expired = link_with(cast), link_with(cast, expires_at=clock.now() - timedelta(minutes=1))
    revoked.revoke(by=cast.actor("mona"))
    answers = [Client().get(f"/s/{token}/") for token in (revoked.token, expired.token, "A" * 22)]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert (
        len({re.sub(rb'X-CSRFToken&quot;: ?&quot;\w+|X-CSRFToken": ?"\w+', b"", answer.content) for answer in answers})
        == 1
    )


def test_what_does_not_open_says_so_with_the_same_headers_and_by_the_same_statement(cast, item):
    revoked, expired = link_with(cast), link_with(cast, expires_at=clock.now() - timedelta(minutes=1))
    revoked.revoke(by=cast.actor("mona"))
    said = set()
    for token in (revoked.token, expired.token, "A" * 22):
        with CaptureQueriesContext(connection) as asked:
            answer = Client().get(f"/s/{token}/")
        headers = {
            name: value for name, value in answer.headers.items() if name not in ("X-Request-ID", "Content-Length")
        }
        statements = tuple(re.sub(r"'[^']*'", "…", one["sql"]) for one in asked.captured_queries)
        said.add((str(headers), statements))
    assert len(said) == 1
    assert len(next(iter(said))[1]) == 1


def test_a_password_is_asked_for_before_anything_is_named(cast, item):
    link = link_with(cast, password="polar-night-42")
    browser = Client()
    asked = browser.get(f"/s/{link.token}/").content.decode()
    assert "Polarline" not in asked
    assert "Live ETA" not in asked
    wrong = browser.post(f"/s/{link.token}/", {"password": "guess"})
    assert wrong.status_code == 422
    browser.post(f"/s/{link.token}/", {"password": "polar-night-42"})
    assert "Live ETA link" in browser.get(f"/s/{link.token}/").content.decode()
    assert "polar-night-42" not in link.password_hash
    assert link.password_hash.startswith(("argon2", "md5"))


def test_guessing_a_password_is_stopped(cast, item):
    link = link_with(cast, password="polar-night-42")
    statuses = [Client().post(f"/s/{link.token}/", {"password": f"guess {n}"}).status_code for n in range(12)]
    assert statuses == [422] * 10 + [429] * 2
    assert Client().post(f"/s/{link.token}/", {"password": "polar-night-42"}).status_code == 429


def test_guessing_at_many_links_from_one_address_is_stopped(cast, item):
    links = [link_with(cast, password="polar-night-42") for _ in range(6)]
    statuses = [
        Client()
        .post(f"/s/{link.token}/", {"password": f"guess {n}"}, headers={"X-Forwarded-For": f"10.0.{n}.1"})
        .status_code
        for link in links
        for n in range(9)
    ]
    assert statuses == [422] * 50 + [429] * 4


def test_the_right_password_starts_the_count_anew(cast, item):
    link = link_with(cast, password="polar-night-42")
    for _round in range(2):
        for n in range(9):
            assert Client().post(f"/s/{link.token}/", {"password": f"guess {n}"}).status_code == 422
        assert Client().post(f"/s/{link.token}/", {"password": "polar-night-42"}).status_code == 302


def test_revoking_closes_the_page_of_somebody_who_is_inside(cast, item):
    link = link_with(cast, password="polar-night-42")
    browser = Client()
    browser.post(f"/s/{link.token}/", {"password": "polar-night-42"})
    assert browser.get(f"/s/{link.token}/").status_code == 200
    link.revoke(by=cast.actor("mona"))
    assert browser.get(f"/s/{link.token}/").status_code == 404


def test_a_manager_opens_and_revokes_links_a_contributor_does_not(cast, as_member, item):
    url = "/w/polarline/p/DSP/share/"
    assert as_member(cast.bob).get(url).status_code == 403
    mona = as_member(cast.mona)
    form = {"audience": "Board", "fields_allowed": ["status"], "precision": "month", "last_day": "2026-11-30"}
    unseen = mona.post(url, form)
    assert unseen.status_code == 422
    assert "nobody has looked at yet" in unseen.content.decode()
    assert not ShareLink.objects.exists()
    made = mona.post(url, {**form, "checked": mark_of(unseen)})
    assert made.status_code == 302
    link = ShareLink.objects.get()
    assert link.fields == ["status", "dates"]
    assert link.expires_at.date() == date(2026, 12, 1)
    assert link.precision == "month"
    assert link.token in mona.get(url).content.decode()
    mona.post(f"{url}{link.public_id}/revoke/")
    assert visit(link).status_code == 404


def test_a_new_link_begins_with_the_layout_that_is_on_the_screen(cast, as_member):
    form = as_member(cast.mona).get("/w/polarline/p/DSP/share/?layout=list&lanes=release").context["form"]()
    assert (form["layout"].value(), form["lanes"].value()) == ("list", "release")
    form = as_member(cast.mona).get("/w/polarline/p/DSP/share/?layout=status&lanes=team").context["form"]()
    assert (form["layout"].value(), form["lanes"].value()) == ("nnl", "objective")


def test_a_past_day_and_an_unknown_field_are_refused_with_the_typing_kept(cast, as_member, item):
    answer = as_member(cast.mona).post(
        "/w/polarline/p/DSP/share/",
        {"audience": "My audience", "fields_allowed": ["budget"], "last_day": "2020-01-01"},
    )
    assert answer.status_code == 422
    assert "My audience" in answer.content.decode()
    assert "This day is over" in answer.content.decode()


def test_the_shared_page_asks_as_many_questions_for_thirty_items_as_for_three(cast, item, count_queries):
    figures = {SharedField.DEMAND, SharedField.REVENUE}  # a statement each: tests/roadmap/test_share_facts.py
    link, counts = link_with(cast, *(field for field in SharedField if field not in figures)), []
    for target in (3, 30):
        while cast.product.items.count() < target:
            make_item(cast.product, horizon="next")
        counts.append(count_queries(lambda: visit(link)))
    assert counts[0] == counts[1] <= 3


def test_names_and_texts_are_text_whatever_they_hold(cast, item):
    evil = "<script>alert('x')</script> & {0} %s"
    item.edit(by=SYSTEM, title=evil, description=evil)
    item.objective.edit(by=SYSTEM, name=evil)
    item.release.edit(by=SYSTEM, name=evil)
    page = visit(link_with(cast, *SharedField)).content.decode()
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt; &amp; {0} %s") == 4


def test_a_link_that_was_read_before_it_expired_does_not_open_after(cast, item, monkeypatch):
    link = link_with(cast, SharedField.STATUS, expires_at=clock.now() + timedelta(hours=1))
    assert visit(link).status_code == 200
    later = clock.now() + timedelta(hours=2)
    monkeypatch.setattr("config.clock.now", lambda: later)
    assert visit(link).status_code == 404


def test_a_link_says_its_last_day_and_not_the_moment_after_it(cast, item, as_member):
    cast.workspace.edit(by=SYSTEM, time_zone="Asia/Tokyo")
    link = link_with(cast, expires_at=datetime(2031, 3, 2, tzinfo=cast.workspace.zone))
    assert link.last_day == date(2031, 3, 1)
    page = as_member(cast.mona).get("/w/polarline/p/DSP/share/links/").content.decode()
    assert "1 Mar 2031" in page
    assert "2 Mar 2031" not in page
    assert "1 Mar 2031" in visit(link).content.decode()


def test_the_api_opens_no_link_that_has_ended(cast, api):
    ended = {"product": "DSP", "audience": "Board", "expires_at": "2020-01-01T00:00:00Z"}
    assert api(cast.mona, "post", "/api/v1/share-links/", ended).status_code == 400
    assert not ShareLink.objects.exists()
    assert api(cast.mona, "post", "/api/v1/share-links/", {**ended, "expires_at": None}).status_code == 201


def test_a_revoked_link_is_not_changed_as_if_it_were_open(cast, as_member):
    link = ShareLink.open_to(cast.product, "Board", by=cast.actor("mona"))
    link.revoke(by=cast.actor("anton"))
    form = {"audience": "Partners", "precision": "none", "layout": "nnl", "lanes": "objective"}
    answer = as_member(cast.mona).post(f"/w/polarline/p/DSP/share/{link.public_id}/", form)
    assert answer.status_code == 422
    assert "This link is revoked" in answer.content.decode()
    link.refresh_from_db()
    assert link.audience == "Board"
