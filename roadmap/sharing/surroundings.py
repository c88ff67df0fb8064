"""What stands around the form of a share link: the links that there are, what they can show, and for whom. One statement."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Max, QuerySet, Sum

from accounts.models import Member, Workspace
from accounts.prepared import Prepared
from accounts.together import Together
from changes.models import Change
from config import clock
from products.models import Product
from roadmap.models import Roadmap, SavedView, ShareLink, ShareOpening


def _newest(member: Member, product: Product, most: int) -> QuerySet[ShareLink]:
    return ShareLink.objects.visible_to(member).of(product)[:most]


def _changes(member: Member, product: Product, most: int) -> QuerySet[Change]:
    """The last of each link: who opened or revoked it, and when."""
    newest = _newest(member, product, most).values("change_id")
    return Change.objects.visible_to(member).filter(pk__in=newest).select_related("member__user")


def _counts(member: Member, product: Product, most: int) -> QuerySet[Any, tuple[int, int, Any]]:
    rows = ShareOpening.objects.filter(link__in=_newest(member, product, most).values("pk")).order_by()
    return rows.values("link").annotate(times=Sum("count"), last=Max("last_at")).values_list("link", "times", "last")


NEWEST, CHANGES, COUNTS = Prepared(_newest), Prepared(_changes), Prepared(_counts)
OPEN = Prepared(
    lambda member, product, now: (
        ShareLink.objects.visible_to(member)
        .of(product)
        .public(now)
        .order_by()
        .values("product")
        .annotate(n=Count("pk"))
        .values_list("n")
    )
)
VIEWS = Prepared(
    lambda member, product: (
        SavedView.objects.visible_to(member).of(product).exclude(query="").values_list("query", "name")
    )
)
ROADMAPS = Prepared(
    lambda member, product: (
        Roadmap.objects.visible_to(member).filter(products=product).exclude(query="").values_list("query", "name")
    )
)
PEOPLE = Prepared(
    lambda product: (
        Member.objects.current().filter(workspace=product.workspace_id).values_list("public_id", "user__name")
    )
)


class Around:
    """`links` are the newest of `product`, each with its `last` change and how often it was opened; `choices` queries and names of what
    is kept, which a link can show; `people` those whose home it can stand on."""

    def __init__(self, member: Member, product: Product, most: int) -> None:
        together = Together()
        newest, changes, counts = (
            together.ask(one, member, product, variant=(most,)) for one in (NEWEST, CHANGES, COUNTS)
        )
        opened = together.ask(OPEN, member, product, clock.now())
        views, roadmaps = (together.ask(one, member, product) for one in (VIEWS, ROADMAPS))
        people = together.ask(PEOPLE, product)
        self.links = [_told(one, product.workspace, changes(), counts()) for one in newest()]
        self.open_links = opened()[0][0] if opened() else 0
        self.choices: list[tuple[str, str]] = [*views(), *roadmaps()]
        self.people: list[tuple[str, str]] = people()


def _told(link: Any, workspace: Workspace, changes: list[Change], counts: list[tuple[int, int, Any]]) -> Any:
    link.workspace = workspace
    link.last = next((one for one in changes if one.pk == link.change_id), None)
    link.times, link.last_opened = next(((times, last) for pk, times, last in counts if pk == link.pk), (0, None))
    return link
