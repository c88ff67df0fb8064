"""JSON of Trello and GitHub, laid out as a table."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from roadmap.importing.errors import BrokenFile, NothingToImport, UnknownFormat
from roadmap.importing.fields import Kind
from roadmap.importing.table import Comment

TRELLO_ACTIONS = 1_000  # what Trello puts into an export at most


@dataclass
class Tree:
    """A table before it has columns: dicts in order, each with its number in the file."""

    kind: Kind
    records: list[tuple[int, dict[str, str], tuple[Comment, ...]]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def headers(self) -> list[str]:
        seen: dict[str, None] = {}
        for _number, cells, _comments in self.records:
            seen.update(dict.fromkeys(cells))
        return list(seen)


def read_tree(text: str) -> Tree:
    documents = list(documents_in(text))
    first = documents[0] if documents else None
    if isinstance(first, dict) and isinstance(first.get("cards"), list):
        return trello(first)
    issues = list(issues_in(documents))
    if issues and all("title" in issue and "number" in issue for issue in issues[:20]):
        return github(issues)
    if first == [] or isinstance(first, dict) and first.get("items") == []:
        raise NothingToImport(_("The file is empty: it holds no issue."))
    raise UnknownFormat(
        _("This JSON is neither a Trello board nor a list of GitHub issues. Export the board or list as CSV instead.")
    )


def documents_in(text: str) -> Iterator[Any]:
    """Each document of the text: `gh api --paginate` writes one array after another, `jq -c` a line an issue."""
    decoder = json.JSONDecoder()
    at = 0
    try:
        while at < len(text):
            if text[at] in " \t\r\n,":
                at += 1
                continue
            document, at = decoder.raw_decode(text, at)
            yield document
    except json.JSONDecodeError as error:
        raise BrokenFile(
            _("The JSON breaks off or is damaged at line %(line)d, column %(column)d. Export it again.")
            % {"line": error.lineno, "column": error.colno}
        ) from error
    except RecursionError as error:
        raise BrokenFile(_("The JSON is nested too deeply to be a board or a list of issues.")) from error
    except ValueError as error:
        raise BrokenFile(_("The JSON holds a number that cannot be read. Export it again.")) from error


def issues_in(documents: list[Any]) -> Iterator[dict[str, Any]]:
    for document in documents:
        if isinstance(document, dict):
            inner = next((document[key] for key in ("items", "issues", "nodes") if key in document), None)
            document = inner if isinstance(inner, list) else [document]
        for issue in document if isinstance(document, list) else []:
            if isinstance(issue, dict):
                yield issue


def trello(board: dict[str, Any]) -> Tree:
    tree = Tree(Kind.TRELLO_JSON)
    lists = {text_of(one.get("id")): one for one in dicts(board.get("lists"))}
    people = {text_of(one.get("id")): one for one in dicts(board.get("members"))}
    checklists = {text_of(one.get("id")): one for one in dicts(board.get("checklists"))}
    custom = {text_of(one.get("id")): one for one in dicts(board.get("customFields"))}
    comments = trello_comments(board)
    cards = list(enumerate(dicts(board.get("cards")), start=1))
    order = trello_order([card for _number, card in cards], lists)
    for number, card in cards:
        at = lists.get(text_of(card.get("idList")), {})
        done = card.get("closed") or at.get("closed")
        cells = {
            "Name": text_of(card.get("name")),
            "List": text_of(at.get("name")),
            "Description": text_of(card.get("desc")),
            "Checklists": checklists_as_markdown(card, checklists),
            "Labels": "\n".join(
                text_of(label.get("name") or label.get("color")) for label in dicts(card.get("labels"))
            ),
            "Members": "\n".join(trello_member(people.get(one, {}), one) for one in texts(card.get("idMembers"))),
            "Start": text_of(card.get("start")),
            "Due": text_of(card.get("due")),
            "Order": str(order[number - 1]),
            "Archived": "archived" if done else "",
            "ID": text_of(card.get("id")),
            "Number": text_of(card.get("idShort")),
            "URL": text_of(card.get("shortUrl") or card.get("url")),
            "Created": trello_created(text_of(card.get("id"))),
            "Last activity": text_of(card.get("dateLastActivity")),
            "Attachments": "\n".join(text_of(one.get("url")) for one in dicts(card.get("attachments"))),
        }
        for held in dicts(card.get("customFieldItems")):
            definition = custom.get(text_of(held.get("idCustomField")), {})
            name = text_of(definition.get("name"))
            if name:
                cells.setdefault(name, trello_custom_value(held, definition))
        tree.records.append((number, cells, tuple(comments.get(text_of(card.get("id")), ()))))
    if len(dicts(board.get("actions"))) >= TRELLO_ACTIONS:
        tree.notes.append(_("Trello exports the last 1,000 actions only, so older comments are not in this file."))
    return tree


def trello_order(cards: list[dict[str, Any]], lists: dict[str, dict[str, Any]]) -> list[int]:
    """The place of each card, list by list: `pos` is a float beyond 32 bit and counts within its list only."""
    places = sorted(
        range(len(cards)),
        key=lambda index: (
            number_of(lists.get(text_of(cards[index].get("idList")), {}).get("pos")),
            number_of(cards[index].get("pos")),
        ),
    )
    order = [0] * len(cards)
    for place, index in enumerate(places, start=1):
        order[index] = place
    return order


def trello_comments(board: dict[str, Any]) -> dict[str, list[Comment]]:
    found: dict[str, list[Comment]] = {}
    for action in dicts(board.get("actions")):
        data = action.get("data")
        if action.get("type") != "commentCard" or not isinstance(data, dict):
            continue
        card = data.get("card")
        author = action.get("memberCreator")
        name = text_of(author.get("fullName") or author.get("username")) if isinstance(author, dict) else ""
        identifier = text_of(card.get("id")) if isinstance(card, dict) else ""
        # Actions come with the latest first; a discussion reads the other way.
        found.setdefault(identifier, []).insert(
            0, Comment(name, text_of(action.get("date")), text_of(data.get("text")))
        )
    return found


def trello_member(member: dict[str, Any], identifier: str) -> str:
    return text_of(member.get("email") or member.get("fullName") or member.get("username")) or identifier


def trello_created(identifier: str) -> str:
    """The first eight digits of a Trello id are the second of its creation."""
    try:
        seconds = int(identifier[:8], 16) if len(identifier) == 24 else 0
    except ValueError:
        return ""
    return datetime.fromtimestamp(seconds, UTC).isoformat() if seconds else ""


def trello_custom_value(held: dict[str, Any], definition: dict[str, Any]) -> str:
    if held.get("idValue"):
        for option in dicts(definition.get("options")):
            if option.get("id") == held["idValue"] and isinstance(option.get("value"), dict):
                return text_of(option["value"].get("text"))
    value = held.get("value")
    return next((text_of(one) for one in value.values()), "") if isinstance(value, dict) else ""


def checklists_as_markdown(card: dict[str, Any], checklists: dict[str, dict[str, Any]]) -> str:
    parts = []
    held = dicts(card.get("checklists")) or [checklists.get(one, {}) for one in texts(card.get("idChecklists"))]
    for checklist in sorted(held, key=lambda one: number_of(one.get("pos"))):
        items = sorted(dicts(checklist.get("checkItems")), key=lambda one: number_of(one.get("pos")))
        if items:
            ticks = (
                f"- [{'x' if one.get('state') == 'complete' else ' '}] {one_line(one.get('name'))}" for one in items
            )
            parts.append(f"### {one_line(checklist.get('name'))}\n\n" + "\n".join(ticks))
    return "\n\n".join(parts)


def tick(item: dict[str, Any]) -> str:
    return f"- [{'x' if item.get('state') == 'complete' else ' '}] {one_line(item.get('name'))}"


def github(issues: list[dict[str, Any]]) -> Tree:
    tree = Tree(Kind.GITHUB_JSON)
    pulls = 0
    for number, issue in enumerate(issues, start=1):
        if issue.get("pull_request"):
            pulls += 1
            continue
        url = text_of(issue.get("html_url") or issue.get("url"))
        cells = {
            "Title": text_of(issue.get("title")),
            "State": text_of(issue.get("state")).casefold(),
            "State reason": text_of(issue.get("stateReason") or issue.get("state_reason")).casefold().replace("_", " "),
            "Body": text_of(issue.get("body")),
            "Labels": "\n".join(named(label, "name") for label in items(issue.get("labels"))),
            "Assignees": "\n".join(named(person, "email", "login", "name") for person in items(issue.get("assignees"))),
            "Milestone": named(issue.get("milestone"), "title"),
            "Milestone due": named(issue.get("milestone"), "dueOn", "due_on"),
            "Author": named(issue.get("author") or issue.get("user"), "login", "name"),
            "ID": github_id(url, text_of(issue.get("number"))),
            "Number": text_of(issue.get("number")),
            "Created": text_of(issue.get("createdAt") or issue.get("created_at")),
            "Updated": text_of(issue.get("updatedAt") or issue.get("updated_at")),
            "Closed": text_of(issue.get("closedAt") or issue.get("closed_at")),
            "URL": url,
        }
        tree.records.append((number, cells, tuple(github_comments(issue.get("comments")))))
    if pulls:
        tree.notes.append(
            ngettext("%(count)d pull request was left out.", "%(count)d pull requests were left out.", pulls)
            % {"count": pulls}
        )
    return tree


def github_id(url: str, number: str) -> str:
    """`owner/repository#12` where the address says so: numbers repeat from one repository to the next."""
    parts = url.split("/")
    if "issues" in parts[-2:-1] and len(parts) >= 5:
        return f"{parts[-4]}/{parts[-3]}#{number}"
    return f"#{number}" if number else ""


def github_comments(held: Any) -> Iterator[Comment]:
    for comment in dicts(held):
        author = named(comment.get("author") or comment.get("user"), "login", "name")
        yield Comment(
            author, text_of(comment.get("createdAt") or comment.get("created_at")), text_of(comment.get("body"))
        )


def named(value: Any, *keys: str) -> str:
    if isinstance(value, dict):
        return next((text_of(value[key]) for key in keys if value.get(key)), "")
    return text_of(value)


def text_of(value: Any) -> str:
    """The text of a JSON value; of a list or an object none, since none belongs there."""
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def one_line(value: Any) -> str:
    return " ".join(text_of(value).split())


def number_of(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and abs(value) < 1e300 else 0.0


def items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in items(value) if isinstance(one, dict)]


def texts(value: Any) -> list[str]:
    return [text_of(one) for one in items(value)]
