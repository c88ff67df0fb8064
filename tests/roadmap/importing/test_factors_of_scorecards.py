"""Columns that are factors of the product's scorecards: found by name, read as the factor reads, named when they are none."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jobs.models import Job
from roadmap.importing import Field, Mapping
from roadmap.models import Item, ProductScoring, Scorecard
from roadmap.scores.factors import Factor, Kind
from roadmap.scores.formulas import each_factor
from roadmap.scores.ready_made import BUILT_IN
from roadmap.tasks import import_backlog
from tests.roadmap.importing.reading import errors_of, items_of, propose, text

WSJF = tuple(each_factor([BUILT_IN["wsjf"]]))
HEADER = "Title,Business value,Time criticality,Job size\n"


def test_columns_that_are_called_as_factors_are_those_factors():
    source = text(f"{HEADER}A,8,3,5\nB,,13,\n")
    mapping = propose(source, factors=WSJF)
    assert [column.field for column in mapping.columns] == [Field.TITLE, Field.FACTOR, Field.FACTOR, Field.FACTOR]
    first, second = items_of(source, mapping)
    assert first.factors == {"business_value": 8, "time_criticality": 3, "job_size": 5}
    assert second.factors == {"time_criticality": 13}
    assert first.source_data == {}
    assert Mapping.from_json(mapping.as_json()) == mapping


def test_without_such_a_scorecard_they_are_kept_as_they_are():
    (found,) = items_of(text(f"{HEADER}A,8,3,5\n"))
    assert found.factors == {}
    assert found.source_data["Business value"] == "8"


def test_a_value_that_is_none_of_the_factor_is_an_error_of_its_row_and_column():
    source = text(f"{HEADER}A,4,3,5\nB,8,3,5\n")
    (error,) = errors_of(source, propose(source, factors=WSJF))
    assert error.column == "Business value"
    assert "is one of" in error.reason


@pytest.mark.parametrize(
    ("factor", "cell", "kept"),
    [
        (Factor("x", "Worth", Kind.PERCENT, high=Decimal(100)), "80 %", 80),
        (Factor("x", "Worth", Kind.PERCENT, high=Decimal(100)), "0.8", 80),
        (Factor("x", "Worth", Kind.MONEY, high=Decimal(10**6)), "€ 1,200", 1200),
        (Factor("x", "Worth", Kind.MONEY, high=Decimal(10**6)), "12k", 12000),
        (Factor("x", "Worth", Kind.YESNO), "Yes", True),
        (Factor("x", "Worth", Kind.SCALE, high=Decimal(10)), "7.5", 7.5),
    ],
)
def test_cells_are_written_as_spreadsheets_write_them(factor, cell, kept):
    source = text(f'Title,Worth\nA,"{cell}"\n')
    (found,) = items_of(source, propose(source, factors=(factor,)))
    assert found.factors == {"x": kept}


def test_another_column_takes_a_factor_over():
    source = text(f"{HEADER}A,8,3,5\n")
    mapping = propose(source, factors=WSJF).with_field(2, Field.FACTOR, "business_value")
    assert [column.choice for column in mapping.columns] == [
        "title",
        "keep",
        "factor:business_value",
        "factor:job_size",
    ]
    assert items_of(source, mapping)[0].factors == {"business_value": 3, "job_size": 5}


def test_the_wizard_offers_them_shows_what_it_read_and_items_get_them(cast, as_member):
    card = Scorecard.objects.get(workspace=cast.workspace, method="wsjf")
    ProductScoring.choose(cast.product, card, by=cast.actor("mona"))
    mona = as_member(cast.mona)
    cells = "Title,Business value,Time criticality,Risk,Job size,Component\nA,8,3,2,5,Planner\n"
    answer = mona.post("/w/polarline/p/DSP/import/", {"cells": cells}, follow=True)
    page, url = " ".join(answer.content.decode().split()), answer.redirect_chain[-1][0]
    assert '<option value="factor:business_value" selected>Business value</option>' in page
    assert '<th class="num">Time criticality</th>' in page
    assert '<td class="lo muted">Planner</td>' in page
    key = next(one.key for one in WSJF if one.key not in ("business_value", "time_criticality", "job_size"))
    changed = mona.post(url, {"column-3": f"factor:{key}", "begin": "1"})
    assert changed.status_code == 302
    job = Job.objects.get(kind="import_backlog")
    import_backlog(Job.claimed(job.pk), **job.arguments)
    item = Item.objects.get(title="A")
    assert item.factors == {"business_value": 8, "time_criticality": 3, key: 2, "job_size": 5}
    assert item.score == Decimal("2.60")
    assert item.component is not None
