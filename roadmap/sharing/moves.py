"""What moves on a share link: noticed by comparing what it shows with what it showed, so nothing can be told that it does not show.

`compare` is pure. An update is told only as far as its items are still shown: what became internal since is in no feed and no mail.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from changes.models import Version
from config import clock
from jobs import mail
from jobs.apart import each_apart
from roadmap.models import (
    Item,
    OpeningKind,
    SharedField,
    ShareLink,
    ShareOpening,
    ShareSnapshot,
    ShareUpdate,
    Subscription,
)
from roadmap.sharing.cards import opaque, shared_roadmap

#: What of a card is compared: its own name, and how a change of it is called.
COMPARED = {"when": "moved", "status": "status"}
READ_LATELY = timedelta(days=30)
MORNING = 7
KEPT = 200

Cards = dict[str, dict[str, Any]]


@dataclass
class Told:
    """An update as it may be told now."""

    public_id: str
    at: datetime
    sentences: list[tuple[str, str]]


def compare(before: Cards, after: Cards) -> list[dict[str, str]]:
    """What is new, and what of the rest changed, in the order in which it is shown now."""
    entries = []
    for key, card in after.items():
        if key not in before:
            entries.append({"item": key, "kind": "new", "before": "", "after": card.get("when", "")})
            continue
        entries += [
            {"item": key, "kind": kind, "before": before[key].get(name, ""), "after": card.get(name, "")}
            for name, kind in COMPARED.items()
            if before[key].get(name, "") != card.get(name, "")
        ]
    return entries


def shown_on(link: ShareLink) -> tuple[Cards, dict[str, int]]:
    """The cards by their opaque ids, and which item each is."""
    cards, items = {}, {}
    for _lane, column, card in shared_roadmap(link).cards:
        key = opaque(link, card["item"])
        items[key] = card["item"]
        when = card.get("when") or ("" if link.allows(SharedField.DATES) else column)
        cards[key] = {"title": card["title"], "when": when, "status": card.get("status", "")}
    return cards, items


def notice(link: ShareLink) -> ShareUpdate | None:
    """Write down what moved since the last look. Repeating it finds nothing; the first look only remembers.

    Holds the link: what is read now is told under its terms of now, and no look that began before this one comes after it.
    """
    with transaction.atomic():
        link._lock()
        cards, items = shown_on(link)
        snapshot, created = ShareSnapshot.objects.select_for_update().get_or_create(
            link=link, defaults={"workspace_id": link.workspace_id, "cards": cards, "at": clock.now()}
        )
        if created or snapshot.cards == cards:
            return None
        entries = compare(snapshot.cards, cards)
        if link.allows(SharedField.REASON) and link.allows(SharedField.DATES):
            _give_reasons(entries, items, snapshot.at)
        snapshot.cards, snapshot.at = cards, clock.now()
        snapshot.save()
        if not entries:
            return None
        return ShareUpdate.objects.create(workspace_id=link.workspace_id, link=link, at=snapshot.at, entries=entries)


def _give_reasons(entries: list[dict[str, str]], items: dict[str, int], since: datetime) -> None:
    """Why a day moved, where whoever moved it said so. One statement."""
    moved = [items[one["item"]] for one in entries if one["kind"] == "moved"]
    versions = Version.objects.of_rows(Item, moved).filter(
        columns__overlap=["starts_on", "ends_on"], change__at__gte=since
    )
    rows = versions.exclude(change__reason="").order_by("pk").values_list("row_id", "change__reason")
    reasons = dict(rows)
    for one in entries:
        if one["kind"] == "moved" and items[one["item"]] in reasons:
            one["reason"] = reasons[items[one["item"]]][:500]


def told(link: ShareLink, updates: Iterable[ShareUpdate]) -> list[Told]:
    """Updates in sentences, of the items that the link still shows, under their names of now."""
    cards, _items = shown_on(link)
    found = []
    for update in updates:
        sentences = [
            (_sentence(cards[one["item"]]["title"], one), one.get("reason", ""))
            for one in update.entries
            if one["item"] in cards
        ]
        if sentences:
            found.append(Told(update.public_id, update.at, sentences))
    return found


def _sentence(title: str, entry: dict[str, str]) -> str:
    values = {"title": title, "before": entry["before"] or _("no date"), "after": entry["after"] or _("no date")}
    if entry["kind"] == "new":
        return _("%(title)s is new") % values if not entry["after"] else _("%(title)s is new: %(after)s") % values
    if entry["kind"] == "status":
        return _("%(title)s is now “%(after)s”") % values
    return _("%(title)s moved from %(before)s to %(after)s") % values


# ---- What runs by itself --------------------------------------------------------------------------------------------


def watched() -> Any:
    """Open links that somebody hears of: by mail, by a reader, or on their home."""
    read = ShareOpening.objects.filter(
        link=OuterRef("pk"), kind=OpeningKind.FEED, last_at__gt=clock.now() - READ_LATELY
    )
    subscribed = Subscription.objects.confirmed().filter(link=OuterRef("pk"))
    links = ShareLink.objects.public().filter(Q(Exists(read)) | Q(Exists(subscribed)) | ~Q(members=None))
    return links.select_related("workspace", "product__workspace", "shared_by__user").distinct()


def notice_all() -> int:
    """How many links moved."""
    return each_apart(watched(), lambda link: notice(link) is not None)


def mail_all() -> int:
    """In the morning of each workspace: one mail for each address that was not told yet of what moved. May run any number of times."""
    return each_apart(Subscription.objects.confirmed().select_related("link__workspace"), _mail)


def _mail(row: Subscription) -> int:
    """At most one a day and link; what comes later waits for the next."""
    link = row.link
    if link.state != "open" or clock.now().astimezone(link.workspace.zone).hour < MORNING:
        return 0
    today = f"{link.workspace.today():%Y-%m-%d}"
    with transaction.atomic():
        held = Subscription.objects.select_for_update().filter(pk=row.pk).first()
        last = link.updates.values_list("pk", flat=True).first()
        if held is None or last is None or last <= held.told:
            return 0
        written = mail.send_later(
            held.email, "share_moves", key=f"share-moves:{held.token}:{today}", workspace=link.workspace,
            subscription=held.pk, after=held.told, until=last,
        )  # fmt: skip
        if written is None:  # today's went out already
            return 0
        Subscription.objects.filter(pk=held.pk).update(told=last)
    return 1


def letter(subscription: int, after: int, until: int) -> tuple[str, dict[str, Any]] | None:
    """The mail as it goes out: the link, the address and what may be told are looked at once more. None: nothing to say."""
    rows = Subscription.objects.confirmed().select_related("link__workspace", "link__product__workspace")
    row = rows.filter(pk=subscription).first()
    if row is None or not ShareLink.objects.public().filter(pk=row.link_id).exists():
        return None
    link = row.link
    updates = told(link, link.updates.filter(pk__gt=after, pk__lte=until).order_by("pk")[:KEPT])
    if not updates:
        return None
    lines = [{"sentence": sentence, "reason": reason} for update in updates for sentence, reason in update.sentences]
    context = {
        "about": row.about, "workspace": link.workspace.name, "lines": lines[:50], "more": max(0, len(lines) - 50), "count": len(lines),
        "url": reverse("roadmap_public:shared", args=[link.token]), "unsubscribe": row.leave_url,
    }  # fmt: skip
    return "share_moves", context
