import pytest

from accounts.roles import Role
from discussion.models import Comment
from roadmap.models import Item, ItemLink, Requirement
from tests.factories import SYSTEM, make_item, status


def at(product, path=""):
    return f"/w/{product.workspace.slug}/p/{product.key}/{path}"


def test_the_backlog_shows_items_in_rank_order(cast, as_member):
    for title in ("First", "Second"):
        make_item(cast.product, title)
    page = as_member(cast.carol).get(at(cast.product, "backlog/")).content.decode()
    assert page.index("First") < page.index("Second")


def test_a_viewer_cannot_edit_an_item(cast, as_member):
    item = make_item(cast.product)
    answer = as_member(cast.carol).post(at(cast.product, f"items/{item.number}/edit/"), {"title": "mine"})
    assert answer.status_code == 403


def test_a_wrong_team_and_a_stranger_get_404(cast, as_member):
    item = make_item(cast.secret)
    for person in (cast.dave, cast.mallory):
        assert as_member(person).get(at(cast.secret, f"items/{item.number}/")).status_code == 404
        assert as_member(person).post(at(cast.secret, f"items/{item.number}/edit/"), {"title": "x"}).status_code == 404


def test_the_signed_out_are_sent_to_sign_in(cast, client):
    answer = client.get(at(cast.product, "backlog/"))
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/?next=")


def test_a_product_role_counts_at_that_product_alone(cast, as_member):
    cast.product.give_role(cast.carol, Role.MANAGER, by=SYSTEM)
    item, other = make_item(cast.product), make_item(cast.secret)
    carol = as_member(cast.carol)
    assert carol.post(at(cast.product, f"items/{item.number}/edit/"), {"title": "Hers"}).status_code == 302
    assert carol.post(at(cast.secret, f"items/{other.number}/edit/"), {"title": "Not hers"}).status_code == 403


def test_an_edit_of_one_field_leaves_the_others(cast, as_member):
    item = make_item(cast.product, "Keep", reach=5)
    mona = as_member(cast.mona)
    mona.post(at(cast.product, f"items/{item.number}/edit/"), {"impact": "2.00", "seen": item.change_id})
    item.refresh_from_db()
    assert (item.title, item.reach, item.impact) == ("Keep", 5, 2)


def test_a_conflict_answers_409_with_both_values(cast, as_member):
    item = make_item(cast.product, "old")
    seen = item.change_id
    item.edit(by=cast.actor("bob"), title="Theirs entirely")
    answer = as_member(cast.mona).post(
        at(cast.product, f"items/{item.number}/edit/"), {"title": "Mine entirely", "seen": seen}
    )
    assert answer.status_code == 409
    assert "Theirs entirely" in answer.content.decode()
    assert "Mine entirely" in answer.content.decode()
    item.refresh_from_db()
    assert item.title == "Theirs entirely"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("title", "", "fill this in"),
        ("reach", "-1", "enter 0 or more"),
        ("reach", "99999999999999999999", "or less"),
        ("effort", "0", "enter 0.01 or more"),
        ("confidence", "101", "enter 100 or less"),
        ("impact", "5", "not there any more"),
        ("lead", "nobody", "not there any more"),
        ("starts_on", "32.13.2026", "enter a day, such as 2026-12-31"),
        ("title", "a\x00b", "cannot be stored"),
    ],
)
def test_bad_input_answers_422_with_a_sentence_and_what_was_typed(cast, as_member, field, value, sentence):
    item = make_item(cast.product, "Untouched")
    answer = as_member(cast.mona).post(at(cast.product, f"items/{item.number}/edit/"), {field: value})
    assert answer.status_code == 422
    assert sentence in answer.content.decode().lower() or "null characters" in answer.content.decode().lower()
    item.refresh_from_db()
    assert item.title == "Untouched"


def test_rank_moves_and_its_toast_undoes(cast, as_member):
    first, second = make_item(cast.product, "a"), make_item(cast.product, "b")
    mona = as_member(cast.mona)
    answer = mona.post(
        at(cast.product, f"items/{first.number}/rank/"), {"after": second.number}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 204
    assert [item.title for item in Item.objects.of(cast.product).ranked()] == ["b", "a"]
    change = answer["X-Change"]
    assert mona.post(f"/w/polarline/changes/{change}/undo/").status_code == 302
    assert [item.title for item in Item.objects.of(cast.product).ranked()] == ["a", "b"]


def test_nobody_undoes_the_change_of_another(cast, as_member):
    item = make_item(cast.product, "before")
    item.edit(by=cast.actor("mona"), title="after")
    assert as_member(cast.bob).post(f"/w/polarline/changes/{item.change_id}/undo/").status_code == 404
    assert as_member(cast.mallory).post(f"/w/elsewhere/changes/{item.change_id}/undo/").status_code == 404


def test_a_choice_of_another_workspace_is_refused(cast, as_member):
    item = make_item(cast.product)
    answer = as_member(cast.mona).post(at(cast.product, f"items/{item.number}/edit/"), {"lead": cast.mallory.public_id})
    assert answer.status_code == 422


def test_the_backlog_asks_as_many_questions_for_thirty_rows_as_for_three(cast, as_member, count_queries):
    mona = as_member(cast.mona)
    counts = []
    for target in (3, 30):
        while Item.objects.of(cast.product).count() < target:
            make_item(cast.product, lead=cast.bob, status=status(cast.workspace, "Ready"))
        mona.get(at(cast.product, "backlog/"))
        counts.append(count_queries(lambda: mona.get(at(cast.product, "backlog/"))))
    assert counts[0] == counts[1]


def test_an_item_with_all_its_sections_is_read_in_seven_statements(cast, as_member, count_queries):
    epic = make_item(cast.product, "Whole", type="epic", lead=cast.bob)
    for title in ("One", "Two"):
        child = make_item(cast.product, title)
        child.edit(by=SYSTEM, parent=epic)
        Requirement.add_to(epic, title, by=SYSTEM)
        ItemLink.add(epic, "needs", child, by=SYSTEM)
        Comment.post(epic.thread, f"{title}, @Bob", by=cast.actor("mona"))
    epic.edit(by=cast.actor("mona"), reach=5)
    mona = as_member(cast.mona)
    page = at(cast.product, f"items/{epic.number}/")
    for headers in ({}, {"HX-Request": "true"}):
        mona.get(page, headers=headers)
        assert count_queries(lambda headers=headers: mona.get(page, headers=headers)) <= 7


def test_a_field_is_edited_in_twelve_statements_and_a_row_moved_in_as_many(cast, as_member, count_queries):
    item, other, mona = make_item(cast.product), make_item(cast.product), as_member(cast.mona)
    edit, rank = (at(cast.product, f"items/{item.number}/{verb}/") for verb in ("edit", "rank"))
    ways = [(edit, {"reach": "7", "as": "field", "field": "reach"}), (rank, {"after": str(other.number)})]
    for url, body in ways:
        # With the transaction's savepoint and what closes it, which only tests have.
        assert count_queries(lambda url=url, body=body: mona.post(url, body, headers={"HX-Request": "true"})) <= 12


def test_the_next_page_continues_where_the_first_ended(cast, as_member):
    Item.add_many(cast.product, [{"title": f"Item {number:03}"} for number in range(60)], by=SYSTEM)
    mona = as_member(cast.mona)
    first = mona.get(at(cast.product, "backlog/?sort=-score"))
    rest = mona.get(at(cast.product, f"backlog/?sort=-score&after={first.context['page'].next}"))
    titles = [item.title for page in (first, rest) for item in page.context["page"].rows]
    assert titles == [f"Item {number:03}" for number in range(60)]


def test_filters_find_by_status_number_and_text(cast, as_member):
    make_item(cast.product, "Live ETA link", reach=640)
    make_item(cast.product, "Toll-cost optimiser", reach=10, status=status(cast.workspace, "Ready"))
    mona = as_member(cast.mona)

    def found(query):
        return [item.title for item in mona.get(at(cast.product, f"backlog/?{query}")).context["page"].rows]

    ready = status(cast.workspace, "Ready").public_id
    assert found(f"status={ready}") == ["Toll-cost optimiser"]
    assert found("reach.gte=100") == ["Live ETA link"]
    assert found("q=eta+lin") == ["Live ETA link"]
    assert found("reach.gte=abc") == []


def test_a_fetched_editor_is_about_the_version_that_was_shown(cast, as_member):
    item = make_item(cast.product, "shown")
    mona = as_member(cast.mona)
    shown = item.change_id
    item.edit(by=cast.actor("bob"), title="Bob was faster")
    path = at(cast.product, f"items/{item.number}/field/title/")
    editor = mona.get(f"{path}?seen={shown}", headers={"HX-Request": "true"}).content.decode()
    assert f'name="seen" value="{shown}"' in editor
    answer = mona.post(
        at(cast.product, f"items/{item.number}/edit/"),
        {"title": "Mona's", "seen": shown, "as": "field", "field": "title"},
    )
    assert answer.status_code == 409
    assert "Bob was faster" in answer.content.decode()
    broken = mona.get(f"{path}?seen=x", headers={"HX-Request": "true"}).content.decode()
    assert f'name="seen" value="{item.change_id}"' in broken
