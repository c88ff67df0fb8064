"""Celery: the broker only wakes workers; what must happen is in the job rows. The schedule is the one list below."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("cradle")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.imports = ["config.pulse"]

app.conf.beat_schedule = {
    "say that beat lives": {"task": "config.pulse.beat_once", "schedule": 5.0},
}
