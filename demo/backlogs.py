"""What is in the backlogs: Dispatch's comes from another tool, the others' are written here; and by what they are scored."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.actors import Actor
from accounts.refusals import Refused
from demo import scoring
from demo.source import jira_export
from demo.story import Story
from jobs import running
from products.models import Objective, Product
from roadmap.models import BacklogImport, Item, Release


def import_jira(story: Story) -> None:
    """Dispatch's backlog comes as it would: the export of another tool, brought in by the import."""
    product = story.products["DSP"]
    actor = Actor.of(story.members[story.lead_of(story.source["products"][0])])
    batch = BacklogImport.prepare(product, jira_export(story.today).encode(), "dispatch-jira.csv", by=actor)
    job = batch.begin(by=actor, at=story.instant(-92))
    if not transaction.get_connection().in_atomic_block:
        running.perform(job.pk)
        job.refresh_from_db()
    while not job.is_over:  # a worker was faster
        running.perform(job.pk)
        job.refresh_from_db()
    if job.state != "done":
        raise Refused(job.error)


def fill_backlogs(story: Story) -> None:
    for told, product in story.told_products():
        if told["items"]:
            with story.as_of("item.added", -90, story.lead_of(told)) as change:
                Item.add_many(product, [_item(story, product, one) for one in told["items"]], by=change)
        for item in Item.objects.of(product).select_related("product", "workspace", "status"):
            story.items[product.key, item.title] = item


def _item(story: Story, product: Product, told: dict[str, Any]) -> dict[str, Any]:
    fields = {
        "title": told["title"], "type": told["type"], "description": told.get("description", ""),
        "status": story.statuses[told["status"]], "lead": story.lead(told), "tags": told.get("tags") or [],
        "starts_on": story.day(told.get("starts")), "ends_on": story.day(told.get("ends")),
        "release": Release.objects.of(product).filter(name=told.get("release") or "").first(),
        "objective": Objective.objects.of(product).filter(name=told.get("objective") or "").first(),
    }  # fmt: skip
    for name in ("reach", "impact", "confidence", "effort"):
        if told.get(name) is not None:
            fields[name] = told[name]
    return fields


def score_by_others(story: Story) -> None:
    for told, product in story.told_products():
        card = told.get("scoring")
        if card:
            with story.as_of("scoring.chosen", card["day"], story.lead_of(told)) as change:
                scoring.choose(product, card, told["items"], by=change)
