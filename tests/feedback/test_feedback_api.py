import pytest

from feedback.models import Conversation, Insight, Vote
from tests.factories import SYSTEM, make_contact, make_conversation, make_customer, make_idea, make_item

V1 = "/api/v1/"


def results(api, member, noun, query=""):
    return api(member, "get", f"{V1}{noun}/{query}").json()["results"]


def test_customers_are_created_read_changed_and_deleted(cast, api):
    made = api(cast.mona, "post", f"{V1}customers/", {"name": "Aurora", "kind": "company", "annual_revenue": "10.00"})
    assert made.status_code == 201, made.content
    url = f"{V1}customers/{made.json()['public_id']}/"
    changed = api(cast.mona, "patch", url, {"segment": "Retail"}, **{"If-Match": made["ETag"]})
    assert changed.json()["segment"] == "Retail"
    assert [row["name"] for row in results(api, cast.carol, "customers", "?segment=ret")] == ["Aurora"]
    assert api(cast.bob, "delete", url).status_code == 403
    assert api(cast.mona, "delete", url).status_code == 204
    assert api(cast.mona, "get", url).status_code == 404


def test_contracts_follow_their_product(cast, api):
    customer = make_customer(cast.workspace)
    customer.pays(cast.secret, 5, by=SYSTEM)
    body = {"customer": customer.public_id, "product": "DSP", "annual_revenue": "7.50"}
    made = api(cast.dave, "post", f"{V1}contracts/", body)
    assert made.status_code == 201, made.content
    assert [row["product"] for row in results(api, cast.dave, "contracts")] == ["DSP"]
    assert len(results(api, cast.mona, "contracts")) == 2
    assert api(cast.dave, "post", f"{V1}contracts/", {**body, "product": "SEC"}).status_code == 400
    url = f"{V1}contracts/{made.json()['public_id']}/"
    changed = api(cast.dave, "patch", url, {"annual_revenue": "8.00"}, **{"If-Match": made["ETag"]})
    assert changed.json()["annual_revenue"] == "8.00"
    backwards = api(cast.dave, "patch", url, {"starts_on": "2026-02-01", "ends_on": "2026-01-01"}, **{"If-Match": "*"})
    assert backwards.status_code == 400
    assert api(cast.dave, "delete", url).status_code == 204


def test_a_contact_with_a_known_address_is_that_contact(cast, api):
    contact = make_contact(make_customer(cast.workspace), "Ann", email="ann@aurora.example")
    made = api(cast.bob, "post", f"{V1}contacts/", {"email": "ANN@aurora.example", "role": "Buyer"})
    assert (made.status_code, made.json()["public_id"], made.json()["role"]) == (201, contact.public_id, "Buyer")
    assert api(cast.bob, "post", f"{V1}contacts/", {"role": "nobody"}).status_code == 400


def test_who_may_not_edit_contacts_overwrites_none_by_adding_it_again(cast, api, as_member):
    contact = make_contact(make_customer(cast.workspace, "Aurora"), "Ann", email="ann@aurora.example")
    other = make_customer(cast.workspace, "Other")
    again = {"email": contact.email, "name": "Somebody else", "customer": other.public_id, "role": "Buyer"}
    made = api(cast.bob, "post", f"{V1}contacts/", again).json()
    assert [made[name] for name in ("name", "customer", "role")] == ["Ann", contact.customer.public_id, "Buyer"]
    page = as_member(cast.bob).post(
        f"/w/polarline/customers/{other.public_id}/contacts/add/", {"email": contact.email, "name": "X"}, follow=True
    )
    assert "is a contact of Aurora already" in page.content.decode()
    contact.refresh_from_db()
    assert (contact.name, contact.customer.name) == ("Ann", "Aurora")
    moved = api(cast.mona, "post", f"{V1}contacts/", again).json()
    assert [moved[name] for name in ("name", "customer")] == ["Somebody else", other.public_id]


def test_conversations_are_received_and_finished_by_contributors(cast, api):
    contact = make_contact(make_customer(cast.workspace, "Aurora"))
    body = {"subject": "Call", "text": "We need it.", "product": "DSP", "contact": contact.public_id, "source": "call"}
    made = api(cast.bob, "post", f"{V1}conversations/", body)
    assert made.status_code == 201, made.content
    assert made.json()["customer"] == contact.customer.public_id
    url = f"{V1}conversations/{made.json()['public_id']}/"
    assert api(cast.bob, "patch", url, {"state": "done"}, **{"If-Match": made["ETag"]}).json()["state"] == "done"
    assert api(cast.carol, "post", f"{V1}conversations/", body).status_code == 403
    assert api(cast.bob, "delete", url).status_code == 403


def test_a_conversation_is_not_moved_where_the_member_may_not_go(cast, api):
    said = make_conversation(make_customer(cast.workspace), product=cast.product)
    url = f"{V1}conversations/{said.public_id}/"
    for product in ("SEC", "MAL"):
        assert api(cast.dave, "patch", url, {"product": product}, **{"If-Match": "*"}).status_code == 400
    assert Conversation.objects.get().product == cast.product


def test_a_passage_is_linked_weighed_and_unlinked(cast, api):
    said = make_conversation(make_customer(cast.workspace), "We need it badly.", product=cast.product)
    item = make_item(cast.product)
    body = {"conversation": said.public_id, "item": item.key, "passage": "need it", "importance": 3}
    made = api(cast.bob, "post", f"{V1}insights/", body)
    assert made.status_code == 201, made.content
    url = f"{V1}insights/{made.json()['public_id']}/"
    assert api(cast.bob, "patch", url, {"importance": 1}, **{"If-Match": made["ETag"]}).json()["importance"] == 1
    assert api(cast.bob, "patch", url, {"passage": "badly"}, **{"If-Match": "*"}).status_code == 400
    assert api(cast.bob, "post", f"{V1}insights/", {**body, "passage": "never said"}).status_code == 422
    assert api(cast.bob, "post", f"{V1}insights/", {**body, "item": "DSP-99"}).status_code == 400
    assert api(cast.dave, "post", f"{V1}insights/", {**body, "item": make_item(cast.secret).key}).status_code == 400
    assert api(cast.bob, "post", f"{V1}insights/", {**body, "importance": 7}).status_code == 400
    assert api(cast.bob, "delete", url).status_code == 204
    assert not Insight.objects.exists()


def test_an_insight_of_a_hidden_conversation_does_not_name_it(cast, api):
    said = make_conversation(make_customer(cast.workspace), "Some words.", product=cast.secret)
    insight = said.link("Some words", item=make_item(cast.product), importance=2, by=SYSTEM)
    url = f"{V1}insights/{insight.public_id}/"
    assert api(cast.mona, "get", url).json()["conversation"] == said.public_id
    assert api(cast.dave, "get", url).json()["conversation"] is None
    assert results(api, cast.dave, "insights")[0]["conversation"] is None


def test_ideas_and_votes_are_read_only(cast, api):
    contact = make_contact(make_customer(cast.workspace))
    idea = make_idea(cast.workspace, "Dark mode", contact=contact, item=make_item(cast.secret))
    row = results(api, cast.mona, "ideas")[0]
    assert (row["votes"], row["status"], row["item"]) == (1, "Under review", "SEC-1")
    assert results(api, cast.dave, "ideas")[0]["item"] is None
    assert results(api, cast.carol, "votes", f"?idea={idea.public_id}")[0]["contact"] == contact.public_id
    for noun, row in (("ideas", idea), ("votes", Vote.objects.get())):
        for method, url in (
            ("post", f"{V1}{noun}/"),
            ("patch", f"{V1}{noun}/{row.public_id}/"),
            ("delete", f"{V1}{noun}/{row.public_id}/"),
        ):
            assert api(cast.alice, method, url, {"title": "x"}).status_code in (403, 405)


@pytest.mark.parametrize("noun", ["customers", "contacts", "contracts", "conversations", "insights", "ideas", "votes"])
def test_strangers_and_the_wrong_team_count_nothing_of_a_hidden_product(cast, api, noun):
    customer = make_customer(cast.workspace)
    contact = make_contact(customer)
    customer.pays(cast.secret, 5, by=SYSTEM)
    said = make_conversation(customer, "Some words.", contact=contact, product=cast.secret)
    said.link("Some words", item=make_item(cast.secret), importance=2, by=SYSTEM)
    make_idea(cast.workspace, contact=contact, product=cast.secret)
    assert results(api, cast.mallory, noun) == []
    assert len(results(api, cast.mona, noun)) == 1
    assert len(results(api, cast.dave, noun)) == (1 if noun in ("customers", "contacts") else 0)


@pytest.mark.parametrize(
    "query", ["?filter=x", "?filter=[1]", "?size=0", "?after=x", "?received.is=soon", "?q=" + "a" * 2000, "?q=%00"]
)
def test_broken_questions_are_answered(cast, api, query):
    make_conversation(make_customer(cast.workspace))
    assert api(cast.mona, "get", f"{V1}conversations/{query}").status_code in (200, 422)


@pytest.mark.parametrize("noun", ["customers", "contacts", "contracts", "conversations", "insights", "ideas", "votes"])
def test_thirty_rows_cost_as_many_statements_as_three(cast, api, count_queries, noun):
    def fill(number):
        for _ in range(number):
            customer = make_customer(cast.workspace)
            contact = make_contact(customer)
            customer.pays(cast.product, 5, by=SYSTEM)
            said = make_conversation(customer, "Some words.", contact=contact, product=cast.product, lead=cast.mona)
            item = make_item(cast.product)
            said.link("Some words", item=item, importance=2, by=SYSTEM)
            make_idea(cast.workspace, contact=contact, product=cast.product, item=item)

    fill(3)
    results(api, cast.mona, noun)
    few = count_queries(lambda: results(api, cast.mona, noun))
    fill(27)
    assert count_queries(lambda: results(api, cast.mona, noun)) == few
