"""What asks for somebody's attention: findings about products, from this app and from those to its right.

attention.register(gate_reviews_due)     # f(member, products, together) → function that gives Findings

What the providers read is asked together with the rest of the page (accounts/together.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Member
from accounts.together import Together
from config import clock
from products.models import Health, Product
from products.models.health import HEALTH_IS_STALE_AFTER

TONES = ("bad", "warn", "neutral")


@dataclass(frozen=True)
class Finding:
    """One line of “Needs your attention”. `when` is a date, an instant or None; `mine` findings come first of their tone."""

    product: Product
    tone: str
    icon: str
    title: str
    url: str
    action: str
    detail: str = ""
    when: Any = None
    mine: bool = False


Provider = Callable[[Member, Sequence[Product], Together], Callable[[], Iterable[Finding]]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    if provider not in _providers:
        _providers.append(provider)


def findings_later(member: Member, products: Sequence[Product], together: Together) -> Callable[[], list[Finding]]:
    """All findings about `products`, which `member` sees: the gravest first, one's own before those of others."""
    asked = [provide(member, products, together) for provide in _providers]

    def findings() -> list[Finding]:
        found = [finding for told in asked for finding in told()]
        return sorted(found, key=lambda one: (TONES.index(one.tone), not one.mine, one.product.name))

    return findings


def troubled_health(member: Member, products: Sequence[Product], together: Together) -> Callable[[], Iterable[Finding]]:
    """Products off track and at risk, and those whose health nobody has said for 30 days."""
    return lambda: _troubled(member, products)


def _troubled(member: Member, products: Sequence[Product]) -> Iterable[Finding]:
    for product in products:
        url = reverse("products:overview", args=[member.workspace.slug, product.key])
        mine = product.lead_id == member.pk
        if product.health == Health.OFF_TRACK:
            yield Finding(
                product, "bad", "octagon-alert", _("%(name)s is off track") % {"name": product.name},
                url, _("Open"), product.health_reason, product.health_at, mine,
            )  # fmt: skip
        elif product.health == Health.AT_RISK:
            yield Finding(
                product, "warn", "triangle-alert", _("%(name)s is at risk") % {"name": product.name},
                url, _("Open"), product.health_reason, product.health_at, mine,
            )  # fmt: skip
        if product.health_is_stale:
            days = (clock.now() - product.health_at).days if product.health_at else HEALTH_IS_STALE_AFTER.days
            yield Finding(
                product, "neutral", "heart-pulse",
                _("Nobody has said how %(name)s stands for %(days)d days") % {"name": product.name, "days": days},
                reverse("products:health", args=[member.workspace.slug, product.key]), _("Say how it stands"),
                _("Lead: %(name)s") % {"name": product.lead.name} if product.lead else _("It has no lead"),
                product.health_at, mine,
            )  # fmt: skip
