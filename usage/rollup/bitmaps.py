"""Sets of ids as roaring bitmaps, made from arrays of packed numbers (feature << 32 | id)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from pyroaring import BitMap

GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def distinct(values: np.ndarray) -> np.ndarray:
    """Sorted, each once. Sorting and masking is many times faster than numpy's own unique on large arrays."""
    values = np.sort(values)
    keep = np.empty(len(values), bool)
    keep[:1] = True
    np.not_equal(values[1:], values[:-1], out=keep[1:])
    return values[keep]


def unpack(sent: bytes) -> np.ndarray:
    """What PostgreSQL's int8send strung together."""
    return np.frombuffer(sent, ">i8").astype(np.int64)


def by_scope(packed: np.ndarray) -> Iterator[tuple[int, BitMap]]:
    """The ids of each scope, from numbers that pack both."""
    packed = distinct(packed)
    scopes = packed >> 32
    ids = (packed & 0xFFFFFFFF).astype(np.uint32)
    starts = np.flatnonzero(np.diff(scopes, prepend=-1))
    for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(ids)], strict=True):
        yield int(scopes[start]), BitMap(ids[start:end])


def ids_of(bitmap: BitMap) -> np.ndarray:
    return np.frombuffer(bitmap.to_array(), np.uint32).astype(np.int64)


def union(bitmaps: Iterable[BitMap]) -> BitMap:
    several = list(bitmaps)
    if len(several) == 1:
        return several[0]
    return BitMap.union(*several) if several else BitMap()


def repeated(event_ids: Iterable[bytes]) -> list[bytes]:
    """The 16-byte ids that occur more than once in strings of them. Finds them by 64 mixed bits, then looks closely."""
    halves = np.frombuffer(b"".join(event_ids), "<u8").reshape(-1, 2)
    mixed = halves[:, 0] * GOLDEN ^ halves[:, 1]
    ordered = np.sort(mixed)
    twice = ordered[1:][ordered[1:] == ordered[:-1]]
    if not len(twice):
        return []
    candidates = np.ascontiguousarray(halves[np.isin(mixed, twice)]).view("V16").ravel()
    found, counts = np.unique(candidates, return_counts=True)
    return [event_id.tobytes() for event_id in found[counts > 1]]
