"""The end of a month in the browser: cash came in short, the book and the figures are closed."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser import stage

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Visit

SHORT = 2_000


def test_a_treasurer_closes_the_month(visit: Visit) -> None:
    rider, treasurer = visit("toni", width=360), visit("hadi")
    free = stage.place(visit("wati"))
    paid, price = stage.place_to_pay(visit("wati"))
    for code, how in ((free, ""), (paid, "cash")):
        stage.bring_to_the_door(visit, rider, code)
        stage.say_at_the_door(rider, bag_codes=code, paid=how)
        rider.wait_for_url("**/dispatch/rider")
    assert price > SHORT

    the_rider_hands_his_cash_in_short(treasurer, paid)
    the_rest_is_followed_up(treasurer)
    rider.goto("/cash/mine")
    expect(rider.locator(".note.bad")).to_contain_text(stage.rupiah(SHORT - 500))

    the_book_tells_both(treasurer, free, paid)
    the_statement_is_drawn_up(treasurer, free, paid)
    the_figures_are_taken_along(treasurer, free, paid)
    auditor = visit("lestari")
    auditor.goto("/overview/events")
    auditor.click("main form button")
    expect(auditor.locator("main .note.good")).to_be_visible()


def the_rider_hands_his_cash_in_short(treasurer: Page, code: str) -> None:
    treasurer.goto("/cash/")
    stage.row_of(treasurer, "Toni").first.locator("a").click()
    expect(treasurer.locator("main")).to_contain_text(code)
    has = int(treasurer.locator("[name=seen_rp]").input_value())
    treasurer.fill("[name=counted_rp]", str(has - SHORT))
    stage.send(treasurer, "counted_rp")
    expect(treasurer.locator("[role=alert]")).to_contain_text(stage.rupiah(SHORT))
    expect(treasurer.locator("[name=counted_rp]")).to_have_value(str(has - SHORT))
    treasurer.fill("form[action$='/hand-in'] [name=note]", "Uang kembali salah hitung")
    stage.send(treasurer, "counted_rp")
    treasurer.wait_for_url("**/cash/deposits/*")
    expect(treasurer.locator("main")).to_contain_text(stage.rupiah(has - SHORT))


def the_rest_is_followed_up(treasurer: Page) -> None:
    treasurer.goto("/cash/people/toni")
    treasurer.fill("[name=repaid_rp]", "500")
    treasurer.locator("form", has=treasurer.locator("[name=repaid_rp]")).locator(
        "[name=note]"
    ).fill("Sisanya dibawa besok")
    stage.send(treasurer, "repaid_rp")
    expect(treasurer.locator(".note.good")).to_be_visible()
    expect(treasurer.locator("main")).to_contain_text(stage.rupiah(SHORT - 500))


def the_book_tells_both(treasurer: Page, free: str, paid: str) -> None:
    treasurer.goto("/overview/book")
    expect(stage.row_of(treasurer, free)).not_to_have_count(0)
    expect(stage.row_of(treasurer, paid)).to_have_count(0)
    expect(treasurer.locator("#patients ~ p")).to_contain_text(stage.rupiah(SHORT - 500))


def the_statement_is_drawn_up(treasurer: Page, free: str, paid: str) -> None:
    treasurer.click("main a[href*='/overview/statement']")
    expect(stage.row_of(treasurer, free)).not_to_have_count(0)
    expect(stage.row_of(treasurer, "Toni").first).to_contain_text(stage.rupiah(SHORT))
    lines = csv_in(downloaded(treasurer, ".csv"))
    assert [row for row in lines if free in row]
    assert not [row for row in lines if paid in row], "patients' money is not public money"

    # Each fund signs its own.
    fund = treasurer.locator("#by-fund ~ table tbody td").first.inner_text().strip()
    treasurer.select_option("[name=funder]", label=fund)
    treasurer.click("main form button")
    expect(treasurer.locator("#patients")).to_have_count(0)
    expect(treasurer.locator("#by-fund ~ table tbody tr")).to_have_count(1)
    treasurer.emulate_media(media="print")
    expect(treasurer.locator(".signatures")).to_be_visible()
    expect(treasurer.locator("header")).not_to_be_visible()
    treasurer.emulate_media(media="screen")


def the_figures_are_taken_along(treasurer: Page, *codes: str) -> None:
    treasurer.goto("/figures/")
    rows = csv_in(downloaded(treasurer, ".csv"))
    for code in codes:
        assert [row for row in rows if code in row], code
    book = zipfile.ZipFile(io.BytesIO(downloaded(treasurer, ".xlsx")))
    assert book.testzip() is None
    assert "xl/workbook.xml" in book.namelist()


def csv_in(data: bytes) -> list[list[str]]:
    """The lines of a file that a spreadsheet opens."""
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def downloaded(page: Page, ending: str) -> bytes:
    """The file behind a link of the page."""
    with page.expect_download() as waiting:
        page.click(f"main a[href*='{ending}']")
    assert waiting.value.suggested_filename.endswith(ending)
    return Path(waiting.value.path()).read_bytes()
