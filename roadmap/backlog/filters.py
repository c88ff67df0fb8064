"""What items can be filtered by."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.db.models import Case, DecimalField, F, Func, IntegerField, Q, TextField, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Lower
from django.utils.translation import gettext_lazy as _

from accounts.models import Member, Workspace
from changes.models import Change
from listing.conditions import Field
from listing.filters import Language
from products.models import Initiative, Objective, Problem, Product
from roadmap.backlog.searching import words_anywhere, words_in
from roadmap.items.answers import AUDIENCES
from roadmap.models import (
    Category,
    Component,
    CustomField,
    FieldKind,
    Horizon,
    Item,
    ItemType,
    Release,
    Status,
    TypeKind,
)
from roadmap.models.dates import Certainty

_more: list[Callable[[Workspace, Product | None], Field]] = []


def add(make: Callable[[Workspace, Product | None], Field]) -> None:
    """What apps to the right know of items and lists are filtered by."""
    _more.append(make)


def item_language(workspace: Workspace, product: Product | None = None) -> Language:
    """The fields of items, with the choices of a product where one is given."""

    def statuses() -> Iterable[tuple[str, Any]]:
        return Status.objects.filter(workspace=workspace).values_list("public_id", "name")

    def types() -> Iterable[tuple[str, Any]]:
        return ItemType.objects.filter(workspace=workspace).values_list("key", "name")

    def members() -> Iterable[tuple[str, Any]]:
        return people(workspace.pk)

    def tags() -> Iterable[tuple[str, Any]]:
        rows = Item.objects.filter(workspace=workspace, **({"product": product} if product else {}))
        each = rows.annotate(tag=Func(F("tags"), function="unnest")).order_by("tag").values_list("tag", flat=True)
        return ((tag, tag) for tag in each.distinct()[:MOST_TAGS])

    def releases() -> Iterable[tuple[str, Any]]:
        return Release.objects.filter(workspace=workspace, product=product).values_list("public_id", "name")

    def objectives() -> Iterable[tuple[str, Any]]:
        rows = Objective.objects.filter(workspace=workspace).filter(Q(product=product) | Q(product=None))
        return rows.values_list("public_id", "name")

    def initiatives() -> Iterable[tuple[str, Any]]:
        return Initiative.objects.filter(workspace=workspace, product=product).values_list("public_id", "name")

    def problems() -> Iterable[tuple[str, Any]]:
        return Problem.objects.filter(workspace=workspace, product=product).values_list("public_id", "statement")

    def components() -> Iterable[tuple[str, Any]]:
        return Component.objects.filter(workspace=workspace, product=product).values_list("public_id", "name")

    language = Language.of(
        workspace,
        Field(
            "q", _("Text"), "search", "search", search=partial(words_anywhere, product=product) if product else words_in
        ),
        Field("title", _("Title"), "text", "title"),
        Field("type", _("Type"), "choice", "type", types),
        Field("kind", _("Kind of type"), "choice", "its_type__kind", lambda: TypeKind.choices),
        Field("status", _("Status"), "choice", "status__public_id", statuses),
        Field("category", _("Kind of status"), "choice", "status__category", lambda: Category.choices),
        Field("lead", _("Lead"), "choice", "lead__public_id", members),
        Field("release", _("Release"), "choice", "release__public_id", releases),
        Field("objective", _("Goal"), "choice", "objective__public_id", objectives),
        Field("initiative", _("Initiative"), "choice", "initiative__public_id", initiatives),
        Field("problem", _("Problem"), "choice", "problem__public_id", problems),
        Field("component", _("Component"), "choice", "component__public_id", components),
        Field("horizon", _("Horizon"), "choice", "horizon", lambda: Horizon.choices[1:], blank=True),
        YesOrNo("is_internal", _("Audiences"), "choice", "is_internal", lambda: AUDIENCES, inside="is_internal"),
        Field("parent", _("Epic"), "row", "parent", search=under),
        Field("tags", _("Tags"), "many", "tags", tags),
        Field("reach", _("Reach"), "number", "reach"),
        Field("impact", _("Impact"), "number", "impact"),
        Field("confidence", _("Confidence"), "number", "confidence"),
        Field("effort", _("Effort"), "number", "effort"),
        Field("score", _("RICE"), "number", "score"),
        Field("start", _("Start"), "date", "starts_on"),
        Field("end", _("End"), "date", "ends_on"),
        Field("certainty", _("Certainty of dates"), "choice", "certainty", lambda: Certainty.choices),
        Field("created", _("Added"), "moment", "created_at"),
        Field("shipped", _("Shipped"), "moment", "shipped_at"),
        Field("touched", _("Last touched"), "moment", "at", through=partial(touched_when, workspace)),
        *(make(workspace, product) for make in _more),
    )
    language.fields = WithOwnFields(workspace, language.fields)
    return language


class YesOrNo(Field):
    """A column that is true or false, chosen as 1 or 0; it is never empty, and no row has any other value."""

    @property
    def there(self) -> Q:
        return Q(pk__isnull=False)

    def among(self, values: Iterable[str]) -> Q:
        return Q(**{f"{self.path}__in": [value == "1" for value in values if value in ("0", "1")]})


class WithOwnFields(dict[str, Field]):
    """The fields that all items have, and those of the workspace, which are asked only when one is named."""

    def __init__(self, workspace: Workspace, fields: dict[str, Field]) -> None:
        super().__init__(fields)
        self.workspace, self.asked = workspace, False

    def __contains__(self, name: object) -> bool:
        self._known(name)
        return super().__contains__(name)

    def __getitem__(self, name: str) -> Field:
        self._known(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self._known(name)
        return super().get(name, default)

    def values(self) -> Any:
        """All of them."""
        self._ask()
        return super().values()

    def _known(self, name: object) -> None:
        if isinstance(name, str) and OWN_KEY.fullmatch(name):
            self._ask()

    def _ask(self) -> None:
        if not self.asked:
            self.asked = True
            rows = CustomField.objects.filter(workspace=self.workspace)
            self.update({field.key: own_field(field) for field in rows})


OWN_KEY = re.compile(r"f[0-9a-f]{8}")
KINDS = {"text": "text", "url": "text", "number": "number", "date": "date", "multi": "many"}


def own_field(field: CustomField) -> Field:
    """How the filter language knows one of the workspace's own fields: by its key."""

    def options() -> Iterable[tuple[str, Any]]:
        if field.kind == FieldKind.CHECKBOX:
            return [("true", _("Yes")), ("false", _("No"))]
        if field.kind == FieldKind.PERSON:
            return people(field.workspace_id)
        return [(one["key"], one["name"]) for one in field.options]

    kind = KINDS.get(field.kind, "choice")
    values = options if kind in ("choice", "many") else None
    return Field(field.key, field.name, kind, f"custom__{field.key}", values, inside=field.key)


MOST_TAGS = 300


def people(workspace: int) -> Any:
    """Public id and name of the workspace's members, by name."""
    named = Case(When(user__name="", then=F("user__email")), default=F("user__name"))
    rows = Member.objects.current().filter(workspace=workspace).annotate(label=named)
    return rows.order_by("label").values_list("public_id", "label")


def touched_when(workspace: Workspace, condition: Q) -> Q:
    """Items whose last change was at such a time."""
    return Q(change_id__in=Change.objects.filter(condition, workspace=workspace).values("pk"))


def under(key: str) -> Q:
    """Items right under the one with this key."""
    return _by_key("parent", key)


def of_item(key: str) -> Q:
    """Rows of the item with this key."""
    return _by_key("item", key)


def linked_to(key: str) -> Q:
    """Links of the item with this key, from either end."""
    return _by_key("item", key) | _by_key("other", key)


def _by_key(path: str, key: str) -> Q:
    product, _dash, number = key.strip().upper().rpartition("-")
    if not (product and number.isascii() and number.isdigit() and len(number) < 10):
        return Q(pk__in=[])
    named = {"product__key": product, "number": int(number), "deleted_at": None}
    return Q(**{f"{path}__{name}": value for name, value in named.items()})


def own_sort(field: CustomField) -> Any:
    """What a list is sorted by for one of the workspace's own fields: options in their order, no before yes, else the
    value. Empty is NULL."""
    if field.has_options:
        places = [
            When(own_field(field).among([one["key"]]), then=Value(place)) for place, one in enumerate(field.options)
        ]
        return Case(*places, default=None, output_field=IntegerField())
    text = KeyTextTransform(field.key, "custom")
    if field.kind == FieldKind.NUMBER:
        return Cast(text, DecimalField(max_digits=20, decimal_places=4))
    return Lower(text) if field.kind == FieldKind.TEXT else text


def own_text(field: CustomField) -> Any:
    """The value as its column keeps it, as text. The key stands in the statement itself: a parameter could not be grouped by."""
    if not OWN_KEY.fullmatch(field.key):
        raise ValueError(field.key)
    return Func(F("custom"), template=f"(%(expressions)s ->> '{field.key}')", output_field=TextField())
