from datetime import date
from decimal import Decimal

import pytest

from accounts.refusals import Refused
from changes.concurrency import Conflict
from changes.models import Change
from changes.undo import undo
from products.models import Initiative, KeyResult, Objective, Problem, Product, ProductLine
from tests.factories import SYSTEM, make_product


def make_objective(product, name="Cut empty kilometres", **fields):
    return Objective.add(product.workspace, by=SYSTEM, product=product, name=name, **fields)


def make_result(objective, start, now, target, name="Share"):
    values = {name: Decimal(value) for name, value in {"start": start, "now": now, "target": target}.items()}
    return KeyResult.add_to(objective, by=SYSTEM, name=name, **values)


@pytest.mark.parametrize(
    ("start", "now", "target", "percent"),
    [(0, 5, 20, 25), (22, 16, 14, 75), (10, 8, 20, -20), (0, 30, 20, 150), (5, 5, 6, 0)],
)
def test_progress_of_a_key_result_is_now_less_start_over_target_less_start(cast, start, now, target, percent):
    assert make_result(make_objective(cast.product), start, now, target).progress == percent


def test_progress_of_an_objective_is_the_mean_of_its_key_results(cast):
    objective = make_objective(cast.product)
    assert objective.progress is None
    make_result(objective, 0, 5, 10)
    make_result(objective, 0, 10, 10)
    gone = make_result(objective, 0, 0, 10)
    gone.delete_softly(by=SYSTEM)
    assert objective.progress == 75


def test_a_key_result_whose_target_is_its_start_is_refused(cast):
    with pytest.raises(Refused, match="target"):
        make_result(make_objective(cast.product), 5, 5, 5)
    result = make_result(make_objective(cast.product), 0, 5, 10)
    with pytest.raises(Refused, match="target"):
        result.edit(by=SYSTEM, target=Decimal(0))


def test_a_key_result_belongs_to_the_product_of_its_objective(cast):
    assert make_result(make_objective(cast.secret), 0, 1, 2).product == cast.secret


def test_an_initiative_takes_no_objective_of_another_product(cast):
    foreign = make_objective(cast.secret)
    with pytest.raises(Refused, match="another product"):
        Initiative.add(cast.workspace, by=SYSTEM, product=cast.product, name="Bet", objective=foreign)
    shared = Objective.add(cast.workspace, by=SYSTEM, name="Grow")
    assert Initiative.add(cast.workspace, by=SYSTEM, product=cast.product, name="Bet", objective=shared).pk


def test_a_span_that_ends_before_it_starts_is_refused(cast):
    with pytest.raises(Refused, match="end"):
        make_objective(cast.product, starts_on=date(2026, 5, 1), ends_on=date(2026, 4, 1))


def test_different_fields_both_win_and_the_same_field_conflicts(cast):
    problem = Problem.add(cast.workspace, by=SYSTEM, product=cast.product, statement="Trailers drive home empty")
    seen = problem.change_id
    Problem.objects.get(pk=problem.pk).edit(by=cast.actor("bob"), seen=seen, who="Hauliers")
    problem.edit(by=cast.actor("mona"), seen=seen, how_big="1 in 5 kilometres")
    problem.refresh_from_db()
    assert (problem.who, problem.how_big) == ("Hauliers", "1 in 5 kilometres")
    with pytest.raises(Conflict) as conflict:
        problem.edit(by=cast.actor("mona"), seen=seen, who="Fleets")
    assert (conflict.value.theirs, conflict.value.yours) == ("Hauliers", "Fleets")


def test_a_deletion_is_undone_and_a_deleted_row_is_not_edited(cast):
    objective = make_objective(cast.product)
    objective.delete_softly(by=SYSTEM)
    assert not Objective.objects.of(cast.product).exists()
    with pytest.raises(Refused, match="deleted"):
        objective.edit(by=SYSTEM, name="Late")
    undo(Change.objects.get(pk=objective.change_id), by=SYSTEM)
    assert Objective.objects.of(cast.product).get() == objective


def test_deleting_a_line_leaves_its_products_without_one_and_undo_joins_them_again(cast):
    line = ProductLine.add(cast.workspace, by=SYSTEM, name="Trailers")
    cast.product.edit(by=SYSTEM, line=line)
    line.delete_softly(by=SYSTEM)
    assert Product.objects.get(pk=cast.product.pk).line is None
    undo(Change.objects.get(pk=line.change_id), by=SYSTEM)
    assert Product.objects.get(pk=cast.product.pk).line == line


def test_a_name_of_a_line_that_is_taken_is_refused_with_a_sentence(cast):
    ProductLine.add(cast.workspace, by=SYSTEM, name="Trailers")
    with pytest.raises(Refused, match="Choose another name"):
        ProductLine.add(cast.workspace, by=SYSTEM, name="Trailers")
    assert ProductLine.add(cast.elsewhere.workspace, by=SYSTEM, name="Trailers").pk


def test_rows_of_a_hidden_product_are_for_its_team_alone(cast):
    hidden = make_objective(cast.secret)
    shared = Objective.add(cast.workspace, by=SYSTEM, name="Grow")
    assert set(Objective.objects.visible_to(cast.bob)) == {hidden, shared}
    assert set(Objective.objects.visible_to(cast.dave)) == {shared}
    assert set(Objective.objects.visible_to(cast.mallory)) == set()


def test_a_key_that_is_taken_is_refused_with_a_sentence(cast):
    with pytest.raises(Refused, match="key is taken"):
        make_product(cast.workspace, "DSP")
    cast.product.delete_softly(by=SYSTEM)
    with pytest.raises(Refused, match="key is taken"):
        make_product(cast.workspace, "DSP")
