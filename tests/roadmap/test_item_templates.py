from roadmap.models import Item, ItemTemplate
from tests.factories import make_item

SETTINGS = "/w/polarline/settings/templates/"


def at(item, path=""):
    return f"/w/{item.workspace.slug}/p/{item.product.key}/items/{item.number}/{path}"


def test_an_admin_writes_one_for_a_type_and_an_item_without_description_offers_it(cast, as_member):
    answer = as_member(cast.anton).post(
        SETTINGS, {"bug": "## {title}\r\nSeen in {product} by {lead} ({key})\r\n{else}"}
    )
    assert answer.status_code == 302
    bug, feature = make_item(cast.product, "Crash", type="bug", lead=cast.bob), make_item(cast.product, "Idea")
    mona = as_member(cast.mona)
    assert "Start from the template" in mona.get(at(bug)).content.decode()
    assert "Start from the template" not in mona.get(at(feature)).content.decode()
    assert "Start from the template" not in as_member(cast.carol).get(at(bug)).content.decode()
    assert mona.post(at(bug, "template/")).status_code == 302
    assert Item.objects.get(pk=bug.pk).description == f"## Crash\nSeen in Dispatch by Bob ({bug.key})\n{{else}}"
    assert mona.post(at(feature, "template/")).status_code == 404


def test_filled_in_from_the_drawer_the_description_stands_in_its_place_there(cast, as_member):
    ItemTemplate.keep(cast.workspace, {"feature": "Who has the *need*?"}, by=cast.actor("anton"))
    item = make_item(cast.product, "Idea")
    mona = as_member(cast.mona)
    drawer = mona.get(at(item), headers={"HX-Request": "true"}).content.decode()
    assert f'hx-post="{at(item, "template/")}" hx-target="#field-{item.number}-description"' in drawer
    assert f'<c-edit id="field-{item.number}-description"' in drawer
    answer = mona.post(at(item, "template/"), headers={"HX-Request": "true"})
    told = answer.content.decode()
    assert answer.status_code == 200
    assert told.startswith(f'<c-edit id="field-{item.number}-description"')
    assert "Who has the <em>need</em>?" in told
    assert "data-show autofocus" in told
    assert f'<form id="template-{item.number}" hx-swap-oob="delete">' in told
    change = Item.objects.get(pk=item.pk).change_id
    assert f"/w/polarline/changes/{change}/undo/" in answer["HX-Trigger"]
    assert answer["X-Change"] == str(change)


def test_a_description_that_is_there_is_never_written_over(cast, as_member):
    ItemTemplate.keep(cast.workspace, {"feature": "Template"}, by=cast.actor("anton"))
    item = make_item(cast.product, "Idea", description="Mine")
    mona = as_member(cast.mona)
    assert "Start from the template" not in mona.get(at(item)).content.decode()
    answer = mona.post(at(item, "template/"), headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert answer["HX-Reswap"] == "none"
    assert "has a description already" in answer["HX-Trigger"]
    assert Item.objects.get(pk=item.pk).description == "Mine"


def test_an_empty_text_removes_one_and_undo_brings_it_back(cast, as_member):
    ItemTemplate.keep(cast.workspace, {"feature": "One", "bug": "Two"}, by=cast.actor("anton"))
    anton = as_member(cast.anton)
    assert "One" in anton.get(SETTINGS).content.decode()
    change = ItemTemplate.keep(cast.workspace, {"feature": "", "bug": "Two"}, by=cast.actor("anton"))
    assert list(ItemTemplate.objects.values_list("type", flat=True)) == ["bug"]
    anton.post(f"/w/polarline/changes/{change}/undo/")
    assert ItemTemplate.objects.count() == 2


def test_it_is_for_admins_and_too_long_a_text_is_kept_with_a_sentence(cast, as_member):
    for person in (cast.mona, cast.carol):
        assert as_member(person).get(SETTINGS).status_code == 403
    assert as_member(cast.mallory).get(SETTINGS).status_code == 404
    answer = as_member(cast.anton).post(SETTINGS, {"bug": "kept words " + "x" * 20_000})
    assert answer.status_code == 422
    assert "kept words" in answer.content.decode()


def test_the_api_reads_and_writes_them(cast, api):
    made = api(cast.anton, "post", "/api/v1/item-templates/", {"type": "bug", "text": "Steps:"})
    assert made.status_code == 201
    assert api(cast.anton, "post", "/api/v1/item-templates/", {"type": "bug", "text": "Again"}).status_code == 422
    assert [one["text"] for one in api(cast.carol, "get", "/api/v1/item-templates/").json()["results"]] == ["Steps:"]
    assert api(cast.mona, "post", "/api/v1/item-templates/", {"type": "epic", "text": "No"}).status_code == 403
