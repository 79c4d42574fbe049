"""Why a job is left out, in worlds small enough to draw: mending the reason serves it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from gancang_planner import (
    UNREACHABLE,
    Break,
    Matrix,
    Stop,
    Unserved,
    Window,
)

from planner.tests.planners import each_planner
from planner.tests.test_small_worlds import ALL_DAY, BAG, MINUTE, RIDER, STREET, reasons, street

NO_WAY = Matrix.of(
    [[UNREACHABLE if b == 4 else s for b, s in enumerate(row)] for row in STREET.seconds.tolist()],
    STREET.metres,
)
SHORT = Window(0, 3 * MINUTE)
RESTING = replace(RIDER, breaks=(Break((Window(0, 0),), MINUTE),))


@each_planner
@pytest.mark.parametrize(
    ("reason", "broken", "mended"),
    [
        (Unserved.NO_VEHICLE_ON_SHIFT, street(BAG, riders=()), street(BAG)),
        (Unserved.NO_VEHICLE_ON_SHIFT, street(BAG, now_s=ALL_DAY.closes_s), street(BAG)),
        (
            Unserved.NOT_ALLOWED,
            street(replace(BAG, allowed_vehicles=frozenset({"budi"}))),
            street(replace(BAG, allowed_vehicles=frozenset({"adi"}))),
        ),
        (
            Unserved.NOT_ALLOWED,
            street(replace(BAG, forbidden_vehicles=frozenset({"adi"}))),
            street(replace(BAG, forbidden_vehicles=frozenset({"budi"}))),
        ),
        (
            Unserved.SKILL_MISSING,
            street(replace(BAG, skills=frozenset({"cold"}))),
            street(
                replace(BAG, skills=frozenset({"cold"})),
                riders=(replace(RIDER, skills=frozenset({"cold"})),),
            ),
        ),
        (Unserved.ALL_REFUSED, street(replace(BAG, refused_by=frozenset({"adi"}))), street(BAG)),
        (Unserved.TOO_BIG, street(replace(BAG, load=(3,))), street(replace(BAG, load=(2,)))),
        (Unserved.UNREACHABLE, replace(street(BAG), matrix=NO_WAY), street(BAG)),
        (
            Unserved.WINDOW_CLOSED,
            street(replace(BAG, deliveries=Stop(4, (SHORT,)))),
            street(replace(BAG, deliveries=Stop(4, (SHORT, Window(200, 240))))),
        ),
        (
            Unserved.WINDOW_CLOSED,
            street(replace(BAG, pickups=Stop(1, (SHORT,)), release_s=181)),
            street(replace(BAG, pickups=Stop(1, (SHORT,)), release_s=180)),
        ),
        (
            Unserved.ON_BOARD_TOO_LONG,
            street(replace(BAG, max_onboard_s=179)),
            street(replace(BAG, max_onboard_s=180)),
        ),
        (
            Unserved.SHIFT_ENDS,
            street(BAG, riders=(replace(RIDER, shift=Window(0, 239)),)),
            street(BAG, riders=(replace(RIDER, shift=Window(0, 240)),)),
        ),
        (
            Unserved.TOO_BIG,
            street(BAG, riders=(replace(RIDER, max_stops=1),)),
            street(BAG, riders=(replace(RIDER, max_stops=2),)),
        ),
        (
            Unserved.WINDOW_CLOSED,
            street(BAG, riders=(replace(RESTING, available_from_s=1),)),
            street(BAG, riders=(RESTING,)),
        ),
        (
            Unserved.ON_BOARD_TOO_LONG,
            street(replace(BAG, pickups=Stop(1, (Window(0, 99),)), max_detour_percent=99)),
            street(replace(BAG, pickups=Stop(1, (Window(0, 99),)), max_detour_percent=100)),
        ),
        (
            Unserved.TOO_FAR,
            street(BAG, riders=(replace(RIDER, max_distance_m=1999),)),
            street(BAG, riders=(replace(RIDER, max_distance_m=2000),)),
        ),
        (
            Unserved.TOO_LONG,
            street(BAG, riders=(replace(RIDER, max_work_s=239),)),
            street(BAG, riders=(replace(RIDER, max_work_s=240),)),
        ),
        (
            Unserved.NO_CAPACITY_LEFT,
            street(BAG, replace(BAG, id="a", priority=2), riders=(replace(RIDER, max_jobs=1),)),
            street(BAG, replace(BAG, id="a", priority=2), riders=(replace(RIDER, max_jobs=2),)),
        ),
    ],
)
def test_a_job_left_out_is_served_once_its_reason_is_gone(plan, reason, broken, mended):
    assert reasons(plan(broken)) == {"insulin": reason}
    assert reasons(plan(mended)) == {}


@each_planner
def test_a_reason_holds_for_the_riders_whom_the_earlier_reasons_leave(plan):
    too_far = replace(RIDER, id="budi", start_place=9)
    nearly_home = replace(RIDER, shift=Window(0, 239))
    bag = replace(BAG, deliveries=Stop(4, (Window(0, 4 * MINUTE),)))
    assert reasons(plan(street(bag, riders=(too_far,)))) == {"insulin": Unserved.WINDOW_CLOSED}
    both = street(bag, riders=(too_far, nearly_home))
    assert reasons(plan(both)) == {"insulin": Unserved.SHIFT_ENDS}
