import re
from datetime import timedelta

import pytest

from changes.models import Change
from products import agenda, attention
from products.models import Health, Product, ProductLine
from tests.factories import SYSTEM, make_product


def home(workspace, query=""):
    return f"/w/{workspace.slug}/{query}"


def names(page):
    return {product.name for product in page.context["products"]}


def test_the_home_shows_products_in_the_column_of_their_stage(cast, as_member):
    page = as_member(cast.carol).get(home(cast.workspace))
    columns = {column.stage.key: [product.name for product in column.cards] for column in page.context["columns"]}
    assert columns["innovation"] == ["Dispatch", "Secret product"]
    assert columns["in_life"] == []


def test_a_product_of_another_team_is_nowhere_on_the_home(cast, as_member):
    page = as_member(cast.dave).get(home(cast.workspace))
    assert names(page) == {"Dispatch"}
    assert "Secret" not in page.content.decode()
    assert as_member(cast.mallory).get(home(cast.workspace)).status_code == 404


def test_the_home_asks_as_much_for_forty_products_as_for_three(cast, as_member, count_queries):
    mona = as_member(cast.mona)
    line = ProductLine.add(cast.workspace, by=SYSTEM, name="Trailers")

    def grow(number):
        for index in range(number):
            product = make_product(cast.workspace, lead=cast.bob, line=line if index % 2 else None)
            product.set_health(Health.OFF_TRACK, "late", by=SYSTEM)

    def ask():
        for query in ("", "?layout=table"):
            assert mona.get(home(cast.workspace, query)).status_code == 200

    grow(1)
    ask()
    with_three = count_queries(ask)
    grow(37)
    assert count_queries(ask) == with_three


def test_a_full_column_shows_lines_and_folds_what_is_beyond(cast, as_member):
    for _ in range(18):
        make_product(cast.workspace)
    page = as_member(cast.mona).get(home(cast.workspace))
    column = page.context["columns"][0]
    assert (len(column.cards), len(column.lines), len(column.folded)) == (0, 8, 12)
    assert "12 more" in page.content.decode()
    marks = [dot for dot in page.context["dots"] if dot["stage"] == "innovation"]
    assert len(marks) == 6
    assert marks[-1]["more"] == 15


def test_the_worst_stand_first(cast, as_member):
    for health in (Health.ON_TRACK, Health.OFF_TRACK, Health.AT_RISK):
        make_product(cast.workspace, name=health.label).set_health(health, "because", by=SYSTEM)
    column = as_member(cast.mona).get(home(cast.workspace)).context["columns"][0]
    assert [product.name for product in column.lines][:2] == ["Off track", "At risk"]


def test_the_table_groups_products_by_line(cast, as_member):
    line = ProductLine.add(cast.workspace, by=SYSTEM, name="Trailers")
    make_product(cast.workspace, name="Coldwatch", line=line)
    page = as_member(cast.mona).get(home(cast.workspace, "?layout=table"))
    groups = [
        (name, re.findall("</span><span>([^<]+)</span></a>", rows)) for name, _count, rows in page.context["lines"]
    ]
    assert groups == [("Trailers", ["Coldwatch"]), ("", ["Dispatch", "Secret product"])]


def test_names_are_written_as_names(cast, as_member):
    # Two in a stage are cards: Dave sees no third.
    make_product(cast.workspace, name="<b>Bold</b>", lead=cast.mona)
    for layout in ("", "?layout=table"):
        page = as_member(cast.dave).get(home(cast.workspace, layout)).content.decode()
        assert "&lt;b&gt;Bold&lt;/b&gt;" in page
        assert "<b>Bold" not in page


def test_trouble_needs_attention_ones_own_first(cast, as_member):
    cast.product.set_health(Health.OFF_TRACK, "14 sites have no date", by=SYSTEM)
    own = make_product(cast.workspace, name="Zulu", lead=cast.mona)
    own.set_health(Health.OFF_TRACK, "Supplier is gone", by=SYSTEM)
    page = as_member(cast.mona).get(home(cast.workspace))
    assert [finding.title for finding in page.context["findings"]] == ["Zulu is off track", "Dispatch is off track"]
    assert "14 sites have no date" in page.content.decode()
    assert "2 products off track" in page.content.decode()


def test_a_health_that_nobody_said_for_thirty_days_needs_attention(cast, as_member):
    with Change.open("test", by=SYSTEM, workspace=cast.workspace) as change:
        change.at -= timedelta(days=40)
        cast.product.set_health(Health.ON_TRACK, "", by=change)
    page = as_member(cast.mona).get(home(cast.workspace))
    assert [finding.title for finding in page.context["findings"]] == [
        "Nobody has said how Dispatch stands for 40 days"
    ]


@pytest.fixture
def registries(monkeypatch):
    monkeypatch.setattr(attention, "_providers", list(attention._providers))
    monkeypatch.setattr(agenda, "_providers", list(agenda._providers))


def test_apps_to_the_right_add_findings_and_days_for_what_the_member_sees(cast, as_member, registries):
    asked = []

    def releases(member, products, first, last, together):
        asked.append({product.key for product in products})
        day = first + timedelta(days=3)
        return lambda: [
            agenda.Entry(day, product, "release", "flag", f"{product.name} 5.2", "/x/") for product in products
        ]

    agenda.register(releases)
    page = as_member(cast.dave).get(home(cast.workspace))
    assert asked == [{"DSP"}]
    assert "Dispatch 5.2" in page.content.decode()


def test_a_workspace_without_products_says_what_to_do_next(cast, as_member):
    for product in Product.objects.filter(workspace=cast.workspace):
        product.delete_softly(by=SYSTEM)
    assert "Create your first product" in as_member(cast.mona).get(home(cast.workspace)).content.decode()
    assert "No product is open to you yet" in as_member(cast.carol).get(home(cast.workspace)).content.decode()


def test_the_sidebar_lists_the_products_of_the_member_concepts_apart(cast, as_member):
    cast.product.edit(by=SYSTEM, stage="in_life")
    page = as_member(cast.dave).get(f"/w/{cast.workspace.slug}/p/DSP/strategy/").content.decode()
    assert page.count("side__item--product") == 1
    assert "Concepts" not in page
    bob = as_member(cast.bob).get(f"/w/{cast.workspace.slug}/p/DSP/strategy/").content.decode()
    assert bob.index("Dispatch") < bob.index("Concepts") < bob.index("Secret product")
