from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from celery import shared_task
from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.actors import ActorKind
from accounts.models import Member
from accounts.refusals import Refused
from accounts.roles import Role
from jobs import mail
from jobs.models import Job, Mail
from jobs.registry import job
from products.models import Product
from roadmap.api.many import read_many
from roadmap.backlog import bulk, ranking
from roadmap.importing.bringing_in import bring_in
from roadmap.items import moving
from roadmap.items.bin import empty
from roadmap.items.picking import numbered
from roadmap.models import BacklogImport, Subscription
from roadmap.scores import scoring
from roadmap.sharing import moves, picturing
from roadmap.time_machine import following


@shared_task(expires=3600)
def empty_bin() -> None:
    """Once a day: what was deleted thirty days ago goes for good."""
    empty()


@shared_task(expires=3600)
def tell_of_moves() -> None:
    """Once an hour: what moved on links that somebody hears of; in the morning, the mails, also to those who follow a kept roadmap."""
    moves.notice_all()
    moves.mail_all()
    following.mail_all()
    Subscription.forget_unconfirmed()


@mail.writer("share_moves")
def write_of_moves(letter: Mail) -> tuple[str, dict[str, Any]] | None:
    return moves.letter(**letter.arguments)


@mail.writer("roadmap_moves")
def write_of_followed(letter: Mail) -> tuple[str, dict[str, Any]] | None:
    return following.letter(**letter.arguments)


@shared_task(expires=3600)
def forget_pictures() -> None:
    """Once an hour: roadmaps that were drawn as files a day ago."""
    picturing.tidy()


@job("draw_roadmap", _("Drawing a roadmap"), template="roadmap/shares/_drawn.html", stoppable=True, delays=(5, 30))
def draw_roadmap(  # noqa: PLR0913 - what was asked for
    job: Job, *, format: str, paper: str, terms: dict[str, Any], link: str, roadmap: str = ""
) -> dict[str, Any]:
    """Repeating it makes another file."""
    return picturing.draw(job, picturing.link_for(job, terms, link), format, paper)


@shared_task(expires=600)
def measure() -> None:
    """Ask for the measuring of products whose scorecards read live figures."""
    scoring.measure_all()


@job("import_backlog", _("Import"), template="roadmap/imports/_result.html", stoppable=True)
def import_backlog(job: Job, *, backlog_import: int, at: str | None = None) -> dict[str, Any]:
    batch = BacklogImport.objects.select_related("workspace", "product__workspace").get(pk=backlog_import)
    if job.actor.kind != ActorKind.SYSTEM:
        _managed(job)
    return {
        "batch": batch.public_id,
        "key": batch.product.key,
        **bring_in(job, batch, datetime.fromisoformat(at) if at else None),
    }


@job("change_items", _("Change of many items"), template="roadmap/bulk/_result.html")
def change_items(
    job: Job, *, numbers: list[str], matching: str | None, setting: str = "", given: Any = None, reason: str = ""
) -> dict[str, Any]:
    """All in one transaction, so that it is there as a whole and undone as a whole; repeating it tells what it came to. What is set the browser
    says in `setting`, the API in `given`."""
    if job.result:
        return job.result
    product, member = _managed(job)
    with transaction.atomic():
        job.hold()
        rows = bulk.chosen(member, product, numbers, matching)
        job.report(0, rows.count())
        if given is None:
            outcome = bulk.apply(rows, member, product, setting, by=job.actor, reason=reason)
        else:
            outcome = bulk.carry_out(rows, product, *read_many(given, member, product), by=job.actor, reason=reason)
        return job.keep(_told(product, outcome.change, outcome.changed, outcome.reasons))


@job("move_items", _("Move of many items"), template="roadmap/bulk/_result.html")
def move_items(
    job: Job, *, numbers: list[str], matching: str | None, place: str, after: int | None, before: int | None
) -> dict[str, Any]:
    """All in one transaction; repeating it tells what it came to."""
    if job.result:
        return job.result
    product, member = _managed(job)
    with transaction.atomic():
        job.hold()
        rows = bulk.chosen(member, product, numbers, matching)
        job.report(0, rows.count())
        beside = numbered(member, product, after, before)
        if {after, before} - {None, *beside}:
            raise Refused(_now("The item beside that place is gone. Reload the backlog and try again."))
        change, items = ranking.put(
            rows, product, by=job.actor, place=place, after=beside.get(after or 0), before=beside.get(before or 0)
        )
        return job.keep(_told(product, change, len(items)))


def _told(product: Product, change: int, changed: int, reasons: Iterable[tuple[int, str]] = ()) -> dict[str, Any]:
    """What the page of the job says when it is done."""
    reasons = list(reasons)
    left = sum(count for count, _sentence in reasons)
    return {"key": product.key, "change": change, "changed": changed, "left": left, "reasons": reasons}


@job("items_to_product", _("Move to another product"), template="roadmap/bulk/_result.html")
def items_to_product(job: Job, *, numbers: list[str], matching: str | None, target: str, along: bool) -> dict[str, Any]:
    """All in one transaction; repeating it finds nothing to move."""
    product, member = _managed(job)
    there = moving.destinations(member, product).filter(key=target).first()
    if there is None:
        raise Refused(_("You may not change these items any more."))
    with transaction.atomic():
        job.hold()
        rows = bulk.chosen(member, product, numbers, matching)
        job.report(0, rows.count())
        outcome = moving.move(rows, product, there, along=along, by=job.actor)
    return {"key": there.key, "change": outcome.change, "changed": len(outcome.moved), "left": 0, "reason": ""}


def _managed(job: Job) -> tuple[Product, Member]:
    """The job's product and member. Raises Refused where that one may not change its items any more."""
    product, member = Product.objects.select_related("workspace").filter(pk=job.product_id).first(), job.member
    gone = product is None or member is None or member.removed_at is not None
    if gone or not member.may(Role.MANAGER, at=product):
        raise Refused(_("You may not change these items any more."))
    return product, member


@job("score_items", _("Scoring"), template="roadmap/scorecards/_result.html")
def score_items(job: Job) -> dict[str, Any]:
    product = Product.objects.select_related("workspace").filter(pk=job.product_id).first()
    if product is None:
        raise Refused(_("This product was deleted."))
    return {"key": product.key, "scored": scoring.score_again(product, by=job.actor, report=job.report)}


@job("measure_items", _("Measuring for scores"), quiet=True)
def measure_items(job: Job) -> dict[str, Any]:
    """The same as scoring anew: what did not change is not written."""
    return score_items(job)
