"""On his small phone a rider sees his way: in words at once, and drawn where there is a map."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from gancang.maps.tests.town import Drawing
from tests.browser import stage
from tests.browser.conftest import demonstrating
from tests.browser.demonstration import first_hospital, rows_of
from tests.browser.looks import faults_at_a_glance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page, StorageState

    from tests.browser.conftest import Visit
    from tests.browser.demonstration import Demonstration

WAY = "/dispatch/rider/way"
OTHER_WAYS = "ul.ways a"
LOOKS_MAX = 30


@pytest.fixture(scope="module")
def demonstration(
    chromium: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Demonstration]:
    """One of its own, with streets."""
    assert chromium
    with demonstrating() as running:
        running.load_map(streets().write(tmp_path_factory.mktemp("streets") / "streets.osm"))
        yield running


@pytest.fixture(scope="module")
def known() -> dict[str, StorageState]:
    """Nobody has logged in there before."""
    return {}


def at(row: dict[str, str]) -> tuple[float, float]:
    """Where something of the pack lies."""
    return float(row["lat"]), float(row["lon"])


def streets() -> Drawing:
    """Two ways lead from the hospital to the village: a short one and a longer one."""
    (village,) = (row for row in rows_of("villages.csv") if row["code"] == stage.NEAR)
    (lat, lon), (there_lat, there_lon) = at(first_hospital()), at(village)
    drawn = Drawing(lat, lon)
    up, right = (there_lat - lat) * 111_000, (there_lon - lon) * 111_000
    bulge = -math.copysign((abs(up) + abs(right)) / 6, right)
    drawn.way((0, 0), (right, 0), name="Jalan Pendek", highway="secondary")
    drawn.way((right, 0), (right, up), name="Jalan Pendek", highway="secondary")
    drawn.way((0, 0), (bulge, up / 2), (0, up), name="Jalan Panjang", highway="secondary")
    drawn.way((0, up), (right, up), name="Jalan Panjang", highway="secondary")
    return drawn


@pytest.fixture(scope="module")
def bag_in_hand() -> list[str]:
    """The order of which Toni has the bag; empty until he has it."""
    return []


@pytest.fixture
def order(visit: Visit, bag_in_hand: list[str]) -> str:
    """Toni has fetched a bag for the village, and stands before the hospital."""
    if not bag_in_hand:
        code, rider = stage.place(visit("wati")), phone_of(visit)
        stage.release(visit("rini"), code)
        stage.begin_shift(rider)
        stage.assign(visit("yanti"), code, "Toni")
        stage.collect(rider, code, code)
        the_phone_tells_where_it_is(rider)
        bag_in_hand.append(code)
    return bag_in_hand[0]


def phone_of(visit: Visit, *, script: bool = True) -> Page:
    """Toni's phone, which knows where it is."""
    phone = visit("toni", width=360, script=script)
    phone.context.grant_permissions(["geolocation"])
    is_before_the_hospital(phone)
    return phone


def is_before_the_hospital(phone: Page) -> None:
    """The phone finds its place now."""
    lat, lon = at(first_hospital())
    phone.context.set_geolocation({"latitude": lat, "longitude": lon})


def the_phone_tells_where_it_is(phone: Page) -> None:
    """Places are written every few seconds: he looks again until his own counts.

    What the phone found before his shift is nobody's business, so it finds its place once more.
    """
    is_before_the_hospital(phone)
    with phone.expect_response("**/live/positions") as told:
        phone.goto("/dispatch/rider")
    assert told.value.status == 204
    phone.goto(WAY)
    for _ in range(LOOKS_MAX):
        if phone.locator(OTHER_WAYS).count() > 1:
            break
        phone.wait_for_timeout(500)
        phone.goto(WAY)
    expect(phone.locator(OTHER_WAYS)).not_to_have_count(0)


def test_the_way_is_drawn_and_he_takes_another_one(visit: Visit, order: str) -> None:
    phone = phone_of(visit)
    phone.goto(WAY)
    expect(phone.locator("[data-map]")).to_have_attribute("data-drawn", "yes")
    expect(phone.locator("main")).to_contain_text(order)
    turns = phone.locator("ol.turns")
    expect(turns).to_contain_text("Jalan Pendek")
    assert list(faults_at_a_glance(phone)) == []
    phone.locator(OTHER_WAYS).filter(has_text="Jalan Panjang").click()
    expect(turns).to_contain_text("Jalan Panjang")
    expect(turns).not_to_contain_text("Jalan Pendek")
    expect(phone.locator(f"{OTHER_WAYS}[aria-current]")).to_contain_text("Jalan Panjang")
    expect(phone.locator("[data-map]")).to_have_attribute("data-drawn", "yes")
    assert list(faults_at_a_glance(phone)) == []


def test_without_javascript_all_of_it_stands_there_in_words(visit: Visit, order: str) -> None:
    phone = phone_of(visit, script=False)
    phone.goto(WAY)
    expect(phone.locator("main")).to_contain_text(order)
    expect(phone.locator("ol.turns li")).not_to_have_count(0)
    expect(phone.locator("ol.places li[aria-current=step]")).to_be_visible()
    phone.locator(OTHER_WAYS).filter(has_text="Jalan Panjang").click()
    expect(phone.locator("ol.turns")).to_contain_text("Jalan Panjang")
