from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Member, Workspace
from accounts.refusals import Refused
from config import clock
from demo.build import build
from demo.people import PASSWORD


class Command(BaseCommand):
    help = "Make the demo workspace “Polarline”, relative to today, and print its sign-ins."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--today", type=date.fromisoformat, help="the day it is made relative to (2026-11-22)")
        parser.add_argument("--if-empty", action="store_true", help="only where there is no workspace yet")

    def handle(self, *, today: date | None, if_empty: bool, **options: Any) -> None:
        if if_empty and Workspace.objects.exists():
            self._tell_sign_ins()
            return
        try:
            build(today or clock.now().date(), tell=lambda step: self.stderr.write(f"demo: {step} …"))
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        self._tell_sign_ins()

    def _tell_sign_ins(self) -> None:
        members = Member.objects.current().filter(
            workspace__slug="polarline", user__email__endswith="@polarline.example"
        )
        rows = list(members.select_related("user").order_by("-role", "pk"))
        if not rows:
            return
        self.stdout.write(f"Demo sign-ins (password {PASSWORD}):")
        shown: set[int] = set()
        for member in rows:
            if member.role not in shown:
                shown.add(member.role)
                self.stdout.write(f"  {member.user.email:<28} {member.name}, {member.get_role_display().lower()}")
