"""What the words in other tools' columns mean here: statuses, types, resolutions, people."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StatusChoice:
    """A status of the workspace: its name and its category (proposed, shaping, ready, building, shipped, dropped)."""

    name: str
    category: str


@dataclass(frozen=True, slots=True)
class Person:
    email: str
    name: str


DEFAULT_STATUSES = (
    StatusChoice("Idea", "proposed"),
    StatusChoice("Shaping", "shaping"),
    StatusChoice("Ready", "ready"),
    StatusChoice("In build", "building"),
    StatusChoice("In review", "building"),
    StatusChoice("Shipped", "shipped"),
    StatusChoice("Won't do", "dropped"),
)


@dataclass(frozen=True, slots=True)
class TypeChoice:
    """A type of the workspace: items name it by its key."""

    key: str
    name: str
    kind: str


TYPES = ("epic", "feature", "improvement", "bug", "discovery")
DEFAULT_TYPES = tuple(TypeChoice(kind, kind.title(), kind) for kind in TYPES)

STATUS_WORDS = {
    "proposed": (
        "idea", "ideas", "backlog", "new", "open", "opened", "triage", "icebox", "inbox", "proposed", "submitted",
        "under review", "reviewing", "candidate", "parking lot", "unstarted", "requested", "someday", "later",
        "reopened", "neu", "offen", "received",
    ),
    "shaping": (
        "shaping", "discovery", "in discovery", "refining", "refinement", "in refinement", "analysis", "in analysis",
        "design", "in design", "exploring", "researching", "research", "specifying", "waiting for spec", "scoping",
    ),
    "ready": (
        "ready", "to do", "todo", "selected for development", "ready for development", "ready for dev", "planned",
        "next", "next up", "accepted", "approved", "scheduled", "up next", "committed", "this sprint", "ready to start",
    ),
    "building": (
        "in progress", "in build", "doing", "building", "in development", "development", "started", "wip", "active",
        "now", "blocked", "on hold", "in arbeit", "coding", "implementing", "under construction",
    ),
    "review": (
        "in review", "review", "code review", "in test", "testing", "in testing", "qa", "in qa", "ready for qa", "verify",
        "ready for test", "validation", "uat", "acceptance", "ready for release", "staging", "beta", "in beta",
    ),
    "shipped": (
        "done", "shipped", "closed", "resolved", "released", "complete", "completed", "delivered", "deployed", "live",
        "finished", "launched", "fertig", "erledigt", "in production",
    ),
    "dropped": (
        "won't do", "wont do", "won't fix", "wont fix", "canceled", "cancelled", "rejected", "duplicate", "declined",
        "dropped", "abandoned", "not planned", "will not do", "archived", "invalid", "not now", "obsolete",
    ),
}  # fmt: skip
TYPE_WORDS = {
    "epic": ("epic", "initiative", "theme", "project"),
    "feature": (
        "feature", "story", "user story", "new feature", "idea", "requirement", "feature request", "product idea",
        "subfeature",
    ),
    "improvement": (
        "improvement", "enhancement", "task", "sub-task", "subtask", "chore", "technical debt", "tech debt",
        "change request", "change", "maintenance", "technical task",
    ),
    "bug": ("bug", "defect", "incident", "problem", "fault", "fehler", "regression"),
    "discovery": ("discovery", "spike", "research", "investigation", "experiment", "prototype", "question"),
}  # fmt: skip
# Of a tag only the plainest words say what kind of item it is on.
TYPE_TAGS = {
    "bug": "bug", "defect": "bug", "feature": "feature", "feature request": "feature", "new feature": "feature",
    "enhancement": "improvement", "improvement": "improvement", "epic": "epic", "spike": "discovery",
    "research": "discovery", "discovery": "discovery", "type: bug": "bug", "type:bug": "bug", "kind/bug": "bug",
    "type: feature": "feature", "kind/feature": "feature", "kind/enhancement": "improvement",
}  # fmt: skip
JIRA_CATEGORIES = {"to do": "proposed", "new": "proposed", "in progress": "building", "done": "shipped"}
DROPPED_RESOLUTIONS = (
    "won't do", "wont do", "won't fix", "wont fix", "duplicate", "cannot reproduce", "declined", "rejected", "invalid",
    "not planned", "canceled", "cancelled", "abandoned", "obsolete", "not a bug", "known error", "incomplete",
)  # fmt: skip
HORIZONS = {"now": "now", "next": "next", "later": "later", "soon": "next", "someday": "later", "future": "later"}
#: Whether an item is internal only, as files say it; the first is what our own export says.
AUDIENCES = {
    "internal only": True, "internal": True, "confidential": True, "yes": True, "true": True, "1": True, "x": True, "ja": True,
    "may be shared": False, "public": False, "external": False, "no": False, "false": False, "0": False, "nein": False,
}  # fmt: skip
SPACES = re.compile(r"[\s_]+")


def plain(text: str) -> str:
    """For comparing words people type: small, single spaces, a straight apostrophe, no decoration at either end."""
    text = unicodedata.normalize("NFKC", text).replace("’", "'")
    return SPACES.sub(" ", text).strip(" .:-–—*!✅🚀").casefold()


def meaning_of_status(value: str) -> str | None:
    """A category, or `review` for the later half of building; None where the word says nothing."""
    word = plain(value)
    for meaning, words in STATUS_WORDS.items():
        if word in words:
            return meaning
    return None


def status_named(value: str, statuses: Sequence[StatusChoice]) -> str | None:
    """The workspace's status of the same name, else the first of the same meaning."""
    word = plain(value)
    for status in statuses:
        if plain(status.name) == word:
            return status.name
    meaning = meaning_of_status(value)
    return status_meaning(meaning, statuses) if meaning else None


def status_meaning(meaning: str, statuses: Sequence[StatusChoice]) -> str | None:
    category = "building" if meaning == "review" else meaning
    names = [status.name for status in statuses if status.category == category]
    if meaning == "review":
        late = [name for name in names if meaning_of_status(name) == "review"]
        names = late or names
    return names[0] if names else None


def type_named(value: str, types: Sequence[TypeChoice] = DEFAULT_TYPES) -> str | None:
    """The key of the workspace's type of the same name, else of the first of the kind that the word means."""
    word = plain(value)
    same = next((one.key for one in types if plain(one.name) == word), None)
    kind = next((kind for kind, words in TYPE_WORDS.items() if word in words), "")
    return same or type_meaning(kind, types)


def type_meaning(kind: str, types: Sequence[TypeChoice]) -> str | None:
    return next((one.key for one in types if one.kind == kind), None)


def is_dropped(resolution: str) -> bool:
    return plain(resolution) in DROPPED_RESOLUTIONS


def email_of(value: str, people: Iterable[Person]) -> str | None:
    """The one person meant by an e-mail address or a name; None if nobody or more than one is."""
    asked = value.strip()
    address = re.search(r"[^\s<>()\[\]]+@[^\s<>()\[\]]+", asked)
    if address:
        wanted = address[0].casefold()
        return next((person.email for person in people if person.email.casefold() == wanted), None)
    # “Herrera, Tomás” is the same person.
    names = {bare(asked), bare(" ".join(reversed(asked.split(","))))}
    found = {
        person.email
        for person in people
        if bare(person.name) in names or person.email.partition("@")[0].casefold() in names
    }
    return found.pop() if len(found) == 1 else None


def lead_parts(cell: str) -> list[str]:
    """Several people stand one a line."""
    return [part.strip() for part in cell.split("\n") if part.strip()]


def bare(name: str) -> str:
    """A name without accents, in small letters: exports spell Tomás in several ways."""
    decomposed = unicodedata.normalize("NFKD", name)
    letters = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(letters.casefold().split())
