"""What a row becomes: an item to be, or an error with its place and reason."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class RowError:
    """A row that is not imported: where it is, in which column the fault lies (None: the row as a whole), and why."""

    line: int
    column: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class ParsedComment:
    author: str
    at: datetime | None
    text: str


@dataclass(frozen=True, slots=True)
class ParsedItem:
    """What an item will be. Names are those of the item's fields where there is one.

    - `status` is a status's name, `lead` a member's e-mail (None: nobody, or nobody we know), `release` and `objective`
      names. `impact` is one of 0.25, 0.5, 1, 2, 3; `confidence` percent; `effort` person-weeks.
    - `factors`: key of a factor of the product's scorecards → what items keep of it.
    - `(source, source_id)` is the identity; `aliases` are other ids by which parents and links of the file call it.
    - `parents` are candidates that name one parent, the surest first; `needs`, `needed_by` and `relates` name other items
      the same way: see `resolve`.
    - `shipped` is set with a shipped status only.
    - `rank` sorts within one file only: see `in_rank_order`.
    - `source_data`: header → text, or list of texts where the header repeats: all that has no field here, and what a field
      took over in other words.
    """

    line: int
    title: str
    type: str
    status: str
    source: str
    source_id: str
    description: str = ""
    lead: str | None = None
    tags: tuple[str, ...] = ()
    component: str = ""
    release: str = ""
    objective: str = ""
    horizon: str = ""
    is_internal: bool | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    rank: Decimal | str | None = None
    reach: int | None = None
    impact: Decimal | None = None
    confidence: int | None = None
    effort: Decimal | None = None
    factors: dict[str, Any] = field(default_factory=dict)
    parents: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    needed_by: tuple[str, ...] = ()
    relates: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    created: datetime | None = None
    shipped: datetime | None = None
    comments: tuple[ParsedComment, ...] = ()
    source_data: dict[str, str | list[str]] = field(default_factory=dict)
