from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.actors import Actor
from accounts.constraints import workspace_key
from accounts.identity import PublicIdField
from accounts.models import Member, Workspace
from accounts.refusals import Refused
from accounts.roles import Role
from changes.editable import Editable
from changes.models import Change, DeletableManager, Versioned
from config import clock
from roadmap.items.answers import number_in, yes_or_no
from roadmap.models.status import Category

LONGEST_TEXT = 2000
LARGEST_NUMBER = Decimal(10) ** 12
MOST_OPTIONS = 100
MOST_FIELDS = 60
#: From which status on something is required: those that follow one another.
ORDER = [Category.PROPOSED, Category.SHAPING, Category.READY, Category.BUILDING, Category.SHIPPED]


class FieldKind(models.TextChoices):
    TEXT = "text", _("Text")
    NUMBER = "number", _("Number")
    DATE = "date", _("Date")
    SELECT = "select", _("One of a list")
    MULTI = "multi", _("Several of a list")
    PERSON = "person", _("Person")
    URL = "url", _("Web address")
    CHECKBOX = "checkbox", _("Checkbox")


def new_key() -> str:
    """A letter and 8 hexadecimal digits: short in query strings, and safe in a lookup's name."""
    return f"f{secrets.token_hex(4)}"


class CustomFieldQuerySet(models.QuerySet["CustomField"]):
    def visible_to(self, member: Member) -> CustomFieldQuerySet:
        return self.filter(workspace=member.workspace_id)


class CustomField(Editable):
    """A field that a workspace gave its items. The values are in `Item.custom`, by this field's `key`.

    `options` is a list of {"key", "name"}; a value names an option by its key, so renaming one touches no item.
    """

    noun = "custom_field"
    role_to_change = Role.ADMIN
    refusals = {"custom_field_name_is_unique": _("There is a field of that name already. Choose another name.")}

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="custom_fields")
    public_id = PublicIdField()
    key = models.CharField(max_length=9, default=new_key, editable=False)
    name = models.CharField(_("name"), max_length=40)
    kind = models.CharField(_("kind"), max_length=10, choices=FieldKind, default=FieldKind.TEXT)
    options = models.JSONField(_("options"), default=list, blank=True)
    default = models.JSONField(_("default"), null=True, blank=True)
    required_from = models.CharField(
        _("required from"), max_length=10, blank=True, choices=[one for one in Category.choices if one[0] in ORDER]
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = DeletableManager.hiding(CustomFieldQuerySet)

    class Meta(Versioned.Meta):
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "key"], name="custom_field_key_is_unique"),
            models.UniqueConstraint(
                fields=["workspace", "name"], condition=models.Q(deleted_at=None), name="custom_field_name_is_unique"
            ),
            workspace_key("customfield_workspace_key"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def define(cls, workspace: Workspace, name: str, kind: str, *, by: Actor | Change, **fields: Any) -> CustomField:
        """A new field; `options` are names. Raises Refused on a name that is taken and on a default that is no value."""
        if cls.objects.filter(workspace=workspace).count() >= MOST_FIELDS:
            raise Refused(_now("A workspace has at most %(most)d fields of its own.") % {"most": MOST_FIELDS})
        fields["options"] = _options_of(fields.get("options", []), [])
        return cls.add(workspace, by=by, name=name, kind=kind, **fields)

    def rename_option(self, key: str, name: str, *, by: Actor | Change) -> None:
        """Items keep the option; it is shown by its new name everywhere."""
        with Change.open("custom_field.edited", by=by, workspace=self.workspace) as change:
            self._lock()
            self._option(key)
            self._set(
                {"options": [{**one, "name": name} if one["key"] == key else one for one in self.options]}, change
            )

    def add_option(self, name: str, *, by: Actor | Change) -> None:
        with Change.open("custom_field.edited", by=by, workspace=self.workspace) as change:
            self._lock()
            self._set({"options": _options_of([*(one["name"] for one in self.options), name], self.options)}, change)

    def option_name(self, key: str) -> str:
        return next((one["name"] for one in self.options if one["key"] == key), "")

    def _option(self, key: str) -> dict[str, Any]:
        for one in self.options:
            if one["key"] == key:
                return one
        raise Refused(_now("This option is gone. Look at the list again."))

    def prepare(self, names: set[str], change: Change) -> None:
        self.name = self.name.strip()
        if not self.has_options and self.options:
            raise Refused(_now("Only a list has options."))
        if self.has_options and not self.options:
            raise Refused(_now("A list needs at least one option."))
        taken = [one["name"].casefold() for one in self.options]
        if len(set(taken)) < len(taken) or not all(taken):
            raise Refused(_now("Each option needs a name of its own."))
        if len(taken) > MOST_OPTIONS or any(len(name) > 80 for name in taken):
            raise Refused(_now("A list has at most 100 options of 80 characters."))
        if self.default is not None:
            self.default = self.stored(self.default)
            self.check_people(self.default)
            names.add("default")

    @property
    def has_options(self) -> bool:
        return self.kind in (FieldKind.SELECT, FieldKind.MULTI)

    def is_required_in(self, category: str) -> bool:
        return (
            bool(self.required_from) and category in ORDER and ORDER.index(category) >= ORDER.index(self.required_from)
        )

    # --- Values

    def stored(self, raw: Any) -> Any:
        """What a person or program gave, as it is kept in JSON; None for nothing. Raises Refused with a sentence.

        A person is given by public id; whether there is such a member is for `check_people`.
        """
        if raw is None or raw == "" or raw == []:
            return None
        return _READERS[self.kind](self, raw)

    def shown(self, value: Any, names: dict[str, str]) -> str:
        """A value in words; `names` are members' names by public id."""
        if value is None:
            return ""
        if self.kind == FieldKind.MULTI:
            return ", ".join(filter(None, (self.option_name(one) for one in value)))
        if self.kind == FieldKind.SELECT:
            return self.option_name(value)
        if self.kind == FieldKind.PERSON:
            return names.get(value, _now("somebody who left"))
        if self.kind == FieldKind.CHECKBOX:
            return _now("Yes") if value else _now("No")
        return str(value)

    def check_people(self, value: Any) -> None:
        """Raise Refused when a person is not a current member of the workspace."""
        if self.kind == FieldKind.PERSON and value is not None:
            there = Member.objects.current().filter(workspace=self.workspace_id, public_id=value)
            if not there.exists():
                raise Refused(_now("There is no such member here. Choose somebody else."))

    def _text(self, raw: Any) -> str | None:
        text = str(raw).strip()
        if len(text) > LONGEST_TEXT or "\0" in text:
            raise Refused(_now("“%(field)s” takes up to 2000 characters.") % {"field": self.name})
        return text or None

    def _number(self, raw: Any) -> float | int:
        number = number_in(raw)
        if number is None:
            raise Refused(_now("“%(field)s” takes a number.") % {"field": self.name})
        if isinstance(raw, bool) or abs(number) >= LARGEST_NUMBER:
            raise Refused(_now("“%(field)s” takes a number below a million millions.") % {"field": self.name})
        number = round(number, 4)
        return int(number) if number == number.to_integral_value() else float(number)

    def _date(self, raw: Any) -> str:
        try:
            return (raw if isinstance(raw, date) else date.fromisoformat(str(raw).strip())).isoformat()
        except ValueError as error:
            raise Refused(_now("“%(field)s” takes a day, such as 2026-11-22.") % {"field": self.name}) from error

    def _select(self, raw: Any) -> str:
        """By key; a name is understood too."""
        wanted = str(raw).strip()
        for one in self.options:
            if wanted == one["key"] or wanted.casefold() == one["name"].casefold():
                return str(one["key"])
        raise Refused(_now("“%(field)s” has no option “%(option)s”.") % {"field": self.name, "option": wanted[:60]})

    def _multi(self, raw: Any) -> list[str]:
        if not isinstance(raw, list | tuple):
            raise Refused(_now("“%(field)s” takes a list of options.") % {"field": self.name})
        chosen = {self._select(one) for one in raw}
        return [one["key"] for one in self.options if one["key"] in chosen]

    def _person(self, raw: Any) -> str:
        if not isinstance(raw, str) or len(raw) > 22 or "\0" in raw:
            raise Refused(_now("There is no such member here. Choose somebody else."))
        return raw

    def _url(self, raw: Any) -> str:
        address = str(raw).strip()
        try:
            URLValidator(schemes=["http", "https"])(address)
        except ValidationError as error:
            raise Refused(_now("“%(field)s” takes a web address, such as https://example.com.") % {
                "field": self.name,
            }) from error  # fmt: skip
        return address

    def _checkbox(self, raw: Any) -> bool:
        answer = yes_or_no(raw)
        if answer is None:
            raise Refused(_now("“%(field)s” takes yes or no.") % {"field": self.name})
        return answer


_READERS: dict[str, Callable[[CustomField, Any], Any]] = {
    FieldKind.TEXT: CustomField._text,
    FieldKind.NUMBER: CustomField._number,
    FieldKind.DATE: CustomField._date,
    FieldKind.SELECT: CustomField._select,
    FieldKind.MULTI: CustomField._multi,
    FieldKind.PERSON: CustomField._person,
    FieldKind.URL: CustomField._url,
    FieldKind.CHECKBOX: CustomField._checkbox,
}


def _options_of(names: Iterable[Any], there: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Options by these names; those that are there keep their keys."""
    keys = {one["name"].casefold(): one["key"] for one in there}
    wanted = [" ".join(str(name).split()) for name in names]
    return [{"key": keys.get(name.casefold()) or secrets.token_hex(3), "name": name} for name in wanted if name]


def refuse_missing(fields: Iterable[CustomField], custom: dict[str, Any], category: str) -> None:
    """Raise Refused, naming the fields, when values that a status of `category` requires are missing."""
    missing = [one.name for one in fields if one.is_required_in(category) and custom.get(one.key) in (None, [])]
    if missing:
        words = ngettext(
            "Fill in “%(names)s” first: this status requires it.",
            "Fill in “%(names)s” first: this status requires them.",
            len(missing),
        )
        raise Refused(words % {"names": "”, “".join(missing)})
