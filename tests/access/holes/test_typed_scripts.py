"""What people typed runs nowhere (test_stored_scripts.py types into every column; here it comes by the verbs)."""

from __future__ import annotations

from roadmap.models import SharedField, ShareLink
from tests.access.test_crawl import PAGES, client_of, request, text_of
from tests.access.world import CANARY, build_world
from tests.factories import make_portal

PAYLOAD = f"""{CANARY}"'><img src=x onerror=alert(1)>"""


def test_what_people_typed_runs_on_no_page(db, monkeypatch):
    world = build_world(PAYLOAD)
    cast = world.cast
    link = ShareLink.open_to(cast.secret, PAYLOAD, by=cast.actor("mona"), note=PAYLOAD, fields=list(SharedField))
    cast.mona.user.name = f"Mona <b>{PAYLOAD}"
    cast.mona.user.save()
    make_portal(cast.workspace, cast.secret)
    paths = [url.path(world.arguments_of(url.name, url.arguments)) for url in PAGES]
    paths += [f"/s/{link.token}/", "/portal/polarline/", "/outbox/", "/"]
    shown = 0
    client = client_of(cast.alice)
    for path in paths:
        for headers in ({}, {"HX-Request": "true"}):
            answer = request(client, "get", path, **headers)
            if "html" in answer.get("Content-Type", "") and answer.status_code < 400:
                text = text_of(answer)
                assert "<img src=x" not in text, path
                shown += CANARY in text
    assert shown > 60


def test_answers_are_of_the_type_that_they_say(cast, as_member):
    for path in ("/w/polarline/", "/api/v1/items/", "/static/css/nothing.css"):
        assert as_member(cast.alice).get(path)["X-Content-Type-Options"] == "nosniff"
