from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.identity import PublicIdField
from accounts.models import Member, Workspace
from accounts.refusals import Refused
from accounts.roles import Role
from changes.editable import Editable
from changes.models import Change, DeletableManager, Versioned
from config import clock
from roadmap.models.item import Item
from roadmap.models.item_type import LONGEST_KEY, ItemType

#: What stands in braces in a template, and what an item puts there.
MERGED = {
    "key": lambda item: item.key,
    "title": lambda item: item.title,
    "product": lambda item: item.product.name,
    "lead": lambda item: item.lead.name if item.lead else "",
    "goal": lambda item: item.objective.name if item.objective else "",
    "today": lambda item: item.workspace.today().isoformat(),
}


class ItemTemplateQuerySet(models.QuerySet["ItemTemplate"]):
    def visible_to(self, member: Member) -> ItemTemplateQuerySet:
        return self.filter(workspace=member.workspace_id)


class ItemTemplate(Editable):
    """What descriptions of one type of item begin with, in Markdown. `{title}` and the other MERGED are put in."""

    noun = "item_template"
    role_to_change = Role.ADMIN
    refusals = {"one_template_per_type": _("There is a template of this type already. Change that one.")}

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="item_templates")
    public_id = PublicIdField()
    type = models.CharField(_("type"), max_length=LONGEST_KEY)
    its_type = models.ForeignObject(
        ItemType, models.DO_NOTHING, ["workspace", "type"], ["workspace", "key"], related_name="templates"
    )
    text = models.TextField(_("template"), max_length=20_000)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = DeletableManager.hiding(ItemTemplateQuerySet)

    class Meta(Versioned.Meta):
        ordering = ["type"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "type"], condition=models.Q(deleted_at=None), name="one_template_per_type"
            )
        ]

    def __str__(self) -> str:
        return str(self.its_type)

    @classmethod
    def keep(cls, workspace: Workspace, texts: dict[str, str], *, by: Actor | Change) -> int:
        """The templates by type as they shall be from now on; an empty text removes one. Returns the Change's id, 0 where nothing differs."""
        with Change.open("item_template.edited", by=by, workspace=workspace) as change:
            there = {one.type: one for one in cls.objects.filter(workspace=workspace).select_for_update()}
            for kind, text in texts.items():
                text = text.replace("\r\n", "\n").strip()
                row = there.get(kind)
                if row is None and text:
                    cls.add(workspace, by=change, type=kind, text=text)
                elif row is not None and not text:
                    row.delete_softly(by=change)
                elif row is not None and text != row.text:
                    row.edit(by=change, text=text)
        return change.pk or 0

    def merged_with(self, item: Item) -> str:
        text = self.text
        for name, value in MERGED.items():
            if f"{{{name}}}" in text:
                text = text.replace(f"{{{name}}}", value(item))
        return text

    def fill_in(self, item: Item, *, by: Actor | Change) -> None:
        """The item's description begins with it. Raises Refused where one is written already."""
        if item.description.strip():
            raise Refused(_now("This item has a description already."))
        item.edit(by=by, seen=item.change_id, description=self.merged_with(item))

    def _tell(self, change: Change) -> None:
        change.tell(self.noun, self.public_id)


def template_for(item: Item) -> ItemTemplate | None:
    return template_rows(item, item.type).first()


def template_rows(item: Item, type_: str) -> Any:
    """The template that items of a type begin with in the item's workspace, or none."""
    return ItemTemplate.objects.filter(workspace=item.workspace_id, type=type_)
