"""The lifecycle board, and what the home says of gates."""

import re

from lifecycle.models import Verdict
from tests.factories import SYSTEM, make_product
from tests.lifecycle.gates import decide, gate_of, go, promise


def test_the_board_shows_products_reviews_and_decisions_of_what_one_sees(cast, as_member):
    go(cast.product, 1)
    gate_of(cast.product, 2).plan(cast.workspace.today(), by=SYSTEM)
    go(cast.secret, 1)
    page = as_member(cast.dave).get(f"/w/{cast.workspace.slug}/lifecycle/")
    text = page.content.decode()
    gates = re.findall(r"/p/(\w+)/gates/(\d)/", text)
    assert gates == [(cast.product.key, "2"), (cast.product.key, "2"), (cast.product.key, "1")], "card, review, log"
    assert "Secret" not in text
    assert cast.secret.key not in text
    assert "Review gate" in text


def test_the_board_and_the_home_escape_what_people_write(cast, as_member):
    product = make_product(cast.workspace, name="<b>Bold</b> & Co", tagline="<i>line</i>", lead=cast.bob)
    decide(
        gate_of(product), Verdict.CONDITIONAL, "<u>why</u>", conditions=[promise("<s>then</s>", cast.workspace.today())]
    )
    gate_of(product, 2).plan(cast.workspace.today(), by=SYSTEM)
    cast.bob.user.introduce_yourself("<em>Bob</em>", "")
    product.set_health("off_track", "<q>bad</q>", by=SYSTEM)
    for path in ("lifecycle/", "", "?layout=table"):
        text = as_member(cast.mona).get(f"/w/{cast.workspace.slug}/{path}").content.decode()
        assert "&lt;b&gt;Bold&lt;/b&gt; &amp; Co" in text
        for tag in ("<b>Bold", "<i>line", "<u>why", "<s>then", "<em>Bob", "<q>bad"):
            assert tag not in text, (path, tag)


def test_the_board_and_the_home_ask_as_much_for_thirty_products_as_for_three(cast, as_member, count_queries):
    mona = as_member(cast.mona)

    def grow(number):
        for _ in range(number):
            product = make_product(cast.workspace, lead=cast.bob)
            decide(gate_of(product), Verdict.CONDITIONAL, conditions=[promise(due_on=cast.workspace.today())])
            gate = gate_of(product, 2)
            gate.plan(cast.workspace.today(), by=SYSTEM)
            gate.ask(cast.mona, by=SYSTEM)

    def ask():
        for path in ("lifecycle/", "", "?layout=table"):
            assert mona.get(f"/w/{cast.workspace.slug}/{path}").status_code == 200

    grow(3)
    ask()
    few = count_queries(ask)
    grow(27)
    assert count_queries(ask) == few


def test_the_home_names_reviews_signatures_and_conditions(cast, as_member):
    decide(gate_of(cast.product), Verdict.CONDITIONAL, conditions=[promise("Retest clean", cast.workspace.today())])
    gate = gate_of(cast.product, 2)
    gate.plan(cast.workspace.today(), by=SYSTEM)
    gate.ask(cast.carol, by=SYSTEM)
    page = as_member(cast.carol).get(f"/w/{cast.workspace.slug}/")
    titles = {finding.title for finding in page.context["findings"]}
    assert titles == {"Gate 2 review today", "Condition not met: Retest clean", "Your sign-off is asked for at Gate 2"}
    days = [entry.text for _day, entries in page.context["agenda"] for entry in entries]
    assert days == ["Gate 2: Dispatch", "Retest clean"]
    others = as_member(cast.bob).get(f"/w/{cast.workspace.slug}/").context["findings"]
    assert "Your sign-off is asked for at Gate 2" not in {finding.title for finding in others}
