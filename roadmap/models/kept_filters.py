"""Filters that are kept, in saved views and roadmaps, when what they name is removed and its items are given something else.

Share links keep theirs: who holds one would see, unlooked at, what the items stand among now.
"""

from __future__ import annotations

import json
import re
from typing import Any

from django.http import QueryDict

from changes.models import Change
from listing.filters import PARAMETER
from roadmap.models.roadmap import Roadmap
from roadmap.models.saved_view import SavedView

LONGEST = 2000


def follow_removal(workspace: int, field: str, old: str, new: str, *, by: Change) -> int:
    """Let what is kept of the workspace filter by `new` where it did by `old`. Returns how many."""
    count = 0
    for model in (SavedView, Roadmap):
        for row in model.objects.filter(workspace=workspace, query__contains=old):
            query = renamed(row.query, field, old, new)
            if query != row.query and len(query) <= LONGEST:
                row._set({"query": query}, by)
                count += 1
    return count


def naming(workspace: int, field: str, value: str) -> int:
    """How many filters that are kept name this value, whosoever they are."""
    found = (model.objects.filter(workspace=workspace, query__contains=value) for model in (SavedView, Roadmap))
    return sum(
        renamed(query, field, value, "") != query for rows in found for query in rows.values_list("query", flat=True)
    )


def renamed(query: str, field: str, old: str, new: str) -> str:
    """A query string that asks for `new` instead of `old`. What leaves `old` out leaves out nothing in its place: the items are among others
    now. A filter of which nothing else would be left stays as it is."""
    pairs, written = QueryDict(query), QueryDict(mutable=True)
    for name, values in pairs.lists():
        for value in values:
            if name == PARAMETER:
                written.appendlist(name, _renamed_json(value, field, old, new))
            elif name in (field, f"{field}.in", f"{field}.not"):
                several = [one for one in re.split(r"(?<!\\),", value) if one]
                chosen = _among(several, old, new, leaves_out=name.endswith(".not"))
                if chosen:
                    written.appendlist(name, ",".join(chosen))
            else:
                written.appendlist(name, value)
    return query if written == pairs or not written else written.urlencode()


def _renamed_json(text: str, field: str, old: str, new: str) -> str:
    try:
        node = json.loads(text)
    except (ValueError, RecursionError):
        return text
    found = _in_node(node, field, old, new, leaves_out=False)
    return text if found == node else json.dumps(found, separators=(",", ":"), ensure_ascii=False)


def _in_node(node: Any, field: str, old: str, new: str, *, leaves_out: bool) -> Any:
    """The node anew. A condition of which nothing would be left stays: it names what is gone, and leaves out nothing."""
    if not isinstance(node, dict):
        return node
    for word in ("all", "any"):
        if isinstance(node.get(word), list):
            return {**node, word: [_in_node(part, field, old, new, leaves_out=leaves_out) for part in node[word]]}
    if "not" in node:
        return {**node, "not": _in_node(node["not"], field, old, new, leaves_out=not leaves_out)}
    if node.get("field") == field and node.get("op") in ("in", "not") and isinstance(node.get("value"), list):
        chosen = _among(node["value"], old, new, leaves_out=leaves_out != (node["op"] == "not"))
        return {**node, "value": chosen} if chosen else node
    return node


def _among(values: list[Any], old: str, new: str, *, leaves_out: bool) -> list[Any]:
    if old not in values:
        return values
    if leaves_out or not new:
        return [one for one in values if one != old]
    return list(dict.fromkeys(new if one == old else one for one in values))
