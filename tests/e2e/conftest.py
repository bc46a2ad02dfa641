"""A real browser. Skipped only where there is none."""

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.e2e.nursery import Nursery, open_nursery
from tests.e2e.servers import Process, SmallServer, serve_small_bot

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
)

PICTURES = Path(os.environ.get("MUSUBI_PICTURES") or Path(__file__).parents[2] / "var" / "e2e")
"""Where pictures of failed tests go; with the variable, those of the way as well (`take_picture`)."""

PATIENCE = 30_000
"""Milliseconds for what comes in a fraction of a second on a quiet machine."""

OpenPage = Callable[..., Page]


def take_picture(page: Page, name: str) -> None:
    """A picture for people to look at, of a test that goes well: MUSUBI_PICTURES=folder make e2e."""
    if os.environ.get("MUSUBI_PICTURES"):
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}.png")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium, started once."""
    if not Path(CHROMIUM).exists():
        pytest.skip("no chromium on this machine: apt-get install chromium")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


class Watch:
    """Notes what must not happen on any page: an error, a line in the console, a question to somebody else."""

    def __init__(self) -> None:
        self.troubles: list[str] = []
        # What chromium says of a server that has gone: at the end of a test, and where a test kills it.
        self.expected = ("ERR_CONNECTION_", "ERR_SOCKET_", "ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_EMPTY_RESPONSE")

    def over(self, context: BrowserContext) -> None:
        """Watches every page of a context."""
        context.on("weberror", lambda error: self.troubles.append(f"error: {error.error}"))
        context.on("console", lambda message: self._hear(message.type, message.text))
        context.on("request", lambda request: self._ask(request.url))

    def _hear(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not any(expected in text for expected in self.expected):
            self.troubles.append(f"console {kind}: {text}")

    def _ask(self, url: str) -> None:
        if not url.startswith(("http://127.0.0.1:", "http://localhost:", "data:", "about:")):
            self.troubles.append(f"asked {url}")


@pytest.fixture
def watch() -> Iterator[Watch]:
    """What went wrong on the pages of this test; nothing may have."""
    watch = Watch()
    yield watch
    assert watch.troubles == []


@pytest.fixture
def open_page(browser: Browser, watch: Watch, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """Opens a page as somebody with that language, size and look; pictures of failed tests go to var/e2e."""
    contexts: list[BrowserContext] = []

    def open_one(address: str, **options: Any) -> Page:
        given: dict[str, Any] = {
            "locale": "ja-JP",
            "viewport": {"width": 1440, "height": 900},
            "reduced_motion": "reduce",
            **options,
        }
        context = browser.new_context(**given)
        context.set_default_timeout(PATIENCE)
        watch.over(context)
        contexts.append(context)
        page = context.new_page()
        page.goto(address)
        return page

    yield open_one
    failed = getattr(request.node, "failed", False)
    for number, context in enumerate(contexts):
        if failed:
            PICTURES.mkdir(parents=True, exist_ok=True)
            for page in context.pages:
                page.screenshot(path=PICTURES / f"{request.node.name}-{number}.png")
        context.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tells `open_page` whether the test failed."""
    report = yield
    if report.when == "call":
        item.failed = report.failed  # pyright: ignore[reportAttributeAccessIssue]
    return report


@pytest.fixture
def small(tmp_path: Path) -> Iterator[SmallServer]:
    """The page in front of the small bot."""
    with serve_small_bot(tmp_path / "small") as server:
        yield server


@pytest.fixture(scope="session")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """Starts demos quickly; one of this worker."""
    with open_nursery(tmp_path_factory.mktemp("nursery")) as nursery:
        yield nursery


@pytest.fixture
def demo(nursery: Nursery, tmp_path: Path) -> Iterator[Process]:
    """The real thing in a process of its own, with a community of its own, in the folder `demo` of the test's."""
    with nursery.run_demo(tmp_path / "demo") as process:
        yield process


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A page that shows nothing yet: `flows.open_sides` opens it."""
    return open_page("about:blank")
