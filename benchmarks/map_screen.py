"""What the operator's map weighs, and how soon its words are there on a slow line.

`python -m benchmarks map_screen`: the demonstration with the streets of a real town
(`benchmarks.streets`), seen by Chromium as an operator. The slow line is Chromium's own: 250
kbit/s, and 300 ms until an answer begins. Words are there once the page is read to its end and
painted; scripts and the map come after. Without Chromium or the extract it is skipped.
"""

from __future__ import annotations

import json
import random
import shutil
import tempfile
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks import streets
from benchmarks.served import ROOT, demonstrating

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, StorageState

PACK = ROOT / "region_packs" / "banyuwangi"
WHO, PASSWORD = "yanti", "gancang-demo"
MAP, TABLE = "/dispatch/map", "/dispatch/board"
ORDERS, MARKERS, FRAMES, VISITS = 60, 1000, 60, 5
SLOW = {"latency": 300, "downloadThroughput": 250_000 / 8, "uploadThroughput": 250_000 / 8}
# Without a graphics card WebGL is reckoned by the processor.
FLAGS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
DRAWN = "[data-map][data-drawn=yes]"
NO_GL = "HTMLCanvasElement.prototype.getContext = (get => function (kind, ...more) {"
NO_GL += " return /webgl/.test(kind) ? null : get.call(this, kind, ...more); }"
NO_GL += ")(HTMLCanvasElement.prototype.getContext)"
WORDS_MS = """() => new Promise(done => new PerformanceObserver(seen => {
  const [painted] = seen.getEntriesByName("first-contentful-paint");
  const [page] = performance.getEntriesByType("navigation");
  if (painted) done(Math.max(page.domInteractive, painted.startTime));
}).observe({ type: "paint", buffered: true }))"""
PAN = """async frames => {
  const map = document.querySelector("[data-map]").drawer.map, took = [];
  let last = await new Promise(requestAnimationFrame);
  for (let n = 0; n < frames; n++) {
    map.panBy(n % 60 < 30 ? [8, 4] : [-8, -4], { animate: false });
    const now = await new Promise(requestAnimationFrame);
    took.push(now - last);
    last = now;
  }
  return took;
}"""


def run() -> Iterator[dict[str, Any]]:
    """Bytes of two visits, words on a slow line, a thousand markers."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only here

    chromium = shutil.which("chromium")
    if chromium is None or not streets.TOWN.exists():
        missing = streets.TOWN if chromium else "Chromium"
        yield {"what": "the operator's map", "told": f"skipped: {missing} is not here"}
        return
    options = ("--still", "--prescriptions", str(ORDERS), "--pack", PACK.name)
    with (
        tempfile.TemporaryDirectory(prefix="gancang-screen-") as folder,
        demonstrating(folder, *options) as server,
        sync_playwright() as playwright,
    ):
        middle = streets.load(PACK, folder)
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        operator = _Operator(browser, server.url)
        yield from _weighed(operator)
        for what, path in (("the map's page", MAP), ("the board", TABLE)):
            yield from _read_slowly(operator, what, path)
        for what, script in (("WebGL by the processor", ""), ("without WebGL", NO_GL)):
            yield _panned(operator, what, script, middle)
        browser.close()


class _Operator:
    """Somebody who has logged in, and comes with a fresh browser each time."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser, self.url = browser, url
        self.known: StorageState | None = None
        page = self.comes().new_page()
        page.goto("/masuk")
        page.fill("[name=username]", WHO)
        page.fill("[name=password]", PASSWORD)
        page.click("main button")
        page.wait_for_url(lambda address: "/masuk" not in address)
        self.known = page.context.storage_state()
        page.context.close()

    def comes(self) -> BrowserContext:
        """A browser that keeps nothing but the log-in."""
        context = self.browser.new_context(base_url=self.url, storage_state=self.known)
        context.set_default_timeout(60_000)
        return context


def _weighed(operator: _Operator) -> Iterator[dict[str, Any]]:
    """Every byte that came for a map screen until it was drawn and quiet."""
    context = operator.comes()
    for visit in ("first", "second"):
        weights = _weights(context.new_page())
        told = f"{sum(weights) / 1024:.0f} KB on the wire, {len(weights)} answers"
        yield {"what": f"the operator's map, {visit} visit", "told": told, "bytes": sum(weights)}
    context.close()


def _weights(page: Page) -> list[float]:
    weights: list[float] = []
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda told: weights.append(told["encodedDataLength"]))
    page.goto(MAP)
    page.wait_for_selector(DRAWN)
    page.wait_for_timeout(3000)
    page.close()
    return [weight for weight in weights if weight]  # what is kept weighs nothing


def _read_slowly(operator: _Operator, what: str, path: str) -> Iterator[dict[str, Any]]:
    """When the words stand there on a slow line, at the first visit and at the next ones."""
    firsts, later = [], []
    for _ in range(VISITS):
        context = operator.comes()
        firsts.append(_words_s(context, path))
        later.append(_words_s(context, path))
        context.close()
    for visit, took in (("first visit", firsts), ("after it", later)):
        told = (
            f"{median(took):.2f} s until its words are there ({min(took):.2f} to {max(took):.2f})"
        )
        yield {"what": f"{what} at 250 kbit/s, {visit}", "told": told, "seconds": took}


def _words_s(context: BrowserContext, path: str) -> float:
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", {"offline": False, **SLOW})
    page.goto(path, wait_until="domcontentloaded")
    took = float(page.evaluate(WORDS_MS)) / 1000
    page.close()
    return took


def _panned(
    operator: _Operator, what: str, script: str, middle: tuple[float, float]
) -> dict[str, Any]:
    """How long a frame takes while a map with a thousand markers is pushed about."""
    context = operator.comes()
    page = context.new_page()
    page.add_init_script(script)
    page.route("**/map.json", lambda route: route.fulfill(body=_crowd(middle)))
    page.goto(MAP)
    page.wait_for_selector(f"{DRAWN}[data-seen='{MARKERS}']")
    page.wait_for_timeout(2000)
    wire = context.new_cdp_session(page)
    wire.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = _worked_s(wire)
    took = page.evaluate(PAN, FRAMES)
    own_ms = 1000 * (_worked_s(wire) - before) / FRAMES
    context.close()
    half, late = np.quantile(took, [0.5, 0.95])
    told = (
        f"{half:.0f} ms a frame (half), {late:.0f} ms (95 %), {own_ms:.1f} ms of script and layout"
    )
    row = {"what": f"{MARKERS:,} markers pushed about, {what}", "told": told}
    return row | {"frame_ms": [round(float(half), 1), round(float(late), 1)], "own_ms": own_ms}


def _worked_s(wire: CDPSession) -> float:
    """Seconds of processor that the page's main thread has spent."""
    metrics = wire.send("Performance.getMetrics")["metrics"]
    return float(next(each["value"] for each in metrics if each["name"] == "TaskDuration"))


def _crowd(middle: tuple[float, float]) -> str:
    """What the board's map is told of a thousand riders around the middle of the town."""
    chance = random.Random(20261130)
    riders = [
        {
            "id": f"rider-{number}",
            "lat": middle[0] + chance.gauss(0, 0.03),
            "lon": middle[1] + chance.gauss(0, 0.03),
            "kind": "rider",
            "mark": "A",
            "size": 12,
            "title": f"rider {number}",
        }
        for number in range(MARKERS)
    ]
    return json.dumps({"points": riders, "lines": []})
