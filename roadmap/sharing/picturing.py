"""A roadmap as PDF or PNG, made by a job; the file is kept for a day, for whoever asked for it."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Member
from accounts.refusals import Refused
from config import clock
from jobs.models import Job
from products.models import Product
from roadmap.models import ShareLink
from roadmap.sharing import chromium
from roadmap.sharing.cards import shared_roadmap
from roadmap.sharing.places import SharePlace
from roadmap.sharing.standalone import PAPERS, standalone

FOLDER = "roadmaps"
KEPT = timedelta(days=1)
TYPES = {"pdf": "application/pdf", "png": "image/png"}
WIDTH, LEAST, MOST = 1440, 700, 6000


def ask(  # noqa: PLR0913 - what is drawn, and how
    place: SharePlace, *, by: Actor, format: str, paper: str, terms: dict[str, Any], link: str = "", title: str = ""
) -> Job:
    """A job that draws what `link` (by its public id) shows or, without one, a roadmap of these terms."""
    return Job.enqueue(
        "draw_roadmap", by=by, workspace=place.workspace, product=place.product, title=title, format=format, paper=paper, terms=terms,
        link=link, roadmap=place.roadmap.public_id if place.roadmap is not None else "",
    )  # fmt: skip


def draw(job: Job, link: ShareLink, format: str, paper: str) -> dict[str, Any]:
    """Repeating it makes another file, and forgets the one before."""
    job.report(0, 2)
    page = standalone(link, paper if paper in PAPERS else "a4")
    job.report(1, 2)
    if format == "png":
        made = chromium.png_of(page, WIDTH, height_of(link), tell=job.check_stop)
    else:
        made = chromium.pdf_of(page, tell=job.check_stop)
    name = default_storage.save(f"{FOLDER}/{secrets.token_hex(20)}", ContentFile(made))
    return {
        "file": name,
        "format": format,
        "key": link.product.key if link.product is not None else "",
        "roadmap": job.arguments.get("roadmap", ""),
        "name": f"{link.file_name}.{format}",
        "bytes": len(made),
    }


def height_of(link: ShareLink) -> int:
    """Pixels that hold the tallest cell of each lane, within bounds."""
    deepest = sum(max((len(cell) for cell in row.cells), default=0) for row in shared_roadmap(link).rows)
    return min(MOST, max(LEAST, 260 + 110 * deepest))


def link_for(job: Job, terms: dict[str, Any], public_id: str) -> ShareLink:
    """What is to be drawn, if whoever asked may still see it; of a link, if they may look after it as it is now. Raises Refused."""
    member, product = job.member, Product.objects.select_related("workspace").filter(pk=job.product_id).first()
    wanted = {job.product_id} if job.product_id is not None else set(terms.get("of_products", []))
    if member is None or job.workspace is None or not _sees(member, wanted):
        raise Refused(_("You may not see this roadmap any more."))
    if not public_id:
        return ShareLink(workspace=job.workspace, product=product, **terms)
    rows = ShareLink.objects.shareable_by(member).public().filter(product=product, public_id=public_id)
    link = rows.with_parts().select_related("workspace", "product__workspace", "shared_by__user").first()
    if link is None:
        raise Refused(_("This link is not open any more, or not yours to share."))
    return link


def _sees(member: Member, products: set[int]) -> bool:
    """All of them, of which there is at least one."""
    seen = Product.objects.visible_to(member).filter(pk__among=list(products))
    return bool(products) and seen.count() == len(products)


def tidy() -> int:
    """Files older than a day go."""
    if not default_storage.exists(FOLDER):
        return 0
    _folders, names = default_storage.listdir(FOLDER)
    old = [
        f"{FOLDER}/{name}"
        for name in names
        if default_storage.get_modified_time(f"{FOLDER}/{name}") < clock.now() - KEPT
    ]
    for name in old:
        default_storage.delete(name)
    return len(old)
