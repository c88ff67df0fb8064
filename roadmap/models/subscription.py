from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.constraints import SameWorkspace
from accounts.models import Member, Workspace
from config import clock
from jobs import mail
from roadmap.models.roadmap import Roadmap
from roadmap.models.share import ShareLink

#: An address that was never confirmed is forgotten after so long.
PATIENCE = timedelta(days=3)


def new_token() -> str:
    return secrets.token_urlsafe(16)


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def confirmed(self) -> SubscriptionQuerySet:
        """Addresses that said yes to hearing of a link."""
        return self.exclude(confirmed_at=None).exclude(link=None)

    def following(self) -> SubscriptionQuerySet:
        """Members who follow a kept roadmap."""
        return self.exclude(member=None)


class Subscription(models.Model):
    """An address that asked for mails about a share link, and nothing else of its owner; or a member who follows a kept roadmap, and hears of what
    they may see of it. Changelogs have their own (feedback.Subscriber).

    An address hears only after it said yes in a mail of its own; leaving deletes the row. A member's is known: `told_at` is until when they were told. `told` is the last ShareUpdate that it was told
    of: moving it on in the transaction that writes the mail is what makes each mail one.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    link = models.ForeignKey(ShareLink, null=True, on_delete=models.CASCADE, related_name="subscriptions")
    roadmap = models.ForeignKey(Roadmap, null=True, on_delete=models.CASCADE, related_name="followers")
    member = models.ForeignKey(Member, null=True, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField(max_length=254, blank=True)
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    asked_at = models.DateTimeField(default=clock.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    told = models.BigIntegerField(default=0)
    told_at = models.DateTimeField(null=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "email"], name="one_subscription_to_a_link"),
            models.UniqueConstraint(fields=["roadmap", "member"], name="one_following_of_a_roadmap"),
            models.CheckConstraint(
                condition=Q(link__isnull=False, roadmap=None, member=None)
                | Q(link=None, roadmap__isnull=False, member__isnull=False),
                name="subscription_to_a_link_or_a_roadmap",
            ),
            SameWorkspace(field="link", target="roadmap_sharelink", name="subscription_link_same_workspace"),
            SameWorkspace(field="roadmap", target="roadmap_roadmap", name="subscription_roadmap_same_workspace"),
            SameWorkspace(field="member", target="accounts_member", name="subscription_member_same_workspace"),
        ]

    def __str__(self) -> str:
        return self.email or f"{self.member_id} of {self.roadmap_id}"

    @classmethod
    def follow(cls, roadmap: Roadmap, member: Member) -> None:
        """Tell `member` from now on what others change on it. Repeating it does no harm."""
        now = clock.now()
        cls.objects.get_or_create(
            roadmap=roadmap, member=member,
            defaults={"workspace_id": roadmap.workspace_id, "confirmed_at": now, "told_at": now, "asked_at": now},
        )  # fmt: skip

    @classmethod
    def unfollow(cls, roadmap: Roadmap, member: Member) -> None:
        cls.objects.filter(roadmap=roadmap, member=member).delete()

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

    @classmethod
    def fed_by(cls, token: str, signature: str) -> Subscription | None:
        """Whose feed of a followed roadmap this address reads: of a member who is one still, of a roadmap that they see still."""
        rows = cls.objects.following().filter(token=token, member__in=Member.objects.current())
        row = rows.select_related("roadmap", "member__user", "member__workspace").first()
        known = row if row is not None else cls(token="")
        if not constant_time_compare(known.feed_signature, signature) or row is None or row.member is None:
            return None
        return row if Roadmap.objects.visible_to(row.member).filter(pk=row.roadmap_id).exists() else None

    @property
    def feed_signature(self) -> str:
        """The secret half of the address of its feed: whoever was forwarded a mail can end it, not read on. It dies with the following."""
        return salted_hmac("roadmap.subscription.feed", self.token, algorithm="sha256").hexdigest()[:43]

    @property
    def feed_url(self) -> str:
        """For a reader of feeds, which cannot sign in."""
        return settings.BASE_URL + reverse("roadmap_public:followed", args=[self.token, self.feed_signature])

    @property
    def about(self) -> str:
        """What it is subscribed to, as a mail says it."""
        if self.roadmap is not None:
            return self.roadmap.name
        return f"{self.link.name} ({self.link.audience})" if self.link is not None else ""

    @property
    def leave_url(self) -> str:
        """In every mail. It asks for nothing but a press."""
        return settings.BASE_URL + reverse("roadmap_public:leave", args=[self.token])
