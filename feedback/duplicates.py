"""A duplicate passes on what people said: its insights and the ideas that it answers go over to the other item."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from changes.models import Change
from feedback.models import Idea, Insight
from roadmap.models import Item


def pass_on(duplicate: Item, original: Item, change: Change) -> None:
    """Within `change`, so that undoing it brings all back. A passage that is linked to both already stays once, at the
    original, with the higher of both importances."""
    at_original = Insight.objects.filter(item=original)
    same = at_original.filter(conversation=OuterRef("conversation"), starts=OuterRef("starts"), ends=OuterRef("ends"))
    insights = Insight.objects.filter(item=duplicate)
    twice = list(insights.filter(Exists(same)))
    moved = insights.filter(~Exists(same)).update(item=original, product=original.product_id)
    for insight in twice:
        there = at_original.get(conversation=insight.conversation_id, starts=insight.starts, ends=insight.ends)
        if there.importance < insight.importance:
            there.edit(by=change, importance=insight.importance)
        insight.delete_softly(by=change)
    moved += Idea.objects.filter(item=duplicate).update(item=original)
    if moved:
        change.tell("insight", "*", product_id=original.product_id)
