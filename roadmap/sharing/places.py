"""Where somebody shares: at a product, at a roadmap that is kept, or at the portfolio. The dialog is one and the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Member, Workspace
from products.models import Product
from roadmap.models import Roadmap, ShareLink
from roadmap.models.share_rows import Kind


@dataclass
class SharePlace:
    """`products` are those that `member` may share here; of a kept roadmap or the portfolio `others` are those that they see on it and
    may not share. Links of several products are of those that were chosen of `products`."""

    member: Member
    workspace: Workspace
    product: Product | None = None
    roadmap: Roadmap | None = None
    products: list[Product] = field(default_factory=list)
    others: list[Product] = field(default_factory=list)

    @property
    def kind(self) -> Kind:
        if self.product is not None:
            return "product"
        return "kept" if self.roadmap is not None else "portfolio"

    @property
    def at(self) -> int:
        """The id of what is shared, 0 for the portfolio."""
        what = self.product or self.roadmap
        return what.pk if what is not None else 0

    @property
    def title(self) -> str:
        """What is shared, as the dialog and a new link call it."""
        if self.product is not None:
            return _("%(product)s roadmap") % {"product": self.product.name}
        return self.roadmap.name if self.roadmap is not None else _("Portfolio roadmap")

    @property
    def links(self) -> Any:
        """Those that the member may look after."""
        return ShareLink.objects.shareable_by(self.member).shared_at(self.kind, self.at)

    @property
    def others_named(self) -> str:
        return ", ".join(product.name for product in self.others)

    @property
    def own_links(self) -> Any:
        """Those of them that were made here; a product also has those of roadmaps that it is on."""
        return self.links.filter(product=self.product, roadmap=self.roadmap)

    def holds(self, link: ShareLink) -> bool:
        """Whether the link was made here."""
        return (link.product_id, link.roadmap_id) == (
            self.product.pk if self.product else None,
            self.roadmap.pk if self.roadmap else None,
        )

    def whole(self, **terms: Any) -> ShareLink:
        """A link for the workspace itself, never saved: all that `member` sees here, as far as `terms` cap nothing."""
        if self.product is not None:
            return ShareLink(workspace=self.workspace, product=self.product, **terms)
        ids = sorted(one.pk for one in (*self.products, *self.others))
        return ShareLink(workspace=self.workspace, of_products=ids, title=self.title, **terms)

    def draft(self, **terms: Any) -> ShareLink:
        """A link from here, not saved. It is of the roadmap as it is now."""
        draft = ShareLink(workspace=self.workspace, product=self.product, roadmap=self.roadmap, **terms)
        draft.parts_until = NEWEST
        return draft

    # --- addresses

    def address(self, name: str, *more: str) -> str:
        """Of a page of the dialog, by its name without where it is."""
        prefix = {"product": "", "kept": "kept_", "portfolio": "portfolio_"}[self.kind]
        where = [self.product.key] if self.product else [self.roadmap.public_id] if self.roadmap else []
        return reverse(f"roadmap:{prefix}{name}", args=[self.workspace.slug, *where, *more])

    @property
    def page(self) -> str:
        """What is shared, as members see it."""
        if self.product is not None:
            return reverse("roadmap:roadmap", args=[self.workspace.slug, self.product.key])
        if self.roadmap is not None:
            return reverse("roadmap:roadmap_kept", args=[self.workspace.slug, self.roadmap.public_id])
        return reverse("roadmap:portfolio", args=[self.workspace.slug])

    @property
    def new(self) -> str:
        return self.address("shares")

    @property
    def look(self) -> str:
        return self.address("share_look")

    @property
    def all_links(self) -> str:
        return self.address("share_links")

    @property
    def log(self) -> str:
        return self.address("share_log")

    @property
    def files(self) -> str:
        return self.address("roadmap_files")


#: Above every id.
NEWEST = 2**62
