"""Pages are compressed for browsers; what the API answers keeps the ETag that programs send back."""

from __future__ import annotations

import gzip

import pytest

from tests.factories import make_item

pytestmark = pytest.mark.django_db


def test_a_page_travels_compressed_to_who_reads_it(cast, as_member):
    browser = as_member(cast.mona)
    plain = browser.get("/w/polarline/settings/teams/")
    small = browser.get("/w/polarline/settings/teams/", headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain
    assert small["Content-Encoding"] == "gzip"
    assert len(small.content) < len(plain.content) / 2
    assert b"</html>" in gzip.decompress(small.content)
    assert "Accept-Encoding" in plain["Vary"]


def test_the_version_of_an_item_is_told_as_it_is(cast, api):
    make_item(cast.product, "Eta per stop")
    answer = api(cast.mona, "get", "/api/v1/items/DSP-1/", **{"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer
    assert answer["ETag"].startswith('"')
