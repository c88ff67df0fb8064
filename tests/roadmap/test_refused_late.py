"""A verb says no where its page expected none, since somebody was faster: the sentence is the answer, not an error."""

from __future__ import annotations

import pytest

from roadmap.models import Release
from roadmap.views import release_page
from tests.cast import SYSTEM, Cast

PAGE = "/w/polarline/p/DSP/releases/"


@pytest.mark.parametrize(("headers", "kind"), [({}, "text/html"), ({"HX-Request": "true"}, "text/plain")])
def test_a_release_that_is_deleted_between_its_page_and_the_verb(cast: Cast, as_member, monkeypatch, headers, kind):
    release = Release.plan(cast.product, "5.2", by=SYSTEM)
    release.freeze(by=SYSTEM)
    found = release_page.found

    def slowly(*arguments):
        read = found(*arguments)
        Release.objects.get(pk=release.pk).delete_softly(by=SYSTEM)
        return read

    monkeypatch.setattr(release_page, "found", slowly)
    answer = as_member(cast.mona).post(f"{PAGE}{release.public_id}/unfreeze/", {"why": "Late"}, headers=headers)
    assert answer.status_code == 422
    assert answer["Content-Type"].startswith(kind)
    assert "Somebody deleted this in the meantime" in answer.content.decode()
