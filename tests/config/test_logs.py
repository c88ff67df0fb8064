"""What the operator is told of an error that nobody expected."""

from __future__ import annotations

import pytest
import structlog
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from structlog.testing import capture_logs


def broken(request: HttpRequest, token: str) -> HttpResponse:
    password = "hunter2"
    raise ValueError(f"nothing good of {len(password)}")


urlpatterns = [path("s/<str:token>/", broken, name="broken")]


@pytest.fixture
def answer():
    with override_settings(ROOT_URLCONF=__name__), capture_logs() as lines:
        response = Client(raise_request_exception=False).get("/s/secret-token/")
    return response, lines


def test_a_failed_request_is_told_with_its_view_and_error_and_without_its_address(answer):
    response, lines = answer
    told = [line for line in lines if line["event"] == "request_failed"]
    assert response.status_code == 500
    assert [(line["method"], line["view"], line["exc_info"]) for line in told] == [("GET", "broken", True)]
    assert "secret-token" not in str(lines)


def test_the_line_has_the_traceback_without_the_values_of_variables(capfd):
    try:
        broken(HttpRequest(), "secret-token")
    except ValueError:
        structlog.get_logger("config.logs").error("request_failed", exc_info=True)
    told = capfd.readouterr().err
    assert "nothing good of 7" in told
    assert "hunter2" not in told
