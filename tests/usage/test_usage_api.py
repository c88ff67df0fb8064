import pytest
from django.test import Client

from accounts.actors import Actor
from accounts.models import ApiToken, Member
from tests.factories import SYSTEM, make_item
from tests.usage.brute import Brute, random_log
from tests.usage.test_figures_equal_brute_force import take_in
from usage.models import IngestKey, UsageKey
from usage.rollup.plan import roll_up
from usage.writer import EventWriter

pytestmark = pytest.mark.django_db


def api(member: Member, scope: str = "write"):
    secret = ApiToken.issue(member, "api", scope, by=Actor.of(member))[1]

    def call(method: str, path: str, body=None, **headers):
        headers = {"Authorization": f"Bearer {secret}", **headers}
        if method == "get":
            return Client().get(f"/api/v1/{path}", body or {}, headers=headers)
        return getattr(Client(), method)(f"/api/v1/{path}", body, content_type="application/json", headers=headers)

    return call


def test_figures_are_those_of_sets(cast):
    log = random_log(11)
    take_in(cast.product, log)
    roll_up(cast.product.pk)
    call, brute = api(cast.carol, "read"), Brute(log)
    answer = call("get", "usage-figures/dsp/").json()
    assert answer["columns"] == ["scope", "day", "dau", "wau7", "mau28", "daa", "waa7", "maa28"]
    assert answer["through"] == brute.last.isoformat()
    assert answer["rows"] == [plain(row) for row in brute.metrics_day() if row[0] == "*"]
    feature = log[0].feature
    rows = call("get", "usage-figures/DSP/", {"figure": "triangle_week", "scope": feature}).json()["rows"]
    assert rows == [plain(row) for row in brute.triangle_week() if row[0] == feature]
    rows = call("get", "usage-figures/DSP/", {"figure": "adoption_last28", "until": "2026-04-20"}).json()["rows"]
    assert rows == [plain(row) for row in brute.adoption_last28(brute.last.replace(month=4, day=20))]
    assert len(call("get", "usage-figures/").json()["results"]) == 4


def plain(row):
    return [value.isoformat() if hasattr(value, "isoformat") else value for value in row]


def test_figures_need_a_product_in_sight_and_a_known_scope(cast):
    call = api(cast.dave)
    for key in ("SEC", "MAL", "XYZ"):
        assert call("get", f"usage-figures/{key}/").status_code == 404
    for query in ({"figure": "x"}, {"scope": "map"}, {"figure": "adoption_last28", "until": "x"}):
        assert call("get", "usage-figures/DSP/", query).status_code == 422


def test_usage_keys_by_the_api(cast):
    item, other = make_item(cast.product), make_item(cast.product)
    call = api(cast.mona)
    made = call("post", "usage-keys/", {"product": "DSP", "key": "map", "name": "Map", "items": [item.key]})
    assert made.status_code == 201
    assert made.json()["items"] == [item.key]
    path = f"usage-keys/{made.json()['id']}/"
    assert call("patch", path, {"items": [other.key]}).status_code == 428
    changed = call("patch", path, {"items": [other.key]}, **{"If-Match": made["ETag"]})
    assert (changed.status_code, changed.json()["items"]) == (200, [other.key])
    conflict = call("patch", path, {"items": []}, **{"If-Match": made["ETag"]})
    assert conflict.status_code == 409
    assert (conflict.json()["theirs"], conflict.json()["yours"]) == (other.key, "")
    assert call("patch", path, {"name": "Live map"}, **{"If-Match": made["ETag"]}).json()["name"] == "Live map"
    assert api(cast.carol)("get", "usage-keys/").json()["results"][0]["key"] == "map"
    assert api(cast.carol)("patch", path, {"name": "x"}, **{"If-Match": "*"}).status_code == 403
    foreign = make_item(cast.secret)
    assert call("post", "usage-keys/", {"product": "DSP", "key": "map", "items": []}).status_code == 400
    refused = call("post", "usage-keys/", {"product": "DSP", "key": "plan", "items": [foreign.key, "DSP-999"]})
    assert refused.status_code == 400
    assert "SEC-1, DSP-999" in str(refused.json())
    assert UsageKey.objects.get().items.get() == other


def test_ingest_keys_by_the_api(cast):
    call = api(cast.mona)
    made = call("post", "ingest-keys/", {"product": "DSP", "name": "Web"}, **{"Idempotency-Key": "k"})
    secret = made.json()["secret"]
    assert secret.startswith("cradle_ingest_")
    again = call("post", "ingest-keys/", {"product": "DSP", "name": "Web"}, **{"Idempotency-Key": "k"})
    assert again.json()["id"] == made.json()["id"]
    assert not again.json()["secret"]
    assert [row["secret"] for row in call("get", "ingest-keys/").json()["results"]] == [None]
    assert api(cast.carol)("get", "ingest-keys/").json()["results"] == []
    assert api(cast.carol)("delete", f"ingest-keys/{made.json()['id']}/").status_code in (403, 404)
    assert call("delete", f"ingest-keys/{made.json()['id']}/").status_code == 204
    assert IngestKey.by_secret(secret) is None


def test_rejected_events_by_the_api_are_for_admins(cast):
    EventWriter(cast.product).write([(3, ["", "f", "u", "a", ""])])
    assert api(cast.mona)("get", "rejected-events/").status_code == 403
    (row,) = api(cast.anton)("get", "rejected-events/").json()["results"]
    assert (row["product"], row["line"], row["reason"], row["sender"]) == ("DSP", 3, "missing", None)
    assert api(cast.mallory)("get", "rejected-events/").json()["results"] == []


@pytest.mark.parametrize("path", ["usage-keys/", "ingest-keys/", "rejected-events/"])
def test_lists_ask_as_much_for_thirty_rows_as_for_three(cast, count_queries, path):
    call, counts = api(cast.alice), []
    for many in (3, 30):
        for n in range(many):
            UsageKey.measure(cast.product, f"k{many}{n}", [make_item(cast.product)], by=SYSTEM)
            IngestKey.issue(cast.product, f"key {n}", by=SYSTEM)
            EventWriter(cast.product).write([(n, ["", "f", "u", "a", ""])])
        call("get", path)
        counts.append(count_queries(lambda: call("get", path)))
    assert counts[0] == counts[1]
