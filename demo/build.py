"""The workspace “Polarline”, built through the verbs as its people would have done it, on the days on which they did.

    built = build(today)        # raises Refused when a workspace of that address is there already

Everything is told in days before or after `today`, so that the demo is never stale. A verb that breaks, breaks it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from accounts.models import Workspace
from accounts.refusals import Refused
from demo.backlogs import fill_backlogs, import_jira, score_by_others
from demo.gates import walk_the_lifecycle
from demo.listening import listen, open_portal
from demo.measuring import measure
from demo.people import found
from demo.releases import tell_releases
from demo.replanning import replan
from demo.showing import keep_roadmaps, share
from demo.source import portfolio
from demo.story import Story
from demo.strategy import introduce_products, link_strategy, set_health, set_strategy

CHAPTERS: tuple[Callable[[Story], None], ...] = (
    found, introduce_products, set_strategy, import_jira, fill_backlogs, link_strategy, replan, walk_the_lifecycle,
    set_health, listen, score_by_others, open_portal, share, keep_roadmaps, tell_releases, measure,
)  # fmt: skip


def build(today: date, *, tell: Callable[[str], None] = lambda text: None) -> Workspace:
    """All of it: people, strategy, lifecycle, backlog, roadmap, feedback and a year of usage."""
    if Workspace.objects.filter(slug=portfolio()["workspace"]["slug"]).exists():
        raise Refused("There is a workspace “polarline” already.")
    story = Story(today)
    for chapter in CHAPTERS:
        tell(chapter.__name__.replace("_", " "))
        chapter(story)
    return story.workspace
