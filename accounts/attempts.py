"""Guessing is slow: tries are counted in the cache, for the secret's owner and for the address they come from."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from django.core.cache import cache
from django.http import HttpRequest

from accounts.addresses import client_address


@dataclass(frozen=True)
class Attempts:
    """At most `per_key` tries at one secret and `per_address` from one IP address, then a pause of `seconds`."""

    purpose: str
    per_key: int = 10
    per_address: int = 50
    seconds: int = 900

    def count(self, request: HttpRequest, key: str) -> bool:
        """Count one try; False when it is one too many. Strangers are told nothing else."""
        within = [
            self._count("key", key) <= self.per_key,
            self._count("ip", client_address(request)) <= self.per_address,
        ]
        return all(within)

    def forget(self, key: str) -> None:
        """The right one was found: its owner starts anew."""
        cache.delete(self._name("key", key))

    def _count(self, kind: str, value: str) -> int:
        name = self._name(kind, value)
        if cache.add(name, 1, self.seconds):
            return 1
        try:
            return cache.incr(name)
        except ValueError:  # it expired between the two
            cache.set(name, 1, self.seconds)
            return 1

    def _name(self, kind: str, value: str) -> str:
        return f"attempts:{self.purpose}:{kind}:{sha256(value.encode()).hexdigest()[:32]}"
