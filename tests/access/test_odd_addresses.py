"""What nobody types but somebody sends: addresses and filters with characters and sizes that no list was made for."""

from __future__ import annotations

import json
from datetime import date
from urllib.parse import quote

import pytest
from django.test import Client

from changes.streams import Stream, _admit, _session_key
from roadmap.models import CustomField, FieldKind, Release, Requirement
from tests.access.test_crawl import bearer
from tests.cast import Cast
from tests.factories import SYSTEM, make_customer, make_item, make_portal

BACKLOG = "/w/polarline/p/DSP/backlog/"
BUILDER = f"{BACKLOG}filters/"


def titles(page) -> list[str]:
    return [row.title for row in page.context["page"].rows]


@pytest.mark.parametrize(
    "path",
    ["/s/%00/", "/s/a%00b/", "/portal/polarline/ideas/%00/", "/join/%00/"],
)
def test_nothing_is_at_an_address_with_a_nul_for_strangers(cast: Cast, path: str):
    assert Client().get(path).status_code == 404


def test_nothing_is_at_an_address_with_a_nul_for_members_and_programs(cast: Cast, as_member):
    alice = as_member(cast.alice)
    for path in ("p/D%00/", "portal/%00/", "customers/%00/", "threads/%00/", "settings/members/%00/"):
        assert alice.get(f"/w/polarline/{path}").status_code == 404
        assert alice.post(f"/w/polarline/{path}").status_code == 404
    for noun in ("ideas", "releases", "comments"):
        assert Client().get(f"/api/v1/{noun}/%00/", headers=bearer(cast.alice)).status_code == 404


def test_a_stream_for_a_place_with_a_nul_is_none(cast: Cast, client, monkeypatch):
    monkeypatch.setattr("changes.streams.close_old_connections", lambda: None)
    monkeypatch.setattr("changes.streams.connection", type("Kept", (), {"close": staticmethod(lambda: None)}))
    client.force_login(cast.mona.user)
    cookie = f"sessionid={client.cookies['sessionid'].value}".encode()
    stream = Stream()
    _admit(stream, {b"cookie": cookie}, b"channel=polarline%00&channel=polarline/D%00&channel=polarline")
    assert stream.places == {}
    assert stream.channels == {f"live:workspace:{cast.workspace.pk}", f"live:member:{cast.mona.pk}"}


@pytest.mark.parametrize(
    "name", ["sessionid", "portal_address", "portal_guest", "csrftoken", "workspace", "theme", "messages"]
)
def test_a_cookie_with_a_nul_is_none(cast: Cast, name: str):
    """No browser keeps one, but the header may spell it."""
    make_portal(cast.workspace, cast.product)
    client = Client(raise_request_exception=False, headers={"Cookie": rf'{name}="{"a" * 30}\000b"'})
    for path in (
        "/",
        "/accounts/login/",
        "/portal/polarline/",
        "/portal/polarline/code/",
        "/w/polarline/p/DSP/backlog/",
    ):
        assert client.get(path).status_code < 500, path
        assert client.post(path, {"code": "123456"}).status_code < 500, path


def test_a_stream_asked_for_with_a_cookie_with_a_nul_is_none():
    assert _session_key({b"cookie": rb'sessionid="aaaaaaaaaaaa\000b"'}) is None


@pytest.mark.parametrize("text", ["\ue000", "\ue0000\ue000", "a\ue0001\ue000b"])
def test_a_filter_holds_any_character(cast: Cast, as_member, text: str):
    """Characters of Unicode's area for private use too, of which icon fonts and other tools make use."""
    make_item(cast.product, f"Found {text}")
    make_item(cast.product, "Another")
    mona = as_member(cast.mona)
    assert titles(mona.get(BACKLOG, {"title": text})) == [f"Found {text}"]
    assert titles(mona.get(BACKLOG, {"title.is": f"found {text}"})) == [f"Found {text}"]
    for name in ("status", "lead", "release", "tags", "type"):
        assert titles(mona.get(BACKLOG, {name: text})) == []


def test_a_filter_that_nothing_can_pass_shows_nothing(cast: Cast, as_member):
    make_item(cast.product)
    mona = as_member(cast.mona)
    for query in ({"parent": "nonsense"}, {"status": ","}, {"tags": ","}, {"filter": '{"any": []}', "status": ","}):
        page = mona.get(BACKLOG, query)
        assert (page.status_code, titles(page)) == (200, []), query


@pytest.mark.parametrize(
    "query", ["parent=nonsense", "status=,", "end.older=x", "touched.empty=1", "asked.empty=1", "evidence.empty=1"]
)
def test_a_filter_that_nothing_can_pass_leaves_nothing_wherever_it_stands(cast: Cast, as_member, query: str):
    """In boards and groups of a status it was an error; of what is worked out of other rows “is empty” was one everywhere."""
    release = Release.plan(cast.product, "5.2", by=SYSTEM, ends_on=date(2027, 3, 1))
    make_item(
        cast.product, "Live ETA", release=release, horizon="now", starts_on=date(2027, 1, 1), ends_on=date(2027, 2, 1)
    )
    mona, product = as_member(cast.mona), "/w/polarline/p/DSP/"
    pages = [f"roadmap/?layout={layout}&" for layout in ("timeline", "nnl", "release", "status", "list")]
    pages += [f"backlog/?group={group}&" for group in ("", "status", "type", "lead", "end")]
    for page in (
        *pages,
        "matrix/?",
        "backlog/items.csv?",
        "backlog/totals/?",
        "backlog/sums/?group=status&",
        "share/files/csv/?",
    ):
        answer = mona.get(f"{product}{page}{query}")
        assert answer.status_code in (200, 204, 400, 422), page
        text = b"".join(answer) if answer.streaming else answer.content
        assert answer.status_code == 422 or b"Live ETA" not in text, page


@pytest.mark.parametrize("token", ["\0", "\0000\0", "\0001\0", "\0token\0", "a\0"])
def test_nobodys_text_is_taken_for_one_that_stands_in(cast: Cast, as_member, token: str):
    for number in range(60):
        make_item(cast.product, f"Item {number}", tags=["radar"])
    mona = as_member(cast.mona)
    after = mona.get(BACKLOG, {"group": "status"}).context["page"].next
    for query in (
        {"group": "component", "folded": token}, {"group": "status", "folded": token}, {"group": "status", "after": after, "in": token},
        {"group": token}, {"columns": token}, {"sort": token}, {"open": token}, {"q": token}, {"title": token},
    ):  # fmt: skip
        answer = mona.get(BACKLOG, query)
        assert answer.status_code == 200, query
        assert "\0" not in answer.content.decode()
    page = mona.get(
        f"{BACKLOG}filters/", {"rest": "", "l0.field": "title", "l0.op": "has", "l0.value": token}
    ).content.decode()
    assert 'value="token"' in page if token == "\0token\0" else "\0" not in page


def test_what_is_worked_out_of_other_rows_is_never_empty(cast: Cast, as_member):
    make_item(cast.product, "Live ETA")
    for name in ("touched", "asked", "evidence"):
        assert titles(as_member(cast.mona).get(BACKLOG, {f"{name}.set": "1"})) == ["Live ETA"]


def test_a_filter_has_an_end(cast: Cast, as_member, api):
    field = CustomField.define(cast.workspace, "Regions", FieldKind.MULTI, by=SYSTEM, options=["North", "South"])
    mona = as_member(cast.mona)
    many = ",".join(f"o{number}" for number in range(501))
    for name in ("status", "tags", field.key):
        assert mona.get(BACKLOG, {name: many}).status_code == 422
        assert api(cast.mona, "get", f"/api/v1/items/?{name}={many}").status_code == 422
        assert mona.get(BACKLOG, {name: ",".join(many.split(",")[:500])}).status_code == 200


def test_the_filter_builder_has_an_end(cast: Cast, as_member):
    mona = as_member(cast.mona)
    deep = mona.get(BUILDER, {"rest": "", "kept": "[" * 3000})
    assert deep.status_code == 200
    assert mona.get(BUILDER, {"rest": "", "kept": "[" * 3000, "do": "show"}).status_code == 422
    lines = {f"l{number}.{part}": value for number in range(300) for part, value in (("field", "lead"), ("op", "in"))}
    assert len(mona.get(BUILDER, {"rest": "", **lines}).context["builder"].lines) == 60


def test_numbers_beyond_all_measure_are_answered(cast: Cast, as_member):
    make_item(cast.product, reach=10)
    mona = as_member(cast.mona)
    for text in ("1e-999999", "1e-20000", "-0", "1e14", "0." + "1" * 300, "1e-99999999999"):
        for name in ("reach", "score.gt", "effort.isnt"):
            assert mona.get(BACKLOG, {name: text}).status_code in (200, 422), (name, text)
    whole = quote(json.dumps({"field": "reach", "op": "gt", "value": "1e-999999"}))
    assert mona.get(f"{BACKLOG}?filter={whole}").status_code in (200, 422)


def test_forms_with_odd_values_are_answered(cast: Cast, as_member):
    """Fields that no browser sends so: they are read past the forms, or beside the field that has the trouble."""
    item = make_item(cast.product)
    one = Requirement.add_to(item, "One", by=cast.actor("mona"))
    field = CustomField.define(cast.workspace, "Region", FieldKind.TEXT, by=SYSTEM)
    customer = make_customer(cast.workspace)
    mona = as_member(cast.mona)
    product = "/w/polarline/p/DSP/"
    for path, sent in (
        (f"{product}strategy/write/", {"vision": "New", "seen": "nonsense"}),
        (f"{product}strategy/write/", {"vision": "New", "seen": "\0"}),
        (f"{product}items/{item.number}/requirements/{one.public_id}/move/", {"after": "\0"}),
        (f"{product}items/{item.number}/fields/{field.key}/", {"value": "x", "seen": "9" * 5000}),
        (f"{product}backlog/columns/", {"columns": "\0"}),
        (f"{product}items/paste/", {"column": "\0", "numbers": item.number, "values": "x"}),
        (f"{product}backlog/columns/", {"columns": ",".join(["x" * 300] * 50)}),
        (f"{product}backlog/display/", {"do": "show", "column": ["\0", *(f"{n:0>40}" for n in range(90))]}),
        (f"/w/polarline/threads/{item.thread.public_id}/preview/", {"body": "x", "comment": "\0"}),
        (f"/w/polarline/customers/{customer.public_id}/contract/", {"remove": "\0"}),
    ):
        assert mona.post(path, sent).status_code in (204, 302, 404, 422), (path, sent)
    assert as_member(cast.alice).get("/w/polarline/settings/security/", {"page": "9" * 5000}).status_code == 200
    assert as_member(cast.alice).get("/w/polarline/settings/scorecards/example/", {"card": "\0"}).status_code == 200
