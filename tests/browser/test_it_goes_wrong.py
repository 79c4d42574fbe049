"""What goes wrong on the way, in the browser: bags are swapped, and a patient has died."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser import stage

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Visit
    from tests.browser.demonstration import Demonstration


def test_two_swapped_bags_are_refused_at_the_counter_and_at_the_door(visit: Visit) -> None:
    clerk, rider = visit("wati"), visit("toni", width=360)
    saris = stage.place(clerk)
    budis = stage.place(clerk, full_name="Budi Santoso", phone="0813 1111 2222")
    stage.begin_shift(rider)
    for code in (saris, budis):
        stage.release(visit("rini"), code)
        stage.assign(visit("yanti"), code, "Toni")

    # At the counter he is given Budi's bag for Sari.
    rider.goto(f"/dispatch/rider/orders/{saris}")
    stage.type_bag_code(rider, budis)
    expect(rider.locator("[role=alert]")).to_contain_text(budis)
    expect(rider.locator("body")).not_to_contain_text("Sari Wulandari")
    expect(rider.locator("[name=bag_code]")).to_have_value(budis)
    stage.type_bag_code(rider, saris)
    rider.wait_for_selector("a[href$='/hand-over']")
    stage.collect(rider, budis, budis)

    # At Sari's door he takes the other one out of his box.
    stage.go_to_the_door(rider, saris)
    stage.say_at_the_door(rider, bag_codes=budis)
    told = rider.locator("[role=alert]")
    expect(told).to_contain_text(budis)
    expect(rider.locator("[name=receiver]")).to_have_value("Sari Wulandari")
    stage.say_at_the_door(rider, bag_codes=saris)
    rider.wait_for_url("**/dispatch/rider")
    expect(rider.locator(".note.good")).to_be_visible()
    stage.hand_over(rider, budis, receiver="Budi Santoso")

    the_auditor_reads_of_both(visit("lestari"), saris, budis)


def the_auditor_reads_of_both(auditor: Page, code: str, bag: str) -> None:
    auditor.goto(f"/overview/orders/{code}")
    expect(auditor.locator(".story li").filter(has_text=bag)).to_have_count(2)


def test_after_a_death_nobody_writes_and_the_bag_goes_home(
    visit: Visit, demonstration: Demonstration
) -> None:
    clerk, rider, pharmacist = visit("wati"), visit("toni", width=360), visit("rini")
    him = {
        "full_name": "Karso Utomo",
        "nik": "3510161708380001",
        "birth_date": "17-08-1938",
        "phone": "0815 5555 1938",
    }
    code, next_month = stage.place(clerk, **him), stage.place(clerk, **him)
    stage.bring_to_the_door(visit, rider, code)
    demonstration.wait_for_letter(code, "order.collected")
    written = kinds_of(demonstration, code, next_month)

    the_family_tells_the_rider(rider, code)

    pharmacist.goto("/medicine/queue")
    for each in (code, next_month):
        expect(pharmacist.locator("main")).to_contain_text(each)
    the_bag_is_destroyed(pharmacist, code)
    pharmacist.goto(f"/medicine/orders/{next_month}")
    pharmacist.locator("a[href$='/cancel']").click()
    pharmacist.fill("main [name=reason]", "pasien berpulang")
    stage.send(pharmacist, "reason")
    pharmacist.wait_for_url(f"**/medicine/orders/{next_month}")

    # Letters go out in the order in which they were posted: after a later one nothing follows.
    later = stage.place(clerk)
    demonstration.link_of(later)
    assert kinds_of(demonstration, code, next_month) == written


def kinds_of(demonstration: Demonstration, *codes: str) -> list[list[str]]:
    """What was written about each order."""
    return [sorted(demonstration.letters_about(code)) for code in codes]


def the_family_tells_the_rider(rider: Page, code: str) -> None:
    rider.goto(f"/dispatch/rider/orders/{code}")
    rider.click("a[href$='/fail']")
    rider.check("[name=reason][value=deceased]")
    rider.fill("[name=note]", "Keluarga memberi tahu di pintu")
    stage.send(rider, "note")
    rider.wait_for_url("**/dispatch/rider")
    expect(rider.locator(".note.good")).to_be_visible()
    rider.locator(f"ol a[href$='{code}']").click()
    expect(rider.locator("a[href$='/hand-over']")).to_have_count(0)
    expect(rider.locator("body")).not_to_contain_text("Karso Utomo")


def the_bag_is_destroyed(pharmacist: Page, code: str) -> None:
    pharmacist.goto(f"/medicine/orders/{code}")
    pharmacist.click("form[action$='/take-back'] button")
    pharmacist.wait_for_load_state()
    pharmacist.goto("/medicine/returns")
    stage.row_of(pharmacist, code).locator("a").click()
    pharmacist.check("[name=what][value=destroy]")
    pharmacist.fill("[name=why]", "Sudah di luar apotek; segel dibuka keluarga")
    stage.send(pharmacist, "why")
    pharmacist.wait_for_url("**/medicine/returns")
    expect(stage.row_of(pharmacist, code)).to_have_count(0)
