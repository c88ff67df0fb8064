"""Bringing a file's rows into a backlog, in steps that may be broken off anywhere and done again.

Identity is (product, source, source_id): a row that is there is updated where it differs, else it is added; so a worker
that dies halfway, and a second import of the same file, end with the same rows.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db.models import F, Func, Value
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Member
from changes.models import Change
from discussion.models import Comment
from discussion.models.comment import Said
from jobs.models import Job
from products.models import Objective
from roadmap.importing import (
    Kind,
    ParsedComment,
    ParsedItem,
    RowError,
    in_rank_order,
    parse_rows,
    place,
    resolve,
    sentence,
    titles_name_parents,
    write_rejects,
)
from roadmap.models import BacklogImport, Component, Item, ItemAlias, ItemLink, LinkKind, Release, Status, types_of
from roadmap.models.component import components_named
from roadmap.models.known_types import usual

CHUNK = 100
TOOLS = {
    Kind.JIRA_CSV: "Jira", Kind.LINEAR_CSV: "Linear", Kind.ASANA_CSV: "Asana", Kind.GITLAB_CSV: "GitLab",
    Kind.TRELLO_JSON: "Trello", Kind.GITHUB_JSON: "GitHub",
}  # fmt: skip
REASONS_SHOWN = 200


def bring_in(job: Job, batch: BacklogImport, at: datetime | None = None) -> dict[str, Any]:
    """Do the whole import, telling the job how far it is. Returns the counts that are shown.

    `at` is the moment that history will show, where that is not now.
    """
    job.plan(_("Read the file"), _("Create and update items"), _("Link parents and dependencies"))
    source, mapping = batch.source(), batch.columns_to_fields
    items: list[ParsedItem] = []
    errors: list[RowError] = []
    for row in parse_rows(source, mapping):
        (errors if isinstance(row, RowError) else items).append(row)  # type: ignore[arg-type]
        job.report(done=len(items) + len(errors), total=source.row_count)
    rejects = io.StringIO()
    if errors:
        write_rejects(source, errors, rejects)
    BacklogImport.objects.filter(pk=batch.pk).update(rejects=rejects.getvalue())
    job.next_step(_("%(good)d rows, %(bad)d rejected") % {"good": len(items), "bad": len(errors)})

    writer = _Writer(batch, job, at)
    done = 0
    for chunk in _chunks(in_rank_order(items)):
        writer.write(chunk)
        done += len(chunk)
        job.report(done=done, total=len(items))
    job.next_step(_("%(added)d added, %(updated)d updated") % writer.counts)
    known = Item.objects.of(batch.product).exclude(source_id="").values_list("source_id", flat=True)
    writer.link(resolve(items, list(known), by_title=titles_name_parents(source.kind)))
    result = {
        **writer.counts,
        "rows": source.row_count,
        "rejected": len(errors),
        "reasons": [[place(source.kind, error.line), sentence(error)] for error in errors[:REASONS_SHOWN]],
    }
    BacklogImport.objects.filter(pk=batch.pk).update(result=result)
    return result


class _Writer:
    """Writes chunks of parsed rows, each in one Change. What is matched by name is looked up once."""

    def __init__(self, batch: BacklogImport, job: Job, at: datetime | None) -> None:
        self.batch, self.job, self.product, self.at = batch, job, batch.product, at
        self.actor: Actor = job.actor
        self.tool = TOOLS.get(batch.columns_to_fields.kind, _("a file"))
        self.counts = {"added": 0, "updated": 0, "unchanged": 0}
        workspace = batch.workspace_id
        self.statuses = {one.name: one for one in Status.objects.filter(workspace=workspace)}
        members = Member.objects.current().filter(workspace=workspace).select_related("user")
        self.members = {one.user.email: one for one in members}
        names = Counter(one.name.casefold() for one in members)
        self.authors = {one.name.casefold(): one for one in members if names[one.name.casefold()] == 1}
        types = types_of(workspace)
        self.types, self.usual_type = {one.key for one in types}, usual(types).key
        self.components = components_named(self.product)
        self.releases = {one.name: one for one in Release.objects.of(self.product)}
        objectives = Objective.objects.filter(workspace=workspace, product__in=[self.product.pk])
        self.objectives = {one.name: one for one in objectives}

    def write(self, chunk: list[ParsedItem]) -> None:
        """Add and update the rows of a chunk; the batch remembers the Change in the same transaction."""
        with Change.open("import.rows", by=self.actor, workspace=self.batch.workspace, at=self.at) as change:
            self.job.hold()
            there = self._existing(chunk)
            fresh = []
            before = dict(self.counts)
            for parsed in chunk:
                fields = self._fields(parsed, change)
                item = there.get((parsed.source, parsed.source_id))
                if item is None:
                    fresh.append(fields)
                else:
                    self._update(item, fields, change)
            if fresh:
                self._keep_numbers(fresh)
                added = Item.add_many(self.product, fresh, by=change)
                there |= {(item.source, item.source_id): item for item in added}
                self.counts["added"] += len(fresh)
            self._discuss(chunk, there, change)
            if self.counts["added"] + self.counts["updated"] > before["added"] + before["updated"]:
                self._remember(change)

    def link(self, references: Any) -> None:
        """Parents and dependencies, now that all rows are there. Circles among dependencies are left out."""
        rows = Item.objects.of(self.product).exclude(source_id="").select_related("product", "workspace", "its_type")
        ids = {item.source_id: item for item in rows}
        with Change.open("import.links", by=self.actor, workspace=self.batch.workspace, at=self.at) as change:
            self.job.hold()
            wrote = False
            for child in references.parents:
                epic = _epic_above(child, references.parents, ids)
                if epic is not None and ids[child].parent_id != epic.pk:
                    ids[child].edit(by=change, parent=epic)
                    wrote = True
            wanted = {(ids[one].pk, ids[other].pk) for one, other in references.needs if one in ids and other in ids}
            links = ItemLink.objects.filter(product=self.product)
            present = set(links.filter(kind=LinkKind.NEEDS).values_list("item_id", "other_id"))
            by_pk = {item.pk: item for item in ids.values()}
            for item_id, needs_id in sorted(wanted - present):
                if not ItemLink.closes_a_circle(by_pk[item_id], by_pk[needs_id]):
                    ItemLink.add(by_pk[item_id], "needs", by_pk[needs_id], by=change)
                    wrote = True
            related = {frozenset((ids[one].pk, ids[other].pk)) for one, other in _relations(references, ids)}
            there = links.filter(kind=LinkKind.RELATES).values_list("item_id", "other_id")
            for pair in related - {frozenset(one) for one in there}:
                item, other = (by_pk[pk] for pk in sorted(pair))
                ItemLink.add(item, "relates", other, by=change)
                wrote = True
            if wrote:
                self._remember(change)

    def _keep_numbers(self, fresh: list[dict[str, Any]]) -> None:
        """Rows of a file whose keys are the product's own (DSP-142) keep their numbers where all of them are free, so
        that what people wrote about them stays true. Others are numbered anew."""
        own = re.compile(rf"{re.escape(self.product.key)}-([1-9][0-9]{{0,7}})", re.IGNORECASE)
        found = [own.fullmatch(fields["source_id"]) for fields in fresh]
        numbers = [int(match[1]) for match in found if match]
        taken = Item.objects.with_deleted().filter(product=self.product, number__in=numbers).exists()
        left = ItemAlias.objects.filter(product=self.product, number__in=numbers).exists()
        if len(numbers) == len(fresh) and not taken and not left:
            for fields, number in zip(fresh, numbers, strict=True):
                fields["number"] = number

    def _discuss(self, chunk: list[ParsedItem], there: Mapping[tuple[str, str], Item], change: Change) -> None:
        """What was said about the rows stands in the items' threads, once. An item that got new comments only counts
        as updated too."""
        said, of_thread = [], {}
        for parsed in chunk:
            item = there[parsed.source, parsed.source_id]
            if item.thread is None or item.deleted_at is not None:
                continue
            of_thread[item.thread.pk] = item
            for comment, key in _keyed(parsed.comments):
                author = self.authors.get(comment.author.casefold()) or comment.author or _("somebody")
                at = comment.at or parsed.created or change.at
                said.append(Said(item.thread, author, _shortened(comment.text), min(at, change.at), key))
        if said:
            for thread in Comment.bring_in(said, self.tool, by=change):
                if of_thread[thread].change_id != change.pk:
                    self.counts["updated"] += 1
                    self.counts["unchanged"] -= 1

    def _existing(self, chunk: list[ParsedItem]) -> dict[tuple[str, str], Item]:
        """By identity, also those in the bin: a deleted item is not made a second time."""
        rows = Item.objects.with_deleted().filter(product=self.product, source_id__in=[one.source_id for one in chunk])
        rows = rows.select_related("status", "product", "workspace", "thread")
        return {(item.source, item.source_id): item for item in rows}

    def _update(self, item: Item, fields: dict[str, Any], change: Change) -> None:
        changed = {
            name: value
            for name, value in fields.items()
            if name not in ("created_at", "source", "source_id") and _differs(item, name, value)
        }
        if changed and item.deleted_at is None:
            item.edit(by=change, as_told=True, **changed)
            self.counts["updated"] += 1
        else:
            self.counts["unchanged"] += 1

    def _fields(self, parsed: ParsedItem, change: Change) -> dict[str, Any]:
        kept = dict(parsed.source_data)
        fields: dict[str, Any] = {
            "title": parsed.title, "type": parsed.type if parsed.type in self.types else self.usual_type, "description": parsed.description,
            "status": self.statuses.get(parsed.status) or next(iter(self.statuses.values())),
            "lead": self.members.get(parsed.lead or ""), "tags": list(parsed.tags), "horizon": parsed.horizon,
            "starts_on": parsed.starts_on, "ends_on": parsed.ends_on, "reach": parsed.reach, "impact": parsed.impact,
            "confidence": parsed.confidence, "effort": parsed.effort, "source": parsed.source,
            "source_id": parsed.source_id, "release": self._release(parsed.release, change),
            "created_at": parsed.created or change.at,
        }  # fmt: skip
        if parsed.shipped is not None:
            fields["shipped_at"] = parsed.shipped
        objective = self.objectives.get(parsed.objective)
        if objective is not None:
            fields["objective"] = objective
        elif parsed.objective:
            kept[_("Goal")] = parsed.objective
        if parsed.factors:
            fields["factors"] = parsed.factors
        if parsed.component:
            fields["component"] = self._component(parsed.component, change)
        if not parsed.horizon:
            del fields["horizon"]  # the status proposes it
        if parsed.is_internal is not None:
            fields["is_internal"] = parsed.is_internal
        fields["source_data"] = kept
        return fields

    def _component(self, name: str, change: Change) -> Component:
        key = name.casefold()
        if key not in self.components:
            workspace = self.batch.workspace
            self.components[key] = Component.add(workspace, by=change, product=self.product, name=name)
        return self.components[key]

    def _release(self, name: str, change: Change) -> Release | None:
        if name and name not in self.releases:
            self.releases[name] = Release.plan(self.product, name, by=change)
        return self.releases.get(name)

    def _remember(self, change: Change) -> None:
        BacklogImport.objects.filter(pk=self.batch.pk).update(
            change_ids=Func(F("change_ids"), Value(change.pk), function="array_append")
        )


def _differs(item: Item, name: str, value: Any) -> bool:
    """Of factors a file says some, the others stay."""
    if name == "factors":
        return any(item.factors.get(key) != one for key, one in value.items())
    return bool(getattr(item, name) != value)


def _epic_above(child: str, parents: Mapping[str, str], ids: Mapping[str, Item]) -> Item | None:
    """The nearest epic above an item: other tools also have tasks under tasks, which stand beside each other here."""
    at = parents.get(child)
    if child not in ids or ids[child].is_epic:
        return None
    while at is not None and (at not in ids or not ids[at].is_epic):
        at = parents.get(at)
    return ids[at] if at is not None else None


def _relations(references: Any, ids: Mapping[str, Item]) -> Iterator[tuple[str, str]]:
    """What the file relates to each other; and what stands under something that is no epic."""
    for one, other in references.relates:
        if one in ids and other in ids and one != other:
            yield one, other
    for child, parent in references.parents.items():
        if child in ids and parent in ids and not ids[parent].is_epic:
            yield child, parent


def _chunks(items: list[ParsedItem]) -> Iterator[list[ParsedItem]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]


def _keyed(comments: Sequence[ParsedComment]) -> Iterator[tuple[ParsedComment, str]]:
    """Each comment with what tells it from the others of its item, whenever the file is read again."""
    seen: Counter[str] = Counter()
    for comment in comments:
        said = f"{comment.author}\0{comment.at}\0{comment.text}"
        yield comment, sha256(f"{said}\0{seen[said]}".encode()).hexdigest()[:32]
        seen[said] += 1


def _shortened(text: str) -> str:
    """As long as a comment may be."""
    longest = Comment._meta.get_field("body").max_length
    return text if len(text) <= longest else text[: longest - 1] + "…"
