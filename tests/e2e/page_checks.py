"""What no page may have: errors, failed requests, sideways scrolling, text that is cut off."""

import re
from pathlib import Path

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, WebError

FOLLOW = Path(__file__).with_name("requests.js")
LOOK = Path(__file__).with_name("page_checks.js").read_text()
OURS = ".o_action, .o_dialog, .o_popover, .o-dropdown--menu, .o_notification, main"
PHONE = 600
# The browser gives these up when a page is left; nobody asked for them any more.
GIVEN_UP = ("net::ERR_ABORTED",)


class Watch:
    """Everything that went wrong in a browser context and was not expected."""

    def __init__(self, context: BrowserContext):
        self.context = context
        self.faults: list[str] = []
        self.expected: list[re.Pattern] = []
        context.add_init_script(path=FOLLOW)
        self._listeners = {
            "console": self._on_console,
            "weberror": self._on_error,
            "response": self._on_response,
            "requestfailed": self._on_failure,
        }
        for event, listener in self._listeners.items():
            context.on(event, listener)

    def expect(self, pattern: str) -> None:
        """Do not count faults that match a regular expression: the story provokes them."""
        self.expected.append(re.compile(pattern))

    def check(self) -> None:
        """Fail if anything went wrong."""
        assert not self.faults, "\n".join(["The browser complains:", *self.faults])

    def look_at(self, page: Page, ours: str = OURS) -> None:
        """Fail if the page scrolls sideways on a phone, or cuts off text of ours."""
        found = page.evaluate(LOOK, {"ours": ours, "phone": PHONE})
        assert not found, "\n".join([f"{page.url} at {page.viewport_size}:", *found])

    def end(self) -> None:
        """Listen no more."""
        for event, listener in self._listeners.items():
            self.context.remove_listener(event, listener)

    def _add(self, fault: str) -> None:
        if not any(pattern.search(fault) for pattern in self.expected):
            self.faults.append(fault)

    def _on_console(self, message: ConsoleMessage) -> None:
        # A failed request is told by its response, with its address and status.
        if message.type in ("error", "assert") and "Failed to load resource" not in message.text:
            self._add(f"console: {message.text} ({message.location.get('url', '')})")

    def _on_error(self, error: WebError) -> None:
        self._add(f"page error: {error.error}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400:
            self._add(f"{response.status} {response.request.method} {response.url}")

    def _on_failure(self, request: Request) -> None:
        if request.failure not in GIVEN_UP:
            self._add(f"{request.failure} {request.method} {request.url}")
