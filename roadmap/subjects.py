"""What people talk of here: items and share links, who sees them and how they are called."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import Member
from discussion import subjects
from discussion.subjects import Subject
from roadmap.models import Item, ShareLink


def register() -> None:
    subjects.register("item", rows=_seen_items, subject=_item)
    subjects.register("share", rows=_seen_links, subject=_link)


def _seen_items(member: Member) -> QuerySet[Item]:
    rows = Item.objects.visible_to(member).select_related("product__workspace")
    return rows.only("thread", "number", "title", "product__key", "product__workspace__slug")


def _item(item: Item) -> Subject:
    address = [item.product.workspace.slug, item.product.key, item.number]
    return Subject(item.title, reverse("roadmap:item", args=address), item.key)


def _seen_links(member: Member) -> QuerySet[ShareLink]:
    return ShareLink.objects.talked_of_by(member).select_related("workspace", "product")


def _link(link: ShareLink) -> Subject:
    address = reverse("roadmap:shared_one", args=[link.workspace.slug, link.public_id])
    return Subject(f"{link.name} · {link.audience}", address)
