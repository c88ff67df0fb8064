"""What stands at the head of pages to the left: a product's rail; first steps and what changed above the portfolio."""

from __future__ import annotations

from lifecycle import lately, rails
from lifecycle.views import welcome
from listing import panels


def register() -> None:
    panels.register(
        "product.head", "lifecycle", template="lifecycle/_rail.html", provide=rails.rails, order=10,
        ask=rails.rail_of_one,
    )  # fmt: skip
    panels.register("portfolio.head", "lately", template="lifecycle/lately/_panel.html", provide=lately.panel, order=10)
    panels.register(
        "portfolio.head", "steps", template="lifecycle/welcome/_strip.html", provide=welcome.strip, order=20,
        ask=welcome.strip_of_one,
    )  # fmt: skip
