"""What a column can become, and the names under which other tools write it."""

import re
import unicodedata
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Kind(StrEnum):
    JIRA_CSV = "jira_csv"
    LINEAR_CSV = "linear_csv"
    ASANA_CSV = "asana_csv"
    GITLAB_CSV = "gitlab_csv"
    TRELLO_JSON = "trello_json"
    GITHUB_JSON = "github_json"
    CSV = "csv"
    XLSX = "xlsx"
    PASTED = "pasted"


class Field(StrEnum):
    TITLE = "title"
    TYPE = "type"
    STATUS = "status"
    RESOLUTION = "resolution"
    DESCRIPTION = "description"
    LEAD = "lead"
    TAGS = "tags"
    COMPONENT = "component"
    RELEASE = "release"
    OBJECTIVE = "objective"
    HORIZON = "horizon"
    INTERNAL = "is_internal"
    STARTS_ON = "starts_on"
    ENDS_ON = "ends_on"
    RANK = "rank"
    REACH = "reach"
    IMPACT = "impact"
    CONFIDENCE = "confidence"
    EFFORT = "effort"
    FACTOR = "factor"
    PARENT = "parent"
    NEEDS = "needs"
    NEEDED_BY = "needed_by"
    RELATES = "relates"
    COMMENT = "comment"
    SOURCE_ID = "source_id"
    ALIAS = "alias"
    CREATED = "created"
    SHIPPED = "shipped"
    KEEP = "keep"
    LEAVE_OUT = "leave_out"


LABELS: dict[Field, str | Promise] = {
    Field.TITLE: _("Title"),
    Field.TYPE: _("Type"),
    Field.STATUS: _("Status"),
    Field.RESOLUTION: _("Resolution"),
    Field.DESCRIPTION: _("Description"),
    Field.LEAD: _("Lead"),
    Field.TAGS: _("Tags"),
    Field.COMPONENT: _("Component"),
    Field.RELEASE: _("Release"),
    Field.OBJECTIVE: _("Objective"),
    Field.HORIZON: _("Horizon"),
    Field.INTERNAL: _("Internal only"),
    Field.STARTS_ON: _("Start date"),
    Field.ENDS_ON: _("End date"),
    Field.RANK: _("Rank"),
    Field.REACH: _("Reach"),
    Field.IMPACT: _("Impact"),
    Field.CONFIDENCE: _("Confidence (%)"),
    Field.EFFORT: _("Effort (person-weeks)"),
    Field.FACTOR: _("A factor of the scorecard"),
    Field.PARENT: _("Parent"),
    Field.NEEDS: _("Needs (is blocked by)"),
    Field.NEEDED_BY: _("Is needed by (blocks)"),
    Field.RELATES: _("Relates to"),
    Field.COMMENT: _("Comment"),
    Field.SOURCE_ID: _("ID in the source"),
    Field.ALIAS: _("Other ID in the source"),
    Field.CREATED: _("Created"),
    Field.SHIPPED: _("Shipped"),
    Field.KEEP: _("Keep in source data"),
    Field.LEAVE_OUT: _("Leave out"),
}

# Of these a row takes what every mapped column says; of the others the first that is not empty.
MANY = frozenset(
    {
        Field.TAGS,
        Field.COMPONENT,
        Field.DESCRIPTION,
        Field.COMMENT,
        Field.PARENT,
        Field.NEEDS,
        Field.NEEDED_BY,
        Field.RELATES,
        Field.ALIAS,
        Field.FACTOR,
        Field.KEEP,
        Field.LEAVE_OUT,
    }
)
DATES = frozenset({Field.STARTS_ON, Field.ENDS_ON})
INSTANTS = frozenset({Field.CREATED, Field.SHIPPED})
NUMBERS = frozenset({Field.REACH, Field.IMPACT, Field.CONFIDENCE, Field.EFFORT})

# For files of no tool that we know. Normalised as by `normalise`; the first names of a field win over the later.
ANY_FILE: dict[Field, tuple[str, ...]] = {
    Field.TITLE: (
        "title", "summary", "feature name", "entity name", "idea title", "task name", "item name", "issue title",
        "name", "subject", "feature", "headline", "idea", "item", "story", "titel", "titre", "título", "task",
    ),
    Field.TYPE: ("type", "issue type", "item type", "work item type", "entity type", "kind", "typ", "tracker"),
    Field.STATUS: (
        "status", "feature status", "status name", "state", "current state", "stage", "column", "list",
        "workflow state",
    ),
    Field.RESOLUTION: ("resolution", "state reason", "close reason"),
    Field.DESCRIPTION: (
        "description", "feature description", "entity description", "body", "details", "notes", "text", "beschreibung",
        "omschrijving", "beskrivning",
    ),
    Field.LEAD: (
        "assignee email", "owner email", "lead email", "assignee", "owner", "lead", "assigned to", "owned by",
        "responsible", "product manager", "pm", "feature assigned to user", "verantwortlich", "ansvarig",
    ),
    Field.TAGS: ("tags", "labels", "label", "tag", "feature tags", "topics"),
    Field.COMPONENT: ("component", "components", "component/s", "feature component", "komponente"),
    Field.RELEASE: (
        "release", "release name", "fix versions", "fix version/s", "fix version", "version", "milestone",
        "target release", "planned release",
    ),
    Field.OBJECTIVE: ("objective", "goal", "goal name", "okr", "ziel"),
    Field.HORIZON: ("horizon", "timeframe", "now/next/later", "now next later"),
    Field.INTERNAL: ("internal only", "internal", "audiences", "confidential"),
    Field.STARTS_ON: (
        "start date", "start", "starts on", "feature start date", "target start", "planned start", "begin", "from",
        "startdatum",
    ),
    Field.ENDS_ON: (
        "due date", "due", "end date", "ends on", "feature end date", "target end", "target date", "feature due date",
        "deadline", "end", "until", "planned end", "finish date", "fällig", "eta",
    ),
    Field.RANK: ("rank", "order", "priority rank", "position", "sort order", "rang", "feature rank"),
    Field.REACH: ("reach", "rice reach", "reach (accounts)", "reach (customers)", "reach (users)", "reach per quarter"),
    Field.IMPACT: ("impact", "rice impact"),
    Field.CONFIDENCE: ("confidence", "confidence %", "confidence (%)", "conf.", "conf", "rice confidence"),
    Field.EFFORT: (
        "effort (person-weeks)", "effort (pw)", "effort (weeks)", "effort", "rice effort", "person weeks",
        "person-weeks", "estimate (weeks)",
    ),
    Field.PARENT: (
        "parent", "parent key", "parent id", "parent issue", "parent task", "epic link", "epic", "epic name",
        "parent feature",
    ),
    Field.NEEDS: ("blocked by", "depends on", "needs", "dependencies"),
    Field.NEEDED_BY: ("blocks", "blocking", "needed by"),
    Field.RELATES: ("related to", "relates to", "duplicate of"),
    Field.COMMENT: ("comment", "comments"),
    Field.SOURCE_ID: (
        "issue key", "key", "id", "issue id", "task id", "feature reference #", "reference", "entity uuid", "idea id",
        "number", "uuid", "ticket", "ref", "item id", "#", "nr", "no.",
    ),
    Field.CREATED: ("created", "created at", "created on", "creation date", "date created", "created date"),
    Field.SHIPPED: ("shipped", "shipped at", "resolved", "completed", "completed at", "closed at", "released", "done at"),
    Field.LEAVE_OUT: ("line", "reason"),  # what we add to the file of rejected rows
}  # fmt: skip

JIRA: dict[Field, tuple[str, ...]] = {
    Field.TITLE: ("summary",),
    Field.TYPE: ("issue type",),
    Field.STATUS: ("status",),
    Field.RESOLUTION: ("resolution",),
    Field.DESCRIPTION: ("description",),
    Field.LEAD: ("assignee email", "assignee"),
    Field.TAGS: ("labels", "label"),
    Field.COMPONENT: ("components", "component/s", "component"),
    Field.RELEASE: ("fix versions", "fix version/s", "fix version"),
    Field.OBJECTIVE: ("objective", "goal"),
    Field.HORIZON: ("horizon",),
    Field.STARTS_ON: ("start date", "target start", "planned start", "begin date"),
    Field.ENDS_ON: ("due date", "target end", "target date", "end date"),
    Field.RANK: ("rank",),
    Field.REACH: ANY_FILE[Field.REACH],
    Field.IMPACT: ANY_FILE[Field.IMPACT],
    Field.CONFIDENCE: ANY_FILE[Field.CONFIDENCE],
    Field.EFFORT: ANY_FILE[Field.EFFORT],
    Field.PARENT: ("parent key", "parent", "parent id", "epic link"),
    Field.COMMENT: ("comment",),
    Field.SOURCE_ID: ("issue key", "key"),
    Field.ALIAS: ("issue id",),
    Field.CREATED: ("created",),
    Field.SHIPPED: ("resolved",),
    Field.LEAVE_OUT: ("line", "reason"),
}
LINEAR: dict[Field, tuple[str, ...]] = {
    Field.TITLE: ("title",),
    Field.STATUS: ("status",),
    Field.DESCRIPTION: ("description",),
    Field.LEAD: ("assignee",),
    Field.TAGS: ("labels",),
    Field.RELEASE: ("project milestone",),
    Field.OBJECTIVE: ("initiatives", "roadmaps"),
    Field.ENDS_ON: ("due date",),
    Field.PARENT: ("parent issue",),
    Field.NEEDS: ("blocked by",),
    Field.RELATES: ("related to", "duplicate of"),
    Field.SOURCE_ID: ("id",),
    Field.ALIAS: ("uuid",),
    Field.CREATED: ("created",),
    Field.SHIPPED: ("completed",),
    Field.LEAVE_OUT: ("line", "reason"),
}
ASANA: dict[Field, tuple[str, ...]] = {
    Field.TITLE: ("name",),
    Field.STATUS: ("section/column",),
    Field.DESCRIPTION: ("notes",),
    Field.LEAD: ("assignee email", "assignee"),
    Field.TAGS: ("tags",),
    Field.STARTS_ON: ("start date",),
    Field.ENDS_ON: ("due date",),
    Field.REACH: ANY_FILE[Field.REACH],
    Field.IMPACT: ANY_FILE[Field.IMPACT],
    Field.CONFIDENCE: ANY_FILE[Field.CONFIDENCE],
    Field.EFFORT: ANY_FILE[Field.EFFORT],
    Field.PARENT: ("parent task",),
    Field.NEEDS: ("blocked by (dependencies)",),
    Field.NEEDED_BY: ("blocking (dependencies)",),
    Field.SOURCE_ID: ("task id",),
    Field.CREATED: ("created at",),
    Field.SHIPPED: ("completed at",),
    Field.LEAVE_OUT: ("line", "reason"),
}
GITLAB: dict[Field, tuple[str, ...]] = {
    Field.TITLE: ("title",),
    Field.TYPE: ("type",),
    Field.STATUS: ("state",),
    Field.DESCRIPTION: ("description",),
    Field.LEAD: ("assignee",),
    Field.TAGS: ("labels",),
    Field.RELEASE: ("milestone",),
    Field.STARTS_ON: ("start date",),
    Field.ENDS_ON: ("due date",),
    Field.PARENT: ("parent iid", "parent title"),
    Field.SOURCE_ID: ("url", "issue id"),
    Field.ALIAS: ("issue id",),
    Field.CREATED: ("created at (utc)", "created at"),
    Field.SHIPPED: ("closed at (utc)", "closed at"),
    Field.LEAVE_OUT: ("line", "reason"),
}
TRELLO: dict[Field, tuple[str, ...]] = {
    Field.TITLE: ("name",),
    Field.STATUS: ("list",),
    Field.RESOLUTION: ("archived",),
    Field.DESCRIPTION: ("description", "checklists"),
    Field.LEAD: ("members",),
    Field.TAGS: ("labels",),
    Field.STARTS_ON: ("start",),
    Field.ENDS_ON: ("due",),
    Field.RANK: ("order",),
    Field.REACH: ANY_FILE[Field.REACH],
    Field.IMPACT: ANY_FILE[Field.IMPACT],
    Field.CONFIDENCE: ANY_FILE[Field.CONFIDENCE],
    Field.EFFORT: ANY_FILE[Field.EFFORT],
    Field.SOURCE_ID: ("id",),
    Field.CREATED: ("created",),
}
GITHUB: dict[Field, tuple[str, ...]] = {
    Field.TITLE: ("title",),
    Field.STATUS: ("state",),
    Field.RESOLUTION: ("state reason",),
    Field.DESCRIPTION: ("body",),
    Field.LEAD: ("assignees",),
    Field.TAGS: ("labels",),
    Field.RELEASE: ("milestone",),
    Field.SOURCE_ID: ("id",),
    Field.ALIAS: ("number",),
    Field.CREATED: ("created",),
    Field.SHIPPED: ("closed",),
}
VOCABULARY: dict[Kind, dict[Field, tuple[str, ...]]] = {
    Kind.JIRA_CSV: JIRA,
    Kind.LINEAR_CSV: LINEAR,
    Kind.ASANA_CSV: ASANA,
    Kind.GITLAB_CSV: GITLAB,
    Kind.TRELLO_JSON: TRELLO,
    Kind.GITHUB_JSON: GITHUB,
    Kind.CSV: ANY_FILE,
    Kind.XLSX: ANY_FILE,
    Kind.PASTED: ANY_FILE,
}
SYSTEMS = {
    Kind.JIRA_CSV: "jira",
    Kind.LINEAR_CSV: "linear",
    Kind.ASANA_CSV: "asana",
    Kind.GITLAB_CSV: "gitlab",
    Kind.TRELLO_JSON: "trello",
    Kind.GITHUB_JSON: "github",
}
KNOWN = frozenset(name for names in VOCABULARY.values() for spellings in names.values() for name in spellings)

CUSTOM = re.compile(r"custom field \((.*)\)", re.DOTALL)
SPACES = re.compile(r"\s+")
SPLIT_POINTS = frozenset({"story points", "story point estimate", "σ story points", "points", "estimate", "weight"})


def normalise(header: str) -> str:
    """One spelling of a header: small letters, single spaces, no underscores, Jira's `Custom field (…)` taken off."""
    text = unicodedata.normalize("NFKC", header).replace("\ufeff", "").replace("\u200b", "").replace("_", " ")
    text = SPACES.sub(" ", text).strip(" *:\t").casefold()
    custom = CUSTOM.fullmatch(text)
    return custom.group(1).strip() if custom else text


def count_known(cells: list[str]) -> int:
    return sum(1 for cell in cells if cell and len(cell) < 80 and normalise(cell) in KNOWN)


def detect(headers: list[str]) -> Kind | None:
    """The tool that writes such a header, or None."""
    names = {normalise(header) for header in headers}
    if "summary" in names and ("issue key" in names or {"key", "issue type"} <= names):
        return Kind.JIRA_CSV
    if {"id", "team", "title", "status"} <= names and names & {
        "cycle number",
        "parent issue",
        "project milestone",
        "estimate",
    }:
        return Kind.LINEAR_CSV
    if {"task id", "name"} <= names and names & {"section/column", "assignee email", "last modified"}:
        return Kind.ASANA_CSV
    if {"issue id", "title", "state"} <= names and names & {"author username", "created at (utc)", "url"}:
        return Kind.GITLAB_CSV
    return None


def link_field(name: str) -> Field | None:
    """Jira's link columns have dozens of spellings; only the blocking ones say what waits for what."""
    inward = name.startswith(("inward issue link", "inwardissuelink"))
    outward = name.startswith(("outward issue link", "outwardissuelink"))
    if not inward and not outward:
        return None
    if "block" in name or "depend" in name or "gantt" in name:
        return Field.NEEDS if inward else Field.NEEDED_BY
    return Field.RELATES
