import pytest

from accounts.models import Invitation
from accounts.roles import Role
from changes.undo import undo
from feedback.models import Conversation, Customer
from lifecycle import starting
from lifecycle.first_steps import steps_for
from lifecycle.starters import SAMPLES, STARTERS
from products.models import Objective, Problem, Product, Stage
from roadmap.models import Item, Release, Roadmap, ShareLink
from tests.factories import SYSTEM, make_conversation, make_item, make_member, make_product, make_workspace


@pytest.fixture
def owner(db):
    return make_member(make_workspace("fresh"), Role.OWNER, "Olga")


def done(member):
    return [step.name for step in steps_for(member).steps if step.done]


def post(client, path, **body):
    return client.post(f"/w/fresh/welcome/{path}", body)


def test_the_home_of_an_empty_workspace_is_the_first_run(owner, as_member):
    page = as_member(owner).get("/w/fresh/").content.decode()
    assert "Create your first product" in page
    assert "1 of 5 done" in page
    assert all(str(starter.label) in page for starter in STARTERS)


def test_each_step_is_done_by_its_rows(owner):
    by = SYSTEM
    assert done(owner) == ["workspace"]
    product = make_product(owner.workspace, "OWN")
    assert done(owner) == ["workspace", "product"]
    Invitation.write(owner.workspace, "nils@example.com", Role.VIEWER, by=by)
    assert done(owner) == ["workspace", "product", "invite"]
    item = make_item(product)
    assert "plan" not in done(owner)
    item.edit(by=by, ends_on=owner.workspace.today())
    assert done(owner) == ["workspace", "product", "invite", "plan"]
    link = ShareLink.open_to(product, "Board", by=by, fields=[])
    assert done(owner) == ["workspace", "product", "invite", "plan", "share"]
    assert steps_for(owner).current is None
    link.revoke(by=by)
    product.delete_softly(by=by)
    assert done(owner) == ["workspace", "invite"]


def test_steps_ask_as_much_for_many_products_as_for_one(owner, count_queries):
    make_item(make_product(owner.workspace))
    with_one = count_queries(lambda: steps_for(owner))
    for _ in range(10):
        make_item(make_product(owner.workspace))
    assert count_queries(lambda: steps_for(owner)) == with_one == 1


def test_steps_of_products_that_a_member_does_not_see_are_not_theirs(cast):
    ShareLink.open_to(cast.secret, "Board", by=SYSTEM, fields=[])
    assert "share" in done(cast.mona)
    assert "share" not in done(cast.dave)


def test_a_link_of_a_kept_roadmap_or_of_the_portfolio_is_a_share_too(owner):
    own, sample = make_product(owner.workspace), make_product(owner.workspace, is_sample=True)
    terms = {"by": SYSTEM, "fields": []}
    ShareLink.open_of(owner.workspace, [sample], "Samples", "Board", **terms)
    assert "share" not in done(owner), "Samples count for nothing."
    portfolio = ShareLink.open_of(owner.workspace, [own, sample], "All", "Board", **terms)
    assert "share" in done(owner)
    portfolio.revoke(by=SYSTEM)
    roadmap = Roadmap.keep(owner.workspace, "Plan", [own], by=SYSTEM, owner=owner)
    ShareLink.open_of(owner.workspace, [own], "Plan", "Board", roadmap=roadmap, **terms)
    assert "share" in done(owner)
    roadmap.edit(by=SYSTEM, products=[sample])
    assert "share" not in done(owner), "It shows nothing of their own any more."


@pytest.mark.parametrize("starter", STARTERS, ids=lambda one: one.slug)
def test_a_template_makes_a_product_with_all_that_it_says(owner, as_member, starter):
    answer = post(
        as_member(owner), "begin/", starter=starter.slug, name="", key="", kind="software", stage="development"
    )
    assert answer.status_code == 302
    product = Product.objects.get(workspace=owner.workspace)
    assert (product.key, product.kind, product.stage) == (starter.key, starter.kind, Stage.DEVELOPMENT)
    assert not product.is_sample
    plan = starter.plan
    counts = [model.objects.filter(product=product).count() for model in (Objective, Problem, Item, Release)]
    assert counts == [len(plan.goals), len(plan.problems), len(plan.bets), 1]
    assert done(owner) == ["workspace", "product", "plan"]


def test_a_template_takes_the_name_and_key_that_were_typed(owner, as_member):
    post(as_member(owner), "begin/", starter="service", name="Cupping", key="cup", kind="software")
    assert Product.objects.values_list("name", "key", "kind").get() == ("Cupping", "CUP", "service")


def test_a_product_by_hand_may_be_imported_into_at_once(owner, as_member):
    answer = post(as_member(owner), "begin/", name="Dispatch", key="DSP", kind="software", then="import")
    assert answer["Location"] == "/w/fresh/p/DSP/import/"


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(owner, as_member):
    make_product(owner.workspace, "DSP").delete_softly(by=SYSTEM)
    client = as_member(owner)
    taken = post(client, "begin/", name="Mine", key="DSP", kind="software")
    assert taken.status_code == 422
    assert "This key is taken" in taken.content.decode()
    assert 'value="Mine"' in taken.content.decode()
    assert post(client, "begin/", name="", key="X1", kind="software").status_code == 422


def test_the_list_is_put_away_by_one_and_stays_for_others(owner, as_member):
    other = make_member(owner.workspace, Role.MANAGER, "Otto")
    post(as_member(owner), "hide/")
    assert "Create your first product" not in as_member(owner).get("/w/fresh/").content.decode()
    assert "Create your first product" in as_member(other).get("/w/fresh/").content.decode()
    make_product(owner.workspace)
    assert "Set up Fresh" not in as_member(owner).get("/w/fresh/").content.decode()
    assert "Set up Fresh" in as_member(other).get("/w/fresh/").content.decode()
    post(as_member(owner), "show/")
    assert "Set up Fresh" in as_member(owner).get("/w/fresh/").content.decode()


def test_samples_are_marked_and_tick_no_step(owner, as_member):
    post(as_member(owner), "samples/")
    products = Product.objects.filter(workspace=owner.workspace)
    assert {product.is_sample for product in products} == {True}
    assert len(products) == len(SAMPLES)
    assert {product.stage for product in products} == {sample.stage for sample in SAMPLES}
    assert Item.objects.filter(insights__isnull=False).count() == 3
    assert done(owner) == ["workspace"]
    post(as_member(owner), "samples/")
    assert products.count() == len(SAMPLES)


def test_samples_go_in_one_change_and_come_back_by_undo(owner, as_member):
    by = SYSTEM
    own = make_product(owner.workspace, "OWN")
    client = as_member(owner)
    post(client, "samples/")
    kept = Customer.objects.get(name="Harbour Coffee")
    make_conversation(kept, product=own)
    customers = set(Customer.objects.values_list("name", flat=True))

    def seen():
        products = Product.objects.visible_to(owner)
        return products.count(), Item.objects.visible_to(owner).count(), Conversation.objects.visible_to(owner).count()

    before = seen()
    answer = client.post("/w/fresh/welcome/samples/remove/", follow=True)
    assert "The samples are gone" in answer.content.decode()
    assert seen() == (1, 0, 1)
    assert set(Customer.objects.values_list("name", flat=True)) == {"Harbour Coffee"}
    change = Product.objects.with_deleted().filter(is_sample=True).first().change_id
    assert client.post(f"/w/fresh/changes/{change}/undo/").status_code == 302
    assert seen() == before
    assert set(Customer.objects.values_list("name", flat=True)) == customers
    assert starting.remove_samples(owner, by=by) is not None
    assert starting.remove_samples(owner, by=by) is None


def test_samples_come_again_after_they_went(owner, as_member):
    client = as_member(owner)
    for path in ("samples/", "samples/remove/", "samples/"):
        assert post(client, path).status_code == 302
    keys = set(Product.objects.filter(is_sample=True).values_list("key", flat=True))
    assert keys == {f"{sample.key}2" for sample in SAMPLES}


@pytest.mark.parametrize("path", ["", "begin/", "hide/", "samples/", "samples/remove/"])
def test_who_may_not_add_products_has_no_first_run(cast, as_member, path):
    client = as_member(cast.bob)
    address = f"/w/polarline/welcome/{path}"
    assert (client.post(address) if path else client.get(address)).status_code == 403


def test_undo_is_for_who_removed_the_samples(owner):
    starting.load_samples(owner.workspace, SAMPLES, by=SYSTEM)
    change = starting.remove_samples(owner, by=SYSTEM)
    undo(change, by=SYSTEM)
    assert Product.objects.filter(is_sample=True).count() == len(SAMPLES)
