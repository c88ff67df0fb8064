"""What is said within a moment is told together, each thing once and in the order in which it was said first."""

from __future__ import annotations

import json
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta

from changes import live


def test_what_is_said_again_within_a_moment_is_told_once():
    said = [live.Message("item", public_id, 7, None, None, 990_001) for public_id in ("1", "2", "3")]
    with live.client().pubsub() as subscription:
        subscription.subscribe(said[0].channel)
        assert subscription.get_message(timeout=5)["type"] == "subscribe"
        for _ in range(3):
            live.publish(said)
        heard = [json.loads(subscription.get_message(timeout=5)["data"])["id"] for _ in said]
        more = subscription.get_message(timeout=0.2)
    assert (heard, more) == (["1", "2", "3"], None)


def test_a_page_that_was_drawn_between_the_first_time_and_the_last_is_told_to_come_anew(monkeypatch):
    first = datetime(2026, 3, 2, 12, tzinfo=UTC)
    said = [live.Message("item", public_id, 7, None, None, 990_002) for public_id in ("1", "2")]
    sender = live.Sender()
    monkeypatch.setattr(sender.thread, "submit", lambda _work: Future())  # the moment lasts until the test ends it
    for milliseconds, message in ((0, said[0]), (5, said[1]), (20, said[0])):
        monkeypatch.setattr("config.clock.now", lambda at=milliseconds: first + timedelta(milliseconds=at))
        sender.add([message])
    monkeypatch.undo()
    sender._send_gathered()
    assert live.last_said([said[0].channel]) == live._milliseconds(first) + 20
