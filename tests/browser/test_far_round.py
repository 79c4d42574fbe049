"""Three patients of far villages are brought their medicine on one round, in the browser."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from itertools import cycle
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.browser import stage
from tests.browser.conftest import demonstrating
from tests.browser.demonstration import far_villages, zone_of_the_stories

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page, StorageState

    from tests.browser.conftest import Visit
    from tests.browser.demonstration import Demonstration


@pytest.fixture(scope="module")
def demonstration(chromium: str) -> Iterator[Demonstration]:
    """One of its own: nobody is at work, and nobody has bags left over from another story."""
    assert chromium
    with demonstrating() as running:
        yield running


@pytest.fixture(scope="module")
def known() -> dict[str, StorageState]:
    """Nobody has logged in there before."""
    return {}


NAMES = ("Sumiati Lestari", "Paimin Basuki", "Katemi Utami")


def test_three_patients_far_away_share_one_round_and_its_cost(visit: Visit) -> None:
    clerk, rider = visit("wati"), visit("slamet", width=360)
    # Nobody is at work yet: what is released in the morning waits for the round.
    the_rider_has_large_panniers(visit("yanti"), "Slamet")
    people = three_of_one_departure(clerk)
    for code in people:
        stage.release(visit("rini"), code)
    alone = sum(price_of(clerk, code) for code in people)

    stage.begin_shift(rider)
    offer = rider.locator("section.card", has=rider.locator("form[action*='/offers/']"))
    offer = offer.filter(has=rider.locator("ul li"))
    for _look in range(600):  # a round sets out every minute
        if offer.count():
            break
        rider.wait_for_timeout(500)
        rider.goto("/dispatch/rider")
    expect(offer.locator("li")).to_have_count(len(people))
    pay = in_rupiah(offer.locator("h2").inner_text())
    assert pay == sum(in_rupiah(line) for line in offer.locator("li").all_inner_texts())
    assert pay < alone
    offer.locator("button[value=yes]").click()
    rider.wait_for_url("**/dispatch/rider/orders/*")

    for code in people:
        stage.collect(rider, code, code)
    for code in the_stops_in_order(rider, people):
        stage.hand_over(rider, code, receiver=people[code])
    stage.end_shift(rider)

    treasurer = visit("hadi")
    treasurer.goto("/overview/book")
    lines = [line for code in people for line in stage.row_of(treasurer, code).all_inner_texts()]
    assert sum(map(in_rupiah, lines)) == pay


def test_at_every_minute_of_the_day_there_is_time_for_a_round_before_midnight() -> None:
    for minute in range(24 * 60):
        now = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=minute)
        there = now.astimezone(ZoneInfo(zone_of_the_stories(now)))
        assert there.time() < time(22, 31), now


def three_of_one_departure(clerk: Page) -> dict[str, str]:
    """The codes of three orders that set out together, each with its patient's name.

    Rounds set out every minute here: whoever was placed just before the others' minute goes by
    himself, and his bag is not made ready in this story.
    """
    departures: dict[str, dict[str, str]] = {}
    villages = far_villages()
    for number, name in enumerate(cycle(NAMES)):
        code = stage.place(clerk, full_name=name, village=villages[number % len(villages)])
        together = departures.setdefault(clerk.locator("dd.way").inner_text(), {})
        together[code] = name
        if len(together) == len(NAMES):
            return together
    raise AssertionError(departures)


def the_rider_has_large_panniers(operator: Page, name: str) -> None:
    operator.goto("/fleet/riders")
    stage.row_of(operator, name).locator("a").first.click()
    operator.click("a[href$='/change']")
    operator.fill("[name=phone]", "0812 9999 8888")
    operator.fill("[name=bags_max]", "20")
    stage.send(operator, "bags_max")
    operator.wait_for_url(lambda url: not url.endswith("/change"))


def price_of(clerk: Page, code: str) -> int:
    """What an order would cost by itself: set aside, until the round is paid for."""
    clerk.goto(f"/medicine/orders/{code}")
    return max(in_rupiah(text) for text in clerk.locator("dl.facts dd").all_inner_texts())


def the_stops_in_order(rider: Page, people: dict[str, str]) -> list[str]:
    """The codes of the round's doors as the rider's page lists them."""
    rider.goto("/dispatch/rider")
    told = rider.locator("ol.story .code").all_inner_texts()
    stops = [code for code in told if code in people]
    assert sorted(stops) == sorted(people)
    return stops


def in_rupiah(told: str) -> int:
    """The last amount of money in a text, 0 if it tells none."""
    found = re.findall(r"Rp\s?([\d.]+)", told)
    return int(found[-1].replace(".", "")) if found else 0
