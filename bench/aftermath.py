"""Before and after the killing: somebody to write, and what stands in the tables when all is quiet again.

Imported once the servers' addresses are in the environment.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import django

django.setup()

from django.db import connection  # noqa: E402 - needs django.setup()

from accounts.actors import Actor  # noqa: E402
from accounts.models import ApiToken, Member, User, Workspace  # noqa: E402
from accounts.models.token import Scope  # noqa: E402
from accounts.roles import Role  # noqa: E402
from bench.load import MENTIONED, Events, Stage, Writer  # noqa: E402
from bench.setting_up import session_cookie  # noqa: E402
from changes.models import Version  # noqa: E402
from discussion.models import Comment  # noqa: E402
from jobs.models import Job, Mail  # noqa: E402
from products.models import Product  # noqa: E402
from roadmap.models import Item  # noqa: E402
from tests.usage.brute import Brute, counted  # noqa: E402
from usage.figures import FIGURES  # noqa: E402
from usage.models import BatchDay, DayBitmap, DirtyWindow, IngestBatch, IngestKey, Population  # noqa: E402

WORKSPACE, PRODUCT = "kill", "KIL"


def set_the_stage(url: str) -> Stage:
    system = Actor.system()
    workspace = Workspace.found("Kill", WORKSPACE)
    writer, _reader = (
        Member.admit(User.objects.create_user(f"{name.lower()}@kill.example", None, name=name), workspace, role, by=system)
        for name, role in (("Mona", Role.MANAGER), (MENTIONED, Role.VIEWER))
    )  # fmt: skip
    product = Product.introduce(workspace, PRODUCT, "Kill", by=system)
    api, page, discussed = (Item.add(product, name, by=system) for name in ("By program", "On page", "Discussed"))
    assert discussed.thread
    stage = Stage(
        url=url,
        workspace=WORKSPACE,
        product=PRODUCT,
        items=(api.number, page.number),
        thread=discussed.thread.public_id,
        session=session_cookie("mona@kill.example"),
        secret=ApiToken.issue(writer, "bench", Scope.WRITE, by=Actor.of(writer))[1],
        ingest_secret=IngestKey.issue(product, "bench", by=system)[1],
    )
    connection.close()
    return stage


def is_quiet() -> bool:
    """Nothing waits to be mailed, done or rolled up."""
    connection.close()  # its server may have been another one
    waiting = (
        Job.objects.unfinished(),
        Mail.objects.filter(sent_at=None, withheld_at=None),
        BatchDay.objects.filter(rolled_at=None),
        DirtyWindow.objects.all(),
    )
    return not any(rows.exists() for rows in waiting)


def occurrences(writer: Writer) -> Counter[str]:
    """How often each write of this writer is there. Edits are looked for in the history, where one must not be missing
    though later ones followed."""
    if writer.kind == "created":
        return Counter(Item.objects.filter(title__startswith=f"{writer.kind} ").values_list("title", flat=True))
    if writer.kind == "comment":
        bodies = Comment.objects.filter(body__startswith=f"{writer.kind} ").values_list("body", flat=True)
        return Counter(body.removesuffix(f" @{MENTIONED}") for body in bodies)
    if writer.kind == "events":
        keys = IngestBatch.objects.values_list("idempotency_key", flat=True)
        return Counter(str(key).removeprefix("api:") for key in keys)
    states = Version.objects.filter(noun="roadmap_item", columns__contains=["title"]).values_list("state", flat=True)
    return Counter(state["title"] for state in states if state["title"].startswith(f"{writer.kind} "))


def stands(writer: Writer) -> bool:
    """Whether an item that is edited again and again shows the last acknowledged title, or a later one."""
    if writer.kind not in ("edited", "on page") or not writer.acknowledged:
        return True
    title = Item.objects.get(product__key=PRODUCT, title__startswith=f"{writer.kind} ").title
    return int(title.split()[-2]) >= int(writer.acknowledged[-1].split()[-2])


def parked() -> int:
    return Job.objects.exclude(state="done").count()


def differing_figures(events: Events) -> list[str]:
    """Names of the usage figures that are not those of the acknowledged events, computed from sets."""
    product, brute = Product.objects.get(key=PRODUCT), Brute(events.log)
    return [name for name, figure in FIGURES.items() if figure.rows(product) != getattr(brute, name)()]


def events_counted() -> int:
    rows = DayBitmap.objects.filter(product__key=PRODUCT, scope=0, kind=Population.USERS)
    return sum(rows.values_list("n", flat=True))


def events_sent(events: Events) -> int:
    """Each once: what was sent again does not count."""
    return len(counted(events.log))


def named(texts: Iterable[str], names: Iterable[str]) -> list[str | None]:
    """For each text the one of the names that stands in it."""
    known = list(names)
    return [next((name for name in known if name in text), None) for text in texts]
