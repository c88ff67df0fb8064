"""A roadmap on paper and as a picture: by the Chromium that is here, without a network, by a job, for whoever asked."""

import re
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from accounts.refusals import Refused
from accounts.roles import Role
from config import clock
from jobs.models import Job, State
from roadmap.models import SharedField, ShareLink
from roadmap.sharing import chromium, picturing
from roadmap.sharing.places import SharePlace
from roadmap.sharing.standalone import standalone
from roadmap.tasks import draw_roadmap
from tests.factories import SYSTEM, make_item

DRAW = "/w/polarline/p/DSP/share/files/draw/"
PAGES = re.compile(rb"/Type\s*/Page\b")
SIZE = re.compile(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]")


@pytest.fixture
def many(cast):
    today = cast.workspace.today()
    for number in range(60):
        make_item(
            cast.product, f"Something that has a rather long title, number {number}", horizon=("now", "next", "later")[number % 3],
            starts_on=today + timedelta(days=number) if number % 2 else None,
            ends_on=today + timedelta(days=number + 30) if number % 2 else None,
        )  # fmt: skip
    make_item(cast.product, "Sell the company", horizon="now", is_internal=True)


def link_of(cast, **terms):
    return ShareLink(
        workspace=cast.workspace, product=cast.product, audience="Board", fields=list(SharedField), **terms
    )


def the_job(cast, who="carol", **options):
    terms = {
        "audience": "Board",
        "fields": ["dates"],
        "precision": "day",
        "query": "",
        "layout": "nnl",
        "lanes": "objective",
    }
    options = {"format": "pdf", "paper": "a4", "terms": terms, **options}
    place = SharePlace(getattr(cast, who), cast.workspace, cast.product, products=[cast.product])
    return picturing.ask(place, by=cast.actor(who), **options)


def test_the_page_that_is_drawn_needs_nothing_and_holds_nothing_internal(cast, many):
    page = standalone(link_of(cast))
    assert "Something that has" in page
    assert "Sell the company" not in page
    assert "<script" not in page
    assert "default-src &#x27;none&#x27;" in page or "default-src 'none'" in page
    assert not re.search(r'(?:src|href)="(?!#)[^"]+"', page)
    assert not re.search(r"url\((?!data:)", page.replace("url(none)", ""))


@pytest.mark.parametrize(("paper", "size"), [("a4", (842, 595)), ("a3", (1191, 842))])
def test_it_prints_on_one_landscape_page(cast, many, paper, size):
    pdf = chromium.pdf_of(standalone(link_of(cast), paper))
    assert len(PAGES.findall(pdf)) == 1
    width, height = map(float, SIZE.search(pdf).groups())
    assert (round(width), round(height)) == size


def test_a_picture_is_a_png(cast, many):
    assert chromium.png_of(standalone(link_of(cast)), 1440, 900).startswith(b"\x89PNG")


def test_what_takes_too_long_is_ended_with_a_sentence(monkeypatch, tmp_path):
    slow = tmp_path / "chromium"
    slow.write_text("#!/bin/sh\nsleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setattr(chromium, "program", lambda: str(slow))
    monkeypatch.setattr(chromium, "SECONDS", 0.3)
    with pytest.raises(Refused, match="took longer"):
        chromium.pdf_of("<p>")


def test_where_there_is_no_chromium_the_page_says_how_to_print(cast, as_member, monkeypatch):
    monkeypatch.setattr(chromium, "program", lambda: None)
    page = as_member(cast.mona).get("/w/polarline/p/DSP/share/files/").content.decode()
    assert "Print or save PDF" in page
    assert "Make a PDF" not in page
    with pytest.raises(Refused, match="No Chromium"):
        chromium.pdf_of("<p>")


def test_a_job_makes_the_file_for_whoever_asked_and_may_run_twice(cast, as_member, monkeypatch):
    drawn = []
    monkeypatch.setattr(chromium, "pdf_of", lambda page, tell: drawn.append(page) or b"%PDF-1")
    carol = as_member(cast.carol)
    asked = carol.post(DRAW, {"format": "pdf", "paper": "a4"})
    assert asked.status_code == 302
    Job.objects.filter(kind="draw_roadmap").update(state=State.QUEUED)
    job = Job.claimed(Job.objects.get(kind="draw_roadmap").pk)
    first, second = (draw_roadmap(job, **job.arguments) for _run in range(2))
    assert first["file"] != second["file"]
    job.finish(second)
    address = f"/w/polarline/p/DSP/share/files/drawn/{job.public_id}/"
    answer = carol.get(address)
    assert b"".join(answer.streaming_content) == b"%PDF-1"
    assert 'filename="DSP-roadmap.pdf"' in answer["Content-Disposition"]
    assert address in carol.get(f"/w/polarline/jobs/{job.public_id}/").content.decode()
    assert as_member(cast.bob).get(address).status_code == 404
    assert len(drawn) == 2


def test_what_may_not_be_seen_any_more_is_not_drawn(cast):
    link = ShareLink.open_to(cast.product, "Board", by=cast.actor("mona"), fields=[])
    job = the_job(cast, who="mona")
    assert picturing.link_for(job, {}, link.public_id) == link
    with pytest.raises(Refused, match="not yours to share"):
        picturing.link_for(the_job(cast), {}, link.public_id)
    link.revoke(by=cast.actor("mona"))
    with pytest.raises(Refused, match="not open"):
        picturing.link_for(job, {}, link.public_id)
    place = SharePlace(cast.dave, cast.workspace, cast.secret)
    foreign = picturing.ask(place, by=cast.actor("dave"), format="pdf", paper="a4", terms={})
    with pytest.raises(Refused, match="may not see"):
        picturing.link_for(foreign, {}, "")
    both = {"of_products": [cast.product.pk, cast.secret.pk], "title": "Both"}
    several = picturing.ask(
        SharePlace(cast.dave, cast.workspace), by=cast.actor("dave"), format="pdf", paper="a4", terms=both
    )
    with pytest.raises(Refused, match="may not see"):
        picturing.link_for(several, both, "")


def test_a_link_that_got_a_product_out_of_sight_meanwhile_is_not_drawn(cast):
    """Dave manages DSP, and does not see SEC."""
    cast.product.give_role(cast.dave, Role.MANAGER, by=SYSTEM)
    link = ShareLink.open_of(cast.workspace, [cast.product], "Both", "Board", by=cast.actor("mona"))
    place = SharePlace(cast.dave, cast.workspace, products=[cast.product])
    terms = {"of_products": [cast.product.pk]}
    job = picturing.ask(place, by=cast.actor("dave"), format="pdf", paper="a4", terms=terms, link=link.public_id)
    assert picturing.link_for(job, terms, link.public_id) == link
    link.edit(by=cast.actor("mona"), of_products=[cast.product.pk, cast.secret.pk])
    with pytest.raises(Refused, match="not yours to share"):
        picturing.link_for(job, terms, link.public_id)


def test_a_contributor_draws_no_link(cast, as_member):
    link = ShareLink.open_to(cast.product, "Board", by=cast.actor("mona"), fields=[])
    assert as_member(cast.bob).post(DRAW, {"format": "pdf", "paper": "a4", "link": link.public_id}).status_code == 403
    assert as_member(cast.bob).post(DRAW, {"format": "exe", "paper": "a4"}).status_code == 400


def test_files_go_after_a_day(cast, monkeypatch):
    monkeypatch.setattr(chromium, "png_of", lambda page, width, height, tell: b"PNG")
    job = Job.claimed(the_job(cast, format="png").pk)
    result = draw_roadmap(job, **job.arguments)
    assert picturing.tidy() == 0
    later = clock.now() + timedelta(days=2)
    monkeypatch.setattr("config.clock.now", lambda: later)
    assert picturing.tidy() >= 1
    assert not default_storage.exists(result["file"])
