"""Questions about share links: who may look after them, and which open."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Self

from django.db.models import Exists, Q, QuerySet
from django.db.models.functions import Now

from accounts.models import Member
from accounts.roles import Role
from config import clock
from products.models import Product
from products.models.owned import OwnedQuerySet
from roadmap.models.share_parts import Parted, is_part, parts_of, told_parts

Kind = Literal["product", "kept", "portfolio"]


class ShareLinkQuerySet(OwnedQuerySet):
    def visible_to(self, member: Member) -> Self:
        """Links of products that `member` sees. Those of several products are read by `shareable_by` alone."""
        return self.filter(Product.objects.seen_through(member), workspace=member.workspace_id)

    def shareable_by(self, member: Member) -> Self:
        """Links that `member` may look after: who does so may share each product that they are of, also one in the bin. A link whose products are
        all there is gone with them."""
        managed = Product.objects.with_deleted().visible_to(member).reached_by(member, Role.MANAGER).values("pk")
        others = Product.objects.with_deleted().filter(is_part()).exclude(pk__in=managed)
        there = Exists(Product.objects.filter(is_part()))
        mine = Q(product__in=managed, product__deleted_at=None) | Q(~Exists(others), there, product=None)
        return self.filter(mine, workspace=member.workspace_id)

    def showing(self, product: int) -> Self:
        """Links of a product, and those of several that it is one of."""
        return self.filter(Q(product=product) | Q(Parted(product)))

    def showing_any_of(self, products: QuerySet[Product]) -> Self:
        """Links that show one of these products now, alone or among others."""
        ids = products.values("pk")
        return self.filter(Q(product__in=ids) | Q(Exists(parts_of().filter(pk__in=ids)), product=None))

    def shared_at(self, kind: Kind, at: int) -> Self:
        """Links of a product or of a kept roadmap, by its id; of the portfolio."""
        if kind == "product":
            return self.showing(at)
        return self.filter(product=None, roadmap=at if kind == "kept" else None)

    def with_parts(self) -> Self:
        """Each carries what `parts` reads: no statement of its own for each."""
        return self.annotate(told_parts=told_parts())

    def public(self, now: datetime | None = None) -> Self:
        """Links that open. Unknown, expired and revoked ones answer alike: not at all."""
        return self.unrevoked().filter(Q(expires_at=None) | Q(expires_at__gt=now or clock.now()))

    def shared_with(self, member: Member) -> Self:
        """Open links that are for this very member, whether or not they see the product: a link shows what it shows."""
        return self.public().filter(recipients__member=member.pk, workspace=member.workspace_id)

    def talked_of_by(self, member: Member) -> Self:
        """Links whose questions `member` may read: those shared with them, while these open, and those of products that they manage."""
        lasting = Q(expires_at=None) | Q(expires_at__gt=Now())
        mine = self.model.objects.unrevoked().filter(lasting, recipients__member=member.pk).values("pk")
        managed = self.model.objects.shareable_by(member).values("pk")
        return self.filter(Q(pk__in=mine) | Q(pk__in=managed), workspace=member.workspace_id)

    def unrevoked(self) -> Self:
        """Links that open unless they have expired: their product is there or, where they are of several, one of these."""
        there = Q(product__isnull=False, product__deleted_at=None)
        there |= Q(Exists(parts_of()), product=None, roadmap__deleted_at=None)
        return self.filter(there, revoked_at=None, workspace__deleted_at=None)
