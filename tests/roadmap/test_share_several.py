"""A link of a kept roadmap or of the portfolio: of products that are fixed in it, each of which its maker may share."""

import re
from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.roles import Role
from roadmap.exporting import FORMATS
from roadmap.models import Roadmap, SharedField, SharedLayout, ShareLink
from roadmap.sharing import moves
from roadmap.sharing.audience_check import check
from roadmap.sharing.places import SharePlace
from tests.factories import SYSTEM, make_item, make_product
from tests.roadmap.test_share_files import text_of, ways_out

HIDDEN = "Sell the company"
SITES = ["https://intranet.example.com"]


@pytest.fixture(autouse=True)
def fresh_counters():
    cache.clear()


@pytest.fixture
def items(cast, monkeypatch):
    """One of each product, and one that is internal."""
    monkeypatch.setattr("accounts.models.Workspace.today", lambda workspace: date(2026, 11, 22))
    days = {"horizon": "now", "starts_on": date(2026, 11, 3), "ends_on": date(2026, 12, 8)}
    make_item(cast.secret, HIDDEN, is_internal=True, **days)
    return [
        make_item(cast.product, "Live ETA link", lead=cast.bob, **days),
        make_item(cast.secret, "Quiet cab", description="TEXTq", **days),
    ]


@pytest.fixture
def kept(cast):
    return Roadmap.keep(
        cast.workspace,
        "Board plan",
        [cast.product, cast.secret],
        by=cast.actor("mona"),
        owner=cast.mona,
        is_shared=True,
    )


def place_of(cast, kept=None, products=None):
    return SharePlace(cast.mona, cast.workspace, None, kept, products or [cast.product, cast.secret])


def opened(cast, kept=None, *fields, products=None, **terms):
    """As the dialog opens one: after an audience check."""
    place, terms = place_of(cast, kept, products), {"lanes": "product", "precision": "day", **terms}
    draft = place.draft(
        of_products=sorted(one.pk for one in place.products), title="Winter", fields=list(fields),
        **{name: value for name, value in terms.items() if name != "password"},
    )  # fmt: skip
    return ShareLink.open_of(
        cast.workspace, place.products, "Winter", "Board", by=cast.actor("mona"), roadmap=kept, fields=list(fields),
        **terms, **check(draft, cast.mona).terms(),
    )  # fmt: skip


def visit(link):
    return Client().get(f"/s/{link.token}/")


def page_of(link):
    return visit(link).content.decode()


def mark_of(answer):
    return re.search(r'name="checked" value="(\w+)"', answer.content.decode()).group(1)


def share(kept=None, rest=""):
    return f"/w/polarline/roadmaps/{kept.public_id}/share/{rest}" if kept else f"/w/polarline/roadmap/share/{rest}"


# ---- what it shows


def test_each_product_is_a_lane_with_its_stage_under_the_links_own_title(cast, kept, items):
    kept.edit(by=cast.actor("mona"), name="Internal name of it")
    page = page_of(opened(cast, kept))
    for word in ("Winter", "Dispatch", "Secret product", "Live ETA link", "Quiet cab"):
        assert word in page
    assert "Internal name" not in page
    assert page.count('class="mm__row" role="row" data-stage="innovation"') == 2
    assert HIDDEN not in page


@pytest.mark.parametrize("layout", SharedLayout.values)
@pytest.mark.parametrize("lanes", ["product", ""])
def test_every_way_out_has_the_items_of_all_products_and_nothing_internal(cast, kept, items, layout, lanes):
    link = opened(cast, kept, *SharedField, sites=SITES, layout=layout, lanes=lanes)
    for address in [*ways_out(link), f"/s/{link.token}/present/"]:
        text = text_of(Client().get(address)).replace("\\", "")
        assert "Live ETA link" in text, address
        assert "Quiet cab" in text, address
        if "ics" not in address or not lanes:
            assert "Secret product" in text, address
        assert HIDDEN not in text, address
    items[1].edit(by=SYSTEM, is_internal=True)
    assert all("Quiet cab" not in text_of(Client().get(address)) for address in ways_out(link))


def test_a_capped_day_and_a_field_that_is_not_allowed_are_in_none_of_them(cast, kept, items):
    link = opened(cast, kept, SharedField.DATES, sites=SITES, precision="month")
    for address in [*ways_out(link), f"/s/{link.token}/present/"]:
        text = text_of(Client().get(address)).replace("\\", "")
        for word in ("8 Dec", "2026-12-08", "20261208", "TEXTq", "Bob", "DSP-1", "SEC-2"):
            assert word not in text, (address, word)


def test_a_line_about_a_product_is_a_description(cast, kept, items):
    cast.secret.edit(by=SYSTEM, tagline="TAGLINEq")
    assert "TAGLINEq" not in page_of(opened(cast, kept))
    assert "TAGLINEq" in page_of(opened(cast, kept, SharedField.DESCRIPTION))


def test_a_filter_is_one_of_all_products(cast, kept, items):
    make_item(cast.secret, "A bug", horizon="now", type="bug")
    page = page_of(opened(cast, kept, query="type=bug"))
    assert "A bug" in page
    assert "Live ETA link" not in page


def test_the_page_asks_as_much_for_many_items_and_products_as_for_few(cast, kept, items, count_queries):
    counts, fields = [], {*SharedField} - {SharedField.DEMAND, SharedField.REVENUE}  # a statement each
    for size in (2, 12):
        products = [cast.product, *(make_product(cast.workspace, f"P{size}{n}") for n in range(size))]
        for product in products:
            make_item(product, horizon="next")
        link = opened(cast, None, *fields, products=products)
        counts.append(count_queries(lambda link=link: visit(link)))
    assert counts[0] == counts[1] <= 3


# ---- its products


def test_what_the_roadmap_gets_later_is_not_shown_before_somebody_looked_at_it(cast, kept, items, as_member):
    new = make_product(cast.workspace, "NEW", name="Newcomer")
    make_item(new, "Not announced", horizon="now")
    link, mona = opened(cast, kept), as_member(cast.mona)
    kept.edit(by=cast.actor("mona"), products=[cast.product, cast.secret, new])
    assert "Newcomer" not in page_of(link)
    address = share(kept, f"{link.public_id}/")
    form = mona.get(address).context["form"]
    assert form["products"].value() == ["DSP", "SEC"]
    body = {
        "audience": "Board", "title": "Winter", "layout": "nnl", "lanes": "product", "precision": "none",
        "products": ["DSP", "SEC", "NEW"],
    }  # fmt: skip
    refused = mona.post(address, body)
    assert refused.status_code == 422
    assert "Newcomer" in refused.content.decode()
    assert "not on this link before" in refused.content.decode()
    assert "Newcomer" not in page_of(link)
    assert mona.post(address, {**body, "checked": mark_of(refused)}).status_code == 302
    assert "Not announced" in page_of(link)


def test_a_product_without_any_plan_is_looked_at_too(cast, kept, items, as_member):
    new = make_product(cast.workspace, "NEW", name="Newcomer")
    link = opened(cast, kept)
    kept.edit(by=cast.actor("mona"), products=[cast.product, cast.secret, new])
    draft = place_of(cast, kept).draft(
        of_products=[*link.of_products, new.pk], title="Winter", fields=[], lanes="product"
    )
    draft.pk, draft.checked_items = link.pk, link.checked_items
    seen = check(draft, cast.mona, link)
    assert [one.name for one in seen.new_products] == ["Newcomer"]
    assert seen.is_wider


def test_what_was_taken_out_of_the_roadmap_is_gone_at_once_and_stays_out(cast, kept, items):
    link, browser = opened(cast, kept, SharedField.DATES, sites=SITES), Client()
    known = browser.get(f"/s/{link.token}/")["ETag"]
    kept.edit(by=cast.actor("mona"), products=[cast.product])
    for address in ways_out(link):
        text = text_of(browser.get(address, headers={"If-None-Match": known}))
        assert "Live ETA link" in text
        assert "Quiet cab" not in text, address
    kept.edit(by=cast.actor("mona"), products=[cast.product, cast.secret])
    assert "Quiet cab" not in page_of(link), "Put there again, it was looked at by nobody."


def test_a_product_in_the_bin_leaves_the_page_and_with_the_last_the_link_closes(cast, kept, items):
    link = opened(cast, kept, sites=SITES)
    cast.secret.delete_softly(by=SYSTEM)
    page = page_of(link)
    assert "Live ETA link" in page
    assert "Quiet cab" not in page
    assert "Secret product" not in page
    cast.product.delete_softly(by=SYSTEM)
    assert [Client().get(address).status_code for address in ways_out(link)] == [404] * len(ways_out(link))


def test_the_links_of_a_roadmap_in_the_bin_are_closed(cast, kept, items):
    link, other = opened(cast, kept), opened(cast)
    kept.delete_softly(by=cast.actor("mona"))
    assert visit(link).status_code == 404
    assert visit(other).status_code == 200, "It is of the portfolio."


def test_a_page_is_sent_anew_when_anything_of_any_product_changes(cast, kept, items):
    link, browser = opened(cast, kept), Client()
    for change in (
        lambda: items[1].edit(by=SYSTEM, title="Quieter cab"),
        lambda: cast.secret.edit(by=SYSTEM, name="Open product"),
        lambda: link.edit(by=SYSTEM, note="Mind the dates"),
    ):
        known = browser.get(f"/s/{link.token}/")["ETag"]
        assert browser.get(f"/s/{link.token}/", headers={"If-None-Match": known}).status_code == 304
        change()
        assert browser.get(f"/s/{link.token}/", headers={"If-None-Match": known}).status_code == 200


@pytest.mark.parametrize("end", ["revoke", "rotate"])
def test_every_way_out_is_closed_with_the_link(cast, kept, items, end):
    link, browser = opened(cast, kept, SharedField.DATES, sites=SITES), Client()
    ways = [*ways_out(link), f"/feeds/{link.public_id}/{link.feed_signature}/changes.atom"]
    known = browser.get(ways[0])["ETag"]
    assert all(browser.get(address).status_code == 200 for address in ways)
    getattr(link, end)(by=cast.actor("mona"))
    for address in ways:
        assert browser.get(address, headers={"If-None-Match": known}).status_code == 404, address


# ---- who may


def test_only_what_one_manages_can_be_shared(cast, kept, items, as_member):
    dave, form = as_member(cast.dave), {"audience": "Board", "title": "T", "precision": "none", "layout": "nnl"}
    assert [one.key for one in dave.get(share(kept)).context["place"].products] == ["DSP"]
    assert "Secret" not in dave.get(share(kept)).content.decode()
    answer = dave.post(share(kept), {**form, "products": ["DSP", "SEC"]})
    assert answer.status_code == 422
    assert "There is no product SEC that you may share here" in answer.content.decode()
    for who in (cast.bob, cast.carol):
        assert as_member(who).get(share(kept)).status_code == 403
        assert as_member(who).get(share()).status_code == 403
    cast.secret.give_role(cast.mona, Role.CONTRIBUTOR, by=SYSTEM)
    page = as_member(cast.mona).get(share(kept)).content.decode()
    assert "Not to be chosen, since you do not manage them: Secret product." in page
    assert ShareLink.objects.count() == 0


def test_a_link_is_looked_after_by_who_may_share_each_of_its_products(cast, kept, items, as_member):
    link, mona, dave = opened(cast, kept), as_member(cast.mona), as_member(cast.dave)
    of_product = "/w/polarline/p/DSP/share/links/"
    for address in (share(kept, "links/"), of_product):
        assert link.token in mona.get(address).content.decode(), address
        assert link.token not in dave.get(address).content.decode(), address
    assert dave.post(share(kept, f"{link.public_id}/revoke/")).status_code == 404
    assert dave.post(f"/w/polarline/p/DSP/share/{link.public_id}/revoke/").status_code == 404
    assert mona.get(f"/w/polarline/p/DSP/share/{link.public_id}/").status_code == 404, (
        "It is changed where it was made."
    )
    assert mona.post(f"/w/polarline/p/DSP/share/{link.public_id}/revoke/").status_code == 302
    assert visit(link).status_code == 404


def test_a_link_is_opened_in_the_dialog_of_a_kept_roadmap_after_a_look(cast, kept, items, as_member):
    kept.edit(by=cast.actor("mona"), layout="list", query="type=feature")
    mona = as_member(cast.mona)
    form = mona.get(share(kept)).context["form"]()
    assert (form["layout"].value(), form["query"].value(), form["title"].value()) == (
        "list",
        "type=feature",
        "Board plan",
    )
    assert form["products"].value() == ["DSP", "SEC"]
    body = {
        "audience": "Board", "title": "Winter", "layout": "nnl", "lanes": "product", "precision": "month",
        "fields_allowed": ["status"], "products": ["DSP", "SEC"],
    }  # fmt: skip
    looked = mona.post(share(kept, "look/"), body)
    text = looked.content.decode()
    for word in ("2 products", "Dispatch", "Secret product", "SEC-2 Quiet cab", "never in a shared link before"):
        assert word in text, word
    preview = re.search(r'<iframe[^>]* src="([^"]+)"', text).group(1).replace("&amp;", "&")
    assert "Quiet cab" in mona.get(preview).content.decode()
    assert mona.post(share(kept), body).status_code == 422, "Nobody has looked."
    assert mona.post(share(kept), {**body, "checked": mark_of(looked)}).status_code == 302
    link = ShareLink.objects.get()
    assert (link.roadmap, link.product, link.title) == (kept, None, "Winter")
    assert {one.name for one in link.parts} == {"Dispatch", "Secret product"}
    assert "Quiet cab" in page_of(link)
    for page in ("links/", "log/", "files/", ""):
        assert mona.get(share(kept, page)).status_code == 200


def test_the_portfolio_is_shared_without_what_comes_to_it_later(cast, items, as_member):
    mona = as_member(cast.mona)
    assert 'data-dialog-url="/w/polarline/roadmap/share/?"' in mona.get("/w/polarline/roadmap/").content.decode()
    body = {
        "audience": "Board", "title": "Portfolio", "layout": "timeline", "lanes": "product", "precision": "quarter",
        "products": ["DSP", "SEC"],
    }  # fmt: skip
    assert mona.post(share(), {**body, "checked": mark_of(mona.post(share(), body))}).status_code == 302
    link = ShareLink.objects.get()
    assert link.roadmap is None
    make_item(make_product(cast.workspace, "NEW", name="Newcomer"), "Not announced", horizon="now")
    page = page_of(link)
    assert "Quiet cab" in page
    assert "Newcomer" not in page


# ---- the audience check


def test_a_field_is_known_where_every_product_was_shown_with_it(cast, kept, items):
    ShareLink.open_to(
        cast.product, "Sales", by=cast.actor("mona"), fields=["lead"], checked_fields=["lead"],
        checked_items=[items[0].pk],
    )  # fmt: skip
    terms = {"fields": ["lead"], "title": "T", "lanes": "product"}
    seen = check(place_of(cast, kept).draft(of_products=[cast.product.pk, cast.secret.pk], **terms), cast.mona)
    assert [one.name for one in seen.new_fields] == ["lead"]
    assert [row["title"] for row in seen.new_items] == ["Quiet cab"]
    assert [one.name for one in seen.new_products] == ["Secret product"]
    alone = check(place_of(cast, kept).draft(of_products=[cast.product.pk], **terms), cast.mona)
    assert not alone.is_wider


def test_what_one_showed_is_not_new_for_a_link_of_its_product(cast, kept, items):
    opened(cast, kept, SharedField.STATUS)
    draft = ShareLink(workspace=cast.workspace, product=cast.product, audience="Sales", fields=["status"])
    assert not check(draft, cast.mona).is_wider


# ---- what moves


def test_what_moves_in_any_product_is_told_in_the_feed_and_on_the_home(cast, kept, items, as_member):
    link = opened(cast, kept, SharedField.DATES)
    link.share_with([cast.dave], by=cast.actor("mona"))
    moves.notice_all()
    items[1].edit(by=SYSTEM, ends_on=date(2027, 2, 8))
    moves.notice_all()
    feed = Client().get(f"/feeds/{link.public_id}/{link.feed_signature}/changes.atom").content.decode()
    assert "Quiet cab moved from 8 Dec to 8 Feb 2027" in feed
    dave = as_member(cast.dave)
    home = dave.get("/w/polarline/shared/").content.decode()
    assert "Winter · Board" in home
    assert "Quiet cab moved" in home
    assert dave.post(f"/w/polarline/shared/{link.public_id}/ask/", {"question": "Why?"}).status_code == 302
    assert "Why?" in as_member(cast.mona).get(f"/w/polarline/shared/{link.public_id}/").content.decode()


def test_members_take_the_whole_roadmap_of_what_they_see_along(cast, kept, items, as_member):
    for name in FORMATS:
        text = text_of(as_member(cast.carol).get(share(kept, f"files/{name}/"))).replace("\\", "")
        assert "Quiet cab" in text
        assert HIDDEN not in text
        assert "Quiet cab" not in text_of(as_member(cast.dave).get(share(kept, f"files/{name}/"))).replace("\\", "")


def test_the_api_opens_links_of_several_products(cast, kept, items, api):
    body = {
        "products": ["DSP", "SEC"],
        "roadmap": kept.public_id,
        "title": "Winter",
        "audience": "Board",
        "lanes": "product",
    }
    made = api(cast.mona, "post", "/api/v1/share-links/", body)
    assert made.status_code == 201, made.content
    assert made.json()["products"] == ["DSP", "SEC"]
    assert "Quiet cab" in Client().get(made.json()["path"]).content.decode()
    assert api(cast.dave, "post", "/api/v1/share-links/", body).status_code == 400
    assert api(cast.dave, "get", "/api/v1/share-links/").json()["results"] == []
    assert api(cast.mona, "post", "/api/v1/share-links/", {**body, "product": "DSP"}).status_code == 400
    assert api(cast.bob, "post", "/api/v1/share-links/", body).status_code == 403
    link = made.json()["id"]
    assert api(cast.dave, "delete", f"/api/v1/share-links/{link}/").status_code == 404
    assert api(cast.mona, "delete", f"/api/v1/share-links/{link}/").status_code == 204
    assert Client().get(made.json()["path"]).status_code == 404
