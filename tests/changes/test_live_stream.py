"""`/live/` over the real server: who hears what, and when a stream ends."""

from __future__ import annotations

import http.client
import json
import os
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.sessions.backends.cached_db import SessionStore
from django.test import Client

from accounts.models import Member
from accounts.roles import Role
from changes import here, live, streams
from config import clock
from tests.browser.server import Server
from tests.cast import Cast, make_cast
from tests.factories import SYSTEM, make_item, make_team
from tests.workers import until


@pytest.fixture(scope="module")
def server(django_db_setup: None) -> Iterator[Server]:
    running = Server()
    running.start()
    yield running
    running.stop()


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


class Listener:
    """A browser's open stream, read line by line."""

    def __init__(self, server: Server, cookie: str, query: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=5)
        self.connection.request("GET", f"/live/?{query}", headers={"Cookie": cookie})
        self.response = self.connection.getresponse()
        self.status = self.response.status
        if self.status == 200:
            assert [self.line(), self.line()] == ["retry: 1000", "event: last"]
            self.last = int(self.line().removeprefix("data: "))

    def line(self) -> str:
        """The next line that says something; "" at the end of the stream."""
        while True:
            read = self.response.readline()
            if not read:
                return ""
            if text := read.decode().strip():
                return text

    def event(self, kind: str) -> dict[str, object]:
        """The next event of this kind; who is here is told at any time, and passed over."""
        line, data = self.line(), self.line()
        while line == "event: here" and kind != "here":
            line, data = self.line(), self.line()
        assert line == f"event: {kind}"
        return json.loads(data.removeprefix("data: "))

    def message(self) -> dict[str, object]:
        return self.event("change")


def all_is_sent() -> None:
    """The thread that sends has done all that it was given."""
    live._sender(os.getpid()).thread.submit(int).result()


@pytest.fixture
def listen(server: Server) -> Iterator[Callable[..., Listener]]:
    opened: list[Listener] = []

    def open_it(member: Member | None, query: str) -> Listener:
        all_is_sent()  # what making the cast said
        client = Client()
        if member is not None:
            client.force_login(member.user)
        cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
        listener = Listener(server, cookie, query)
        listener.client = client
        opened.append(listener)
        return listener

    yield open_it
    for one in opened:
        one.connection.close()


def test_a_member_hears_of_a_change_in_an_open_product(cast: Cast, listen):
    bob = listen(cast.bob, "channel=polarline&channel=polarline/DSP")
    item = make_item(cast.product, "Live ETA")
    message = bob.message()
    assert message["noun"] == "item"
    assert message["id"] == str(item.number)
    assert set(message) == {"noun", "id", "change"}, "a message never carries content"


@pytest.mark.parametrize("name", ["dave", "mallory"])
def test_who_may_not_see_a_product_hears_nothing_of_it(cast: Cast, listen, name: str):
    stranger = listen(getattr(cast, name), "channel=polarline&channel=polarline/SEC&channel=elsewhere")
    make_item(cast.secret, "Hidden")
    all_is_sent()
    live.client().publish(f"live:member:{getattr(cast, name).pk}", json.dumps({"noun": "end"}))
    assert stranger.message() == {"noun": "end"}


@pytest.mark.parametrize("query", ["", "channel=elsewhere", "channel=nowhere/DSP"])
def test_a_stranger_to_the_workspace_is_refused(cast: Cast, listen, query: str):
    assert listen(cast.bob, query).status == 403


def test_the_signed_out_are_refused(cast: Cast, listen):
    assert listen(None, "channel=polarline").status == 403


def test_removal_ends_the_stream_within_a_second_and_it_cannot_come_back(cast: Cast, listen):
    bob = listen(cast.bob, "channel=polarline")
    began = time.monotonic()
    cast.bob.remove(by=SYSTEM)
    assert bob.line() == "" or bob.line() == ""
    assert time.monotonic() - began < 1
    assert listen(cast.bob, "channel=polarline").status == 403


def test_another_role_ends_the_stream_and_the_next_one_hears_again(cast: Cast, listen):
    bob = listen(cast.bob, "channel=polarline&channel=polarline/DSP")
    cast.bob.give_role(Role.VIEWER, by=SYSTEM)
    while line := bob.line():
        assert not line.startswith('data: {"noun": "item"')
    again = listen(cast.bob, "channel=polarline&channel=polarline/DSP")
    make_item(cast.product, "Live ETA")
    assert again.message()["noun"] == "item"


def test_signing_out_ends_the_stream_within_a_second(cast: Cast, listen):
    bob = listen(cast.bob, "channel=polarline")
    began = time.monotonic()
    bob.client.logout()
    assert bob.line() == ""
    assert time.monotonic() - began < 1


def test_closing_a_product_to_others_ends_their_streams_within_a_second(cast: Cast, listen):
    dave = listen(cast.dave, "channel=polarline&channel=polarline/DSP")
    began = time.monotonic()
    cast.product.limit_to([make_team(cast.workspace, "Few", cast.mona)], by=SYSTEM)
    while dave.line():
        assert time.monotonic() - began < 1
    again = listen(cast.dave, "channel=polarline&channel=polarline/DSP")
    make_item(cast.product, "Not for Dave")
    live.publish([live.Message("marker", "1", 0, None, None, cast.workspace.pk)])
    assert again.message()["noun"] == "marker"


def test_a_session_that_ran_out_in_silence_ends_the_stream(cast: Cast, listen, monkeypatch):
    monkeypatch.setattr(streams, "LOOK_AGAIN_EVERY", 0.3)
    bob, mona = listen(cast.bob, "channel=polarline"), listen(cast.mona, "channel=polarline")
    SessionStore(bob.client.cookies[settings.SESSION_COOKIE_NAME].value).delete()
    assert bob.line() == ""
    live.publish([live.Message("marker", "1", 0, None, cast.mona.pk, cast.workspace.pk)])
    assert mona.message()["noun"] == "marker"


def test_without_valkey_a_stream_asks_to_come_back_later(cast: Cast, listen, monkeypatch):
    monkeypatch.setattr(streams, "hub", streams.Hub())
    monkeypatch.setattr(streams, "PATIENCE", 0.5)
    monkeypatch.setattr(settings, "REDIS_URL", "redis://127.0.0.1:1/0")
    assert listen(cast.bob, "channel=polarline").status == 503


def test_a_stream_says_when_its_channels_last_spoke(cast: Cast, listen):
    all_is_sent()
    live.client().delete(*live.client().keys("live-last:*"), "live-last:")  # ids are used again from test to test
    assert listen(cast.carol, "channel=polarline/MAL&channel=polarline").last == 0
    make_item(cast.secret, "Hidden")
    assert listen(cast.dave, "channel=polarline&channel=polarline/SEC").last == 0, "Dave cannot see the product"
    all_is_sent()
    assert listen(cast.bob, "channel=polarline&channel=polarline/SEC").last > 0


def test_a_cookie_that_is_none_is_refused(server: Server, cast: Cast):
    for cookie in (f"{settings.SESSION_COOKIE_NAME}=nonsense", "=;;; ;", f"{settings.SESSION_COOKIE_NAME}="):
        assert Listener(server, cookie, "channel=polarline").status == 403


def hears_of(listener: Listener, names: list[str]) -> None:
    """Waits for it: who comes and goes at the same time is told in any number of events. The socket's time-out fails."""
    while [person["name"] for person in listener.event("here")["people"]] != names:
        pass


def close(listener: Listener) -> None:
    listener.connection.sock.close()
    listener.response.close()


def test_those_who_have_a_product_open_hear_who_comes_and_who_goes(cast: Cast, listen):
    bob = listen(cast.bob, "channel=polarline&channel=polarline/DSP")
    hears_of(bob, ["Bob"])
    mona = listen(cast.mona, "channel=polarline&channel=polarline/DSP")
    hears_of(bob, ["Bob", "Mona"])
    hears_of(mona, ["Bob", "Mona"])
    close(mona)
    hears_of(bob, ["Bob"])


def test_who_is_at_a_product_is_told_to_nobody_who_does_not_see_it(cast: Cast, listen):
    stranger = listen(cast.dave, "channel=polarline&channel=polarline/SEC")
    mona = listen(cast.mona, "channel=polarline&channel=polarline/SEC")
    hears_of(mona, ["Mona"])
    live.client().publish(f"live:member:{cast.dave.pk}", json.dumps({"noun": "end"}))
    assert stranger.line() == "event: change", "nothing was told before it"


def test_two_browsers_of_one_person_are_one_face_until_both_are_gone(cast: Cast, listen):
    query = "channel=polarline&channel=polarline/DSP"
    mona, first, second = listen(cast.mona, query), listen(cast.bob, query), listen(cast.bob, query)
    hears_of(mona, ["Bob", "Mona"])
    close(first)
    product = cast.product.pk
    until(lambda: live.client().zcard(f"here:{product}") == 2)
    assert [person["name"] for person in here.people_at(product)] == ["Bob", "Mona"]
    close(second)
    hears_of(mona, ["Mona"])


def test_what_a_killed_server_left_behind_runs_out(cast: Cast):
    live.client().zadd(f"here:{cast.product.pk}", {f"gone|{cast.bob.public_id}|Bob": clock.now().timestamp() - 1})
    assert here.people_at(cast.product.pk) == []
