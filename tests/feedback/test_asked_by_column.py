from feedback.models import Contact, Conversation, Customer
from tests.factories import SYSTEM, make_item


def test_the_backlog_says_by_how_many_customers_an_item_is_asked_for_and_what_they_pay(cast, as_member):
    item = make_item(cast.product, "Live ETA link")
    customer = Customer.add(cast.workspace, by=SYSTEM, name="Nordfrisk")
    customer.pays(cast.product, 310_000, by=SYSTEM)
    contact = Contact.add(cast.workspace, by=SYSTEM, email="h@nordfrisk.example", customer=customer)
    talk = Conversation.receive(
        cast.workspace, "ETA", "Stores call us", by=SYSTEM, contact=contact, product=cast.product
    )
    talk.link("Stores call us", importance=3, item=item, by=SYSTEM)
    page = as_member(cast.carol).get("/w/polarline/p/DSP/backlog/").content.decode()
    assert "1 · €310k" in page
