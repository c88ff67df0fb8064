"""What a page must never do, collected while a test drives it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response

REFUSALS = {400, 401, 403, 404, 409, 422, 429}  # answers that a test may provoke; the browser logs each as an error
REFUSED = re.compile(r"(?:server responded with a status of|Response Status Error Code) (\d+)")
OFFLINE = re.compile(
    r"^htmx:(afterRequest|sendError|timeout)|net::ERR_(INTERNET_DISCONNECTED|FAILED|ABORTED|INCOMPLETE_CHUNKED_ENCODING|NETWORK_CHANGED)"
)


class Watch:
    """Violations of the content security policy, errors of scripts and the console, 5xx, missing static files."""

    def __init__(self, allow: Iterable[str] = ()) -> None:
        self.findings: list[str] = []
        self.allowed = [re.compile(pattern) for pattern in allow]

    def follow(self, context: BrowserContext) -> None:
        context.on("console", self.console)
        context.on("response", self.response)
        context.on("page", self.page)
        context.add_init_script(
            "addEventListener('securitypolicyviolation', (e) => console.error('CSP: ' + e.violatedDirective"
            " + ' ' + e.blockedURI + ' ' + e.sourceFile + ':' + e.lineNumber))"
        )

    def page(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.note(f"{page.url}: {error}"))

    def console(self, message: ConsoleMessage) -> None:
        if message.type != "error" or OFFLINE.search(message.text):
            return
        refused = REFUSED.search(message.text)
        if refused and int(refused.group(1)) in REFUSALS:
            return
        self.note(f"{message.page.url if message.page else ''}: {message.text}")

    def response(self, response: Response) -> None:
        path = urlsplit(response.url).path
        if response.status >= 500 or (response.status == 404 and path.startswith("/static/")):
            self.note(f"{response.status} {response.url}")

    def note(self, finding: str) -> None:
        if not any(pattern.search(finding) for pattern in self.allowed):
            self.findings.append(finding)
