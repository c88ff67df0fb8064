"""How a job speaks of itself."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actors import ActorKind
from jobs.models import Job, State
from ui import formats
from ui.drawn.faces import person
from ui.drawn.states import pill

register = template.Library()

LOOKS = {
    State.QUEUED: ("neutral", "clock"),
    State.RUNNING: ("accent", "loader-circle"),
    State.DONE: ("ok", "check"),
    State.FAILED: ("bad", "circle-alert"),
    State.PARKED: ("bad", "pause"),
    State.STOPPED: ("neutral", "circle-stop"),
}


@register.simple_tag
def job_state(job: Job) -> SafeString:
    return pill(State(job.state).label, *LOOKS[State(job.state)])


@register.simple_tag
def job_actor(job: Job) -> SafeString:
    if job.member is not None:
        return person(job.member.name)
    return person(job.actor_label or str(ActorKind(job.actor_kind).label))


@register.simple_tag
def job_words(job: Job) -> str:
    """`1,548 of 2,418 · creating items`, or why it is not running."""
    if job.is_over:
        return _("Finished in %(time)s.") % {"time": _time_of(job)} if job.state == State.DONE else job.error
    if job.state == State.QUEUED:
        return _("It failed and will be tried again soon.") if job.attempts else _("Waiting for its turn.")
    if job.is_stopping:
        return _("Stopping at the next safe place.")
    return " · ".join(filter(None, [job_count(job), job.progress_text]))


@register.simple_tag
def job_count(job: Job) -> str:
    if not job.progress_done and not job.progress_total:
        return ""
    if job.progress_total is None:
        return formats.number(job.progress_done)
    count = {"done": formats.number(job.progress_done), "total": formats.number(job.progress_total)}
    return _("%(done)s of %(total)s") % count


@register.simple_tag
def job_left(job: Job) -> str:
    left = job.seconds_left
    if left is None:
        return ""
    if left < 90:
        seconds = max(5, round(left / 5) * 5)
        return ngettext("about %(n)d second left", "about %(n)d seconds left", seconds) % {"n": seconds}
    minutes = round(left / 60)
    return ngettext("about %(n)d minute left", "about %(n)d minutes left", minutes) % {"n": minutes}


def _time_of(job: Job) -> str:
    if job.started_at is None or job.finished_at is None:
        return _("no time")
    seconds = (job.finished_at - job.started_at).total_seconds()
    if seconds < 60:
        return ngettext("%(n)d second", "%(n)d seconds", max(1, round(seconds))) % {"n": max(1, round(seconds))}
    return formats.lasted(job.started_at, job.finished_at)
