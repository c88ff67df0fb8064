"""Links between items."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.response import Response

from listing.api import Creates, Deletes, NounSerializer
from listing.conditions import Field
from listing.filters import Language
from roadmap.api.parts import PLANNING, ItemByKey
from roadmap.backlog.filters import linked_to
from roadmap.models import ItemLink
from roadmap.models.item_links import WORDS


class ItemLinkSerializer(NounSerializer):
    """`item` needs `other`, relates to it or duplicates it. `blocks` and `duplicated` say the same from the other end:
    such a link is answered as it is kept, with the ends changed."""

    id = serializers.CharField(source="public_id", read_only=True)
    item = ItemByKey()
    kind = serializers.ChoiceField([(word, label) for word, (_kind, _turned, label) in WORDS.items()], default="needs")
    other = ItemByKey()

    class Meta:
        model = ItemLink
        fields = ["id", "version", "item", "kind", "other"]


class ItemLinkViewSet(Creates, Deletes):
    """Links between items; `?item=DSP-214` for those of one, from either end."""

    model = ItemLink
    serializer_class = ItemLinkSerializer
    roles = PLANNING

    def rows(self) -> Any:
        return ItemLink.objects.select_related("item__product", "other__product", "product", "workspace")

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return ItemLink.objects.none()
        return self.rows().between_visible(self.member)

    def language(self) -> Language | None:
        return Language.of(self.request.workspace, Field("item", _("Item"), "row", "item", search=linked_to))

    def perform_create(self, fields: dict[str, Any]) -> ItemLink:
        item, word, other = fields["item"], fields["kind"], fields["other"]
        self.require_at(item.product)
        if word in ("duplicates", "duplicated"):
            self.require_at(other.product)
        return ItemLink.add(item, word, other, by=self.actor)

    def destroy(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.get_object().remove(by=self.actor)
        return Response(status=204)
