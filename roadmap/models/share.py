from __future__ import annotations

import secrets
from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.constraints import SameWorkspace
from accounts.identity import PublicIdField
from accounts.models import Member, Workspace
from accounts.prepared import Prepared
from changes.models import Change, Versioned
from config import clock
from products.models import Product
from products.models.owned import OwnedQuerySet


class SharedField(models.TextChoices):
    """What an audience may be allowed to see besides the title."""

    STATUS = "status", _("Public status")
    DESCRIPTION = "description", _("Description")
    DATES = "dates", _("Dates")
    OBJECTIVE = "objective", _("Goal")
    RELEASE = "release", _("Release")
    LEAD = "lead", _("Person in charge")
    KEY = "key", _("Key")
    SCORE = "score", _("Score")
    EFFORT = "effort", _("Effort")


DEFAULT_FIELDS = [SharedField.STATUS.value, SharedField.OBJECTIVE.value]


def new_token() -> str:
    """128 random bits: who knows the address may read, so it cannot be guessed."""
    return secrets.token_urlsafe(16)


class ShareLinkQuerySet(OwnedQuerySet):
    def public(self, now: datetime | None = None) -> ShareLinkQuerySet:
        """Links that open. Unknown, expired and revoked ones answer alike: not at all."""
        return self.unrevoked().filter(models.Q(expires_at=None) | models.Q(expires_at__gt=now or clock.now()))

    def unrevoked(self) -> ShareLinkQuerySet:
        """Links that open unless they have expired."""
        return self.filter(revoked_at=None, product__deleted_at=None, workspace__deleted_at=None)


class ShareLink(Versioned):
    """An address that shows the roadmap of a product to one audience, read-only, with the fields allowed and no others."""

    undoable = False

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    public_id = PublicIdField()
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="share_links")
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    audience = models.CharField(_("audience"), max_length=80)
    note = models.CharField(_("note to the audience"), max_length=280, blank=True)
    fields = ArrayField(models.CharField(max_length=12, choices=SharedField), default=list, blank=True)
    password_hash = models.CharField(max_length=160, blank=True, editable=False)
    expires_at = models.DateTimeField(_("ends"), null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    shared_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = ShareLinkQuerySet.as_manager()

    class Meta(Versioned.Meta):
        ordering = ["-pk"]
        constraints = [
            SameWorkspace(field="product", target="products_product", name="sharelink_product_same_workspace"),
            SameWorkspace(field="shared_by", target="accounts_member", name="sharelink_member_same_workspace"),
        ]

    def __str__(self) -> str:
        return self.audience

    @classmethod
    def opened_by(cls, token: str) -> ShareLink | None:
        """The link of this address, with its workspace, product and sharer, if it opens now."""
        link: ShareLink | None = BY_TOKEN.first(token)
        return link if link is not None and link.state == "open" else None

    @classmethod
    def open_to(
        cls,
        product: Product,
        audience: str,
        *,
        by: Actor | Change,
        fields: list[str],
        password: str = "",
        expires_at: datetime | None = None,
        note: str = "",
    ) -> ShareLink:
        """A new link. The password is kept as an Argon2 hash."""
        with Change.open("share.opened", by=by, workspace=product.workspace) as change:
            link = cls(
                workspace=product.workspace, product=product, audience=audience, fields=fields, note=note,
                expires_at=expires_at, shared_by=change.member, created_at=change.at,
                password_hash=make_password(password) if password else "",
            )  # fmt: skip
            link.save()
            change.tell("share", link.public_id, product_id=product.pk)
        return link

    def revoke(self, *, by: Actor | Change) -> None:
        """Close the address at once and for good. Repeating it does no harm."""
        with Change.open("share.revoked", by=by, workspace=self.workspace) as change:
            self.revoked_at = self.revoked_at or change.at
            self.save(update_fields=["revoked_at"])
            change.tell("share", self.public_id, product_id=self.product_id)

    def allows(self, field: str) -> bool:
        return field in self.fields

    @property
    def state(self) -> str:
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= clock.now() else "open"

    # --- password

    def admits(self, password: str) -> bool:
        """Whether the password is right. Whoever asks counts the tries."""
        return check_password(password, self.password_hash)

    @property
    def pass_value(self) -> str:
        """What the cookie of somebody who gave the password holds. Another password or link makes another value."""
        return salted_hmac("roadmap.share", f"{self.token}:{self.password_hash}", algorithm="sha256").hexdigest()


BY_TOKEN = Prepared(
    lambda token: (
        ShareLink.objects.unrevoked().filter(token=token).select_related("workspace", "product", "shared_by__user")
    )
)
