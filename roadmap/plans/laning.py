"""The lanes of a roadmap: which columns name them, which field a drag into one sets, and in which order they stand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Case, F, Func, OuterRef, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import In
from django.utils.translation import gettext_lazy as _

from accounts.models import TeamMember
from roadmap.models import CustomField
from roadmap.plans.designs import OWN_KEY, Lanes

#: The field that an item gets when it is put into a lane: nothing else is settled by a drag.
SETS = {Lanes.OBJECTIVE.value: "objective", Lanes.RELEASE.value: "release", Lanes.INITIATIVE.value: "initiative"}
PATHS = {
    Lanes.OBJECTIVE.value: ("objective__public_id", "objective__name"),
    Lanes.RELEASE.value: ("release__public_id", "release__name"),
    Lanes.INITIATIVE.value: ("initiative__public_id", "initiative__name"),
    Lanes.PRODUCT.value: ("product__key", "product__name"),
    Lanes.LINE.value: ("product__line__public_id", "product__line__name"),
    # What boards have as columns.
    "nnl": ("horizon", "horizon"),
    "status": ("status__public_id", "status__name"),
}
WITHOUT = {
    Lanes.OBJECTIVE.value: _("No goal"),
    Lanes.RELEASE.value: _("No release"),
    Lanes.INITIATIVE.value: _("No initiative"),
    Lanes.LINE.value: _("No product line"),
    Lanes.TEAM.value: _("No team"),
    Lanes.NONE.value: _("Items"),
}
BY_NAME = {Lanes.PRODUCT, Lanes.LINE, Lanes.TEAM}


def lane_of(lanes: str) -> tuple[Any, Any]:
    """The columns with a lane's key and its name."""
    if lanes in PATHS:
        return PATHS[lanes]
    if lanes == Lanes.TEAM:
        return _team("team__public_id"), _team("team__name")
    if OWN_KEY.fullmatch(lanes):
        return own_value(lanes), Value(None, output_field=TextField())
    return Value("", output_field=TextField()), Value(None, output_field=TextField())


def key_of(lanes: str, options: tuple[str, ...] = ()) -> Coalesce | Case:
    """The key of an item's lane as text, "" for none. `options`: those of the workspace's own field that makes the lanes."""
    if OWN_KEY.fullmatch(lanes):
        value = own_value(lanes)
        known = [When(In(value, list(options)), then=value)] if options else []
        return Case(*known, default=Value(""), output_field=TextField())
    key, _name = lane_of(lanes)
    return Coalesce(Cast(key, TextField()), Value("", output_field=TextField()))


def _team(column: str) -> Subquery:
    """The team of whoever leads an item: the first by name of those that they are in."""
    teams = TeamMember.objects.filter(member=OuterRef("lead")).order_by("team__name", "team")
    return Subquery(teams.values(column)[:1], output_field=TextField())


def own_value(key: str) -> Func:
    """A value of the workspace's own fields as it is kept, as text. The key stands in the statement itself."""
    if not OWN_KEY.fullmatch(key):
        raise ValueError(key)
    return Func(F("custom"), template=f"(%(expressions)s ->> '{key}')", output_field=TextField())


def lanes_in_order(rows: Iterable[Any], lanes: str, own: CustomField | None) -> list[tuple[str, str, list[Any]]]:
    """Key, name and rows of each lane: by name, in the order of a field's options, else as their first row comes. What has no lane is last."""
    found: dict[str, tuple[str, str, list[Any]]] = {}
    options = {one["key"]: one["name"] for one in own.options} if own else {}
    for row in rows:
        key = row.lane or ""
        if options and key not in options:  # an option that was taken away
            key = ""
        lane = found.get(key)
        if lane is None:
            lane = found[key] = (key, options.get(key) or row.lane_name or name_without(lanes, own), [])
        lane[2].append(row)
    listed = list(found.values())
    if lanes in BY_NAME:
        listed.sort(key=lambda lane: lane[1].casefold())
    if options:
        places = list(options)
        listed.sort(key=lambda lane: places.index(lane[0]) if lane[0] else len(places))
    return sorted(listed, key=lambda lane: not lane[0])


def name_without(lanes: str, own: CustomField | None) -> str:
    """What the lane of rows without one is called."""
    if own is not None:
        return str(_("No “%(field)s”") % {"field": own.name})
    return str(WITHOUT.get(lanes, _("Others")))


def label_of(lanes: str, own: CustomField | None = None) -> str:
    """What the lanes are, above them."""
    if own is not None:
        return own.name
    return str(Lanes(lanes).label) if lanes in Lanes.values and lanes != Lanes.NONE else str(_("Items"))
