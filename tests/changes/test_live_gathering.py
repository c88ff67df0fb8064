"""What is said within a moment is told together, each thing once and in the order in which it was said first."""

from __future__ import annotations

import json

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
