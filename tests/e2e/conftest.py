"""The product, a browser, and a desk for each person of a story."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from setup import browser as programs

from . import product as products
from .contexts import DESKTOP, Contexts
from .desk import PICTURES, Desk
from .product import Person, Product

# Stories say what is seen, not how soon: other stages run beside them.
expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """Return the running product."""
    with products.running() as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return Chromium, as it is installed on this machine."""
    program = programs.installed()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=["--disable-gpu"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def contexts(browser: Browser, product: Product) -> Contexts:
    """Return the contexts that stories share, one after the other."""
    return Contexts(browser, product.odoo.url)


@pytest.fixture
def sit(contexts: Contexts, request) -> Iterator[Callable[..., Desk]]:
    """Return a function that gives a person a desk, logged in."""
    desks: list[Desk] = []
    PICTURES.mkdir(parents=True, exist_ok=True)

    def give(person: Person | None = None, kind: dict = DESKTOP) -> Desk:
        desk = Desk(contexts, kind)
        desks.append(desk)
        if person:
            desk.log_in(person)
        return desk

    yield give
    _photograph_failure(request.node, desks)
    faults = [fault for desk in desks for fault in _close(desk)]
    if faults:
        pytest.fail("\n".join(faults))


def _photograph_failure(node: pytest.Item, desks: list[Desk]) -> None:
    report = getattr(node, "told", None)
    if report and report.failed:
        pages = [page for desk in desks for page in desk.context.pages]
        for number, page in enumerate(pages):
            path: Path = PICTURES / "failed" / f"{node.name}-{number}.png"
            page.screenshot(path=path)


def _close(desk: Desk) -> list[str]:
    try:
        desk.close()
    except AssertionError as error:
        return [str(error)]
    return []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    """Keep how a story went, for its picture."""
    report = yield
    if report.when == "call":
        item.told = report
    return report
