"""Which tool wrote a file, and what of it a column is, by the names in its header."""

import re
import unicodedata

from roadmap.importing.fields import Field, Kind
from roadmap.importing.headers import KNOWN

CUSTOM = re.compile(r"custom field \((.*)\)", re.DOTALL)
SPACES = re.compile(r"\s+")


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
