from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.constraints import SameWorkspace, workspace_key
from accounts.identity import PublicIdField
from accounts.models import Workspace
from accounts.refusals import Refused
from changes.editable import Editable
from changes.models import Change, DeletableManager, Versioned
from config import clock
from products.models import Product
from products.models.owned import OwnedQuerySet
from roadmap.models.release import Release

if TYPE_CHECKING:
    from roadmap.models.item import Item


class ReleaseNotesQuerySet(OwnedQuerySet):
    def public(self) -> ReleaseNotesQuerySet:
        """Published ones, of releases and products that are still there."""
        there = self.exclude(published_at=None).filter(release__deleted_at=None, product__deleted_at=None)
        return there.filter(workspace__deleted_at=None)


class ReleaseNotes(Editable):
    """What is told outside about a release. `text` is worked on; people outside read `published_text` alone."""

    noun = "release_notes"

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    public_id = PublicIdField()
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    release = models.OneToOneField(Release, on_delete=models.CASCADE, related_name="notes", editable=False)
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), max_length=40_000, blank=True)
    published_title = models.CharField(max_length=120, blank=True, editable=False)
    published_text = models.TextField(blank=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    first_published_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = DeletableManager.hiding(ReleaseNotesQuerySet)

    #: Called as f(notes, change) in the transaction in which notes are published for the first time.
    on_published: ClassVar[list[Callable[[ReleaseNotes, Change], None]]] = []

    class Meta(Versioned.Meta):
        constraints = [
            workspace_key("releasenotes_workspace_key"),
            SameWorkspace(field="product", target="products_product", name="releasenotes_product_same_workspace"),
            SameWorkspace(field="release", target="roadmap_release", name="releasenotes_release_same_workspace"),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def write(cls, release: Release, *, by: Actor | Change, seen: int | None = None, **fields: Any) -> ReleaseNotes:
        """Keep title and text as a draft. What is published stays as it is until it is published again."""
        with Change.open("release_notes.written", by=by, workspace=release.workspace) as change:
            Release.objects.select_for_update().get(pk=release.pk)
            rows = cls.objects.with_deleted().filter(release=release).select_related("workspace")
            notes: ReleaseNotes | None = rows.first()
            if notes is None:
                fields.setdefault("title", release.name)
                return cls.add(release.workspace, by=change, product=release.product, release=release, **fields)
            if notes.deleted_at is not None:  # an undo threw it away
                notes.deleted_at = None
                notes._keep(change, "deleted_at")
            notes.edit(by=change, seen=seen, **fields)
        return notes

    def publish(self, *, by: Actor | Change) -> None:
        """Show the text as it is now to people outside. Whoever subscribed hears of it the first time only."""
        with Change.open("release_notes.published", by=by, workspace=self.workspace) as change:
            self._lock()
            self._refuse_deleted()
            if not self.text.strip():
                raise Refused(_("There is nothing to publish yet. Write the notes first."))
            first = self.first_published_at is None
            self.published_title, self.published_text = self.title, self.text
            self.published_at = self.published_at or change.at
            self.first_published_at = self.first_published_at or change.at
            self._keep(change, "published_title", "published_text", "published_at", "first_published_at")
            if first:
                for listener in self.on_published:
                    listener(self, change)

    def unpublish(self, *, by: Actor | Change) -> None:
        """Gone from outside at once; the draft stays. Repeating it does no harm."""
        with Change.open("release_notes.unpublished", by=by, workspace=self.workspace) as change:
            self._lock()
            self.published_title, self.published_text, self.published_at = "", "", None
            self._keep(change, "published_title", "published_text", "published_at")

    def _keep(self, change: Change, *names: str) -> None:
        self.save(update_fields=names)
        self.change_id = change.pk
        self._tell(change)

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    @property
    def has_unpublished_changes(self) -> bool:
        return self.is_published and (self.title, self.text) != (self.published_title, self.published_text)


class PublicLine(Versioned):
    """What people outside read of an item where that is not its title. Of an internal item they read neither."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    item = models.OneToOneField("roadmap.Item", on_delete=models.CASCADE, related_name="public_line")
    text = models.CharField(_("what people outside read"), max_length=240, blank=True)

    objects = OwnedQuerySet.as_manager()

    class Meta(Versioned.Meta):
        constraints = [
            SameWorkspace(field="product", target="products_product", name="publicline_product_same_workspace"),
            SameWorkspace(field="item", target="roadmap_item", name="publicline_item_same_workspace"),
        ]

    def __str__(self) -> str:
        return self.text

    @classmethod
    def following(cls, version: Any) -> frozenset[str]:
        """The product is its item's, and goes with it."""
        return frozenset({"product_id"})

    @classmethod
    def say(cls, items: dict[Item, tuple[str, bool]], *, by: Change) -> None:
        """Item → what is read of it, and whether it is internal. Writes what differs."""
        known = {row.item_id: row for row in cls.objects.filter(item__in=[item.pk for item in items])}
        for item, (text, is_internal) in items.items():
            row = known.get(item.pk) or cls(workspace_id=item.workspace_id, product_id=item.product_id, item=item)
            if row.text != text:
                row.text = text
                row.save()
            if item.is_internal != is_internal:
                item.edit(by=by, is_internal=is_internal)
