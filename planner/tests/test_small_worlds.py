"""Worlds small enough to draw: a street of places one after the other, a minute apart."""

from __future__ import annotations

from dataclasses import replace

from gancang_planner import (
    Break,
    Job,
    Kind,
    Limit,
    Matrix,
    OnBoard,
    Plan,
    Policy,
    Share,
    Snapshot,
    Stop,
    Stopping,
    Term,
    Unserved,
    Vehicle,
    Window,
    reference,
)

from planner.tests.planners import each_planner

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


@each_planner
def test_one_bag_goes_up_the_street(plan):
    # adi 0 . . + 1 . . . . - 4
    (route,) = plan(street(BAG)).routes
    assert [(v.arrival_s, v.load) for v in route.visits] == [(60, (1,)), (240, (0,))]
    assert (route.departs_s, route.ends_s, route.cost.distance_m) == (0, 240, 2000)
    assert route.added[0].cost == route.cost


@each_planner
def test_two_bags_of_one_counter_ride_together(plan):
    answer = plan(street(BAG, Job("kapsul", Stop(1), Stop(3), load=(1,))))
    stops = stops_of(answer, "adi")
    assert {*stops[:2]} == {"+insulin", "+kapsul"}
    assert stops[2:] == ["-kapsul", "-insulin"]


@each_planner
def test_what_does_not_fit_together_is_carried_one_after_the_other(plan):
    big = replace(BAG, load=(2,))
    answer = plan(street(big, replace(big, id="kapsul", deliveries=Stop(3))))
    assert stops_of(answer, "adi") == ["+kapsul", "-kapsul", "+insulin", "-insulin"]


@each_planner
def test_the_nearest_rider_goes(plan):
    budi = replace(RIDER, id="budi", start_place=9)
    answer = plan(street(BAG, riders=(budi, RIDER)))
    assert stops_of(answer, "adi") == ["+insulin", "-insulin"]


@each_planner
def test_the_rider_who_has_worked_less_goes_where_work_is_to_be_shared(plan):
    tired, rested = replace(RIDER, worked_s=9000), replace(RIDER, id="budi", start_place=2)
    policy = Policy.strict(Term.IMBALANCE)
    assert stops_of(plan(street(BAG, riders=(tired, rested)), policy), "budi")


@each_planner
def test_a_cold_bag_waits_at_the_counter_and_not_on_the_road(plan):
    cold = replace(
        BAG, deliveries=Stop(4, (Window(60 * MINUTE, 70 * MINUTE),)), max_onboard_s=5 * MINUTE
    )
    (route,) = plan(street(cold)).routes
    pickup, delivery = route.visits
    assert pickup.departure_s == 55 * MINUTE
    assert delivery.start_s == 60 * MINUTE


@each_planner
def test_the_urgent_bag_goes_where_only_one_can(plan):
    last_order = Window(0, 4 * MINUTE)
    bags = [
        replace(BAG, id=f"bag {n}", deliveries=Stop(4, (last_order,)), load=(2,)) for n in (1, 2)
    ]
    answer = plan(street(bags[0], replace(bags[1], priority=5)))
    assert stops_of(answer, "adi") == ["+bag 2", "-bag 2"]
    assert reasons(answer) == {"bag 1": Unserved.NO_CAPACITY_LEFT}


@each_planner
def test_what_is_on_board_goes_first_where_it_would_be_late_otherwise(plan):
    held = replace(BAG, id="held", deliveries=Stop(2, (Window(0, 2 * MINUTE),)))
    rider = replace(RIDER, on_board=(OnBoard("held", 0),))
    back = Job("back", Stop(1, service_s=MINUTE), Stop(0), load=(1,))
    assert stops_of(plan(street(back, held, riders=(rider,))), "adi") == ["-held", "+back", "-back"]


@each_planner
def test_a_promise_is_kept_though_another_rider_is_nearer(plan):
    far = replace(RIDER, id="budi", start_place=9, promised=("insulin",))
    assert stops_of(plan(street(BAG, riders=(RIDER, far))), "budi") == ["+insulin", "-insulin"]


@each_planner
def test_promises_are_fetched_in_the_order_in_which_they_were_given(plan):
    bags = (Job("far", Stop(6), Stop(7), load=(1,)), Job("near", Stop(1), Stop(7), load=(1,)))
    rider = replace(RIDER, promised=("far", "near"))
    stops = stops_of(plan(street(*bags, riders=(rider,))), "adi")
    assert stops.index("+far") < stops.index("+near")


@each_planner
def test_promises_that_can_no_longer_be_kept_keep_their_order(plan):
    late = replace(BAG, deliveries=Stop(4, (Window(0, 2 * MINUTE),)))
    rider = replace(RIDER, promised=("insulin", "a"))
    stops = stops_of(plan(street(late, replace(late, id="a"), riders=(rider,))), "adi")
    assert stops.index("+insulin") < stops.index("+a")


@each_planner
def test_a_promise_that_can_no_longer_be_kept_is_kept_late_and_said_so(plan):
    late = replace(BAG, deliveries=Stop(4, (Window(0, 2 * MINUTE),)))
    rider = replace(RIDER, promised=("insulin",))
    answer = plan(street(late, replace(BAG, id="other"), riders=(rider,)))
    (route,) = answer.routes
    assert route.breaks == (Limit.WINDOW,)
    assert [visit.late_s for visit in route.visits] == [0, 2 * MINUTE]
    assert reasons(answer) == {"other": Unserved.NO_CAPACITY_LEFT}


@each_planner
def test_a_rider_who_is_too_full_already_is_said_to_be(plan):
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
    first = reference.plan(street(*bags, riders=(rider,)), policy, Stopping(0))
    better = reference.plan(street(*bags, riders=(rider,)), policy, Stopping(30))
    assert (first.cost.distance_m, better.cost.distance_m) == (6500, 6000)


@each_planner
def test_an_empty_world_has_an_empty_plan(plan):
    assert plan(Snapshot((), (), Matrix.of((), ()))) == Plan((), (), plan(street()).cost, 0)


@each_planner
def test_a_nurse_pays_her_visits_one_after_the_other_and_carries_nothing(plan):
    visits = [Job.visit(f"lansia {at}", Stop(at, service_s=MINUTE)) for at in (7, 2, 5)]
    (route,) = plan(street(*visits)).routes
    assert [(v.kind, v.place, v.load) for v in route.visits] == [
        (Kind.DELIVERY, at, (0,)) for at in (2, 5, 7)
    ]
    assert route.ends_s == (7 + 3) * MINUTE


@each_planner
def test_a_round_parks_at_the_kitchen_once(plan):
    kitchen = Stop(1, setup_s=10 * MINUTE, service_s=MINUTE)
    meals = [Job(f"meal {at}", kitchen, Stop(at), load=(1,)) for at in (3, 4)]
    (route,) = plan(street(*meals)).routes
    assert [v.departure_s - v.start_s for v in route.visits[:2]] == [11 * MINUTE, MINUTE]
    assert route.ends_s == (4 + 12) * MINUTE


@each_planner
def test_what_is_collected_stays_on_board_and_what_is_brought_was_there_from_the_start(plan):
    sample = Job("sample", pickups=Stop(2), load=(1,))
    vaccine = Job("vaccine", deliveries=Stop(3), load=(2,))
    (route,) = plan(street(sample, vaccine)).routes
    assert [(v.job_id, v.load) for v in route.visits] == [("vaccine", (0,)), ("sample", (1,))]


@each_planner
def test_two_counters_fill_one_bag_that_is_left_at_two_doors(plan):
    bag = Job(
        "bag",
        (Stop(6, load=(2,)), Stop(1, load=(1,))),
        (Stop(8, load=(1,)), Stop(7, load=(2,))),
        load=(3,),
    )
    (route,) = plan(street(bag, riders=(replace(RIDER, capacity=(3,)),))).routes
    assert [(v.place, v.stop, v.load) for v in route.visits] == [
        (1, 1, (1,)),
        (6, 0, (3,)),
        (7, 1, (1,)),
        (8, 0, (0,)),
    ]


@each_planner
def test_a_passenger_does_not_ride_round_the_houses(plan):
    early = Window(0, 3 * MINUTE)
    ride = Job.ride("Sari", Stop(1, (early,)), Stop(3), max_detour_percent=150)
    # Out of the way for her: at 5 before going back to 3 she would have ridden for 6 minutes.
    other = Job("bag", Stop(1), Stop(5, (Window(0, 5 * MINUTE),)), load=(1,))
    answer = plan(street(ride, other))
    assert stops_of(answer, "adi") in (
        ["+Sari", "+bag", "-Sari", "-bag"],
        ["+bag", "+Sari", "-Sari", "-bag"],
    )
    slow = replace(RIDER, pace_percent=200)
    assert reasons(plan(street(replace(ride, max_onboard_s=200), riders=(slow,)))) == {
        "Sari": Unserved.ON_BOARD_TOO_LONG
    }


@each_planner
def test_a_rider_rests_at_noon_where_it_costs_least(plan):
    # He would stand at 1 from minute 1 on; the window of the counter opens at minute 10.
    late = replace(BAG, pickups=Stop(1, (Window(10 * MINUTE, 20 * MINUTE),)))
    noon = Break((Window(2 * MINUTE, 5 * MINUTE),), 6 * MINUTE)
    (route,) = plan(street(late, riders=(replace(RIDER, breaks=(noon,)),))).routes
    assert [(v.kind, v.start_s, v.departure_s) for v in route.visits] == [
        (Kind.BREAK, 2 * MINUTE, 8 * MINUTE),
        (Kind.PICKUP, 10 * MINUTE, 10 * MINUTE),
        (Kind.DELIVERY, 13 * MINUTE, 13 * MINUTE),
    ]
    assert (route.visits[0].place, route.departs_s) == (1, MINUTE)  # at the counter, early


@each_planner
def test_whoever_is_done_rests_at_home(plan):
    evening = Break((Window(5 * MINUTE, 6 * MINUTE),), 60 * MINUTE)
    (route,) = plan(street(BAG, riders=(replace(RIDER, breaks=(evening,)),))).routes
    assert Kind.BREAK not in {visit.kind for visit in route.visits}
    assert route.ends_s == 4 * MINUTE


@each_planner
def test_rain_and_a_slow_cart_make_ways_longer(plan):
    rain = street(BAG, riders=(replace(RIDER, pace_percent=150),))
    rain = replace(rain, hour_percent=(200, *(100 for _ in range(23))))
    (route,) = plan(rain).routes
    assert route.ends_s == 4 * 3 * MINUTE


@each_planner
def test_each_vehicle_drives_by_the_ways_of_its_profile(plan):
    by_boat = Matrix.of([[10] * 10] * 10, [[100] * 10] * 10)
    boat = replace(RIDER, id="boat", profile="boat")
    world = Snapshot((BAG,), (RIDER, boat), {"": STREET, "boat": by_boat})
    assert plan(world).routes[0].ends_s == 20


@each_planner
def test_the_cheaper_vehicle_goes_and_an_idle_one_costs_nothing(plan):
    car = replace(RIDER, id="car", fixed_cost=5_000, cost_per_km=3_000, cost_per_hour=60_000)
    bike = replace(RIDER, id="bike", cost_per_km=4_000, start_place=1)
    answer = plan(street(BAG, riders=(car, bike)), Policy.strict(Term.MONEY))
    assert [(r.vehicle_id, r.cost.money) for r in answer.routes] == [("bike", 6_000)]
    dear = replace(bike, cost_per_km=40_000)
    (route,) = plan(street(BAG, riders=(car, dear)), Policy.strict(Term.MONEY)).routes
    assert route.cost.money == 5_000 + 2 * 3_000 + 4_000


@each_planner
def test_a_fleet_gets_its_share_though_others_are_nearer(plan):
    near = replace(RIDER, fleet="pos")
    far = replace(RIDER, id="budi", start_place=9, fleet="ojek")
    policy = Policy.strict(Term.OFF_SHARE, Term.DISTANCE, shares=(Share("ojek", 50, 50),))
    bags = [replace(BAG, id=f"bag {n}") for n in (1, 2)]
    answer = plan(street(*bags, riders=(near, far)), policy)
    assert sorted(len(stops_of(answer, rider)) for rider in ("adi", "budi")) == [2, 2]
    assert answer.cost.off_share == 0
    full = Policy.strict(Term.OFF_SHARE, Term.DISTANCE, shares=(Share("ojek", 0, 50, already=2),))
    assert stops_of(plan(street(*bags, riders=(near, far)), full), "budi") == []


@each_planner
def test_riders_are_not_swapped_without_a_gain(plan):
    budi = replace(RIDER, id="budi", start_place=3)
    running = replace(street(BAG, riders=(RIDER, budi)), running=(("insulin", "budi"),))
    calm = Policy.strict(Term.CHANGES, Term.DURATION)
    assert stops_of(plan(running, calm), "budi") == ["+insulin", "-insulin"]
    swapped = plan(running, Policy.strict(Term.DURATION))
    assert (stops_of(swapped, "adi"), swapped.cost.changes) == (["+insulin", "-insulin"], 1)


@each_planner
def test_a_plan_is_taken_up_again_where_it_stood(plan):
    budi = replace(RIDER, id="budi", start_place=5)
    yesterday = plan(street(BAG, riders=(budi,)))
    today = street(BAG, Job("new", Stop(0), Stop(2), load=(1,)), riders=(RIDER, budi))
    told = []
    again = plan(
        today, stop=Stopping(0), warm=yesterday, on_progress=lambda *gain: told.append(gain)
    )
    assert stops_of(again, "budi") == ["+insulin", "-insulin"]
    assert stops_of(again, "adi") == ["+new", "-new"]
