"""Before a link opens, somebody looks at exactly what it shows; what becomes visible for the first time is said."""

import re
from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from accounts.refusals import Refused
from roadmap.models import SharedField, ShareLink
from roadmap.sharing.audience_check import check
from roadmap.sharing.sites import origin_of, origins_of
from tests.factories import SYSTEM, make_item

SHARE = "/w/polarline/p/DSP/share/"


@pytest.fixture(autouse=True)
def fresh_counters():
    cache.clear()


@pytest.fixture
def item(cast):
    return make_item(cast.product, "Live ETA link", horizon="now")


def mark_of(answer):
    return re.search(r'name="checked" value="(\w+)"', answer.content.decode()).group(1)


def draft(cast, **terms):
    return ShareLink(workspace=cast.workspace, product=cast.product, audience="Board", **terms)


def opened(cast, **terms):
    seen = check(draft(cast, **terms), cast.mona)
    return ShareLink.open_to(cast.product, "Board", by=cast.actor("mona"), **terms, **seen.terms())


def test_the_first_link_shows_everything_for_the_first_time(cast, item):
    seen = check(draft(cast, fields=["status"]), cast.mona)
    assert [(row["number"], row["ever"]) for row in seen.new_items] == [(item.number, False)]
    assert [(one.label, one.count) for one in seen.new_fields] == [("Public status", 1)]


def test_what_another_link_showed_is_not_new_for_a_new_one(cast, item):
    opened(cast, fields=["status"])
    assert not check(draft(cast, fields=["status"]), cast.mona).is_wider
    assert [one.label for one in check(draft(cast, fields=["status", "lead"]), cast.mona).new_fields] == [
        "Person in charge"
    ]


def test_an_item_that_came_since_is_new_for_an_open_link(cast, item):
    link = opened(cast, fields=[])
    assert not check(link, cast.mona).is_wider
    other = make_item(cast.product, "Backhaul", horizon="next")
    assert [row["number"] for row in check(link, cast.mona).new_items] == [other.number]


def test_a_finer_precision_says_more(cast, item):
    link = opened(cast, fields=["dates"], precision="quarter")
    link.precision = "day"
    assert [one.label for one in check(link, cast.mona).new_fields] == ["Dates by the day", "Dates by the month"]
    link.precision = "quarter"
    assert not check(link, cast.mona).is_wider


def test_what_stays_hidden_is_counted_by_the_database(cast, item):
    def rows_read(ask):
        read = []

        def watch(execute, sql, params, many, context):
            answer = execute(sql, params, many, context)
            read.append(context["cursor"].rowcount)
            return answer

        with connection.execute_wrapper(watch):
            ask()
        return max(read)

    counts = []
    for size in (3, 30):
        while cast.product.items.count() <= size:
            make_item(cast.product, is_internal=True)
        seen = []
        counts.append(rows_read(lambda seen=seen: seen.append(check(draft(cast), cast.mona))))
        assert (seen[0].hidden, seen[0].internal) == (size, size)
    assert counts[0] == counts[1]


def test_what_stays_hidden_is_counted(cast, item):
    make_item(cast.product, "Sell the company", horizon="now", is_internal=True)
    seen = check(draft(cast, fields=[]), cast.mona)
    assert (len(seen.items), seen.hidden, seen.internal) == (1, 1, 1)
    assert "Person in charge" in seen.hidden_fields


def test_a_link_opens_only_with_the_mark_of_what_it_shows(cast, as_member, item):
    mona, form = as_member(cast.mona), {"audience": "Board", "fields_allowed": ["status"], "precision": "none"}
    looked = mona.post(f"{SHARE}look/", form)
    assert "Live ETA link" in looked.content.decode()
    assert "never in a shared link before" in looked.content.decode()
    make_item(cast.product, "Backhaul", horizon="next")
    late = mona.post(SHARE, {**form, "checked": mark_of(looked)})
    assert late.status_code == 422, "An item came between the look and the opening."
    assert "Backhaul" in late.content.decode()
    assert mona.post(SHARE, {**form, "checked": mark_of(late)}).status_code == 302
    link = ShareLink.objects.get()
    assert len(link.checked_items) == 2
    assert link.checked_fields == ["status"]


def test_a_change_that_shows_more_must_be_looked_at_one_that_shows_less_need_not(cast, as_member, item):
    link, mona = opened(cast, fields=["status"]), as_member(cast.mona)
    address = f"{SHARE}{link.public_id}/"
    less = {"audience": "Board", "precision": "none", "layout": "nnl", "lanes": "objective"}
    assert mona.post(address, less).status_code == 302
    more = {**less, "fields_allowed": ["status", "lead"]}
    refused = mona.post(address, more)
    assert refused.status_code == 422
    assert mona.post(address, {**more, "checked": mark_of(refused)}).status_code == 302
    link.refresh_from_db()
    assert link.fields == ["status", "lead"]


def test_two_people_change_a_link_and_none_allows_again_what_the_other_took_away(cast, as_member, item):
    link, mona = opened(cast, fields=["status", "lead"], note="Ours"), as_member(cast.mona)
    address, seen = f"{SHARE}{link.public_id}/", link.change_id
    assert f'name="seen" value="{seen}"' in mona.get(address).content.decode()
    ShareLink.objects.get(pk=link.pk).edit(by=cast.actor("anton"), seen=seen, fields=["status"], note="Theirs")
    form = {
        "audience": "Partners",
        "precision": "none",
        "layout": "nnl",
        "lanes": "objective",
        "note": "Mine",
        "seen": seen,
    }
    answer = mona.post(address, {**form, "fields_allowed": ["status", "lead"]})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Anton changed this link meanwhile" in page
    assert 'value="lead" checked' not in page
    assert 'value="Partners"' in page
    assert "Mine" in page
    link.refresh_from_db()
    assert (link.audience, link.fields, link.note) == ("Board", ["status"], "Theirs")
    again = {**form, "fields_allowed": ["status"], "seen": link.change_id, "checked": mark_of(answer)}
    assert mona.post(address, again).status_code == 302
    link.refresh_from_db()
    assert (link.audience, link.fields, link.note) == ("Partners", ["status"], "Mine")


def test_the_preview_is_the_very_page(cast, as_member, item):
    mona = as_member(cast.mona)
    looked = mona.post(f"{SHARE}look/", {"audience": "Board", "precision": "none"}).content.decode()
    address = re.search(r'<iframe[^>]* src="([^"]+)"', looked).group(1).replace("&amp;", "&")
    preview = mona.get(address)
    assert preview["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in preview["Content-Security-Policy"]
    link = opened(cast, fields=[])
    body = re.compile(r'<div class="matrixmap".*?</main>', re.DOTALL)
    shown = Client().get(f"/s/{link.token}/").content.decode()
    assert body.search(preview.content.decode()).group() == body.search(shown).group()


def test_a_link_shows_only_what_its_filter_lets_through(cast, as_member, item):
    make_item(cast.product, "A bug", horizon="now", type="bug")
    link = opened(cast, fields=[], query="type=bug")
    page = Client().get(f"/s/{link.token}/").content.decode()
    assert "A bug" in page
    assert "Live ETA link" not in page
    link.query = "score.gte=many"
    assert check(link, cast.mona).items == []
    mona = as_member(cast.mona)
    wrong = mona.post(SHARE, {"audience": "Board", "query": "score.gte=many"})
    assert wrong.status_code == 422


def test_a_timeline_without_dates_is_refused(cast, as_member, item):
    answer = as_member(cast.mona).post(SHARE, {"audience": "Board", "layout": "timeline", "precision": "none"})
    assert answer.status_code == 422
    assert "A timeline shows dates" in answer.content.decode()
    with pytest.raises(Refused):
        ShareLink.open_to(cast.product, "Board", by=SYSTEM, layout="timeline", fields=[])


@pytest.mark.parametrize("layout", ["timeline", "list"])
def test_the_other_layouts_show_what_is_allowed(cast, item, layout):
    item.edit(by=SYSTEM, starts_on=date(2020, 1, 1), ends_on=cast.workspace.today(), description="TEXTq", lead=cast.bob)
    page = Client().get(f"/s/{opened(cast, fields=list(SharedField), layout=layout).token}/").content.decode()
    assert "Live ETA link" in page
    assert "Bob" in page
    page = Client().get(f"/s/{opened(cast, fields=['dates'], layout=layout).token}/").content.decode()
    assert "Bob" not in page
    assert "TEXTq" not in page


@pytest.mark.parametrize(
    "site",
    ["*", "*.example.com", "intranet", "http://a.example.com", "https://a.example.com/x", "10.0.0.1", "a.example.com; x", "'self'",
     "javascript:alert(1)", "https://u:p@a.example.com", "a..example.com", "https://a.example.com:99999", "data:", "[::1]"],
)  # fmt: skip
def test_a_site_that_is_no_name_is_refused(site):
    with pytest.raises(Refused):
        origins_of(site) if " " not in site else origin_of(site)


def test_sites_become_origins():
    assert origins_of("intranet.example.com, https://wiki.example.com:8443/ bücher.example") == [
        "https://intranet.example.com",
        "https://wiki.example.com:8443",
        "https://xn--bcher-kva.example",
    ]


def test_rotating_gives_another_address_and_closes_the_old_one(cast, as_member, item):
    link = opened(cast, fields=[])
    as_member(cast.mona).post(f"{SHARE}{link.public_id}/rotate/")
    fresh = ShareLink.objects.get()
    assert fresh.token != link.token
    assert Client().get(f"/s/{link.token}/").status_code == 404
    assert Client().get(f"/s/{fresh.token}/").status_code == 200


def test_pages_of_links_ask_as_much_for_thirty_as_for_three(cast, as_member, item, count_queries):
    mona, counts = as_member(cast.mona), []
    for target in (3, 30):
        while ShareLink.objects.count() < target:
            link = opened(cast, fields=[])
            Client().get(f"/s/{link.token}/")
        counts.append([count_queries(lambda page=page: mona.get(f"{SHARE}{page}")) for page in ("links/", "log/", "")])
    assert counts[0] == counts[1]
    assert max(counts[1]) <= 12


def test_what_is_wrong_names_its_field(cast, as_member):
    sent = {"audience": "Board", "layout": "list", "precision": "quarter", "password": "abc", "last_day": "2001-01-01"}
    page = as_member(cast.mona).post("/w/polarline/p/DSP/share/look/", sent).content.decode()
    assert "Password: Write at least 6 characters." in page
    assert "Last day: This day is over." in page
