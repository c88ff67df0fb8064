from roadmap.models.backlog_import import BacklogImport
from roadmap.models.baseline import Baseline
from roadmap.models.component import Component
from roadmap.models.custom_field import CustomField, FieldKind
from roadmap.models.custom_values import read_values
from roadmap.models.dates import Certainty, ProgressFrom
from roadmap.models.duplicate_chains import flatten
from roadmap.models.factor_values import tell_of_factors
from roadmap.models.item import Item
from roadmap.models.item_alias import ItemAlias
from roadmap.models.item_columns import Horizon
from roadmap.models.item_links import ItemLink, LinkKind
from roadmap.models.item_type import ItemType
from roadmap.models.item_type_looks import TypeKind
from roadmap.models.iteration import Iteration
from roadmap.models.known_types import types_of
from roadmap.models.look import Look
from roadmap.models.milestone import Milestone
from roadmap.models.parked_item import ParkedItem
from roadmap.models.product_scoring import ProductScoring, Scoring, scoring_of
from roadmap.models.release import Dating, Release
from roadmap.models.release_notes import PublicLine, ReleaseNotes
from roadmap.models.requirement import Requirement, RequirementKind
from roadmap.models.roadmap import Roadmap, RoadmapProduct
from roadmap.models.saved_view import SavedView
from roadmap.models.scope_reason import ScopeReason
from roadmap.models.scorecard import Scorecard, known_factors
from roadmap.models.share import ShareLink
from roadmap.models.share_choices import SharedField, SharedLanes, SharedLayout, SharedPrecision
from roadmap.models.share_opening import OpeningKind, ShareOpening
from roadmap.models.share_recipient import ShareRecipient
from roadmap.models.share_update import ShareSnapshot, ShareUpdate
from roadmap.models.status import Category, Status
from roadmap.models.subscription import Subscription
from roadmap.models.table_choice import TableChoice
from roadmap.models.template import ItemTemplate

__all__ = [
    "flatten",
    "BacklogImport",
    "Baseline",
    "Category",
    "Certainty",
    "Component",
    "CustomField",
    "Dating",
    "FieldKind",
    "Horizon",
    "Item",
    "ItemAlias",
    "ItemLink",
    "ItemTemplate",
    "ItemType",
    "Iteration",
    "LinkKind",
    "Look",
    "OpeningKind",
    "Milestone",
    "ParkedItem",
    "ProductScoring",
    "ProgressFrom",
    "PublicLine",
    "Release",
    "ReleaseNotes",
    "Requirement",
    "RequirementKind",
    "Roadmap",
    "RoadmapProduct",
    "SavedView",
    "ScopeReason",
    "Scorecard",
    "Scoring",
    "ShareLink",
    "ShareOpening",
    "ShareRecipient",
    "ShareSnapshot",
    "ShareUpdate",
    "SharedField",
    "SharedLanes",
    "SharedLayout",
    "SharedPrecision",
    "Status",
    "Subscription",
    "TableChoice",
    "TypeKind",
    "known_factors",
    "read_values",
    "scoring_of",
    "tell_of_factors",
    "types_of",
]
