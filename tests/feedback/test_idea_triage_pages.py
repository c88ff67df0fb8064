import pytest

from feedback.models import Idea, Portal, Vote
from tests.factories import SYSTEM, make_contact, make_customer, make_idea, make_item, make_portal, status

HOME = "/w/polarline/portal/"


@pytest.fixture
def portal(cast):
    return make_portal(cast.workspace, cast.product)


def test_the_portal_is_opened_by_an_admin_alone(cast, as_member, client):
    sent = {"access": "public", "title": "What next?", "intro": "Tell us.", "products": ["DSP"]}
    for member in (cast.mona, cast.carol):
        assert as_member(member).post(f"{HOME}settings/", sent).status_code == 403
    assert client.get("/portal/polarline/").status_code == 404
    page = as_member(cast.anton).get(f"{HOME}settings/").content.decode()
    assert 'value="DSP" id="id_products_0" checked' in page or 'value="DSP"' in page.split("checked")[1]
    assert as_member(cast.anton).post(f"{HOME}settings/", sent).status_code == 302
    assert "What next?" in client.get("/portal/polarline/").content.decode()


def test_a_product_limited_to_teams_is_not_ticked_beforehand(cast, as_member):
    page = as_member(cast.alice).get(f"{HOME}settings/").content.decode()
    box = page[page.index('value="SEC"') : page.index('value="SEC"') + 120]
    assert "checked" not in box.split(">")[0]


@pytest.mark.parametrize("fields", [{"access": "everybody"}, {"title": ""}, {"products": ["MAL"]}, {"title": "a\x00"}])
def test_settings_that_make_no_sense_are_refused(cast, as_member, fields):
    sent = {"access": "public", "title": "What next?", "products": ["DSP"], **fields}
    assert as_member(cast.alice).post(f"{HOME}settings/", sent).status_code == 422
    assert not Portal.objects.exists()


def test_triage_lists_what_waits_by_votes(cast, as_member, portal):
    waiting, linked = make_idea(cast.workspace, "Waiting"), make_idea(cast.workspace, "Linked")
    linked.link_to(make_item(cast.product), by=SYSTEM)
    make_idea(cast.workspace, "Merged").merge_into(waiting, by=SYSTEM)
    page = as_member(cast.carol).get(HOME).content.decode()
    assert "Waiting" in page
    assert "Merged" not in page
    assert 'href="/w/polarline/portal/' + linked.public_id not in page
    assert linked.public_id in as_member(cast.carol).get(f"{HOME}?tab=linked").content.decode()


def test_a_manager_links_an_idea_to_an_item(cast, as_member, portal, client):
    idea = make_idea(cast.workspace, "Dark mode")
    item = make_item(cast.product, status=status(cast.workspace, "Ready"))
    sent = {"item_key": item.key.lower(), "seen": idea.change_id}
    assert as_member(cast.carol).post(f"{HOME}{idea.public_id}/edit/", sent).status_code == 403
    assert as_member(cast.bob).post(f"{HOME}{idea.public_id}/edit/", sent).status_code == 403
    assert as_member(cast.mona).post(f"{HOME}{idea.public_id}/edit/", sent).status_code == 302
    assert Idea.objects.get().item == item
    assert "Planned" in client.get("/portal/polarline/").content.decode()


@pytest.mark.parametrize("key", ["DSP-99", "SEC-1", "nonsense", "DSP-٣", "MAL-1"])
def test_an_item_out_of_sight_cannot_be_linked(cast, as_member, key):
    make_item(cast.secret)
    idea = make_idea(cast.workspace)
    answer = as_member(cast.dave).post(f"{HOME}{idea.public_id}/edit/", {"item_key": key})
    assert answer.status_code == 422
    assert "There is no item" in answer.content.decode()


def test_a_linked_item_out_of_sight_is_not_named(cast, as_member):
    idea = make_idea(cast.workspace, "Idea", item=make_item(cast.secret, "Secret words"))
    for path in ("", "?tab=linked", f"{idea.public_id}/"):
        page = as_member(cast.dave).get(f"{HOME}{path}").content.decode()
        assert "Secret words" not in page
        assert "SEC-" not in page


def test_ideas_are_merged_and_the_merge_is_undone(cast, as_member):
    customer = make_customer(cast.workspace)
    gone, kept = make_idea(cast.workspace, "Trucks by night"), make_idea(cast.workspace, "Trucks at night")
    Vote.cast(gone, contact=make_contact(customer), by=SYSTEM)
    mona = as_member(cast.mona)
    assert kept.title in mona.get(f"{HOME}{gone.public_id}/").content.decode()
    answer = mona.post(f"{HOME}{gone.public_id}/merge/", {"into": kept.public_id})
    assert answer.url == f"{HOME}{kept.public_id}/"
    assert kept.votes.count() == 1
    mona.post(f"/w/polarline/changes/{Idea.objects.get(pk=gone.pk).change_id}/undo/")
    assert gone.votes.count() == 1


@pytest.mark.parametrize("into", ["", "nobody", "self", "hidden", "elsewhere"])
def test_a_merge_into_what_is_not_there_is_refused(cast, as_member, into):
    idea = make_idea(cast.workspace)
    ids = {
        "self": idea.public_id,
        "hidden": make_idea(cast.workspace, product=cast.secret).public_id,
        "elsewhere": make_idea(cast.elsewhere.workspace).public_id,
    }
    answer = as_member(cast.dave).post(f"{HOME}{idea.public_id}/merge/", {"into": ids.get(into, into)})
    assert answer.status_code == 422
    assert Idea.objects.get(pk=idea.pk).merged_into is None


def test_a_decline_is_public_with_its_reason_and_taken_back(cast, as_member, portal, client):
    idea = make_idea(cast.workspace, "Print in colour")
    mona = as_member(cast.mona)
    mona.post(f"{HOME}{idea.public_id}/decline/", {"answer": "Printers go away in June."})
    page = client.get(f"/portal/polarline/ideas/{idea.public_id}/").content.decode()
    assert "Not now" in page
    assert "Printers go away in June." in page
    mona.post(f"{HOME}{idea.public_id}/reconsider/")
    assert "Under review" in client.get(f"/portal/polarline/ideas/{idea.public_id}/").content.decode()


def test_members_vote_once_too(cast, as_member):
    idea = make_idea(cast.workspace)
    bob = as_member(cast.bob)
    for importance in (3, 1):
        bob.post(f"{HOME}{idea.public_id}/vote/", {"importance": importance})
    assert [(vote.member, vote.importance) for vote in Vote.objects.all()] == [(cast.bob, 1)]
    assert as_member(cast.carol).post(f"{HOME}{idea.public_id}/vote/", {"importance": 1}).status_code == 403
    bob.post(f"{HOME}{idea.public_id}/vote/", {"importance": ""})
    assert not Vote.objects.exists()


def test_a_conflict_answers_409_with_both_values(cast, as_member):
    idea = make_idea(cast.workspace, "Old")
    seen = idea.change_id
    idea.edit(by=cast.actor("alice"), title="Alice's title")
    answer = as_member(cast.mona).post(f"{HOME}{idea.public_id}/edit/", {"title": "Mona's title", "seen": seen})
    assert answer.status_code == 409
    assert "Alice&#x27;s title" in answer.content.decode()


def test_thirty_ideas_cost_as_many_statements_as_three(cast, as_member, portal, count_queries):
    mona = as_member(cast.mona)

    def fill(number):
        for _ in range(number):
            contact = make_contact(make_customer(cast.workspace))
            make_idea(cast.workspace, contact=contact, by=contact.actor, item=make_item(cast.product))

    fill(3)
    mona.get(f"{HOME}?tab=linked")
    few = count_queries(lambda: mona.get(f"{HOME}?tab=linked"))
    fill(27)
    assert count_queries(lambda: mona.get(f"{HOME}?tab=linked")) == few
