"""Stages that are entered before Cradle, and opened again."""

from products.models import Product
from tests.lifecycle.gates import at, go, states, track_of


def test_a_product_that_sells_already_enters_its_stage_when_it_is_made(cast, as_member):
    answer = as_member(cast.mona).post(
        f"/w/{cast.workspace.slug}/products/add/",
        {"name": "Coldwatch", "key": "CLD", "kind": "physical", "stage": "in_life"},
    )
    assert answer.status_code == 302
    product = Product.objects.get(key="CLD")
    assert product.stage == "in_life"
    assert track_of(product).adopted_by == cast.mona
    page = as_member(cast.carol).get(at(product)).content.decode()
    assert "Entered In-life before Cradle, said Mona" in page


def test_where_a_product_stands_is_said_once(cast, as_member):
    mona = as_member(cast.mona)
    assert "Already further?" in mona.get(at(cast.product)).content.decode()
    typed = {"stage": "development", "since": "2026-01-05", "reason": "The team builds it"}
    assert mona.post(at(cast.product, "stage/adopt/"), {**typed, "reason": ""}).status_code == 422
    assert mona.post(at(cast.product, "stage/adopt/"), typed).status_code == 302
    again = mona.post(at(cast.product, "stage/adopt/"), typed)
    assert again.status_code == 422
    assert "once already" in again.content.decode()
    assert "Already further?" not in mona.get(at(cast.product)).content.decode()


def test_a_finished_stage_is_opened_again_beside_the_later_one(cast, as_member):
    go(cast.product, 1)
    mona = as_member(cast.mona)
    typed = {"stage": "innovation", "reason": "The next version"}
    assert mona.post(at(cast.product, "stage/reopen/"), {**typed, "stage": "in_life"}).status_code == 422
    assert mona.post(at(cast.product, "stage/reopen/"), typed).status_code == 302
    assert states(cast.product) == {"innovation": "active", "analysis": "active"}
    assert "Also in Innovation" in mona.get(f"/w/{cast.workspace.slug}/lifecycle/").content.decode()
