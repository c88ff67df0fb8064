from decimal import Decimal

import pytest

from accounts.roles import Role
from feedback.models import Contact, Customer, CustomerProduct
from tests.factories import SYSTEM, make_contact, make_conversation, make_customer, make_item

HOME = "/w/polarline/customers/"


def test_the_list_shows_counts_and_revenue_in_the_order_asked_for(cast, as_member):
    small = make_customer(cast.workspace, "Aurora", annual_revenue=Decimal(1000))
    make_customer(cast.workspace, "Zebra", annual_revenue=Decimal(900_000), segment="Haulier")
    make_contact(small)
    page = as_member(cast.carol).get(HOME).content.decode()
    assert page.index("Aurora") < page.index("Zebra")
    assert "€900k" in page
    by_revenue = as_member(cast.carol).get(f"{HOME}?sort=-annual_revenue").content.decode()
    assert by_revenue.index("Zebra") < by_revenue.index("Aurora")
    assert "Aurora" not in as_member(cast.carol).get(f"{HOME}?segment=haul").content.decode()


def test_counts_follow_what_the_viewer_sees(cast, as_member):
    customer = make_customer(cast.workspace, "Aurora")
    make_conversation(customer, product=cast.secret)
    row = '<td class="num">1</td>'
    assert row in as_member(cast.mona).get(HOME).content.decode()
    assert row not in as_member(cast.dave).get(HOME).content.decode()


def test_the_page_shows_no_revenue_words_or_items_of_a_hidden_product(cast, as_member):
    customer = make_customer(cast.workspace, "Aurora")
    customer.pays(cast.product, 1111, by=SYSTEM)
    customer.pays(cast.secret, 424_242, by=SYSTEM)
    said = make_conversation(customer, "Secret passage.", subject="Secret subject", product=cast.secret)
    said.link("Secret passage", item=make_item(cast.secret, "Secret item"), importance=3, by=SYSTEM)
    url = f"{HOME}{customer.public_id}/"
    seen, hidden = (as_member(who).get(url).content.decode() for who in (cast.carol, cast.dave))
    for words in ("424,242", "Secret subject", "Secret passage", "Secret item", "Secret product"):
        assert words in seen
        assert words not in hidden
    assert "1,111" in hidden
    assert as_member(cast.mallory).get(url).status_code == 404


def test_managers_add_and_edit_customers_and_others_do_not(cast, as_member):
    sent = {"name": "Aurora", "kind": "company", "domain": "Aurora.example", "annual_revenue": "480000"}
    for member in (cast.bob, cast.carol):
        assert as_member(member).post(f"{HOME}add/", sent).status_code == 403
    assert as_member(cast.mona).post(f"{HOME}add/", sent).status_code == 302
    customer = Customer.objects.get()
    assert (customer.domain, customer.annual_revenue) == ("aurora.example", 480000)
    url = f"{HOME}{customer.public_id}/edit/"
    seen = customer.change_id
    as_member(cast.mona).post(url, {"plan": "Gold", "seen": seen})
    assert Customer.objects.get().plan == "Gold"
    assert as_member(cast.mona).post(url, {"plan": "Silver", "seen": seen}).status_code == 409


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""), ("name", "a\x00b"), ("name", "x" * 200), ("kind", "alien"), ("domain", "not a domain"),
        ("domain", "http://x"), ("annual_revenue", "-1"), ("annual_revenue", "many"), ("annual_revenue", "9" * 20),
        ("annual_revenue", "1.234"), ("annual_revenue", "NaN"), ("account_key", "taken"),
    ],
)  # fmt: skip
def test_bad_values_are_answered_with_sentences(cast, as_member, field, value):
    make_customer(cast.workspace, account_key="taken")
    answer = as_member(cast.mona).post(f"{HOME}add/", {"name": "Kept", "kind": "company", field: value})
    assert answer.status_code == 422
    assert "field__error" in answer.content.decode() or 'role="alert"' in answer.content.decode()
    assert Customer.objects.count() == 1


def test_who_manages_a_product_notes_what_customers_pay_for_it(cast, as_member):
    customer = make_customer(cast.workspace)
    cast.product.give_role(cast.carol, Role.MANAGER, by=SYSTEM)
    url, carol = f"{HOME}{customer.public_id}/contract/", as_member(cast.carol)
    sent = {"product": "DSP", "annual_revenue": "1200.50", "starts_on": "2026-01-01", "ends_on": "2026-12-31"}
    assert carol.post(url, sent).status_code == 302
    assert CustomerProduct.objects.get().annual_revenue == Decimal("1200.50")
    assert carol.post(url, {**sent, "product": "SEC"}).status_code == 422
    assert carol.post(url, {**sent, "ends_on": "2025-01-01"}).status_code == 422
    assert as_member(cast.bob).post(url, sent).status_code == 403
    carol.post(url, {"remove": "DSP"})
    carol.post(url, {"remove": "SEC"})
    assert not CustomerProduct.objects.exists()


def test_contacts_are_added_by_contributors_and_changed_by_managers(cast, as_member):
    customer = make_customer(cast.workspace)
    add = f"{HOME}{customer.public_id}/contacts/add/"
    assert as_member(cast.carol).post(add, {"name": "Ann"}).status_code == 403
    assert as_member(cast.bob).post(add, {"name": "", "email": ""}).status_code == 422
    assert as_member(cast.bob).post(add, {"name": "Ann", "email": "Ann@aurora.example"}).status_code == 302
    contact = Contact.objects.get()
    assert (contact.customer, contact.email) == (customer, "ann@aurora.example")
    url = f"/w/polarline/contacts/{contact.public_id}/"
    assert as_member(cast.bob).post(url, {"role": "Buyer"}).status_code == 403
    assert as_member(cast.mona).post(url, {"role": "Buyer"}).status_code == 302
    other = make_contact(customer, email="taken@aurora.example")
    assert as_member(cast.mona).post(url, {"email": other.email}).status_code == 422
    assert as_member(cast.carol).get(url).status_code == 200


def test_deleting_is_undone(cast, as_member):
    customer = make_customer(cast.workspace)
    mona = as_member(cast.mona)
    mona.post(f"{HOME}{customer.public_id}/delete/")
    assert not Customer.objects.exists()
    mona.post(f"/w/polarline/changes/{Customer.objects.with_deleted().get().change_id}/undo/")
    assert Customer.objects.exists()


@pytest.mark.parametrize("path", ["", "?sort=-annual_revenue"])
def test_thirty_customers_cost_as_many_statements_as_three(cast, as_member, count_queries, path):
    mona = as_member(cast.mona)

    def fill(number):
        for _ in range(number):
            customer = make_customer(cast.workspace)
            make_conversation(customer, contact=make_contact(customer))

    fill(3)
    mona.get(f"{HOME}{path}")
    few = count_queries(lambda: mona.get(f"{HOME}{path}"))
    fill(27)
    assert count_queries(lambda: mona.get(f"{HOME}{path}")) == few


def test_a_customer_page_costs_the_same_with_three_and_thirty(cast, as_member, count_queries):
    mona, customer = as_member(cast.mona), make_customer(cast.workspace)

    def fill(number):
        for _ in range(number):
            said = make_conversation(customer, "Words.", contact=make_contact(customer))
            said.link("Words", item=make_item(cast.product), importance=2, by=SYSTEM)

    url = f"{HOME}{customer.public_id}/"
    fill(3)
    mona.get(url)
    few = count_queries(lambda: mona.get(url))
    fill(27)
    assert count_queries(lambda: mona.get(url)) == few


def test_what_a_row_of_the_list_shows_is_text_whatever_it_holds(cast, as_member):
    evil = "<script>alert('x')</script> & %s {0}"
    make_customer(cast.workspace, evil, segment=evil, plan=evil)
    mona = as_member(cast.mona)
    for query in ("", "?q=alert", "?sort=-annual_revenue"):
        page = mona.get(f"/w/{cast.workspace.slug}/customers/{query}").content.decode()
        assert "<script>alert" not in page
        assert page.count("&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt; &amp; %s {0}") == 3


def test_what_a_customer_said_and_asks_for_is_text_whatever_it_holds(cast, as_member):
    evil = "<script>alert('x')</script> & %s {0}"
    customer = make_customer(cast.workspace)
    said = make_conversation(customer, evil, subject=evil, contact=make_contact(customer, evil, email="a@example.com"))
    said.link(evil, item=make_item(cast.product, evil), importance=3, by=SYSTEM)
    page = as_member(cast.mona).get(f"/w/{cast.workspace.slug}/customers/{customer.public_id}/").content.decode()
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt; &amp; %s {0}") == 5
    assert "Critical" in page
