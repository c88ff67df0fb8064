"""What people typed anywhere is text on every page: not only what one product holds, but the words of the whole workspace too."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Cast, Concat
from django.test import Client

from accounts.models import Team, User
from changes.models import Change
from products.models import ProductLine
from roadmap.models import (
    CustomField,
    FieldKind,
    Item,
    ProductScoring,
    Requirement,
    Scorecard,
    SharedField,
    ShareLink,
    Status,
)
from tests.access.test_crawl import PAGES, client_of, request, text_of
from tests.access.world import World, build_world
from tests.factories import SYSTEM, make_item, make_portal

PAYLOAD = "Q7\"'><img src=x>"
OURS = ("accounts", "discussion", "products", "roadmap", "feedback", "usage", "lifecycle", "jobs")
#: Decisions are never edited; their reasons are typed in the walk of holes/test_typed_scripts.py.
IMMUTABLE = {"Decision"}
#: Columns that are no words, or that nobody types.
NO_WORDS = {
    "public_id", "key", "type", "slug", "hash", "hint", "token", "password_hash", "rank", "password", "email", "time_zone", "currency", "accent",
    "domain", "query", "columns", "noun", "verb", "source_id", "template", "error_name", "account_key", "file", "feature_key", "kind", "event", "how", "reads",
}  # fmt: skip


def words_of(model: type[models.Model]) -> list[Any]:
    """The columns of a table that hold what people typed, with room for the payload."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, models.EmailField)
        and not field.choices
        and not field.generated
        and field.name not in NO_WORDS
        and (field.max_length or 1000) >= len(PAYLOAD) + 8
    ]


def type_everywhere(world: World) -> int:
    """The payload, and the row's number so that names stay different, into every such column. How many columns."""
    found = 0
    workspace = world.cast.workspace
    with Change.open("test.typed", by=SYSTEM, workspace=workspace):
        for model in apps.get_models():
            names = {field.name for field in model._meta.concrete_fields}
            if model._meta.app_label not in OURS or model.__name__ in IMMUTABLE or not (words := words_of(model)):
                continue
            if "workspace" in names:
                rows = model._base_manager.filter(workspace=workspace)
            elif model in (type(workspace), User):
                rows = model._base_manager.all() if model is User else model._base_manager.filter(pk=workspace.pk)
            else:
                continue
            typed = Concat(Value(PAYLOAD), Cast(F("pk"), models.TextField()))
            rows.update(**{field.name: typed for field in words})
            found += len(words)
    return found


class Broken(HTMLParser):
    """Tags that a word ended too early: what follows it becomes attributes with names that nobody writes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    @classmethod
    def in_page(cls, text: str) -> list[str]:
        parser = cls()
        parser.feed(text)
        return parser.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if any(set(name) & set("\"'<>") for name, _value in attrs):
            self.found.append(str(self.get_starttag_text()))


def own_words(world: World) -> tuple[list[CustomField], Item]:
    """Words in JSON: options, factors, criteria, values, tags."""
    cast = world.cast
    anton, mona = cast.actor("anton"), cast.actor("mona")
    fields = []
    for kind in FieldKind:
        options = {"options": [f"{PAYLOAD} a", f"{PAYLOAD} b"]} if kind in (FieldKind.SELECT, FieldKind.MULTI) else {}
        fields.append(CustomField.define(cast.workspace, f"{PAYLOAD} {kind}"[:40], kind, by=anton, **options))
    factors = [
        {"name": f"{PAYLOAD} gain", "kind": "number", "low": 0, "high": 10, "unit": PAYLOAD},
        {"name": f"{PAYLOAD} size", "kind": "size", "role": "divide"},
    ]
    card = Scorecard.add(cast.workspace, by=anton, name=f"{PAYLOAD} card", factors=factors)
    second = Scorecard.add(cast.workspace, by=anton, name=f"{PAYLOAD} second", factors=factors)
    ProductScoring.choose(cast.secret, card, second, by=mona)
    kept = {one["key"]: value for one, value in zip(card.factors, (7, "m"), strict=True)}
    item = make_item(cast.secret, PAYLOAD, description=PAYLOAD, tags=[PAYLOAD], lead=cast.mona, horizon="now")
    values: dict[str, Any] = {}
    for one in fields:
        if one.kind == FieldKind.MULTI:
            values[one.key] = [option["key"] for option in one.options]
        elif one.kind == FieldKind.SELECT:
            values[one.key] = one.options[0]["key"]
        elif one.kind == FieldKind.PERSON:
            values[one.key] = cast.mona.public_id
        elif one.kind == FieldKind.TEXT:
            values[one.key] = PAYLOAD
    item.edit(by=mona, custom=values, factors=kept)
    item.edit(by=mona, custom={**values, fields[0].key: f"{PAYLOAD} again"})
    Requirement.add_to(item, PAYLOAD, by=mona, criteria=[{"text": PAYLOAD, "met": False}])
    return fields, item


def test_no_word_of_the_workspace_runs_on_any_page(db):
    world = build_world()
    cast = world.cast
    fields, item = own_words(world)
    make_portal(cast.workspace, cast.secret)
    link = ShareLink.open_to(cast.secret, "x", by=cast.actor("mona"), fields=[one.value for one in SharedField])
    assert type_everywhere(world) > 40
    for model in (Status, ProductLine, Team):
        assert PAYLOAD in str(model._base_manager.filter(workspace=cast.workspace).first()), model
    product, keys = "/w/polarline/p/SEC/", [one.key for one in fields]
    item_page = f"{product}items/{item.number}/"
    status = Status.objects.filter(workspace=cast.workspace).first().public_id
    paths = [url.path(world.arguments_of(url.name, url.arguments)) for url in PAGES]
    paths += [f"/s/{link.token}/", "/portal/polarline/", "/outbox/", "/", item_page]
    paths += [f"{item_page}{part}/" for part in ("score", "history", "edit")]
    paths += [f"{product}roadmap/?layout={layout}&lanes=release" for layout in ("timeline", "nnl")]
    paths += [f"{product}backlog/?columns=title,type,lead,objective,release,{','.join(keys)}&group={one}" for one in (*keys, "lead", "status", "release", "objective")]  # fmt: skip
    paths += [
        f"{product}backlog/?{one}={PAYLOAD}"
        for one in ("q", "title", "tags", "sort", "group", "columns", "after", "view")
    ]
    paths += [
        f"{product}backlog/filters/?lead={cast.mona.public_id}&status={status}&tags={PAYLOAD}&{keys[0]}.has={PAYLOAD}"
    ]
    paths += [f"{product}backlog/editors/{one}/" for one in (*keys, "lead", "release", "objective")]
    paths += [f"{product}items/bulk/choices/{one}/" for one in ("status", "release", "objective", "lead")]
    paths += [
        f"{product}items/bulk/fields/",
        f"{product}items/bulk/fields/parent/",
        f"{product}items/bulk/fields/problem/",
    ]
    paths += [f"{product}items/pick/?q=Q7", f"{product}items/alike/?title={PAYLOAD}", "/w/polarline/palette/?q=Q7"]
    paths += [f"{product}matrix/?open={item.number}&rest={PAYLOAD}"]
    client, shown = client_of(cast.alice), 0
    for path in paths:
        for headers in ({}, {"HX-Request": "true"}):
            answer = request(client if not path.startswith("/portal") else Client(), "get", path, **headers)
            assert answer.status_code < 500, path
            if "html" in answer.get("Content-Type", ""):
                text = text_of(answer)
                assert "<img src=x" not in text, path
                assert Broken.in_page(answer.content.decode()) == [], path
                assert "Q7&amp;quot;" not in text, f"escaped twice: {path}"
                shown += "Q7" in text
    assert shown > 150
