from datetime import timedelta

import pytest

from accounts.roles import JobTitle, Role
from config import clock
from lifecycle.lately import lands_there, lately_for
from lifecycle.models import Visit
from tests.factories import SYSTEM, make_member, make_product


@pytest.fixture
def at(monkeypatch):
    """at(hours) moves the clock that many hours on from now."""
    start = clock.now()

    def move(hours):
        monkeypatch.setattr(clock, "now", lambda: start + timedelta(hours=hours))

    return move


def told(member):
    return [activity.name for activity in lately_for(member).activity]


def test_a_viewer_is_told_what_others_changed_since_the_last_visit(cast, at):
    at(1)
    assert not lately_for(cast.carol).returning
    at(2)
    cast.product.edit(by=cast.actor("mona"), vision="Nobody waits for a truck.")
    at(3)
    seen = lately_for(cast.carol)
    assert seen.returning
    assert [activity.name for activity in seen.activity] == ["Dispatch"]
    assert {product.key: product.changes for product in seen.products} == {"DSP": 1, "SEC": 0}
    at(3.3)
    assert told(cast.carol) == ["Dispatch"], "still the same visit"
    at(5)
    assert told(cast.carol) == []


def test_what_one_did_oneself_is_no_news(cast, at):
    lately_for(cast.mona)
    at(1)
    cast.product.edit(by=cast.actor("mona"), vision="Mine")
    cast.product.edit(by=SYSTEM, tagline="Not mine")
    assert len(told(cast.mona)) == 1


def test_nothing_of_products_that_are_not_open_to_the_reader(cast, as_member):
    cast.secret.edit(by=cast.actor("mona"), vision="Hidden")
    reader = make_member(cast.workspace, Role.VIEWER, "Rita")
    page = as_member(reader).get("/w/polarline/lately/").content.decode()
    assert "Roadmap of Dispatch" in page
    assert "Secret" not in page
    assert as_member(cast.mallory).get("/w/polarline/lately/").status_code == 404


def test_the_home_of_a_viewer_leads_with_what_is_shared(cast, as_member):
    page = as_member(cast.carol).get("/w/polarline/").content.decode()
    assert page.index("Shared with you") < page.index("Needs your attention")
    assert "Shared with you" not in as_member(cast.mona).get("/w/polarline/").content.decode()


@pytest.mark.parametrize(
    ("role", "title", "leads"),
    [
        (Role.VIEWER, "", True),
        (Role.VIEWER, JobTitle.PRODUCT_MANAGER, False),
        (Role.MANAGER, JobTitle.STAKEHOLDER, True),
        (Role.CONTRIBUTOR, "", False),
    ],
)
def test_the_title_chooses_where_one_lands_and_nothing_more(cast, as_member, role, title, leads):
    member = make_member(cast.workspace, role, "Tina", job_title=title)
    assert lands_there(member) is leads
    client = as_member(member)
    assert ("Shared with you" in client.get("/w/polarline/").content.decode()) is leads
    assert client.get("/w/polarline/lately/").status_code == 200
    assert (client.get("/w/polarline/welcome/").status_code == 200) is (role >= Role.MANAGER)


def test_what_changed_asks_as_much_for_thirty_products_as_for_three(cast, as_member, count_queries):
    carol = as_member(cast.carol)

    def grow(number):
        for _ in range(number):
            make_product(cast.workspace).edit(by=SYSTEM, vision="x")

    def ask():
        assert carol.get("/w/polarline/lately/").status_code == 200

    grow(1)
    ask()
    with_three = count_queries(ask)
    grow(27)
    assert count_queries(ask) == with_three


def test_a_visit_is_written_once_a_minute_at_most(cast, at, count_queries):
    visit = Visit.of(cast.carol)
    visit.look()
    at(0.001)
    assert count_queries(visit.look) == 0
    at(0.1)
    assert count_queries(visit.look) == 1
