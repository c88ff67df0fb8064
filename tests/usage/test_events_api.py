import json
import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from accounts.actors import Actor
from accounts.models import ApiToken
from config import clock
from tests.factories import SYSTEM, make_product, make_workspace
from usage.models import Event, IngestBatch, IngestKey, MetricDay, RejectedEvent
from usage.rollup.plan import roll_up

pytestmark = pytest.mark.django_db
URL = "/api/v1/events/"


@pytest.fixture
def product():
    return make_product(make_workspace(), "DSP")


@pytest.fixture
def secret(product):
    return IngestKey.issue(product, "Web app", by=SYSTEM)[1]


def event(**changes):
    return {
        "event_id": str(uuid.uuid4()),
        "feature_key": "map",
        "user_key": "u1",
        "account_key": "a1",
        "ts": clock.now().isoformat(),
        **changes,
    }


def send(secret, body, **headers):
    body = body if isinstance(body, str | bytes) else json.dumps(body)
    return Client().post(
        URL, body, content_type="application/json", headers={"Authorization": f"Bearer {secret}", **headers}
    )


def test_events_sent_are_counted(product, secret):
    answer = send(secret, {"events": [event(), event(user_key="u2"), event(feature_key="plan")]})
    assert (answer.status_code, answer.json()) == (200, {"accepted": 3, "rejected": []})
    roll_up(product.pk)
    row = MetricDay.objects.get(product=product, scope=0)
    assert (row.day, row.dau, row.daa) == (product.workspace.today(), 2, 1)
    batch = IngestBatch.objects.get()
    assert (batch.ingest_key.name, batch.accepted) == ("Web app", 3)


def test_a_bare_list_is_a_batch_too(secret):
    assert send(secret, [event()]).json()["accepted"] == 1


def test_each_rejected_event_is_told_with_its_reason_and_kept(product, secret):
    now = clock.now()
    answer = send(
        secret,
        [
            event(),
            event(user_key=""),
            event(ts=(now - timedelta(days=7, minutes=5)).isoformat()),
            event(ts=(now + timedelta(days=2)).isoformat()),
            "map",
            event(feature_key={"no": 1}),
            event(ts=(now - timedelta(days=6, hours=23)).isoformat()),
        ],
    ).json()
    assert answer["accepted"] == 2
    assert [(one["index"], one["reason"]) for one in answer["rejected"]] == [
        (1, "missing"),
        (2, "late"),
        (3, "early"),
        (4, "malformed"),
        (5, "malformed"),
    ]
    assert answer["rejected"][0]["detail"] == "user_key is missing."
    assert RejectedEvent.objects.filter(product=product).count() == 5
    assert Event.objects.filter(product=product).count() == 2


@pytest.mark.parametrize("how", ["header", "batch_id"])
def test_the_same_batch_again_gets_the_same_answer_and_counts_once(product, secret, how):
    headers = {"Idempotency-Key": "b-1"} if how == "header" else {}
    body = {"events": [event(), event(user_key=None)]} | ({"batch_id": "b-1"} if how == "batch_id" else {})
    first, second = send(secret, body, **headers), send(secret, body, **headers)
    assert first.json() == second.json()
    assert first.json()["rejected"][0]["index"] == 1
    assert second["Idempotent-Replay"] == "true"
    assert Event.objects.filter(product=product).count() == 1
    body["events"].append(event())
    third = send(secret, body, **headers)
    assert third.status_code == 422
    assert "another body" in third.json()["detail"]


def test_an_event_sent_twice_counts_once_without_any_key(product, secret):
    one = event()
    send(secret, [one])
    send(secret, [one, event(event_id=one["event_id"].upper(), user_key="u2")])
    roll_up(product.pk)
    assert MetricDay.objects.get(product=product, scope=0).dau == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_batch_at_the_same_time_counts_once(product, secret):
    body = json.dumps({"events": [event() for _n in range(200)]})
    answers = []

    def post() -> None:
        answers.append(send(secret, body, **{"Idempotency-Key": "x"}).json())
        connection.close()

    threads = [threading.Thread(target=post) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [{"accepted": 200, "rejected": []}] * 4
    assert Event.objects.filter(product=product).count() == 200


def test_the_key_reads_nothing(product, secret):
    send(secret, [event()])
    headers = {"Authorization": f"Bearer {secret}"}
    assert Client().get(URL, headers=headers).status_code == 405
    for path in ("/api/v1/items/", "/api/v1/products/"):
        assert Client().get(path, headers=headers).status_code in (401, 404)
    assert secret not in str(IngestKey.objects.values().get())


def test_without_a_valid_key_nothing_is_taken(product, secret, cast):
    token = ApiToken.issue(cast.alice, "mine", "write", by=Actor.of(cast.alice))[1]
    for wrong in ("", "cradle_ingest_nonsense", token, f"{secret} {secret}"):
        assert send(wrong, [event()]).status_code == 401
    assert Client().post(URL, "[]", content_type="application/json").status_code == 401
    IngestKey.objects.get(product=product).revoke(by=SYSTEM)
    assert send(secret, [event()]).status_code == 401
    assert not Event.objects.filter(product=product).exists()


def test_a_key_of_a_deleted_product_is_refused(product, secret):
    product.delete_softly(by=SYSTEM)
    assert send(secret, [event()]).status_code == 401


def test_a_backlog_makes_senders_wait(product, secret, settings):
    send(secret, [event(), event()])
    settings.USAGE_BACKLOG_LIMIT = 1
    answer = send(secret, [event()])
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) == 30
    roll_up(product.pk)
    assert send(secret, [event()]).status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ("{", 400, "not valid JSON"),
        ("[" * 5000, 400, "not valid JSON"),
        (" ", 400, "not valid JSON"),
        ('"map"', 422, "list of events"),
        ('{"events": {}}', 422, "list of events"),
        ('{"events": [], "batch_id": 7}', 422, "printable"),
        (json.dumps([{}] * 10_001), 413, "at most 10000 events"),
        (b"[" + b" " * 6_000_000 + b"]", 413, "Send smaller ones"),
        (b"\xff\xfe", 400, "not valid JSON"),
    ],
)
def test_what_is_no_batch_gets_a_sentence(secret, body, status, words):
    answer = send(secret, body)
    assert answer.status_code == status
    assert words in answer.json()["detail"]


def test_odd_events_are_rejected_and_never_an_error(secret):
    odd = [None, 1, [], {}, {"ts": 5}, event(user_key="\0"), event(user_key="\ud800"), event(user_key="x" * 5000)]
    odd += [event(ts="9999-12-31T23:59:59+14:00"), event(ts="0001-01-01T00:00:00+14:00"), event(event_id=True)]
    odd += [event(account_key="'; DROP TABLE usage_event; --"), event(user_key="שלום 👩‍🚀"), event(ts="2026-02-30")]
    answer = send(secret, json.dumps(odd))
    assert answer.status_code == 200
    assert answer.json()["accepted"] == 2


def test_not_json_is_refused(secret):
    answer = Client().post(URL, {"events": "x"}, headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 415
