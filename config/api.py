"""/api/v1/: the routers of the apps, joined, and how errors are told."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, URLResolver, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.views import exception_handler

from accounts.access import public
from accounts.refusals import Refused
from changes.concurrency import Conflict
from discussion.api.views import AttachmentViewSet, CommentViewSet
from feedback.api.views import (
    ContactViewSet,
    ContractViewSet,
    ConversationViewSet,
    CustomerViewSet,
    IdeaViewSet,
    InsightViewSet,
    VoteViewSet,
)
from lifecycle.api.views import DecisionViewSet, GateViewSet
from listing.api import conflict_answer
from listing.people import views as people
from listing.work import JobViewSet
from products.api.views import (
    InitiativeViewSet,
    KeyResultViewSet,
    ObjectiveViewSet,
    ProblemViewSet,
    ProductLineViewSet,
    ProductViewSet,
)
from roadmap.api.baselines import BaselineViewSet
from roadmap.api.comparisons import ComparisonViewSet
from roadmap.api.components import ComponentViewSet
from roadmap.api.custom_fields import CustomFieldViewSet
from roadmap.api.item_links import ItemLinkViewSet
from roadmap.api.item_templates import ItemTemplateViewSet
from roadmap.api.item_types import ItemTypeViewSet
from roadmap.api.items import ItemViewSet
from roadmap.api.many import ManyItemsViewSet
from roadmap.api.milestones import MilestoneViewSet
from roadmap.api.releases import IterationViewSet, ParkedItemViewSet, ReleaseNotesViewSet, ReleaseViewSet
from roadmap.api.requirements import RequirementViewSet
from roadmap.api.roadmaps import RoadmapViewSet
from roadmap.api.saved_views import SavedViewViewSet
from roadmap.api.scorecards import ScorecardViewSet, ScoringViewSet
from roadmap.api.share_links import ShareLinkViewSet
from roadmap.api.statuses import StatusViewSet
from usage.api.events import EventsView
from usage.api.views import FigureViewSet, IngestKeyViewSet, RejectedEventViewSet, UsageKeyViewSet

router = SimpleRouter()
router.register("workspaces", people.WorkspaceViewSet, basename="workspace")
router.register("members", people.MemberViewSet, basename="member")
router.register("teams", people.TeamViewSet, basename="team")
router.register("invitations", people.InvitationViewSet, basename="invitation")
router.register("tokens", people.TokenViewSet, basename="token")
router.register("jobs", JobViewSet, basename="job")
router.register("product-lines", ProductLineViewSet, basename="product-line")
router.register("products", ProductViewSet, basename="product")
router.register("objectives", ObjectiveViewSet, basename="objective")
router.register("key-results", KeyResultViewSet, basename="key-result")
router.register("initiatives", InitiativeViewSet, basename="initiative")
router.register("problems", ProblemViewSet, basename="problem")
router.register("gates", GateViewSet, basename="gate")
router.register("decisions", DecisionViewSet, basename="decision")
router.register("items", ItemViewSet, basename="item")
router.register("attachments", AttachmentViewSet, basename="attachment")
router.register("comments", CommentViewSet, basename="comment")
router.register("customers", CustomerViewSet, basename="customer")
router.register("contacts", ContactViewSet, basename="contact")
router.register("contracts", ContractViewSet, basename="contract")
router.register("conversations", ConversationViewSet, basename="conversation")
router.register("insights", InsightViewSet, basename="insight")
router.register("ideas", IdeaViewSet, basename="idea")
router.register("votes", VoteViewSet, basename="vote")
router.register("milestones", MilestoneViewSet, basename="milestone")
router.register("baselines", BaselineViewSet, basename="baseline")
router.register("releases", ReleaseViewSet, basename="release")
router.register("iterations", IterationViewSet, basename="iteration")
router.register("release-notes", ReleaseNotesViewSet, basename="release-notes")
router.register("parked-items", ParkedItemViewSet, basename="parked-item")
router.register("components", ComponentViewSet, basename="component")
router.register("statuses", StatusViewSet, basename="status")
router.register("item-types", ItemTypeViewSet, basename="item-type")
router.register("custom-fields", CustomFieldViewSet, basename="custom-field")
router.register("scorecards", ScorecardViewSet, basename="scorecard")
router.register("scorings", ScoringViewSet, basename="scoring")
router.register("roadmaps", RoadmapViewSet, basename="roadmap")
router.register("saved-views", SavedViewViewSet, basename="saved-view")
router.register("item-templates", ItemTemplateViewSet, basename="item-template")
router.register("requirements", RequirementViewSet, basename="requirement")
router.register("item-links", ItemLinkViewSet, basename="item-link")
router.register("share-links", ShareLinkViewSet, basename="share-link")
router.register("usage-keys", UsageKeyViewSet, basename="usage-key")
router.register("ingest-keys", IngestKeyViewSet, basename="ingest-key")
router.register("usage-figures", FigureViewSet, basename="usage-figure")

urlpatterns: list[URLPattern | URLResolver] = [
    *router.urls,
    path("items/bulk/", ManyItemsViewSet.as_view({"post": "change"}), name="item-bulk"),
    path("items/bulk/undo/", ManyItemsViewSet.as_view({"post": "undo"}), name="item-bulk-undo"),
    path("rejected-events/", RejectedEventViewSet.as_view({"get": "list"}), name="rejected-event-list"),
    path("comparisons/", ComparisonViewSet.as_view({"get": "portfolio"}), name="comparison-portfolio"),
    path("comparisons/<slug:key>/", ComparisonViewSet.as_view({"get": "retrieve"}), name="comparison-detail"),
    path("events/", public(EventsView.as_view()), name="events"),
]

schema_urls: list[URLPattern | URLResolver] = [
    path("schema/", public(SpectacularAPIView.as_view()), name="schema"),
    path("docs/", public(SpectacularSwaggerSplitView.as_view(url_name="schema")), name="docs"),
]


def explain(error: Exception, context: dict[str, Any]) -> Response | None:
    """A refusal of a verb answers 422 with its sentence, a conflict 409 with both values; the rest as DRF does."""
    if isinstance(error, Refused):
        return Response({"detail": str(error)}, status=422)
    if isinstance(error, Conflict):
        return Response(conflict_answer(error), status=409)
    return exception_handler(error, context)
