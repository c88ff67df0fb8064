"""What a column can become, and the files that columns come in."""

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
#: The tool behind a file; others are just files.
SYSTEMS = {
    Kind.JIRA_CSV: "jira",
    Kind.LINEAR_CSV: "linear",
    Kind.ASANA_CSV: "asana",
    Kind.GITLAB_CSV: "gitlab",
    Kind.TRELLO_JSON: "trello",
    Kind.GITHUB_JSON: "github",
}
