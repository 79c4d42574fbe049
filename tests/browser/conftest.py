"""A running demonstration, Debian's Chromium, and a browser for each visitor."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.demonstration import PACK, Demonstration
from tests.browser.stage import Watch, log_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, StorageState

    from tests.browser.clock import Clock

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Visit(Protocol):
    """Open a browser for somebody: a demonstration person, or nobody known."""

    def __call__(self, who: str = "", *, width: int = 1280, script: bool = True) -> Page:
        """A page of a new browser in which `who` has logged in."""


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium; without it these tests are skipped, in CI they fail."""
    found = shutil.which("chromium")
    if found is None:
        sentence = "Chromium is missing: apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(sentence, pytrace=False)
        pytest.skip(sentence)
    return found


@pytest.fixture(scope="session")
def demonstration(chromium: str) -> Iterator[Demonstration]:
    """One for all stories of this process, stopped as an office stops it."""
    assert chromium
    with demonstrating() as running:
        yield running


@contextmanager
def demonstrating(pack: str = PACK, clock: Clock | None = None) -> Iterator[Demonstration]:
    """A demonstration of one's own, perhaps of another region and on other days."""
    with tempfile.TemporaryDirectory(prefix="gancang-browser-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # as root, PostgreSQL runs as somebody else, who has to get in
        running = Demonstration(folder, pack=pack, clock=clock)
        try:
            running.wait_until_ready()
            yield running
        finally:
            running.end()


# Not for the whole session: while a browser is open, Django takes this thread for an async one.
@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Chromium, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def known() -> dict[str, StorageState]:
    """The cookies of those who have logged in before."""
    return {}


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Fails the story when a browser complained."""
    watch = Watch([])
    yield watch
    assert not watch.found, "\n".join(watch.found)


@pytest.fixture
def visit(
    browser: Browser, demonstration: Demonstration, known: dict[str, StorageState], watch: Watch
) -> Iterator[Visit]:
    """Opens browsers, watches them, and closes them after the story."""
    with visiting(browser, demonstration, known, watch) as visit:
        yield visit


@contextmanager
def visiting(
    browser: Browser, demonstration: Demonstration, known: dict[str, StorageState], watch: Watch
) -> Iterator[Visit]:
    """Opens browsers of visitors to a demonstration, and closes them in the end."""
    opened = []

    def visit(who: str = "", *, width: int = 1280, script: bool = True) -> Page:
        context = browser.new_context(
            base_url=demonstration.url,
            viewport={"width": width, "height": 800},
            locale="id-ID",
            java_script_enabled=script,
            storage_state=known.get(who),
        )
        context.set_default_timeout(60_000)
        context.on("console", watch.console)
        context.on("weberror", watch.broke)
        opened.append(context)
        page = context.new_page()
        if who and who not in known:
            log_in(page, who)
            known[who] = context.storage_state()
        return page

    yield visit
    for context in opened:
        context.close()
