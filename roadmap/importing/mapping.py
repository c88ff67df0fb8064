"""What each column of a file becomes, and each value of its statuses, types and people. Plain data: a preset is its JSON."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from roadmap.importing.errors import MappingUnusable
from roadmap.importing.fields import DATES, INSTANTS, MANY, Field, Kind
from roadmap.importing.table import Source
from roadmap.importing.values import DateOrder
from roadmap.scores.factors import Factor, as_json, from_json

BY_NAME, BY_VALUES, NOT_MATCHED = "name", "values", ""
DROPPED, DROPPED_UNLESS_SHIPPED = "dropped", "dropped unless shipped"


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """One column. `matched` says what the proposal rests on; `hint` is a sentence for the wizard, or empty; `filled` is
    how many rows have something there. An effort is divided by `divisor`. `factor` is the key of the factor that it is."""

    position: int
    header: str
    name: str
    occurrence: int
    field: Field
    matched: str = NOT_MATCHED
    hint: str = ""
    filled: int = 0
    divisor: Decimal = Decimal(1)
    factor: str = ""

    @property
    def choice(self) -> str:
        """As the wizard's list names it."""
        return f"{self.field}:{self.factor}" if self.factor else str(self.field)


@dataclass(frozen=True, slots=True)
class Question:
    """What only a person can answer before rows can be read: `title` or `date_order`."""

    code: str
    sentence: str
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Mapping:
    """Positions to fields, values to values.

    - `status_values`: value in the file → name of a status; one that is missing gets `default_status`.
    - `type_values`, `type_tags`: value, or tag, → key of a type; else `default_type`.
    - `resolution_values`: value → `dropped` or `dropped unless shipped`; others change nothing.
    - `lead_values`: value → e-mail of a member; of others the words stay in the source data.
    - `account_names`: Jira's account ids → the names that stand beside them in the file, for comments and mentions.
    - `date_order`: None where the file leaves it open; then a date that depends on it is a row error.
    - `factors`: those of the product's scorecards that a column can be, beside reach, impact, confidence and effort.
    - `uncertain`: statuses that were not recognised, for the wizard to point at.
    """

    kind: Kind
    columns: tuple[ColumnMap, ...]
    status_values: dict[str, str] = field(default_factory=dict)
    type_values: dict[str, str] = field(default_factory=dict)
    type_tags: dict[str, str] = field(default_factory=dict)
    resolution_values: dict[str, str] = field(default_factory=dict)
    lead_values: dict[str, str] = field(default_factory=dict)
    account_names: dict[str, str] = field(default_factory=dict)
    default_status: str = "Idea"
    dropped_status: str = "Won't do"
    shipped_statuses: tuple[str, ...] = ("Shipped",)
    default_type: str = "feature"
    date_order: DateOrder | None = None
    date_sample: str = ""
    decimal: str = "."
    rank_is_number: bool = False
    time_zone: str = "UTC"
    uncertain: tuple[str, ...] = ()
    factors: tuple[Factor, ...] = ()

    @cached_property
    def factor_by_key(self) -> dict[str, Factor]:
        return {factor.key: factor for factor in self.factors}

    @cached_property
    def by_field(self) -> dict[Field, tuple[ColumnMap, ...]]:
        found: dict[Field, list[ColumnMap]] = {}
        for column in self.columns:
            found.setdefault(column.field, []).append(column)
        return {field_: tuple(columns) for field_, columns in found.items()}

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def questions(self) -> list[Question]:
        """Empty when rows can be read."""
        asked = []
        if Field.TITLE not in self.by_field:
            asked.append(Question("title", _("Which column is the title? Every item needs one.")))
        if self.date_sample and self.date_order is None and self.has_dates():
            asked.append(
                Question(
                    "date_order",
                    _("“%(sample)s”: does the day or the month come first?") % {"sample": self.date_sample},
                    ((DateOrder.DAY_FIRST, _("Day first")), (DateOrder.MONTH_FIRST, _("Month first"))),
                )
            )
        return asked

    def has_dates(self) -> bool:
        return any(wanted in self.by_field for wanted in DATES | INSTANTS)

    def with_field(self, position: int, wanted: Field, factor: str = "") -> "Mapping":
        """The same with one column changed. A field or factor that takes one column leaves the column that had it."""
        changed = []
        for column in self.columns:
            if column.position == position:
                column = replace(column, field=wanted, factor=factor, hint="", divisor=Decimal(1))
            elif column.field == wanted and column.factor == factor and (factor or wanted not in MANY):
                column = replace(column, field=Field.KEEP, factor="")
            changed.append(column)
        return replace(self, columns=tuple(changed))

    def adapted_to(self, proposal: "Mapping") -> "Mapping":
        """This mapping, stored as a preset, for the file that `proposal` was made for.

        Columns are found again by name and occurrence; those that the preset does not know, and values that it does not
        name, are as proposed. What depends on the file alone (positions, date order, decimals) is the proposal's.
        """
        known = {(column.name, column.occurrence): column for column in self.columns}
        columns = []
        for column in proposal.columns:
            mine = known.get((column.name, column.occurrence))
            columns.append(
                replace(column, field=mine.field, divisor=mine.divisor, factor=mine.factor) if mine else column
            )
        taken = {column.field for column in columns if (column.name, column.occurrence) in known} - MANY
        columns = [
            replace(column, field=Field.KEEP)
            if column.field in taken and (column.name, column.occurrence) not in known
            else column
            for column in columns
        ]
        return replace(
            proposal,
            columns=tuple(columns),
            status_values={**proposal.status_values, **self.status_values},
            type_values={**proposal.type_values, **self.type_values},
            type_tags={**proposal.type_tags, **self.type_tags},
            resolution_values={**proposal.resolution_values, **self.resolution_values},
            lead_values={**proposal.lead_values, **self.lead_values},
            default_status=self.default_status,
            dropped_status=self.dropped_status,
            default_type=self.default_type,
            date_order=proposal.date_order or self.date_order,
            uncertain=tuple(value for value in proposal.uncertain if value not in self.status_values),
        )

    def check_fits(self, source: Source) -> None:
        """Raises MappingUnusable when this mapping was made for other columns, or leaves something to ask."""
        mine = [(column.position, column.name) for column in self.columns]
        if mine != [(column.position, column.name) for column in source.columns]:
            raise MappingUnusable(_("The columns of the file are not those that were matched. Match them again."))
        for question in self.questions():
            raise MappingUnusable(question.sentence)

    def as_json(self) -> dict[str, Any]:
        out: dict[str, Any] = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "columns"}
        out["columns"] = [
            {one.name: getattr(column, one.name) for one in fields(column)} | {"divisor": str(column.divisor)}
            for column in self.columns
        ]
        out["factors"] = [as_json(factor) for factor in self.factors]
        return out | {"shipped_statuses": list(self.shipped_statuses), "uncertain": list(self.uncertain)}

    @classmethod
    def from_json(cls, stored: Any) -> "Mapping":
        """The inverse of `as_json`. Raises MappingUnusable for anything else."""
        try:
            return cls(**{name: READERS[name](value) for name, value in stored.items() if name in READERS})
        except (TypeError, ValueError, KeyError, AttributeError, InvalidOperation) as error:
            raise MappingUnusable(_("The saved mapping cannot be read. Match the columns again.")) from error


def column_from(stored: dict[str, Any]) -> ColumnMap:
    divisor = Decimal(stored.get("divisor", "1"))
    if not (divisor.is_finite() and divisor > 0):
        raise ValueError
    return ColumnMap(
        position=int(stored["position"]),
        header=str(stored["header"]),
        name=str(stored["name"]),
        occurrence=int(stored["occurrence"]),
        field=Field(stored["field"]),
        matched=str(stored.get("matched", "")),
        hint=str(stored.get("hint", "")),
        filled=int(stored.get("filled", 0)),
        divisor=divisor,
        factor=str(stored.get("factor", "")),
    )


def texts_from(stored: dict[str, Any]) -> dict[str, str]:
    return {str(key): str(value) for key, value in stored.items()}


def zone_from(stored: Any) -> str:
    return ZoneInfo(str(stored)).key


READERS: dict[str, Callable[[Any], Any]] = {
    "kind": Kind,
    "columns": lambda stored: tuple(column_from(one) for one in stored),
    "status_values": texts_from,
    "type_values": texts_from,
    "type_tags": texts_from,
    "resolution_values": texts_from,
    "lead_values": texts_from,
    "account_names": texts_from,
    "default_status": str,
    "dropped_status": str,
    "shipped_statuses": lambda stored: tuple(str(one) for one in stored),
    "default_type": str,
    "date_order": lambda stored: DateOrder(stored) if stored else None,
    "date_sample": str,
    "decimal": lambda stored: "," if stored == "," else ".",
    "rank_is_number": bool,
    "time_zone": zone_from,
    "uncertain": lambda stored: tuple(str(one) for one in stored),
    "factors": lambda stored: tuple(from_json(one) for one in stored),
}
