"""Kept roadmaps in the API: the same rules as on the pages."""

from __future__ import annotations

from functools import partial

import pytest

from roadmap.models import Roadmap
from tests.cast import Cast
from tests.factories import SYSTEM

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/roadmaps/"


def test_one_is_kept_read_changed_and_deleted(cast: Cast, api):
    bob = partial(api, cast.bob)
    made = bob(
        "post",
        ADDRESS,
        {"name": "Plan", "products": ["DSP"], "layout": "status", "shows": ["key"], "limits": {"now": 3}},
    )
    assert made.status_code == 201, made.content
    assert made.json()["products"] == ["DSP"]
    assert made.json()["scope"] == "private"
    one = f"{ADDRESS}{made.json()['id']}/"
    assert bob("patch", one, {"layout": "list"}).status_code == 428
    changed = bob("patch", one, {"layout": "list", "query": "category=building"}, **{"If-Match": made["ETag"]})
    assert (changed.json()["layout"], changed.json()["query"]) == ("list", "category=building")
    assert bob("patch", one, {"layout": "nnl"}, **{"If-Match": made["ETag"]}).status_code == 409
    assert api(cast.alice, "get", one).status_code == 404
    assert bob("delete", one).status_code == 204
    assert bob("get", one).status_code == 404


@pytest.mark.parametrize("body", [
    {"products": ["DSP"]}, {"name": "Plan", "products": []}, {"name": "Plan", "products": ["NOPE"]}, {"name": "Plan"},
    {"name": "Plan", "products": ["DSP"], "layout": "circle"}, {"name": "Plan", "products": ["DSP"], "lanes": "moon"},
    {"name": "Plan", "products": ["DSP"], "shows": ["secrets"]}, {"name": "Plan", "products": ["DSP"], "limits": {"now": 0}},
    {"name": "Plan", "products": ["DSP"], "limits": {"no\0w": 3}},
    {"name": "Plan", "products": ["DSP"], "starts": 4, "ends": 1}, {"name": "Plan", "products": ["DSP"], "colour": "red"},
    {"name": "Plan", "products": ["DSP"], "is_shared": True},
])  # fmt: skip
def test_what_makes_no_sense_is_refused(cast: Cast, api, body):
    answer = api(cast.bob, "post", ADDRESS, body)
    assert answer.status_code in (400, 422)
    assert not Roadmap.objects.exists()


def test_products_out_of_sight_are_neither_told_nor_taken(cast: Cast, api):
    roadmap = Roadmap.keep(
        cast.workspace, "Both", [cast.product, cast.secret], by=SYSTEM, owner=cast.dave, is_shared=True
    )
    dave = partial(api, cast.dave)
    assert dave("get", f"{ADDRESS}{roadmap.public_id}/").json()["products"] == ["DSP"]
    assert dave("post", ADDRESS, {"name": "Plan", "products": ["SEC"]}).status_code == 400
    dave("patch", f"{ADDRESS}{roadmap.public_id}/", {"products": ["DSP"]}, **{"If-Match": "*"})
    assert roadmap.links.count() == 2
    mona = api(cast.mona, "get", f"{ADDRESS}{roadmap.public_id}/").json()
    assert sorted(mona["products"]) == ["DSP", "SEC"]


def test_the_list_asks_as_much_for_thirty_as_for_three(cast: Cast, api, count_queries):
    counts = []
    for target in (3, 30):
        while Roadmap.objects.count() < target:
            Roadmap.keep(cast.workspace, f"Plan {Roadmap.objects.count()}", [cast.product], by=SYSTEM, owner=cast.mona)
        counts.append(count_queries(lambda: api(cast.mona, "get", ADDRESS)))
    assert counts[0] == counts[1]
