from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from accounts.models import OneTimeLink, Workspace
from accounts.models.link import LASTS, Purpose


class Command(BaseCommand):
    help = "Print a link with which the owner makes the first workspace in the browser. It works once."

    def handle(self, *args: Any, **options: Any) -> None:
        if Workspace.objects.exists():
            raise CommandError(
                "There is a workspace here already. Its owners and admins invite people in its settings."
            )
        secret = OneTimeLink.write(Purpose.SET_UP)
        days = LASTS[Purpose.SET_UP].days
        self.stdout.write(f"Set up Cradle here (works once, for {days} days; replaces earlier links):")
        self.stdout.write(settings.BASE_URL + reverse("accounts:set_up", args=[secret]))
