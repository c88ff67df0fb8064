from __future__ import annotations

from accounts.roles import Role
from products.models import Product
from tests.factories import SYSTEM, make_item, make_product

PAGE = "/w/polarline/products/archived/"


def test_an_archived_product_stands_there_with_who_and_comes_back_whole(cast, as_member):
    item = make_item(cast.product, "Live ETA link")
    mona = as_member(cast.mona)
    mona.post("/w/polarline/p/DSP/archive/")
    page = as_member(cast.alice).get(PAGE).content.decode()
    assert "Dispatch" in page
    assert "archived by Mona" in page
    answer = as_member(cast.alice).post(f"{PAGE}dsp/restore/")
    assert answer.url == "/w/polarline/p/DSP/"
    assert "Live ETA link" in mona.get(f"/w/polarline/p/DSP/items/{item.number}/").content.decode()
    assert "Nothing is archived" in as_member(cast.alice).get(PAGE).content.decode()
    assert mona.post(f"{PAGE}DSP/restore/").status_code == 404


def test_it_is_shown_to_those_who_may_bring_it_back_alone(cast, as_member):
    cast.secret.delete_softly(by=cast.actor("alice"))
    cast.product.give_role(cast.mona, Role.VIEWER, by=SYSTEM)
    cast.product.delete_softly(by=cast.actor("alice"))
    shown = {
        name: [key for key in ("Secret product", "Dispatch") if key in as_member(getattr(cast, name)).get(PAGE).content.decode()]
        for name in ("alice", "mona", "dave")
    }  # fmt: skip
    assert shown == {"alice": ["Secret product", "Dispatch"], "mona": ["Secret product"], "dave": ["Dispatch"]}
    for member in (cast.bob, cast.carol):
        assert as_member(member).get(PAGE).status_code == 403
    assert as_member(cast.dave).post(f"{PAGE}SEC/restore/").status_code == 404
    assert as_member(cast.mona).post(f"{PAGE}DSP/restore/").status_code == 404
    assert as_member(cast.mallory).get(PAGE).status_code == 404
    assert not Product.objects.filter(workspace=cast.workspace).exists()


def test_the_api_brings_back_too(cast, api):
    cast.secret.delete_softly(by=cast.actor("alice"))
    path = "/api/v1/products/SEC/restore/"
    assert api(cast.bob, "post", path).status_code == 403
    assert api(cast.dave, "post", path).status_code == 404
    assert api(cast.mona, "post", path).json()["key"] == "SEC"
    assert api(cast.mona, "post", path).status_code == 200
    assert api(cast.mona, "get", "/api/v1/products/SEC/").status_code == 200


def test_a_long_list_goes_on_and_asks_as_much_as_a_short_one(cast, as_member, count_queries):
    alice, counts = as_member(cast.alice), []
    made = 0
    for target in (3, 55):
        while made < target:
            make_product(cast.workspace, name=f"Old {made}").delete_softly(by=SYSTEM)
            made += 1
        counts.append(count_queries(lambda: alice.get(PAGE)))
    assert counts[0] == counts[1]
    page = alice.get(PAGE)
    assert page.context["next"]
    rest = alice.get(PAGE, {"after": page.context["next"]})
    assert len(rest.context["rows"]) == 5
    assert alice.get(PAGE, {"after": "broken"}).status_code == 302
