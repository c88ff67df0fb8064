from __future__ import annotations

import zoneinfo
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.history import Versioned
from accounts.ports import ports
from accounts.refusals import Refused
from accounts.roles import Role
from config import clock

if TYPE_CHECKING:
    from accounts.models.user import User

RESERVED_SLUGS = {"new", "api", "static", "live", "s", "portal", "widget", "accounts"}
slug_rule = RegexValidator(
    r"^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$", _("Use 1 to 40 small letters, digits and inner hyphens.")
)


class Weekday(models.IntegerChoices):
    MONDAY = 1, _("Monday")
    SATURDAY = 6, _("Saturday")
    SUNDAY = 7, _("Sunday")


def validate_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(name)s” is not a time zone. Use a name such as Europe/Berlin."), params={"name": name}
        )


def _next_id() -> int:
    """The first Change of a workspace names it before it is there, so its id is drawn beforehand."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('accounts_workspace', 'id'))")
        return cursor.fetchone()[0]


class Workspace(Versioned):
    """One organisation. Every row of the tenant tables belongs to exactly one."""

    name = models.CharField(_("name"), max_length=80)
    slug = models.CharField(_("address"), max_length=40, unique=True, validators=[slug_rule])
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_zone])
    week_start = models.PositiveSmallIntegerField(_("weeks start on"), choices=Weekday, default=Weekday.MONDAY)
    currency = models.CharField(
        _("currency"),
        max_length=3,
        default="EUR",
        validators=[RegexValidator(r"^[A-Z]{3}$", _("Use a three-letter code such as EUR."))],
    )
    accent = models.CharField(
        _("brand colour"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Use a colour such as #2559d8."))],
    )
    slip_days = models.PositiveSmallIntegerField(
        _("days that a plan may slip without a reason"), default=14, validators=[MaxValueValidator(730)]
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    undoable = False

    class Meta(Versioned.Meta):
        constraints = [
            models.CheckConstraint(condition=~models.Q(slug__in=sorted(RESERVED_SLUGS)), name="slug_is_free")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/w/{self.slug}/"

    @classmethod
    def found(
        cls, name: str, slug: str, *, owner: User | None = None, by: Actor | None = None, **fields: object
    ) -> Workspace:
        """Make a workspace, with its first owner when one is given. It is the one verb that starts without a workspace."""
        workspace = cls(pk=_next_id(), name=name, slug=slug, **fields)
        with ports.open_change("workspace.founded", by=by or Actor.system(), workspace=workspace) as change:
            workspace.save(force_insert=True)
            if owner is not None:
                workspace.members.create(user=owner, role=Role.OWNER)
            for install_defaults in ports.on_founded:
                install_defaults(workspace, by=change)
        return workspace

    def edit(self, *, by: Actor, **fields: object) -> None:
        """Change its name, zone, first day of the week, currency or colour. Raises Refused for what is settled."""
        changed = {name: value for name, value in fields.items() if getattr(self, name) != value}
        for name, sentence in self.settled().items():
            if name in changed:
                raise Refused(sentence)
        if not changed:
            return
        with ports.open_change("workspace.edited", by=by, workspace=self):
            for name, value in changed.items():
                setattr(self, name, value)
            self.save(update_fields=list(changed))

    def close(self, *, by: Actor) -> None:
        """Nobody gets in from now on, by page, token or link; the address stays taken."""
        with ports.open_change("workspace.closed", by=by, workspace=self):
            self.deleted_at = clock.now()
            self.save(update_fields=["deleted_at"])
            for member in self.members.filter(removed_at=None):
                member.close_streams()

    def settled(self) -> dict[str, Any]:
        """Field → the sentence that says why it cannot be changed any more."""
        return {name: why for told in ports.settled for name, why in told(self).items()}

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    def today(self) -> date:
        """The calendar day it is in this workspace."""
        return clock.now().astimezone(self.zone).date()

    def local(self, instant: datetime) -> datetime:
        return instant.astimezone(self.zone)
