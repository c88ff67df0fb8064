"""What fields of many items become, as the API is told it: a value as of one item, or what is done to the value of each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.refusals import Refused
from products.models import Product
from roadmap.api.items import ItemSerializer, OwnValues
from roadmap.backlog.bulk_fields import ADD, TAKE, Setting
from roadmap.backlog.bulk_rules import DAYS
from roadmap.backlog.bulk_texts import BEFORE, BEHIND, FOUND, read_text
from roadmap.models import CustomField, FieldKind, Item

#: One after the other in this order: what a later one asks for, an earlier one may have set.
FIRST = ("type", "parent", "release", "iteration", "custom", "factors")
LAST = ("status",)
TEXT, WORDS = {"type": "string"}, {"type": "array", "items": {"type": "string"}}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False}


DONE_TO_TEXT = _object(before=TEXT, behind=TEXT, find=TEXT, replace=TEXT)
DONE_TO_WORDS = _object(add=WORDS, take=WORDS)


def _parts(data: Any, names: set[str], sentence: str) -> dict[str, Any]:
    if not isinstance(data, dict) or not data or data.keys() - names:
        raise serializers.ValidationError(sentence)
    return data


@extend_schema_field({"oneOf": [TEXT, DONE_TO_TEXT]})
class ManyTexts(serializers.Field[Any, Any, Any, Any]):
    """Of each something is put `before` or `behind` it, or `find` in it and `replace`. A description may also be a text: then all get that."""

    def to_internal_value(self, data: Any) -> list[tuple[str, Any]]:
        name = self.field_name or ""
        try:
            if isinstance(data, str):
                return [("", read_text(name, data, ""))]
            parts = _parts(
                data, {"before", "behind", "find", "replace"}, _("An object of before, behind, or find and replace.")
            )
            if not all(isinstance(one, str) for one in parts.values()) or ("find" in parts) != ("replace" in parts):
                raise serializers.ValidationError(_("These are texts; find and replace come together."))
            found = [(FOUND, json.dumps([parts["find"], parts["replace"]]))] if "find" in parts else []
            told = [
                *found,
                *((how, parts[word]) for word, how in (("before", BEFORE), ("behind", BEHIND)) if word in parts),
            ]
            return [(how, read_text(name, text, how)) for how, text in told]
        except Refused as refusal:
            raise serializers.ValidationError(str(refusal)) from refusal


@extend_schema_field({"oneOf": [WORDS, DONE_TO_WORDS]})
class ManyTags(serializers.Field[Any, Any, Any, Any]):
    """A list, which all get, or what each gets (`add`) and loses (`take`)."""

    def to_internal_value(self, data: Any) -> list[tuple[str, Any]]:
        words = serializers.ListField(child=serializers.CharField(max_length=40))
        if isinstance(data, list):
            return [("", words.run_validation(data))]
        parts = _parts(data, {"add", "take"}, _("A list, or an object of add and take."))
        return [
            (how, words.run_validation(parts[word])) for word, how in (("take", TAKE), ("add", ADD)) if word in parts
        ]


@extend_schema_field({"type": "object", "additionalProperties": True})
class ManyOwnValues(OwnValues):
    """As of one item; of a field of several options also an object of what each gets (`add`) and loses (`take`)."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, dict):
            return super().to_internal_value(data)
        done = {key: raw for key, raw in data.items() if isinstance(raw, dict)}
        plain = super().to_internal_value({key: raw for key, raw in data.items() if key not in done})
        found = [(key, "", value) for key, value in plain.items()]
        workspace = self.context["request"].workspace
        several = CustomField.objects.filter(workspace=workspace, kind=FieldKind.MULTI, key__in=list(done))
        if unknown := sorted(done.keys() - set(several.values_list("key", flat=True))):
            sentence = _("“%(key)s” is no field of several options: give it one value.") % {"key": unknown[0][:40]}
            raise serializers.ValidationError(sentence)
        for key, raw in done.items():
            parts = _parts(raw, {"add", "take"}, _("A list, or an object of add and take."))
            for word, how in (("take", TAKE), ("add", ADD)):
                if word in parts:
                    found.append((key, how, super().to_internal_value({key: parts[word]})[key]))
        return found


class ManyValues(ItemSerializer):
    """What fields become, as in an item. None gets the title of another one: it takes an object of what is done to each, as `description`, `tags` and
    own fields of several options may."""

    title = ManyTexts(required=False)
    description = ManyTexts(required=False)
    tags = ManyTags(required=False)
    fields = ManyOwnValues(source="custom", required=False)  # type: ignore[assignment]

    class Meta:
        model = Item
        fields = [
            "type", "title", "description", "status", "lead", "reach", "impact", "confidence", "effort", "factors", "release", "iteration",
            "objective", "initiative", "problem", "component", "parent", "horizon", "is_internal", "starts_on", "ends_on", "certainty",
            "progress_from", "progress", "tags", "fields",
        ]  # fmt: skip

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        if not fields:
            raise serializers.ValidationError(_("Say what is set."))
        if fields.get("starts_on") and fields.get("ends_on") and fields["ends_on"] < fields["starts_on"]:
            raise serializers.ValidationError({"ends_on": _("The end lies before the start.")})
        return fields


def refuse_foreign(values: Mapping[str, Any], product: Product) -> None:
    """What belongs to a product stays in it."""
    for name in ("release", "iteration", "objective", "initiative", "problem", "component", "parent"):
        related = values.get(name)
        if related is not None and related.product_id not in (product.pk, None):
            raise serializers.ValidationError({"set": {name: [_("This belongs to another product.")]}})


def settings_of(values: Mapping[str, Any]) -> list[Setting]:
    """Of what ManyValues has read, in the order in which it is set."""
    found: list[Setting] = []
    for name in sorted(values.keys() - set(DAYS), key=_place):
        value = values[name]
        if name == "custom":
            found += [Setting(name, one, key, how) for key, how, one in value]
        elif name == "factors":
            found += [Setting(name, one, key) for key, one in value.items()]
        elif name in ("title", "description", "tags"):
            found += [Setting(name, one, "", how) for how, one in value]
        else:
            found.append(Setting(name, value))
    days = {name: values[name] for name in reversed(DAYS) if name in values and name != "ends_on"}
    if "ends_on" in values:
        found.append(Setting("ends_on", values["ends_on"], beside=days))
    elif days:
        name, value = days.popitem()
        found.append(Setting(name, value, beside=days))
    return found


def _place(name: str) -> tuple[int, int]:
    for part, names in ((0, FIRST), (2, LAST)):
        if name in names:
            return part, names.index(name)
    return 1, 0
