"""Celery: the broker only wakes workers; what must happen is in the job rows. The schedule is the one list below."""

import os

from celery import Celery
from celery.schedules import crontab
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("cradle")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.imports = ["config.pulse", "config.lifeline"]

app.conf.beat_schedule = {
    "find jobs that are due": {"task": "jobs.tasks.sweep", "schedule": settings.JOB_SWEEP},
    "mail the morning's digests": {"task": "discussion.tasks.digests", "schedule": crontab(minute="*/10")},
    "throw old jobs away": {"task": "jobs.tasks.tidy", "schedule": crontab(hour=3, minute=17)},
    "empty the bins": {"task": "roadmap.tasks.empty_bin", "schedule": crontab(hour=3, minute=37)},
    "tell of moves on shared roadmaps": {"task": "roadmap.tasks.tell_of_moves", "schedule": crontab(minute=7)},
    "forget drawn roadmaps": {"task": "roadmap.tasks.forget_pictures", "schedule": crontab(minute=47)},
    "measure what scores read": {"task": "roadmap.tasks.measure", "schedule": crontab(minute="*/15")},
    "roll up usage": {"task": "usage.tasks.plan", "schedule": settings.USAGE_PLAN_EVERY},
    "say that beat lives": {"task": "config.pulse.beat_once", "schedule": 5.0},
}
