"""What goes wrong while open browsers are told is logged: whoever wrote does not wait for it, and nobody asks for its outcome."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from changes import live
from tests.workers import until


def test_what_nobody_expected_is_logged(monkeypatch: pytest.MonkeyPatch):
    def break_down() -> None:
        raise RuntimeError("no such pool")

    monkeypatch.setattr(live, "client", break_down)
    with capture_logs() as lines:
        live.publish([live.Message("item", "1", 0, None, None, 1)])
        until(lambda: lines, seconds=10)
    assert [(line["event"], line["log_level"], str(line["exc_info"])) for line in lines] == [
        ("live_publish_broke", "error", "no such pool")
    ]
