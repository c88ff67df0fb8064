from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from smtplib import SMTPRecipientsRefused
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.identity import PublicIdField
from accounts.models import Workspace
from accounts.refusals import Refused
from config import clock
from jobs import letters, registry


class NotAccepted(Refused):
    """The mail server says for good that there is no such address."""

    sentence = _("The mail server does not accept mail for this address. Check its spelling.")


class MailQuerySet(models.QuerySet["Mail"]):
    def in_outbox(self) -> MailQuerySet:
        """What the administrator may look at while no mail server is set."""
        return self.exclude(sent_at=None).order_by("-pk")

    def sent_before(self, instant: datetime) -> MailQuerySet:
        return self.filter(sent_at__lt=instant)


class Mail(models.Model):
    """One mail to one address about one event: `(to, key)` is unique, so repeating a verb mails nobody twice.

    Written in the verb's transaction, delivered by a job. Delivery may be cut off between the server's yes and our
    note of it; then the same mail goes out again under the same Message-ID, by which mailboxes know it for one.
    """

    public_id = PublicIdField()
    workspace = models.ForeignKey(Workspace, null=True, on_delete=models.CASCADE, related_name="+")
    to = models.EmailField(max_length=254)
    key = models.CharField(max_length=200)
    template = models.CharField(max_length=60, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    secret = models.BooleanField(default=False, help_text="Only its addressee may read it: reset and sign-in links.")
    writer = models.CharField(max_length=60, blank=True, help_text="Who writes it when it is sent; see jobs.mail.")
    arguments = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)
    withheld_at = models.DateTimeField(null=True, help_text="Its writer had nothing to say to this person any more.")

    objects = MailQuerySet.as_manager()

    #: Where its reader ends mails of this kind by a POST alone (RFC 8058), as whoever writes it says in its context: `unsubscribe`.
    unsubscribe = ""

    #: Name → f(mail), which returns (template, context), or None to withhold the mail.
    writers: ClassVar[dict[str, Callable[[Mail], tuple[str, dict[str, Any]] | None]]] = {}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["to", "key"], name="one_mail_per_person_and_event")]

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"

    def write(self, template: str, context: dict[str, Any]) -> None:
        letter = letters.render(template, context)
        self.template, self.subject, self.text, self.html = template, letter.subject[:300], letter.text, letter.html
        self.unsubscribe = letters.address(context["unsubscribe"]) if "unsubscribe" in context else ""

    def deliver(self) -> None:
        """Send it, unless that was done. Raises what the mail server's client raises, NotAccepted for a final no."""
        if self.sent_at is not None or self.withheld_at is not None:
            return
        if self.writer and not self._write_now():
            Mail.objects.filter(pk=self.pk).update(withheld_at=clock.now())
            return
        if settings.EMAIL_URL:
            self._hand_over()
        elif self.secret:
            self._print()
        self._note_sent()

    def _write_now(self) -> bool:
        registry.discover()
        written = self.writers[self.writer](self)
        if written is not None:
            self.write(*written)
        return written is not None

    def _hand_over(self) -> None:
        message = EmailMultiAlternatives(
            self.subject,
            self.text,
            settings.DEFAULT_FROM_EMAIL,
            [self.to],
            headers=self._headers(),
        )
        message.attach_alternative(self.html, "text/html")
        try:
            message.send()
        except SMTPRecipientsRefused as refused:
            if all(code >= 500 for code, _reason in refused.recipients.values()):
                raise NotAccepted from refused
            raise

    def _headers(self) -> dict[str, str]:
        headers = {"Message-ID": self.message_id, "Auto-Submitted": "auto-generated"}
        if self.unsubscribe:
            headers |= {
                "List-Unsubscribe": f"<{self.unsubscribe}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            }  # fmt: skip
        return headers

    def _print(self) -> None:
        """Secret mails are for the terminal of whoever runs Cradle without a mail server, never for a page."""
        line = "-" * 72
        print(f"{line}\nMail to {self.to}: {self.subject}\n\n{self.text}\n{line}", file=sys.__stderr__, flush=True)

    def _note_sent(self) -> None:
        """A secret is not kept longer than it takes to send it."""
        written = {} if not self.secret else {"text": "", "html": ""}
        if self.writer:
            written = {"template": self.template, "subject": self.subject, "text": self.text, "html": self.html}
        Mail.objects.filter(pk=self.pk, sent_at=None).update(sent_at=clock.now(), **written)

    @property
    def message_id(self) -> str:
        """The same at every try, so that a mail that went out twice shows once."""
        return f"<{self.public_id}@{urlsplit(settings.BASE_URL).hostname}>"
