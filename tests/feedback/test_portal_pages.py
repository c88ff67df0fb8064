"""The portal as people outside see it: no more than title, description, public status, answer and votes."""

import re

import pytest
from django.test import Client

from feedback import guests
from feedback.models import Idea, PortalSession, Vote
from tests.factories import SYSTEM, make_contact, make_customer, make_idea, make_item, make_portal, status

HOME = "/portal/polarline/"


@pytest.fixture
def portal(cast):
    return make_portal(cast.workspace, cast.product)


@pytest.fixture
def contact(cast):
    return make_contact(make_customer(cast.workspace, "Nordfrisk"), "Henrike", email="henrike@nordfrisk.example")


def browser_of(contact):
    client = Client()
    client.cookies[guests.COOKIE] = PortalSession.start(contact)
    return client


def test_strangers_read_ideas_by_votes_with_their_public_status(cast, portal, contact, client):
    few = make_idea(cast.workspace, "Few votes", description="Because.")
    many = make_idea(cast.workspace, "Many votes", product=cast.product)
    many.link_to(make_item(cast.product, "Internal words", status=status(cast.workspace, "In build")), by=SYSTEM)
    Vote.cast(many, contact=contact, by=contact.actor)
    page = client.get(HOME).content.decode()
    assert page.index("Many votes") < page.index("Few votes")
    assert "In progress" in page
    assert "Under review" in page
    assert "Internal words" not in page
    newest = client.get(f"{HOME}?sort=new").content.decode()
    assert newest.index("Many votes") < newest.index("Few votes")
    assert few.public_id in page


def test_nothing_of_the_workspace_leaks(cast, portal, contact, client):
    """Neither people nor items, products, customers, keys or database ids are in the bytes."""
    item = make_item(cast.product, "Internal words", status=status(cast.workspace, "Ready"))
    idea = make_idea(cast.workspace, "Public words", contact=contact, by=contact.actor, item=item)
    Vote.cast(idea, 3, member=cast.bob, by=cast.actor("bob"))
    make_idea(cast.workspace, "Hidden idea", product=cast.secret)
    for viewer in (client, browser_of(make_contact(make_customer(cast.workspace)))):
        for path in ("", f"ideas/{idea.public_id}/", "?q=words", "?status=Planned", "post/?title=words"):
            page = viewer.get(f"{HOME}{path}").content.decode()
            for secret in ("Internal words", "Henrike", "henrike", "Nordfrisk", "Bob", "DSP-1", "SEC", "Hidden idea"):
                assert secret not in page, (path, secret)
            ids = {str(row.pk) for row in (idea, item, cast.workspace, contact) if row.pk > 99}
            assert not ids & set(re.findall(r'[="/](\d+)["/]', page))


def test_an_idea_of_a_product_that_is_not_shown_is_404(cast, portal, contact, client):
    hidden = make_idea(cast.workspace, product=cast.secret)
    elsewhere = make_idea(cast.elsewhere.workspace)
    deleted = make_idea(cast.workspace)
    deleted.delete_softly(by=SYSTEM)
    for idea in (hidden, elsewhere, deleted):
        assert client.get(f"{HOME}ideas/{idea.public_id}/").status_code == 404
        assert browser_of(contact).post(f"{HOME}ideas/{idea.public_id}/vote/", {"importance": 3}).status_code == 404
    assert not Vote.objects.exists()
    assert client.get(f"{HOME}ideas/{hidden.pk}/").status_code == 404


def test_a_merged_idea_leads_to_the_canonical_one(cast, portal, client):
    kept, gone = make_idea(cast.workspace, "Kept"), make_idea(cast.workspace, "Gone")
    gone.merge_into(kept, by=SYSTEM)
    answer = client.get(f"{HOME}ideas/{gone.public_id}/")
    assert answer.url == f"{HOME}ideas/{kept.public_id}/"
    assert "Gone" not in client.get(HOME).content.decode()


def test_a_merge_into_a_hidden_idea_tells_nothing(cast, portal, client):
    gone, hidden = make_idea(cast.workspace), make_idea(cast.workspace, product=cast.secret)
    gone.merge_into(hidden, by=SYSTEM)
    assert client.get(f"{HOME}ideas/{gone.public_id}/").status_code == 404


def test_the_signed_out_are_sent_to_the_door_and_back(cast, portal, client):
    idea = make_idea(cast.workspace)
    answer = client.post(f"{HOME}ideas/{idea.public_id}/vote/", {"importance": 2})
    assert answer.url == f"{HOME}sign-in/?next=%2Fportal%2Fpolarline%2F"
    assert client.get(f"{HOME}post/?title=x").url == f"{HOME}sign-in/?next=%2Fportal%2Fpolarline%2Fpost%2F%3Ftitle%3Dx"
    assert not Vote.objects.exists()


def test_a_contact_posts_an_idea_and_votes_for_it(cast, portal, contact):
    answer = browser_of(contact).post(
        f"{HOME}post/", {"title": "Dark mode", "description": "Night shift.\r\nScreens.", "product": "DSP"}
    )
    idea = Idea.objects.get()
    assert answer.url == f"{HOME}ideas/{idea.public_id}/"
    assert (idea.contact, idea.product, idea.description) == (contact, cast.product, "Night shift.\nScreens.")
    assert idea.votes.get().contact == contact


def test_a_vote_is_weighed_and_taken_back(cast, portal, contact):
    idea, browser = make_idea(cast.workspace), browser_of(contact)
    url = f"{HOME}ideas/{idea.public_id}/vote/"
    browser.post(url, {"importance": 3})
    browser.post(url, {"importance": 1})
    assert [vote.importance for vote in idea.votes.all()] == [1]
    browser.post(url, {"importance": ""})
    browser.post(url, {"importance": ""})
    assert not idea.votes.exists()
    assert browser.post(url, {"importance": "9"}).status_code == 422


def test_a_vote_by_htmx_answers_with_the_button(cast, portal, contact):
    idea = make_idea(cast.workspace)
    answer = browser_of(contact).post(
        f"{HOME}ideas/{idea.public_id}/vote/", {"importance": "2", "as": "row"}, headers={"HX-Request": "true"}
    )
    assert 'aria-pressed="true"' in answer.content.decode()
    assert "<b>1</b>" in answer.content.decode()


def test_ideas_that_share_words_are_shown_before_posting(cast, portal, contact):
    make_idea(cast.workspace, "Re-plan all trucks when a road closes")
    make_idea(cast.workspace, "Something else entirely")
    make_idea(cast.workspace, "Trucks in secret", product=cast.secret)
    page = browser_of(contact).get(f"{HOME}post/?part=alike&title=Move+my+truck").content.decode()
    assert "Re-plan all trucks" in page
    assert "Something else" not in page
    assert "secret" not in page


def test_search_finds_by_words_and_offers_to_post_them(cast, portal, client):
    make_idea(cast.workspace, "Dark mode")
    make_idea(cast.workspace, "Ferry times")
    page = client.get(f"{HOME}?q=dark+mo").content.decode()
    assert "Dark mode" in page
    assert "Ferry times" not in page
    assert f"{HOME}post/?title=" in client.get(f"{HOME}?q=unheard").content.decode()


@pytest.mark.parametrize(
    "fields",
    [{"title": ""}, {"title": "x" * 200}, {"title": "a\x00b"}, {"product": "SEC"}, {"product": "MAL"}, {
        "description": "x" * 5000}],
)  # fmt: skip
def test_bad_ideas_are_answered_with_sentences(cast, portal, contact, fields):
    answer = browser_of(contact).post(f"{HOME}post/", {"title": "Kept typing", "description": "", **fields})
    assert answer.status_code == 422
    assert "field__error" in answer.content.decode()
    assert not Idea.objects.exists()


@pytest.mark.parametrize("path", ["?after=%00", "?after=broken", "?q=%00", "?q=%27%3B--", "?sort=x", "?status=%00", "?q=" + "a" * 999, "?q=|%26!():*"])  # fmt: skip
def test_broken_addresses_never_fail(cast, portal, client, path):
    make_idea(cast.workspace)
    assert client.get(f"{HOME}{path}").status_code in (200, 302)


def test_what_people_write_never_runs(cast, portal, contact, client):
    words = "<img src=x onerror=alert(1)><script>alert(1)</script>"
    browser_of(contact).post(
        f"{HOME}post/", {"title": words[:150], "description": words + "\n[a](javascript:alert(1))"}
    )
    idea = Idea.objects.get()
    idea.edit(by=SYSTEM, answer=words)
    for path in ("", f"ideas/{idea.public_id}/", "?q=alert"):
        page = client.get(f"{HOME}{path}").content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'href="javascript' not in page


def test_the_pages_are_not_stored(cast, portal, client):
    assert client.get(HOME)["Cache-Control"] == "private, no-store"


def test_thirty_ideas_cost_as_many_statements_as_three(cast, portal, contact, count_queries):
    browser = browser_of(contact)
    for _ in range(3):
        make_idea(cast.workspace, contact=contact, by=contact.actor)
    browser.get(HOME)
    few = count_queries(lambda: browser.get(HOME))
    for _ in range(12):
        make_idea(cast.workspace, contact=contact, by=contact.actor, item=make_item(cast.product))
    assert count_queries(lambda: browser.get(HOME)) == few
