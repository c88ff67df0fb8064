"""Where the plans stand in the frame around a page."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from accounts.prepared import Prepared
from accounts.roles import Role
from products.models import Product
from roadmap.models import Item
from ui import shell

MOST = 1000  #: a number beside a word: on every page, so not of ten thousand rows


def register() -> None:
    shell.add(*_of_a_product(), *_of_the_workspace(), *_settings())


def _of_a_product() -> list[shell.Entry]:
    return [
        shell.Entry(
            "backlog", _("Backlog"), "roadmap:backlog", icon="list-ordered", section="product", order=30, keys="g b",
            also=("items", "matrix", "scoring", "components"), most=MOST, count=_open_items,
        ),
        shell.Entry(
            "roadmap", _("Roadmap"), "roadmap:roadmap", icon="chart-gantt", section="product", order=40, keys="g r",
            also=("share",), tab=True,
        ),
        shell.Entry(
            "releases", _("Releases"), "roadmap:releases", icon="flag", section="product", order=50, also=("changelog",)
        ),
    ]  # fmt: skip


def _of_the_workspace() -> list[shell.Entry]:
    return [
        shell.Entry(
            "roadmaps", _("Roadmaps"), "roadmap:portfolio", icon="chart-gantt", order=50, also=("roadmaps",),
        ),
        shell.Entry(
            "shared_with_me", _("Shared with me"), "roadmap:shared_with_me", icon="presentation", section="shared",
            order=60,
        ),
    ]  # fmt: skip


def _settings() -> list[shell.Entry]:
    return [
        _setting("statuses", _("Statuses"), "list-checks", 33),
        _setting("item_types", _("Types of items"), "boxes", 34, also=("types",)),
        _setting("custom_fields", _("Fields of items"), "list-checks", 40, also=("fields",)),
        _setting("templates", _("Templates"), "file-text", 41),
        _setting("scorecards", _("Scorecards"), "scale", 42),
    ]


def _setting(name: str, label: Any, icon: str, order: int, also: tuple[str, ...] = ()) -> shell.Entry:
    return shell.Entry(
        name, label, f"roadmap:{name}", icon, "settings", _("Workspace"), order, shows=_is_admin, also=also
    )


def _is_admin(request: HttpRequest) -> bool:
    return request.member.may(Role.ADMIN)


def _open(member: Member, product: Product) -> QuerySet[Item]:
    return Item.objects.visible_at(product, member).open().order_by().values("pk")[:MOST]


OPEN = Prepared(_open)


def _open_items(request: HttpRequest) -> tuple[str, list[Any]]:
    return OPEN.statement(request.member, request.product)
