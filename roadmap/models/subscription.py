from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language

from accounts.constraints import SameWorkspace
from accounts.models import Workspace
from config import clock
from jobs import mail
from products.models import Product
from roadmap.models.share import ShareLink

#: An address that was never confirmed is forgotten after so long.
PATIENCE = timedelta(days=3)


def new_token() -> str:
    return secrets.token_urlsafe(16)


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def confirmed(self) -> SubscriptionQuerySet:
        return self.exclude(confirmed_at=None)

    def to(self, subject: ShareLink | Product) -> SubscriptionQuerySet:
        """Of a share link, or of a product's changelog."""
        name = "link" if isinstance(subject, ShareLink) else "product"
        return self.filter(**{name: subject.pk})


class Subscription(models.Model):
    """An address that asked for mails about a share link or a product's changelog, and nothing else of its owner.

    It hears only after it said yes in a mail of its own; leaving deletes the row. `told` is the last thing it was told of (for a
    link a ShareUpdate): moving it on in the transaction that writes the mail is what makes each mail one.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    link = models.ForeignKey(ShareLink, null=True, blank=True, on_delete=models.CASCADE, related_name="subscriptions")
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.CASCADE, related_name="subscriptions")
    email = models.EmailField(max_length=254)
    language = models.CharField(max_length=12, blank=True)
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    asked_at = models.DateTimeField(default=clock.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    told = models.BigIntegerField(default=0)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "email"], name="one_subscription_to_a_link"),
            models.UniqueConstraint(fields=["product", "email"], name="one_subscription_to_a_changelog"),
            models.CheckConstraint(
                condition=Q(link=None, product__isnull=False) | Q(link__isnull=False, product=None),
                name="subscription_has_one_subject",
            ),
            SameWorkspace(field="link", target="roadmap_sharelink", name="subscription_link_same_workspace"),
            SameWorkspace(field="product", target="products_product", name="subscription_product_same_workspace"),
        ]

    def __str__(self) -> str:
        return self.email

    @classmethod
    def ask(cls, subject: ShareLink | Product, email: str, *, told: int = 0) -> None:
        """Send the mail that asks whether its owner wants this, at most one a day. Who asks is told nothing of who is subscribed."""
        email, now = email.strip().lower(), clock.now()
        name = "link" if isinstance(subject, ShareLink) else "product"
        with transaction.atomic():
            row, _created = cls.objects.get_or_create(
                **{name: subject}, email=email,
                defaults={"workspace_id": subject.workspace_id, "language": get_language() or "", "told": told, "asked_at": now},
            )  # fmt: skip
            if row.confirmed_at is not None:
                return
            cls.objects.filter(pk=row.pk).update(asked_at=now)
            context = {
                "about": row.about, "workspace": subject.workspace.name,
                "confirm_url": reverse("roadmap_public:confirm", args=[row.token]),
            }  # fmt: skip
            key = f"subscription:{row.token}:{now:%Y-%m-%d}"
            mail.send(email, "subscription", context, key=key, workspace=subject.workspace)

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
    def subject(self) -> Any:
        return self.link if self.link_id else self.product

    @property
    def about(self) -> str:
        """What it is subscribed to, as a mail says it."""
        if self.link is not None:
            return f"{self.link.product.name} ({self.link.audience})"
        assert self.product is not None
        return self.product.name

    @property
    def leave_url(self) -> str:
        """In every mail. It asks for nothing but a press."""
        return settings.BASE_URL + reverse("roadmap_public:leave", args=[self.token])
