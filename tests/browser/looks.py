"""What every page must be, narrow and wide, by day and by night; read off a page that is open."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

# axe-core, as the package brings it.
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text()
WIDTHS = {360: 740, 1280: 800}
TARGET_PX = 44
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# A box that is ticked has its words as target too.
SMALL_TARGETS = """least => {
  const found = [];
  const wanted = "button, .button, input, select, textarea, summary, form a, header a, footer a";
  for (const one of document.querySelectorAll(wanted)) {
    if (one.matches("[type=hidden], .skip, .skip *") || !one.checkVisibility()) continue;
    const box = (one.closest("label") || one).getBoundingClientRect();
    if (box.height < least || box.width < Math.min(least, 24))
      found.push(`${one.outerHTML.slice(0, 90)}: ${box.width} x ${box.height}`);
  }
  return found;
}"""
TOO_WIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const all = [...document.querySelectorAll("body *")].filter(one => one.checkVisibility());
  const wide = all.filter(one => one.getBoundingClientRect().right > room + 0.5);
  const names = wide.slice(-3).map(one => one.outerHTML.slice(0, 90));
  return [`${document.documentElement.scrollWidth} px`, ...names];
}"""

# On a phone a row is a card: what a cell holds stays within it.
OUT_OF_CARD = """() => {
  const found = [];
  for (const cell of document.querySelectorAll(".table td")) {
    const edge = parseFloat(getComputedStyle(cell).paddingRight);
    const room = cell.getBoundingClientRect().right - edge + 0.5;
    for (const one of cell.children)
      if (one.checkVisibility() && one.getBoundingClientRect().right > room)
        found.push(`out of its cell: ${one.outerHTML.slice(0, 90)}`);
  }
  return found;
}"""


def faults_of(page: Page) -> Iterator[str]:
    """All that is wrong with the open page at both widths and in both lights."""
    headings = page.locator("h1").count()
    if headings != 1:
        yield f"{headings} <h1>"
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        for light in ("light", "dark"):
            page.emulate_media(color_scheme=cast("Any", light))
            where = f"at {width} px, {light}"
            yield from (f"{where}: {fault}" for fault in _of_axe(page))
        yield from (f"at {width} px too wide: {one}" for one in page.evaluate(TOO_WIDE))
        small = page.evaluate(SMALL_TARGETS, TARGET_PX)
        yield from (f"at {width} px too small: {one}" for one in small)


# What a screen reader cannot name, headings that skip a step, the way past the menu.
NAMELESS = """() => {
  const found = [];
  for (const one of document.querySelectorAll("input:not([type=hidden]), select, textarea"))
    if (!one.labels.length && !one.getAttribute("aria-label"))
      found.push(`no label: ${one.outerHTML.slice(0, 90)}`);
  let last = 0;
  for (const one of document.querySelectorAll("main h1, main h2, main h3, main h4")) {
    const level = Number(one.tagName[1]);
    if (level > last + 1) found.push(`h${level} after h${last}: ${one.textContent}`);
    last = level;
  }
  if (!document.querySelector("a.skip[href='#main']")) found.push("no way past the menu");
  return found;
}"""


def faults_at_a_glance(page: Page) -> Iterator[str]:
    """What is cheap to see of the page as it is open: one headline, its width, names, targets."""
    headings = page.locator("h1").count()
    if headings != 1:
        yield f"{headings} <h1>"
    yield from (f"too wide: {one}" for one in page.evaluate(TOO_WIDE))
    yield from page.evaluate(OUT_OF_CARD)
    yield from page.evaluate(NAMELESS)
    yield from (f"too small: {one}" for one in page.evaluate(SMALL_TARGETS, TARGET_PX))


def _of_axe(page: Page) -> Iterator[str]:
    # The debugger's own door: the page's rules against foreign scripts stay in force.
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    options = {
        "resultTypes": ["violations"],
        "runOnly": {"type": "tag", "values": STANDARDS},
    }
    for fault in page.evaluate("options => axe.run(options)", options)["violations"]:
        for node in fault["nodes"][:3]:
            yield f"{fault['id']}: {fault['help']}: {node['html'][:160]}"
