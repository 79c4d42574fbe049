"""A programme of meals from an empty page, or from a file, to a version that two approved."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from gancang.programmes.importing import read_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from playwright.sync_api import Page

CODE = "rantang-uji"
GO_ON = "main form.card > .row button:not([name])"
ONE_MORE_ROW = "main form.card button[name=then][value=stay]"
HOLES = "section[aria-labelledby=holes] li"
MEALS = (("pagi", "Makan pagi", "07:30", "10:00"), ("sore", "Makan sore", "15:30", "18:00"))


def the_officer_builds(page: Page, today: date, meal_rp: int, stop_rp: int) -> str:
    """All pages of the builder, filled in; the number of the draft."""
    number = the_officer_names_it(page)
    _who(page, number)
    page.fill("[name=item_class]", "meal")
    page.fill("[name=item]", "makanan Rantang Kasih")
    go_on(page, "**/pages/from")
    go_on(page, "**/pages/when")  # from any kitchen, by any fleet
    _when(page, today)
    _pays(page, today, meal_rp, stop_rp)
    page.wait_for_url("**/pages/proof")
    page.fill("[name=proof]", "tick")
    go_on(page, "**/pages/letters")
    go_on(page, f"**/drafts/{number}/")
    expect(page.locator(HOLES)).to_have_count(2)  # neither fund has a budget for it yet
    return number


def go_on(page: Page, to: str) -> None:
    """Keep this page of the builder; the next one opens."""
    page.click(GO_ON)
    page.wait_for_url(to)


def the_officer_names_it(page: Page) -> str:
    """The first page of the builder, from an empty one; the number of the draft."""
    page.goto("/programmes/drafts/")
    page.click("form[action$='/new'] button")
    page.fill("[name=code]", CODE)
    page.fill("[name=name]", "Rantang Kasih")
    page.fill("[name=description]", "Makan dua kali sehari untuk lansia sebatang kara.")
    page.select_option("[name=kind]", "deliver")
    go_on(page, "**/pages/who")
    number: str = re.findall(r"drafts/(\d+)/", page.url)[0]
    return number


def _who(page: Page, number: str) -> None:
    page.goto(f"/programmes/drafts/{number}/rules/0")
    page.fill("[name=code]", "lansia-sendiri")
    page.check("[name=how][value=picked]")
    picked = (("age", ">=", "60"), ("lives_alone", "==", "ya"))
    for place, (fact, sign, value) in enumerate(picked):
        page.select_option(f"[name=fact-{place}]", fact)
        page.select_option(f"[name=sign-{place}]", sign)
        page.fill(f"[name=value-{place}]", value)
    page.click("main form.card > button")
    expect(page.locator("section[aria-labelledby=says]")).to_contain_text("paling sedikit 60")
    page.goto(f"/programmes/drafts/{number}/pages/who")
    page.fill("[name=facts_max_age_days]", "365")
    page.check("[name=enrols]")
    page.check("[name=verify]")
    page.fill("[name=capacity]", "100")
    go_on(page, "**/pages/what")


def _when(page: Page, today: date) -> None:
    page.fill("[name=active_from]", today.isoformat())
    page.fill("[name=welfare_misses]", "2")
    for place, (code, title, opens, closes) in enumerate(MEALS):
        if place:
            page.locator(ONE_MORE_ROW).first.click()
        typed = {"code": code, "title": title, "opens": opens, "closes": closes}
        for key, text in typed.items():
            page.fill(f"[name=meal-{place}-{key}]", text)
    go_on(page, "**/pages/pays")


def _pays(page: Page, today: date, meal_rp: int, stop_rp: int) -> None:
    """Two funds, half and half."""
    page.fill("[name=meal_rp]", str(meal_rp))
    page.fill("[name=stop_rp]", str(stop_rp))
    for place in (0, 1):
        if place:
            page.locator(ONE_MORE_ROW).first.click()
        page.locator(f"[name=funder-{place}-fund]").select_option(index=place + 1)
        page.fill(f"[name=funder-{place}-percent]", "50")
    page.fill("[name=agreement-0-code]", "MoU rantang")
    page.fill("[name=agreement-0-parties]", "Pemkab, Warung")
    page.fill("[name=agreement-0-from]", (today - timedelta(days=1)).isoformat())
    page.fill("[name=agreement-0-until]", (today + timedelta(days=365)).isoformat())
    page.fill("[name=agreement-0-document]", "Arsip")
    page.click(GO_ON)


def the_treasurer_enters_budgets(page: Page, number: str) -> None:
    """A budget for each fund that pays, until no hole is left."""
    for fund in _funds(page, number):
        page.goto(f"/programmes/drafts/{number}/budget")
        page.select_option("[name=fund]", label=fund)
        page.fill("[name=amount_rp]", "100.000.000")
        page.fill("[name=decree]", "DPA uji")
        page.click("main form.card > button")
        page.wait_for_url(f"**/drafts/{number}/")
    expect(page.locator(HOLES)).to_have_count(0)


def _funds(page: Page, number: str) -> list[str]:
    page.goto(f"/programmes/drafts/{number}/")
    rows = page.locator("section[aria-labelledby=step-pays] h3:has-text('Dana') + ul strong")
    return rows.all_inner_texts()


def the_officer_prices_it(page: Page, number: str, wanted: str) -> None:
    """Tried on who is known so far, for sixty meals a month; what it would cost, and submitted."""
    page.goto(f"/programmes/drafts/{number}/trial")
    page.fill("[name=times]", "60")
    page.click("form[action$='/trial/ask'] button")
    # The worker does it; the page looks again by itself, with a script or without.
    expect(page.locator("dl.facts")).to_contain_text(wanted, timeout=60_000)
    page.goto(f"/programmes/drafts/{number}/")
    page.click("form[action$='/submit'] button")
    expect(page.locator("form[action$='/take-back']")).to_be_visible()


def two_approve(at: Callable[..., Page], number: str) -> None:
    """The treasurer and the administrator; the officer who wrote it cannot."""
    for who in ("hadi", "bagus"):
        page = at(who)
        page.goto("/programmes/drafts/")
        page.click(f"main a[href$='/drafts/{number}/']")
        page.click("form[action$='/approve'] button")
        expect(page.locator(".note.good").first).to_be_visible()


def the_file_is_taken_along(page: Page, file: Path) -> None:
    """The programme as a file that says all of it."""
    page.goto(f"/programmes/{CODE}/")
    expect(page.locator("main")).to_contain_text("person.age >= 60")
    with page.expect_download() as download:
        page.click("a[href$='.toml']")
    download.value.save_as(file)
    told, faults = read_file(file.read_text("utf-8"))
    assert faults == []
    assert [row["code"] for row in told["meal"]] == ["pagi", "sore"]
    assert told["enrols"]


def the_file_becomes_a_draft_elsewhere(page: Page, file: Path) -> str:
    """What the other region calls otherwise is told as holes, and mended on its page."""
    page.goto("/programmes/drafts/import")
    page.set_input_files("[name=file]", str(file))
    page.click("main form.card > button")
    expect(page.locator("h1")).to_have_text("Rantang Kasih")
    number: str = re.findall(r"drafts/(\d+)/", page.url)[0]
    page.goto(f"/programmes/drafts/{number}/pages/pays")
    for place in (0, 1):
        page.locator(f"[name=funder-{place}-fund]").select_option(index=place + 1)
    go_on(page, "**/pages/proof")
    return number
