from __future__ import annotations

from datetime import date

import pytest

from demo.findings import FINDINGS, Facts
from demo.source import HERE

DAYS = [date(2026, 11, 19), date(2027, 7, 11)]


@pytest.fixture(scope="module", params=DAYS, ids=str)
def facts(request):
    return Facts(request.param)


def test_there_are_ten():
    assert len({finding.slug for finding in FINDINGS}) == 10


@pytest.mark.parametrize("finding", FINDINGS, ids=lambda finding: finding.slug)
def test_a_finding_holds_on_whatever_day_the_demo_is_made(finding, facts):
    values = finding.expected(facts)
    assert finding.holds(values), values


def test_what_usage_shows_hangs_neither_on_the_seed_nor_on_a_leap_day():
    facts = Facts(date(2028, 2, 29), seed=1)
    for finding in FINDINGS[:4]:
        values = finding.expected(facts)
        assert finding.holds(values), (finding.slug, values)


def test_the_page_for_readers_says_the_same_figures():
    page = (HERE / "FINDINGS.md").read_text(encoding="utf-8")
    facts = Facts(DAYS[0])
    found = {finding.slug: finding.expected(facts) for finding in FINDINGS}
    adopted, ignored = found["gdp-report-is-adopted"], found["fuel-report-is-not"]
    newcomers, wanted = found["newcomers-stay-since-5-0"], found["the-eta-link-is-wanted-most"]
    for figures in (
        f"{adopted['accounts']} of {adopted['active_accounts']} accounts",
        f"{adopted['users']} of {adopted['active_users']} users",
        f"{ignored['accounts']} of {ignored['active_accounts']} accounts",
        f"{newcomers['retained_since']} of {newcomers['size_since']} (70 %)",
        f"{newcomers['retained_before']} of {newcomers['size_before']} (48 %)",
        f"{wanted['customers']} customers, €{wanted['revenue']:,}; the next has {wanted['next_customers']}",
    ):
        assert figures in page, figures
