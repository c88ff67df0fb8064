from __future__ import annotations

from datetime import timedelta

from django.db import models

from accounts.models import ApiToken
from config import clock

KEPT = timedelta(hours=24)


class Answer(models.Model):
    """What a POST with an Idempotency-Key was answered, so that a repetition gets the same answer and writes nothing."""

    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=120)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(null=True)
    headers = models.JSONField(default=dict)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="one_answer_per_key")]
        indexes = [models.Index(fields=["at"], name="answer_age")]

    def __str__(self) -> str:
        return self.key

    @classmethod
    def forget_old(cls) -> int:
        return cls.objects.filter(at__lt=clock.now() - KEPT).delete()[0]
