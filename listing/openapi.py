"""What the generated OpenAPI schema cannot know of the viewsets in listing/api.py: pages, headers, refusals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

TEXT = {"type": "string"}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "schema": TEXT,
    "description": "The version that you read (its ETag); `*` overwrites on purpose. Without it: 428.",
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": TEXT,
    "description": "Your name for this request, up to 120 characters. Repeated, it is answered as the first time.",
}
PAGING = [
    {"name": "size", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}},
    {"name": "after", "in": "query", "schema": TEXT, "description": "Where the page starts: see `next`."},
]
#: Marks an operation, as an extension, whose list comes whole: no page of one.
WHOLE = "x-whole-list"
REFUSALS = {
    "400": "What was sent is not what the schema asks for; by field.",
    "401": "No token, or one that is unknown, expired or revoked.",
    "403": "The token's scope or its member's role does not allow this.",
    "404": "There is no such thing for this token's member.",
    "409": "Somebody else changed the same field since: both values.",
    "412": "If-Match does not hold a version.",
    "415": "The body is not JSON.",
    "422": "It makes no sense; `detail` says why and what to do.",
    "428": "If-Match is missing.",
}
OF_METHOD = {
    "get": ("401", "403", "404", "422"),
    "post": ("400", "401", "403", "404", "415", "422"),
    "put": ("400", "401", "403", "404", "409", "412", "415", "422", "428"),
    "patch": ("400", "401", "403", "404", "409", "412", "415", "422", "428"),
    "delete": ("401", "403", "404", "422"),
}


def complete(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """A post-processing hook of drf-spectacular. Leaves alone what an operation documents itself."""
    for name, component in result["components"]["schemas"].items():
        if name.endswith("Request") and component.get("type") == "object":
            component.setdefault("additionalProperties", False)
    for method, operation in _operations(result):
        _wrap_lists(operation)
        for code in OF_METHOD[method]:
            operation["responses"].setdefault(code, _refusal(code))
        if method == "patch":
            operation.setdefault("parameters", []).append(IF_MATCH)
        if method == "post" and not any(one["name"] == "Idempotency-Key" for one in operation.get("parameters", [])):
            operation.setdefault("parameters", []).append(IDEMPOTENCY_KEY)
    return result


def _operations(result: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in result["paths"].values():
        for method, operation in path.items():
            if method in OF_METHOD:
                yield method, operation


def _wrap_lists(operation: dict[str, Any]) -> None:
    """Lists are pages: rows, and the address of the next page or null. Those marked as WHOLE are not."""
    if operation.get(WHOLE):
        return
    for content in operation["responses"].get("200", {}).get("content", {}).values():
        if content.get("schema", {}).get("type") == "array":
            content["schema"] = {
                "type": "object",
                "required": ["results", "next"],
                "properties": {
                    "results": content["schema"],
                    "next": {"type": "string", "format": "uri", "nullable": True},
                },
            }
            operation.setdefault("parameters", []).extend(PAGING)


def _refusal(code: str) -> dict[str, Any]:
    shape: dict[str, Any] = {"type": "object", "required": ["detail"], "properties": {"detail": TEXT}}
    return {
        "description": REFUSALS[code],
        "content": {"application/json": {"schema": {"type": "object"} if code == "400" else shape}},
    }
