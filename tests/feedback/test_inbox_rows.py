"""The rows of the inbox: text stays text, long texts are cut, another zone's hour is the reader's."""

from __future__ import annotations

from decimal import Decimal

import pytest

from feedback.models import Conversation
from tests.cast import Cast
from tests.factories import SYSTEM, make_contact, make_conversation, make_customer

pytestmark = pytest.mark.django_db
EVIL = "<script>alert('x')</script> & %s {0}"
SAID = "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt; &amp; %s {0}"


def rows_of(client, query: str = "") -> str:
    page = client.get(f"/w/polarline/feedback/{query}").content.decode()
    return page[page.index('id="conversations"') : page.index('id="conversation"')]


def test_names_subjects_and_texts_are_text_whatever_they_hold(cast: Cast, as_member):
    customer = make_customer(cast.workspace, EVIL)
    make_conversation(customer, EVIL, subject=EVIL, contact=make_contact(customer, EVIL, email="a@example.com"))
    mona = as_member(cast.mona)
    for query in ("", "?q=alert", "?sort=oldest&name=%22%3E%3Cscript%3E"):
        page = mona.get(f"/w/polarline/feedback/{query}").content.decode()
        assert "<script>alert" not in page
        assert '"><script>' not in page
    assert rows_of(mona).count(SAID) == 4


def test_a_row_shows_the_beginning_of_a_long_text_alone(cast: Cast, as_member):
    make_conversation(make_customer(cast.workspace), "word " * 4000)
    drawn = rows_of(as_member(cast.mona))
    assert drawn.count("word") == 24
    assert "word…" in drawn


def test_a_contact_speaks_for_its_customer(cast: Cast, as_member):
    customer = make_customer(cast.workspace, "Nordfrisk", annual_revenue=Decimal(310_000))
    contact = make_contact(customer, "Henrike")
    Conversation.receive(cast.workspace, "Later moved", "Text", by=SYSTEM, contact=contact)
    Conversation.objects.get().edit(by=SYSTEM, customer=None)
    drawn = rows_of(as_member(cast.mona))
    assert "Nordfrisk" in drawn
    assert "Henrike" in drawn
    assert "€310k" in drawn


def test_the_address_keeps_tab_and_filters_and_marks_the_open_one(cast: Cast, as_member):
    one = make_conversation(make_customer(cast.workspace), "At the docks.", subject="Docks")
    drawn = rows_of(as_member(cast.mona), "?q=docks&sort=oldest&more=100%25")
    assert f'href="/w/polarline/feedback/{one.public_id}/?q=docks&amp;sort=oldest&amp;more=100%25"' in drawn
    assert drawn.count('aria-current="true"') == 1
