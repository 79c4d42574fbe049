"""A programme is measured by the numbers that it names: target and what was reached."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from gancang.figures.success import Counted, Success
from gancang.servings.tests.test_meals import (
    cooks,
    couriers,
    elders,
    kitchens,
    ride,
    seated,
    stops,
    today,
)
from tests.cast import client_of, delivered

if TYPE_CHECKING:
    from tests.cast import Cast


def test_the_officer_sees_what_the_meals_reached_beside_their_targets(cast: Cast) -> None:
    kitchen = kitchens(cast)[0]
    seated(cast, elders(cast, 2, around=kitchen))
    cooks(cast, kitchen, 40)
    assert ride(cast, couriers(cast)) == 302
    first, second = stops(cast)
    client_of(first.round.courier).post(f"/servings/stops/{first.code}/seen")
    gone = {"reason": "pintu terkunci"}
    client_of(second.round.courier).post(f"/servings/stops/{second.code}/unseen", gone)
    answer = client_of(cast.officer).get("/figures/programmes/rantang-kasih")
    reached = {row.number: row.reached for row in answer.context["rows"]}
    assert (reached["served_share"], reached["waiting_days"]) == (50, 0)
    assert reached["cost_per_person_rp"] == 12_000 + 12_000 + 2_000  # both cooked, one opened
    page = answer.content.decode()
    assert "belum tercapai" in page
    assert "95" in page
    yesterday = (today(cast) - timedelta(days=1)).isoformat()
    asked = f"/figures/programmes/rantang-kasih?from={yesterday}&until={yesterday}"
    rows = client_of(cast.treasurer).get(asked).context["rows"]
    assert {row.reached for row in rows if row.number != "waiting_days"} == {None}


def test_deliveries_count_with_their_promise(cast: Cast) -> None:
    order = delivered(cast)
    address = f"/figures/programmes/{order.programme.code}"
    counted = client_of(cast.auditor).get(address).context["counted"]
    assert (counted.planned, counted.served, counted.on_time, counted.people) == (1, 1, 1, 1)
    assert counted.cost_rp == order.price_rp
    assert client_of(cast.officer).get(f"{address}?from=kemarin").status_code == 400


NONE = Counted(planned=0, served=0, promised=0, on_time=0, people=0, cost_rp=0, waited_days=())


@pytest.mark.parametrize(
    ("number", "target", "reached", "met"),
    [
        ("served_share", 90, 90, True),
        ("served_share", 90, 89, False),
        ("waiting_days", 14, 14, True),
        ("waiting_days", 14, 15, False),
        ("cost_per_person_rp", 100, 101, False),
        ("people_served", 5, None, None),
    ],
)
def test_more_is_better_but_of_costs_and_days(
    number: str, target: int, reached: int | None, met: bool | None
) -> None:
    assert Success(number, target, reached).is_met is met


def test_what_nobody_counted_is_not_nought() -> None:
    assert NONE.reached("served_share") is None
    assert NONE.reached("cost_per_person_rp") is None
    assert NONE.reached("people_served") == 0
