"""What members hear of a kept roadmap that they follow: what others changed, of what they see, with the reason. On their home, and by mail."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Member
from accounts.refusals import Refused
from config import clock
from jobs import mail
from jobs.apart import each_apart
from products.models import Product
from roadmap.backlog.filters import item_language
from roadmap.models import Roadmap, Subscription
from roadmap.plans.designs import Layout
from roadmap.time_machine.compared import Compared
from roadmap.time_machine.comparing import Difference, Kind
from roadmap.time_machine.differing import differing
from roadmap.time_machine.lately import touched
from roadmap.time_machine.states import Asked
from roadmap.time_machine.told_differences import KINDS, amount, dates

LISTED = 50
LATELY = timedelta(days=7)
MORNING = 7


class Line(NamedTuple):
    """What became of one plan; who did it and why, where that is known."""

    sentence: str
    reason: str
    who: str


class Told(NamedTuple):
    lines: list[Line]
    count: int


def told(roadmap: Roadmap, member: Member, since: datetime, until: datetime | None = None) -> Told:
    """What others changed on it, as it is kept, of the products that `member` sees. Nothing where its filter cannot be read any more."""
    asked = _asked(roadmap, member)
    narrowed = touched(asked, since) if asked is not None else None
    if narrowed is None:
        return Told([], 0)
    found = Compared(differing(narrowed, since, until, clock.now(), most=LISTED))
    deeds, today = found.deeds, member.workspace.today()
    lines = []
    for one in found.comparison.differences:
        deed = deeds.get(one.key)
        lines.append(Line(_sentence(one, today), deed.why if deed else "", deed.who if deed else ""))
    return Told(lines, found.changed)


def _asked(roadmap: Roadmap, member: Member) -> Asked | None:
    products = list(Product.objects.visible_to(member).filter(roadmaps=roadmap).order_by("name", "pk"))
    condition = None
    if roadmap.query:
        language = item_language(member.workspace, products[0] if len(products) == 1 else None)
        try:
            condition = language.compile(language.from_query(QueryDict(roadmap.query)))
        except Refused:
            return None
    ids = tuple(one.pk for one in products)
    return Asked(member, ids, condition, roadmap.layout == Layout.HORIZONS) if ids else None


def _sentence(one: Difference, today: Any) -> str:
    """`Live ETA link (DSP-142): Slipped +2 weeks, 5 Feb → 5 Mar`."""
    name = (
        f"{one.there.title} ({one.there.key})"
        if "-" in one.there.key and one.there.noun.value == "item"
        else one.there.title
    )
    far, days = amount(one, today), dates(one, today)
    what = (
        f"{KINDS[one.kind]} {far}"
        if one.kind in (Kind.SLIPPED, Kind.PULLED)
        else ", ".join(filter(None, [str(KINDS[one.kind]), far]))
    )
    return _("%(name)s: %(what)s") % {"name": name, "what": ", ".join(filter(None, [what, days]))}


def mail_all() -> int:
    """In the morning of each workspace: one mail for each member who follows a roadmap on which others changed something since the last. May run
    any number of times."""
    rows = Subscription.objects.following().select_related("roadmap", "member__user", "member__workspace")
    return each_apart(rows, _mail)


def _mail(row: Subscription) -> int:
    now, zone = clock.now(), row.member.workspace.zone  # type: ignore[union-attr]
    local = now.astimezone(zone)
    if local.hour < MORNING or row.told_at is None or row.told_at.astimezone(zone).date() >= local.date():
        return 0
    with transaction.atomic():
        held = Subscription.objects.select_for_update().filter(pk=row.pk, told_at=row.told_at).first()
        if held is None:
            return 0
        Subscription.objects.filter(pk=row.pk).update(told_at=now)
        if row.member is None or row.roadmap is None or not told(row.roadmap, row.member, row.told_at, now).count:
            return 0
        written = mail.send_later(
            row.member.user.email, "roadmap_moves", key=f"roadmap-moves:{row.token}:{local:%Y-%m-%d}", workspace=row.member.workspace,
            subscription=row.pk, since=row.told_at.isoformat(), until=now.isoformat(),
        )  # fmt: skip
    return int(written is not None)


def letter(subscription: int, since: str, until: str) -> tuple[str, dict[str, Any]] | None:
    """The mail as it goes out: who follows and what they may see are looked at once more. None: nothing to say."""
    rows = Subscription.objects.following().select_related("member__user", "member__workspace")
    row = rows.filter(pk=subscription, member__in=Member.objects.current()).first()
    member = row.member if row is not None else None
    roadmap = Roadmap.objects.visible_to(member).filter(pk=row.roadmap_id).first() if row and member else None
    if row is None or member is None or roadmap is None:
        return None
    found = told(roadmap, member, datetime.fromisoformat(since), datetime.fromisoformat(until))
    if not found.lines:
        return None
    context = {
        "about": roadmap.name, "workspace": member.workspace.name, "lines": [line._asdict() for line in found.lines],
        "more": max(0, found.count - len(found.lines)), "count": found.count, "unsubscribe": row.leave_url,
        "url": reverse("roadmap:roadmap_moved", args=[member.workspace.slug, roadmap.public_id]),
    }  # fmt: skip
    return "share_moves", context
