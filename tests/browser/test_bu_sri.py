"""Bu Sri's first day: from the village desk to the first statement, with a telephone in one hand.

She, her buyer and her rider have telephones of 360 px; the officer sits at a desk.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser import stage
from tests.browser.demonstration import PACK, PACKS

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browser.conftest import Visit
    from tests.browser.demonstration import Demonstration

WARUNG, OWNER, BUYER = "Warung Rawon Bu Sri", "Sri Lestari", "Rini Astuti"
RAWON, TEA = "Rawon buntut", "Es teh pandan"
RAWON_RP, TEA_RP = 18_000, 4_000
LOG_IN = "warung-rawon-bu-sri"  # of a warung so called, unless somebody has it
OWN_PASSWORD = "rawon-pedas-1978"
PHONE = 360


def test_bu_sris_first_day(visit: Visit, demonstration: Demonstration) -> None:
    village = she_joins_at_the_village_desk(visit("wahid", width=PHONE))
    the_officer_approves_her(visit("dian"))
    owner = visit(width=PHONE)
    she_sets_her_password(owner, demonstration)
    she_writes_her_menu(owner)
    buyer, rider = visit(width=PHONE), visit("toni", width=PHONE)
    yanti = visit("yanti")

    order(buyer, demonstration, village, {RAWON: 2, TEA: 1})
    accept(owner)
    expect(buyer_sees(buyer)).to_contain_text(stage.rupiah(RAWON_RP * 2))
    bring(rider, yanti, owner, demonstration)

    order(buyer, demonstration, village, {RAWON: 1})
    refuse(owner)
    expect(buyer_sees(buyer).locator("[role=status]")).not_to_be_empty()
    expect(buyer.locator("a[href*='/pesan/']")).to_be_visible()

    order(buyer, demonstration, village, {RAWON: 1, TEA: 1})
    accept(owner, without=TEA)
    lines = buyer_sees(buyer).locator("section[aria-labelledby=lines]")
    expect(lines.locator(".pill.bad")).to_have_count(1)
    bring(rider, yanti, owner, demonstration)

    the_evening(owner, sold=3 * RAWON_RP + TEA_RP)


def she_joins_at_the_village_desk(page: Page) -> str:
    """The clerk writes down what she says; the name of the village."""
    page.goto("/shops/join")
    page.select_option("[name=kind]", "kitchen")
    told = {
        "name": WARUNG,
        "sells": "rawon, pecel",
        "address": "depan masjid",
        "owner_name": OWNER,
        "phone": "0812 3456 7801",
        "opens": "00:00",
        "closes": "23:59",
    }
    for name, text in told.items():
        page.fill(f"[name={name}]", text)
    village = page.locator("h1 + p").inner_text()
    page.click("main form.card button:not([type=button])")
    expect(page.locator("h1")).to_have_text(WARUNG)
    expect(page.locator("main")).to_contain_text("NIB")  # what she lacks, and until when
    return village


def the_officer_approves_her(page: Page) -> None:
    page.goto("/shops/")
    page.click(f"main a:has-text('{WARUNG}')")
    page.click("form[action$='/approve'] button")
    expect(page.locator("h1 ~ p .pill.good").first).to_be_visible()


def she_sets_her_password(page: Page, demonstration: Demonstration) -> None:
    told = demonstration.wait_for_letter(LOG_IN, "account.invitation")
    link = re.search(r"http\S+/accounts/link/\S+", told)
    assert link, told
    page.goto(link[0])
    for field in page.locator("main [type=password]").all():
        field.fill(OWN_PASSWORD)
    page.click("main form.card button")
    page.wait_for_url(lambda url: "/accounts/link/" not in url)
    stage.log_in(page, LOG_IN, OWN_PASSWORD)
    page.goto("/shops/mine")
    expect(page.locator("h1")).to_have_text(WARUNG)


def she_writes_her_menu(page: Page) -> None:
    for name, price in ((RAWON, RAWON_RP), (TEA, TEA_RP)):
        page.goto("/menus/")
        page.click("main a[href$='/dishes/new']")
        page.fill("[name=name]", name)
        page.fill("[name=price_rp]", str(price))
        page.click("main form button:not([type=button])")
        page.wait_for_url(re.compile(r"/dishes/\d+$"))
    page.goto("/menus/")
    expect(page.locator(".dish")).to_have_count(2)


def order(page: Page, demonstration: Demonstration, village: str, wanted: dict[str, int]) -> None:
    """She craves it, misspells it, sees the whole price, orders, and confirms by her code."""
    page.goto(f"/warung?daerah={PACK}&q=rawon+buntud")
    page.locator(".card", has_text=WARUNG).locator("a[href*='/pesan/']").click()
    for dish, count in wanted.items():
        page.locator("#menu ~ .card", has_text=dish).locator("input").first.fill(str(count))
    told = {"name": BUYER, "phone": "0813 3456 7802", "village": village, "address": "RT 02/RW 01"}
    for name, text in told.items():
        page.fill(f"[name={name}]", text)
    page.click("button[name=step][value=price]")
    page.click("button[name=step][value=order]")
    page.wait_for_url("**/p/*")
    code = page.locator("p.code").inner_text()
    letter = demonstration.wait_for_letter(code, "food.confirm")
    found = re.search(r"\b\d{4,6}\b", letter)
    assert found, letter
    page.fill("[name=code]", found[0])
    page.click("main form.card button")
    expect(page.locator("[role=status]").last).to_be_visible()


def ringing(page: Page) -> Locator:
    """What waits for her answer: one order."""
    page.goto("/food/kitchen")
    rings = page.locator("#ringing .note.warn")
    expect(rings).to_have_count(1)
    return rings


def accept(page: Page, *, without: str = "") -> None:
    rings = ringing(page)
    if without:
        rings.locator("label", has_text=without).click()
    rings.locator("[name$=minutes]").fill("5")
    rings.locator("form[action$='/accept'] button").click()
    expect(page.locator("#ringing .note.warn")).to_have_count(0)


def refuse(page: Page) -> None:
    rings = ringing(page)
    rings.locator("summary").click()
    rings.locator("[name$=reason]").select_option("out")
    rings.locator("form[action$='/refuse'] button").click()
    expect(page.locator("#ringing .note.warn")).to_have_count(0)


def buyer_sees(page: Page) -> Locator:
    page.reload()
    return page.locator("main")


def bring(rider: Page, yanti: Page, owner: Page, demonstration: Demonstration) -> None:
    """Toni fetches it with the kitchen's number, is told the buyer's code and is paid."""
    stage.begin_shift(rider)
    yanti.goto("/parcels/")
    code = yanti.locator("tbody tr", has_text=BUYER).locator("a.code").first.inner_text()
    stage.assign(yanti, code, "Toni")
    owner.goto("/food/kitchen")
    number = owner.locator("section[aria-labelledby=pots] strong.code").inner_text()
    stage.collect(rider, code, number)
    owner.reload()
    stage.go_to_the_door(rider, code)
    letter = demonstration.wait_for_letter(code, "goods.placed", "food.door", "order.confirm")
    found = re.search(r"\b\d{4}\b", letter)
    assert found, letter
    for name, text in {"receiver": BUYER, "factor": found[0], "bag_codes": number}.items():
        rider.fill(f"#door [name={name}]", text)
    rider.check("[name=relation][value=self]")
    rider.check("[name=paid][value=cash]")
    rider.click(f"#door {stage.SENDS}")
    rider.wait_for_url("**/dispatch/rider")


def the_evening(page: Page, *, sold: int) -> None:
    """What came in today, and what she is owed of it, less the commission of the pack."""
    page.goto("/food/kitchen")
    money = page.locator("section[aria-labelledby=money]")
    expect(money).to_contain_text(stage.rupiah(sold))
    told = tomllib.loads((PACKS / PACK / "money.toml").read_text())
    percent = told["goods"][0]["percent"]
    owed = stage.rupiah(sold - sold * percent // 100)
    expect(money).to_contain_text(owed)
    page.goto("/shops/mine")
    page.click("main a[href$='/settlement/mine']")
    expect(page.locator("main")).to_contain_text(owed)
