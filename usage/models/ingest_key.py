from __future__ import annotations

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.constraints import SameWorkspace, workspace_key
from accounts.identity import PublicIdField
from accounts.models import Workspace
from accounts.models.token import digest
from changes.models import Change, Versioned
from config import clock
from products.models import Product
from products.models.owned import OwnedQuerySet

PREFIX = "cradle_ingest_"


class IngestKeyQuerySet(OwnedQuerySet):
    def valid(self) -> IngestKeyQuerySet:
        return self.filter(revoked_at=None, product__deleted_at=None, workspace__deleted_at=None)


class IngestKey(Versioned):
    """Lets a program send events of one product, and nothing else: it reads nothing. Only a hash of it is kept."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="ingest_keys")
    public_id = PublicIdField()
    name = models.CharField(_("name"), max_length=80)
    hash = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=24, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = IngestKeyQuerySet.as_manager()

    undoable = False

    class Meta(Versioned.Meta):
        ordering = ["-created_at"]
        constraints = [
            workspace_key("ingestkey_workspace_key"),
            SameWorkspace(field="product", target="products_product", name="ingestkey_product_same_workspace"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def issue(cls, product: Product, name: str, *, by: Actor | Change) -> tuple[IngestKey, str]:
        """The new key and its secret, which cannot be had again."""
        secret = PREFIX + secrets.token_urlsafe(32)
        with Change.open("ingest_key.issued", by=by, workspace=product.workspace) as change:
            key = cls.objects.create(
                workspace=product.workspace,
                product=product,
                name=name,
                hash=digest(secret),
                hint=secret[: len(PREFIX) + 4],
                created_at=change.at,
            )
            change.tell("ingest_key", key.public_id, product_id=product.pk)
        return key, secret

    @classmethod
    def by_secret(cls, secret: str) -> IngestKey | None:
        return cls.objects.valid().filter(hash=digest(secret)).select_related("product__workspace").first()

    def revoke(self, *, by: Actor | Change) -> None:
        """From now on events sent with it are refused. Repeating it does no harm."""
        with Change.open("ingest_key.revoked", by=by, workspace=self.workspace) as change:
            self.revoked_at = self.revoked_at or change.at
            self.save(update_fields=["revoked_at"])
            change.tell("ingest_key", self.public_id, product_id=self.product_id)
