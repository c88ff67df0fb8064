"""What stands around the form of a share link: the links that there are, what they can show, and for whom. One statement."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Max, QuerySet, Sum

from accounts.models import Member
from accounts.prepared import Prepared
from accounts.together import Together
from changes.models import Change
from config import clock
from roadmap.models import CustomField, Roadmap, SavedView, ShareLink, ShareOpening
from roadmap.models.share_rows import Kind
from roadmap.sharing.places import SharePlace


def _newest(member: Member, at: int, kind: Kind, most: int) -> QuerySet[ShareLink]:
    return ShareLink.objects.shareable_by(member).shared_at(kind, at).select_related("product")[:most]


def _changes(member: Member, at: int, kind: Kind, most: int) -> QuerySet[Change]:
    """The last of each link: who opened or revoked it, and when."""
    newest = _newest(member, at, kind, most).values("change_id")
    return Change.objects.visible_to(member).filter(pk__in=newest).select_related("member__user")


def _counts(member: Member, at: int, kind: Kind, most: int) -> QuerySet[Any, tuple[int, int, Any]]:
    rows = ShareOpening.objects.filter(link__in=_newest(member, at, kind, most).values("pk")).order_by()
    return rows.values("link").annotate(times=Sum("count"), last=Max("last_at")).values_list("link", "times", "last")


def _open(member: Member, at: int, now: datetime, kind: Kind) -> QuerySet[Any, tuple[int]]:
    rows = ShareLink.objects.shareable_by(member).shared_at(kind, at).public(now).order_by()
    return rows.values("workspace").annotate(n=Count("pk")).values_list("n")


NEWEST, CHANGES, COUNTS, OPEN = Prepared(_newest), Prepared(_changes), Prepared(_counts), Prepared(_open)
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
    lambda workspace: Member.objects.current().filter(workspace=workspace).values_list("public_id", "user__name")
)


OWN = Prepared(lambda workspace: CustomField.objects.filter(workspace=workspace).values_list("key", "name"))


class Around:
    """`links` are the newest that are shared at `place`, each with its `last` change and how often it was opened; `choices` queries and names
    of what is kept, which a link can show; `people` those whose home it can stand on; `own` keys and names of the workspace's own
    fields."""

    def __init__(self, place: SharePlace, most: int) -> None:
        together, member, at = Together(), place.member, place.at
        newest, changes, counts = (
            together.ask(one, member, at, variant=(place.kind, most)) for one in (NEWEST, CHANGES, COUNTS)
        )
        opened = together.ask(OPEN, member, at, clock.now(), variant=(place.kind,))
        kept = [together.ask(one, member, place.product) for one in (VIEWS, ROADMAPS)] if place.product else []
        people, own = (together.ask(one, place.workspace.pk) for one in (PEOPLE, OWN))
        self.links = [_told(one, place, changes(), counts()) for one in newest()]
        self.open_links = opened()[0][0] if opened() else 0
        self.choices: list[tuple[str, str]] = [one for rows in kept for one in rows()]
        if place.roadmap is not None and place.roadmap.query:
            self.choices.append((place.roadmap.query, place.roadmap.name))
        self.people: list[tuple[str, str]] = people()
        self.own: list[tuple[str, str]] = own()


def _told(link: Any, place: SharePlace, changes: list[Change], counts: list[tuple[int, int, Any]]) -> Any:
    link.workspace, link.is_here = place.workspace, place.holds(link)
    link.addresses = {one: place.address(f"share_{one}", link.public_id) for one in ("edit", "rotate", "revoke")}
    link.last = next((one for one in changes if one.pk == link.change_id), None)
    link.times, link.last_opened = next(((times, last) for pk, times, last in counts if pk == link.pk), (0, None))
    return link
