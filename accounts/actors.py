"""Who did it. Every verb takes an Actor as `by`; there is no hidden current user."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import ApiToken, Member


class ActorKind(models.TextChoices):
    MEMBER = "member", _("Member")
    TOKEN = "token", _("API token")
    CONTACT = "contact", _("Portal contact")
    SHARE = "share", _("Share link")
    SYSTEM = "system", _("Cradle")


@dataclass(frozen=True)
class Actor:
    """One who acts: a member, a member's API token, a portal contact, a share link, or Cradle itself.

    `reference` identifies the token, contact or link within its kind; `label` is how history shows an actor that is not
    a member. Two actors are the same person when their kind family, member and reference agree.
    """

    kind: ActorKind
    member: Member | None = None
    reference: str = ""
    label: str = ""

    @classmethod
    def of(cls, member: Member) -> Actor:
        return cls(ActorKind.MEMBER, member=member)

    @classmethod
    def token(cls, token: ApiToken) -> Actor:
        return cls(ActorKind.TOKEN, member=token.member, reference=str(token.pk), label=token.name)

    @classmethod
    def contact(cls, public_id: str, label: str) -> Actor:
        return cls(ActorKind.CONTACT, reference=public_id, label=label)

    @classmethod
    def share(cls, public_id: str, label: str) -> Actor:
        return cls(ActorKind.SHARE, reference=public_id, label=label)

    @classmethod
    def system(cls) -> Actor:
        return cls(ActorKind.SYSTEM)
