"""A cell of the table that was edited: one field, written without reading the item, and all that is said where that does not do."""

import pytest

from changes.models import Change
from products.models import Product
from roadmap.models import Item
from tests.factories import SYSTEM, make_item


@pytest.fixture
def item(cast):
    return make_item(cast.product, "before", reach=7)


def send(client, item, product="DSP", **values):
    return client.post(
        f"/w/polarline/p/{product}/items/{item.number}/edit/", {"as": "row", **values}, headers={"HX-Request": "true"}
    )


@pytest.fixture
def mona(client, cast):
    client.force_login(cast.mona.user)
    return client


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("title", "  after ", "after"),
        ("reach", "1200", 1200),
        ("reach", "", None),
        ("effort", "2.5", 2.5),
        ("confidence", "80", 80),
        ("impact", "2.00", 2),
        ("horizon", "next", "next"),
        ("is_internal", "1", True),
        ("tags", "b, a, b", ["b", "a"]),
    ],
)
def test_a_cell_is_written_as_the_form_would_write_it(mona, cast, item, name, typed, kept):
    answer = send(mona, item, seen=item.change_id, **{name: typed})
    assert answer.status_code == 200
    item = Item.objects.get(pk=item.pk)
    assert getattr(item, name) == kept
    assert answer["X-Change"] == str(item.change_id)
    assert f'id="item-{item.number}"' in answer.text
    change = Change.objects.get(pk=item.change_id)
    assert (change.verb, change.member) == ("item.edited", cast.mona)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("title", " "),
        ("title", "x" * 241),
        ("title", "a\0b"),
        ("reach", "-1"),
        ("reach", "many"),
        ("confidence", "101"),
        ("effort", "0"),
        ("impact", "7"),
        ("horizon", "someday"),
        ("tags", "x" * 41),
    ],
)
def test_what_cannot_be_is_said_beside_the_cell_and_nothing_is_written(mona, item, name, typed):
    before = Change.objects.count()
    answer = send(mona, item, **{name: typed})
    assert answer.status_code == 422
    assert f'data-problem="{name}"' in answer.text
    assert Change.objects.count() == before


def test_two_cells_of_one_row_both_stay_and_one_cell_is_told_of_both_values(mona, item):
    seen = item.change_id
    assert send(mona, item, seen=seen, reach="5").status_code == 200
    assert send(mona, item, seen=seen, title="mine").status_code == 200
    assert Item.objects.filter(pk=item.pk, reach=5, title="mine").exists()
    answer = send(mona, item, seen=seen, reach="6")
    assert answer.status_code == 409
    assert 'data-typed="6"' in answer.text
    assert "5" in answer.text
    assert Item.objects.get(pk=item.pk).reach == 5


def test_an_item_that_is_not_there_is_not_written(mona, cast, item):
    make_item(cast.secret)
    item.delete_softly(by=SYSTEM)
    before = Change.objects.count()
    assert send(mona, item, title="after").status_code == 404
    item.number = 99
    assert send(mona, item, title="after").status_code == 404
    item.number = 2**40
    assert send(mona, item, title="after").status_code == 404
    assert Change.objects.count() == before


def test_a_product_that_is_not_seen_and_a_role_that_may_not_write_change_nothing(client, cast, item):
    hidden = make_item(cast.secret, "hidden")
    client.force_login(cast.dave.user)
    assert send(client, hidden, "SEC", title="seen").status_code == 404
    client.force_login(cast.bob.user)
    assert send(client, item, title="by bob").status_code == 403
    assert Item.objects.get(pk=hidden.pk).title == "hidden"
    assert Item.objects.get(pk=item.pk).title == "before"


def test_what_is_sent_beside_the_field_is_not_lost(mona, item):
    assert send(mona, item, title="after", reach="7").status_code == 200
    assert Item.objects.filter(pk=item.pk, title="after", reach=7).exists()


def test_a_cell_is_three_statements(mona, item, django_assert_max_num_queries):
    send(mona, item, reach="1")
    with django_assert_max_num_queries(
        7
    ):  # with the session's, and what closes the Change within this test's transaction
        send(mona, item, reach="2")
    assert Product.objects.get(pk=item.product_id).items.get(pk=item.pk).reach == 2


@pytest.mark.parametrize(
    ("name", "theirs", "mine", "said"),
    [
        ("effort", "3.00", "7", "“3”"),
        ("reach", 12500, "4", "“12,500”"),
        ("starts_on", "2031-03-01", "2031-04-01", "“1 Mar 2031”"),
    ],
)
def test_a_conflict_says_a_value_as_it_is_shown(item, mona, name, theirs, mine, said):
    seen = item.change_id
    item.edit(by=SYSTEM, **{name: Item._meta.get_field(name).to_python(theirs)})
    answer = send(mona, item, **{name: mine, "seen": seen})
    assert answer.status_code == 409
    assert said in answer.content.decode()
