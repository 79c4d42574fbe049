"""What the people of the demonstration do on their pages.

Fields and buttons are found by what they are, never by their words: the words are translated.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from gancang.demo.people import PASSWORD
from tests.browser.demonstration import near_village

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Locator, Page, WebError

    from tests.browser.conftest import Visit

NEAR = near_village()
BORN = "09-03-1951"
SENDS = "button:not([type=button])"  # others clear a signature or start a camera
CHECK_AND_PLACE = "main form.card > button"
_numbers = count(1)


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


def log_in(page: Page, who: str, password: str = PASSWORD) -> None:
    """Through the door that everybody uses."""
    page.goto("/masuk")
    page.fill("[name=username]", who)
    page.fill("[name=password]", password)
    page.click("main button")
    page.wait_for_url(lambda url: "/masuk" not in url)


def write_prescription(page: Page, *, village: str = NEAR, pbi: str = "ya", **changed: str) -> None:
    """All of a prescription is typed, and not sent yet."""
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
    for name, text in {**typed, **changed}.items():
        page.fill(f"main form.card [name={name}]", text)
    for row, name in enumerate(("Amlodipin 5 mg, 1x1", "Metformin 500 mg, 2x1")):
        page.locator("[name=item_name]").nth(row).fill(name)
    page.fill("main form.card [name=village]", village)
    page.check(f"[name=pbi][value={pbi}]")
    page.check("[name=confirmed]")


def place(page: Page, **changed: str) -> str:
    """Wati types a prescription and sends it; the code of its order."""
    write_prescription(page, **changed)
    page.locator(CHECK_AND_PLACE).last.click()
    return placed(page)


def place_to_pay(page: Page, **changed: str) -> tuple[str, int]:
    """Wati tells the price, the patient agrees; the code of the order, and the price in rupiah."""
    write_prescription(page, pbi="tidak", **changed)
    page.locator(CHECK_AND_PLACE).last.click()
    accept = page.locator("[name=accepts_rp]")
    price = int(accept.get_attribute("value") or 0)
    expect(page.locator("#offer")).to_contain_text(rupiah(price))
    accept.click()
    return placed(page), price


def placed(page: Page) -> str:
    """The code of the order that was just placed."""
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
    type_bag_code(page, bag_code)
    page.wait_for_selector("a[href$='/hand-over']")


def type_bag_code(page: Page, bag_code: str) -> None:
    """The rider types what stands on the bag that he was given."""
    page.fill("[name=bag_code]", bag_code)
    send(page, "bag_code")


def hand_over(page: Page, code: str, **told: str) -> None:
    """The rider is at the door, asks for the date of birth and hands the bag over."""
    go_to_the_door(page, code)
    say_at_the_door(page, bag_codes=code, **told)  # the counter gives the bag the order's own code
    page.wait_for_url("**/dispatch/rider")


def bring_to_the_door(visit: Visit, rider: Page, code: str, name: str = "Toni") -> None:
    """Rini lets it out, Yanti gives it to the rider, who fetches it and stands at the door."""
    release(visit("rini"), code)
    begin_shift(rider)
    assign(visit("yanti"), code, name)
    collect(rider, code, code)
    go_to_the_door(rider, code)


def go_to_the_door(page: Page, code: str) -> None:
    """The rider is at the door."""
    page.goto(f"/dispatch/rider/orders/{code}")
    page.click("a[href$='/hand-over']")


def say_at_the_door(page: Page, *, bag_codes: str, paid: str = "", **told: str) -> None:
    """The rider types what he is told and shown, and hands over if he may."""
    typed = {"receiver": "Sari Wulandari", "factor": BORN, "bag_codes": bag_codes, **told}
    for name, text in typed.items():
        page.fill(f"#door [name={name}]", text)
    page.check("[name=relation][value=patient]")
    if paid:
        page.check(f"[name=paid][value={paid}]")
    page.click(f"#door {SENDS}")


def send(page: Page, field: str) -> None:
    """Press the button of the form that has a field."""
    page.locator("main form", has=page.locator(f"[name={field}]")).locator(SENDS).click()


def rupiah(amount: int) -> str:
    """An amount as pages tell it, without the sign of the money."""
    return f"{amount:,}".replace(",", ".")


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
