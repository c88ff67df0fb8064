"""What the colours of a roadmap mean: the column that decides, its tone in the stylesheet, and the legend."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any, NamedTuple

from django.db.models import Case, CharField, F, When
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from products.models import Stage
from products.models.health import Health
from roadmap.plans.designs import Colours
from ui import pieces

#: How many colours charts have: goals take them in turn.
SERIES = 5
TONES = {Health.ON_TRACK: "ok", Health.AT_RISK: "warn", Health.OFF_TRACK: "bad", Health.NOT_SET: "neutral"}
STATES = (("shipped", _("Shipped")), ("build", _("In build")), ("planned", _("Planned")), ("idea", _("Exploring")))


class Swatch(NamedTuple):
    """A line of the legend. `attribute`: what gives an element this colour, as it stands in its tag; "" for a look by status, whose
    class is `key`."""

    key: str
    name: str
    attribute: str


def colour_of(colours: str) -> tuple[Any, Any]:
    """The columns with what decides about a row's colour, and its name where that is not known here; None where there is nothing to read."""
    if colours == Colours.OBJECTIVE:
        return "objective__public_id", "objective__name"
    if colours == Colours.STAGE:
        return "product__stage", None
    if colours == Colours.HEALTH:
        return _health(), None
    return None, None


def _health() -> Case:
    """An item stands as its initiative does, else as its goal, else as its product."""
    sources = ("initiative__health", "objective__health")
    said = [one for one in Health.values if one != Health.NOT_SET]
    whens = [When(**{f"{path}__in": said}, then=F(path)) for path in sources]
    return Case(*whens, default=F("product__health"), output_field=CharField())


def legend_of(rows: Iterable[Any], colours: str) -> list[Swatch]:
    """What the colours of these rows mean, each once."""
    if colours == Colours.STATUS:
        return [Swatch(key, str(name), "") for key, name in STATES]
    present: dict[str, str | None] = {}
    for row in rows:
        present.setdefault(row.colour or "", row.colour_name)
    if colours == Colours.OBJECTIVE:
        named = [
            Swatch(key, name or "", f'data-series="{n % SERIES + 1}"') for n, (key, name) in enumerate(_named(present))
        ]
        return [*named, Swatch("", str(_("No goal")), 'data-tone="neutral"')] if "" in present else named
    if colours == Colours.STAGE:
        return [Swatch(key, str(label), f'data-stage="{key}"') for key, label in Stage.choices if key in present]
    return [Swatch(key, str(Health(key).label), f'data-tone="{tone}"') for key, tone in TONES.items() if key in present]


def _named(present: dict[str, str | None]) -> list[tuple[str, str | None]]:
    return sorted(((key, name) for key, name in present.items() if key), key=lambda one: (one[1] or "").casefold())


def attributes(legend: Iterable[Swatch]) -> dict[str, str]:
    """Colour → what its elements carry."""
    return {one.key: one.attribute for one in legend}


def drawn_legend(legend: Iterable[Swatch]) -> SafeString:
    """A line for each colour."""
    return pieces.joined(map(_swatch, legend))


def _swatch(one: Swatch) -> str:
    look = f'class="keybar" {one.attribute}' if one.attribute else f'class="keybar is-{one.key}"'
    return f"<li><i {look}></i>{escape(one.name)}</li>"
