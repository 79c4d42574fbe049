"""A clerk sets the pin of a house: found by its village, moved by keys, told when it strays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import looks, stage

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.conftest import Visit


def opened(page: Page) -> None:
    """The form of a new prescription, with its picker open and the map drawn."""
    page.goto("/medicine/new")
    page.fill("main form.card [name=village]", stage.NEAR)
    page.click("[data-picker] summary")
    page.wait_for_selector("[data-map][data-drawn=yes]")


def faults(page: Page) -> list[str]:
    """What is wrong with the page, but for the map's own small buttons: the wheel does the same."""
    return [each for each in looks.faults_at_a_glance(page) if "maplibregl-ctrl" not in each]


def pin(page: Page) -> tuple[float, float]:
    """Where the two fields say the house is."""
    return float(page.input_value("#id_lat")), float(page.input_value("#id_lon"))


@pytest.mark.parametrize("width", [360, 1280])
def test_a_pin_is_found_by_its_village_and_moved_with_the_arrow_keys(
    visit: Visit, width: int, tmp_path: Path
) -> None:
    page = visit("wati", width=width)
    opened(page)
    page.fill("#place", f"belakang masjid {stage.NEAR}")
    page.locator("#places [data-lat]").first.click()
    lat, lon = pin(page)
    expect(page.locator("[data-map] .maplibregl-marker")).to_be_visible()
    page.focus("[data-pin-keys]")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowRight")
    assert pin(page) == (round(lat + 0.00005, 6), round(lon + 0.0005, 6))
    page.screenshot(path=tmp_path / f"picker-{width}.png", full_page=True)
    assert not faults(page)


def test_a_pin_that_strays_is_told_at_once(visit: Visit) -> None:
    page = visit("wati")
    opened(page)
    page.fill("#id_lat", "1.5")
    page.fill("#id_lon", "100.5")
    page.press("#id_lon", "Tab")
    expect(page.locator("main form.card > [aria-live] .note.warn")).to_be_visible()


def test_without_script_the_two_fields_are_enough(visit: Visit) -> None:
    page = visit("wati", width=360, script=False)
    page.goto("/medicine/new")
    page.fill("#id_lat", "-8.2")
    page.fill("#id_lon", "114.3")
    assert not faults(page)


@pytest.mark.parametrize("width", [360, 1280])
def test_a_landmark_is_written_down_with_its_place(
    visit: Visit, width: int, tmp_path: Path
) -> None:
    page = visit("yanti", width=width)
    page.goto("/landmarks/")
    page.fill("[name=name]", f"Masjid Al-Huda {width}")
    page.click("[data-picker] summary")
    page.wait_for_selector("[data-map][data-drawn=yes]")
    ground = page.request.get(page.get_attribute("[data-map]", "data-ground") or "").json()
    page.fill("#place", ground["villages"][0]["name"])
    page.locator("#places [data-lat]").first.click()
    page.locator("main section form > p button").click()
    expect(page.get_by_role("link", name=f"Masjid Al-Huda {width}")).to_be_visible()
    page.screenshot(path=tmp_path / f"landmarks-{width}.png", full_page=True)
    assert not faults(page)
    page.get_by_role("link", name=f"Masjid Al-Huda {width}").click()
    assert not faults(page)
