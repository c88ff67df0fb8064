from __future__ import annotations

import secrets
from typing import IO, Any

from django.core.files.base import File
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.constraints import SameWorkspace
from accounts.identity import PublicIdField
from accounts.models import Member, Workspace
from accounts.refusals import Refused
from accounts.roles import Role
from changes.models import Change, Deletable, DeletableManager, Versioned
from config import clock
from discussion.models.thread import Thread

LARGEST = 25 * 1024 * 1024
MOST = 100
#: What may be attached, and as what it is given out. Nothing that a browser would run, as markup and SVG are.
TYPES = {
    "avif": "image/avif", "csv": "text/csv", "doc": "application/msword", "drawio": "application/octet-stream",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "eml": "application/octet-stream",
    "fig": "application/octet-stream", "gif": "image/gif", "heic": "image/heic", "jpeg": "image/jpeg", "jpg": "image/jpeg",
    "json": "application/json", "log": "text/plain", "m4a": "audio/mp4", "md": "text/plain", "mov": "video/quicktime",
    "mp3": "audio/mpeg", "mp4": "video/mp4", "msg": "application/octet-stream",
    "odp": "application/vnd.oasis.opendocument.presentation", "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odt": "application/vnd.oasis.opendocument.text", "pdf": "application/pdf", "png": "image/png",
    "ppt": "application/vnd.ms-powerpoint", "rtf": "application/rtf", "txt": "text/plain", "webm": "video/webm",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation", "webp": "image/webp",
    "xls": "application/vnd.ms-excel", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "yaml": "text/plain", "yml": "text/plain", "zip": "application/zip",
}  # fmt: skip


def random_place(attachment: Attachment, name: str) -> str:
    """Where the bytes are kept: a name that tells nothing."""
    place = secrets.token_hex(20)
    return f"attachments/{place[:2]}/{place}"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, member: Member) -> AttachmentQuerySet:
        return self.filter(workspace=member.workspace_id, thread__in=Thread.objects.visible_to(member))


class Attachment(Versioned, Deletable):
    """A file at a thread's subject. Whoever sees the subject may fetch it; its author and managers may delete it."""

    told_as = "thread"

    role_to_change = Role.CONTRIBUTOR

    public_id = PublicIdField()
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    product_id = models.BigIntegerField(null=True, editable=False)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="attachments")
    author = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(_("file"), max_length=200)
    size = models.PositiveBigIntegerField()
    file = models.FileField(upload_to=random_place, max_length=100)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = DeletableManager.hiding(AttachmentQuerySet)

    class Meta(Versioned.Meta):
        ordering = ["pk"]
        constraints = [
            SameWorkspace(field="thread", target="discussion_thread", name="attachment_thread_same_workspace"),
            SameWorkspace(field="author", target="accounts_member", name="attachment_author_same_workspace"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def following(cls, version: Any) -> frozenset[str]:
        """The product is its thread's, and goes with it."""
        return frozenset({"product_id"})

    @classmethod
    def attach(cls, thread: Thread, name: str, content: IO[bytes], size: int, *, by: Actor | Change) -> Attachment:
        """Keep a file. Raises Refused on one that is empty, too large, or of a kind that is not taken."""
        name = tidy_name(name)
        refuse(name, size)
        with Change.open("attachment.added", by=by, workspace=thread.workspace) as change:
            if cls.objects.filter(thread=thread).count() >= MOST:
                raise Refused(_now("There are %(most)d files here already. Delete some first.") % {"most": MOST})
            made = cls(
                workspace=thread.workspace, product_id=thread.product_id, thread=thread, author=change.member,
                name=name, size=size, file=File(content, name=name), created_at=change.at,
            )  # fmt: skip
            made.save()
            made.change_id = change.pk
            change.tell("thread", thread.public_id, product_id=thread.product_id)
        return made

    def delete_softly(self, *, by: Actor | Change) -> None:
        """To the bin. Repeating it does no harm."""
        with Change.open("attachment.deleted", by=by, workspace=self.workspace) as change:
            self.deleted_at = self.deleted_at or change.at
            self.save(update_fields=["deleted_at"])
            self.change_id = change.pk
            change.tell("thread", self.thread.public_id, product_id=self.product_id)

    def may_be_deleted_by(self, member: Member) -> bool:
        return self.author_id == member.pk or member.may(Role.MANAGER, at=self.thread)

    @property
    def content_type(self) -> str:
        return TYPES.get(ending(self.name), "application/octet-stream")

    @classmethod
    def throw_away(cls, rows: Any, *, by: Change) -> int:
        """For good, with their bytes; within a Change of the rows' workspace. Repeating it does no harm."""
        count = 0
        for row in rows:
            row.file.delete(save=False)
            row.delete()
            count += 1
        return count


def ending(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


#: How browsers send these signs in the name of a file.
QUOTED = {"%22": '"', "%0D": "", "%0A": " "}


def tidy_name(name: str) -> str:
    """The last part of a path, without what could break a header or a file name; the ending stays."""
    for sent, meant in QUOTED.items():
        name = name.replace(sent, meant)
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(character for character in last if character.isprintable() and character not in '<>:"|?*').strip(
        " ."
    )
    stem, dot, kind = plain.rpartition(".")
    return f"{stem[:180]}{dot}{kind[:10]}" if dot else plain[:190]


def refuse(name: str, size: int) -> None:
    if ending(name) not in TYPES:
        raise Refused(
            _now("“%(name)s” is of a kind that is not taken. Put it into a ZIP file to attach it.")
            % {"name": name[:80]}
        )
    if size == 0:
        raise Refused(_now("“%(name)s” is empty.") % {"name": name[:80]})
    if size > LARGEST:
        raise Refused(_now("“%(name)s” is larger than %(most)d MB.") % {"name": name[:80], "most": LARGEST // 2**20})
