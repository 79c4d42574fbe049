"""The whole thread in real browsers, each role on its own pages, from counter to auditor."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser import stage

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browser.conftest import Visit
    from tests.browser.demonstration import Demonstration


def test_a_prescription_goes_from_the_counter_to_the_auditor(
    visit: Visit, demonstration: Demonstration
) -> None:
    clerk, pharmacist, operator, rider = map(visit, ("wati", "rini", "yanti", "toni"))
    code = stage.place(clerk)
    line = see_the_board(operator, code)
    with_the_pharmacy = line.inner_text()
    stage.release(pharmacist, code)
    expect(line).not_to_have_text(with_the_pharmacy)
    assert operator.evaluate("window.stayed"), "the board was loaded anew"

    stage.begin_shift(rider)
    stage.assign(operator, code, "Toni")
    rider.goto("/dispatch/rider")
    expect(rider.locator("main")).not_to_contain_text("Sari Wulandari")
    rider.locator(f"ol a[href$='{code}']").first.click()
    expect(rider.locator("main")).not_to_contain_text("Sari Wulandari")
    stage.collect(rider, code, code)
    expect(rider.locator("h2").first).to_have_text("Sari Wulandari")
    expect(rider.locator("body")).not_to_contain_text("Amlodipin")
    stage.hand_over(rider, code)

    the_treasurer_opens_the_proof(visit("hadi"), code)
    the_auditor_recomputes_the_chain(visit("lestari"))
    the_patient_follows_her_link(visit(width=360), demonstration.link_of(code))


def see_the_board(operator: Page, code: str) -> Locator:
    """The order's line on a board that is live."""
    operator.goto("/dispatch/board")
    live = operator.locator("#live-state")
    expect(live).to_have_text(live.get_attribute("data-live") or "-")
    operator.evaluate("window.stayed = true")
    line = stage.row_of(operator, code)
    expect(line).to_be_visible()
    return line


def the_treasurer_opens_the_proof(treasurer: Page, code: str) -> None:
    treasurer.goto("/overview/book")
    lines = stage.row_of(treasurer, code)
    expect(lines).not_to_have_count(0)
    lines.first.locator("a[href$='#proof']").click()
    expect(treasurer.locator("#proof dl")).to_be_visible()
    expect(treasurer.locator("#proof")).to_contain_text("toni", ignore_case=True)


def the_auditor_recomputes_the_chain(auditor: Page) -> None:
    auditor.goto("/overview/events")
    auditor.click("main form button")
    expect(auditor.locator("main .note.good")).to_be_visible()


def the_patient_follows_her_link(patient: Page, link: str) -> None:
    answer = patient.goto(link)
    assert answer is not None
    assert answer.status == 200
    expect(patient.locator("li[aria-current=step]")).to_be_visible()
    expect(patient.locator("body")).not_to_contain_text("Sari Wulandari")
    expect(patient.locator("body")).not_to_contain_text("Amlodipin")


def test_a_rider_without_javascript_is_offered_an_order_and_brings_it(visit: Visit) -> None:
    pharmacist = visit("rini")
    stage.release(pharmacist, stage.place(visit("wati")))
    rider = visit("toni", width=360, script=False)
    stage.begin_shift(rider)
    offered = rider.locator("form[action*='/offers/']")
    while not offered.count():
        rider.wait_for_timeout(500)
        rider.reload()
    offered.first.locator("button[value=yes]").click()
    rider.wait_for_url("**/dispatch/rider/orders/*")
    code = rider.url.rpartition("/")[2]

    pharmacist.goto(f"/medicine/orders/{code}")
    born = pharmacist.locator("section[aria-labelledby=person] dd").first.inner_text()
    bag_code = pharmacist.locator("section .code").filter(has_text=re.compile(r"\w")).last
    stage.collect(rider, code, bag_code.inner_text().lower())
    rider.click("a[href$='/hand-over']")
    rider.fill("[name=bag_codes]", bag_code.inner_text())
    rider.fill("[name=receiver]", "Bu Misnah")
    rider.check("[name=relation][value=family]")
    rider.fill("[name=factor]", "01-01-1900")
    rider.click(f"#door {stage.SENDS}")
    expect(rider.locator("[role=alert]")).to_be_visible()
    expect(rider.locator("[name=receiver]")).to_have_value("Bu Misnah")
    rider.fill("[name=factor]", born)
    rider.click(f"#door {stage.SENDS}")
    rider.wait_for_url("**/dispatch/rider")
    expect(rider.locator(".note.good")).to_be_visible()
    pharmacist.reload()
    expect(pharmacist.locator("main .pill.good")).to_be_visible()
