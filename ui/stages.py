"""How the six stages look: their colour key, name and glyph, and the curve that draws them."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Stage:
    key: str
    name: Any
    icon: str
    number: int
    token: str = ""
    about: Any = ""

    @property
    def colour(self) -> str:
        """The name of its colour among the tokens."""
        return self.token or self.key

    @property
    def middle_x(self) -> float:
        """Middle of the stage across the curve, in percent."""
        return percent_across(self.number - 0.5)

    @property
    def middle_y(self) -> float:
        return round(height(self.number - 0.5), 2)


STAGES = (
    Stage("innovation", _("Innovation"), "lightbulb", 1, about=_("An idea worth a look")),
    Stage("analysis", _("Analysis"), "microscope", 2, about=_("Is there a need?")),
    Stage("development", _("Development"), "hammer", 3, about=_("We are building it")),
    Stage("go_to_market", _("Go-to-market"), "megaphone", 4, "gtm", _("Trials and launch")),
    Stage("in_life", _("In-life"), "heart-pulse", 5, "inlife", _("Customers use it")),
    Stage("end_of_life", _("End-of-life"), "sunset", 6, "eol", _("We withdraw it")),
)
BY_KEY = {stage.key: stage for stage in STAGES}

KNOTS = (
    (0, 82),
    (0.6, 81),
    (1.0, 79),
    (1.5, 77),
    (2.0, 74.5),
    (2.6, 70),
    (3.0, 62),
    (3.3, 49),
    (3.6, 33),
    (4.0, 18),
    (4.35, 11),
    (4.7, 10),
    (5.0, 15),
    (5.35, 34),
    (5.7, 59),
    (6, 74),
)


def height(x: float) -> float:
    """Where the lifecycle curve stands at x (0 to 6, one unit a stage), in percent from the top."""
    slopes = _slopes()
    i = next((j for j in range(len(KNOTS) - 1) if x <= KNOTS[j + 1][0]), len(KNOTS) - 2)
    (x0, y0), (x1, y1) = KNOTS[i], KNOTS[i + 1]
    width = x1 - x0
    t = (x - x0) / width
    return (
        (2 * t**3 - 3 * t**2 + 1) * y0
        + (t**3 - 2 * t**2 + t) * width * slopes[i]
        + (-2 * t**3 + 3 * t**2) * y1
        + (t**3 - t**2) * width * slopes[i + 1]
    )


@lru_cache(maxsize=256)
def segment(start: float, end: float, *, area: bool = False, steps: int = 24) -> str:
    """The curve from start to end as an SVG path in a 600 × 100 box; with `area`, closed down to the axis."""
    points = [start + (end - start) * i / steps for i in range(steps + 1)]
    path = "M" + " ".join(f"{x * 100:.1f} {height(x):.2f}" for x in points)
    return path + (f" L{end * 100:.1f} 100 L{start * 100:.1f} 100Z" if area else "")


def percent_across(x: float) -> float:
    return round(x / len(STAGES) * 100, 3)


@lru_cache(maxsize=1)
def _slopes() -> tuple[float, ...]:
    """Slopes of a monotone cubic through the knots (Fritsch–Carlson): no bump that the knots do not have."""
    widths = [b[0] - a[0] for a, b in zip(KNOTS, KNOTS[1:], strict=False)]
    secants = [(b[1] - a[1]) / width for a, b, width in zip(KNOTS, KNOTS[1:], widths, strict=False)]
    slopes = [secants[0]]
    for i in range(1, len(KNOTS) - 1):
        before, after = secants[i - 1], secants[i]
        if before * after <= 0:
            slopes.append(0.0)
        else:
            w1, w2 = 2 * widths[i] + widths[i - 1], widths[i] + 2 * widths[i - 1]
            slopes.append((w1 + w2) / (w1 / before + w2 / after))
    return (*slopes, secants[-1])
