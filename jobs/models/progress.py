"""How far work is, as those see it who wait for it."""

from __future__ import annotations

import time
from typing import Any

from django.db import models

REPORT_EVERY = 0.5


class Stopped(Exception):
    """Somebody asked to stop: raised in the work at its next report. The work may catch it to clean up, then raises it."""


class ClaimLost(Exception):
    """Another worker does this job by now, because this one gave no sign of life for too long. Let it do so."""


class Progress(models.Model):
    """Of the current step, and of all of them. Whoever has it says which row may be written (`_mine`), and hears stops."""

    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(null=True)
    progress_text = models.CharField(max_length=200, blank=True)
    steps = models.JSONField(default=list, help_text="[name, note] of each step, in order.")
    step = models.PositiveSmallIntegerField(default=0, help_text="How many steps are behind us.")

    class Meta:
        abstract = True

    def _mine(self) -> models.QuerySet[Any]:
        """The row, while it is ours to write."""
        raise NotImplementedError

    def check_stop(self) -> None:
        """Raise Stopped when a person asked for it, ClaimLost when another worker has taken over."""
        row = self._mine().values_list("stop_asked_at").first()
        if row is None:
            raise ClaimLost
        if row[0] is not None:
            raise Stopped

    def report(self, done: int | None = None, total: int | None = None, text: str | None = None) -> None:
        """Show how far the work is, and hear whether to stop (see check_stop). Call it as often as you like:
        it writes at most twice a second, and the last report before the end of the work or a step always counts.
        Outside your transactions, or nobody sees it before they commit.
        """
        for field, value in (("progress_done", done), ("progress_total", total), ("progress_text", text)):
            if value is not None:
                setattr(self, field, value)
        if time.monotonic() - self.__dict__.get("_reported", 0) >= REPORT_EVERY:
            self._write_progress()
            self.check_stop()

    def plan(self, *names: Any) -> None:
        """The steps that the page lists. Then `next_step(note)` goes through them."""
        self.steps, self.step = [[str(name), ""] for name in names], 0
        self._write_progress()

    def next_step(self, note: str = "") -> None:
        """The current step is done, with a note of what came of it; the next one begins, with a count of its own."""
        if self.step < len(self.steps):
            self.steps[self.step][1] = str(note)
        self.step += 1
        self.progress_done, self.progress_total, self.progress_text = 0, None, ""
        self._write_progress()
        self.check_stop()

    def _write_progress(self) -> None:
        self.__dict__["_reported"] = time.monotonic()
        fields = ("progress_done", "progress_total", "progress_text", "steps", "step")
        self._mine().update(
            **{name: getattr(self, name) for name in fields} | {"progress_text": str(self.progress_text)[:200]}
        )
