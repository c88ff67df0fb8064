from datetime import date

import pytest

from accounts.refusals import Refused
from changes.models import Change
from changes.undo import undo
from lifecycle.models import Gate
from products.models import Product, Stage
from products.models.product import Kind
from tests.factories import SYSTEM, make_product
from tests.lifecycle.gates import decide, gate_of, go, states, track_of


def stage_of(product):
    return Product.objects.get(pk=product.pk).stage


def test_every_product_has_six_stages_and_five_gates_from_its_first_day(cast):
    rows = track_of(cast.product).stages()
    assert list(rows) == list(Stage)
    assert states(cast.product) == {"innovation": "active"}
    assert rows["innovation"].started_on == cast.workspace.today()
    assert list(Gate.objects.filter(product=cast.product).values_list("number", flat=True)) == [1, 2, 3, 4, 5]


def test_gates_ask_for_the_deliverables_of_the_stage_before_them(cast):
    texts = {one.text: one.weight for one in gate_of(cast.product, 2).criteria.all()}
    assert texts == {
        "Market size": "must", "Customer interviews": "must", "High-level requirements": "must",
        "Business case signed off": "must", "Competitors reviewed": "should",
    }  # fmt: skip
    physical = make_product(cast.workspace, kind=Kind.PHYSICAL)
    assert gate_of(physical, 3).criteria.filter(text="Sourcing and manufacturing").exists()
    assert not gate_of(cast.product, 3).criteria.filter(text="Sourcing and manufacturing").exists()


def test_a_product_that_is_further_is_adopted_at_its_stage_once(cast):
    track = track_of(cast.product)
    track.adopt_at(Stage.IN_LIFE, "It sells since 2025", by=cast.actor("mona"), since=date(2025, 3, 3))
    assert states(cast.product) == {
        "innovation": "done", "analysis": "done", "development": "done", "go_to_market": "done", "in_life": "active",
    }  # fmt: skip
    assert stage_of(cast.product) == Stage.IN_LIFE
    row = track.stages()["in_life"]
    assert (row.adopted, row.started_on) == (True, date(2025, 3, 3))
    track.refresh_from_db()
    assert (track.adopted_by, track.adoption_reason) == (cast.mona, "It sells since 2025")
    with pytest.raises(Refused, match="once already"):
        track.adopt_at(Stage.END_OF_LIFE, "Really", by=SYSTEM)


def test_adoption_needs_a_reason_and_a_later_stage_and_no_decision_before(cast):
    track = track_of(cast.product)
    with pytest.raises(Refused, match="how you know"):
        track.adopt_at(Stage.IN_LIFE, " ", by=SYSTEM)
    with pytest.raises(Refused, match="starts in Innovation"):
        track.adopt_at(Stage.INNOVATION, "so", by=SYSTEM)
    decide(gate_of(cast.product), "hold")
    with pytest.raises(Refused, match="A gate has decided"):
        track.adopt_at(Stage.IN_LIFE, "so", by=SYSTEM)
    assert stage_of(cast.product) == Stage.INNOVATION


def test_a_gate_before_the_stage_of_adoption_is_not_decided_any_more(cast):
    track_of(cast.product).adopt_at(Stage.DEVELOPMENT, "so", by=SYSTEM)
    for kind in ("go", "hold"):
        with pytest.raises(Refused, match="before it came to Cradle"):
            decide(gate_of(cast.product, 2), kind)


def test_stages_may_overlap_and_the_product_carries_the_furthest_active_one(cast):
    track = track_of(cast.product)
    track.adopt_at(Stage.IN_LIFE, "so", by=SYSTEM)
    track.reopen(Stage.ANALYSIS, "The next version", by=SYSTEM)
    assert states(cast.product)["analysis"] == "active"
    assert stage_of(cast.product) == Stage.IN_LIFE
    go(cast.product, 2)
    assert states(cast.product) == {
        "innovation": "done", "analysis": "done", "development": "active", "go_to_market": "done", "in_life": "active",
    }  # fmt: skip
    go(cast.product, 5)
    assert stage_of(cast.product) == Stage.END_OF_LIFE


def test_only_a_finished_stage_is_opened_again(cast):
    for stage in (Stage.INNOVATION, Stage.ANALYSIS):
        with pytest.raises(Refused, match="done"):
            track_of(cast.product).reopen(stage, "why not", by=SYSTEM)


def test_neither_adoption_nor_the_introduction_of_a_track_is_turned_back(cast):
    track_of(cast.product).adopt_at(Stage.IN_LIFE, "so", by=SYSTEM)
    with pytest.raises(Refused, match="cannot be undone"):
        undo(Change.objects.latest("pk"), by=SYSTEM)


def test_a_product_is_launched_by_the_gate_out_of_go_to_market(cast):
    for number in (1, 2, 3, 4):
        go(cast.product, number)
    assert stage_of(cast.product) == Stage.IN_LIFE
    assert track_of(cast.product).stages()["in_life"].started_on == cast.workspace.today()


def test_the_curve_leads_to_a_finished_stages_reopening(cast, as_member):
    mona, sentence = as_member(cast.mona), "Open a finished stage again."
    assert sentence not in mona.get("/w/polarline/p/DSP/").content.decode()
    track_of(cast.product).adopt_at("in_life", "It is sold", by=cast.actor("mona"))
    overview = mona.get("/w/polarline/p/DSP/").content.decode()
    assert f'href="/w/polarline/p/DSP/stage/reopen/">{sentence}' in overview
    assert sentence not in as_member(cast.carol).get("/w/polarline/p/DSP/").content.decode()
