"""How requests get from the server to Django and back: config/pages.py, spoken to in ASGI."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config import pages as module
from config.pages import Pages
from tests.config import views_to_serve


def in_its_own_loop(coroutine):
    """In a thread, since a browser test that ran before in this process leaves a loop running in the main one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


@pytest.fixture
def pages(settings):
    settings.ROOT_URLCONF = "tests.config.views_to_serve"
    settings.MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
    return Pages()


def scope(path, method="GET", query=b"", headers=()):
    return {
        "type": "http",
        "http_version": "1.1",
        "scheme": "http",
        "server": ("localhost", 8000),
        "client": ("203.0.113.7", 5000),
        "method": method,
        "path": path,
        "query_string": query,
        "headers": [(b"host", b"localhost"), *headers],
    }


async def ask(pages, request, *messages):
    """Send a request in as many messages as given and return all that comes back."""
    waiting = list(messages) or [{"type": "http.request", "body": b""}]
    sent = []

    async def receive():
        return waiting.pop(0)

    async def send(message):
        sent.append(message)

    await pages(request, receive, send)
    return sent


def answer(pages, request, *messages):
    start, *rest = in_its_own_loop(ask(pages, request, *messages))
    return start["status"], start["headers"], b"".join(message.get("body", b"") for message in rest)


def test_a_body_in_pieces_arrives_whole(pages):
    pieces = [{"type": "http.request", "body": b"x" * 70_000, "more_body": True} for _ in range(50)]
    status, _, body = answer(pages, scope("/echo", "POST"), *pieces, {"type": "http.request", "body": b"end"})
    assert status == 200
    assert json.loads(body)["size"] == 50 * 70_000 + 3


def test_a_client_that_leaves_halfway_changes_nothing(pages, monkeypatch):
    """A cut-off upload must never be taken for a complete one."""
    reached = []
    monkeypatch.setattr(pages, "_answer", lambda *arguments: reached.append(arguments))
    half = {"type": "http.request", "body": b"half", "more_body": True}
    assert in_its_own_loop(ask(pages, scope("/echo", "POST"), half, {"type": "http.disconnect"})) == []
    assert reached == []
    assert pages.under_way == 0


def test_too_large_a_body_is_refused_with_a_sentence(pages, monkeypatch):
    monkeypatch.setattr(module, "LARGEST_BODY", 2**20)
    status, headers, body = answer(pages, scope("/echo", "POST"), {"type": "http.request", "body": b"x" * (2**20 + 1)})
    assert status == 413
    assert body.decode() == "This is too large: at most 1 MB can be sent at once."
    assert (b"connection", b"close") in headers


def test_too_many_at_once_are_asked_to_come_back(pages, monkeypatch):
    monkeypatch.setattr(module, "MOST_UNDER_WAY", 1)
    pages.under_way = 1
    status, headers, _ = answer(pages, scope("/echo"))
    assert status == 503
    assert (b"retry-after", b"2") in headers
    pages.under_way = 0
    assert answer(pages, scope("/echo"))[0] == 200


@pytest.mark.parametrize("query", [b"q=\xff\xfe", "q=é".encode(), b"q=%ff%00", b"q=%E2%82"])
def test_odd_bytes_in_the_query_are_no_server_error(pages, query):
    assert answer(pages, scope("/echo", query=query))[0] in (200, 400)


def test_a_header_can_not_be_forged_by_an_underscore(pages):
    status, _, body = answer(pages, scope("/echo", headers=[(b"remote_addr", b"10.0.0.1")]))
    assert (status, json.loads(body)["address"]) == (200, "203.0.113.7")


def test_a_stream_comes_in_large_pieces_and_in_order(pages):
    start, *messages = in_its_own_loop(ask(pages, scope("/lines")))
    body = b"".join(message["body"] for message in messages)
    assert start["status"] == 200
    assert body == b"".join(f"{number}\n".encode() for number in range(100_000))
    assert len(messages) < 15
    assert [message.get("more_body", False) for message in messages] == [True] * (len(messages) - 1) + [False]


def test_a_file_is_served_as_it_is(pages):
    assert answer(pages, scope("/file"))[2] == Path(views_to_serve.__file__).read_bytes()


def test_every_cookie_has_a_header_of_its_own(pages):
    headers = answer(pages, scope("/cookies"))[1]
    assert [value for name, value in headers if name == b"Set-Cookie"] == [b"one=1; Path=/", b"two=2; Path=/"]


def test_an_error_in_a_view_is_an_answer(pages):
    assert answer(pages, scope("/broken"))[0] == 500
    assert pages.under_way == 0


def test_requests_run_side_by_side_and_keep_their_own_context(pages):
    async def many():
        return await asyncio.gather(
            *(ask(pages, scope("/echo", query=f"q={number}".encode())) for number in range(100))
        )

    answers = [json.loads(sent[1]["body"])["query"] for sent in in_its_own_loop(many())]
    assert answers == [str(number) for number in range(100)]


def test_an_address_that_is_asked_again_is_not_looked_for_again(pages):
    for _ in range(3):
        assert answer(pages, scope("/echo"))[0] == 200
        assert answer(pages, scope("/nowhere/"))[0] == 404
    assert pages.found_at.cache_info().hits == 2
    assert pages.found_at.cache_info().currsize == 1
