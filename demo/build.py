"""The workspace “Polarline”, built through the verbs as its people would have done it, on the days on which they did.

    built = build(today)        # raises Refused when a workspace of that address is there already

Everything is told in days before or after `today`, so that the demo is never stale. A verb that breaks, breaks it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.dateparse import parse_time

from accounts.actors import Actor
from accounts.models import Member, Team, TeamMember, User, Workspace
from accounts.models.workspace import Weekday
from accounts.refusals import Refused
from accounts.roles import JobTitle, Role
from changes.models import Change
from demo import releases, replanning, scoring, usage
from demo.shift import workday
from demo.source import conversations, jira_export, portfolio
from feedback.models import Contact, Conversation, Customer, Idea, Importance, Portal, Vote
from jobs import running
from lifecycle.models import Criterion, Decision, Gate, Track
from lifecycle.models.decision import Promise, Verdict
from products.models import Initiative, KeyResult, Objective, Problem, Product, ProductLine, Stage
from roadmap.models import BacklogImport, Component, Item, Milestone, Release, Roadmap, SharedField, ShareLink, Status
from usage.ingest_file import ingest_file
from usage.models import UsageKey
from usage.rollup.plan import roll_up

PASSWORD = "demo-polarline"  # noqa: S105 - printed on every start; the demo is for looking around
MORNING = time(9, 30)
VERDICTS = {"go": Verdict.GO, "go_with_conditions": Verdict.CONDITIONAL}


def build(today: date, *, tell: Callable[[str], None] = lambda text: None) -> Workspace:
    """All of it: people, strategy, lifecycle, backlog, roadmap, feedback and a year of usage."""
    if Workspace.objects.filter(slug=portfolio()["workspace"]["slug"]).exists():
        raise Refused("There is a workspace “polarline” already.")
    builder = _Builder(today)
    for step in (
        builder.found, builder.introduce_products, builder.set_strategy, builder.import_jira, builder.fill_backlogs,
        builder.link_strategy, builder.replan, builder.walk_the_lifecycle, builder.set_health, builder.listen, builder.score_by_others,
        builder.open_portal, builder.share, builder.keep_roadmaps, builder.tell_releases, builder.measure,
    ):  # fmt: skip
        tell(step.__name__.replace("_", " "))
        step()
    return builder.workspace


class _Builder:
    def __init__(self, today: date) -> None:
        self.today = today
        self.source = portfolio()
        self.products: dict[str, Product] = {}
        self.items: dict[tuple[str, str], Item] = {}

    # --- days and people

    def day(self, offset: int | None) -> date | None:
        return None if offset is None else workday(self.today, offset)

    def instant(self, offset: int, clock_time: str = "") -> datetime:
        at = parse_time(clock_time) if clock_time else MORNING
        return datetime.combine(self.today + timedelta(days=offset), at or MORNING, self.workspace.zone)

    @contextmanager
    def as_of(self, verb: str, offset: int, by: str = "", clock_time: str = "") -> Iterator[Change]:
        """A Change in the past, by one of the people; verbs called with it join it."""
        actor = Actor.of(self.members[by]) if by else Actor.system()
        at = self.instant(offset, clock_time)
        with Change.open(verb, by=actor, workspace=self.workspace, at=at) as change:
            yield change

    @cached_property
    def members(self) -> dict[str, Member]:
        rows = Member.objects.filter(workspace=self.workspace).select_related("user", "workspace")
        return {member.user.email: member for member in rows}

    def lead(self, row: dict[str, Any]) -> Member | None:
        return self.members.get(row.get("lead") or "")

    # --- steps

    def found(self) -> None:
        told = self.source["workspace"]
        self.workspace = Workspace.found(
            told["name"], told["slug"], time_zone=told["time_zone"], currency=told["currency"],
            week_start=Weekday[told["week_starts"].upper()],
        )  # fmt: skip
        teams: dict[str, list[Member]] = {}
        for person in self.source["members"]:
            user = User.objects.create_user(person["email"], None, name=person["name"])
            title = person["job_title"] if person["job_title"] in JobTitle.values else ""
            role = Role[person["role"].upper()]
            member = Member.admit(user, self.workspace, role, by=Actor.system(), job_title=title)
            for team in person["teams"]:
                teams.setdefault(team, []).append(member)
        # One hash for all: each is meant to cost a tenth of a second and a hundred megabytes.
        people = User.objects.filter(email__in=[person["email"] for person in self.source["members"]])
        people.update(password=make_password(PASSWORD))
        with Change.open("team.made", by=Actor.system(), workspace=self.workspace):
            for told_team in self.source["teams"]:
                team = Team.objects.create(workspace=self.workspace, name=told_team["name"])
                for member in teams.get(team.name, ()):
                    TeamMember.objects.create(workspace=self.workspace, team=team, member=member)

    def introduce_products(self) -> None:
        first = min(row["started"] for row in self._stages())
        with self.as_of("line.added", first) as change:
            lines = {name: ProductLine.add(self.workspace, name=name, by=change) for name in self.source["lines"]}
        for told in self.source["products"]:
            started = min(stage["started"] for stage in told["stages"] if stage["started"] is not None)
            begun = told["adopted_at"]["day"] if told["adopted_at"] else started
            with self.as_of("product.introduced", begun, self._owner) as change:
                self.products[told["key"]] = Product.introduce(
                    self.workspace, told["key"], told["name"], by=change, line=lines.get(told["line"]),
                    kind=told["kind"], lead=self.lead(told), tagline=told["tagline"], vision=told["vision"],
                    positioning=told["positioning"], business_model=told["business_model"],
                )  # fmt: skip

    def set_strategy(self) -> None:
        for told, product in self._told_products():
            with self.as_of("strategy.set", -150, self._lead_of(told)) as change:
                for one in told["objectives"]:
                    self._objective(product, one, change)
            with self.as_of("release.planned", -200, self._lead_of(told)) as change:
                for one in told["releases"]:
                    Release.plan(
                        product, one["name"], by=change, description=one.get("description", ""),
                        starts_on=self.day(one["starts"]), ends_on=self.day(one["ends"]),
                    )  # fmt: skip
                for one in told["milestones"]:
                    Milestone.add(
                        self.workspace, by=change, product=product, name=one["name"], day=self.day(one["day"])
                    )
            if told.get("components"):
                with self.as_of("component.added", -200, self._lead_of(told)) as change:
                    for one in told["components"]:
                        Component.add(self.workspace, by=change, product=product, name=one["name"], lead=self.lead(one))
            for one in told["releases"]:
                if one["released"] is not None:
                    with self.as_of("release.shipped", one["released"], self._lead_of(told)) as change:
                        Release.objects.of(product).get(name=one["name"]).ship(by=change)

    def import_jira(self) -> None:
        """Dispatch's backlog comes as it would: the export of another tool, brought in by the import."""
        product = self.products["DSP"]
        actor = Actor.of(self.members[self._lead_of(self.source["products"][0])])
        batch = BacklogImport.prepare(product, jira_export(self.today).encode(), "dispatch-jira.csv", by=actor)
        job = batch.begin(by=actor, at=self.instant(-92))
        if not transaction.get_connection().in_atomic_block:
            running.perform(job.pk)
            job.refresh_from_db()
        while not job.is_over:  # a worker was faster
            running.perform(job.pk)
            job.refresh_from_db()
        if job.state != "done":
            raise Refused(job.error)

    def fill_backlogs(self) -> None:
        for told, product in self._told_products():
            if told["items"]:
                with self.as_of("item.added", -90, self._lead_of(told)) as change:
                    Item.add_many(product, [self._item(product, one) for one in told["items"]], by=change)
            for item in Item.objects.of(product).select_related("product", "workspace", "status"):
                self.items[product.key, item.title] = item

    def score_by_others(self) -> None:
        for told, product in self._told_products():
            card = told.get("scoring")
            if card:
                with self.as_of("scoring.chosen", card["day"], self._lead_of(told)) as change:
                    scoring.choose(product, card, told["items"], by=change)

    def link_strategy(self) -> None:
        for told, product in self._told_products():
            objectives = {one.name: one for one in Objective.objects.of(product)}
            with self.as_of("strategy.linked", -80, self._lead_of(told)) as change:
                for one in told["objectives"]:
                    for bet in one["initiatives"]:
                        initiative = Initiative.objects.of(product).get(name=bet["name"])
                        for title in bet.get("items", ()):
                            item = self.items.get((product.key, title))
                            if item is not None:
                                item.edit(by=change, initiative=initiative, objective=objectives[one["name"]])
                for one in told["problems"]:
                    problem = Problem.add(
                        self.workspace, by=change, product=product, statement=one["statement"], who=one["who"],
                        how_big=one["how_big"], would_pay=one["would_pay"], exists_today=one["exists_today"],
                        state=one["state"],
                    )  # fmt: skip
                    for title in one.get("items", ()):
                        item = self.items.get((product.key, title))
                        if item is not None:
                            item.edit(by=change, problem=problem)

    def walk_the_lifecycle(self) -> None:
        for told, product in self._told_products():
            track = Track.objects.get(product=product)
            if told["adopted_at"]:
                adopted = told["adopted_at"]
                with self.as_of("stage.adopted", adopted["day"], self._owner) as change:
                    track.adopt_at(adopted["stage"], adopted["reason"], by=change)
            for one in told["gates"]:
                self._decide(Gate.objects.get(track=track, number=one["gate"]), one)
            if told["next_gate"]:
                self._prepare_gate(Gate.objects.get(track=track, number=told["next_gate"]["gate"]), told["next_gate"])
            product.refresh_from_db()

    def set_health(self) -> None:
        for row, health, lead in self._healths:
            with self.as_of(f"{row.noun}.health_set", health["day"], lead) as change:
                row.set_health(health["state"], health["reason"], by=change)
        for told, product in self._told_products():
            health = told["health"]
            if health and health["state"] != "not_set":
                with self.as_of("product.health_set", health["day"], self._lead_of(told)) as change:
                    product.set_health(health["state"], health["reason"], by=change)

    def listen(self) -> None:
        told = conversations()
        customers: dict[str, Customer] = {}
        with self.as_of("customer.added", -420) as change:
            for one in told["customers"]:
                customers[one["name"]] = customer = Customer.add(
                    self.workspace, by=change, name=one["name"], kind=one["kind"], domain=one["domain"],
                    plan=one["plan"], segment=one["segment"], annual_revenue=one["annual_revenue"],
                    account_key=one["account_key"],
                )  # fmt: skip
                for contract in one["contracts"]:
                    customer.pays(
                        self.products[contract["product"]], contract["annual_revenue"],
                        self.day(contract["starts"]), self.day(contract["ends"]), by=change,
                    )  # fmt: skip
                for contact in one["contacts"]:
                    Contact.add(self.workspace, by=change, customer=customer, **contact)
        contacts = {contact.email: contact for contact in Contact.objects.filter(workspace=self.workspace)}
        problems = {(row.product.key, row.statement): row for row in Problem.objects.select_related("product")}
        for one in told["conversations"]:
            with self.as_of("conversation.received", one["day"], one.get("added_by") or "", one["time"]) as change:
                conversation = Conversation.receive(
                    self.workspace, one["subject"], one["text"], by=change, source=one["source"],
                    customer=customers.get(one["customer"] or ""), contact=contacts.get(one["contact"] or ""),
                    product=self.products.get(one["product"] or ""),
                )  # fmt: skip
                for mark in one["highlights"]:
                    target = mark.get("item") or mark.get("problem")
                    item = self.items.get((target["product"], target.get("title", "")))
                    problem = problems.get((target["product"], target.get("statement", "")))
                    if item is not None or problem is not None:
                        conversation.link(
                            mark["passage"], importance=mark["importance"], item=item,
                            problem=None if item is not None else problem, by=change,
                        )  # fmt: skip
                if one["state"] == "done":
                    conversation.finish(by=change)

    def open_portal(self) -> None:
        told = self.source["portal"]
        with self.as_of("portal.set_up", -300, self._owner) as change:
            Portal.of(self.workspace).set_up(
                access=told["access"], title=told["title"], intro=told["intro"], by=change,
                products=[product for product in self.products.values() if product.stage != Stage.INNOVATION],
            )  # fmt: skip
        contacts = {contact.email: contact for contact in Contact.objects.filter(workspace=self.workspace)}
        for one in told["ideas"]:
            contact = contacts.get(one["contact"])
            with self.as_of("idea.posted", one["day"]) as change:
                idea = Idea.post(
                    self.workspace, one["title"], one["description"], by=change, contact=contact,
                    product=self.products.get(one["product"] or ""),
                )  # fmt: skip
                item = self.items.get((one["product"] or "", one["item"] or ""))
                if item is not None:
                    idea.link_to(item, by=change)
                if one["answer"]:
                    idea.edit(by=change, answer=one["answer"])
            for vote in one["votes"]:
                voter = contacts.get(vote["contact"])
                if voter is not None:
                    with self.as_of("idea.voted", vote["day"]) as change:
                        Vote.cast(idea, Importance(vote["importance"]), contact=voter, by=change)

    def share(self) -> None:
        fields = [SharedField.STATUS, SharedField.OBJECTIVE, SharedField.DATES]
        with self.as_of("share.opened", -20, self._owner) as change:
            ShareLink.open_to(
                self.products["DSP"], "Board and partners", by=change, fields=[field.value for field in fields],
                note="What we have committed to is solid. What we intend may still move.",
            )  # fmt: skip

    def keep_roadmaps(self) -> None:
        """One for everybody, of all products, with a limit that is passed; one for the board."""
        with self.as_of("roadmap.added", -15, self._owner) as change:
            owner, kept = change.member, {"owner": change.member, "is_shared": True}
            assert owner is not None
            Roadmap.keep(
                self.workspace, "What we build now", [*self.products.values()], by=change, **kept, layout="nnl",
                colours="stage", limits={"now": 40}, shows=["key", "problem", "objective", "demand", "lead"],
            )  # fmt: skip
            Roadmap.keep(
                self.workspace, "Dispatch by release", [self.products["DSP"]], by=change, **kept, layout="release",
                colours="health", starts=-1, ends=12,
            )  # fmt: skip

    def tell_releases(self) -> None:
        releases.tell(self)

    def replan(self) -> None:
        replanning.tell(self)

    def measure(self) -> None:
        for one in self.source["usage_keys"]:
            item = self.items.get((one["product"], one["item"] or ""))
            UsageKey.measure(
                self.products[one["product"]], one["key"], [item] if item else [], name=one["name"], by=Actor.system()
            )
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder) / "dispatch-usage.jsonl.gz"
            usage.write(log, self.today)
            ingest_file(self.products["DSP"], log)
        roll_up(self.products["DSP"].pk)

    # --- parts of steps

    @property
    def _owner(self) -> str:
        return next(one["email"] for one in self.source["members"] if one["role"] == "owner")

    def _stages(self) -> Iterator[dict[str, Any]]:
        for told in self.source["products"]:
            yield from (stage for stage in told["stages"] if stage["started"] is not None)

    def _told_products(self) -> Iterator[tuple[dict[str, Any], Product]]:
        for told in self.source["products"]:
            yield told, self.products[told["key"]]

    def _lead_of(self, told: dict[str, Any]) -> str:
        return str(told["lead"] or self._owner)

    def _objective(self, product: Product, told: dict[str, Any], change: Change) -> None:
        objective = Objective.add(
            self.workspace, by=change, product=product, name=told["name"], description=told["description"],
            lead=self.lead(told), starts_on=self.day(told["starts"]), ends_on=self.day(told["ends"]),
        )  # fmt: skip
        for result in told["key_results"]:
            KeyResult.add_to(objective, by=change, **result)
        bets = [
            Initiative.add(
                self.workspace, by=change, product=product, objective=objective, name=bet["name"], lead=self.lead(bet),
                starts_on=self.day(bet["starts"]), ends_on=self.day(bet["ends"]),
            )
            for bet in told["initiatives"]
        ]  # fmt: skip
        for row, said in [(objective, told), *zip(bets, told["initiatives"], strict=True)]:
            health = said.get("health")
            if health and health["state"] != "not_set":
                self._healths.append((row, health, said.get("lead") or ""))

    @cached_property
    def _healths(self) -> list[tuple[Any, dict[str, Any], str]]:
        return []

    def _item(self, product: Product, told: dict[str, Any]) -> dict[str, Any]:
        fields = {
            "title": told["title"], "type": told["type"], "description": told.get("description", ""),
            "status": self._status(told["status"]), "lead": self.lead(told), "tags": told.get("tags") or [],
            "starts_on": self.day(told.get("starts")), "ends_on": self.day(told.get("ends")),
            "release": Release.objects.of(product).filter(name=told.get("release") or "").first(),
            "objective": Objective.objects.of(product).filter(name=told.get("objective") or "").first(),
        }  # fmt: skip
        for name in ("reach", "impact", "confidence", "effort"):
            if told.get(name) is not None:
                fields[name] = told[name]
        return fields

    def _status(self, name: str) -> Status:
        return self._statuses[name]

    @cached_property
    def _statuses(self) -> dict[str, Status]:
        return {status.name: status for status in Status.objects.filter(workspace=self.workspace)}

    def _decide(self, gate: Gate, told: dict[str, Any]) -> None:
        """A review as it went: what must hold is judged as met, then the decision; conditions are met on their day."""
        with self.as_of("gate.decided", told["day"], told["by"]) as change:
            for criterion in Criterion.objects.filter(gate=gate):
                criterion.judge("met", by=change)
            promises = [
                Promise(text=one["text"], due_on=self.day(one["due"]), lead=self.lead(one))
                for one in told["conditions"]
            ]
            decision = Decision.record(gate, VERDICTS[told["decision"]], told["reason"], by=change, conditions=promises)
        for one, condition in zip(told["conditions"], decision.conditions.order_by("pk"), strict=True):
            if one.get("met") is not None:
                with self.as_of("condition.met", one["met"], told["by"]) as change:
                    condition.meet(by=change)

    def _prepare_gate(self, gate: Gate, told: dict[str, Any]) -> None:
        with self.as_of("gate.planned", -21, self._owner) as change:
            gate.plan(self.day(told["day"]), by=change)
            for email in told["approvers"]:
                gate.ask(self.members[email], by=change)
            gate.criteria.all().delete()
            for one in told["criteria"]:
                criterion = Criterion.add(
                    self.workspace, by=change, product=gate.product, gate=gate, text=one["text"],
                    weight="must" if one["must"] else "should", note=one["evidence"],
                )  # fmt: skip
                if one["met"]:
                    criterion.judge("met", one["evidence"], by=change)
