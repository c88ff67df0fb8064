"""Releases, what waits beside them, and the iterations in them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Member
from accounts.roles import Role
from listing.api import Creates, Deletes, Edits, NounSerializer, Related
from listing.bodies import Body
from products.models import Product
from roadmap.api.parts import PLANNING, ItemByKey, reason_field
from roadmap.models import Item, Iteration, ParkedItem, Release, ReleaseNotes
from roadmap.releases.scope import scope_changes, steps_of


class ReleaseSerializer(NounSerializer):
    """`dating` says where the days come from: `set` by hand, or `items`: computed from its items, and then they cannot be
    written. `capacity` is in person-weeks. Frozen and opened again by POST to `freeze/` and `unfreeze/`."""

    id = serializers.CharField(source="public_id", read_only=True)
    product = Related(Product, slug_field="key")
    lead = Related(Member, required=False, allow_null=True)
    reason = reason_field()

    class Meta:
        model = Release
        fields = [
            "id", "version", "product", "name", "description", "lead", "dating", "starts_on", "ends_on", "capacity",
            "health", "health_reason", "health_at", "frozen_at", "reopened_because", "released_at", "created_at",
            "reason",
        ]  # fmt: skip
        read_only_fields = ["health_at", "frozen_at", "reopened_because", "released_at", "created_at"]

    def validate_product(self, product: Product) -> Product:
        if self.instance is not None and product != self.instance.product:
            raise serializers.ValidationError(_("A release stays in its product."))
        return product


class ReasonSerializer(Body):
    reason = serializers.CharField(max_length=280)


class ScopeChangeSerializer(serializers.Serializer[Any]):
    """`kind`: added, dropped or estimated. `effort` is what the item takes now, `before` what it took until then."""

    kind = serializers.ChoiceField([("added", "added"), ("dropped", "dropped"), ("estimated", "estimated")])
    item = serializers.CharField()
    title = serializers.CharField()
    detail = serializers.CharField()
    effort = serializers.DecimalField(max_digits=7, decimal_places=2, allow_null=True)
    before = serializers.DecimalField(max_digits=7, decimal_places=2, allow_null=True)
    at = serializers.DateTimeField()
    who = serializers.CharField()
    why = serializers.CharField()


class ReleaseViewSet(Creates, Edits, Deletes):
    model = Release
    serializer_class = ReleaseSerializer
    roles = {**PLANNING, "freeze": Role.MANAGER, "unfreeze": Role.MANAGER, "scope_changes": Role.VIEWER}

    def rows(self) -> Any:
        return Release.objects.select_related("product", "workspace", "lead__user")

    def perform_create(self, fields: dict[str, Any]) -> Release:
        product = fields.pop("product")
        fields.pop("reason", "")
        self.require_at(product)
        return Release.plan(product, by=self.actor, **fields)

    def perform_update(self, row: Release, fields: dict[str, Any], seen: int | None) -> None:
        row.edit(by=self.actor, seen=seen, **{"reason": "", **fields})

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], takes_body=False)
    def freeze(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Its scope is agreed: what changes of it from now on is listed."""
        release = self.get_object()

        def write() -> Response:
            release.freeze(by=self.actor)
            return self._answer(release)

        return self.once(write)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def unfreeze(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Its scope is open again, for this `reason`."""
        release = self.get_object()
        said = ReasonSerializer(data=request.data)
        said.is_valid(raise_exception=True)

        def write() -> Response:
            release.unfreeze(said.validated_data["reason"], by=self.actor)
            return self._answer(release)

        return self.once(write)

    @extend_schema(responses=ScopeChangeSerializer(many=True))
    @action(detail=True, methods=["get"], url_path="scope-changes", pagination_class=None)
    def scope_changes(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What was added, dropped and estimated anew since it was frozen, the newest first."""
        release = self.get_object()
        found = scope_changes(steps_of(release), release.frozen_at) if release.frozen_at else []
        rows = [{**one._asdict(), "item": f"{release.product.key}-{one.number}"} for one in found]
        return Response({"results": ScopeChangeSerializer(rows, many=True).data, "next": None})


class IterationSerializer(NounSerializer):
    """A sprint in a release. `learned` and `changing` are its review; items name their iteration themselves."""

    id = serializers.CharField(source="public_id", read_only=True)
    release = Related(Release)
    product = serializers.CharField(source="product.key", read_only=True)

    class Meta:
        model = Iteration
        fields = [
            "id", "version", "product", "release", "name", "goal", "starts_on", "ends_on", "capacity", "learned", "changing",
            "reviewed_at", "created_at",
        ]  # fmt: skip
        read_only_fields = ["reviewed_at", "created_at"]

    def validate_release(self, release: Release) -> Release:
        if self.instance is not None and release.pk != self.instance.release_id:
            raise serializers.ValidationError(_("An iteration stays in its release."))
        return release


class IterationViewSet(Creates, Edits, Deletes):
    """Iterations of releases, in the order of their days."""

    model = Iteration
    serializer_class = IterationSerializer
    roles = PLANNING

    def rows(self) -> Any:
        return Iteration.objects.filter(release__deleted_at=None).select_related("product", "workspace", "release")

    def perform_create(self, fields: dict[str, Any]) -> Iteration:
        release = fields.pop("release")
        self.require_at(release.product)
        return Iteration.add(release.workspace, by=self.actor, product=release.product, release=release, **fields)

    def perform_update(self, row: Any, fields: dict[str, Any], seen: int | None) -> None:
        fields.pop("release", None)
        row.edit(by=self.actor, seen=seen, **fields)


class ReleaseNotesSerializer(NounSerializer):
    """What is told outside about a release. `title` and `text` are the draft; people outside read what was published, by POST
    to `publish/`, until a POST to `unpublish/`."""

    id = serializers.CharField(source="public_id", read_only=True)
    release = Related(Release)

    class Meta:
        model = ReleaseNotes
        fields = [
            "id", "version", "release", "title", "text", "published_title", "published_text", "published_at", "created_at",
        ]  # fmt: skip
        read_only_fields = ["published_title", "published_text", "published_at", "created_at"]
        extra_kwargs = {"title": {"required": False}}  # noqa: RUF012 - as the framework reads it

    def validate_release(self, release: Release) -> Release:
        if self.instance is not None and release.pk != self.instance.release_id:
            raise serializers.ValidationError(_("Notes stay with their release."))
        if self.instance is None and ReleaseNotes.objects.filter(release=release).exists():
            raise serializers.ValidationError(_("This release has notes already. Edit those."))
        return release


class ReleaseNotesViewSet(Creates, Edits):
    """The notes of releases, drafts too."""

    model = ReleaseNotes
    serializer_class = ReleaseNotesSerializer
    roles = {**PLANNING, "publish": Role.MANAGER, "unpublish": Role.MANAGER}

    def rows(self) -> Any:
        return ReleaseNotes.objects.filter(release__deleted_at=None).select_related("product", "workspace", "release")

    def perform_create(self, fields: dict[str, Any]) -> ReleaseNotes:
        release = fields.pop("release")
        self.require_at(release.product)
        return ReleaseNotes.write(release, by=self.actor, **fields)

    def perform_update(self, row: Any, fields: dict[str, Any], seen: int | None) -> None:
        fields.pop("release", None)
        row.edit(by=self.actor, seen=seen, **fields)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], takes_body=False)
    def publish(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Show the text as it is now to people outside."""
        row = self.get_object()

        def write() -> Response:
            row.publish(by=self.actor)
            return self._answer(row)

        return self.once(write)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], takes_body=False)
    def unpublish(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Gone from outside at once; the draft stays."""
        row = self.get_object()

        def write() -> Response:
            row.unpublish(by=self.actor)
            return self._answer(row)

        return self.once(write)


class ParkedItemSerializer(NounSerializer):
    """An item proposed for a release, or set aside from it. POST to `take-in/` brings it in, DELETE lets it go."""

    id = serializers.CharField(source="public_id", read_only=True)
    release = Related(Release)
    item = ItemByKey()

    class Meta:
        model = ParkedItem
        fields = ["id", "version", "release", "item", "reason", "created_at"]
        read_only_fields = ["created_at"]


class ParkedItemViewSet(Creates, Deletes):
    """The parking lots of releases."""

    model = ParkedItem
    serializer_class = ParkedItemSerializer
    roles = {**PLANNING, "take_in": Role.MANAGER}

    def rows(self) -> Any:
        rows = ParkedItem.objects.filter(release__deleted_at=None, item__deleted_at=None)
        related = ("product", "workspace", "release__workspace", "item__product", "item__workspace", "item__status")
        return rows.select_related(*related)

    def perform_create(self, fields: dict[str, Any]) -> ParkedItem:
        self.require_at(fields["release"].product)
        item = Item.objects.select_related("status", "product", "workspace").get(pk=fields["item"].pk)
        return ParkedItem.park(fields["release"], item, fields.get("reason", ""), by=self.actor)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], url_path="take-in", takes_body=False)
    def take_in(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Into the release."""
        row = self.get_object()

        def write() -> Response:
            row.take_in(by=self.actor)
            return self._answer(row)

        return self.once(write)
