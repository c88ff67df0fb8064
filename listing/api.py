"""The base of every viewset: the same verbs, `visible_to` and refusals as the pages.

- `roles` names the role for each action; the role that holds at the row's product decides.
- Lists are keyset pages: `next` is an address. Filters are the filter language's short form, `filter=` its JSON.
- PATCH needs `If-Match` with the `version` that was read (its ETag): fields that nobody else changed are merged, one
  that somebody did answers 409 with both values. `*` overwrites on purpose.
- POST takes an `Idempotency-Key`: a repetition gets the first answer again, another body with the same key gets 422.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings

from accounts.access import require
from accounts.actors import Actor
from accounts.models import Member
from accounts.places import Guarded
from accounts.refusals import Refused
from accounts.roles import Role
from changes.concurrency import Conflict
from changes.models import Answer
from listing.bodies import Exact, refuse_all
from listing.filters import Language
from listing.pages import Sort, page_of

LARGEST_PAGE = 200
NAMED = {"list": Role.VIEWER, "retrieve": Role.VIEWER}
#: What the workspace's members read and its admins change.
BY_ADMINS = {**NAMED, "create": Role.ADMIN, "partial_update": Role.ADMIN, "destroy": Role.ADMIN}


class VersionRequired(exceptions.APIException):
    status_code = 428
    default_detail = gettext_lazy(
        "Send If-Match with the version that you read, so that nobody's change is overwritten."
    )
    default_code = "version_required"


class NounViewSet(viewsets.GenericViewSet[Any]):
    """One noun. Subclasses give model, serializer, roles, and the verbs `perform_create`, `perform_update`, `perform_destroy`."""

    model: ClassVar[type[models.Model]]
    roles: ClassVar[dict[str, Role]] = NAMED
    lookup_field = "public_id"
    sorts: ClassVar[list[Sort]] = [Sort("pk")]
    place_field: ClassVar[str] = "product"
    #: False of an action that is done by being asked for: `@action(…, takes_body=False)`.
    takes_body: ClassVar[bool] = True

    request: Request

    @property
    def member(self) -> Member:
        return self.request.member  # type: ignore[attr-defined]

    @property
    def actor(self) -> Actor:
        return self.request.actor  # type: ignore[attr-defined]

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.model._default_manager.none()
        return self.rows().visible_to(self.member)

    def rows(self) -> Any:
        """The noun's rows with what the serializer needs; `visible_to` is applied to it."""
        return self.model._default_manager.all()

    def place_of(self, row: Any) -> Guarded | None:
        """The product whose role decides, or None for rows of the workspace."""
        return getattr(row, self.place_field, None) if self.place_field else None

    def role_may_come_from_product(self, action: str | None) -> bool:
        """Where a product is known only later, the object check (or `require_at`) decides instead."""
        return bool(self.place_field)

    def check_object_permissions(self, request: Request, obj: Any) -> None:
        """Whoever may do it hears what is wrong with what they sent; nobody else does."""
        super().check_object_permissions(request, obj)
        if not self.takes_body:
            refuse_all(request.data)

    def require_at(self, place: Guarded | None) -> None:
        """For creation: the role at the product that the new row will belong to."""
        require(self.member, self.roles[self.action], at=place)

    def language(self) -> Language | None:
        """The filter language of this noun, if its lists can be filtered."""
        return None

    # --- actions

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        rows = self.get_queryset()
        language = self.language()
        if language is not None:
            rows = rows.filter(language.compile(self._expression(language)))
        page = page_of(rows, self.sorts, request.query_params.get("after", ""), self._page_size())
        following = ""
        if page.next:
            query = request.query_params.copy()
            query["after"] = page.next
            following = request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
        return Response({"results": self.get_serializer(page.rows, many=True).data, "next": following or None})

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._answer(self.get_object())

    def _expression(self, language: Language) -> Any:
        return language.from_query(self.request.query_params)

    def _page_size(self) -> int:
        raw = self.request.query_params.get("size", "50")
        if not raw.isascii() or not raw.isdigit() or not 1 <= int(raw[:6]) <= LARGEST_PAGE:
            raise Refused(_("`size` is a number from 1 to %(largest)d.") % {"largest": LARGEST_PAGE})
        return int(raw)

    def _answer(self, row: Any, code: int = status.HTTP_200_OK) -> Response:
        response = Response(self.get_serializer(row).data, status=code)
        if hasattr(row, "change_id"):
            response["ETag"] = f'"{row.change_id}"'
        return response

    def version_seen(self) -> int | None:
        """The version in If-Match; None for `*`. Raises 428 without the header and 412 for what is no version."""
        raw = self.request.headers.get("If-Match", "").strip()
        if not raw:
            raise VersionRequired
        if raw == "*":
            return None
        digits = raw.removeprefix("W/").strip('"')
        if not (digits.isascii() and digits.isdigit() and len(digits) < 19):
            error = exceptions.APIException(_("If-Match does not hold a version of this row."), code="no_version")
            error.status_code = status.HTTP_412_PRECONDITION_FAILED
            raise error
        return int(digits)

    # --- Idempotency-Key

    def once(self, write: Any) -> Response:
        """Run a POST's `write`, at most once for its Idempotency-Key; row and answer commit together."""
        key = self.request.headers.get("Idempotency-Key", "")
        if not key:
            return write()
        if len(key) > 120 or not key.isprintable():
            raise Refused(_("An Idempotency-Key has up to 120 printable characters."))
        try:
            with transaction.atomic():
                stored = Answer.objects.create(token=self.request.auth, key=key, fingerprint=self._fingerprint())
                response = write()
                stored.status, stored.body = response.status_code, _plain(response.data)
                stored.headers = {name: response[name] for name in ("ETag", "Location") if response.has_header(name)}
                stored.save()
                return response
        except IntegrityError:
            stored = Answer.objects.filter(token=self.request.auth, key=key).first()
            if stored is None:
                raise
            return self._replay(stored)

    def _replay(self, stored: Answer) -> Response:
        if stored.fingerprint != self._fingerprint():
            raise Refused(_("This Idempotency-Key was used with another body. Use a new key for a new request."))
        return Response(stored.body, status=stored.status, headers={**stored.headers, "Idempotent-Replay": "true"})

    def _fingerprint(self) -> str:
        body = json.dumps(self.request.data, sort_keys=True, default=str)
        return hashlib.sha256(f"{self.request.method} {self.request.path} {body}".encode()).hexdigest()


class Creates(NounViewSet):
    """POST. `perform_create(data)` calls the verb and returns the row."""

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)

        def write() -> Response:
            return self._answer(self.perform_create(dict(serializer.validated_data)), status.HTTP_201_CREATED)

        return self.once(write)

    def perform_create(self, fields: dict[str, Any]) -> Any:
        """Call the verb with the parsed fields; return the new row."""
        raise NotImplementedError


class Edits(NounViewSet):
    """PATCH. `perform_update(row, fields, seen)` calls the verb."""

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = self.get_object()
        serializer = self.get_serializer(row, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        fields = dict(serializer.validated_data)
        if fields:
            self.perform_update(row, fields, self.version_seen())
        return self._answer(row)

    def perform_update(self, row: Any, fields: dict[str, Any], seen: int | None) -> None:
        row.edit(by=self.actor, seen=seen, **fields)


class Deletes(NounViewSet):
    """DELETE: to the bin. Repeating it answers 404, as the row is gone."""

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        self.get_object().delete_softly(by=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)


class NounSerializer(Exact, serializers.ModelSerializer[Any]):
    """`version` is what If-Match takes. Choices of related rows are limited to what the token's member sees.

    A field that there is not, or that cannot be written, is refused by name: nothing is left out in silence. Sending
    back what was read, unchanged, does no harm.
    """

    version = serializers.IntegerField(source="change_id", read_only=True)

    def refused(self, data: Mapping[str, Any]) -> dict[str, Any]:
        fixed = [name for name in data if name in self.fields and self.fields[name].read_only]
        if fixed and isinstance(self.instance, models.Model):
            known = self.to_representation(self.instance)
            fixed = [name for name in fixed if _plain(known[name]) != data[name]]
        return {**super().refused(data), **{name: _("This field cannot be written.") for name in fixed}}

    @property
    def member(self) -> Member | None:
        request = self.context.get("request")
        return getattr(request, "member", None)


class Related(serializers.SlugRelatedField[Any]):
    """A related row by its public id (or another slug), among those visible to the member."""

    def __init__(self, model: type[models.Model] | None = None, slug_field: str = "public_id", **options: Any) -> None:
        self.model = model
        if not options.get("read_only"):
            options.setdefault("queryset", model._default_manager.all() if model else None)
        super().__init__(slug_field=slug_field, **options)

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        request = self.context.get("request")
        if rows is None or request is None or not hasattr(request, "member"):
            return rows
        return rows.visible_to(request.member)

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or "\0" in data:
            self.fail("does_not_exist", slug_name=self.slug_field, value=str(data)[:60])
        return super().to_internal_value(data)


def conflict_answer(conflict: Conflict) -> dict[str, Any]:
    """Both values, and who changed it when: the caller decides."""
    who = conflict.change.member
    return {
        "detail": str(conflict),
        "field": conflict.field,
        "theirs": _plain_value(conflict.theirs),
        "yours": _plain_value(conflict.yours),
        "changed_by": who.name if who else conflict.change.actor_label,
        "changed_at": conflict.change.at,
    }


def _plain_value(value: Any) -> Any:
    if isinstance(value, models.Model):
        return getattr(value, "public_id", None) or str(value)
    return value


def _plain(data: Any) -> Any:
    """As it will be read back: JSON and nothing else."""
    return json.loads(api_settings.DEFAULT_RENDERER_CLASSES[0]().render(data)) if data is not None else None
