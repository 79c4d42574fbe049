"""An officer writes a programme from an empty page, two approve it, its file goes abroad."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from gancang.programmes.importing import read_file
from tests.browser import building
from tests.browser.building import GO_ON, go_on, the_officer_names_it

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.conftest import Visit

TODAY = datetime.now(UTC).date()


def test_an_officer_builds_rantang_kasih_and_two_approve_it(visit: Visit, tmp_path: Path) -> None:
    officer = visit("dian", width=360, script=False)
    number = the_officer_names_it(officer)
    the_officer_reads_all_holes_at_once(officer, number)
    the_officer_picks_a_rule(officer, number)
    fund = the_officer_fills_the_other_pages(officer, number)
    the_treasurer_enters_a_budget(visit("hadi"), number, fund)
    building.the_officer_prices_it(officer, number, "Rp")
    for who in ("hadi", "bagus"):
        page = visit(who)
        page.goto(f"/programmes/drafts/{number}/")
        page.click("form[action$='/approve'] button")
        expect(page.locator(".note.good").first).to_be_visible()
    officer.goto("/programmes/rantang-uji/")
    expect(officer.locator("main")).to_contain_text("person.age >= 60")
    file = the_file_is_taken_along(officer, tmp_path)
    it_becomes_a_draft_again(officer, file)


def the_officer_reads_all_holes_at_once(page: Page, number: str) -> None:
    page.goto(f"/programmes/drafts/{number}/")
    holes = page.locator("section[aria-labelledby=holes] li")
    assert holes.count() >= 8
    page.click("form[action$='/submit'] button")
    expect(page.locator(".note.bad").first).to_be_visible()


def the_officer_picks_a_rule(page: Page, number: str) -> None:
    page.goto(f"/programmes/drafts/{number}/rules/0")
    page.fill("[name=code]", "lansia")
    page.check("[name=how][value=free]")
    page.fill("[name=when]", "person.agee >= 60")
    page.click("main form.card > button")
    expect(page.locator(".field-error")).to_contain_text("age")
    expect(page.locator("[name=when]")).to_have_value("person.agee >= 60")
    page.check("[name=how][value=picked]")
    page.select_option("[name=fact-0]", "age")
    page.select_option("[name=sign-0]", ">=")
    page.fill("[name=value-0]", "60")
    page.click("main form.card > button")
    expect(page.locator("section[aria-labelledby=says]")).to_contain_text("paling sedikit 60")
    page.goto(f"/programmes/drafts/{number}/pages/who")
    page.fill("[name=facts_max_age_days]", "365")
    page.click(GO_ON)


def the_officer_fills_the_other_pages(page: Page, number: str) -> str:
    """All other pages; the fund that pays."""
    page.wait_for_url("**/pages/what")
    page.fill("[name=item_class]", "meal")
    go_on(page, "**/pages/from")
    page.locator("[name=carriers]").first.check()
    page.fill("[name=training_class]", "meal")
    go_on(page, "**/pages/when")
    page.fill("[name=active_from]", TODAY.isoformat())
    page.fill("[name=promise_minutes]", "90")
    page.fill("[name=offer_seconds]", "60")
    go_on(page, "**/pages/pays")
    page.locator("[name=tariff]").select_option(index=1)
    page.locator("[name=funder-0-fund]").select_option(index=1)
    page.fill("[name=funder-0-percent]", "100")
    fund = page.locator("[name=funder-0-fund]").input_value()
    page.fill("[name=agreement-0-code]", "MoU rantang")
    page.fill("[name=agreement-0-parties]", "Pemkab, Warung")
    page.fill("[name=agreement-0-from]", (TODAY - timedelta(days=1)).isoformat())
    page.fill("[name=agreement-0-until]", (TODAY + timedelta(days=365)).isoformat())
    page.fill("[name=agreement-0-document]", "Arsip")
    go_on(page, "**/pages/proof")
    page.fill("[name=proof]", "signature")
    page.fill("[name=attempts_max]", "2")
    go_on(page, "**/pages/letters")
    go_on(page, f"**/drafts/{number}/")
    expect(page.locator("section[aria-labelledby=holes] li")).to_have_count(1)
    return fund


def the_treasurer_enters_a_budget(page: Page, number: str, fund: str) -> None:
    page.goto(f"/programmes/drafts/{number}/budget")
    page.select_option("[name=fund]", fund)
    page.fill("[name=amount_rp]", "100.000.000")
    page.fill("[name=decree]", "DPA uji")
    page.click("main form.card > button")
    page.wait_for_url(f"**/drafts/{number}/")
    expect(page.locator("section[aria-labelledby=holes]")).to_have_count(0)


def the_file_is_taken_along(page: Page, folder: Path) -> Path:
    with page.expect_download() as download:
        page.click("a[href$='.toml']")
    file = folder / "rantang-uji.toml"
    download.value.save_as(file)
    told, faults = read_file(file.read_text("utf-8"))
    assert told["name"] == "Rantang Kasih"
    assert faults == []
    return file


def it_becomes_a_draft_again(page: Page, file: Path) -> None:
    """As in another region, where its codes may be unknown: the draft tells which."""
    page.goto("/programmes/drafts/import")
    page.set_input_files("[name=file]", str(file))
    page.click("main form.card > button")
    expect(page.locator("h1")).to_have_text("Rantang Kasih")
    expect(page.locator("main")).to_contain_text("rantang-uji")
