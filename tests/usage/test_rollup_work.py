"""What a rollup costs grows with its events, never with events times days: counted in scans, since times are noise."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tests.factories import make_product, make_workspace
from tests.usage.brute import Brute, Happening
from tests.usage.test_figures_equal_brute_force import agree, take_in
from usage import sql
from usage.rollup.plan import roll_up

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize("days", [3, 24])
def test_repeats_are_found_once_for_all_days(days):
    product = make_product(make_workspace(), "DSP")
    log = [
        Happening(str(UUID(int=day * 10 + n)), "f", f"u{n}", "a", MONDAY + timedelta(days=day))
        for day in range(days)
        for n in range(3)
    ]
    take_in(product, [*log, *log[::5]])
    before = scans_of_raw_events()
    roll_up(product.pk)
    assert (
        scans_of_raw_events() - before
    ) / days <= 12  # by the plan that PostgreSQL keeps; all days for each would be over 24
    agree(product, Brute([*log, *log[::5]]))


def scans_of_raw_events() -> int:
    return sql.row(
        "SELECT coalesce(sum(seq_scan), 0)::bigint FROM pg_stat_xact_user_tables WHERE relname LIKE 'usage_event_2%%'"
    )[0]
