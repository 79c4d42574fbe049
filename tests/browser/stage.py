"""A demonstration that really runs, and what its people do on their pages.

Fields and buttons are found by what they are, never by their words: the words are translated.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from gancang.demo.people import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Locator, Page, WebError

PACK = os.environ.get("GANCANG_PACK", "banyuwangi")
BORN = "09-03-1951"
SENDS = "button:not([type=button])"  # others clear a signature or start a camera
_numbers = count(1)


class Demonstration:
    """`gancang demo --still` in a folder of its own: nobody acts but the story."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.letters = folder / "var/letters"
        ours = ("DATABASE_URL", "GANCANG_VAR", "GANCANG_KEYS", "DJANGO_SETTINGS_MODULE")
        options = ["--still", "--no-browser", "--port", str(self.port), "--pack", PACK]
        options += ["--var", str(folder / "var")]
        self.log = folder / "log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [Path(sys.executable).parent / "gancang", "demo", *options],
                env={name: value for name, value in os.environ.items() if name not in ours},
                cwd=folder,
                stdout=log,
                stderr=log,
            )

    def wait_until_ready(self) -> None:
        """Until it answers, or until it ended and said why."""
        while self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/healthz"):
                    return
            except (OSError, urllib.error.HTTPError):
                time.sleep(0.2)
        raise AssertionError(self.log.read_text())

    def end(self) -> None:
        """Ask it to stop, and wait until it did."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


@dataclass  # without slots: the browser hangs its own marks on it
class Watch:
    """What a browser complains about: errors of scripts and everything the page's rules forbid."""

    found: list[str]

    def console(self, message: ConsoleMessage) -> None:
        """A refused page is told here too; that is no error of the page's."""
        asked_for = message.text.startswith("Failed to load resource") and any(
            f"status of {status}" in message.text for status in (400, 403, 404, 409)
        )
        if message.type == "error" and not asked_for:
            where = message.page.url if message.page else ""
            self.found.append(f"{where}: {message.text}")

    def broke(self, error: WebError) -> None:
        """A script that was not caught."""
        self.found.append(str(error.error))


def log_in(page: Page, who: str) -> None:
    """Through the door that everybody uses."""
    page.goto("/masuk")
    page.fill("[name=username]", who)
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url(lambda url: "/masuk" not in url)


def place(page: Page) -> str:
    """Wati types a prescription; the code of its order."""
    page.goto("/medicine/new")
    typed = {
        "number": f"UJI-{os.getpid()}-{next(_numbers)}",
        "full_name": "Sari Wulandari",
        "birth_date": BORN,
        "phone": "0812 3456 7890",
        "address": "Dusun Krajan RT 02/RW 01",
        "landmark": "belakang musala",
        "clinic": "Saraf",
        "prescriber": "dr. Ayu",
    }
    for name, text in typed.items():
        page.fill(f"main form.card [name={name}]", text)
    for row, name in enumerate(("Amlodipin 5 mg, 1x1", "Metformin 500 mg, 2x1")):
        page.locator("[name=item_name]").nth(row).fill(name)
    village = page.locator("#villages option").nth(1).get_attribute("value")
    page.fill("main form.card [name=village]", village or "")
    page.check("[name=pbi][value=ya]")
    page.check("[name=confirmed]")
    page.click("main form.card button")
    page.wait_for_url("**/medicine/orders/*")
    return page.url.rpartition("/")[2]


def release(page: Page, code: str) -> None:
    """Rini finds it in her queue, counsels, checks and lets it out."""
    page.goto("/medicine/queue")
    # The queue is long; whoever has the code need not turn its pages.
    page.goto(f"/medicine/orders/{code}")
    for point in page.locator("[name=points][type=checkbox]").all():
        point.check()
    with page.expect_navigation():
        page.click("form[action$='/review'] button[value=prepare]")
    for topic in page.locator("[name=topics]").all():
        topic.check()
    page.check("[name=checked]")
    page.click("form[action$='/release'] button")
    page.wait_for_url("**/medicine/queue")


def begin_shift(page: Page) -> None:
    """The rider begins to work, unless he does already."""
    page.goto("/dispatch/rider")
    begin = page.locator("form[action$='/shift/start'] button")
    if begin.count():
        begin.click()
        page.wait_for_selector("form[action$='/shift/end']")


def end_shift(page: Page) -> None:
    """The rider goes home, unless he is there."""
    page.goto("/dispatch/rider")
    end = page.locator("form[action$='/shift/end'] button")
    if end.count():
        end.click()
        page.wait_for_selector("form[action$='/shift/start']")


def row_of(page: Page, code: str) -> Locator:
    """The line of an order in a table."""
    return page.locator("tbody tr").filter(has_text=code)


def assign(page: Page, code: str, name: str) -> None:
    """Yanti gives the order to a rider by hand."""
    page.goto("/dispatch/board")
    row_of(page, code).locator("a[href$='/assign']").click()
    option = page.locator("[name=rider] option").filter(has_text=name)
    page.select_option("[name=rider]", option.get_attribute("value"))
    page.fill("[name=reason]", "dekat dengan rumah pasien")
    page.click("main form button")
    page.wait_for_url("**/dispatch/board")


def collect(page: Page, code: str, bag_code: str) -> None:
    """The rider is at the pharmacy and types what stands on the bag."""
    page.goto(f"/dispatch/rider/orders/{code}")
    page.fill("[name=bag_code]", bag_code)
    page.locator("main form", has=page.locator("[name=bag_code]")).locator("button").click()
    page.wait_for_selector("a[href$='/hand-over']")


def hand_over(page: Page, code: str) -> None:
    """The rider is at the door, asks for the date of birth and hands the bag over."""
    page.goto(f"/dispatch/rider/orders/{code}")
    page.click("a[href$='/hand-over']")
    page.fill("[name=bag_codes]", code)  # the counter gives the bag the order's own code
    page.fill("[name=receiver]", "Sari Wulandari")
    page.check("[name=relation][value=patient]")
    page.fill("[name=factor]", BORN)
    page.click(f"#door {SENDS}")
    page.wait_for_url("**/dispatch/rider")


def hire(page: Page) -> str:
    """Bagus lets in one more operator, whom no story needs; the new log-in name."""
    username = f"uji-{next(_numbers)}"
    page.goto("/accounts/people")
    form = page.locator("main form[method=post]")
    typed = {"full_name": "Orang Uji", "username": username, "password": "kopi-osing-pagi-2026"}
    for name, text in typed.items():
        form.locator(f"[name={name}]").fill(text)
    form.locator("[name=role]").select_option("operator")
    form.locator("button").click()
    page.wait_for_selector("main .note.good")
    return username
