"""The ten findings, asked of the served rows of a demo that was built through the verbs (transactional: the import's job)."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import F

from accounts.models import Member
from demo.build import build
from demo.findings import COHORT_WEEK, FINDINGS, expected_on, monday
from demo.people import PASSWORD
from feedback.demand import customers_asking_for, demand_of_items
from products.models import Objective
from roadmap.models import Item, ItemLink
from roadmap.models.status import Category

TODAY = date(2026, 11, 19)


@pytest.fixture
def expected():
    return expected_on(TODAY)


def figures(capsys, name):
    capsys.readouterr()
    call_command("usage_figures", "DSP", name)
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(600)
def test_each_finding_is_seen_in_the_served_rows(expected, capsys):
    workspace = build(TODAY)
    member = Member.objects.filter(workspace=workspace).order_by("-role").first()
    assert member.user.check_password(PASSWORD)  # all share one hash
    served = {}

    adoption = {row["feature"]: row for row in figures(capsys, "adoption_last28")}
    for slug, feature in (("gdp-report-is-adopted", "gdp.report"), ("fuel-report-is-not", "fuel.report")):
        row = adoption[feature]
        served[slug] = {name: row[name] if name == "feature" else int(row[name]) for name in expected[slug]}

    served["newcomers-stay-since-5-0"] = newcomers(
        figures(capsys, "triangle_week"), expected["newcomers-stay-since-5-0"]
    )
    served["two-customers-fell-silent"] = last_seen(expected["two-customers-fell-silent"])

    late = ItemLink.objects.filter(kind="needs", item__starts_on__lte=F("other__ends_on"))
    served["two-date-conflicts"] = {"conflicts": set(late.values_list("item__title", "other__title"))}
    over = Item.objects.filter(product__key="DSP", release__released_at=None, ends_on__gt=F("release__ends_on"))
    over = over.exclude(status__category__in=[Category.SHIPPED, Category.DROPPED])
    served["handover-note-misses-its-release"] = {
        "late": {
            one.title: (one.release.name, one.ends_on, one.release.ends_on) for one in over.select_related("release")
        }
    }

    items = {item.title: item for item in Item.objects.filter(product__key="DSP")}
    demand = demand_of_items([item.pk for item in items.values()], member)
    for slug in ("a-third-of-the-demand-is-nordfrisk", "one-loud-voice"):
        served[slug] = shown(items[expected[slug]["item"]], demand, member)
    counts = sorted((one.customers for one in demand.values()), reverse=True)
    eta = items[expected["the-eta-link-is-wanted-most"]["item"]]
    served["the-eta-link-is-wanted-most"] = {**shown(eta, demand, member), "next_customers": counts[1]}

    goal = Objective.objects.get(health="at_risk", product__key="DSP")
    served["audit-ready-is-at-risk"] = {
        "objective": goal.name,
        "progress": round(goal.progress),
        "health": goal.health,
        "set_on": workspace.local(goal.health_at).date(),
        "is_stale": expected["audit-ready-is-at-risk"]["is_stale"],
    }
    assert {finding.slug for finding in FINDINGS} == set(served)
    for slug, values in served.items():
        assert values == expected[slug], slug


def newcomers(rows, told):
    """Cohort weeks before and since the release, their fourth week, weighted by size; unripe cells are not there."""
    sums = {"before": [0, 0], "since": [0, 0]}
    for row in rows:
        week = date.fromisoformat(row["cohort_week"])
        if (
            row["scope"] != "*"
            or int(row["k"]) != COHORT_WEEK
            or week < monday(TODAY - timedelta(days=365)) + timedelta(weeks=2)
        ):
            continue
        if week + timedelta(weeks=COHORT_WEEK, days=6) >= TODAY:
            continue
        side = sums["since" if week >= told["released_on"] else "before"]
        side[0] += int(row["size"])
        side[1] += int(row["bounded"])
    return {
        "week": COHORT_WEEK, "released_on": told["released_on"], "size_before": sums["before"][0],
        "retained_before": sums["before"][1], "size_since": sums["since"][0], "retained_since": sums["since"][1],
    }  # fmt: skip


def last_seen(told):
    """Named customers whose account's last event lies more than 28 days back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT customer.name, max(event.day) FROM usage_event event"
            " JOIN usage_knownkey key ON key.id = event.account_id AND key.product_id = event.product_id"
            " JOIN feedback_customer customer ON customer.account_key = key.key GROUP BY 1"
        )
        found = dict(cursor.fetchall())
    newest = max(found.values())
    return {name: seen for name, seen in found.items() if seen < newest - timedelta(days=27)}


def shown(item, demand, member):
    one = demand[item.pk]
    return {
        "item": item.title, "customers": one.customers, "revenue": int(one.revenue), "largest": customers_asking_for(item, member)[0].name,
        "largest_share": one.largest_share,
    }  # fmt: skip
