"""Three tiers in the browser: free by a card, paid at the door, and a visit of the pharmacist."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser import stage

if TYPE_CHECKING:
    from tests.browser.conftest import Visit
    from tests.browser.demonstration import Demonstration


def test_a_card_holder_is_brought_it_for_nothing(
    visit: Visit, demonstration: Demonstration
) -> None:
    clerk, rider = visit("wati"), visit("toni", width=360)
    code = stage.place(clerk, pbi="ya")
    stage.bring_to_the_door(visit, rider, code)
    expect(rider.locator("#door [name=paid]")).to_have_count(0)
    stage.say_at_the_door(rider, bag_codes=code)
    rider.wait_for_url("**/dispatch/rider")

    patient = visit(width=360)
    patient.goto(demonstration.link_of(code))
    expect(patient.locator("main")).not_to_contain_text("Rp")
    treasurer = visit("hadi")
    treasurer.goto("/overview/book")
    expect(stage.row_of(treasurer, code)).not_to_have_count(0)


def test_whoever_has_no_proof_agrees_to_the_price_and_pays_the_rider_for_a_receipt(
    visit: Visit, demonstration: Demonstration
) -> None:
    clerk, rider = visit("wati"), visit("toni", width=360)
    code, agreed = stage.place_to_pay(clerk)
    price = stage.rupiah(agreed)
    expect(clerk.locator("main")).to_contain_text(price)

    patient = visit(width=360)
    patient.goto(demonstration.link_of(code))
    expect(patient.locator("main")).to_contain_text(price)

    stage.bring_to_the_door(visit, rider, code)
    expect(rider.locator("#door")).to_contain_text(price)
    stage.say_at_the_door(rider, bag_codes=code)
    expect(rider.locator("[role=alert]")).to_contain_text(price)
    rider.check("[name=paid][value=cash]")
    rider.click(f"#door {stage.SENDS}")
    rider.wait_for_url("**/dispatch/rider")

    rider.click("a[href$='/cash/mine']")
    stage.row_of(rider, code).locator("a[href*='/cash/orders/']").click()
    expect(rider.locator("main")).to_contain_text(price)
    receipt = re.sub(r"^\S+ ", "", rider.locator("h1").inner_text())
    patient.reload()
    expect(patient.locator("main")).to_contain_text(receipt)


def test_whoever_needs_it_is_visited_by_the_pharmacist_who_writes_a_note(visit: Visit) -> None:
    pharmacist = visit("rini")
    stage.write_prescription(pharmacist, pbi="tidak", full_name="Misnah Rahayu")
    pharmacist.select_option("[name=judged_in_need]", "ya")
    pharmacist.locator(stage.CHECK_AND_PLACE).last.click()
    code = stage.placed(pharmacist)
    stage.release(pharmacist, code)

    on_the_way = visit("rini", width=360)
    on_the_way.goto("/medicine/visits")
    stage.row_of(on_the_way, code).locator("button").click()
    on_the_way.wait_for_url(f"**/medicine/visits/{code}")
    expect(on_the_way.locator("main")).to_contain_text("Misnah Rahayu")
    typed = {
        "bag_codes": code,
        "receiver": "Misnah Rahayu",
        "factor": stage.BORN,
        "home": "Obat di dapur dekat tungku",
        "adherence": "Dosis malam sering terlewat",
        "advice": "Simpan di kamar; cucu mengingatkan",
    }
    for name, text in typed.items():
        on_the_way.fill(f"main [name={name}]", text)
    on_the_way.check("[name=relation][value=patient]")
    stage.send(on_the_way, "home")
    expect(on_the_way.locator(".note.good")).to_be_visible()
    expect(stage.row_of(on_the_way, code)).to_have_count(0)

    pharmacist.goto(f"/medicine/visits/{code}")
    expect(pharmacist.locator("main")).to_contain_text(typed["advice"])
    clerk = visit("wati")
    clerk.goto(f"/medicine/orders/{code}")
    expect(clerk.locator("main .pill.good")).to_be_visible()
    expect(clerk.locator("body")).not_to_contain_text(typed["home"])
