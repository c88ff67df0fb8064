"""Bodies of the API: JSON as it can be kept, and fields that there are. What is wrong is said, and nothing is left out in silence."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers
from rest_framework.parsers import JSONParser

DEEPEST = 40
#: What can go deep, or stand for half a character or none, is looked at; other bodies have nothing of it.
BRACKETS, ESCAPE = (b"[", b"{"), b"\\u"


class Json(JSONParser):
    """JSON of a depth that programs mean, without what PostgreSQL keeps in no text."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        body = stream.read()
        try:
            data = super().parse(io.BytesIO(body), media_type, parser_context)
        except RecursionError:
            raise exceptions.ParseError(_too_deep()) from None
        if ESCAPE in body or sum(map(body.count, BRACKETS)) > DEEPEST:
            refuse_unkeepable(data)
        return data


def refuse_unkeepable(data: Any) -> None:
    """Raises ValidationError, by field, where something is too deep, or is no text that can be stored."""
    fields = data.items() if isinstance(data, dict) else [("detail", data)]
    wrong = {
        name if _can_be_kept(name) else "detail": problem
        for name, value in fields
        if (problem := _problem_of(name, 0) or _problem_of(value, 1))
    }
    if wrong:
        raise serializers.ValidationError(wrong)


def _problem_of(data: Any, depth: int) -> str:
    if depth > DEEPEST:
        return _too_deep()
    if isinstance(data, str):
        return "" if _can_be_kept(data) else _("This text contains a character that cannot be stored.")
    inner = [*data, *data.values()] if isinstance(data, dict) else data if isinstance(data, list) else []
    return next((problem for one in inner if (problem := _problem_of(one, depth + 1))), "")


def _can_be_kept(text: str) -> bool:
    """Neither a NUL nor half a character is in it."""
    return "\0" not in text and not any("\ud800" <= one <= "\udfff" for one in text)


def _too_deep() -> str:
    return _("This goes deeper than %(n)d levels.") % {"n": DEEPEST}


class Exact:
    """Of a serializer: a field that there is not is refused by name. Sending back what was read does no harm: what can only be read is
    left alone here."""

    fields: Any

    def to_internal_value(self, data: Any) -> Any:
        refused = self.refused(data) if isinstance(data, Mapping) else {}
        if refused:
            raise serializers.ValidationError(refused)
        return super().to_internal_value(data)  # type: ignore[misc]

    def refused(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Field → why it is not taken."""
        return {name: _no_such_field() for name in data if name not in self.fields}


class Body(Exact, serializers.Serializer[Any]):
    """What an action is sent, or a part of a noun."""


def refuse_all(data: Any) -> None:
    """For an action that takes nothing. Raises ValidationError, by field."""
    if isinstance(data, Mapping) and data:
        raise serializers.ValidationError({name: _no_such_field() for name in data})
    if data and not isinstance(data, Mapping):
        raise serializers.ValidationError(_("Nothing is to be sent here."))


def _no_such_field() -> str:
    return _("There is no such field.")
