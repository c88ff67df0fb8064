from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.constraints import SameWorkspace, workspace_key
from accounts.identity import PublicIdField, new_public_id
from accounts.models import Member, Workspace
from accounts.roles import Role
from changes.editable import Editable
from changes.models import Change, DeletableManager, Versioned
from config import clock
from feedback.models.customer import Customer


class ContactQuerySet(models.QuerySet["Contact"]):
    def visible_to(self, member: Member) -> ContactQuerySet:
        return self.filter(workspace=member.workspace_id)


class Contact(Editable):
    """A person at a customer. Not a user: the portal lets contacts in by a one-time code."""

    noun = "contact"
    refusals = {"contact_email_is_unique": _("Another contact has this e-mail.")}

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="contacts")
    public_id = PublicIdField()
    customer = models.ForeignKey(
        Customer, verbose_name=_("customer"), null=True, blank=True, on_delete=models.SET_NULL, related_name="contacts"
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    role = models.CharField(_("role"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), max_length=254, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = DeletableManager.hiding(ContactQuerySet)

    class Meta(Versioned.Meta):
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                F("workspace"), Lower("email"), condition=~Q(email=""), name="contact_email_is_unique"
            ),
            workspace_key("contact_workspace_key"),
            SameWorkspace(field="customer", target="feedback_customer", name="contact_customer_same_workspace"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @classmethod
    def add(cls, workspace: Workspace, *, by: Actor | Change, **fields: Any) -> Contact:
        """A new contact. With an e-mail that is known it is that contact, filled in; one in the bin comes back.

        Who may not edit contacts (managers may) fills in what is empty, and overwrites nothing.
        """
        email = fields.pop("email", "").strip().lower()
        with Change.open("contact.added", by=by, workspace=workspace) as change:
            known = email and cls._base_manager.filter(workspace=workspace, email__iexact=email).first()
            if not known:
                return super().add(workspace, by=change, email=email, **fields)
            given = {name: value for name, value in fields.items() if value and name != "public_id"}
            if change.member is not None and not change.member.may(Role.MANAGER) and known.deleted_at is None:
                given = {name: value for name, value in given.items() if not getattr(known, name)}
            known._bring_back(change)
            known.edit(by=change, **given)
            return known

    @classmethod
    def speaker(
        cls, workspace: Workspace, *, customer: str = "", email: str = "", name: str = "", by: Actor | Change
    ) -> tuple[Customer | None, Contact | None]:
        """Who speaks, as a person wrote it down: found by e-mail and names, else added."""
        with Change.open("contact.noted", by=by, workspace=workspace) as change:
            known = (
                Customer.named(workspace, customer, by=change) if customer else Customer.of_address(workspace, email)
            )
            if email:
                contact = cls.add(workspace, email=email, name=name, customer=known, by=change)
                return known or contact.customer, contact
            if not name:
                return known, None
            same = cls.objects.filter(workspace=workspace, customer=known, name__iexact=name).first()
            return known, same or cls.add(workspace, name=name, customer=known, by=change)

    @classmethod
    def come_in(cls, workspace: Workspace, email: str) -> Contact:
        """Whoever has just proven to read mail at `email`: a known contact, or a new one at the domain's customer."""
        email = email.strip().lower()
        known = cls.objects.filter(workspace=workspace, email__iexact=email).first()
        if known is not None:
            return known
        public_id = new_public_id()
        actor = Actor.contact(public_id, email)
        customer = Customer.of_address(workspace, email)
        return cls.add(workspace, email=email, public_id=public_id, customer=customer, by=actor)

    def _bring_back(self, change: Change) -> None:
        if self.deleted_at is not None:
            self.deleted_at = None
            self.save(update_fields=["deleted_at"])

    @property
    def actor(self) -> Actor:
        return Actor.contact(self.public_id, str(self)[:120])
