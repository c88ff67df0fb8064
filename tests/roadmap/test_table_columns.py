"""The columns of the backlog: chosen, put in order, made wider, kept for the member, and in the address."""

from __future__ import annotations

import re

import pytest

from roadmap.models import CustomField, Item, TableChoice
from tests.cast import Cast
from tests.factories import make_item

BACKLOG = "/w/polarline/p/DSP/backlog/"
DISPLAY = f"{BACKLOG}display/"
ASKING = {"HX-Request": "true"}


@pytest.fixture
def size(cast: Cast) -> CustomField:
    return CustomField.define(cast.workspace, "Size", "select", by=cast.actor("alice"), options=["Small", "Large"])


@pytest.fixture
def note(cast: Cast) -> CustomField:
    return CustomField.define(cast.workspace, "Note <b>", "text", by=cast.actor("alice"))


def heads(page) -> list[str]:
    return re.findall(r'<th [^>]*data-column="(\w+)"', page.context["heads"])


def test_the_address_says_which_columns_in_which_order(cast: Cast, as_member, size):
    make_item(cast.product, "First", custom={size.key: size.options[1]["key"]})
    page = as_member(cast.carol).get(f"{BACKLOG}?columns=title:320,{size.key},end,gone,status:90")
    assert heads(page) == ["title", size.key, "end", "status"]
    assert re.findall(r'style="--w: (\d+)px"', page.content.decode()) == ["320", "116", "92", "90"]
    assert '<td class="muted">Large</td>' in page.content.decode()


def test_what_a_member_chose_stays_for_them_alone(cast: Cast, as_member):
    make_item(cast.product)
    mona = as_member(cast.mona)
    sent = {
        "query": "horizon=&sort=-score&after=x",
        "column": ["effort", "status"],
        "density": "compact",
        "group": "status",
    }
    answer = mona.post(DISPLAY, {**sent, "do": "show"})
    assert answer.status_code == 302
    assert answer.url == (
        f"{BACKLOG}?horizon=&sort=-score&columns=title%2Ceffort%2Cstatus&density=compact&group=status"
    )
    page = mona.get(f"{BACKLOG}?open=")
    assert heads(page) == ["title", "effort", "status"]
    assert page.context["look"].density == "compact"
    assert len(heads(as_member(cast.carol).get(f"{BACKLOG}?open="))) == 10
    assert heads(mona.get(f"{BACKLOG}?columns=title,type")) == ["title", "type"]
    mona.post(DISPLAY, {"query": "", "do": "reset"})
    assert len(heads(mona.get(BACKLOG))) == 10


def test_columns_go_up_and_down_and_in_and_out(cast: Cast, as_member):
    mona = as_member(cast.mona)
    form = {"query": "columns=title,status,effort,end:200", "column": ["status", "effort", "end"]}

    def after(press: str) -> list[str]:
        answer = mona.post(DISPLAY, {**form, "do": press}, headers=ASKING)
        return [name for name, _label in answer.context["chosen"]]

    assert after("up:end") == ["title", "status", "end", "effort"]
    assert after("up:status") == ["title", "status", "effort", "end"]
    assert after("down:status") == ["title", "effort", "status", "end"]
    assert after("up:title") == ["title", "status", "effort", "end"]
    assert TableChoice.objects.count() == 0


def test_a_width_that_was_dragged_is_kept_within_bounds(cast: Cast, as_member):
    mona = as_member(cast.mona)
    assert mona.post(f"{BACKLOG}columns/", {"columns": "title:9999,status:1,effort:abc,horizon"}).status_code == 204
    page = mona.get(BACKLOG)
    assert dict(page.context["look"].widths) == {"title": 900, "status": 48}
    assert heads(page) == ["title", "status", "effort", "horizon"]


def test_a_cell_of_an_own_field_is_edited_in_its_row(cast: Cast, as_member, size, note):
    item, mona = make_item(cast.product, "First"), as_member(cast.mona)
    columns = f"title,{size.key},{note.key}"
    small = size.options[0]["key"]
    sent = {"as": "row", "columns": columns, "value": small, "seen": item.change_id}
    row = mona.post(f"/w/polarline/p/DSP/items/{item.number}/fields/{size.key}/", sent, headers=ASKING)
    assert row.status_code == 200
    assert re.search(rf'data-cell="{size.key}" data-value="{small}"><button[^>]*>Small<', row.content.decode())
    assert Item.objects.get().custom == {size.key: small}
    refused = mona.post(
        f"/w/polarline/p/DSP/items/{item.number}/fields/{size.key}/", {**sent, "value": "Huge"}, headers=ASKING
    )
    assert refused.status_code == 422
    assert f'data-problem="{size.key}" data-typed="Huge"' in refused.content.decode()
    assert "has no option “Huge”" in refused.content.decode()


def test_several_values_come_from_a_cell_as_one_text(cast: Cast, as_member):
    regions = CustomField.define(cast.workspace, "Regions", "multi", by=cast.actor("alice"), options=["North", "South"])
    item = make_item(cast.product)
    keys = ",".join(one["key"] for one in regions.options)
    sent = {"as": "row", "columns": f"title,{regions.key}", "value": keys}
    row = as_member(cast.mona).post(
        f"/w/polarline/p/DSP/items/{item.number}/fields/{regions.key}/", sent, headers=ASKING
    )
    assert "North, South" in row.content.decode()


def test_every_cell_has_an_editor(cast: Cast, as_member, size, note):
    make_item(cast.product)
    mona = as_member(cast.mona)
    names = "title,status,type,lead,objective,release,horizon,start,end,reach,impact,confidence,effort"
    page = mona.get(f"{BACKLOG}?columns={names},{size.key},{note.key}").content.decode()
    cells = set(re.findall(r'data-cell="(\w+)"', page))
    assert len(cells) == 15
    held = set(re.findall(r'template data-editor="(\w+)"', page))
    for name in cells - held:
        editor = mona.get(f"{BACKLOG}editors/{name}/", headers=ASKING)
        assert editor.status_code == 200, name
        assert f'template data-editor="{name}"' in editor.content.decode()
    assert mona.get(f"{BACKLOG}editors/rank/").status_code == 404


def test_columns_of_any_number_take_no_more_statements(cast: Cast, as_member, count_queries, size, note):
    for n in range(3):
        make_item(cast.product, custom={size.key: size.options[0]["key"], note.key: f"<i>{n}"})
    mona = as_member(cast.mona)
    own = [
        CustomField.define(cast.workspace, f"Field {n}", kind, by=cast.actor("alice")).key
        for n, kind in enumerate(["text", "number", "date", "checkbox", "person"])
    ]
    everything = (
        f"{BACKLOG}?columns=title,status,type,lead,objective,release,horizon,demand,{size.key},{note.key},"
        + ",".join(own)
    )
    mona.get(everything)
    assert count_queries(lambda: mona.get(everything)) <= 10
    assert count_queries(lambda: mona.get(f"{everything}&sort=-{size.key}&group=lead")) <= 10
    for _n in range(27):
        make_item(cast.product)
    assert count_queries(lambda: mona.get(everything)) <= 10
    assert "<i>0" not in mona.get(everything).content.decode()
