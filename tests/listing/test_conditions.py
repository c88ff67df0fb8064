"""A compiled filter finds exactly the rows that its conditions hold for, judged by a second reading of them in Python."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.refusals import Refused
from config import clock
from listing.conditions import Condition, Field, Group, Otherwise, period
from listing.filters import Language
from roadmap.backlog.filters import item_language
from roadmap.models import CustomField, Item
from tests.cast import Cast
from tests.factories import make_item

TODAY = clock.now().date()
WORDS = ["Seal", "seal photo", "Ramp 50%", "a_b", "Österreich", "x\\y", "ETA"]


def made_up(n: int) -> dict[str, Any]:
    """Row n, in which every value, and nothing, comes together with every other."""
    chance = random.Random(n)  # noqa: S311 - the same rows in each run

    def one(*values: Any) -> Any:
        return chance.choice(values)

    return {
        "title": one(*WORDS), "type": one("feature", "bug", "epic"), "horizon": one("", "now", "later"),
        "reach": one(None, 0, 1, 2, 5), "effort": one(None, Decimal("0.5"), Decimal(2)),
        "ends_on": one(None, TODAY + timedelta(days=chance.randint(-400, 400))), "tags": one([], ["red"], ["red", "blue"]),
        "led": one(True, False), "note": one(None, *WORDS), "cost": one(None, -1, 0, 0.5, 1.25, 2),
        "due": one(None, (TODAY + timedelta(days=chance.randint(-100, 100))).isoformat()), "size": one(None, "s", "l"),
        "regions": one(None, ["n"], ["s"], ["n", "s"]), "sure": one(None, True, False),
    }  # fmt: skip


DAYS = st.sampled_from(
    [
        "today",
        "this week",
        "next quarter",
        "last month",
        "-60d",
        "+14d",
        "2026-11-19",
        "last year",
        "Q4 2026",
        "2026-11",
    ]
)
TEXT_OPS, NUMBER_OPS = ["has", "hasnt", "is", "empty", "set"], ["is", "isnt", "gt", "gte", "lt", "lte", "empty", "set"]
DATE_OPS = ["within", "is", "before", "after", "from", "until", "empty", "set"]
CHOICE_OPS = ["in", "not", "empty", "set"]


def condition(names: list[str], ops: list[str], values: Any) -> Any:
    return st.builds(
        lambda name, op, value: {"field": name, "op": op, "value": value}, st.sampled_from(names), st.sampled_from(ops),
        values,
    )  # fmt: skip


def conditions(own: dict[str, str]) -> Any:
    return st.one_of(
        condition(["title", own["note"]], TEXT_OPS, st.sampled_from(WORDS) | st.sampled_from(["%", "_", "\\", "É"])),
        condition(["reach", "effort", own["cost"]], NUMBER_OPS, st.sampled_from([0, 1, "2", "0.5", 1.25, -1])),
        condition(["end", own["due"]], DATE_OPS, DAYS),
        condition(["end", own["due"]], ["older", "recent", "ahead"], st.integers(0, 120)),
        condition(["type"], CHOICE_OPS, st.lists(st.sampled_from(["feature", "bug", "epic"]), min_size=1, max_size=2)),
        condition(["horizon"], CHOICE_OPS, st.lists(st.sampled_from(["now", "later"]), max_size=2, min_size=1)),
        condition([own["size"]], CHOICE_OPS, st.lists(st.sampled_from(["s", "l"]), max_size=2, min_size=1)),
        condition([own["sure"]], CHOICE_OPS, st.lists(st.sampled_from(["true", "false"]), max_size=2, min_size=1)),
        condition(["tags"], CHOICE_OPS, st.lists(st.sampled_from(["red", "blue"]), max_size=2, min_size=1)),
        condition([own["regions"]], CHOICE_OPS, st.lists(st.sampled_from(["n", "s"]), max_size=2, min_size=1)),
        condition(["lead"], CHOICE_OPS, st.just([own["mona"]])),
    )  # fmt: skip


def expressions(own: dict[str, str]) -> Any:
    one = conditions(own)
    several = st.lists(one | one.map(lambda part: {"not": part}), min_size=1, max_size=3)
    groups = several.map(lambda parts: {"all": parts}) | several.map(lambda parts: {"any": parts})
    part = one | groups | groups.map(lambda group: {"not": group})
    return st.lists(part, min_size=1, max_size=3).map(lambda parts: {"all": parts})


def holds(node: Any, row: dict[str, Any]) -> bool:
    """The second reading."""
    if isinstance(node, Group):
        return (any if node.any else all)(holds(part, row) for part in node.parts)
    if isinstance(node, Otherwise):
        return not holds(node.part, row)
    return _condition_holds(node, row[node.field.name])


def _condition_holds(one: Condition, value: Any) -> bool:
    nothing = value is None or value in ("", [])
    if one.op in ("empty", "set"):
        return nothing == (one.op == "empty")
    if one.op in ("in", "not"):
        values = value if isinstance(value, list) else [{True: "true", False: "false"}.get(value, value)]
        return any(each in one.value for each in values if not nothing) == (one.op == "in")
    if one.op in ("hasnt", "isnt"):
        return not _compared("has" if one.op == "hasnt" else "is", one, value)
    return _compared(one.op, one, value)


def _compared(op: str, one: Condition, value: Any) -> bool:
    if value is None:
        return False
    if one.field.kind == "text":
        return one.value.lower() in value.lower() if op == "has" else one.value.lower() == value.lower()
    if one.field.kind == "date":
        return one.value.hold(value if isinstance(value, date) else date.fromisoformat(value))
    number, other = float(value), float(one.value)
    return {
        "is": number == other,
        "gt": number > other,
        "gte": number >= other,
        "lt": number < other,
        "lte": number <= other,
    }[op]


@pytest.fixture
def own(cast: Cast) -> dict[str, str]:
    by = cast.actor("alice")
    kinds = {"note": "text", "cost": "number", "due": "date", "size": "select", "regions": "multi", "sure": "checkbox"}
    keys = {"mona": cast.mona.public_id}
    for name, kind in kinds.items():
        options = ["one"] if kind in ("select", "multi") else []
        keys[name] = CustomField.define(cast.workspace, name, kind, by=by, options=options).key
    return keys


@pytest.fixture
def rows(cast: Cast, own: dict[str, str]) -> dict[int, dict[str, Any]]:
    """Items in the database, and what a condition may read of each."""
    given_rows, shown = [], []
    for row in map(made_up, range(40)):
        names = ("note", "cost", "due", "size", "regions", "sure")
        lead = cast.mona if row["led"] else None
        custom = {own[name]: row[name] for name in names if row[name] is not None}
        fields = {name: row[name] for name in ("title", "type", "horizon", "reach", "effort", "ends_on", "tags")}
        given_rows.append({**fields, "custom": custom, "lead": lead})
        values = {**row, "end": row["ends_on"], "lead": own["mona"] if lead else None}
        shown.append(values | {own[name]: row[name] for name in names})
    items = Item.add_many(cast.product, given_rows, by=cast.actor("mona"))
    return {item.pk: row for item, row in zip(items, shown, strict=True)}


@given(data=st.data())
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_database_and_python_agree_about_every_filter(cast: Cast, own: dict[str, str], rows, language, data):
    expression = data.draw(expressions(own))
    parsed = language.parse(expression)

    def found(node: Any) -> set[int]:
        return set(Item.objects.of(cast.product).filter(node.compile()).values_list("pk", flat=True))

    assert found(parsed) == {pk for pk, row in rows.items() if holds(parsed, row)}
    assert parsed.sentence(language.names(parsed))
    again = language.parse(language.from_query(QueryDict(_encoded(language.to_query(expression)))))
    assert found(again) == found(parsed)


def _encoded(pairs: list[tuple[str, str]]) -> str:
    query = QueryDict(mutable=True)
    for name, value in pairs:
        query.appendlist(name, value)
    return query.urlencode()


@pytest.fixture
def language(cast: Cast) -> Language:
    return item_language(cast.workspace, cast.product)


def test_what_was_not_touched_for_so_many_days_is_found_by_its_last_change(cast: Cast, language: Language, monkeypatch):
    old = make_item(cast.product, "Old")
    today = clock.now()
    monkeypatch.setattr(clock, "now", lambda: today + timedelta(days=70))
    make_item(cast.product, "New")

    def found(query: str) -> list[str]:
        rows = Item.objects.of(cast.product).filter(language.compile(language.from_query(QueryDict(query))))
        return list(rows.order_by("pk").values_list("title", flat=True))

    assert found("touched.older=60") == ["Old"]
    assert found("touched.recent=60") == ["New"]
    assert found("created.older=60") == ["Old"]
    old.edit(by=cast.actor("mona"), reach=3)
    assert found("touched.older=60") == []
    assert found("shipped.empty=1") == ["Old", "New"]


def test_what_somebody_does_not_lead_includes_what_nobody_leads_in_any_order_of_conditions(
    cast: Cast, language: Language
):
    for title, lead in (("Mona's", cast.mona), ("Bob's", cast.bob), ("Nobody's", None)):
        make_item(cast.product, title, lead=lead)
    there, hers = {"field": "lead", "op": "set"}, {"field": "lead", "op": "in", "value": [cast.mona.public_id]}
    others = {**hers, "op": "not"}

    def found(expression: dict[str, Any]) -> list[str]:
        rows = Item.objects.of(cast.product).filter(language.parse({"all": [expression]}).compile())
        return list(rows.order_by("pk").values_list("title", flat=True))

    assert found(others) == found({"not": hers}) == ["Bob's", "Nobody's"]
    for either in ([there, others], [others, there], [there, {"not": hers}], [{"not": hers}, there]):
        assert found({"any": either}) == ["Mona's", "Bob's", "Nobody's"]
        assert found({"not": {"any": either}}) == []
    assert found({"all": [there, others]}) == found({"all": [others, there]}) == ["Bob's"]


def test_a_group_is_read_as_a_sentence(cast: Cast, language: Language):
    scored = {"field": "score", "op": "gte", "value": 10}
    led = {"field": "lead", "op": "in", "value": [cast.mona.public_id]}
    expression = language.from_query(QueryDict("type=bug,feature&filter=" + json.dumps({"any": [scored, led]})))
    parsed = language.parse(expression)
    said = parsed.sentence(language.names(parsed))
    assert said == "Type is any of Bug, Feature and (RICE at least 10 or Lead is any of Mona)"


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("score.gte=ten", "“ten” is not a number"), ("score.has=1", "“RICE” cannot be filtered with “has”"),
        ("end=someday", "“someday” is not a day"), ("end=2026-02-30", "not a day of the calendar"),
        ("touched.older=soon", "takes a number of days"), ("filter={", "cannot be read"), ("filter=[]", "cannot be read"),
        ('filter={"field":"secret","op":"is"}', "There is no field “secret”"), ('filter={"all":7}', "cannot be read"),
        ('filter={"any":[{"field":"title","op":"like","value":"x"}]}', "cannot be filtered with “like”"),
    ],
)  # fmt: skip
def test_a_bad_filter_is_answered_with_a_sentence(language: Language, query: str, sentence: str):
    with pytest.raises(Refused, match=sentence.replace("(", r"\(")):
        language.parse(language.from_query(QueryDict(query)))


def test_a_quarter_ends_where_the_next_one_begins(cast: Cast):
    this, following = period("this quarter", cast.workspace), period("next quarter", cast.workspace)
    assert following[0] - this[1] == timedelta(days=1)
    assert this[0] <= cast.workspace.today() <= this[1]


def test_a_number_field_of_a_field_has_no_other_operators(cast: Cast):
    with pytest.raises(Refused):
        Language.of(cast.workspace, Field("n", "N", "number", "reach")).parse(
            {"field": "n", "op": "in", "value": ["1"]}
        )


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("Q1 2027", "2027-01-01", "2027-03-31"),
        ("2027 q4", "2027-10-01", "2027-12-31"),
        ("q3-2026", "2026-07-01", "2026-09-30"),
        ("2028-02", "2028-02-01", "2028-02-29"),
        ("2026", "2026-01-01", "2026-12-31"),
    ],
)
def test_quarters_months_and_years_are_named_as_people_name_them(cast: Cast, typed: str, first: str, last: str):
    assert period(typed, cast.workspace) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("typed", ["Q5 2027", "2027-13", "Q1", "q1 27", "12", "2027-"])
def test_what_is_no_part_of_the_calendar_is_refused_with_a_sentence(cast: Cast, typed: str):
    with pytest.raises(Refused, match="is not a day"):
        period(typed, cast.workspace)
