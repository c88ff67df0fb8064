"""Work for many rows: one that is broken is logged and stops none of the others."""

from __future__ import annotations

from structlog.testing import capture_logs

from jobs.apart import each_apart


def test_what_fails_for_one_row_is_logged_and_the_others_are_done():
    done = []

    def mail(row: int) -> int:
        if row == 2:
            raise ValueError("no address")
        done.append(row)
        return 1

    with capture_logs() as lines:
        assert each_apart([1, 2, 3], mail) == 2
    assert done == [1, 3]
    assert [(line["event"], line["row"], line["log_level"]) for line in lines] == [("row_failed", "2", "error")]
