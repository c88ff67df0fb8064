from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from discussion.models.notification import Kind


class When(models.TextChoices):
    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("In a daily digest")
    NEVER = "never", _("Never")


class Preference(models.Model):
    """When a member wants mail about each kind of event. Without a row, the defaults hold."""

    member = models.OneToOneField(Member, primary_key=True, on_delete=models.CASCADE, related_name="mail_preference")
    mention = models.CharField(_("Somebody mentions me"), max_length=8, choices=When, default=When.AT_ONCE)
    assignment = models.CharField(_("I become the lead"), max_length=8, choices=When, default=When.AT_ONCE)
    sign_off = models.CharField(_("A sign-off is asked of me"), max_length=8, choices=When, default=When.AT_ONCE)
    comment = models.CharField(_("A comment on what I watch"), max_length=8, choices=When, default=When.DAILY)
    job = models.CharField(_("Work that I started is over"), max_length=8, choices=When, default=When.NEVER)

    def __str__(self) -> str:
        return f"mail for {self.member}"

    @classmethod
    def of(cls, member: Member) -> Preference:
        """The member's own, or one with the defaults that is not saved yet."""
        return cls.objects.filter(member=member).first() or cls(member=member)

    def when(self, kind: str) -> When:
        return When(getattr(self, Kind(kind).value))

    def daily_kinds(self) -> list[str]:
        return [kind.value for kind in Kind if self.when(kind) == When.DAILY]
