from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse

from accounts.constraints import SameWorkspace
from accounts.models import Workspace
from config import clock
from jobs import mail
from roadmap.models.share import ShareLink

#: An address that was never confirmed is forgotten after so long.
PATIENCE = timedelta(days=3)


def new_token() -> str:
    return secrets.token_urlsafe(16)


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def confirmed(self) -> SubscriptionQuerySet:
        return self.exclude(confirmed_at=None)


class Subscription(models.Model):
    """An address that asked for mails about a share link, and nothing else of its owner. Changelogs have their own (feedback.Subscriber).

    It hears only after it said yes in a mail of its own; leaving deletes the row. `told` is the last ShareUpdate that it was told
    of: moving it on in the transaction that writes the mail is what makes each mail one.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    link = models.ForeignKey(ShareLink, on_delete=models.CASCADE, related_name="subscriptions")
    email = models.EmailField(max_length=254)
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    asked_at = models.DateTimeField(default=clock.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    told = models.BigIntegerField(default=0)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "email"], name="one_subscription_to_a_link"),
            SameWorkspace(field="link", target="roadmap_sharelink", name="subscription_link_same_workspace"),
        ]

    def __str__(self) -> str:
        return self.email

    @classmethod
    def ask(cls, link: ShareLink, email: str, *, told: int = 0) -> None:
        """Send the mail that asks whether its owner wants this, at most one a day. Who asks is told nothing of who is subscribed."""
        email, now = email.strip().lower(), clock.now()
        with transaction.atomic():
            row, _created = cls.objects.get_or_create(
                link=link, email=email, defaults={"workspace_id": link.workspace_id, "told": told, "asked_at": now}
            )
            if row.confirmed_at is not None:
                return
            cls.objects.filter(pk=row.pk).update(asked_at=now)
            context = {
                "about": row.about, "workspace": link.workspace.name,
                "confirm_url": reverse("roadmap_public:confirm", args=[row.token]),
            }  # fmt: skip
            key = f"subscription:{row.token}:{now:%Y-%m-%d}"
            mail.send(email, "subscription", context, key=key, workspace=link.workspace)

    def confirm(self) -> None:
        """Repeating it does no harm."""
        type(self).objects.filter(pk=self.pk, confirmed_at=None).update(confirmed_at=clock.now())

    def leave(self) -> None:
        """Nothing of the address is kept here. Repeating it does no harm."""
        type(self).objects.filter(pk=self.pk).delete()

    @classmethod
    def forget_unconfirmed(cls) -> int:
        return cls.objects.filter(confirmed_at=None, asked_at__lt=clock.now() - PATIENCE).delete()[0]

    @property
    def about(self) -> str:
        """What it is subscribed to, as a mail says it."""
        return f"{self.link.name} ({self.link.audience})"

    @property
    def leave_url(self) -> str:
        """In every mail. It asks for nothing but a press."""
        return settings.BASE_URL + reverse("roadmap_public:leave", args=[self.token])
