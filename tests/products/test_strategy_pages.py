import pytest

from changes.models import Change
from products.models import Initiative, KeyResult, Objective, Problem, Product, ProductLine
from tests.factories import SYSTEM

HTMX = {"HX-Request": "true"}


def at(product, path=""):
    return f"/w/{product.workspace.slug}/p/{product.key}/{path}"


@pytest.fixture
def objective(cast):
    return Objective.add(cast.workspace, by=SYSTEM, product=cast.product, name="Cut empty kilometres")


@pytest.fixture
def result(cast, objective):
    return KeyResult.add_to(objective, by=SYSTEM, name="Empty-km share", unit="%", start=22, now=18, target=14)


@pytest.fixture
def problem(cast):
    return Problem.add(cast.workspace, by=SYSTEM, product=cast.product, statement="Trailers drive home empty")


def test_the_page_shows_vision_goals_and_problems(cast, as_member, result, problem):
    cast.product.edit(by=SYSTEM, vision="Every trailer leaves full", business_model="Per trailer and month")
    Initiative.add(cast.workspace, by=SYSTEM, product=cast.product, objective=result.objective, name="Backhaul")
    Objective.add(cast.workspace, by=SYSTEM, name="Grow in Spain")
    page = as_member(cast.carol).get(at(cast.product, "strategy/")).content.decode()
    for text in (
        "Every trailer leaves full", "Per trailer and month", "Cut empty kilometres", "Empty-km share", "50%", "Backhaul",
        "Grow in Spain", "Trailers drive home empty",
    ):  # fmt: skip
        assert text in page
    assert "<c-edit" not in page


def test_a_goal_is_set_with_a_key_result(cast, as_member):
    mona = as_member(cast.mona)
    assert mona.post(at(cast.product, "goals/add/"), {"name": "Cut empty kilometres"}).status_code == 302
    objective = Objective.objects.get(name="Cut empty kilometres")
    path = at(cast.product, f"goals/{objective.public_id}/results/add/")
    typed = {"name": "Share", "unit": "%", "start": "22", "now": "22", "target": "22"}
    refused = mona.post(path, typed)
    assert refused.status_code == 422
    assert "The target is the start" in refused.content.decode()
    assert mona.post(path, {**typed, "target": "14"}).status_code == 302
    assert objective.key_results.get().target == 14


def test_a_cell_shows_its_value_and_fetches_its_editor(cast, as_member, result, problem):
    problem.edit(by=SYSTEM, who="<b>Hauliers</b>")
    mona = as_member(cast.mona)
    page = mona.get(at(cast.product, "strategy/")).content.decode()
    assert "&lt;b&gt;Hauliers&lt;/b&gt;" in page
    assert "<b>Hauliers" not in page
    for path, value in (
        (f"problems/{problem.public_id}/field/who/", 'value="&lt;b&gt;Hauliers&lt;/b&gt;"'),
        (f"problems/{problem.public_id}/field/state/", '<option value="open" selected>'),
        (f"results/{result.public_id}/field/now/", 'value="18.00"'),
        ("strategy/write/vision/", "<textarea"),
    ):
        assert f'hx-get="{at(cast.product, path)}?seen=' in page
        editor = mona.get(at(cast.product, path), headers=HTMX).content.decode()
        assert value in editor
        assert "data-edit" in editor
        assert mona.get(at(cast.product, path)).status_code == 302
    for unknown in (f"problems/{problem.public_id}/field/statement/", "strategy/write/name/"):
        assert mona.get(at(cast.product, unknown), headers=HTMX).status_code == 404
    for path in (f"problems/{problem.public_id}/field/who/", "strategy/write/vision/"):
        assert as_member(cast.carol).get(at(cast.product, path), headers=HTMX).status_code == 403


def test_a_cell_is_saved_at_once_and_answered_with_its_section(cast, as_member, result):
    answer = as_member(cast.mona).post(
        at(cast.product, f"results/{result.public_id}/edit/"),
        {"as": "cell", "seen": result.change_id, "now": "16"},
        headers=HTMX,
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.lstrip().startswith('<section id="goals"')
    assert "75%" in page
    assert answer["X-Change"] == str(KeyResult.objects.get().change_id)


def test_a_cell_that_cannot_be_saved_keeps_what_was_typed(cast, as_member, result):
    answer = as_member(cast.mona).post(
        at(cast.product, f"results/{result.public_id}/edit/"), {"as": "cell", "now": "many"}, headers=HTMX
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="many"' in page
    assert "Enter a number" in page
    assert "<c-edit" in page.split(" open>")[0]


def test_two_people_at_one_cell_see_both_values(cast, as_member, problem):
    url = at(cast.product, f"problems/{problem.public_id}/edit/")
    seen = problem.change_id
    problem.edit(by=cast.actor("alice"), who="Hauliers")
    mona = as_member(cast.mona)
    answer = mona.post(url, {"as": "cell", "seen": seen, "who": "Fleets"}, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Alice changed “who has it” while you were typing." in page
    assert "Hauliers" in page
    assert "Fleets" in page
    trouble = answer.context["trouble"]
    mine = mona.post(url, {"as": "cell", "seen": trouble.seen, "who": trouble.typed}, headers=HTMX)
    assert mine.status_code == 200
    problem.refresh_from_db()
    assert problem.who == "Fleets"


def test_who_is_slower_than_the_editor_comes_is_told_of_the_other_too(cast, as_member, problem):
    seen = problem.change_id
    problem.edit(by=cast.actor("alice"), who="Hauliers")
    path = at(cast.product, f"problems/{problem.public_id}/")
    mona = as_member(cast.mona)
    editor = mona.get(f"{path}field/who/?seen={seen}", headers=HTMX).content.decode()
    assert f'name="seen" value="{seen}"' in editor
    sent = {"as": "cell", "seen": seen, "who": "Fleets"}
    assert mona.post(f"{path}edit/", sent, headers=HTMX).status_code == 409


def test_vision_and_business_model_are_written_in_place(cast, as_member):
    mona = as_member(cast.mona)
    seen = cast.product.change_id
    for name, section in (("vision", "vision"), ("positioning", "vision"), ("business_model", "model")):
        answer = mona.post(
            at(cast.product, "strategy/write/"), {"as": "cell", "seen": seen, name: f"New {name}"}, headers=HTMX
        )
        assert answer.status_code == 200
        assert answer.content.decode().lstrip().startswith(f'<section id="{section}"')
    product = Product.objects.get(pk=cast.product.pk)
    assert (product.vision, product.positioning, product.business_model) == (
        "New vision", "New positioning", "New business_model",
    )  # fmt: skip
    stale = mona.post(at(cast.product, "strategy/write/"), {"seen": seen, "vision": "Another"}, headers=HTMX)
    assert stale.status_code == 409
    assert "Another" in stale.content.decode()


def test_without_scripts_a_cell_is_a_plain_form(cast, as_member, problem):
    answer = as_member(cast.mona).post(
        at(cast.product, f"problems/{problem.public_id}/edit/"), {"who": "Hauliers"}, follow=True
    )
    assert answer.status_code == 200
    problem.refresh_from_db()
    assert problem.who == "Hauliers"


def test_a_deletion_can_be_undone_from_its_toast(cast, as_member, problem):
    mona = as_member(cast.mona)
    mona.post(at(cast.product, f"problems/{problem.public_id}/delete/"))
    assert not Problem.objects.exists()
    undo = Change.objects.latest("pk")
    page = mona.get(at(cast.product, "strategy/")).content.decode()
    assert f"/changes/{undo.pk}/undo/" in page
    mona.post(f"/w/{cast.workspace.slug}/changes/{undo.pk}/undo/")
    assert Problem.objects.get() == problem


@pytest.mark.parametrize("name", ["bob", "carol"])
def test_contributors_and_viewers_see_but_do_not_change(cast, as_member, problem, name):
    person = as_member(getattr(cast, name))
    assert person.get(at(cast.product, f"problems/{problem.public_id}/")).status_code == 200
    assert person.post(at(cast.product, f"problems/{problem.public_id}/edit/"), {"who": "x"}).status_code == 403
    assert person.post(at(cast.product, f"problems/{problem.public_id}/delete/")).status_code == 403
    assert person.post(at(cast.product, "problems/add/"), {"statement": "x"}).status_code == 403
    assert person.post(at(cast.product, "strategy/write/"), {"vision": "x"}).status_code == 403


def test_a_part_of_another_product_is_not_reached_through_this_one(cast, as_member):
    hidden = Objective.add(cast.workspace, by=SYSTEM, product=cast.secret, name="Hidden")
    shared = Objective.add(cast.workspace, by=SYSTEM, name="Shared")
    for row in (hidden, shared):
        assert as_member(cast.mona).get(at(cast.product, f"goals/{row.public_id}/")).status_code == 404
    answer = as_member(cast.dave).post(
        at(cast.product, "initiatives/add/"), {"name": "Bet", "objective": hidden.public_id}
    )
    assert answer.status_code == 422
    assert not Initiative.objects.exists()


def test_the_page_of_a_part_tells_its_history(cast, as_member, problem):
    problem.edit(by=cast.actor("mona"), state="validated")
    page = as_member(cast.carol).get(at(cast.product, f"problems/{problem.public_id}/")).content.decode()
    assert "Open → Validated" in page
    assert "Mona" in page


def test_product_lines_are_added_renamed_and_deleted(cast, as_member):
    mona = as_member(cast.mona)
    base = f"/w/{cast.workspace.slug}/lines/"
    assert mona.post(f"{base}add/", {"name": "Trailers"}).status_code == 302
    line = ProductLine.objects.get()
    assert mona.post(f"{base}{line.public_id}/edit/", {"name": "Cold trailers"}).status_code == 302
    again = mona.post(f"{base}add/", {"name": "Cold trailers"})
    assert again.status_code == 422
    assert "Choose another name" in again.content.decode()
    assert as_member(cast.bob).post(f"{base}{line.public_id}/delete/").status_code == 403
    assert mona.post(f"{base}{line.public_id}/delete/").status_code == 302
    assert not ProductLine.objects.exists()


def test_the_size_of_a_line_counts_what_the_member_sees(cast, as_member):
    line = ProductLine.add(cast.workspace, by=SYSTEM, name="Trailers")
    for product in (cast.product, cast.secret):
        product.edit(by=SYSTEM, line=line)
    sizes = {
        name: as_member(getattr(cast, name)).get(f"/w/{cast.workspace.slug}/lines/").context["lines"][0].size
        for name in ("bob", "dave")
    }
    assert sizes == {"bob": 2, "dave": 1}
