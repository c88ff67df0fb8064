import pytest

from products.models import KeyResult, Objective, Problem, Product
from tests.factories import SYSTEM, make_product


def test_a_product_is_made_read_changed_and_archived(cast, api):
    made = api(cast.mona, "post", "/api/v1/products/", {"key": "CLD", "name": "Coldwatch", "kind": "physical"})
    assert made.status_code == 201, made.content
    assert made.json()["stage"] == "innovation"
    changed = api(cast.mona, "patch", "/api/v1/products/CLD/", {"vision": "Proven"}, **{"If-Match": made["ETag"]})
    assert changed.json()["vision"] == "Proven"
    assert api(cast.mona, "get", "/api/v1/products/cld/").status_code == 200
    assert api(cast.mona, "delete", "/api/v1/products/CLD/").status_code == 204
    assert api(cast.mona, "get", "/api/v1/products/CLD/").status_code == 404


def test_a_taken_key_and_a_stage_are_not_written(cast, api):
    taken = api(cast.mona, "post", "/api/v1/products/", {"key": "DSP", "name": "Again"})
    assert taken.status_code in (400, 422)
    assert b"taken" in taken.content
    api(cast.mona, "patch", "/api/v1/products/DSP/", {"stage": "in_life"}, **{"If-Match": "*"})
    assert Product.objects.get(pk=cast.product.pk).stage == "innovation"
    moved = api(cast.mona, "patch", "/api/v1/products/DSP/", {"key": "NEW"}, **{"If-Match": "*"})
    assert moved.status_code == 400


def test_products_are_filtered_and_hidden_ones_are_not_there(cast, api):
    make_product(cast.workspace, "CLD", kind="physical")
    assert [row["key"] for row in api(cast.dave, "get", "/api/v1/products/?kind=physical").json()["results"]] == ["CLD"]
    assert [row["key"] for row in api(cast.dave, "get", "/api/v1/products/").json()["results"]] == ["CLD", "DSP"]
    assert api(cast.dave, "get", "/api/v1/products/SEC/").status_code == 404
    assert api(cast.dave, "patch", "/api/v1/products/SEC/", {"name": "x"}, **{"If-Match": "*"}).status_code == 404


def test_a_goal_and_its_key_results(cast, api):
    goal = api(cast.mona, "post", "/api/v1/objectives/", {"product": "DSP", "name": "Cut empty kilometres"}).json()
    result = api(
        cast.mona, "post", "/api/v1/key-results/",
        {"objective": goal["id"], "name": "Share", "start": "22", "now": "18", "target": "14"},
    )  # fmt: skip
    assert (result.status_code, result.json()["progress"]) == (201, "50.00")
    read = api(cast.carol, "get", f"/api/v1/objectives/{goal['id']}/").json()
    assert (read["progress"], read["product"]) == ("50.00", "DSP")
    same = api(
        cast.mona, "post", "/api/v1/key-results/", {"objective": goal["id"], "name": "x", "start": "5", "target": "5"}
    )
    assert same.status_code in (400, 422)
    assert b"The target is the start" in same.content


def test_what_belongs_to_the_workspace_has_no_product(cast, api):
    goal = api(cast.mona, "post", "/api/v1/objectives/", {"name": "Grow"})
    assert goal.status_code == 201
    assert goal.json()["product"] is None
    assert api(cast.dave, "get", f"/api/v1/objectives/{goal.json()['id']}/").status_code == 200


def test_a_part_stays_in_its_product(cast, api):
    problem = Problem.add(cast.workspace, by=SYSTEM, product=cast.product, statement="Empty trailers")
    path = f"/api/v1/problems/{problem.public_id}/"
    assert api(cast.mona, "patch", path, {"product": "SEC"}, **{"If-Match": "*"}).status_code == 400
    assert api(cast.mona, "patch", path, {"product": None}, **{"If-Match": "*"}).status_code == 400
    problem.refresh_from_db()
    assert problem.product == cast.product


def test_an_initiative_takes_no_goal_of_another_product(cast, api):
    foreign = Objective.add(cast.workspace, by=SYSTEM, product=cast.secret, name="Hidden")
    body = {"product": "DSP", "name": "Bet", "objective": foreign.public_id}
    assert api(cast.mona, "post", "/api/v1/initiatives/", body).status_code == 422
    assert api(cast.dave, "post", "/api/v1/initiatives/", body).status_code == 400


def test_the_same_field_conflicts(cast, api):
    problem = Problem.add(cast.workspace, by=SYSTEM, product=cast.product, statement="Empty trailers")
    seen = f'"{problem.change_id}"'
    problem.edit(by=cast.actor("bob"), who="Hauliers")
    path = f"/api/v1/problems/{problem.public_id}/"
    answer = api(cast.mona, "patch", path, {"who": "Fleets"}, **{"If-Match": seen})
    assert answer.status_code == 409
    assert (answer.json()["theirs"], answer.json()["yours"]) == ("Hauliers", "Fleets")
    assert api(cast.mona, "patch", path, {"how_big": "Big"}, **{"If-Match": seen}).status_code == 200


@pytest.mark.parametrize(
    ("noun", "body"),
    [
        ("products", {"key": "XX", "name": "x"}),
        ("product-lines", {"name": "x"}),
        ("objectives", {"name": "x", "product": "DSP"}),
        ("problems", {"statement": "x", "product": "DSP"}),
        ("initiatives", {"name": "x", "product": "DSP"}),
    ],
)
def test_contributors_and_viewers_write_none(cast, api, noun, body):
    for member in (cast.bob, cast.carol):
        assert api(member, "post", f"/api/v1/{noun}/", body).status_code == 403


@pytest.mark.parametrize("noun", ["products", "objectives", "key-results", "initiatives", "problems", "gates"])
def test_a_list_takes_as_many_statements_for_thirty_rows_as_for_three(cast, api, count_queries, noun):
    def grow(number):
        for _ in range(number):
            product = make_product(cast.workspace, lead=cast.bob)
            goal = Objective.add(cast.workspace, by=SYSTEM, product=product, name="Goal", lead=cast.bob)
            KeyResult.add_to(goal, by=SYSTEM, name="Result", target=5)
            Problem.add(cast.workspace, by=SYSTEM, product=product, statement="Problem")

    def ask():
        assert api(cast.mona, "get", f"/api/v1/{noun}/?size=100").status_code == 200

    grow(3)
    few = count_queries(ask)
    grow(17)
    assert count_queries(ask) == few
