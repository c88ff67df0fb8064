"""What a filter becomes in an address is read back as the same filter: with it items are also deleted."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.utils.http import urlencode

from roadmap.backlog.filters import item_language

CONDITIONS = [
    {"field": "horizon", "op": "not", "value": ["", "now"]},
    {"field": "horizon", "op": "in", "value": [""]},
    {"field": "tags", "op": "not", "value": ["a\\", "b"]},
    {"field": "tags", "op": "in", "value": ["a\\,b"]},
    {"field": "tags", "op": "in", "value": ["a,b", "c"]},
    {"field": "status", "op": "not", "value": []},
    {"field": "title", "op": "has", "value": ""},
    {"field": "title", "op": "has", "value": " "},
    {"field": "reach", "op": "gte", "value": 10},
    {"field": "start", "op": "older", "value": 60},
    {"field": "score", "op": "empty"},
    {"field": "is_internal", "op": "not", "value": "1"},
]


@pytest.mark.parametrize("condition", CONDITIONS, ids=str)
def test_a_condition_is_read_back_as_it_was(cast, condition):
    language = item_language(cast.workspace, cast.product)
    for whole in (
        {"all": [condition]},
        {"all": [condition, condition]},
        {"all": [{"any": [condition, {"not": condition}]}]},
    ):
        query = QueryDict(urlencode(language.to_query(whole)))
        assert language.compile(language.from_query(query)) == language.compile(whole), query
