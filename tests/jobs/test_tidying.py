"""What the nightly task forgets."""

from __future__ import annotations

from datetime import timedelta

from changes.models import Answer
from config import clock
from jobs.tasks import tidy


def test_answers_to_repeated_requests_are_forgotten_after_a_day(cast, api):
    for key in ("old", "new"):
        made = api(cast.mona, "post", "/api/v1/items/", {"product": "DSP", "title": key}, **{"Idempotency-Key": key})
        assert made.status_code == 201, made.content
    Answer.objects.filter(key="old").update(at=clock.now() - timedelta(hours=25))
    tidy()
    tidy()
    assert [answer.key for answer in Answer.objects.all()] == ["new"]
