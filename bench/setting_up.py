"""What benches need of the running installation: a table for the floor, a session, the demo's share link."""

from __future__ import annotations

from importlib import import_module

import django

django.setup()

from django.conf import settings  # noqa: E402 - needs django.setup()
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.db import connection  # noqa: E402

from accounts.models import User  # noqa: E402
from feedback.models import Conversation, Customer, Idea  # noqa: E402
from roadmap.models import Release, ReleaseNotes, ShareLink  # noqa: E402


def floor_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS bench_floor (id int PRIMARY KEY, one text, two text, three text, four text, five text)"
        )
        cursor.execute(
            "INSERT INTO bench_floor SELECT n, 'DSP-' || n, 'Live ETA link for consignees ' || n, 'In build', 'Tomás Herrera',"
            " '5.2 Backhaul' FROM generate_series(1, 1000) n ON CONFLICT DO NOTHING"
        )


def session_cookie(email: str) -> str:
    user = User.objects.get(email=email)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def shared_path() -> str:
    link = ShareLink.objects.public().order_by("pk").first()
    assert link is not None
    return f"/s/{link.token}/"


def one_of_each() -> dict[str, str]:
    """Pages whose addresses are not known before: of one row each, and those for people without an account."""
    conversation = Conversation.objects.filter(insights__isnull=False).order_by("pk").first()
    customer = Customer.objects.order_by("-annual_revenue", "pk").first()
    idea = Idea.objects.order_by("pk").first()
    assert conversation is not None
    assert customer is not None
    assert idea is not None
    release = Release.objects.exclude(frozen_at=None).order_by("pk").first()
    notes = ReleaseNotes.objects.public().select_related("release").order_by("pk").first()
    assert release is not None
    assert notes is not None
    return {
        "conversation": f"/w/polarline/feedback/{conversation.public_id}/",
        "customer": f"/w/polarline/customers/{customer.public_id}/",
        "idea": f"/w/polarline/portal/{idea.public_id}/",
        "release": f"/w/polarline/p/DSP/releases/{release.public_id}/",
        "release notes": f"/w/polarline/p/DSP/releases/{notes.release.public_id}/notes/",
        "changelog": "/portal/polarline/changelog/DSP/",
        "ideas portal": "/portal/polarline/",
        "idea in the portal": f"/portal/polarline/ideas/{idea.public_id}/",
        "shared roadmap": shared_path(),
    }
