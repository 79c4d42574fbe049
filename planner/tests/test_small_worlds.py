"""Worlds small enough to draw: a street of places one after the other, a minute apart."""

from __future__ import annotations

from dataclasses import replace

import pytest
from gancang_planner import (
    UNREACHABLE,
    Job,
    Kind,
    Limit,
    Matrix,
    OnBoard,
    Plan,
    Policy,
    Snapshot,
    Stop,
    Stopping,
    Term,
    Unserved,
    Vehicle,
    Window,
    plan,
)

MINUTE = 60
STREET = Matrix.of(
    [[MINUTE * abs(a - b) for b in range(10)] for a in range(10)],
    [[500 * abs(a - b) for b in range(10)] for a in range(10)],
)
ALL_DAY = Window(0, 600 * MINUTE)
RIDER = Vehicle("adi", 0, ALL_DAY, capacity=(2,))
BAG = Job("insulin", Stop(1), Stop(4), load=(1,))


def street(*jobs: Job, riders: tuple[Vehicle, ...] = (RIDER,), now_s: int = 0) -> Snapshot:
    return Snapshot(jobs, riders, STREET, now_s)


def stops_of(answer: Plan, vehicle_id: str) -> list[str]:
    """The visits of one vehicle in the manner +insulin, -insulin."""
    return [
        ("+" if visit.kind == Kind.PICKUP else "-") + visit.job_id
        for route in answer.routes
        if route.vehicle_id == vehicle_id
        for visit in route.visits
    ]


def reasons(answer: Plan) -> dict[str, Unserved]:
    return {each.job_id: each.reason for each in answer.unserved}


def test_one_bag_goes_up_the_street():
    # adi 0 . . + 1 . . . . - 4
    (route,) = plan(street(BAG)).routes
    assert [(v.arrival_s, v.load) for v in route.visits] == [(60, (1,)), (240, (0,))]
    assert (route.departs_s, route.ends_s, route.cost.distance_m) == (0, 240, 2000)
    assert route.added[0].cost == route.cost


def test_two_bags_of_one_counter_ride_together():
    answer = plan(street(BAG, Job("kapsul", Stop(1), Stop(3), load=(1,))))
    stops = stops_of(answer, "adi")
    assert {*stops[:2]} == {"+insulin", "+kapsul"}
    assert stops[2:] == ["-kapsul", "-insulin"]


def test_what_does_not_fit_together_is_carried_one_after_the_other():
    big = replace(BAG, load=(2,))
    answer = plan(street(big, replace(big, id="kapsul", deliveries=Stop(3))))
    assert stops_of(answer, "adi") == ["+kapsul", "-kapsul", "+insulin", "-insulin"]


def test_the_nearest_rider_goes():
    budi = replace(RIDER, id="budi", start_place=9)
    answer = plan(street(BAG, riders=(budi, RIDER)))
    assert stops_of(answer, "adi") == ["+insulin", "-insulin"]


def test_the_rider_who_has_worked_less_goes_where_work_is_to_be_shared():
    tired, rested = replace(RIDER, worked_s=9000), replace(RIDER, id="budi", start_place=2)
    policy = Policy.strict(Term.IMBALANCE)
    assert stops_of(plan(street(BAG, riders=(tired, rested)), policy), "budi")


def test_a_cold_bag_waits_at_the_counter_and_not_on_the_road():
    cold = replace(
        BAG, deliveries=Stop(4, (Window(60 * MINUTE, 70 * MINUTE),)), max_onboard_s=5 * MINUTE
    )
    (route,) = plan(street(cold)).routes
    pickup, delivery = route.visits
    assert pickup.departure_s == 55 * MINUTE
    assert delivery.start_s == 60 * MINUTE


def test_the_urgent_bag_goes_where_only_one_can():
    last_order = Window(0, 4 * MINUTE)
    bags = [
        replace(BAG, id=f"bag {n}", deliveries=Stop(4, (last_order,)), load=(2,)) for n in (1, 2)
    ]
    answer = plan(street(bags[0], replace(bags[1], priority=5)))
    assert stops_of(answer, "adi") == ["+bag 2", "-bag 2"]
    assert reasons(answer) == {"bag 1": Unserved.NO_CAPACITY_LEFT}


def test_what_is_on_board_goes_first_where_it_would_be_late_otherwise():
    held = replace(BAG, id="held", deliveries=Stop(2, (Window(0, 2 * MINUTE),)))
    rider = replace(RIDER, on_board=(OnBoard("held", 0),))
    back = Job("back", Stop(1, service_s=MINUTE), Stop(0), load=(1,))
    assert stops_of(plan(street(back, held, riders=(rider,))), "adi") == ["-held", "+back", "-back"]


def test_a_promise_is_kept_though_another_rider_is_nearer():
    far = replace(RIDER, id="budi", start_place=9, promised=("insulin",))
    assert stops_of(plan(street(BAG, riders=(RIDER, far))), "budi") == ["+insulin", "-insulin"]


def test_promises_are_fetched_in_the_order_in_which_they_were_given():
    bags = (Job("far", Stop(6), Stop(7), load=(1,)), Job("near", Stop(1), Stop(7), load=(1,)))
    rider = replace(RIDER, promised=("far", "near"))
    stops = stops_of(plan(street(*bags, riders=(rider,))), "adi")
    assert stops.index("+far") < stops.index("+near")


def test_a_promise_that_can_no_longer_be_kept_is_kept_late_and_said_so():
    late = replace(BAG, deliveries=Stop(4, (Window(0, 2 * MINUTE),)))
    rider = replace(RIDER, promised=("insulin",))
    answer = plan(street(late, replace(BAG, id="other"), riders=(rider,)))
    (route,) = answer.routes
    assert route.breaks == (Limit.WINDOW,)
    assert [visit.late_s for visit in route.visits] == [0, 2 * MINUTE]
    assert reasons(answer) == {"other": Unserved.NO_CAPACITY_LEFT}


def test_a_rider_who_is_too_full_already_is_said_to_be():
    heavy = replace(BAG, load=(3,))
    (route,) = plan(
        street(heavy, riders=(replace(RIDER, on_board=(OnBoard("insulin", 0),)),))
    ).routes
    assert route.breaks == (Limit.CAPACITY,)


def test_improvement_finds_what_insertion_missed():
    rider = replace(RIDER, capacity=(1,))
    bags = [
        Job(name, Stop(a), Stop(b), load=(1,))
        for name, a, b in (("a", 7, 7), ("b", 4, 6), ("c", 3, 7))
    ]
    policy = Policy.strict(Term.DISTANCE)
    first = plan(street(*bags, riders=(rider,)), policy, Stopping(0))
    better = plan(street(*bags, riders=(rider,)), policy, Stopping(30))
    assert (first.cost.distance_m, better.cost.distance_m) == (6500, 6000)


def test_an_empty_world_has_an_empty_plan():
    assert plan(Snapshot((), (), Matrix.of((), ()))) == Plan((), (), plan(street()).cost, 0)


NO_WAY = Matrix.of(
    [[UNREACHABLE if b == 4 else s for b, s in enumerate(row)] for row in STREET.seconds.tolist()],
    STREET.metres,
)
SHORT = Window(0, 3 * MINUTE)


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
            Unserved.NO_CAPACITY_LEFT,
            street(BAG, replace(BAG, id="a", priority=2), riders=(replace(RIDER, max_jobs=1),)),
            street(BAG, replace(BAG, id="a", priority=2), riders=(replace(RIDER, max_jobs=2),)),
        ),
    ],
)
def test_a_job_left_out_is_served_once_its_reason_is_gone(reason, broken, mended):
    assert reasons(plan(broken)) == {"insulin": reason}
    assert reasons(plan(mended)) == {}


def test_a_reason_holds_for_the_riders_whom_the_earlier_reasons_leave():
    too_far = replace(RIDER, id="budi", start_place=9)
    nearly_home = replace(RIDER, shift=Window(0, 239))
    bag = replace(BAG, deliveries=Stop(4, (Window(0, 4 * MINUTE),)))
    assert reasons(plan(street(bag, riders=(too_far,)))) == {"insulin": Unserved.WINDOW_CLOSED}
    both = street(bag, riders=(too_far, nearly_home))
    assert reasons(plan(both)) == {"insulin": Unserved.SHIFT_ENDS}
