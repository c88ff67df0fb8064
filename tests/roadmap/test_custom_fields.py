import pytest

from accounts.refusals import Refused
from changes.concurrency import Conflict
from changes.models import Change
from changes.undo import undo
from roadmap.models import CustomField, Item
from roadmap.models.custom_values import drop_option
from tests.factories import make_item, status


@pytest.fixture
def define(cast):
    def make(name, kind="text", **fields):
        return CustomField.define(cast.workspace, name, kind, by=cast.actor("anton"), **fields)

    return make


def at(item, path=""):
    return f"/w/{item.workspace.slug}/p/{item.product.key}/items/{item.number}/{path}"


def again(item):
    return Item.objects.get(pk=item.pk)


def put(cast, item, field, raw, **more):
    again(item).edit(by=cast.actor("mona"), custom={field.key: field.stored(raw)}, **more)


@pytest.mark.parametrize(
    ("kind", "raw", "kept"),
    [
        ("text", "  Dock 7 ", "Dock 7"),
        ("number", "1 250,5", 1250.5),
        ("number", 12, 12),
        ("number", "1,250", 1250),  # as pages show it
        ("number", "−1,234,567.5", -1234567.5),
        ("number", "1,5", 1.5),
        ("number", "0,125", 0.125),
        ("number", "1,2500", 1.25),
        ("date", "2026-11-22", "2026-11-22"),
        ("url", "https://example.com/a?b=1", "https://example.com/a?b=1"),
        ("checkbox", "yes", True),
        ("checkbox", False, False),
        ("text", "", None),
    ],
)
def test_each_kind_keeps_what_it_means(define, kind, raw, kept):
    assert define("One", kind).stored(raw) == kept


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("text", "x" * 2001), ("text", "a\0b"), ("number", "many"), ("number", "NaN"), ("number", "1e40"), ("number", True),
        ("date", "32.13.2026"), ("url", "javascript:alert(1)"), ("url", "nonsense"), ("checkbox", "perhaps"),
        ("select", "Huge"), ("multi", "Large"), ("multi", ["Huge"]), ("person", 7),
    ],
)  # fmt: skip
def test_what_is_no_value_is_refused_with_a_sentence(define, kind, raw):
    options = {"options": ["Large", "Small"]} if kind in ("select", "multi") else {}
    with pytest.raises(Refused):
        define("One", kind, **options).stored(raw)


def test_a_manager_fills_a_field_in_on_the_page_and_a_viewer_reads_it(cast, as_member, define):
    field, item = define("Dock"), make_item(cast.product)
    mona = as_member(cast.mona)
    answer = mona.post(at(item, f"fields/{field.key}/"), {"value": "Seven"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "Seven" in answer.content.decode()
    assert again(item).custom == {field.key: "Seven"}
    assert "Seven" in as_member(cast.carol).get(at(item)).content.decode()
    assert as_member(cast.bob).post(at(item, f"fields/{field.key}/"), {"value": "x"}).status_code == 403
    assert (
        "Dock: – → Seven" in " ".join(mona.get(at(item, "history/")).content.decode().split())
        or "Dock" in mona.get(at(item, "history/")).content.decode()
    )
    mona.post(f"/w/polarline/changes/{answer['X-Change']}/undo/")
    assert again(item).custom == {}


def test_lists_people_and_checkboxes_are_filled_in_on_the_page(cast, as_member, define):
    item, mona = make_item(cast.product), as_member(cast.mona)
    several = define("Regions", "multi", options=["North", "South", "West"])
    keys = [one["key"] for one in several.options]
    mona.post(at(item, f"fields/{several.key}/"), {"value": [keys[2], keys[0]]})
    who, sure = define("Sponsor", "person"), define("Signed", "checkbox")
    mona.post(at(item, f"fields/{who.key}/"), {"value": cast.bob.public_id})
    mona.post(at(item, f"fields/{sure.key}/"), {"value": "yes"})
    assert again(item).custom == {several.key: [keys[0], keys[2]], who.key: cast.bob.public_id, sure.key: True}
    page = mona.get(at(item)).content.decode()
    assert "North, West" in page
    answer = mona.post(at(item, f"fields/{who.key}/"), {"value": cast.mallory.public_id})
    assert answer.status_code == 422
    assert "no such member" in answer.content.decode()


def test_bad_input_answers_422_with_what_was_typed(cast, as_member, define):
    field, item = define("Cost", "number"), make_item(cast.product)
    for headers in ({}, {"HX-Request": "true"}):
        answer = as_member(cast.mona).post(at(item, f"fields/{field.key}/"), {"value": "a lot"}, headers=headers)
        assert answer.status_code == 422
        assert "takes a number" in answer.content.decode()
        assert "a lot" in answer.content.decode()
    assert as_member(cast.mona).post(at(item, "fields/f00000000/"), {"value": "x"}).status_code == 404


def test_two_people_fill_in_two_fields_and_one_field_conflicts(cast, as_member, define):
    dock, cost, item = define("Dock"), define("Cost", "number"), make_item(cast.product)
    seen = item.change_id
    put(cast, item, dock, "Theirs")
    again(item).edit(by=cast.actor("alice"), seen=seen, custom={cost.key: 5})
    assert again(item).custom == {dock.key: "Theirs", cost.key: 5}
    with pytest.raises(Conflict):
        again(item).edit(by=cast.actor("alice"), seen=seen, custom={dock.key: "Mine"})
    answer = as_member(cast.alice).post(at(item, f"fields/{dock.key}/"), {"value": "Mine", "seen": seen})
    assert answer.status_code == 409
    assert "Theirs" in answer.content.decode()
    assert "Mine" in answer.content.decode()


def test_nobody_who_is_no_member_is_a_default(cast, define):
    with pytest.raises(Refused, match="no such member"):
        define("Reviewer", "person", default="nobody")
    assert define("Owner", "person", default=cast.bob.public_id).default == cast.bob.public_id


def test_new_items_start_with_the_defaults(cast, define):
    field = define("Segment", "select", options=["Large", "Small"], default="Small")
    item = make_item(cast.product)
    assert field.shown(again(item).custom[field.key], {}) == "Small"


def test_a_status_waits_for_what_it_requires(cast, as_member, define):
    field, item = define("Segment", required_from="ready"), make_item(cast.product)
    mona = cast.actor("mona")
    item.edit(by=mona, status=status(cast.workspace, "Shaping"))
    with pytest.raises(Refused, match="Segment"):
        item.edit(by=mona, status=status(cast.workspace, "Ready"))
    again(item).edit(by=mona, status=status(cast.workspace, "Ready"), custom={field.key: "Large"})
    with pytest.raises(Refused, match="Segment"):
        again(item).edit(by=mona, custom={field.key: None})
    again(item).edit(by=mona, status=status(cast.workspace, "Won't do"))  # what is dropped needs nothing
    with pytest.raises(Refused, match="Segment"):
        make_item(cast.product, status=status(cast.workspace, "In build"))


def test_filters_and_sorts_by_own_fields(cast, as_member, define):
    cost, size = define("Cost", "number"), define("Size", "select", options=["Small", "Large"])
    regions, due = define("Regions", "multi", options=["North", "South"]), define("Due", "date")
    note, sure = define("Note"), define("Sure", "checkbox")
    values = {
        "A": {cost: 5, size: "Large", regions: ["North", "South"], due: "2026-01-05", note: "Harbour gate", sure: True},
        "B": {cost: 30, size: "Small", regions: ["South"], due: "2027-01-05", sure: False},
        "C": {},
    }
    for title, given in values.items():
        item = make_item(cast.product, title)
        for field, raw in given.items():
            put(cast, item, field, raw)
    mona = as_member(cast.mona)

    def found(query):
        page = mona.get(f"/w/polarline/p/DSP/backlog/?{query}")
        assert page.status_code == 200
        return "".join(item.title for item in page.context["page"].rows)

    small, north = size.options[0]["key"], regions.options[0]["key"]
    assert found(f"{cost.key}.gte=10") == "B"
    assert found(f"{cost.key}=5") == "A"
    assert found(f"{size.key}={small}") == "B"
    assert found(f"{size.key}.not={small}") == "AC"
    assert found(f"{regions.key}={north}") == "A"
    assert found(f"{due.key}.from=2027-01-01") == "B"
    assert found(f"{note.key}=harbour") == "A"
    assert found(f"{sure.key}=true") == "A"
    assert found(f"{note.key}.empty=1") == "BC"
    assert found(f"{cost.key}.set=1") == "AB"
    assert found(f"sort={cost.key}") == "ABC"
    assert found(f"sort=-{cost.key}") == "BAC"
    assert found(f"sort={size.key}") == "BAC"
    assert found(f"sort=-{due.key}") == "BAC"
    assert found("f00000000=1&sort=f00000000") == "ABC"


def test_pages_of_a_list_sorted_by_an_own_field_follow_each_other(cast, as_member, define):
    cost = define("Cost", "number")
    for number in range(60):
        make_item(cast.product, f"{number:02}", custom={cost.key: number} if number % 3 else {})
    mona, seen, after = as_member(cast.mona), [], ""
    for _ in range(2):
        page = mona.get("/w/polarline/p/DSP/backlog/", {"sort": f"-{cost.key}", "after": after}).context["page"]
        seen += [item.title for item in page.rows]
        after = page.next
    with_cost = [f"{number:02}" for number in range(59, 0, -1) if number % 3]
    assert seen == with_cost + [f"{number:02}" for number in range(0, 60, 3)]


def test_taking_an_option_out_empties_items_and_undo_brings_all_back(cast, define):
    size, regions = define("Size", "select", options=["S", "L"]), define("Regions", "multi", options=["N", "W"])
    one, two = make_item(cast.product), make_item(cast.product)
    put(cast, one, size, "S")
    put(cast, one, regions, ["N"])
    put(cast, two, regions, ["N", "W"])
    before = again(one).custom, again(two).custom
    north, west = (option["key"] for option in regions.options)
    assert drop_option(regions, north, by=cast.actor("anton")) == 2
    assert again(one).custom == {size.key: size.options[0]["key"]}
    assert again(two).custom == {regions.key: [west]}
    assert drop_option(size, size.options[0]["key"], by=cast.actor("anton")) == 1
    undo(Change.objects.get(pk=size.change_id), by=cast.actor("anton"))
    undo(Change.objects.get(pk=regions.change_id), by=cast.actor("anton"))
    assert (again(one).custom, again(two).custom) == before


def test_settings_say_what_renaming_and_deleting_touches_first(cast, as_member):
    anton = as_member(cast.anton)
    answer = anton.post(
        "/w/polarline/settings/fields/add/", {"name": "Girth", "kind": "select", "options": "S\nL", "default": "L"}
    )
    assert answer.status_code == 302
    size = CustomField.objects.get()
    assert [one["name"] for one in size.options] == ["S", "L"]
    for _ in range(2):
        make_item(cast.product)
    item = make_item(cast.product)
    put(cast, item, size, "S")
    url = f"/w/polarline/settings/fields/{size.public_id}/"
    assert "3 items have a value" in anton.get(url).content.decode()
    option = f"{url}options/{size.options[0]['key']}/"
    assert "1 item has this option" in anton.get(option).content.decode()
    anton.post(option, {"name": "Tiny"})
    assert "Tiny" in as_member(cast.carol).get(at(item)).content.decode()
    assert "3 items have a value" in anton.get(f"{url}delete/").content.decode()
    anton.post(option, {"remove": "1"})
    assert again(item).custom == {}
    anton.post(f"{url}options/add/", {"name": "XL"})
    assert anton.post(f"{url}options/add/", {"name": "xl"}).status_code == 422
    anton.post(f"{url}delete/")
    assert not CustomField.objects.exists()
    assert "item-fields" not in as_member(cast.carol).get(at(item)).content.decode()
    assert "No fields of your own yet" in anton.get("/w/polarline/settings/fields/").content.decode()


def test_settings_refuse_what_makes_no_sense_and_are_for_admins(cast, as_member, define):
    define("Dock")
    anton = as_member(cast.anton)
    for body in (
        {"name": "Dock", "kind": "text"},
        {"name": "", "kind": "text"},
        {"name": "L", "kind": "select"},
        {"name": "T", "kind": "text", "options": "a"},
        {"name": "N", "kind": "number", "default": "x"},
        {"name": "L", "kind": "multi", "options": "a\nA"},
        {"name": "x", "kind": "magic"},
    ):
        assert anton.post("/w/polarline/settings/fields/add/", body).status_code == 422, body
    assert CustomField.objects.count() == 1
    assert as_member(cast.mona).get("/w/polarline/settings/fields/").status_code == 403
    assert as_member(cast.mallory).get("/w/polarline/settings/fields/").status_code == 404


def test_the_item_page_asks_once_for_all_own_fields(cast, as_member, define, count_queries):
    item, mona, counts = make_item(cast.product), as_member(cast.mona), []
    for more in (3, 27):
        for number in range(more):
            define(f"Field {more} {number}", "select", options=["a", "b"])
        mona.get(at(item))
        counts.append(count_queries(lambda: mona.get(at(item))))
    assert counts[0] == counts[1]


def test_the_api_defines_reads_writes_and_filters(cast, api):
    made = api(
        cast.anton,
        "post",
        "/api/v1/custom-fields/",
        {"name": "Size", "kind": "select", "options": [{"name": "S"}, {"name": "L"}]},
    )
    assert made.status_code == 201, made.content
    key, options = made.json()["key"], made.json()["options"]
    assert [one["name"] for one in options] == ["S", "L"]
    item = make_item(cast.product)
    url = f"/api/v1/items/{item.key}/"
    answer = api(cast.mona, "patch", url, {"fields": {key: "L"}, "title": "Both"}, **{"If-Match": "*"})
    assert answer.json()["fields"] == {key: options[1]["key"]}
    found = api(cast.carol, "get", f"/api/v1/items/?{key}={options[1]['key']}").json()["results"]
    assert [one["title"] for one in found] == ["Both"]
    for wrong in ({"fields": {key: "Huge"}}, {"fields": {"nothing": 1}}, {"fields": [1]}):
        assert api(cast.mona, "patch", url, wrong, **{"If-Match": "*"}).status_code == 400
    assert api(cast.mona, "patch", url, {"fields": {key: None}}, **{"If-Match": "*"}).json()["fields"] == {}
    assert api(cast.mona, "post", "/api/v1/custom-fields/", {"name": "No"}).status_code == 403
    new = api(cast.bob, "post", "/api/v1/items/", {"product": "DSP", "title": "New", "fields": {key: "S"}})
    assert new.json()["fields"] == {key: options[0]["key"]}


@pytest.mark.parametrize("kind", ["text", "number", "date", "person", "url", "checkbox"])
def test_a_field_is_added_by_its_form_as_it_is_drawn(cast, as_member, kind):
    anton, address = as_member(cast.anton), "/w/polarline/settings/fields/add/"
    form = anton.get(address).context["form"]
    drawn = {bound.html_name: bound.value() or "" for bound in form}
    assert drawn["options"] == ""
    answer = anton.post(address, {**drawn, "name": "Mine", "kind": kind})
    assert answer.status_code == 302, answer.content.decode()
    assert CustomField.objects.get().kind == kind


def test_a_day_reads_as_days_do(cast, as_member, define):
    field, item = define("Promised", "date"), make_item(cast.product)
    put(cast, item, field, "2026-12-24")
    mona = as_member(cast.mona)
    for page in (at(item), f"/w/polarline/p/DSP/backlog/?columns=title,{field.key}"):
        assert "24 Dec" in mona.get(page).content.decode()
