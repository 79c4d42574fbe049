"""Every page that a menu offers, of every role, on a phone: quick laws over all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser import looks

if TYPE_CHECKING:
    from tests.browser.conftest import Visit

EVERYBODY = ["wati", "rini", "toni", "wahid", "yanti", "dian", "hadi", "lestari", "bagus"]
ENTRIES = "links => [...new Set(links.map(link => link.getAttribute('href')))]"


@pytest.mark.parametrize("who", EVERYBODY)
def test_every_page_of_the_menu_fits_a_phone(visit: Visit, who: str) -> None:
    page = visit(who, width=360)
    page.goto("/accounts/password")
    addresses = page.eval_on_selector_all("header nav a", ENTRIES)
    found = []
    for address in addresses:
        page.goto(address)
        found += [f"{address}: {fault}" for fault in looks.faults_at_a_glance(page)]
    assert addresses
    assert not found, "\n".join(found)


def test_the_menu_is_one_row_and_opens_by_keyboard_without_a_script(visit: Visit) -> None:
    page = visit("yanti", width=360, script=False)
    page.goto("/accounts/password")
    shut = page.locator("header nav").bounding_box()
    assert shut is not None
    assert shut["height"] < 60
    assert not page.locator(".menu-panel").is_visible()
    page.locator("header nav summary").focus()
    page.keyboard.press("Enter")
    panel = page.locator(".menu-panel")
    assert panel.is_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/dispatch/board")


def test_escape_shuts_the_menu_and_leads_back_to_its_button(visit: Visit) -> None:
    page = visit("yanti", width=360)
    page.goto("/accounts/password")
    page.locator("header nav summary").click()
    page.keyboard.press("Escape")
    assert not page.locator(".menu-panel").is_visible()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
