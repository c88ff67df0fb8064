from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.constraints import SameWorkspace, workspace_key
from accounts.identity import PublicIdField
from accounts.models import Member, Workspace
from accounts.prepared import Prepared
from accounts.refusals import Refused
from changes.concurrency import check_unseen_changes
from changes.models import Change, Versioned
from changes.writing import differing
from config import clock
from discussion.models import Comment, Thread
from products.models import Product
from roadmap.models.roadmap import Roadmap
from roadmap.models.share_choices import SharedField, SharedLanes, SharedLayout, SharedPrecision
from roadmap.models.share_parts import Part, binned_parts, part_of, parts_of_row, youngest_of
from roadmap.models.share_rows import ShareLinkQuerySet

LONGEST_QUESTION = 5000
#: What a link is made of besides its audience and its secrets; all of it can be changed later.
TERMS = (
    "audience", "title", "of_products", "note", "layout", "lanes", "query", "fields", "precision", "expires_at", "sites",
)  # fmt: skip


def new_token() -> str:
    """128 random bits: who knows the address may read, so it cannot be guessed."""
    return secrets.token_urlsafe(16)


class ShareLink(Versioned):
    """An address that shows a roadmap to one audience, read-only, with the fields allowed and no others.

    It is of a product or, without one, of several: a kept `roadmap`, or the portfolio where that is None. Their ids are fixed in
    `of_products`; which of them it shows now, `parts` says. What the roadmap gets later does not come along, and what was taken out of it
    does not come back by being put there again.

    `query` filters it as a backlog's address does. `checked_items` and `checked_fields` are what somebody looked at in the
    audience check before the link was opened or widened: what is not among them is visible for the first time.
    """

    told_as = "share"

    undoable = False

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    public_id = PublicIdField()
    product = models.ForeignKey(Product, null=True, on_delete=models.CASCADE, related_name="share_links")
    roadmap = models.ForeignKey(
        Roadmap, null=True, editable=False, on_delete=models.CASCADE, related_name="share_links"
    )
    of_products = ArrayField(models.BigIntegerField(), default=list, blank=True)
    #: The youngest row of its roadmap's products at the last audience check: what was put there later was never looked at.
    parts_until = models.BigIntegerField(default=0, editable=False)
    title = models.CharField(_("title"), max_length=80, blank=True)
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    audience = models.CharField(_("audience"), max_length=80)
    note = models.CharField(_("note to the audience"), max_length=280, blank=True)
    layout = models.CharField(_("layout"), max_length=8, choices=SharedLayout, default=SharedLayout.HORIZONS)
    lanes = models.CharField(_("lanes"), max_length=9, choices=SharedLanes, blank=True, default=SharedLanes.OBJECTIVE)
    query = models.CharField(_("filter"), max_length=2000, blank=True)
    fields = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    precision = models.CharField(
        _("date precision"), max_length=7, choices=SharedPrecision, default=SharedPrecision.QUARTER
    )
    sites = ArrayField(models.CharField(max_length=270), verbose_name=_("may be embedded in"), default=list, blank=True)
    password_hash = models.CharField(max_length=160, blank=True, editable=False)
    expires_at = models.DateTimeField(_("ends"), null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    checked_items = ArrayField(models.BigIntegerField(), default=list, editable=False)
    checked_fields = ArrayField(models.CharField(max_length=20), default=list, editable=False)
    shared_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    members = models.ManyToManyField(Member, through="ShareRecipient", related_name="shared_with_me")
    thread = models.OneToOneField(Thread, null=True, editable=False, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = ShareLinkQuerySet.as_manager()

    class Meta(Versioned.Meta):
        ordering = ["-pk"]
        constraints = [
            workspace_key("sharelink_workspace_key"),
            SameWorkspace(field="product", target="products_product", name="sharelink_product_same_workspace"),
            SameWorkspace(field="roadmap", target="roadmap_roadmap", name="sharelink_roadmap_same_workspace"),
            models.CheckConstraint(
                condition=Q(product=None) | Q(roadmap=None, of_products=[]), name="sharelink_of_one_or_of_several"
            ),
            SameWorkspace(field="shared_by", target="accounts_member", name="sharelink_member_same_workspace"),
        ]

    def __str__(self) -> str:
        return self.audience

    @classmethod
    def opened_by(cls, token: str) -> ShareLink | None:
        """The link of this address, with its workspace, product and sharer, if it opens now.

        One statement says no to unknown, expired and revoked ones: they cost the same time.
        """
        link: ShareLink | None = BY_TOKEN.first(token, clock.now())
        return link

    @classmethod
    def fed_by(cls, public_id: str, signature: str) -> ShareLink | None:
        """The link whose feeds this address reads, if it opens now. Whoever has it need not give the password again."""
        link: ShareLink | None = BY_PUBLIC_ID.first(public_id, clock.now())
        known = link if link is not None else cls(token="", password_hash="")
        return link if constant_time_compare(known.feed_signature, signature) and link is not None else None

    @classmethod
    def open_to(
        cls, product: Product, audience: str, *, by: Actor | Change, password: str = "", **terms: Any
    ) -> ShareLink:
        """A new link. The password is kept as an Argon2 hash. `terms` are those of TERMS, and what was checked."""
        return cls(workspace=product.workspace, product=product, audience=audience, **terms)._open(by, password)

    @classmethod
    def open_of(  # noqa: PLR0913 - what a link is made of
        cls, workspace: Workspace, products: Sequence[Product], title: str, audience: str, *, by: Actor | Change,
        roadmap: Roadmap | None = None, password: str = "", **terms: Any,
    ) -> ShareLink:  # fmt: skip
        """A new link of several products: of a kept roadmap, or of the portfolio. Whoever calls has asked whether `by` may share each."""
        ids = sorted({product.pk for product in products})
        link = cls(workspace=workspace, roadmap=roadmap, of_products=ids, title=title, audience=audience, **terms)
        return link._open(by, password)

    def _open(self, by: Actor | Change, password: str) -> ShareLink:
        with Change.open("share.opened", by=by, workspace=self.workspace) as change:
            self.shared_by, self.created_at = change.member, change.at
            self.password_hash = make_password(password) if password else ""
            self._refuse_impossible()
            self.parts_until = youngest_of(self.roadmap_id)
            self.save()
            self.change_id = change.pk
            change.tell("share", self.public_id, product_id=self.product_id)
        return self

    def edit(self, *, by: Actor | Change, seen: int | None = None, password: str | None = None, **terms: Any) -> None:
        """Set terms. A password, or "" for none, replaces the one it had, and lets nobody in who gave the old one; mails too
        end for who subscribed without the new one. Raises Conflict where somebody else set one of them otherwise since `seen`."""
        with Change.open("share.edited", by=by, workspace=self.workspace) as change:
            self._lock()
            self._refuse_revoked()
            check_unseen_changes(self, seen, {name: value for name, value in terms.items() if name in TERMS})
            if password is not None:
                terms["password_hash"] = make_password(password) if password else ""
            if "of_products" in terms:
                terms["parts_until"] = youngest_of(self.roadmap_id)
            if password:
                self.subscriptions.all().delete()  # type: ignore[attr-defined]
            terms = differing(self, terms)
            if not terms:
                return
            for name, value in terms.items():
                setattr(self, name, value)
            self._refuse_impossible()
            self.save(update_fields=list(terms))
            self.change_id = change.pk
            self._forget_parts()
            self.updates.all().delete()  # type: ignore[attr-defined]  # they tell what the old terms allowed
            if hasattr(self, "snapshot"):
                self.snapshot.delete()
            change.tell("share", self.public_id, product_id=self.product_id)

    def share_with(self, members: Iterable[Member], *, by: Actor | Change) -> None:
        """Put it on the home of these members and of no others. They may ask about it; who shared it hears of that."""
        wanted = {member.pk: member for member in members if member.workspace_id == self.workspace_id}
        with Change.open("share.edited", by=by, workspace=self.workspace) as change:
            rows = self.recipients  # type: ignore[attr-defined]
            rows.exclude(member__in=wanted).delete()
            known = set(rows.values_list("member", flat=True))
            rows.bulk_create(
                rows.model(workspace_id=self.workspace_id, link=self, member=member)
                for pk, member in wanted.items()
                if pk not in known
            )
            change.tell("share", self.public_id, product_id=self.product_id)

    def ask(self, question: str, *, by: Actor | Change) -> Comment:
        """A question of somebody whom it was shared with. The first opens the thread."""
        if not question or len(question) > LONGEST_QUESTION or "\0" in question:
            raise Refused(_("Write a question of at most %(n)d letters.") % {"n": LONGEST_QUESTION})
        with Change.open("share.asked", by=by, workspace=self.workspace) as change:
            self._lock()
            if self.thread is None:
                self.thread = Thread.open("share", self.workspace, self.product)
                self.save(update_fields=["thread"])
                if self.shared_by is not None:
                    self.thread.watch(self.shared_by)
            return Comment.post(self.thread, question, by=change)

    def rotate(self, *, by: Actor | Change) -> None:
        """Another address; the old one, its feeds and its mails are dead at once: a mail would tell the new one to whom the old was told."""
        with Change.open("share.rotated", by=by, workspace=self.workspace) as change:
            self._refuse_revoked()
            self.token = new_token()
            self.save(update_fields=["token"])
            self.subscriptions.all().delete()  # type: ignore[attr-defined]
            change.tell("share", self.public_id, product_id=self.product_id)

    def revoke(self, *, by: Actor | Change) -> None:
        """Close the address at once and for good. Repeating it does no harm."""
        with Change.open("share.revoked", by=by, workspace=self.workspace) as change:
            self.revoked_at = self.revoked_at or change.at
            self.save(update_fields=["revoked_at"])
            change.tell("share", self.public_id, product_id=self.product_id)

    def _lock(self) -> None:
        """Wait for others who change this link or look for what moved on it, then read it anew."""
        self._forget_parts()
        self.refresh_from_db(from_queryset=ShareLink.objects.select_for_update(of=("self",)))

    def _forget_parts(self) -> None:
        """Also those that came with the row: see ShareLinkQuerySet.with_parts."""
        for name in ("parts", "told_parts", "binned_parts"):
            self.__dict__.pop(name, None)

    def _refuse_revoked(self) -> None:
        if self.revoked_at is not None:
            raise Refused(_("This link is revoked. Make a new one."))

    def _refuse_impossible(self) -> None:
        if self.layout == SharedLayout.TIMELINE and not self.allows(SharedField.DATES):
            raise Refused(_("A timeline shows dates. Allow dates, or choose another layout."))
        if self.product_id is not None:
            return
        if not self.title or not self.of_products:
            raise Refused(_("A link of a roadmap has a title and at least one product."))
        mine = Product.objects.with_deleted().filter(workspace=self.workspace_id, pk__among=self.of_products)
        if mine.count() != len(set(self.of_products)):
            raise Refused(_("One of these products is not there. Choose others."))

    # --- what it is of

    @cached_property
    def parts(self) -> list[Part]:
        """The products that it shows now, by name. Those in the bin, or taken out of its roadmap, are not among them."""
        if self.product is not None:
            return [part_of(self.product)]
        told = getattr(self, "told_parts", None)
        return [Part(*row) for row in (parts_of_row(self) if told is None else told)]

    @cached_property
    def binned_parts(self) -> list[Product]:
        """Those that lie in the bin: restored, they are among its parts again."""
        return binned_parts(self) if self.product_id is None else []

    @property
    def name(self) -> str:
        """What it is a roadmap of."""
        return self.product.name if self.product is not None else self.title

    @property
    def heading(self) -> str:
        """What stands above it."""
        if self.product is None:
            return self.title
        return gettext("%(product)s roadmap") % {"product": self.product.name}

    @property
    def file_name(self) -> str:
        """Of files, without their ending: `DSP-roadmap`, `board-plan-roadmap`."""
        name = self.product.key if self.product is not None else slugify(self.title)
        return name if name.endswith("roadmap") else f"{name}-roadmap".lstrip("-")

    # --- what it shows

    def allows(self, field: str) -> bool:
        return field in self.fields

    @property
    def exposes(self) -> set[str]:
        """Its fields, and how precisely it tells dates: a finer precision says more."""
        told = set(self.fields) - {SharedField.DATES.value}
        if self.allows(SharedField.DATES):
            told |= {f"dates:{one}" for one in SharedPrecision.values[SharedPrecision.values.index(self.precision) :]}
        return told

    @property
    def grouped_by(self) -> str:
        """What rows are put into lanes by: nothing that its audience may not see. Its products they see."""
        if self.lanes == SharedLanes.PRODUCT:
            return "" if self.product_id else self.lanes
        return self.lanes if self.allows(self.lanes) else ""

    @property
    def last_day(self) -> date | None:
        """The day at whose end the link closes, where the workspace is; None for a link that stays open."""
        last = self.expires_at - timedelta(seconds=1) if self.expires_at else None
        return last.astimezone(self.workspace.zone).date() if last else None

    @property
    def state(self) -> str:
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= clock.now() else "open"

    # --- secrets

    def admits(self, password: str) -> bool:
        """Whether the password is right. Whoever asks counts the tries."""
        return check_password(password, self.password_hash)

    @property
    def pass_value(self) -> str:
        """What the cookie of somebody who gave the password holds. Another password or link makes another value."""
        return self._signed("roadmap.share")

    @property
    def feed_signature(self) -> str:
        """The secret half of the address of its feeds: calendars and readers cannot type a password. It dies with the address
        and with the password."""
        return self._signed("roadmap.share.feed")[:43]

    def _signed(self, purpose: str) -> str:
        return salted_hmac(purpose, f"{self.token}:{self.password_hash}", algorithm="sha256").hexdigest()


def _open_by(**named: Any) -> Any:
    def build(secret: str, now: datetime) -> Any:
        rows = ShareLink.objects.public(now).filter(**dict.fromkeys(named, secret))
        return rows.with_parts().select_related("workspace", "product__workspace", "shared_by__user")

    return build


BY_TOKEN = Prepared(_open_by(token=None))
BY_PUBLIC_ID = Prepared(_open_by(public_id=None))
