"""What items can be filtered by."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from django.db.models import BigIntegerField, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from accounts.models import Workspace
from changes.models import Change, Version
from jobs.models import JobQuerySet
from listing.conditions import Field
from listing.filters import Language
from products.models import Product
from roadmap.backlog.choices import Choices
from roadmap.backlog.own_fields import WithOwnFields
from roadmap.backlog.searching import words_anywhere, words_everywhere
from roadmap.items.answers import AUDIENCES
from roadmap.models import Category, Horizon, Item, TypeKind
from roadmap.models.dates import Certainty

_more: list[Callable[[Workspace, Product | None], Field]] = []


def add(make: Callable[[Workspace, Product | None], Field]) -> None:
    """What apps to the right know of items and lists are filtered by."""
    _more.append(make)


def item_language(workspace: Workspace, product: Product | None = None, *, among: Iterable[Product] = ()) -> Language:
    """The fields of items, with the choices of a product where one is given; `among` are several that whoever filters sees."""
    choices = Choices(workspace, product, tuple(one.pk for one in among))
    language = Language.of(
        workspace,
        *_words(workspace, product),
        *_facts(choices),
        *_numbers(),
        *_days(workspace),
        *(
            [AtOnce("at_once", _("Changed at once"), "choice", "pk", choices.at_once, inside="pk", jobs=choices.jobs)]
            if product
            else []
        ),
        *(make(workspace, product) for make in _more),
    )
    language.fields = WithOwnFields(workspace, language.fields)
    return language


def _words(workspace: Workspace, product: Product | None) -> list[Field]:
    search = partial(words_anywhere, product=product) if product else partial(words_everywhere, workspace=workspace)
    return [Field("q", _("Text"), "search", "search", search=search), Field("title", _("Title"), "text", "title")]


def _facts(choices: Choices) -> list[Field]:
    return [
        Field("type", _("Type"), "choice", "type", choices.types),
        Field("kind", _("Kind of type"), "choice", "its_type__kind", lambda: TypeKind.choices),
        Field("status", _("Status"), "choice", "status__public_id", choices.statuses),
        Field("category", _("Kind of status"), "choice", "status__category", lambda: Category.choices),
        Field("lead", _("Lead"), "choice", "lead__public_id", choices.members),
        Field("release", _("Release"), "choice", "release__public_id", choices.releases),
        Field("objective", _("Goal"), "choice", "objective__public_id", choices.objectives),
        Field("initiative", _("Initiative"), "choice", "initiative__public_id", choices.initiatives),
        Field("problem", _("Problem"), "choice", "problem__public_id", choices.problems),
        Field("component", _("Component"), "choice", "component__public_id", choices.components),
        Field("horizon", _("Horizon"), "choice", "horizon", lambda: Horizon.choices[1:], blank=True),
        YesOrNo("is_internal", _("Audiences"), "choice", "is_internal", lambda: AUDIENCES, inside="is_internal"),
        Field("parent", _("Epic"), "row", "parent", search=under),
        Field("tags", _("Tags"), "many", "tags", choices.tags),
    ]


def _numbers() -> list[Field]:
    return [
        Field("reach", _("Reach"), "number", "reach"),
        Field("impact", _("Impact"), "number", "impact"),
        Field("confidence", _("Confidence"), "number", "confidence"),
        Field("effort", _("Effort"), "number", "effort"),
        Field("score", _("RICE"), "number", "score"),
    ]


def _days(workspace: Workspace) -> list[Field]:
    return [
        Field("start", _("Start"), "date", "starts_on"),
        Field("end", _("End"), "date", "ends_on"),
        Field("certainty", _("Certainty of dates"), "choice", "certainty", lambda: Certainty.choices),
        Field("created", _("Added"), "moment", "created_at"),
        Field("shipped", _("Shipped"), "moment", "shipped_at"),
        Field("touched", _("Last touched"), "moment", "at", through=partial(touched_when, workspace)),
    ]


class YesOrNo(Field):
    """A column that is true or false, chosen as 1 or 0; it is never empty, and no row has any other value."""

    @property
    def there(self) -> Q:
        return Q(pk__isnull=False)

    def among(self, values: Iterable[str]) -> Q:
        return Q(**{f"{self.path}__in": [value == "1" for value in values if value in ("0", "1")]})


@dataclass(frozen=True)
class AtOnce(Field):
    """What a job of many changes has written, each chosen by its address; there is one where any of `jobs` has."""

    jobs: Callable[[], JobQuerySet] = JobQuerySet

    @property
    def there(self) -> Q:
        return self._by(self.jobs())

    def among(self, values: Iterable[str]) -> Q:
        return self._by(self.jobs().filter(public_id__in=list(values)))

    def _by(self, jobs: JobQuerySet) -> Q:
        changes = jobs.annotate(made=Cast(KT("result__change"), BigIntegerField())).order_by().values("made")
        return Q(pk__in=Version.objects.filter(noun=Item._meta.db_table, change__in=changes).values("row_id"))


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
