"""The first steps of a workspace, each done when its rows are there: nobody ticks them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Invitation, Member
from accounts.prepared import Prepared
from accounts.roles import Role
from accounts.together import Together
from config import clock
from lifecycle.models import Visit
from products.models import Product
from roadmap.models import Item, Release, ShareLink


@dataclass(frozen=True)
class Step:
    """`url` is where it is done; "" where this member cannot, or not yet."""

    name: str
    title: str
    about: str
    url: str
    done: bool


@dataclass(frozen=True)
class Steps:
    steps: list[Step]
    hidden: bool
    samples: bool

    @property
    def done(self) -> int:
        return sum(step.done for step in self.steps)

    @property
    def percent(self) -> int:
        return 100 * self.done // len(self.steps)

    @property
    def current(self) -> Step | None:
        """The first that is not done; None once all are."""
        return next((step for step in self.steps if not step.done), None)


def steps_for(member: Member) -> Steps:
    """What this member sees of it; samples count for nothing. One statement."""
    return steps_later(member, Together())()


def steps_later(member: Member, together: Together) -> Callable[[], Steps]:
    """The same, when it is wanted: asked together with the rest of a page."""
    found = together.ask(LOOK, member, clock.now())
    return lambda: _steps(member, found()[0])


def _steps(member: Member, found: dict[str, Any]) -> Steps:
    slug, key = member.workspace.slug, found["first_key"]
    admin = member.may(Role.ADMIN)

    def of_product(name: str) -> str:
        return reverse(name, args=[slug, key]) if key else ""

    steps = [
        Step(
            "workspace", _("Name the workspace"), _about(member),
            reverse("accounts:workspace", args=[slug]) if admin else "", True,
        ),
        Step(
            "product", _("Create or import a product"), _("By hand, from a file, or from a template"),
            reverse("lifecycle:welcome", args=[slug]), bool(key),
        ),
        Step(
            "invite", _("Invite colleagues"), _("Each with a role: viewer, contributor, manager, admin"),
            reverse("accounts:invite", args=[slug]) if admin else "", found["has_company"],
        ),
        Step(
            "plan", _("Plan"), _("Items with dates, or a release"), of_product("roadmap:roadmap"), found["has_plan"],
        ),
        Step(
            "share", _("Share"), _("One link for your board, with only what it may see"), of_product("roadmap:shares"),
            found["has_share"],
        ),
    ]  # fmt: skip
    return Steps(steps, found["hid"] is not None, found["samples"])


def _rows(member: Member, now: datetime) -> QuerySet[Any]:
    visible = Product.objects.visible_to(member)
    own = visible.filter(is_sample=False).order_by("pk")
    dated = Q(starts_on__isnull=False) | Q(ends_on__isnull=False) | Q(release__isnull=False)
    others = Member.objects.current().filter(workspace=member.workspace_id).exclude(pk=member.pk)
    rows = Member.objects.filter(pk=member.pk).annotate(
        first_key=Subquery(own.values("key")[:1]),
        has_company=Exists(others) | Exists(Invitation.objects.filter(workspace=member.workspace_id)),
        has_plan=Exists(Item.objects.filter(dated, product__in=own.values("pk")))
        | Exists(Release.objects.filter(product__in=own.values("pk"))),
        has_share=Exists(ShareLink.objects.public(now).showing_any_of(own.order_by())),
        samples=Exists(visible.filter(is_sample=True)),
        hid=Subquery(Visit.objects.filter(member=OuterRef("pk")).values("hid_steps_at")[:1]),
    )
    return rows.values("first_key", "has_company", "has_plan", "has_share", "samples", "hid")


LOOK = Prepared(_rows)


def _about(member: Member) -> str:
    workspace = member.workspace
    return _("%(zone)s time, %(currency)s, weeks start on %(day)s") % {
        "zone": workspace.time_zone.rpartition("/")[2].replace("_", " "),
        "currency": workspace.currency,
        "day": workspace.get_week_start_display(),
    }
