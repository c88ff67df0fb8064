from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.constraints import SameWorkspace
from accounts.models import Workspace
from accounts.refusals import Refused
from changes.models import Change, Versioned
from config import clock
from products.models import Product
from products.models.owned import OwnedQuerySet
from roadmap.models.release import Release


class ScopeReason(Versioned):
    """Why one Change touched the scope of a frozen release. What it changed is in history, and nowhere else."""

    told_as = "release"

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="scope_reasons")
    about = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="+")
    text = models.CharField(_("why"), max_length=280)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = OwnedQuerySet.as_manager()

    class Meta(Versioned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["release", "about"], name="one_reason_per_scope_change"),
            SameWorkspace(field="product", target="products_product", name="scopereason_product_same_workspace"),
            SameWorkspace(field="release", target="roadmap_release", name="scopereason_release_same_workspace"),
            SameWorkspace(field="about", target="changes_change", name="scopereason_about_same_workspace"),
        ]

    def __str__(self) -> str:
        return self.text

    @classmethod
    def give(cls, release: Release, change_id: int, text: str, *, by: Actor | Change) -> None:
        """Say why, or say it better. Whoever calls this has seen that the change touched this release's scope."""
        text = text.strip()
        if not text:
            raise Refused(_("Say in a sentence why the scope was changed."))
        with Change.open("scope.explained", by=by, workspace=release.workspace) as change:
            Release.objects.select_for_update().get(pk=release.pk)
            row = cls.objects.filter(release=release, about=change_id).first()
            if row is None:
                row = cls(
                    workspace=release.workspace, product=release.product, release=release, about_id=change_id,
                    created_at=change.at,
                )  # fmt: skip
            row.text = text
            row.save()
            change.tell("release", release.public_id, product_id=release.product_id)
