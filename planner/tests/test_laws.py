"""Laws that every plan obeys, whatever the world, the policy and the seed."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import hypothesis.strategies as st
from gancang_planner import (
    UNREACHABLE,
    Cost,
    Job,
    Kind,
    Plan,
    Route,
    Share,
    Snapshot,
    Stop,
    Stopping,
    Vehicle,
    Visit,
)
from hypothesis import HealthCheck, given, settings

from planner.tests.planners import each_planner
from planner.tests.worlds import policies, worlds

if TYPE_CHECKING:
    from collections.abc import Iterator

law = settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
A_FEW = Stopping(4)
SEEDS = st.integers(0, 2**32)


def clean(world: Snapshot, answer: Plan) -> list[tuple[Route, Vehicle]]:
    """The routes that break no limit, with their vehicles."""
    by_id = {vehicle.id: vehicle for vehicle in world.vehicles}
    return [(route, by_id[route.vehicle_id]) for route in answer.routes if not route.breaks]


def stops_of(world: Snapshot, route: Route) -> Iterator[tuple[Visit, Job, list[Stop]]]:
    """Each visit but the breaks, its job, and the stops of the job that it may be."""
    job_of = {job.id: job for job in world.jobs}
    for visit in route.visits:
        if visit.kind != Kind.BREAK:
            job = job_of[visit.job_id]
            mine = job.pickups if visit.kind == Kind.PICKUP else job.deliveries
            yield visit, job, [stop for stop in mine if stop.place == visit.place]


def jobs_in(route: Route) -> set[str]:
    return {visit.job_id for visit in route.visits if visit.kind != Kind.BREAK}


def way(world: Snapshot, vehicle: Vehicle, a: int, b: int) -> int:
    """Seconds of the vehicle at this hour; more than any shift has where no road leads."""
    seconds = int(world.matrices()[vehicle.profile].seconds[a, b])
    return -(-seconds * vehicle.pace_percent * world.hour_factor_percent() // 10_000)


def held(world: Snapshot) -> set[str]:
    return {each.job_id for vehicle in world.vehicles for each in vehicle.on_board}


@each_planner
@law
@given(worlds(), policies, SEEDS)
def test_every_job_is_in_one_route_or_left_out_with_a_reason(plan, world, policy, seed):
    answer = plan(world, policy, A_FEW, seed)
    served = [job_id for route in answer.routes for job_id in jobs_in(route)]
    gone = [job.id for job in world.jobs if job.id in held(world) and not job.deliveries]
    everyone = [*served, *gone, *(each.job_id for each in answer.unserved)]
    assert sorted(everyone) == sorted(job.id for job in world.jobs)


@each_planner
@law
@given(worlds(), policies, SEEDS)
def test_all_pickups_come_before_all_deliveries_in_the_same_vehicle(plan, world, policy, seed):
    for route in plan(world, policy, A_FEW, seed).routes:
        assert_pickups_come_first(world, route)


def assert_pickups_come_first(world: Snapshot, route: Route) -> None:
    """Each job of the route has each of its pickups once, then each of its deliveries once."""
    job_of = {job.id: job for job in world.jobs}
    for job in (job_of[job_id] for job_id in jobs_in(route)):
        visits = [visit for visit in route.visits if visit.job_id == job.id]
        pickups = () if job.id in held(world) else job.pickups
        assert [v.kind for v in visits] == [
            *(Kind.PICKUP for _ in pickups),
            *(Kind.DELIVERY for _ in job.deliveries),
        ]
        for kind, stops in ((Kind.PICKUP, pickups), (Kind.DELIVERY, job.deliveries)):
            numbers = sorted((v.stop, v.place) for v in visits if v.kind == kind)
            assert numbers == [(n, stop.place) for n, stop in enumerate(stops)]


@each_planner
@law
@given(worlds(), policies, SEEDS)
def test_no_vehicle_is_ever_overloaded(plan, world, policy, seed):
    by_id = {vehicle.id: vehicle for vehicle in world.vehicles}
    for route in plan(world, policy, A_FEW, seed).routes:
        vehicle = by_id[route.vehicle_id]
        aboard = [0] * len(vehicle.capacity)
        mine = {each.job_id for each in vehicle.on_board}
        for job in world.jobs:
            if job.id in mine or (job.id in jobs_in(route) and not job.pickups):
                aboard = plus(aboard, job.total_load())
        for visit in route.visits:
            if visit.kind != Kind.BREAK:
                aboard = after(world, route, visit, aboard)
            assert visit.load == tuple(aboard)
            assert route.breaks or all(
                a <= b for a, b in zip(aboard, vehicle.capacity, strict=True)
            )


def plus(load: list[int], more: tuple[int, ...], sign: int = 1) -> list[int]:
    return [a + sign * b for a, b in zip(load, more or [0] * len(load), strict=True)]


def after(world: Snapshot, route: Route, visit: Visit, aboard: list[int]) -> list[int]:
    """The load after a visit; of two stops of a job at one place, the one that was told."""
    _, job, stops = next(each for each in stops_of(world, route) if each[0] is visit)
    sign = 1 if visit.kind == Kind.PICKUP else -1
    loads = [plus(aboard, job.load_at(stop), sign) for stop in stops]
    return next((load for load in loads if tuple(load) == visit.load), loads[0])


@each_planner
@law
@given(worlds(), policies, SEEDS)
def test_nobody_is_visited_outside_the_windows_or_before_the_release(plan, world, policy, seed):
    for route, _ in clean(world, plan(world, policy, A_FEW, seed)):
        for visit, job, stops in stops_of(world, route):
            assert any(
                not stop.windows
                or any(w.opens_s <= visit.start_s <= w.closes_s for w in stop.windows)
                for stop in stops
            )
            assert visit.start_s >= job.release_s
            assert visit.late_s == 0


@each_planner
@law
@given(worlds(), policies, SEEDS)
def test_a_setup_is_spent_only_where_the_place_is_new(plan, world, policy, seed):
    for route, _ in clean(world, plan(world, policy, A_FEW, seed)):
        place = None
        for visit, _, stops in stops_of(world, route):
            spent_s = {
                stop.service_s + (stop.setup_s if visit.place != place else 0) for stop in stops
            }
            assert visit.departure_s - visit.start_s in spent_s
            place = visit.place


@each_planner
@law
@given(worlds(), policies, SEEDS)
def test_nobody_is_faster_than_the_roads_and_all_are_home_by_the_end_of_the_shift(
    plan, world, policy, seed
):
    for route, vehicle in clean(world, plan(world, policy, A_FEW, seed)):
        ready_s = max(world.now_s, vehicle.shift.opens_s, vehicle.available_from_s)
        assert ready_s <= route.departs_s
        free_s, place = ready_s, vehicle.start_place
        for n, visit in enumerate(route.visits):
            is_out = any(each.kind != Kind.BREAK for each in route.visits[:n])
            way_s = way(world, vehicle, place, visit.place)
            may_arrive = {(free_s if is_out else route.departs_s) + way_s}
            if Kind.BREAK in (visit.kind, *(each.kind for each in route.visits[max(0, n - 1) : n])):
                may_arrive.add(free_s)  # it rests before it drives, or had driven before it rested
            assert visit.arrival_s in may_arrive
            assert visit.start_s == visit.arrival_s + visit.waiting_s >= visit.arrival_s
            free_s, place = visit.departure_s, visit.place
        if vehicle.end_place is not None:
            free_s += way(world, vehicle, place, vehicle.end_place)
        assert route.ends_s == free_s <= vehicle.shift.closes_s


@each_planner
@law
@given(worlds(), policies, SEEDS)
def test_every_break_is_taken_on_the_road_or_can_be_at_its_end(plan, world, policy, seed):
    for route, vehicle in clean(world, plan(world, policy, A_FEW, seed)):
        rests = [visit for visit in route.visits if visit.kind == Kind.BREAK]
        for visit, rest in zip(rests, vehicle.breaks, strict=False):
            assert visit.departure_s == visit.start_s + rest.duration_s
            assert any(w.opens_s <= visit.start_s <= w.closes_s for w in rest.windows)
        free_s = route.ends_s
        for rest in vehicle.breaks[len(rests) :]:
            begins = [max(free_s, w.opens_s) for w in rest.windows if free_s <= w.closes_s]
            assert begins
            free_s = min(begins) + rest.duration_s


@each_planner
@law
@given(worlds(), policies, SEEDS)
def test_only_who_is_allowed_able_and_willing_gets_a_new_job(plan, world, policy, seed):
    for route, vehicle in clean(world, plan(world, policy, A_FEW, seed)):
        for _, job, _ in stops_of(world, route):
            if job.id not in vehicle.committed():
                assert job.skills <= vehicle.skills
                assert vehicle.id not in job.refused_by | job.forbidden_vehicles
                assert job.allowed_vehicles is None or vehicle.id in job.allowed_vehicles


@each_planner
@law
@given(worlds(), policies, SEEDS)
def test_nothing_is_on_board_for_longer_than_it_may(plan, world, policy, seed):
    since = {each.job_id: each.since_s for v in world.vehicles for each in v.on_board}
    for route, vehicle in clean(world, plan(world, policy, A_FEW, seed)):
        left_s = {job_id: [since_s] for job_id, since_s in since.items()}
        for visit, job, _ in stops_of(world, route):
            if visit.kind == Kind.PICKUP:
                left_s.setdefault(job.id, []).append(visit.departure_s)
                continue
            aboard_s = visit.start_s - min(left_s.get(job.id, [visit.start_s]))
            assert job.max_onboard_s is None or aboard_s <= job.max_onboard_s
            if job.max_detour_percent is not None:
                ends = (job.pickups[0].place, job.deliveries[0].place)
                if world.matrices()[vehicle.profile].seconds[ends] != UNREACHABLE:
                    direct_s = way(world, vehicle, *ends)
                    assert 100 * aboard_s <= job.max_detour_percent * direct_s


@each_planner
@law
@given(worlds(), policies, SEEDS)
def test_nobody_gets_more_jobs_stops_distance_or_work_than_the_most(plan, world, policy, seed):
    for route, vehicle in clean(world, plan(world, policy, A_FEW, seed)):
        calls = len([visit for visit in route.visits if visit.kind != Kind.BREAK])
        for most, is_so in (
            (vehicle.max_jobs, len(jobs_in(route))),
            (vehicle.max_stops, calls),
            (vehicle.max_distance_m, route.cost.distance_m),
            (vehicle.max_work_s, route.cost.duration_s),
        ):
            assert most is None or is_so <= most


@each_planner
@law
@given(worlds(), policies, SEEDS)
def test_what_is_on_board_or_promised_stays_in_its_order(plan, world, policy, seed):
    routes = {route.vehicle_id: route for route in plan(world, policy, A_FEW, seed).routes}
    job_of = {job.id: job for job in world.jobs}
    for vehicle in world.vehicles:
        visits = routes[vehicle.id].visits if vehicle.id in routes else ()
        on_board = [each.job_id for each in vehicle.on_board]
        brought = [v.job_id for v in visits if v.kind == Kind.DELIVERY and v.job_id in on_board]
        fetched = [
            v.job_id for v in visits if v.kind == Kind.PICKUP and v.job_id in vehicle.promised
        ]
        assert brought == [each for each in on_board for _ in job_of[each].deliveries]
        assert fetched == [each for each in vehicle.promised for _ in job_of[each].pickups]
        assert set(vehicle.promised) <= {visit.job_id for visit in visits}


@each_planner
@law
@given(worlds(), policies, SEEDS)
def test_a_vehicle_that_cannot_keep_its_promises_gets_nothing_new(plan, world, policy, seed):
    by_id = {vehicle.id: vehicle for vehicle in world.vehicles}
    for route in (r for r in plan(world, policy, A_FEW, seed).routes if r.breaks):
        assert jobs_in(route) <= set(by_id[route.vehicle_id].committed())


@each_planner
@law
@given(worlds(), policies, SEEDS)
def test_the_cost_is_the_sum_of_its_parts(plan, world, policy, seed):
    answer = plan(world, policy, A_FEW, seed)
    job_of = {job.id: job for job in world.jobs}
    lost = [job_of[each.job_id] for each in answer.unserved]
    here = {vehicle.id for vehicle in world.vehicles}
    had = {job_id: v for job_id, v in world.running if v in here}
    of_the_plan = Cost(
        unserved=sum(job.priority for job in lost),
        off_share=off_share(world, answer, policy.shares),
        changes=sum(job.id in had for job in lost),
    )
    assert answer.cost == sum((route.cost for route in answer.routes), start=of_the_plan)
    for route, vehicle in clean(world, answer):
        assert route.cost == route_cost(world, route, vehicle, had)
    for route in answer.routes:
        assert {each.job_id for each in route.added} == jobs_in(route)


def off_share(world: Snapshot, answer: Plan, shares: tuple[Share, ...]) -> int:
    """Jobs above the most and below the least of each fleet."""
    fleet_of = {vehicle.id: vehicle.fleet for vehicle in world.vehicles}
    served = [fleet_of[route.vehicle_id] for route in answer.routes for _ in jobs_in(route)]
    total = len(served) + sum(share.already for share in shares)
    off = 0
    for share in shares:
        has = served.count(share.fleet) + share.already
        off += max(0, has - total * share.most_percent // 100)
        off += max(0, -(-total * share.least_percent // 100) - has)
    return off


def route_cost(world: Snapshot, route: Route, vehicle: Vehicle, had: dict[str, str]) -> Cost:
    """The cost of a route from its visits alone."""
    calls = list(stops_of(world, route))
    path = [vehicle.start_place, *(visit.place for visit, _, _ in calls)]
    path += [] if vehicle.end_place is None else [vehicle.end_place]
    metres = world.matrices()[vehicle.profile].metres
    distance_m = sum(int(metres[a, b]) for a, b in pairwise(path))
    duration_s = route.ends_s - route.departs_s
    return Cost(
        vehicles=1,
        lateness_s=sum(
            max(0, visit.start_s - job.promise_s)
            for visit, job, _ in calls
            if visit.kind == Kind.DELIVERY and job.promise_s is not None
        ),
        wait_s=sum(
            visit.start_s - job.release_s for visit, job, _ in calls if visit.kind == Kind.PICKUP
        ),
        distance_m=distance_m,
        duration_s=duration_s,
        money=vehicle.fixed_cost
        + vehicle.cost_per_km * distance_m // 1000
        + vehicle.cost_per_hour * duration_s // 3600,
        imbalance_min2=((vehicle.worked_s + duration_s) ** 2 - vehicle.worked_s**2) // 3600,
        changes=sum(had.get(job_id, vehicle.id) != vehicle.id for job_id in jobs_in(route)),
    )
