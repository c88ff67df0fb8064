from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from accounts.constraints import SameWorkspace
from accounts.identity import PublicIdField
from accounts.models import Member, Workspace
from accounts.refusals import Refused
from changes.models import Change
from changes.undo import undo
from config import clock
from jobs.models import Job
from products.models import Product
from products.models.owned import OwnedQuerySet
from roadmap.importing import Mapping, Person, Source, StatusChoice, TypeChoice, propose_mapping, read
from roadmap.models.known_types import types_of
from roadmap.models.product_scoring import scoring_of
from roadmap.models.status import Status
from roadmap.scores.formulas import each_factor


class BacklogImport(models.Model):
    """One file on its way into a backlog: its bytes, what its columns become, and what came of it."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    public_id = PublicIdField()
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="imports")
    member = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(gettext_lazy("file"), max_length=200)
    pasted = models.BooleanField(default=False)
    content = models.BinaryField()
    mapping = models.JSONField(encoder=DjangoJSONEncoder)
    row_count = models.PositiveIntegerField(default=0)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    change_ids = ArrayField(models.BigIntegerField(), default=list, help_text="In order: undo turns them back.")
    result = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    rejects = models.TextField(blank=True, help_text="The rejected rows as CSV, to mend and import again.")
    created_at = models.DateTimeField(default=clock.now)
    undone_at = models.DateTimeField(null=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            SameWorkspace(field="product", target="products_product", name="backlogimport_product_same_workspace"),
            SameWorkspace(field="member", target="accounts_member", name="backlogimport_member_same_workspace"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def prepare(cls, product: Product, content: bytes, name: str, *, by: Actor, pasted: bool = False) -> BacklogImport:
        """Keep the file with the mapping that is proposed for it. Raises ImportRefused when it cannot be read."""
        source = read(content, name, pasted)
        statuses = Status.objects.filter(workspace=product.workspace_id).values_list("name", "category")
        members = Member.objects.current().filter(workspace=product.workspace_id).select_related("user")
        mapping = propose_mapping(
            source,
            statuses=[StatusChoice(*one) for one in statuses],
            types=[TypeChoice(one.key, one.name, one.kind) for one in types_of(product.workspace_id)],
            factors=[one for one in each_factor(scoring_of(product).formulas) if not one.is_column and not one.live],
            people=[Person(member.user.email, member.name) for member in members],
            time_zone=product.workspace.time_zone,
        )
        return cls.objects.create(
            workspace=product.workspace, product=product, member=by.member, name=name[:200] or _("pasted cells"),
            pasted=pasted, content=content, mapping=mapping.as_json(), row_count=source.row_count,
        )  # fmt: skip

    def source(self) -> Source:
        return read(bytes(self.content), "" if self.pasted else self.name, self.pasted)

    @property
    def columns_to_fields(self) -> Mapping:
        return Mapping.from_json(self.mapping)

    @property
    def has_begun(self) -> bool:
        return self.job_id is not None

    def change_mapping(self, mapping: Mapping) -> None:
        """Raises Refused once the import has begun."""
        if not BacklogImport.objects.filter(pk=self.pk, job=None).update(mapping=mapping.as_json()):
            raise Refused(_("This import has begun. Start a new one to change its mapping."))
        self.mapping = mapping.as_json()

    def begin(self, *, by: Actor, at: datetime | None = None) -> Job:
        """Queue the work. Beginning twice gives the same job. `at` is for the demo: the moment that history will show."""
        questions = self.columns_to_fields.questions()
        if questions:
            raise Refused(questions[0].sentence)
        with transaction.atomic():
            row = BacklogImport.objects.select_for_update().get(pk=self.pk)
            if row.job is None:
                row.job = Job.enqueue(
                    "import_backlog",
                    by=by,
                    workspace=self.workspace,
                    product=self.product,
                    title=_("Import %(name)s") % {"name": self.name},
                    backlog_import=self.pk,
                    **({"at": at.isoformat()} if at else {}),
                )
                row.save(update_fields=["job"])
            self.job = row.job
        return row.job

    def undo(self, *, by: Actor | Change) -> None:
        """Turn the whole import back, as one Change. Raises Refused where somebody has changed the same since."""
        with Change.open("import.undone", by=by, workspace=self.workspace) as change:
            row = BacklogImport.objects.select_for_update().get(pk=self.pk)
            if row.undone_at is not None:
                raise Refused(_("This import was undone already."))
            for one in Change.objects.filter(pk__in=row.change_ids).order_by("-pk"):
                undo(one, by=change)
            row.undone_at = self.undone_at = change.at
            row.save(update_fields=["undone_at"])

    def note(self, **counts: Any) -> None:
        self.result = {**self.result, **counts}
