"""The formulas that every workspace begins with, and the factors that formulas share. Where they come from: see formulas.py."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from roadmap.scores.factors import Factor, Kind, Level, Role, points_of
from roadmap.scores.formulas import Formula, How


def _levels(*levels: tuple[str, Any, int]) -> tuple[Level, ...]:
    return tuple(Level(key, name, Decimal(value)) for key, name, value in levels)


FIBONACCI = points_of("1", "2", "3", "5", "8", "13", "20")
SIZES = _levels(("xs", "XS", 1), ("s", "S", 2), ("m", "M", 3), ("l", "L", 4), ("xl", "XL", 5))

REACH = Factor("reach", _("Reach"), high=None, unit="")
IMPACT = Factor(
    "impact",
    _("Impact"),
    Kind.POINTS,
    low=Decimal("0.25"),
    high=Decimal(3),
    levels=points_of("0.25", "0.5", "1", "2", "3"),
)
CONFIDENCE = Factor("confidence", _("Confidence"), Kind.PERCENT, high=Decimal(100))
EFFORT = Factor(
    "effort", _("Effort"), role=Role.DIVIDE, low=Decimal("0.01"), step=Decimal("0.5"), unit=_("person-weeks")
)
SHARED = {one.key: one for one in (REACH, IMPACT, CONFIDENCE, EFFORT)}


def _one_to_ten(key: str, name: Any) -> Factor:
    return Factor(key, name, Kind.NUMBER, low=Decimal(1), high=Decimal(10))


def _of_fibonacci(key: str, name: Any, role: str = Role.GAIN) -> Factor:
    return Factor(key, name, Kind.POINTS, role, low=Decimal(1), high=Decimal(20), levels=FIBONACCI)


BUILT_IN: dict[str, Formula] = {
    one.method: one
    for one in (
        Formula(
            "rice", "RICE", How.MULTIPLY, (REACH, IMPACT, CONFIDENCE, EFFORT), _("Reach × impact × confidence ÷ effort"),
            "Sean McBride, Intercom, 2018",
        ),
        Formula(
            "ice", "ICE", How.MULTIPLY,
            (
                _one_to_ten("ice_impact", _("Impact")), _one_to_ten("ice_confidence", _("Confidence")),
                _one_to_ten("ice_ease", _("Ease")),
            ),
            _("Impact × confidence × ease, each 1 to 10"), "Sean Ellis, 2017",
        ),
        Formula(
            "wsjf", "WSJF", How.ADD,
            (
                _of_fibonacci("business_value", _("Business value")),
                _of_fibonacci("time_criticality", _("Time criticality")),
                _of_fibonacci("risk_reduction", _("Risk reduction or opportunity")),
                _of_fibonacci("job_size", _("Job size"), Role.DIVIDE),
            ),
            _("(Business value + time criticality + risk reduction or opportunity) ÷ job size"),
            "Don Reinertsen, 2009; SAFe",
        ),
        Formula(
            "value_effort", _("Value ÷ effort"), How.MULTIPLY,
            (Factor("value", _("Value"), Kind.NUMBER, high=Decimal(100)), EFFORT),
            _("Value, 0 to 100, ÷ effort in person-weeks"), "",
        ),
        Formula(
            "moscow", "MoSCoW", How.CLASS,
            (
                Factor("moscow", "MoSCoW", Kind.CLASS, low=Decimal(1), high=Decimal(4), levels=_levels(
                    ("must", _("Must have"), 4), ("should", _("Should have"), 3), ("could", _("Could have"), 2),
                    ("wont", _("Won't have this time"), 1),
                )),
            ),
            _("Must, should, could, won't have this time"), "Dai Clegg, 1994; DSDM",
        ),
        Formula(
            "kano", "Kano", How.CLASS,
            (
                Factor("kano", "Kano", Kind.CLASS, low=Decimal(0), high=Decimal(4), levels=_levels(
                    ("basic", _("Basic need"), 4), ("performance", _("Performance"), 3), ("delighter", _("Delighter"), 2),
                    ("indifferent", _("Indifferent"), 1), ("reverse", _("Reverse"), 0),
                )),
            ),
            _("Basic need, performance, delighter, indifferent, reverse"), "Noriaki Kano, 1984",
        ),
    )
}  # fmt: skip
RICE = BUILT_IN["rice"]
