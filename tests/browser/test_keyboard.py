"""A patient who comes every month is entered without a mouse, in few keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser import stage

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Visit

# Beside the letters of what has to be typed: the number of the prescription and who it is.
KEYS_MAX = 12


class Fingers:
    """Counts every key that is pressed for something else than a letter or a digit."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys = page, 0

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1

    def write(self, text: str) -> None:
        """Type where the cursor stands."""
        self.page.keyboard.type(text)


def name_in_focus(page: Page) -> str:
    """Which field the cursor is in."""
    return str(page.evaluate("document.activeElement.name || document.activeElement.href || ''"))


def test_the_same_again_for_a_known_patient_takes_a_dozen_keys_and_no_mouse(visit: Visit) -> None:
    page = visit("wati")
    first = stage.place(page)
    page.goto("/medicine/new")
    hand = Fingers(page)
    assert name_in_focus(page) == "find"
    hand.write("Sari Wulandari")
    with page.expect_navigation():
        hand.press("Enter")
    assert "patient=" in name_in_focus(page)
    hand.press("Tab")
    with page.expect_navigation():
        hand.press("Enter")  # the same again
    assert name_in_focus(page) == "number"
    hand.write(f"ULANG-{first}")
    hand.press("Enter", "Space", "Enter", "Space")  # the card was seen; address and phone read back
    assert page.is_checked("[name=pbi][value=ya]")
    assert page.is_checked("[name=confirmed]")
    with page.expect_navigation():
        hand.press("Control+Enter")
    page.wait_for_url("**/medicine/orders/*")
    assert not page.url.endswith(first)
    assert hand.keys <= KEYS_MAX, hand.keys


def test_a_pharmacist_walks_through_her_queue_without_a_mouse(visit: Visit) -> None:
    clerk = visit("wati")
    for _ in range(2):
        stage.place(clerk)
    page = visit("rini")
    page.goto("/medicine/queue")
    hand = Fingers(page)
    hand.press("j")
    top = name_in_focus(page)
    hand.press("j")
    assert name_in_focus(page) not in {"", top}
    hand.press("k")
    assert name_in_focus(page) == top
    hand.press("/")
    assert name_in_focus(page) == "q"
    hand.press("Escape")
    page.goto("/medicine/queue")
    hand.press("j")
    with page.expect_navigation():
        hand.press("Enter")
    assert "/medicine/orders/" in page.url
