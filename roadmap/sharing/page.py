"""The page that an audience sees: composed in one place for the link's address, its embed, its slides, the printer and the audience check."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

from django.utils.safestring import SafeString

from roadmap.models import SharedLayout, ShareLink
from roadmap.sharing.cards import SharedRoadmap, shared_roadmap
from roadmap.sharing.grid import Drawing, SharedMap
from roadmap.sharing.list import SharedList
from roadmap.sharing.timeline import SharedTimeline

DRAWINGS: dict[str, Any] = {
    SharedLayout.HORIZONS: SharedMap,
    SharedLayout.TIMELINE: SharedTimeline,
    SharedLayout.LIST: SharedList,
}


class SharedPage:
    """What the template `roadmap/shares/_shared.html` takes."""

    def __init__(self, link: ShareLink, roadmap: SharedRoadmap | None = None) -> None:
        self.link = link
        self.roadmap = roadmap or shared_roadmap(link)

    @cached_property
    def today(self) -> date:
        return self.link.workspace.today()

    @cached_property
    def drawing(self) -> Drawing:
        product = self.link.product
        drawing: Drawing = DRAWINGS[self.roadmap.layout](
            self.roadmap, product=self.link.name, stage=product.stage if product else "", today=self.today
        )
        return drawing

    @cached_property
    def body(self) -> SafeString:
        drawn: SafeString = self.drawing.draw()  # type: ignore[attr-defined]
        return drawn

    @property
    def title(self) -> str:
        return self.link.heading

    @property
    def is_flat(self) -> bool:
        return self.is_grid and self.roadmap.paper.is_flat

    @property
    def ways(self) -> tuple[int, ...]:
        """For the stylesheet: in how many columns of lines each of the grid's four columns is printed; none where there is no grid."""
        return (*self.roadmap.paper.ways, 0, 0)[:4] if self.is_grid else ()

    @property
    def is_grid(self) -> bool:
        return self.roadmap.layout == SharedLayout.HORIZONS
