from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.constraints import workspace_key
from accounts.identity import PublicIdField
from accounts.models import Member, Workspace
from accounts.roles import Role
from changes.models import Change, Versioned


class Category(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    SHAPING = "shaping", _("Shaping")
    READY = "ready", _("Ready")
    BUILDING = "building", _("Building")
    SHIPPED = "shipped", _("Shipped")
    DROPPED = "dropped", _("Dropped")


#: name, category, what customers are shown
DEFAULTS = [
    (_("Idea"), Category.PROPOSED, _("Under review")),
    (_("Shaping"), Category.SHAPING, _("Under review")),
    (_("Ready"), Category.READY, _("Planned")),
    (_("In build"), Category.BUILDING, _("In progress")),
    (_("In review"), Category.BUILDING, _("In progress")),
    (_("Shipped"), Category.SHIPPED, _("Shipped")),
    (_("Won't do"), Category.DROPPED, _("Not now")),
]


class StatusQuerySet(models.QuerySet["Status"]):
    def visible_to(self, member: Member) -> StatusQuerySet:
        return self.filter(workspace=member.workspace_id)


class Status(Versioned):
    """A workspace-defined state of an item, in one category, with the name that customers see."""

    role_to_change = Role.ADMIN

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="statuses")
    public_id = PublicIdField()
    name = models.CharField(_("name"), max_length=40)
    category = models.CharField(_("category"), max_length=10, choices=Category)
    public_name = models.CharField(_("public name"), max_length=40)
    position = models.PositiveSmallIntegerField(default=0)

    objects = StatusQuerySet.as_manager()

    class Meta(Versioned.Meta):
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="status_name_is_unique"),
            workspace_key("status_workspace_key"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def install_defaults(cls, workspace: Workspace, *, by: Change) -> None:
        """The seven statuses that a new workspace starts with."""
        cls.objects.bulk_create(
            cls(workspace=workspace, name=str(name), category=category, public_name=str(public), position=position)
            for position, (name, category, public) in enumerate(DEFAULTS)
        )
