import pytest

from accounts.refusals import Refused
from changes.models import Change
from changes.undo import undo
from feedback.models import Idea, Portal, Vote
from feedback.models.portal import PortalAccess
from tests.factories import SYSTEM, make_contact, make_customer, make_idea, make_item, make_portal, status


def votes(idea):
    return {str(vote.voter): vote.importance for vote in idea.votes.select_related("contact", "member__user")}


@pytest.fixture
def contacts(cast):
    customer = make_customer(cast.workspace)
    return [make_contact(customer, name) for name in ("Ann", "Ben", "Cem")]


def test_whoever_posts_an_idea_votes_for_it(cast, contacts):
    idea = make_idea(cast.workspace, contact=contacts[0], by=contacts[0].actor)
    assert votes(idea) == {"Ann": 2}
    change = Change.objects.get(pk=idea.change_id)
    assert (change.actor_kind, change.actor_label) == ("contact", "Ann")


def test_one_vote_per_person_and_the_last_importance_stands(cast, contacts):
    idea = make_idea(cast.workspace)
    for importance in (1, 3):
        Vote.cast(idea, importance, contact=contacts[0], by=contacts[0].actor)
    Vote.cast(idea, member=cast.bob, by=cast.actor("bob"))
    assert votes(idea) == {"Ann": 3, "Bob": 2}
    Vote.withdraw(idea, contact=contacts[0], by=contacts[0].actor)
    Vote.withdraw(idea, contact=contacts[0], by=contacts[0].actor)
    assert votes(idea) == {"Bob": 2}


def test_a_merge_moves_votes_once_per_person_and_the_later_of_two_stays(cast, contacts):
    ann, ben, cem = contacts
    kept, gone = make_idea(cast.workspace, "Kept"), make_idea(cast.workspace, "Gone")
    Vote.cast(kept, 1, contact=ann, by=SYSTEM)
    Vote.cast(gone, 3, contact=ann, by=SYSTEM)
    Vote.cast(gone, 3, contact=ben, by=SYSTEM)
    Vote.cast(kept, 1, contact=ben, by=SYSTEM)
    Vote.cast(gone, 2, contact=cem, by=SYSTEM)
    Vote.cast(gone, member=cast.bob, by=SYSTEM)
    gone.merge_into(kept, by=cast.actor("mona"))
    gone.merge_into(kept, by=cast.actor("mona"))
    assert votes(kept) == {"Ann": 3, "Ben": 1, "Cem": 2, "Bob": 2}
    assert votes(gone) == {}
    assert Idea.objects.get(title="Gone").merged_into == kept


def test_a_merge_is_undone_with_its_votes(cast, contacts):
    kept, gone = make_idea(cast.workspace, "Kept"), make_idea(cast.workspace, "Gone")
    Vote.cast(kept, 1, contact=contacts[0], by=SYSTEM)
    Vote.cast(gone, 3, contact=contacts[0], by=SYSTEM)
    Vote.cast(gone, 2, contact=contacts[1], by=SYSTEM)
    gone.merge_into(kept, by=cast.actor("mona"))
    undo(Change.objects.get(pk=gone.change_id), by=cast.actor("mona"))
    assert votes(kept) == {"Ann": 1}
    assert votes(gone) == {"Ann": 3, "Ben": 2}
    assert Idea.objects.get(title="Gone").merged_into is None


def test_ideas_merged_before_follow_to_the_canonical_one(cast):
    first, second, third = (make_idea(cast.workspace, title) for title in ("First", "Second", "Third"))
    first.merge_into(second, by=SYSTEM)
    second.merge_into(third, by=SYSTEM)
    assert set(Idea.objects.filter(merged_into=third)) == {first, second}
    fourth = make_idea(cast.workspace)
    fourth.merge_into(Idea.objects.get(pk=first.pk), by=SYSTEM)
    assert Idea.objects.get(pk=fourth.pk).merged_into == third


def test_a_merge_into_itself_or_in_a_circle_is_refused(cast):
    first, second = make_idea(cast.workspace), make_idea(cast.workspace)
    first.merge_into(second, by=SYSTEM)
    for idea, other in ((second, second), (second, Idea.objects.get(pk=first.pk))):
        with pytest.raises(Refused, match="into itself"):
            Idea.objects.get(pk=idea.pk).merge_into(other, by=SYSTEM)


def test_a_merge_hands_on_the_item_where_the_other_has_none(cast):
    item = make_item(cast.product)
    gone, kept = make_idea(cast.workspace, item=item), make_idea(cast.workspace)
    gone.merge_into(kept, by=SYSTEM)
    kept.refresh_from_db()
    assert kept.item == item


def test_a_vote_for_a_merged_idea_is_refused(cast, contacts):
    first, second = make_idea(cast.workspace), make_idea(cast.workspace)
    first.merge_into(second, by=SYSTEM)
    with pytest.raises(Refused, match="merged"):
        Vote.cast(first, contact=contacts[0], by=contacts[0].actor)


def public_status(idea, *shown):
    portal = make_portal(idea.workspace, *shown)
    return Idea.objects.with_public_status(portal.products()).get(pk=idea.pk).public_status


def test_the_public_status_is_the_items_public_name(cast):
    item = make_item(cast.product, status=status(cast.workspace, "In review"))
    idea = make_idea(cast.workspace)
    assert public_status(idea, cast.product) == "Under review"
    idea.link_to(item, by=SYSTEM)
    assert public_status(idea, cast.product) == "In progress"
    idea.decline("We will not.", by=SYSTEM)
    assert public_status(idea, cast.product) == "Not now"


def test_the_status_of_an_item_of_a_product_that_is_not_shown_stays_inside(cast):
    idea = make_idea(cast.workspace, item=make_item(cast.secret, status=status(cast.workspace, "Shipped")))
    assert public_status(idea, cast.product) == "Under review"


def test_people_outside_see_canonical_ideas_of_the_products_shown(cast):
    portal = make_portal(cast.workspace, cast.product)
    shared, own = make_idea(cast.workspace), make_idea(cast.workspace, product=cast.product)
    make_idea(cast.workspace, product=cast.secret)
    make_idea(cast.workspace).merge_into(shared, by=SYSTEM)
    make_idea(cast.workspace).delete_softly(by=SYSTEM)
    make_idea(cast.elsewhere.workspace)
    assert set(Idea.objects.public(portal)) == {shared, own}


def test_ideas_of_a_limited_product_do_not_exist_for_the_wrong_team(cast):
    secret = make_idea(cast.workspace, product=cast.secret)
    Vote.cast(secret, member=cast.bob, by=cast.actor("bob"))
    for member, sees in ((cast.mona, True), (cast.dave, False), (cast.mallory, False)):
        assert Idea.objects.visible_to(member).exists() == sees
        assert Vote.objects.visible_to(member).exists() == sees


def test_votes_follow_the_idea_to_another_product(cast):
    idea = make_idea(cast.workspace)
    Vote.cast(idea, member=cast.bob, by=cast.actor("bob"))
    idea.edit(by=SYSTEM, product=cast.secret)
    assert not Vote.objects.visible_to(cast.dave).exists()


def test_a_workspace_has_a_closed_portal_until_an_admin_opens_it(cast):
    assert not Portal.of(cast.workspace).is_open
    make_portal(cast.workspace, cast.product)
    make_portal(cast.workspace, cast.secret, access=PortalAccess.PRIVATE)
    portal = Portal.objects.get()
    assert (portal.is_open, portal.is_public, list(portal.products())) == (True, False, [cast.secret])
