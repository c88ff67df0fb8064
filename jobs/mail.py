"""Mail, through the job rows: exactly one for each person and event, none lost with a worker or a mail server."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Workspace
from jobs.models import Job, Mail

#: Mails whose links or codes let their reader in as somebody.
SECRET = frozenset({"invitation", "password_reset", "portal_code", "sign_up"})

Writer = Callable[[Mail], tuple[str, dict[str, Any]] | None]


def send(
    to: str,
    template: str,
    context: dict[str, Any],
    *,
    key: str,
    workspace: Workspace | None = None,
    secret: bool = False,
) -> Mail | None:
    """Mail `templates/mail/<template>.html` to `to`, within the caller's transaction; it goes out after the commit.

    `key` names the event; a second mail to the same person about it is none, and None is returned. `context` holds
    plain values; links in it are paths, or start with BASE_URL. A secret mail is shown to nobody but its addressee.
    """
    secret = secret or template in SECRET
    mail = Mail(secret=secret, workspace=workspace)
    mail.write(template, context)
    return _post(mail, to, key)


def send_later(to: str, writer: str, *, key: str, workspace: Workspace | None = None, **arguments: Any) -> Mail | None:
    """Like `send`, but written at the moment it goes out, by the function registered as `writer`: it looks again at
    what its reader may see, and returns None when there is nothing to say any more.
    """
    return _post(Mail(writer=writer, arguments=arguments, workspace=workspace), to, key)


def writer(name: str) -> Callable[[Writer], Writer]:
    """Register a function that writes mails when they are sent. Belongs into a `tasks.py`, which every worker reads."""

    def register(function: Writer) -> Writer:
        Mail.writers[name] = function
        return function

    return register


def _post(mail: Mail, to: str, key: str) -> Mail | None:
    to = to.strip().lower()
    validate_email(to)
    key = sha256(key.encode()).hexdigest() if mail.secret else key
    fields = ("workspace", "template", "subject", "text", "html", "secret", "writer", "arguments")
    with transaction.atomic():
        row, created = Mail.objects.get_or_create(
            to=to, key=key, defaults={name: getattr(mail, name) for name in fields}
        )
        if not created:
            return None
        Job.enqueue(
            "deliver_mail",
            by=Actor.system(),
            workspace=mail.workspace,
            title=_("Mail to %(address)s") % {"address": to},
            mail=row.pk,
        )
    return row
