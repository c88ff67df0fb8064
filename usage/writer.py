"""Writes batches of events by COPY: keys become small numbers, the batch and its days are noted in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

import numpy as np
from django.db import connection, transaction

from config import clock
from products.models import Product
from usage import sql
from usage.intake import DAY_ZERO, EARLIEST, Bounds, Parsed, Unusable, parse
from usage.models import BatchDay, IngestBatch, IngestKey, KeyKind, KnownKey, Reason, RejectedEvent, UsageStream
from usage.partitions import ensure_partitions
from usage.rollup.locks import RECUT

KEPT_KEYS = 500_000

#: A row of binary COPY: the number of its fields, then each with its length before it.
ROW = np.dtype(
    [
        ("fields", ">i2"),
        ("l1", ">i4"), ("ts", ">i8"),
        ("l2", ">i4"), ("received_at", ">i8"),
        ("l3", ">i4"), ("event_id", "V16"),
        ("l4", ">i4"), ("batch", ">i8"),
        ("l5", ">i4"), ("line", ">i4"),
        ("l6", ">i4"), ("product", ">i4"),
        ("l7", ">i4"), ("day", ">i4"),
        ("l8", ">i4"), ("user", ">i4"),
        ("l9", ">i4"), ("account", ">i4"),
        ("l10", ">i4"), ("feature", ">i4"),
    ]
)  # fmt: skip
LENGTHS = {"fields": 10, "l1": 8, "l2": 8, "l3": 16, "l4": 8, **{f"l{n}": 4 for n in range(5, 11)}}
COPY = (
    "COPY usage_event (ts, received_at, event_id, batch_id, line, product_id, day, user_id, account_id, feature_id)"
    " FROM STDIN (FORMAT BINARY)"
)
HEADER, TRAILER = b"PGCOPY\n\xff\r\n\0" + b"\0" * 8, b"\xff\xff"


class Rejection(NamedTuple):
    line: int
    reason: Reason
    detail: str
    event: str


@dataclass
class Taken:
    """What became of a batch. `already` when one with its idempotency key was taken in before: nothing was written."""

    accepted: int = 0
    rejections: list[Rejection] = field(default_factory=list)
    already: IngestBatch | None = None


class EventWriter:
    """Takes in the events of one product. Keeps the numbers of keys it has seen, so use one for a whole file."""

    def __init__(self, product: Product, *, ingest_key: IngestKey | None = None) -> None:
        self.product, self.ingest_key = product, ingest_key
        self.stream = UsageStream.of(product)
        self.ids: dict[int, dict[str, int]] = {kind: {} for kind in KeyKind}
        self.days: set[int] = set()

    def write(
        self,
        lines: Sequence[tuple[int, Any]],
        *,
        bounds: Any = Bounds.of_stream,
        idempotency_key: str | None = None,
        body_digest: str = "",
    ) -> Taken:
        """Take in `lines`: pairs of a line's number and its values in the order of FIELDS, or an Unusable.

        All or nothing: when this returns, every event is stored or stored as rejected, and committed unless the
        caller holds a transaction open.
        """
        if idempotency_key is not None and (taken := self._taken_before(idempotency_key)):
            return taken
        received_at = clock.now()
        while True:
            events, numbers, rejections = _sort_out(lines, bounds(self.stream.zone, received_at))
            self._know(events)
            table = self._table(events, numbers, received_at)
            with transaction.atomic():
                if self._cut_differently():
                    continue
                batch_id = self._open_batch(idempotency_key, body_digest, received_at, len(events), len(rejections))
                if batch_id is None:
                    return self._taken_before(idempotency_key or "") or Taken()
                self._copy(table, batch_id)
                self._note(table, batch_id, rejections, received_at)
            return Taken(len(events), rejections)

    def _know(self, events: Sequence[Parsed]) -> None:
        """Give every key its number, and every day its partition; both are committed before the events are written."""
        self._number(KeyKind.USER, {event.user for event in events})
        self._number(KeyKind.ACCOUNT, {event.account for event in events})
        self._number(KeyKind.FEATURE, {event.feature for event in events})
        days = {event.day for event in events} - self.days
        if days:
            ensure_partitions([date.fromordinal(day) for day in days])
            self.days |= days

    def _number(self, kind: KeyKind, keys: set[str]) -> None:
        known = self.ids[kind]
        if len(known) > KEPT_KEYS:
            known.clear()
        unknown = sorted(keys - known.keys())
        if not unknown:
            return
        known.update(_read_numbers(self.product.pk, kind, unknown))
        missing = [key for key in unknown if key not in known]
        if missing:
            rows = [KnownKey(product=self.product, kind=kind, key=key) for key in missing]  # sorted: no deadlock
            KnownKey.objects.bulk_create(rows, ignore_conflicts=True, batch_size=5_000)
            known.update(_read_numbers(self.product.pk, kind, missing))

    def _table(self, events: Sequence[Parsed], numbers: Sequence[int], received_at: datetime) -> np.ndarray:
        users, accounts, features = (self.ids[kind] for kind in KeyKind)
        table = np.zeros(len(events), ROW)
        for name, length in LENGTHS.items():
            table[name] = length
        table["ts"] = [event.microseconds for event in events]
        table["received_at"] = round((received_at - EARLIEST).total_seconds() * 1_000_000)
        table["event_id"] = np.frombuffer(b"".join(event.event_id for event in events), "V16")
        table["line"] = numbers
        table["product"] = self.product.pk
        table["day"] = np.fromiter((event.day for event in events), int, len(events)) - DAY_ZERO
        table["user"] = [users[event.user] for event in events]
        table["account"] = [accounts[event.account] for event in events]
        table["feature"] = [features[event.feature] for event in events]
        return table

    def _cut_differently(self) -> bool:
        """Whether the days were cut anew since this writer read its zone. Keeps that from happening until the commit."""
        sql.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", self.product.pk, RECUT)
        zone = self.stream.time_zone
        self.stream.refresh_from_db()
        return self.stream.time_zone != zone

    def _open_batch(
        self, idempotency_key: str | None, body_digest: str, received_at: datetime, accepted: int, rejected: int
    ) -> int | None:
        """The number of the new batch. Waits for another request with the same key; None when that one took it in."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO usage_ingestbatch"
                " (product_id, ingest_key_id, idempotency_key, body_digest, received_at, accepted, rejected)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (product_id, idempotency_key) DO NOTHING RETURNING id",
                [
                    self.product.pk,
                    self.ingest_key and self.ingest_key.pk,
                    idempotency_key,
                    body_digest,
                    received_at,
                    accepted,
                    rejected,
                ],
            )
            made = cursor.fetchone()
        return made[0] if made else None

    def _taken_before(self, idempotency_key: str) -> Taken | None:
        batch = IngestBatch.objects.filter(product=self.product, idempotency_key=idempotency_key).first()
        return Taken(batch.accepted, rejections_of(batch), batch) if batch else None

    def _copy(self, table: np.ndarray, batch_id: int) -> None:
        table["batch"] = batch_id
        with connection.cursor() as cursor, cursor.copy(COPY) as copy:
            copy.write(HEADER + table.tobytes() + TRAILER)

    def _note(self, table: np.ndarray, batch_id: int, rejections: Iterable[Rejection], received_at: datetime) -> None:
        days, counts = np.unique(table["day"].astype(int), return_counts=True)
        sql.copy_in(
            BatchDay,
            ["product", "batch", "day", "n"],
            [
                (self.product.pk, batch_id, date.fromordinal(day + DAY_ZERO), n)
                for day, n in zip(days.tolist(), counts.tolist(), strict=True)
            ],
        )
        sql.copy_in(
            RejectedEvent,
            ["product", "batch", "line", "reason", "detail", "event", "received_at"],
            [
                (self.product.pk, batch_id, line, reason.value, detail[:300], event, received_at)
                for line, reason, detail, event in rejections
            ],
        )


def rejections_of(batch: IngestBatch) -> list[Rejection]:
    return [
        Rejection(row.line, Reason(row.reason), row.detail, row.event)
        for row in batch.rejections.order_by("line", "pk")
    ]


def backlog(product: Product) -> int:
    """Events that are stored but not rolled up yet."""
    return sql.row(
        "SELECT coalesce(sum(n), 0)::bigint FROM usage_batchday WHERE product_id = %s AND rolled_at IS NULL", product.pk
    )[0]


def _sort_out(lines: Iterable[tuple[int, Any]], bounds: Bounds) -> tuple[list[Parsed], list[int], list[Rejection]]:
    events, numbers, rejections = [], [], []
    for number, values in lines:
        try:
            if isinstance(values, Unusable):
                raise values
            events.append(parse(values, bounds))
            numbers.append(number)
        except Unusable as problem:
            rejections.append(Rejection(number, problem.reason, problem.detail, _shown(problem, values)))
    return events, numbers, rejections


def _shown(problem: Unusable, values: Any) -> str:
    """The event as it came, in what fits and can be stored."""
    text = problem.source if isinstance(values, Unusable) else ", ".join(str(value) for value in values)
    return text[:1000].encode("utf-8", "replace").decode().replace("\0", "␀")


def _read_numbers(product_id: int, kind: int, keys: list[str]) -> dict[str, int]:
    return dict(
        sql.rows(
            "SELECT key, id FROM usage_knownkey WHERE product_id = %s AND kind = %s AND key = ANY(%s)",
            product_id,
            int(kind),
            keys,
        )
    )
