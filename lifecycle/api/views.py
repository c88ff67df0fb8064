from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from lifecycle.api.serializers import DecisionSerializer, GateSerializer
from lifecycle.models import Decision, Gate, Verdict
from listing.api import Creates, Edits
from listing.conditions import Field
from listing.filters import Language
from listing.pages import Sort


class GateViewSet(Edits):
    """The five gates of each product. PATCH sets the day of the review."""

    model = Gate
    serializer_class = GateSerializer
    roles = {"list": Role.VIEWER, "retrieve": Role.VIEWER, "partial_update": Role.MANAGER}

    def rows(self) -> Any:
        return Gate.objects.select_related("product", "workspace").prefetch_related("criteria__judged_by")

    def language(self) -> Language:
        return Language.of(
            self.request.workspace,  # type: ignore[attr-defined]
            Field("product", _("Product"), "choice", "product__key"),
            Field("number", _("Gate"), "number", "number"),
            Field("review_on", _("Review"), "date", "review_on"),
        )

    def perform_update(self, row: Gate, fields: dict[str, Any], seen: int | None) -> None:
        row.plan(fields["review_on"], by=self.actor, seen=seen)


class DecisionViewSet(Creates):
    """Decisions of gates: listed, read and made. There is no way to change or delete one."""

    model = Decision
    serializer_class = DecisionSerializer
    sorts = [Sort("pk", descending=True)]
    roles = {"list": Role.VIEWER, "retrieve": Role.VIEWER, "create": Role.MANAGER}

    def rows(self) -> Any:
        rows = Decision.objects.select_related("product", "gate", "decided_by", "workspace")
        return rows.prefetch_related("conditions__lead")

    def language(self) -> Language:
        return Language.of(
            self.request.workspace,  # type: ignore[attr-defined]
            Field("product", _("Product"), "choice", "product__key"),
            Field("number", _("Gate"), "number", "number"),
            Field("kind", _("Kind"), "choice", "kind", lambda: Verdict.choices),
        )

    def perform_create(self, fields: dict[str, Any]) -> Decision:
        gate = fields["gate"]
        self.require_at(gate.product)
        return Decision.record(
            gate, fields["kind"], fields["reason"], by=self.actor, conditions=fields.get("conditions", [])
        )
