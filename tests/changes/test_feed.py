from changes import feed
from changes.models import Change
from products.models import Objective, Problem, Product
from tests.factories import SYSTEM


def keys(products):
    return dict(products.values_list("pk", "key"))


def seen_by(member, limit=20):
    return feed.recent(member, keys(Product.objects.visible_to(member)), limit=limit)


def test_a_change_is_told_once_with_its_chief_row(cast):
    with Change.open("problem.imported", by=cast.actor("mona"), workspace=cast.workspace) as change:
        for number in range(40):
            Problem.add(cast.workspace, by=change, product=cast.product, statement=f"Problem {number}")
    newest = seen_by(cast.carol)[0]
    assert (newest.who, str(newest.deed), newest.name, newest.more) == ("Mona", "imported", "Problem 0", 39)
    assert newest.url.endswith(f"/problems/{Problem.objects.order_by('pk')[0].public_id}/")


def test_fields_are_named_as_people_call_them(cast):
    problem = Problem.add(cast.workspace, by=SYSTEM, product=cast.product, statement="Empty trailers")
    problem.edit(by=cast.actor("bob"), who="Hauliers", state="exploring")
    assert seen_by(cast.carol)[0].fields == ["state", "who has it"]


def test_what_happens_at_a_hidden_product_is_for_its_team(cast):
    Objective.add(cast.workspace, by=cast.actor("mona"), product=cast.secret, name="Hidden goal")
    assert seen_by(cast.bob)[0].name == "Hidden goal"
    assert "Hidden goal" not in {one.name for one in seen_by(cast.dave)}
    assert seen_by(cast.mallory)[0].name == "Mallory's product"


def test_what_has_no_product_is_told_when_asked_for(cast):
    Objective.add(cast.workspace, by=cast.actor("mona"), name="Grow")
    products = Product.objects.visible_to(cast.dave)
    assert feed.recent(cast.dave, keys(products), shared=True)[0].name == "Grow"
    assert feed.recent(cast.dave, keys(products))[0].name != "Grow"
    assert "Grow" not in {one.name for one in feed.recent(cast.mallory, {}, shared=True)}


def test_quiet_changes_stay_out(cast):
    with Change.open("problem.ranked", by=cast.actor("mona"), workspace=cast.workspace, quiet=True) as change:
        Problem.add(cast.workspace, by=change, product=cast.product, statement="Quietly")
    assert "Quietly" not in {one.name for one in seen_by(cast.bob)}


def test_the_feed_of_one_product_tells_what_the_feed_of_several_tells_of_it(cast):
    for product in (cast.product, cast.secret, cast.product):
        with Change.open("problem.imported", by=cast.actor("mona"), workspace=cast.workspace) as change:
            for number in range(3):
                Problem.add(cast.workspace, by=change, product=product, statement=f"{product.key} {number}")
    with Change.open("problem.ranked", by=cast.actor("mona"), workspace=cast.workspace, quiet=True) as change:
        Problem.add(cast.workspace, by=change, product=cast.product, statement="Quietly")
    several = [one for one in seen_by(cast.bob, 50) if one.name.startswith(cast.product.key)]
    alone = feed.recent(cast.bob, {cast.product.pk: cast.product.key}, limit=2)
    assert alone == several
    assert [(one.name, one.more) for one in alone] == [(f"{cast.product.key} 0", 2)] * 2


def test_the_feed_takes_as_many_statements_for_many_changes_as_for_few(cast, count_queries):
    for number in range(3):
        Problem.add(cast.workspace, by=SYSTEM, product=cast.product, statement=f"{number}")
    few = count_queries(lambda: seen_by(cast.bob, 30))
    for number in range(30):
        Problem.add(cast.workspace, by=SYSTEM, product=cast.product, statement=f"{number}")
    assert count_queries(lambda: seen_by(cast.bob, 30)) == few
    assert len(seen_by(cast.bob, 30)) == 30
