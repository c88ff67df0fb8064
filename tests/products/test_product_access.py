from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.ports import ports
from accounts.roles import Role
from accounts.signed_in import MEMBERSHIPS
from products.models import Product, ProductRole
from products.models.product import seen_products
from products.reach import remember
from tests.factories import SYSTEM, make_member, make_product, make_team

DSP = "/w/polarline/p/DSP/"
ACCESS = f"{DSP}settings/access/"


def test_an_admin_limits_a_product_to_a_team_and_opens_it_again(cast, as_member):
    admin, carol, dave = as_member(cast.anton), as_member(cast.carol), as_member(cast.dave)
    team = make_team(cast.workspace, "Dispatch", cast.dave)
    assert carol.get(DSP).status_code == 200
    limited = admin.post(ACCESS, {"access": "teams", "teams_chosen": [team.public_id]})
    assert limited.status_code == 302
    assert carol.get(DSP).status_code == 404
    assert dave.get(DSP).status_code == 200
    assert admin.get(DSP).status_code == 200
    assert "Dispatch" in admin.get(ACCESS).content.decode()
    admin.post(ACCESS, {"access": "workspace", "teams_chosen": [team.public_id]})
    assert carol.get(DSP).status_code == 200
    assert not cast.product.team_links.exists()


@pytest.mark.parametrize("name", ["mona", "bob", "carol", "dave"])
def test_only_admins_change_access(cast, as_member, name):
    client = as_member(getattr(cast, name))
    assert client.get(ACCESS).status_code == 403
    assert client.post(ACCESS, {"access": "teams"}).status_code == 403
    assert client.post(f"{ACCESS}role/", {"member": cast.bob.public_id, "role": 30}).status_code == 403


def test_a_role_at_a_product_does_not_let_one_give_roles(cast, as_member):
    cast.product.give_role(cast.bob, Role.MANAGER, by=SYSTEM)
    assert as_member(cast.bob).post(f"{ACCESS}role/", {"member": cast.bob.public_id, "role": 30}).status_code == 403


def test_limiting_needs_a_team_of_this_workspace(cast, as_member):
    admin = as_member(cast.anton)
    elsewhere = make_team(cast.mallory.workspace, "Theirs", cast.mallory)
    for teams in ([], [elsewhere.public_id], ["nothing"], ["\0"]):
        assert admin.post(ACCESS, {"access": "teams", "teams_chosen": teams}).status_code == 422
    assert admin.post(ACCESS, {"access": "nobody"}).status_code == 422
    cast.product.refresh_from_db()
    assert cast.product.access == "workspace"


def test_a_member_gets_another_role_here_and_loses_it_again(cast, as_member):
    admin, bob = as_member(cast.anton), as_member(cast.bob)
    assert bob.get(f"{DSP}edit/").status_code == 403
    given = admin.post(f"{ACCESS}role/", {"member": cast.bob.public_id, "role": Role.MANAGER})
    assert given.status_code == 302
    assert bob.get(f"{DSP}edit/").status_code == 200
    assert "Manager here, Contributor elsewhere" in admin.get(ACCESS).content.decode()
    admin.post(f"{ACCESS}role/", {"member": cast.bob.public_id})
    assert bob.get(f"{DSP}edit/").status_code == 403
    assert not ProductRole.objects.exists()


def test_roles_go_to_members_who_see_the_product_and_are_no_admins(cast, as_member):
    admin = as_member(cast.anton)
    for member, role in ((cast.mallory, 10), (cast.alice, 10), (cast.bob, 40), (cast.bob, 50), (cast.bob, "x")):
        assert admin.post(f"{ACCESS}role/", {"member": member.public_id, "role": role}).status_code == 422
    secret = "/w/polarline/p/SEC/settings/access/role/"
    assert admin.post(secret, {"member": cast.dave.public_id, "role": 30}).status_code == 422


def test_another_role_closes_the_stream(cast, monkeypatch, django_capture_on_commit_callbacks):
    closed = []
    monkeypatch.setattr(ports, "close_streams", closed.append)
    with django_capture_on_commit_callbacks(execute=True):
        cast.product.give_role(cast.bob, Role.VIEWER, by=cast.actor("anton"))
    assert closed == [cast.bob]


def test_the_page_asks_as_much_with_thirty_roles_as_with_three(cast, as_member):
    admin = as_member(cast.anton)

    def grow(number):
        for _ in range(number):
            cast.product.give_role(make_member(cast.workspace), Role.VIEWER, by=SYSTEM)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert admin.get(ACCESS).status_code == 200
        return len(queries)

    grow(3)
    admin.get(ACCESS)
    few = asked()
    grow(27)
    assert asked() == few


def test_what_is_read_with_a_member_is_what_they_see(cast):
    make_product(cast.workspace, "GON").delete_softly(by=SYSTEM)
    for member in (cast.alice, cast.anton, cast.mona, cast.bob, cast.carol, cast.dave, cast.mallory):
        (read,) = MEMBERSHIPS.rows(member.user_id)
        read.memory = {}
        remember(read, read.places)
        asked = list(
            Product.objects.visible_to(member).order_by("name", "pk").values_list("pk", "key", "name", "stage")
        )
        assert [tuple(one) for one in seen_products(read)] == asked
    assert len(asked) == 1
