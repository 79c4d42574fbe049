"""Take the pictures of docs/pictures: the main pages of a running demonstration, narrow and wide.

Starts a demonstration of its own in a new folder. Needs Chromium (Debian: chromium).
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
WIDTHS = {360: 740, 1280: 800}
# who, name of the picture, address
SHOTS = [
    ("", "home", "/"),
    ("", "log-in", "/masuk"),
    ("wati", "new-prescription", "/medicine/new"),
    ("wati", "orders", "/medicine/orders"),
    ("rini", "queue", "/medicine/queue"),
    ("rini", "release", "first order of /medicine/queue"),
    ("yanti", "board", "/dispatch/board"),
    ("yanti", "riders", "/fleet/riders"),
    ("yanti", "map", "/dispatch/map"),
    ("yanti", "coverage", "/figures/coverage"),
    ("yanti", "figures", "/figures/"),
    ("toni", "rider", "/dispatch/rider"),
    ("hadi", "book", "/overview/book"),
    ("hadi", "budgets", "/overview/budgets"),
    ("hadi", "statement", "/overview/statement"),
    ("hadi", "cash", "/cash/"),
    ("lestari", "events", "/overview/events"),
    ("lestari", "readings", "/overview/readings"),
    ("bagus", "people", "/accounts/people"),
    ("dian", "programmes", "/programmes/"),
    ("dian", "builder", "pages/pays draft of /programmes/gancang-aron-1/"),
    ("dian", "rule-editor", "rules/2 draft of /programmes/gancang-aron-1/"),
    ("dian", "meals", "/servings/"),
    ("dian", "enrolment", "/enrolment/of/rantang-kasih"),
    ("tini", "meal-round", "/servings/mine"),
    ("wahid", "welfare", "/servings/welfare"),
    ("wahid", "needs", "/enrolment/needs"),
    ("ratna", "visits", "/cases/mine"),
    ("hadi", "forecast", "/forecast/"),
    ("hadi", "settlement", "/settlement/"),
    ("bagus", "batch", "batch of /settlement/batches"),
    ("bagus", "approval", "approval of /programmes/drafts/"),
    ("lestari", "auditor", "/inspection/"),
    ("lestari", "sample", "sample of /inspection/"),
    ("yanti", "case", "story of /medicine/orders?state=delivered"),
]


def take_all(base: str, target: Path, widths: list[int], *, dark: bool) -> None:
    """All pictures, one visitor after the other."""
    target.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or sys.exit(
            "Chromium is missing: apt-get install chromium"
        )
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for width in widths:
            _take(browser, base, target, width, dark=dark)
        browser.close()


def _take(browser: Browser, base: str, target: Path, width: int, *, dark: bool) -> None:
    visitor, context = None, None
    for who, name, address in SHOTS:
        if who != visitor or context is None:
            context = browser.new_context(
                viewport={"width": width, "height": WIDTHS[width]},
                color_scheme="dark" if dark else "light",
                locale="id-ID",
            )
            visitor = who
            page = context.new_page()
            if who:
                _log_in(page, base, who)
        page.goto(base + _resolve(page, base, address))
        page.wait_for_timeout(900)
        page.screenshot(path=target / f"{name}-{width}{'-dark' if dark else ''}.png")


def _log_in(page: Page, base: str, who: str) -> None:
    page.goto(base + "/masuk")
    page.fill("#id_username", who)
    page.fill("#id_password", "gancang-demo")
    page.click("main button")


def _resolve(page: Page, base: str, address: str) -> str:
    if address.startswith("/"):
        return address
    what, _of, listing = address.partition(" of ")
    page.goto(base + listing)
    if what.endswith(" draft"):  # the next version of a programme, begun for the picture
        page.click("form[action$='/change'] button")
        return page.url.removeprefix(base) + what.removesuffix(" draft")
    found = "a.code" if "/medicine/" in listing else "main tbody a"
    if what == "sample":
        found = "main a[href*='/samples/']"
    link = page.locator(found).first.get_attribute("href")
    assert link, address
    return link.replace("/medicine/", "/overview/") if what == "story" else link


def main() -> None:
    """Start a demonstration, let it play a while, take the pictures, stop it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=ROOT / "docs/pictures")
    parser.add_argument("--play", type=int, default=60, help="seconds to let the riders act")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--base", help="a demonstration that runs already")
    arguments = parser.parse_args()
    if arguments.base:
        take_all(arguments.base, arguments.to, list(WIDTHS), dark=arguments.dark)
        return
    var = Path(tempfile.mkdtemp(prefix="gancang-pictures-"))
    var.chmod(0o755)
    command = [str(ROOT / ".venv/bin/gancang"), "demo", "--port", "8077", "--no-browser"]
    server = subprocess.Popen(
        [*command, "--var", str(var / "var")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ,
    )
    try:
        _wait_for("http://127.0.0.1:8077/healthz")
        time.sleep(arguments.play)
        take_all("http://127.0.0.1:8077", arguments.to, list(WIDTHS), dark=arguments.dark)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait()
        shutil.rmtree(var, ignore_errors=True)


def _wait_for(url: str) -> None:
    for _second in range(120):
        try:
            with urllib.request.urlopen(url) as answer:
                if re.search(rb'"ok"', answer.read()):
                    return
        except OSError:
            time.sleep(1)
    sys.exit("the demonstration did not start")


if __name__ == "__main__":
    main()
