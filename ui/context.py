"""What every template may use: the shell around the page, the theme, the language direction."""

from typing import Any

from django.http import HttpRequest

from ui.shell import Shell

THEMES = ("light", "dark")
COOKIE = "theme"


def shell(request: HttpRequest) -> dict[str, Any]:
    return {"shell": Shell.of(request), "theme": theme_of(request)}


def theme_of(request: HttpRequest) -> str:
    """light or dark as chosen by the person, "" to follow the system."""
    chosen = request.COOKIES.get(COOKIE, "")
    return chosen if chosen in THEMES else ""
