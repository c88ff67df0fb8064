from datetime import UTC, datetime, timedelta

import pytest
from django.utils.html import strip_tags

from changes.models import Change
from config import clock
from products.models import Product
from roadmap.models import Item
from tests.factories import SYSTEM, make_item, status
from tests.usage.brute import Brute, Happening, random_log
from tests.usage.test_figures_equal_brute_force import take_in
from usage.insights import Insights
from usage.intake import Bounds
from usage.models import IngestKey, Population, UsageKey
from usage.rollup.days import roll_days
from usage.rollup.plan import dirty_shards, roll_up
from usage.survival import median
from usage.told_figures import Cohort, weighted_mean
from usage.writer import EventWriter

pytestmark = pytest.mark.django_db


def at(product: Product, path: str = "") -> str:
    return f"/w/{product.workspace.slug}/p/{product.key}/insights/{path}"


def words(answer) -> str:
    return " ".join(strip_tags(answer.content.decode()).split())


def used(product: Product, seed: int = 1, **options) -> list[Happening]:
    log = random_log(seed, **options)
    take_in(product, log)
    roll_up(product.pk)
    return log


def ship(item: Item, at_: datetime) -> None:
    with Change.open("item.edited", by=SYSTEM, workspace=item.workspace, at=at_) as change:
        item.edit(by=change, status=status(item.workspace, "Shipped"))


def test_before_the_first_event_the_page_says_how_to_send_some(cast, as_member):
    page = words(as_member(cast.mona).get(at(cast.product)))
    assert "No events yet" in page
    assert "curl http://testserver/api/v1/events/" in page
    assert "ingest_usage usage.csv --product DSP --workspace polarline" in page
    assert "A manager of this product can connect it." in words(as_member(cast.carol).get(at(cast.product)))


def test_events_of_today_alone_are_told_tomorrow(cast, as_member):
    EventWriter(cast.product).write([(1, ["1", "f", "u", "a", clock.now().isoformat()])])
    assert "1 waits to be counted" in words(as_member(cast.carol).get(at(cast.product)))
    roll_up(cast.product.pk)
    assert "The first complete day is told tomorrow" in words(as_member(cast.carol).get(at(cast.product)))


def test_between_counting_the_first_days_and_their_figures_the_page_says_so(cast, as_member):
    take_in(cast.product, random_log(1))
    for product, shard in dirty_shards(cast.product.pk):
        roll_days(product, shard, wait=True)
    page = words(as_member(cast.carol).get(at(cast.product)))
    assert "The figures are being worked out" in page
    roll_up(cast.product.pk)
    assert "Adoption by feature" in words(as_member(cast.carol).get(at(cast.product)))


def test_stickiness_is_told_for_all_days_or_for_working_days(cast, as_member):
    used(cast.product)
    carol = as_member(cast.carol)
    assert "mean daily ÷ 28-day active" in words(carol.get(at(cast.product)))
    page = carol.get(at(cast.product, "?days=working&of=users"))
    assert "mean of Monday to Friday ÷ 28-day active" in words(page)
    assert 'href="?of=users">All days' in page.content.decode()


@pytest.mark.parametrize(("of", "kind"), [("users", 0), ("accounts", 1)])
def test_the_figures_of_the_page_are_those_of_sets(cast, of, kind):
    log = used(cast.product, 4)
    brute, told = Brute(log), Insights(cast.product, Population(kind))
    through, day = brute.last, timedelta(1)
    assert told.through == through
    active = len(brute.who("*", kind, through - 27 * day, through))
    daily = [len(brute.who("*", kind, through - n * day, through - n * day)) for n in range(28)]
    assert told.active_28.value == active
    assert told.active_28.before == len(brute.who("*", kind, through - 55 * day, through - 28 * day))
    assert told.active_7.value == len(brute.who("*", kind, through - 6 * day, through))
    assert told.stickiness.value == pytest.approx(100 * sum(daily) / 28 / active)
    working = [count for n, count in enumerate(daily) if (through - n * day).isoweekday() <= 5]
    at_work = Insights(cast.product, Population(kind), working_days=True)
    assert at_work.stickiness.value == pytest.approx(100 * sum(working) / 20 / active)
    assert len(working) == 20
    for feature in told.features:
        low = through - 27 * day
        assert feature.eligible == active
        assert feature.tried == len(brute.who(feature.key, kind, low, through))
        assert feature.adopted == len(brute.adopted(feature.key, kind, low, through))
        began, waiting = brute.waits(feature.key, kind)
        assert feature.population == len(began) + len(waiting)
        assert feature.median_days == plain_median(began, waiting)
    assert [feature.tried for feature in told.features] == sorted((f.tried for f in told.features), reverse=True)


def plain_median(began: list[int], waiting: list[int]) -> int | None:
    """Kaplan–Meier by its definition."""
    share = 1.0
    for day in sorted(set(began)):
        able = sum(one >= day for one in began) + sum(one >= day for one in waiting)
        share *= 1 - began.count(day) / able
        if share <= 0.5 + 1e-12:
            return day
    return None


def test_the_median_counts_those_who_have_not_begun():
    assert median([], [], []) is None
    assert median([0, 3, 9], [1, 1, 0], [0, 0, 2]) == 3
    assert median([0, 9], [1, 0], [0, 9]) is None
    assert median([1, 2, 5, 6], [0, 1, 1, 1], [3, 0, 0, 0]) == 5


def test_an_unfinished_week_is_blank_in_the_triangle_and_marked_in_the_chart(cast, as_member):
    start = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday
    days = {"u1": [0, 7, 14, 16], "u2": [0, 1, 14], "u3": [8, 15]}
    log = [
        Happening(f"{user}{day}", "f", user, "a", start + timedelta(days=day)) for user in days for day in days[user]
    ]
    take_in(cast.product, log)
    roll_up(cast.product.pk)
    told = Insights(cast.product, Population.USERS)
    assert [(cohort.size, cohort.kept) for cohort in told.cohorts] == [(2, [2, 1, None]), (1, [1, None])]
    assert told.means == [100, 50, None]
    assert [week.finished for week in told.weeks] == [True, True, False]
    page = words(as_member(cast.carol).get(at(cast.product) + "?of=users"))
    assert "16 Mar*" in page
    assert "16 Mar unfinished" in page


def test_means_over_cohorts_are_weighted_by_size():
    monday = datetime(2026, 3, 2).date()
    cohorts = [Cohort(monday, 90, [90, 9]), Cohort(monday, 10, [10, 9]), Cohort(monday, 50, [50, None])]
    assert weighted_mean(cohorts, 1) == pytest.approx(18)
    assert weighted_mean(cohorts, 2) is None


def test_switches_live_in_the_query_string(cast, as_member):
    used(cast.product, 2)
    carol = as_member(cast.carol)
    assert "Active accounts, 28 days" in words(carol.get(at(cast.product)))
    assert "Active users, 28 days" in words(carol.get(at(cast.product) + "?of=users"))
    assert "Active in that week or any later one" in words(carol.get(at(cast.product) + "?kept=unbounded"))
    assert carol.get(at(cast.product) + "?of=%00&kept=<x>&in=numbers").status_code == 200


def test_a_viewer_sees_figures_but_no_keys_and_no_way_to_connect(cast, as_member):
    used(cast.product)
    carol = as_member(cast.carol)
    page = carol.get(at(cast.product))
    assert page.status_code == 200
    assert at(cast.product, "events/") not in page.content.decode()
    assert carol.get(at(cast.product, "events/")).status_code == 403
    assert carol.post(at(cast.product, "events/"), {"name": "mine"}).status_code == 403
    assert carol.get(at(cast.product, "keys/")).status_code == 200
    assert carol.post(at(cast.product, "keys/"), {"key": "f", "items": ""}).status_code == 403


def test_a_new_key_is_shown_once_and_works(cast, as_member, client):
    mona = as_member(cast.mona)
    answer = mona.post(at(cast.product, "events/"), {"name": "Web app"})
    secret = answer.context["secret"]
    assert secret.startswith("cradle_ingest_")
    assert f"Bearer {secret}" in words(answer).replace("&quot;", '"')
    assert answer["Cache-Control"] == "private, no-store"
    assert secret not in mona.get(at(cast.product, "events/")).content.decode()
    event = {"event_id": "1", "feature_key": "f", "user_key": "u", "account_key": "a", "ts": clock.now().isoformat()}
    headers = {"Authorization": f"Bearer {secret}"}
    assert client.post("/api/v1/events/", [event], content_type="application/json", headers=headers).status_code == 200
    assert "Web app" in words(mona.get(at(cast.product, "events/")))
    key = IngestKey.objects.get()
    mona.post(at(cast.product, f"events/{key.public_id}/revoke/"))
    assert client.post("/api/v1/events/", [event], content_type="application/json", headers=headers).status_code == 401


def test_a_key_of_another_product_is_not_revoked_from_here(cast, as_member):
    key, _secret = IngestKey.issue(cast.secret, "theirs", by=SYSTEM)
    assert as_member(cast.dave).post(at(cast.product, f"events/{key.public_id}/revoke/")).status_code == 404
    key.refresh_from_db()
    assert key.revoked_at is None


def test_a_key_without_a_name_gets_a_sentence(cast, as_member):
    answer = as_member(cast.mona).post(at(cast.product, "events/"), {"name": ""})
    assert answer.status_code == 422
    assert "Fill this in." in words(answer)


def test_rejected_events_are_for_admins(cast, as_member):
    EventWriter(cast.product).write([(n, ["", "<script>", "", "", ""]) for n in range(60)])
    assert as_member(cast.mona).get(at(cast.product, "events/rejected/")).status_code == 403
    anton = as_member(cast.anton)
    page = anton.get(at(cast.product, "events/rejected/"))
    assert "event_id is missing." in words(page)
    assert "<script>" not in page.content.decode()
    following = page.context["page"].next
    rows = anton.get(at(cast.product, f"events/rejected/?after={following}"), headers={"HX-Request": "true"})
    assert rows.content.decode().count("<tr>") == 10
    assert anton.get(at(cast.product, "events/rejected/?after=nonsense")).status_code == 200


def test_linking_a_key_to_items_is_kept_and_shown_with_who(cast, as_member):
    used(cast.product, 3, events=60)
    item = make_item(cast.product, "Live map")
    mona = as_member(cast.mona)
    answer = mona.post(at(cast.product, "keys/"), {"key": "area.0", "name": "Map", "items": f"{item.key}"})
    assert answer.status_code == 302
    page = words(as_member(cast.carol).get(at(cast.product, "keys/")))
    assert "by Mona, just now" in page
    assert "Live map" in page
    assert "Map" in words(as_member(cast.carol).get(at(cast.product)))
    mona.post(at(cast.product, "keys/"), {"key": "area.0", "name": "Map", "items": ""})
    assert not UsageKey.objects.get().items.exists()


@pytest.mark.parametrize(
    ("typed", "sentence"), [("DSP-9999", "no item DSP-9999"), ("SEC-1", "no item SEC-1"), ("x, 3", "no item x, 3")]
)
def test_items_that_are_not_of_this_product_get_a_sentence_and_the_typing_is_kept(cast, as_member, typed, sentence):
    used(cast.product, 3, events=60)
    make_item(cast.secret, "Theirs")
    answer = as_member(cast.mona).post(at(cast.product, "keys/"), {"key": "area.0", "name": "Map", "items": typed})
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert f'value="{typed}"' in answer.content.decode()
    assert not UsageKey.objects.exists()


def test_two_people_at_one_key(cast, as_member):
    """Different fields both win, the same field conflicts with both values."""
    one, two = make_item(cast.product, "One"), make_item(cast.product, "Two")
    row = UsageKey.measure(cast.product, "map", [], name="Map", by=SYSTEM)
    seen = {"key": "map", "name": "Map", "items": "", "items_seen": "", "seen": row.change_id}
    mona, anton = as_member(cast.mona), as_member(cast.anton)
    assert mona.post(at(cast.product, "keys/"), {**seen, "items": one.key}).status_code == 302
    assert anton.post(at(cast.product, "keys/"), {**seen, "name": "Live map"}).status_code == 302
    row.refresh_from_db()
    assert (row.name, [item.key for item in row.items.all()]) == ("Live map", [one.key])
    answer = anton.post(at(cast.product, "keys/"), {**seen, "items": two.key})
    assert answer.status_code == 409
    page = words(answer)
    assert f"Theirs: {one.key} (Mona, just now)" in page
    assert f"Yours: {two.key}" in page
    answer = mona.post(at(cast.product, "keys/"), {**seen, "name": "Plan"})
    assert answer.status_code == 409
    assert [item.key for item in row.items.all()] == [one.key]


def test_adoption_stands_beside_the_shipped_item(cast, as_member):
    log = random_log(9)
    key, other = sorted({happening.feature for happening in log})[:2]
    one, two, late, idea = (make_item(cast.product, title) for title in ("One", "Two", "Late", "Idea"))
    day = datetime(2026, 4, 2, 12, tzinfo=UTC)
    ship(one, day)
    ship(two, day)
    ship(late, day + timedelta(days=14))
    UsageKey.measure(cast.product, key, [one, two, late, idea], by=SYSTEM)
    UsageKey.measure(cast.product, other, [two], by=SYSTEM)
    take_in(cast.product, log)
    roll_up(cast.product.pk)
    brute = Brute(log)
    for item, keys, since in ((one, [key], day), (two, [key, other], day), (late, [key], day + timedelta(days=14))):
        low = since.date()
        tried = set().union(*(brute.who(one_key, 1, low, brute.last) for one_key in keys))
        eligible = brute.who("*", 1, low, brute.last)
        page = words(as_member(cast.carol).get(f"/w/polarline/p/DSP/items/{item.number}/"))
        assert f"{len(tried)} of {len(eligible)} tried" in page, item.title
    assert "Counted from the day this ships." in words(
        as_member(cast.carol).get(f"/w/polarline/p/DSP/items/{idea.number}/")
    )


def test_the_page_asks_as_much_with_thirty_features_as_with_three(cast, as_member, count_queries):
    client, counts = as_member(cast.carol), []
    ts = datetime(2026, 3, 2, 12, tzinfo=UTC)
    for features in (3, 30):
        lines = [
            (n, [f"{features}-{n}-{day}", f"f{n}", f"u{n}", f"a{n}", (ts + timedelta(days=day)).isoformat()])
            for n in range(features)
            for day in (0, 9, 25)
        ]
        EventWriter(cast.product).write(lines, bounds=Bounds.of_file)
        for n in range(features):
            UsageKey.measure(cast.product, f"f{n}", [make_item(cast.product)], by=SYSTEM)
        roll_up(cast.product.pk)
        for path in ("", "keys/"):
            client.get(at(cast.product, path))
            counts.append(count_queries(lambda path=path: client.get(at(cast.product, path))))
    assert counts[:2] == counts[2:]


def test_keys_and_names_are_text_whatever_they_hold(cast, as_member):
    evil, ts = "<script>alert('x')</script> & {0} %s", datetime(2026, 3, 2, 12, tzinfo=UTC)
    lines = [
        (n, [f"{n}-{day}", key, "u", "a", (ts + timedelta(days=day)).isoformat()])
        for n, key in enumerate((evil, "f.linked", "f.loose"))
        for day in (0, 9, 25)
    ]
    EventWriter(cast.product).write(lines, bounds=Bounds.of_file)
    gone = make_item(cast.product)
    UsageKey.measure(cast.product, "f.linked", [make_item(cast.product), gone], name=evil, by=SYSTEM)
    gone.delete_softly(by=SYSTEM)
    roll_up(cast.product.pk)
    page = as_member(cast.carol).get(at(cast.product))
    assert "<script>alert" not in page.content.decode()
    assert page.content.decode().count("&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt; &amp; {0} %s") >= 4
    linked = {feature.key: [item.key for item in feature.items] for feature in page.context["told"].features}
    assert linked == {evil: [], "f.linked": ["DSP-2"], "f.loose": []}
