"""The API against its own OpenAPI schema: whatever fits the schema is answered as the schema says, and never with a 5xx."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection, transaction
from hypothesis import HealthCheck, Phase, given, settings

from accounts.models import ApiToken
from config.wsgi import application
from discussion.models import Comment
from feedback.models import Source
from lifecycle.models import Decision, Gate, Verdict
from products.models import Initiative, KeyResult, Objective, Problem, ProductLine
from roadmap.models import ItemLink, Release, ShareLink
from tests.factories import make_contact, make_conversation, make_customer, make_idea, make_item, make_portal
from usage.models import IngestKey

pytestmark = pytest.mark.schema

#: CRADLE_EXAMPLES=200 looks longer than a build may.
EXAMPLES = int(os.environ.get("CRADLE_EXAMPLES", "5"))


class RolledBack(Exception):
    """Ends a transaction whose writes are not wanted."""


@pytest.fixture
def known(cast) -> dict[str, str]:
    """Something of each noun: where generated calls name one, it is put in, so that they come further than “no such thing”.

    Keys are the nouns of the paths and the fields of the bodies.
    """
    mona = cast.actor("mona")
    item, other = make_item(cast.product, "Night shift view", tags=["ops"], reach=40), make_item(cast.product)
    release = Release.plan(cast.product, "5.2", by=mona)
    dependency = ItemLink.add(item, "needs", other, by=mona)
    link = ShareLink.open_to(cast.product, "Board", by=mona, fields=["status"])
    customer = make_customer(cast.workspace, "Nordfrakt", domain="nordfrakt.example")
    contact = make_contact(customer, "Ida")
    contract = customer.pays(cast.product, 1200, by=mona)
    talk = make_conversation(customer, "We plan by night.", contact=contact, product=cast.product, source=Source.CALL)
    insight = talk.link("by night", importance=2, item=item, by=mona)
    make_portal(cast.workspace, cast.product)
    idea = make_idea(cast.workspace, "Dark mode", product=cast.product)
    own = {"by": mona, "product": cast.product}
    goal = Objective.add(cast.workspace, name="Fewer empty miles", **own)
    result = KeyResult.add_to(goal, by=mona, name="Empty miles", target=10)
    bet = Initiative.add(cast.workspace, name="Night planning", objective=goal, **own)
    problem = Problem.add(cast.workspace, statement="Nobody plans at night", **own)
    gate = Gate.objects.filter(product=cast.product)[0]
    decision = Decision.record(gate, Verdict.HOLD, "Not yet", by=mona)
    comment = Comment.post(item.thread, "Why?", by=mona)
    rows = {
        "objectives": goal, "objective": goal, "key-results": result, "initiatives": bet, "initiative": bet,
        "problems": problem, "problem": problem, "gates": gate, "gate": gate, "decisions": decision, "comments": comment,
        "thread": item.thread, "product-lines": ProductLine.add(cast.workspace, by=mona, name="Trailers"),
        "releases": release, "item-links": dependency, "share-links": link, "customers": customer, "contacts": contact,
        "contracts": contract, "conversations": talk, "insights": insight, "ideas": idea, "statuses": item.status,
        "members": cast.bob, "customer": customer, "contact": contact, "conversation": talk, "release": release,
        "status": item.status, "lead": cast.bob, "idea": idea,
    }  # fmt: skip
    keys = {
        "products": "DSP",
        "comparisons": "DSP",
        "items": "DSP-1",
        "item": "DSP-1",
        "other": "DSP-2",
        "product": "DSP",
        "passage": "by night",
    }
    return {name: row.public_id for name, row in rows.items()} | keys


@pytest.fixture(autouse=True)
def one_connection(db: None) -> Iterator[None]:
    """The application runs in this thread: its requests must leave the test's connection and transaction alone."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def operations() -> list[Any]:
    import schemathesis  # noqa: PLC0415  it patches requests and hypothesis; other tests do without

    schema = schemathesis.openapi.from_wsgi("/api/schema/?format=json", application)
    return [found.ok() for found in schema.get_all_operations()]


def checks() -> list[Any]:
    """What must hold of every answer. A schema can't say every rule, so a refusal in the documented shape is an answer too."""
    from schemathesis import checks as general  # noqa: PLC0415
    from schemathesis.specs.openapi import checks as of_schema  # noqa: PLC0415

    return [
        general.not_a_server_error,
        of_schema.status_code_conformance,
        of_schema.content_type_conformance,
        of_schema.response_headers_conformance,
        of_schema.response_schema_conformance,
    ]


def test_whatever_fits_the_schema_is_answered_as_the_schema_says(cast, known):
    _token, secret = ApiToken.issue(cast.mona, "schema", "write", by=cast.actor("mona"))
    _key, ingest = IngestKey.issue(cast.product, "schema", by=cast.actor("mona"))
    found: list[str] = []
    for operation in operations():
        bearer = ingest if operation.path.endswith("/events/") else secret
        found += faults(operation, {"Authorization": f"Bearer {bearer}", "If-Match": "*"}, known)
    assert found == [], f"{len(found)} operations\n" + "\n\n".join(found)


def told(error: BaseException) -> str:
    """What schemathesis says of its findings, or the error itself."""
    inner = getattr(error, "exceptions", None)
    return "\n".join(told(one) for one in inner) if inner else f"{type(error).__name__}: {error!s:.1500}"


def put_in(case: Any, known: dict[str, str]) -> None:
    """Name rows that are there: in the path, and in the body where it names any."""
    noun = case.operation.path.split("/")[3]
    for name in {"public_id", "key"} & set(case.path_parameters or {}):
        case.path_parameters[name] = known.get(noun, case.path_parameters[name])
    if isinstance(case.body, dict):
        for name in known.keys() & case.body.keys():
            if isinstance(case.body[name], str):
                case.body[name] = known[name]


def faults(operation: Any, headers: dict[str, str], known: dict[str, str]) -> list[str]:
    """The first fault that generated calls of `operation` find, if any. What they write is rolled back."""

    @given(case=operation.as_strategy())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def holds(case: Any) -> None:
        put_in(case, known)
        try:
            with transaction.atomic():
                case.call_and_validate(headers=headers, checks=checks())
                connection.check_constraints()
                raise RolledBack
        except RolledBack:
            return

    try:
        holds()
    except BaseException as error:  # noqa: BLE001  groups of failures are no Exception
        if isinstance(error, KeyboardInterrupt):
            raise
        return [f"{operation.label}: {told(error)}"]
    return []
