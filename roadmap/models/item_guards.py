"""What the database holds of every item, and by what it finds them quickly."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from accounts.constraints import SameWorkspace, workspace_key


def item_constraints() -> list[models.BaseConstraint]:
    return [
        models.UniqueConstraint(fields=["product", "number"], name="item_number_is_unique"),
        models.UniqueConstraint(
            fields=["product", "rank"], name="item_rank_is_unique", deferrable=models.Deferrable.DEFERRED
        ),
        models.UniqueConstraint(
            fields=["product", "source", "source_id"], condition=~Q(source_id=""), name="item_source_is_unique"
        ),
        models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="item_ends_after_start"),
        models.CheckConstraint(condition=Q(progress__lte=100), name="item_progress_is_a_percentage"),
        models.CheckConstraint(condition=Q(effort__gt=0), name="item_effort_is_positive"),
        models.CheckConstraint(condition=Q(confidence__lte=100), name="item_confidence_is_a_percentage"),
        workspace_key("item_workspace_key"),
        SameWorkspace(field="product", target="products_product", name="item_product_same_workspace"),
        SameWorkspace(field="type", target="roadmap_itemtype", name="item_type_same_workspace", to="key"),
        SameWorkspace(field="status", target="roadmap_status", name="item_status_same_workspace"),
        SameWorkspace(field="lead", target="accounts_member", name="item_lead_same_workspace"),
        SameWorkspace(field="parent", target="roadmap_item", name="item_parent_same_workspace"),
        SameWorkspace(field="release", target="roadmap_release", name="item_release_same_workspace"),
        SameWorkspace(field="iteration", target="roadmap_iteration", name="item_iteration_same_workspace"),
        SameWorkspace(field="objective", target="products_objective", name="item_objective_same_workspace"),
        SameWorkspace(field="initiative", target="products_initiative", name="item_initiative_same_workspace"),
        SameWorkspace(field="problem", target="products_problem", name="item_problem_same_workspace"),
        SameWorkspace(field="component", target="roadmap_component", name="item_component_same_workspace"),
        SameWorkspace(field="thread", target="discussion_thread", name="item_thread_same_workspace"),
    ]


def item_indexes() -> list[models.Index]:
    return [*_in_order_of_scores(), *_for_columns_of_boards(), *_by_days(), *_of_words()]


def _in_order_of_scores() -> list[models.Index]:
    return [
        # As the table sorts: those without a score come last. And one that counts a backlog without its texts.
        models.Index(
            F("product"),
            F("score").desc(nulls_last=True),
            F("rank"),
            name="item_by_score",
            condition=Q(deleted_at=None),
        ),
        models.Index(
            F("product"),
            F("second_score").desc(nulls_last=True),
            F("rank"),
            name="item_by_second_score",
            condition=Q(deleted_at=None),
        ),
        models.Index(
            F("product"),
            F("status"),
            F("score").desc(nulls_last=True),
            F("rank"),
            name="item_by_status_and_score",
            condition=Q(deleted_at=None),
        ),
    ]


def _for_columns_of_boards() -> list[models.Index]:
    return [
        # Boards count the items of each column and find those that come first, without their texts.
        models.Index(
            fields=["product", "status", "rank"],
            include=["id", "workspace", "effort"],
            name="item_by_status",
            condition=Q(deleted_at=None),
        ),
        models.Index(
            fields=["product", "horizon", "rank"],
            include=["id", "workspace", "status", "effort"],
            name="item_by_horizon",
            condition=Q(deleted_at=None),
        ),
        # Of a release also with the numbers, days and people that filters and lists ask for: so neither reads whole items.
        models.Index(
            fields=["product", "release", "rank"],
            include=[
                "id",
                "workspace",
                "status",
                "effort",
                "starts_on",
                "ends_on",
                "reach",
                "impact",
                "confidence",
                "score",
                "horizon",
                "lead",
                "objective",
            ],
            name="item_by_release",
            condition=Q(deleted_at=None),
        ),
    ]


def _by_days() -> list[models.Index]:
    return [
        # What stands on a timeline, of a backlog where most has no days.
        models.Index(
            fields=["product", "ends_on"],
            name="item_by_end",
            condition=Q(deleted_at=None, starts_on__isnull=False),
        ),
        # What waits for its days below a timeline: how many there are, and which come first.
        models.Index(
            fields=["product", "rank"],
            include=["id", "workspace", "status"],
            name="item_without_days",
            condition=Q(deleted_at=None, starts_on=None),
        ),
    ]


def _of_words() -> list[models.Index]:
    return [
        GinIndex(fields=["search"], name="item_search"),
        GinIndex(fields=["tags"], name="item_tags"),
        GinIndex(fields=["custom"], name="item_custom"),
        GinIndex(fields=["title"], opclasses=["gin_trgm_ops"], name="item_title_trigrams"),
    ]
