"""Many items at once: their fields, to the bin, to another product. At once up to 200 of them, else by a job that says how far it is."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Member
from accounts.refusals import Refused
from accounts.roles import Role
from changes.models import Change
from changes.undo import require_undo_right, undo
from jobs.models import Job
from listing.api import NounViewSet, Related
from listing.bodies import Body
from listing.work import JobSerializer, OutcomeSerializer, outcome
from products.models import Product
from roadmap.api.many_values import ManyValues, refuse_foreign, settings_of
from roadmap.api.parts import reason_field
from roadmap.backlog import bulk
from roadmap.backlog.bulk_fields import Setting
from roadmap.backlog.filters import item_language
from roadmap.items import moving
from roadmap.models import Item

MOST_KEYS = 5000


def read_many(given: Any, member: Member, product: Product) -> list[Setting]:
    """What `set` of a request says, read anew when a job comes to do it. Raises Refused where it is no more so."""
    values = ManyValues(data=given, context={"request": SimpleNamespace(member=member, workspace=product.workspace)})
    try:
        values.is_valid(raise_exception=True)
        refuse_foreign(values.validated_data, product)
    except serializers.ValidationError as error:
        raise Refused(
            _("What was to be set is not there any more: %(what)s.") % {"what": ", ".join(error.detail)}
        ) from error
    return settings_of(values.validated_data)


@extend_schema_field({"oneOf": [{"type": "object", "additionalProperties": True}, {"type": "string"}]})
class FilterField(serializers.Field[Any, Any, Any, Any]):
    """The filter language, as a list of items takes it: an expression, or its short form (`status=…&score.gte=10`). `{"all": []}` is all."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) or (isinstance(data, str) and data.strip()):
            return data
        raise serializers.ValidationError(
            _('An expression of the filter language, or its short form. {"all": []} is all items.')
        )


class MoveManySerializer(Body):
    """`children`: whether items under these come `along` or `stay`, under no epic; to be said where there are any."""

    product = Related(Product, slug_field="key")
    children = serializers.ChoiceField(choices=["along", "stay"], required=False, default="")


class ManySerializer(serializers.Serializer[Any]):
    """Which items: `keys`, all of one product, or a `product` and a `filter`. What is done: `set` fields, `delete`, or `move`."""

    product = Related(Product, slug_field="key", required=False)
    keys = serializers.ListField(
        child=serializers.RegexField(r"^[A-Za-z][A-Za-z0-9]{0,9}-[0-9]{1,9}\Z"),
        required=False,
        min_length=1,
        max_length=MOST_KEYS,
    )
    filter = FilterField(required=False)
    set = ManyValues(required=False)
    delete = serializers.BooleanField(required=False, default=False)
    move = MoveManySerializer(required=False)
    reason = reason_field()

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        if unknown := [name for name in self.initial_data if name not in self.fields]:
            raise serializers.ValidationError({name: _("There is no such field.") for name in unknown})
        if ("keys" in asked) == ("filter" in asked):
            raise serializers.ValidationError({"keys": _("Say which items: either their keys, or a filter.")})
        if sum(bool(asked.get(name)) for name in ("set", "delete", "move")) != 1:
            raise serializers.ValidationError({"set": _("Say what is done: either set, delete or move.")})
        if "keys" in asked:
            self._read_keys(asked)
        elif "product" not in asked:
            raise serializers.ValidationError({"product": _("Say in which product the filter looks.")})
        else:
            asked["matching"] = _query_of(asked["filter"], asked["product"])
        if "set" in asked:
            refuse_foreign(asked["set"], asked["product"])
            asked["given"] = self.initial_data["set"]
        return asked

    def _read_keys(self, asked: dict[str, Any]) -> None:
        """All of one product; one that there is not is named, and nothing is done."""
        parted = [key.upper().rpartition("-") for key in asked["keys"]]
        member, named = self.context["request"].member, {product for product, _dash, _number in parted}
        if "product" in asked and named != {asked["product"].key} or len(named) > 1:
            raise serializers.ValidationError(
                {"keys": _("These are items of several products. Send one request for each.")}
            )
        product = asked.get("product") or Product.objects.visible_to(member).filter(key__in=named).first()
        numbers = {int(number) for _product, _dash, number in parted}
        rows = Item.objects.visible_to(member).filter(product=product, number__in=numbers)
        there = set(rows.values_list("number", flat=True)) if product is not None else set()
        if gone := sorted(numbers - there):
            shown = ", ".join(f"{parted[0][0]}-{number}" for number in gone[:5]) + (" …" if len(gone) > 5 else "")
            raise serializers.ValidationError({"keys": _("There is no item of this key: %(keys)s.") % {"keys": shown}})
        asked["product"], asked["numbers"] = product, [str(number) for number in sorted(numbers)]


def _query_of(given: Any, product: Product) -> str:
    """The filter as a query string. Raises Refused for what is none: nothing of it is left out, or it would match more than was meant."""
    language = item_language(product.workspace, product)
    if isinstance(given, str):
        query = QueryDict(given.removeprefix("?"))
        unknown = [name for name in query if not language.is_filter(name)]
        if unknown or not query:
            raise Refused(_("There is no field “%(name)s” to filter by.") % {"name": (unknown or [given])[0][:40]})
        given = language.from_query(query)
    language.parse(given)
    return urlencode(language.to_query(given if isinstance(given.get("all"), list) else {"all": [given]}))


class UndoSerializer(Body):
    version = serializers.IntegerField(min_value=1, max_value=2**62)


class ManyItemsViewSet(NounViewSet):
    """Many items at once, as one change that is undone as one."""

    model = Item
    serializer_class = ManySerializer
    roles = {"change": Role.MANAGER, "undo": Role.MANAGER}

    @extend_schema(
        operation_id="items_bulk_create",
        request=ManySerializer,
        responses={
            200: OutcomeSerializer,
            202: OpenApiResponse(JobSerializer, description="More than 200: see its job."),
        },
    )
    def change(self, request: Request) -> Response:
        """Set fields of items, delete them, or move them to another product: up to 200 at once, more by a job, whose address is in
        `Location`. Those that cannot become so stay as they are, and are counted by why."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        asked = serializer.validated_data
        product: Product = asked["product"]
        self.require_at(product)
        if "move" in asked:
            moving.require_both(self.member, product, asked["move"]["product"])
        return self.once(lambda: self._do(asked, product))

    @extend_schema(operation_id="items_bulk_undo_create", request=UndoSerializer, responses={200: OutcomeSerializer})
    def undo(self, request: Request) -> Response:
        """Turn back what this token did to items in one change, of which it was told the `version`: all of it, or nothing."""
        serializer = UndoSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        rows = Change.objects.visible_to(self.member).by(self.actor)
        change = rows.filter(pk=serializer.validated_data["version"]).first()
        if change is None:
            raise Refused(_("This token has made no such change. Send the version that it was told."))
        require_undo_right(change, self.member)

        def write() -> Response:
            inverse = undo(change, by=self.actor)
            return Response(outcome(inverse.versions.filter(noun=Item._meta.db_table).count(), (), inverse.pk))

        return self.once(write)

    def _do(self, asked: dict[str, Any], product: Product) -> Response:
        rows = bulk.chosen(self.member, product, asked.get("numbers", []), asked.get("matching"))
        if "move" in asked:
            return self._move(rows, asked, product)
        found, reason = rows.count(), asked.get("reason", "")
        if found > bulk.AT_ONCE:
            what: dict[str, Any] = {"setting": bulk.DELETE} if asked["delete"] else {"given": asked["given"]}
            return self._by_job("change_items", asked, product, found, reason=reason, **what)
        with transaction.atomic():
            if asked["delete"]:
                done = bulk.delete_many(rows, product, by=self.actor)
            else:
                done = bulk.carry_out(rows, product, *settings_of(asked["set"]), by=self.actor, reason=reason)
        return Response(outcome(done.changed, done.reasons, done.change))

    def _move(self, rows: Any, asked: dict[str, Any], product: Product) -> Response:
        target, children = asked["move"]["product"], asked["move"]["children"]
        found = rows.count()
        under = (
            Item.objects.filter(parent__in=rows.order_by().values("pk"))
            .exclude(pk__in=rows.order_by().values("pk"))
            .count()
        )
        if under and not children:
            raise serializers.ValidationError(
                {"move": {"children": [_("Items stand under these: say along or stay.")]}}
            )
        along = children == "along"
        if found + under > bulk.AT_ONCE:
            return self._by_job("items_to_product", asked, product, found, target=target.key, along=along)
        with transaction.atomic():
            done = moving.move(rows, product, target, along=along, by=self.actor)
        return Response(outcome(len(done.moved), (), done.change))

    def _by_job(self, kind: str, asked: dict[str, Any], product: Product, found: int, **what: Any) -> Response:
        title = ngettext("%(n)d item", "%(n)d items", found) % {"n": found}
        job = Job.enqueue(
            kind, by=self.actor, workspace=product.workspace, product=product, title=title,
            numbers=asked.get("numbers", []), matching=asked.get("matching"), **what,
        )  # fmt: skip
        where = self.request.build_absolute_uri(reverse("job-detail", args=[job.public_id]))
        return Response(JobSerializer(job).data, status=202, headers={"Location": where})
