"""What leaves by a link, in every form: only allowed fields, capped days, nothing internal, no formulas; dead with the link."""

import io
import re
from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client
from markdown_it import MarkdownIt
from openpyxl import load_workbook

from products.models import Objective
from roadmap.exporting import FORMATS
from roadmap.exporting.calendar import folded
from roadmap.exporting.markdown import plain
from roadmap.models import Item, SharedField, SharedLayout, ShareLink, ShareOpening
from tests.factories import SYSTEM, make_item

HIDDEN = "Sell the company"


@pytest.fixture(autouse=True)
def fresh_counters():
    cache.clear()


@pytest.fixture
def item(cast, monkeypatch):
    monkeypatch.setattr("accounts.models.Workspace.today", lambda workspace: date(2026, 11, 22))
    goal = Objective.add(cast.workspace, by=SYSTEM, product=cast.product, name="GOALq")
    make_item(
        cast.product,
        HIDDEN,
        horizon="now",
        starts_on=date(2026, 11, 1),
        ends_on=date(2026, 12, 9),
        objective=goal,
        is_internal=True,
    )
    return make_item(
        cast.product, "Live ETA link", description="TEXTq", horizon="now", objective=goal, lead=cast.bob,
        starts_on=date(2026, 11, 3), ends_on=date(2026, 12, 8),
    )  # fmt: skip


def link_with(cast, *fields, **options):
    return ShareLink.open_to(cast.product, "Board", by=cast.actor("mona"), fields=list(fields), **options)


def text_of(answer):
    """All that is in an answer, of a workbook too."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body[:2] == b"PK":
        rows = load_workbook(io.BytesIO(body)).active.iter_rows(values_only=True)
        return "\n".join(str(cell) for row in rows for cell in row)
    return body.decode() + str(answer.headers)


def ways_out(link):
    """Every address at which a link gives something away."""
    token, feed = link.token, f"/feeds/{link.public_id}/{link.feed_signature}/"
    files = [f"/s/{token}/files/{name}/" for name in FORMATS]
    return [f"/s/{token}/", f"/s/{token}/embed/", *files, f"{feed}roadmap.ics"]


@pytest.mark.parametrize("layout", SharedLayout.values)
def test_an_internal_item_leaves_by_no_way(cast, item, layout):
    link = link_with(cast, *SharedField, sites=["https://intranet.example.com"], precision="day", layout=layout)
    for address in ways_out(link):
        answer = Client().get(address)
        assert answer.status_code == 200, address
        text = text_of(answer)
        assert "Live ETA link" in text.replace("\\", ""), address
        assert HIDDEN not in text.replace("\\", ""), address
    item.edit(by=SYSTEM, is_internal=True)
    for address in ways_out(link):
        assert "Live ETA link" not in text_of(Client().get(address)).replace("\\", ""), address


def test_a_members_file_leaves_internal_items_out_too(cast, item, as_member):
    for name in FORMATS:
        text = text_of(as_member(cast.carol).get(f"/w/polarline/p/DSP/share/files/{name}/")).replace("\\", "")
        assert "Live ETA link" in text
        assert HIDDEN not in text
    assert as_member(cast.carol).get("/w/polarline/p/DSP/share/files/exe/").status_code == 404


@pytest.mark.parametrize(("precision", "said"), [("quarter", "Q4 2026"), ("month", "Dec 2026")])
@pytest.mark.parametrize("layout", SharedLayout.values)
def test_a_capped_day_is_in_no_file_and_in_no_source(cast, item, precision, said, layout):
    link = link_with(
        cast, SharedField.DATES, precision=precision, sites=["https://intranet.example.com"], layout=layout
    )
    for address in ways_out(link):
        text = text_of(Client().get(address)).replace("\\", "")
        for day in ("8 Dec", "2026-12-08", "20261208", "3 Nov", "2026-11-03", "20261103", "20261209"):
            assert day not in text, (address, day)
        if "ics" not in address:
            assert said in text, address


@pytest.mark.parametrize("hidden", ["description", "dates", "objective", "lead"])
def test_a_field_that_is_not_allowed_is_in_no_file(cast, item, hidden):
    secret = {"description": "TEXTq", "dates": "2026", "objective": "GOALq", "lead": "Bob"}[hidden]
    link = link_with(cast, *(one for one in SharedField if one != hidden), precision="day")
    for name in FORMATS:
        text = text_of(Client().get(f"/s/{link.token}/files/{name}/"))
        if hidden != "dates" or name not in ("ics", "svg"):
            assert secret not in text.replace("\\", ""), name
        elif name == "ics":
            assert "BEGIN:VEVENT" not in text


def test_formulas_become_texts(cast):
    for evil in ("=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\tx", "\rx"):
        Item.objects.filter(pk=make_item(cast.product, "x", horizon="now").pk)
        make_item(cast.product, evil, horizon="next")
    link = link_with(cast)
    csv = text_of(Client().get(f"/s/{link.token}/files/csv/"))
    assert "'=HYPERLINK(1)" in csv
    book = load_workbook(io.BytesIO(Client().get(f"/s/{link.token}/files/xlsx/").content))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert any(cell.value == "'=HYPERLINK(1)" for cell in cells)
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not any(str(cell.value)[:1] in "=+-@" for cell in cells if cell.value)


def test_markup_is_text_in_every_file(cast):
    evil = '<script>alert(1)</script> [x](javascript:alert) "q" \nBEGIN:VEVENT'
    item = make_item(cast.product, "Plain", horizon="now")
    item.edit(
        by=SYSTEM, title=evil.replace("\n", " "), description=evil, starts_on=date(2027, 1, 1), ends_on=date(2027, 2, 1)
    )
    link = link_with(cast, *SharedField)
    svg = text_of(Client().get(f"/s/{link.token}/files/svg/"))
    assert "<script" not in svg
    markdown = text_of(Client().get(f"/s/{link.token}/files/md/"))
    assert not re.search(r"(?<!\\)[<\[]", markdown.partition("{'Content")[0])
    calendar = Client().get(f"/s/{link.token}/files/ics/").content.decode()
    assert calendar.split("\r\n").count("BEGIN:VEVENT") == 1
    assert all(len(line.encode()) <= 75 for line in calendar.split("\r\n"))


def test_a_long_title_has_two_lines_in_a_picture_and_no_line_is_wider_than_its_card(cast):
    make_item(cast.product, "Text message to the driver when the truck is 30\u00a0minutes away", horizon="now")
    make_item(cast.product, "w" * 90, horizon="now")
    picture = Client().get(f"/s/{link_with(cast, *SharedField).token}/files/svg/").content.decode()
    titles = re.findall(r'font-size="12"[^>]*>([^<]*)<', picture)
    assert titles[:2] == ["Text message to the driver", "when the truck is 30 minutes…"]
    assert max(map(len, titles)) <= 30
    assert any(one.endswith("…") for one in titles)


def test_a_picture_that_is_opened_runs_nothing(cast, item):
    answer = Client().get(f"/s/{link_with(cast).token}/files/svg/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("end", ["revoke", "rotate"])
def test_every_way_out_is_closed_with_the_link(cast, item, end):
    link = link_with(cast, SharedField.DATES, sites=["https://intranet.example.com"])
    ways, browser = ways_out(link), Client()
    known = browser.get(ways[0])["ETag"]
    getattr(link, end)(by=cast.actor("mona"))
    for address in ways:
        answer = browser.get(address, headers={"If-None-Match": known})
        assert answer.status_code == 404, address
        assert "no-store" in answer["Cache-Control"]
    if end == "rotate":
        assert all(Client().get(address).status_code == 200 for address in ways_out(ShareLink.objects.get()))


def test_a_page_that_a_browser_has_is_not_sent_again_until_it_changes(cast, item):
    link, browser = link_with(cast), Client()
    known = browser.get(f"/s/{link.token}/")["ETag"]
    assert browser.get(f"/s/{link.token}/", headers={"If-None-Match": known}).status_code == 304
    item.edit(by=SYSTEM, title="Live arrival")
    assert b"Live arrival" in browser.get(f"/s/{link.token}/", headers={"If-None-Match": known}).content


def test_the_calendar_of_a_link_with_a_password_ends_with_the_password(cast, item):
    link = link_with(cast, SharedField.DATES, password="polar-night-42")
    calendar = ways_out(link)[-1]
    assert b"BEGIN:VEVENT" in Client().get(calendar).content
    assert Client().get(f"/s/{link.token}/files/csv/").status_code == 302
    link.edit(by=cast.actor("mona"), password="another-night-43")
    assert Client().get(calendar).status_code == 404
    assert Client().get(f"/feeds/{link.public_id}/{'0' * 43}/roadmap.ics").status_code == 404
    assert Client().get(f"/feeds/{'A' * 22}/{'0' * 43}/roadmap.ics").status_code == 404


def test_only_the_sites_that_are_named_may_frame_it(cast, item):
    link = link_with(cast, sites=["https://intranet.example.com"])
    page = Client().get(f"/s/{link.token}/embed/")
    assert "frame-ancestors https://intranet.example.com" in page["Content-Security-Policy"]
    assert "X-Frame-Options" not in page
    whole = Client().get(f"/s/{link.token}/")
    assert "frame-ancestors 'none'" in whole["Content-Security-Policy"]
    assert whole["X-Frame-Options"] == "DENY"
    assert Client().get(f"/s/{link_with(cast).token}/embed/").status_code == 404


def test_a_password_is_not_asked_for_in_a_frame(cast, item):
    link = link_with(cast, sites=["https://intranet.example.com"], password="polar-night-42")
    browser = Client()
    browser.post(f"/s/{link.token}/", {"password": "polar-night-42"})
    page = browser.get(f"/s/{link.token}/embed/").content.decode()
    assert "Live ETA link" not in page
    assert 'type="password"' not in page
    assert "Polarline" not in page


def test_openings_are_counted_by_day_and_nothing_else_is_kept(cast, item):
    link = link_with(cast, SharedField.DATES, sites=["https://intranet.example.com"])
    for address in [*ways_out(link), f"/s/{link.token}/"]:
        Client().get(address)
    Client().get(f"/s/{link.token}/", headers={"X-Look": "again"})
    counts = {one.kind: one.count for one in ShareOpening.objects.all()}
    assert counts == {"page": 2, "embed": 1, "file": len(FORMATS), "feed": 1}
    kept = {field.name for field in ShareOpening._meta.get_fields()}
    assert kept == {"id", "workspace", "link", "day", "kind", "count", "last_at"}


def test_long_lines_of_a_calendar_are_cut_between_characters():
    line = "SUMMARY:" + "é🚀" * 60
    assert "".join(folded(line).split("\r\n ")) == line
    assert all(len(part.encode()) <= 75 for part in folded(line).split("\r\n"))


def test_a_spreadsheet_has_days_and_numbers_as_such_and_says_nothing_twice(cast, item):
    item.edit(by=SYSTEM, effort="8.00", description="### Why\n\n**So** it is")
    link = link_with(cast, "dates", "effort", "objective", "description", precision="day", lanes="objective")
    sheet = load_workbook(io.BytesIO(Client().get(f"/s/{link.token}/files/xlsx/").content)).active
    head, row = list(sheet.values)
    assert list(head).count("Goal") == 1
    told = dict(zip(head, row, strict=True))
    assert told["Effort in person-weeks"] == 8
    assert told["End"].date() == item.ends_on
    assert told["Description"] == "Why\n\nSo it is"
    assert sheet.column_dimensions["A"].width >= 8
    lines = Client().get(f"/s/{link.token}/files/csv/").content.decode("utf-8-sig").splitlines()
    assert f",{item.ends_on.isoformat()},8," in lines[1]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("# a\n- b <i>", r"\# a - b \<i\>"),
        ("- [x](y) *now* `rm`", r"\- \[x\](y) \*now\* \`rm\`"),
        ("2027. The year", r"2027\. The year"),
        ("https://a.example, www.b.example, c@d.example", r"https\://a.example, www\.b.example, c\@d.example"),
        ("R&D &copy; ![x]", r"R&D \&copy; !\[x\]"),
        ("Wi-Fi 5.2 (cab): it works!", "Wi-Fi 5.2 (cab): it works!"),
    ],
)
def test_markdown_of_a_text_means_nothing_and_is_good_to_read(typed: str, written: str):
    assert plain(typed) == written
    said = typed.replace("\n", " ").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert MarkdownIt("commonmark").enable(["strikethrough", "table"]).render(written) == f"<p>{said}</p>\n"
