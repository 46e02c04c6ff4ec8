"""Browser contexts that serve one person after the other: what was loaded once stays loaded."""

from playwright.sync_api import Browser, BrowserContext

DESKTOP = {"viewport": {"width": 1366, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
HERE = {"locale": "en-US", "timezone_id": "Europe/Berlin", "reduced_motion": "reduce"}
PATIENCE = 30_000
KEPT = "local_storage,indexeddb,service_workers,cache_storage"


class Contexts:
    """The contexts of a browser, those in use and those that wait."""

    def __init__(self, browser: Browser, url: str):
        self.browser, self.url = browser, url
        self._waiting: dict[int, list[BrowserContext]] = {}

    def take(self, kind: dict) -> BrowserContext:
        """Return a context of a kind that knows nobody."""
        waiting = self._waiting.setdefault(id(kind), [])
        if waiting:
            return waiting.pop()
        context = self.browser.new_context(base_url=self.url, **HERE, **kind)
        context.set_default_timeout(PATIENCE)
        return context

    def give_back(self, context: BrowserContext, kind: dict) -> None:
        """Forget who used a context; only what every person loads stays in its cache."""
        blank, *left = [context.new_page(), *context.pages[:-1]]
        # First all pages are left: what is cleared under a page that writes is an error to it.
        for page in left:
            page.close()
        what = {"origin": self.url, "storageTypes": KEPT}
        context.new_cdp_session(blank).send("Storage.clearDataForOrigin", what)
        blank.close()
        context.clear_cookies()
        self._waiting[id(kind)].append(context)
