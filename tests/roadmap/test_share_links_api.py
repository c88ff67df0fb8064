"""Share links in the API: what a link may show, and how it is laid out where nobody says."""

from django.test import Client

from roadmap.models import CustomField
from tests.factories import SYSTEM, make_item

LINKS = "/api/v1/share-links/"


def test_own_fields_are_allowed_by_their_keys_and_others_are_refused_by_name(cast, api):
    budget = CustomField.define(cast.workspace, "Budget", "number", by=SYSTEM)
    make_item(cast.product, "Live ETA link", horizon="now", custom={budget.key: 40500})
    body = {"product": "DSP", "audience": "Board", "fields_allowed": ["status", budget.key, "status"]}
    made = api(cast.mona, "post", LINKS, body)
    assert made.status_code == 201, made.content
    assert made.json()["fields_allowed"] == ["status", budget.key]
    assert "40500" in Client().get(made.json()["path"]).content.decode()
    for name in ("f00000000", "cost"):
        refused = api(cast.mona, "post", LINKS, {**body, "fields_allowed": [name]})
        assert refused.status_code == 400
        assert name in refused.json()["fields_allowed"][0]


def test_a_link_of_several_products_has_a_lane_for_each_unless_others_are_chosen(cast, api):
    body = {"products": ["DSP", "SEC"], "title": "Winter", "audience": "Board"}
    assert api(cast.mona, "post", LINKS, body).json()["lanes"] == "product"
    assert api(cast.mona, "post", LINKS, {**body, "lanes": ""}).json()["lanes"] == ""
    of_one = {"product": "DSP", "audience": "Board"}
    assert api(cast.mona, "post", LINKS, of_one).json()["lanes"] == "objective"
    refused = api(cast.mona, "post", LINKS, {**of_one, "lanes": "product"})
    assert refused.status_code == 400
    assert "lanes" in refused.json()
