from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.cache import cache

from accounts.ports import ports


@dataclass(frozen=True)
class Mail:
    to: str
    template: str
    context: dict[str, Any]
    key: str


@dataclass
class Post:
    """What would have been mailed. A second mail with the same key is the same mail."""

    mails: list[Mail] = field(default_factory=list)

    def take(self, to: str, template: str, context: dict[str, Any], *, key: str, workspace: Any = None) -> None:
        if key not in {mail.key for mail in self.mails}:
            self.mails.append(Mail(to, template, context, key))

    def last_to(self, email: str) -> Mail:
        return [mail for mail in self.mails if mail.to == email][-1]

    def path_to(self, email: str) -> str:
        """The path of the link in the last mail to `email`."""
        return "/" + self.last_to(email).context["url"].split("/", 3)[3]


@pytest.fixture
def post(monkeypatch):
    post = Post()
    monkeypatch.setattr(ports, "send_mail", post.take)
    return post


@pytest.fixture
def closed_streams(monkeypatch, django_capture_on_commit_callbacks):
    """The members whose streams were closed within `with closed_streams() as members:`."""
    closed = []
    monkeypatch.setattr(ports, "close_streams", closed.append)

    class Watching:
        def __enter__(self):
            closed.clear()
            self.commits = django_capture_on_commit_callbacks(execute=True)
            self.commits.__enter__()
            return closed

        def __exit__(self, *error):
            return self.commits.__exit__(*error)

    return Watching


@pytest.fixture(autouse=True)
def _no_tries_yet(request):
    """Each test starts with a clean count of tries."""
    if "db" in request.fixturenames or "cast" in request.fixturenames:
        cache.clear()
