from lifecycle.models import Condition, Decision
from tests.lifecycle.gates import gate_of, tick_all


def test_gates_are_read_with_what_they_ask_for_and_planned(cast, api):
    gates = api(cast.carol, "get", "/api/v1/gates/?product=DSP").json()["results"]
    assert [gate["number"] for gate in gates] == [1, 2, 3, 4, 5]
    assert (gates[0]["stage_before"], gates[0]["stage_after"]) == ("innovation", "analysis")
    assert {one["text"] for one in gates[0]["criteria"]} >= {"Sponsor", "Problem statement"}
    path = f"/api/v1/gates/{gates[0]['id']}/"
    planned = api(cast.mona, "patch", path, {"review_on": "2030-05-01"}, **{"If-Match": str(gates[0]["version"])})
    assert planned.json()["review_on"] == "2030-05-01"
    assert api(cast.carol, "patch", path, {"review_on": None}, **{"If-Match": "*"}).status_code == 403
    assert api(cast.mona, "delete", path).status_code in (403, 405)


def test_a_decision_is_made_and_read_but_not_changed_or_deleted(cast, api):
    gate = gate_of(cast.product)
    body = {"gate": gate.public_id, "kind": "go", "reason": "Six letters"}
    refused = api(cast.mona, "post", "/api/v1/decisions/", body)
    assert refused.status_code == 422
    assert "Problem statement" in refused.json()["detail"]
    tick_all(gate)
    made = api(cast.mona, "post", "/api/v1/decisions/", body)
    assert made.status_code == 201, made.content
    path = f"/api/v1/decisions/{made.json()['id']}/"
    assert api(cast.carol, "get", path).json()["reason"] == "Six letters"
    for method in ("patch", "put", "delete"):
        assert api(cast.alice, method, path, {"reason": "x"}, **{"If-Match": "*"}).status_code in (403, 405)
    assert Decision.objects.get().reason == "Six letters"


def test_a_conditional_go_lists_its_conditions(cast, api):
    body = {
        "gate": gate_of(cast.product).public_id, "kind": "conditional", "reason": "Nearly",
        "conditions": [{"text": "Retest clean", "due_on": "2030-01-01", "lead": cast.bob.public_id}],
    }  # fmt: skip
    made = api(cast.mona, "post", "/api/v1/decisions/", body)
    assert made.status_code == 201, made.content
    assert made.json()["conditions"][0]["text"] == "Retest clean"
    assert Condition.objects.get().lead == cast.bob


def test_who_does_not_see_the_product_sees_to_no_condition(cast, api):
    body = {
        "gate": gate_of(cast.secret).public_id, "kind": "conditional", "reason": "Nearly",
        "conditions": [{"text": "Retest clean", "due_on": "2030-01-01", "lead": cast.dave.public_id}],
    }  # fmt: skip
    answer = api(cast.mona, "post", "/api/v1/decisions/", body)
    assert answer.status_code == 422
    assert "instead of Dave" in answer.json()["detail"]


def test_strangers_neither_see_nor_make_decisions(cast, api):
    gate = gate_of(cast.secret)
    body = {"gate": gate.public_id, "kind": "hold", "reason": "x"}
    assert api(cast.dave, "post", "/api/v1/decisions/", body).status_code == 400
    assert api(cast.mallory, "post", "/api/v1/decisions/", body).status_code == 400
    assert api(cast.bob, "post", "/api/v1/decisions/", body).status_code == 403
    made = api(cast.mona, "post", "/api/v1/decisions/", body).json()
    assert api(cast.dave, "get", f"/api/v1/decisions/{made['id']}/").status_code == 404
    assert api(cast.dave, "get", "/api/v1/decisions/").json()["results"] == []
