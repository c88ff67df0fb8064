"""What is shown of the plans: a share link for the board, and roadmaps that are kept."""

from __future__ import annotations

from demo.story import Story
from roadmap.models import Roadmap, SharedField, ShareLink


def share(story: Story) -> None:
    fields = [SharedField.STATUS, SharedField.OBJECTIVE, SharedField.DATES]
    with story.as_of("share.opened", -20, story.owner) as change:
        ShareLink.open_to(
            story.products["DSP"], "Board and partners", by=change, fields=[field.value for field in fields],
            note="What we have committed to is solid. What we intend may still move.",
        )  # fmt: skip


def keep_roadmaps(story: Story) -> None:
    """One for everybody, of all products, with a limit that is passed; one for the board."""
    with story.as_of("roadmap.added", -15, story.owner) as change:
        owner, kept = change.member, {"owner": change.member, "is_shared": True}
        assert owner is not None
        Roadmap.keep(
            story.workspace, "What we build now", [*story.products.values()], by=change, **kept, layout="nnl",
            colours="stage", limits={"now": 40}, shows=["key", "problem", "objective", "demand", "lead"],
        )  # fmt: skip
        Roadmap.keep(
            story.workspace, "Dispatch by release", [story.products["DSP"]], by=change, **kept, layout="release",
            colours="health", starts=-1, ends=12,
        )  # fmt: skip
