"""What members hear of a kept roadmap that they follow: what others changed, of what they see, with the reason. On their home, and by mail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Member
from accounts.refusals import Refused
from changes.past import end_of
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
from roadmap.time_machine.lately import TELLING, touched
from roadmap.time_machine.states import Asked
from roadmap.time_machine.told_differences import KINDS, amount, dates

LISTED = 50
DAY, LATELY = timedelta(days=1), timedelta(days=7)
MORNING = 7
AT_ONCE = 500


class Line(NamedTuple):
    """What became of one plan; who did it and why, where that is known."""

    sentence: str
    reason: str
    who: str


class Told(NamedTuple):
    """`count` is how much changed, of which LISTED at most have a line. `is_all`: everything that was touched was looked at."""

    lines: list[Line]
    count: int
    is_all: bool = True

    @property
    def more(self) -> int:
        return self.count - len(self.lines)


def told(roadmap: Roadmap, member: Member, since: datetime, until: datetime | None = None) -> Told:
    """What others changed on it, as it is kept, of the products that `member` sees. Nothing where its filter cannot be read any more."""
    asked = _asked(roadmap, member)
    narrowed = touched(asked, since, newest=True) if asked is not None else None
    if narrowed is None:
        return Told([], 0)
    found = Compared(differing(narrowed.asked, since, until, clock.now(), most=LISTED))
    deeds, today = found.deeds, member.workspace.today()
    lines = []
    for one in found.comparison.differences:
        deed = deeds.get(one.key)
        lines.append(Line(_sentence(one, today), deed.why if deed else "", deed.who if deed else ""))
    return Told(lines, found.changed, narrowed.is_all)


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


def told_by_day(roadmap: Roadmap, member: Member) -> list[tuple[date, datetime, Told]]:
    """The last days that are over, the latest first, and when each was: those on which others changed something."""
    zone, today = member.workspace.zone, member.workspace.today()
    days = [today - timedelta(days=n) for n in range(1, LATELY.days + 1)]
    found = [
        (day, end_of(day, zone), told(roadmap, member, end_of(day - DAY, zone), end_of(day, zone))) for day in days
    ]
    return [one for one in found if one[2].lines]


def mail_all() -> int:
    """In the morning of each workspace: one mail for each member who follows a roadmap on which others changed something since the last. May run
    any number of times."""
    return sum(each_apart(part, _mail) for part in _due(clock.now()))


def _due(now: datetime) -> Iterator[list[Subscription]]:
    """Some at a time, those who were not told yet today and for whom something was touched. The others are told of nothing, as many at once."""
    followed = Subscription.objects.following().filter(roadmap__deleted_at=None, member__in=Member.objects.current())
    for name in followed.order_by("workspace__time_zone").values_list("workspace__time_zone", flat=True).distinct():
        local = now.astimezone(ZoneInfo(name))
        if local.hour < MORNING:
            continue
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        waiting, last = followed.filter(workspace__time_zone=name, told_at__lt=midnight), 0
        while ids := list(waiting.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
            last = ids[-1]
            stirred = _stirred(ids)
            waiting.filter(pk__in=set(ids) - set(stirred)).update(told_at=now)
            yield list(waiting.filter(pk__in=stirred).select_related("roadmap", "member__user", "member__workspace"))


#: Followers of roadmaps on one of whose products somebody else touched a plan since they were told; what they see of it is looked at later.
STIRRED = f"""
SELECT subscription.id FROM roadmap_subscription subscription WHERE subscription.id = ANY(%s::bigint[]) AND EXISTS (
    SELECT FROM roadmap_roadmapproduct held JOIN changes_version version ON version.product_id = held.product_id
    JOIN changes_change change ON change.id = version.change_id
    WHERE held.roadmap_id = subscription.roadmap_id AND lower(version.valid) > subscription.told_at
        AND change.member_id IS DISTINCT FROM subscription.member_id AND {TELLING})
"""  # noqa: S608 - of the text of another statement


def _stirred(ids: list[int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(STIRRED, [ids])
        return [pk for (pk,) in cursor.fetchall()]


def _mail(row: Subscription) -> int:
    """Whoever else tells this one of it waits, and finds it told."""
    now = clock.now()
    with transaction.atomic():
        held = Subscription.objects.select_for_update().filter(pk=row.pk, told_at=row.told_at).first()
        if held is None:
            return 0
        Subscription.objects.filter(pk=row.pk).update(told_at=now)
        if (
            row.member is None
            or row.roadmap is None
            or row.told_at is None
            or not told(row.roadmap, row.member, row.told_at, now).count
        ):
            return 0
        local = now.astimezone(row.member.workspace.zone)
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
        "more": found.more, "count": found.count, "unsubscribe": row.leave_url,
        "url": reverse("roadmap:roadmap_moved", args=[member.workspace.slug, roadmap.public_id]),
    }  # fmt: skip
    return "share_moves", context
