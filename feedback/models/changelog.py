from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.constraints import SameWorkspace, workspace_key
from accounts.history import Versioned
from accounts.identity import PublicIdField
from accounts.models import Workspace
from accounts.models.token import digest
from accounts.ports import ports
from accounts.prepared import Prepared
from accounts.refusals import Refused
from changes.models import Change
from config import clock
from feedback.models.portal import Portal
from jobs.models import Job
from products.models import Product
from products.models.owned import OwnedQuerySet
from roadmap.models import ReleaseNotes

LINK_LASTS = timedelta(days=3)


class ChangelogAccess(models.TextChoices):
    CLOSED = "closed", _("Closed: nobody outside the workspace sees it")
    PRIVATE = "private", _("Private: only who may sign in at the ideas portal")
    PUBLIC = "public", _("Public: everybody reads it, also as a feed")


class ChangelogQuerySet(OwnedQuerySet):
    def public(self) -> ChangelogQuerySet:
        """Changelogs that answer people from outside."""
        there = self.exclude(access=ChangelogAccess.CLOSED)
        return there.filter(workspace__deleted_at=None, product__deleted_at=None)


class Changelog(Versioned):
    """The page on which people outside read what was released of a product. Closed until a manager opens it."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    public_id = PublicIdField()
    product = models.OneToOneField(Product, on_delete=models.CASCADE, related_name="changelog")
    access = models.CharField(_("access"), max_length=7, choices=ChangelogAccess, default=ChangelogAccess.CLOSED)
    title = models.CharField(_("title"), max_length=120)
    intro = models.CharField(_("introduction"), max_length=400, blank=True)

    objects = ChangelogQuerySet.as_manager()

    class Meta(Versioned.Meta):
        constraints = [
            workspace_key("changelog_workspace_key"),
            SameWorkspace(field="product", target="products_product", name="changelog_product_same_workspace"),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def of(cls, product: Product) -> Changelog:
        """The product's changelog; a closed one that is not stored yet where it has none."""
        stored: Changelog | None = OF_PRODUCT.first(product)
        if stored is None:
            title = _("What is new in %(product)s") % {"product": product.name}
            return cls(workspace=product.workspace, product=product, title=title[:120])
        return stored

    @classmethod
    def at(cls, slug: str, key: str) -> Changelog | None:
        """The changelog that people from outside find at this address, with workspace and product."""
        found: Changelog | None = AT_ADDRESS.first(slug, key.upper())
        return found

    def set_up(self, *, access: str, title: str, intro: str, by: Actor | Change) -> None:
        """Open, close or name it. A private one needs the portal, at which its readers sign in."""
        if access == ChangelogAccess.PRIVATE and not Portal.of(self.workspace).is_open:
            raise Refused(_("Readers of a private changelog sign in at the ideas portal. Open the portal first."))
        with Change.open("changelog.set_up", by=by, workspace=self.workspace) as change:
            self.access, self.title, self.intro = access, title, intro
            self.save()
            self.change_id = change.pk
            change.tell("changelog", self.public_id, product_id=self.product_id)

    @property
    def is_open(self) -> bool:
        return self.access != ChangelogAccess.CLOSED

    @property
    def is_public(self) -> bool:
        return self.access == ChangelogAccess.PUBLIC

    @property
    def place(self) -> list[str]:
        """The arguments of its addresses."""
        return [self.workspace.slug, self.product.key]

    def notes(self) -> models.QuerySet[ReleaseNotes]:
        """What it shows: published notes and nothing else."""
        return ReleaseNotes.objects.public().filter(product=self.product_id).defer("title", "text")

    def admits(self, email: str) -> bool:
        """Whether mails about it may go to this address now."""
        if not self.is_open:
            return False
        return self.is_public or Portal.of(self.workspace).admits(email)


OF_PRODUCT = Prepared(
    lambda product: Changelog.objects.filter(product=product).select_related("workspace", "product").order_by("pk")[:1]
)
AT_ADDRESS = Prepared(
    lambda slug, key: (
        Changelog.objects.public().select_related("workspace", "product").filter(workspace__slug=slug, product__key=key)
    )
)


class Subscriber(models.Model):
    """An address that wants to hear of new notes, and nothing else of a person.

    Without history, so that it is gone when it goes. It counts from the moment when the link that was mailed to it was used.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    changelog = models.ForeignKey(Changelog, on_delete=models.CASCADE, related_name="subscribers")
    public_id = PublicIdField()
    email = models.EmailField(max_length=254)
    hash = models.CharField(max_length=64, blank=True, help_text="Of the secret in the link that confirms.")
    expires_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["changelog", "email"], name="subscriber_once"),
            SameWorkspace(field="changelog", target="feedback_changelog", name="subscriber_changelog_same_workspace"),
        ]

    def __str__(self) -> str:
        return f"subscriber {self.pk}"

    @classmethod
    def ask(cls, changelog: Changelog, email: str) -> None:
        """Mail a link by which the owner of the address says yes. Who did already gets none, and nobody learns of it."""
        email, now = email.strip().lower(), clock.now()
        with transaction.atomic():
            cls.objects.filter(confirmed_at=None, expires_at__lt=now).delete()
            row, _new = cls.objects.get_or_create(
                workspace=changelog.workspace, changelog=changelog, email=email, defaults={"expires_at": now}
            )
            if row.confirmed_at is not None or not changelog.admits(email):
                return
            secret = secrets.token_urlsafe(32)
            row.hash, row.expires_at = digest(secret), now + LINK_LASTS
            row.save(update_fields=["hash", "expires_at"])
            ports.send_mail(
                email,
                "changelog_confirm",
                {
                    "changelog": changelog.title,
                    "workspace": changelog.workspace.name,
                    "url": reverse("portal:changelog_confirm", args=[*changelog.place, secret]),
                },
                key=f"changelog-confirm:{row.public_id}:{row.hash[:16]}",
                workspace=changelog.workspace,
                secret=True,
            )

    @classmethod
    def asked(cls, changelog: Changelog, secret: str) -> Subscriber | None:
        """Whose link this is, while it holds."""
        rows = cls.objects.filter(changelog=changelog, hash=digest(secret), confirmed_at=None)
        return rows.filter(expires_at__gt=clock.now()).first()

    def confirm(self) -> None:
        """From now on it hears of new notes. The link holds no second time."""
        Subscriber.objects.filter(pk=self.pk, confirmed_at=None).update(
            confirmed_at=clock.now(), hash="", expires_at=None
        )


def tell_subscribers(notes: ReleaseNotes, change: Change) -> None:
    """Notes were published for the first time: have them mailed."""
    Job.enqueue(
        "mail_release_notes", by=change, workspace=notes.workspace, product=notes.product, notes=notes.public_id,
        unique_key=f"release-notes:{notes.public_id}",
    )  # fmt: skip
