from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, models

from accounts.constraints import SameWorkspace
from accounts.models import Member, Workspace
from products.models import Product
from roadmap.models.roadmap import Roadmap

#: A visit ends when nobody looked for so long; within one, the last look is written down only so often.
AWAY = timedelta(minutes=30)
EVERY = timedelta(minutes=10)
UPSERT = """
INSERT INTO roadmap_look (workspace_id, member_id, product_id, roadmap_id, seen_at) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (member_id, coalesce(product_id, 0), coalesce(roadmap_id, 0)) DO UPDATE SET
    before_at = CASE WHEN roadmap_look.seen_at < %s THEN roadmap_look.seen_at ELSE roadmap_look.before_at END,
    seen_at = excluded.seen_at
RETURNING before_at
"""


class Look(models.Model):
    """When a member last looked at the roadmap of a product, or at a kept one, and until when the visit before went. No history:
    it is nobody else's."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+", db_index=False)
    product = models.ForeignKey(Product, null=True, on_delete=models.CASCADE, related_name="+")
    roadmap = models.ForeignKey(Roadmap, null=True, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()
    before_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "member",
                models.functions.Coalesce("product", 0),
                models.functions.Coalesce("roadmap", 0),
                name="one_look_at_a_roadmap",
            ),
            models.CheckConstraint(
                condition=models.Q(product=None) ^ models.Q(roadmap=None), name="look_is_at_one_roadmap"
            ),
            SameWorkspace(field="member", target="accounts_member", name="look_member_same_workspace"),
            SameWorkspace(field="product", target="products_product", name="look_product_same_workspace"),
            SameWorkspace(field="roadmap", target="roadmap_roadmap", name="look_roadmap_same_workspace"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} at {self.product_id or self.roadmap_id}"

    @classmethod
    def note(cls, member: Member, place: Product | Roadmap, now: datetime) -> datetime | None:
        """`member` looks at it now: until when the visit before this one went, None for the first. Reads one row; writes it when
        the last look is older than EVERY."""
        at = {"product": place} if isinstance(place, Product) else {"roadmap": place}
        known = cls.objects.filter(member=member, **at).values_list("seen_at", "before_at").first()
        if known is not None and now - known[0] < EVERY:
            return known[1]
        product, roadmap = (place.pk, None) if isinstance(place, Product) else (None, place.pk)
        with connection.cursor() as cursor:
            cursor.execute(UPSERT, [member.workspace_id, member.pk, product, roadmap, now, now - AWAY])
            before: datetime | None = cursor.fetchone()[0]
        return before
