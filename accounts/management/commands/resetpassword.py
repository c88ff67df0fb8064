from __future__ import annotations

import sys
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.adapter import reset_url
from accounts.models import User
from accounts.sessions import close_streams_of


class Command(BaseCommand):
    help = "Print a link that sets a new password once; or set it here, read from standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument(
            "--password-stdin", action="store_true", help="read the new password's line from standard input"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(email__iexact=options["email"].strip()).first()
        if person is None:
            raise CommandError(f"Nobody here signs in as {options['email']}.")
        if options["password_stdin"]:
            self._set(person, sys.stdin.readline().rstrip("\r\n"))
            self.stdout.write(f"The password of {person.email} is set. All their sessions have ended.")
        else:
            self.stdout.write(f"With this link {person.email} chooses a new password, once:")
            self.stdout.write(reset_url(user_pk_to_url_str(person), default_token_generator.make_token(person)))

    def _set(self, person: User, password: str) -> None:
        try:
            validate_password(password, person)
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from refused
        person.set_password(password)
        person.save(update_fields=["password"])
        close_streams_of(sender=User, user=person)
