from accounts.models import ApiToken
from roadmap.models import Item
from tests.factories import make_item, status


def test_an_item_is_created_read_changed_and_deleted(cast, api):
    made = api(cast.mona, "post", "/api/v1/items/", {"product": "DSP", "title": "By program", "tags": ["api"]})
    assert made.status_code == 201, made.content
    key = made.json()["key"]
    changed = api(
        cast.mona,
        "patch",
        f"/api/v1/items/{key}/",
        {"reach": 100, "impact": "2.00", "confidence": 50, "effort": "4"},
        **{"If-Match": made["ETag"]},
    )
    assert changed.status_code == 200, changed.content
    assert changed.json()["score"] == "25.00"
    assert api(cast.mona, "delete", f"/api/v1/items/{key}/").status_code == 204
    assert api(cast.mona, "get", f"/api/v1/items/{key}/").status_code == 404


def test_a_change_without_a_version_is_refused(cast, api):
    make_item(cast.product)
    assert api(cast.mona, "patch", "/api/v1/items/DSP-1/", {"title": "x"}).status_code == 428


def test_the_same_field_conflicts_and_another_merges(cast, api):
    item = make_item(cast.product, "old")
    seen = f'"{item.change_id}"'
    item.edit(by=cast.actor("bob"), title="Bob's")
    conflict = api(cast.mona, "patch", "/api/v1/items/DSP-1/", {"title": "Mona's"}, **{"If-Match": seen})
    assert conflict.status_code == 409
    assert (conflict.json()["theirs"], conflict.json()["yours"]) == ("Bob's", "Mona's")
    merged = api(cast.mona, "patch", "/api/v1/items/DSP-1/", {"reach": 3}, **{"If-Match": seen})
    assert merged.status_code == 200
    assert merged.json()["title"] == "Bob's"


def test_the_same_key_of_another_token_is_another_key(cast, api):
    body = {"product": "DSP", "title": "Once"}
    answers = [api(cast.mona, "post", "/api/v1/items/", body, **{"Idempotency-Key": "k1"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert Item.objects.filter(title="Once").count() == 2


def test_a_repetition_by_the_same_token_gets_the_same_answer(cast, client):
    _token, secret = ApiToken.issue(cast.mona, "test", "write", by=cast.actor("mona"))
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "k1"}

    def post(body):
        return client.post("/api/v1/items/", body, content_type="application/json", headers=headers)

    first, second = post({"product": "DSP", "title": "Once"}), post({"product": "DSP", "title": "Once"})
    assert first.json() == second.json()
    assert Item.objects.filter(title="Once").count() == 1
    assert post({"product": "DSP", "title": "Other"}).status_code == 422


def test_a_read_token_writes_nothing_and_a_viewer_neither(cast, api):
    body = {"product": "DSP", "title": "x"}
    assert api(cast.mona, "post", "/api/v1/items/", body, scope="read").status_code == 403
    assert api(cast.carol, "post", "/api/v1/items/", body).status_code == 403


def test_strangers_neither_see_nor_name_foreign_things(cast, api):
    make_item(cast.product)
    make_item(cast.secret)
    assert api(cast.mallory, "get", "/api/v1/items/DSP-1/").status_code == 404
    assert api(cast.mallory, "get", "/api/v1/items/").json()["results"] == []
    assert [row["key"] for row in api(cast.dave, "get", "/api/v1/items/").json()["results"]] == ["DSP-1"]
    own = api(cast.mallory, "post", "/api/v1/items/", {"product": "MAL", "title": "mine"})
    assert own.status_code == 201
    foreign = status(cast.workspace, "Ready").public_id
    stolen = api(
        cast.mallory, "patch", f"/api/v1/items/{own.json()['key']}/", {"status": foreign}, **{"If-Match": own["ETag"]}
    )
    assert stolen.status_code == 400
    assert api(cast.dave, "post", "/api/v1/items/", {"product": "SEC", "title": "x"}).status_code == 400


def test_lists_are_filtered_and_paged(cast, api):
    for number in range(5):
        make_item(cast.product, f"Item {number}", reach=number)
    page = api(cast.mona, "get", "/api/v1/items/?size=2&reach.gte=1").json()
    assert [row["title"] for row in page["results"]] == ["Item 1", "Item 2"]
    following = api(cast.mona, "get", page["next"].removeprefix("http://testserver")).json()
    assert [row["title"] for row in following["results"]] == ["Item 3", "Item 4"]
    assert following["next"] is None
    assert api(cast.mona, "get", "/api/v1/items/?reach.gte=x").status_code == 422


def test_without_a_token_the_api_answers_401(client, db):
    assert client.get("/api/v1/items/").status_code == 401


def test_the_schema_is_openapi_3(client, db):
    assert client.get("/api/schema/?format=json").json()["openapi"].startswith("3.")
