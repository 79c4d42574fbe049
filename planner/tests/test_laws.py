"""Laws that every plan obeys, whatever the world, the policy and the seed."""

from __future__ import annotations

from dataclasses import replace
from itertools import count, pairwise
from typing import TYPE_CHECKING, Any

import hypothesis.strategies as st
from gancang_planner import (
    DEFAULT_POLICY,
    UNREACHABLE,
    Cost,
    Job,
    Kind,
    Matrix,
    OnBoard,
    Plan,
    Policy,
    Route,
    Snapshot,
    Stop,
    Stopping,
    Term,
    Unserved,
    Vehicle,
    Visit,
    Window,
    plan,
)
from hypothesis import HealthCheck, given, settings

if TYPE_CHECKING:
    from collections.abc import Callable

law = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
A_FEW = Stopping(4)
FOREVER = Window(0, 10**6)
SKILLS = st.frozensets(st.sampled_from(["cold", "class B"]), max_size=1)
SEEDS = st.integers(0, 2**32)


def seldom(unusual: st.SearchStrategy[Any], usual: Any) -> st.SearchStrategy[Any]:
    """The unusual one time in five, lest so much is refused that no law is put to the test."""
    return st.sampled_from([False] * 4 + [True]).flatmap(
        lambda is_unusual: unusual if is_unusual else st.just(usual)
    )


@st.composite
def windows(draw: st.DrawFn) -> tuple[Window, ...]:
    """One or two windows, one after the other."""
    times = sorted(draw(st.lists(st.integers(0, 250), min_size=4, max_size=4, unique=True)))
    both = (Window(times[0], times[1]), Window(times[2], times[3]))
    return both[draw(st.integers(0, 1)) :]


@st.composite
def jobs(draw: st.DrawFn, name: str, places: int, dimensions: int) -> Job:
    """A job somewhere, with a random choice of the things that may bind it."""
    stops = st.builds(Stop, st.integers(0, places - 1), seldom(windows(), ()), st.integers(0, 5))
    riders = seldom(st.frozensets(st.sampled_from(["v0", "v1", "v2"])), frozenset())
    return Job(
        id=name,
        pickups=draw(stops),
        deliveries=draw(stops),
        load=tuple(draw(st.sampled_from([0, 1, 1, 1, 2, 2, 4])) for _ in range(dimensions)),
        skills=draw(seldom(SKILLS, frozenset())),
        priority=draw(st.integers(1, 3)),
        release_s=draw(st.integers(0, 120)),
        promise_s=draw(st.none() | st.integers(0, 250)),
        max_onboard_s=draw(seldom(st.integers(0, 60), None)),
        allowed_vehicles=draw(seldom(riders, None)),
        forbidden_vehicles=draw(riders),
        refused_by=draw(riders),
    )


@st.composite
def vehicles(draw: st.DrawFn, name: str, places: int, dimensions: int) -> Vehicle:
    """A vehicle somewhere, with nothing given to it yet."""
    opens_s = draw(st.integers(0, 60))
    return Vehicle(
        id=name,
        start_place=draw(st.integers(0, places - 1)),
        shift=Window(opens_s, opens_s + draw(st.integers(0, 150) | st.integers(150, 400))),
        end_place=draw(st.none() | st.integers(0, places - 1)),
        capacity=tuple(draw(st.integers(1, 5)) for _ in range(dimensions)),
        skills=draw(SKILLS),
        max_jobs=draw(seldom(st.integers(1, 3), None)),
        available_from_s=draw(st.integers(0, 60)),
        worked_s=draw(st.integers(0, 1000)),
    )


@st.composite
def worlds(draw: st.DrawFn) -> Snapshot:
    """Up to six jobs and three vehicles; some jobs on board, some promised; few roads missing."""
    places = draw(st.integers(2, 5))
    dimensions = draw(st.integers(0, 2))
    ways = st.integers(0, 25)
    ways = draw(seldom(st.just(seldom(st.just(UNREACHABLE), 9)), ways))
    row = st.lists(ways, min_size=places, max_size=places)
    rows = draw(st.lists(row, min_size=places, max_size=places))
    sizes = st.sampled_from([0, 1, 2, 3, 4, 5, 6])
    some_jobs = [draw(jobs(f"j{n}", places, dimensions)) for n in range(draw(sizes))]
    fleet_size = draw(st.sampled_from([0, 1, 1, 2, 2, 2, 3, 3]))
    fleet = [draw(vehicles(f"v{n}", places, dimensions)) for n in range(fleet_size)]
    for job in some_jobs:
        v = draw(seldom(st.integers(0, fleet_size - 1), None)) if fleet else None
        if v is not None and draw(st.booleans()):
            on_board = (*fleet[v].on_board, OnBoard(job.id, draw(st.integers(0, 60))))
            fleet[v] = replace(fleet[v], on_board=on_board)
        elif v is not None:
            fleet[v] = replace(fleet[v], promised=(*fleet[v].promised, job.id))
    matrix = Matrix.of(rows, rows)
    return Snapshot(tuple(some_jobs), tuple(fleet), matrix, draw(st.integers(0, 60)))


policies = st.sampled_from(
    [
        DEFAULT_POLICY,
        Policy.strict(Term.LATENESS, Term.DISTANCE),
        Policy.strict(Term.IMBALANCE, Term.WAIT),
        Policy.weighted({Term.DISTANCE: 1, Term.WAIT: 2}),
    ]
)


def new_visits(world: Snapshot, answer: Plan) -> list[tuple[Route, Vehicle, Visit, Job]]:
    """Each visit of a route that breaks no limit, with its vehicle and job."""
    by_id = {vehicle.id: vehicle for vehicle in world.vehicles}
    job_of = {job.id: job for job in world.jobs}
    return [
        (route, by_id[route.vehicle_id], visit, job_of[visit.job_id])
        for route in answer.routes
        if not route.breaks
        for visit in route.visits
    ]


@law
@given(worlds(), policies, SEEDS)
def test_every_job_is_in_one_route_or_left_out_with_a_reason(world, policy, seed):
    answer = plan(world, policy, A_FEW, seed)
    served = [job_id for route in answer.routes for job_id in {v.job_id for v in route.visits}]
    left_out = [each.job_id for each in answer.unserved]
    assert sorted([*served, *left_out]) == sorted(job.id for job in world.jobs)


@law
@given(worlds(), policies, SEEDS)
def test_a_pickup_comes_before_its_delivery_in_the_same_vehicle(world, policy, seed):
    on_board = {each.job_id for vehicle in world.vehicles for each in vehicle.on_board}
    for route in plan(world, policy, A_FEW, seed).routes:
        for job_id in {visit.job_id for visit in route.visits}:
            kinds = [visit.kind for visit in route.visits if visit.job_id == job_id]
            pickup = [] if job_id in on_board else [Kind.PICKUP]
            assert kinds == [*pickup, Kind.DELIVERY]


@law
@given(worlds(), policies, SEEDS)
def test_no_vehicle_is_ever_overloaded(world, policy, seed):
    load_of = {job.id: job.load for job in world.jobs}
    by_id = {vehicle.id: vehicle for vehicle in world.vehicles}
    for route in plan(world, policy, A_FEW, seed).routes:
        vehicle = by_id[route.vehicle_id]
        aboard = [each.job_id for each in vehicle.on_board]
        for visit in route.visits:
            (aboard.append if visit.kind == Kind.PICKUP else aboard.remove)(visit.job_id)
            load = tuple(
                sum(load_of[job_id][n] for job_id in aboard) for n in range(len(vehicle.capacity))
            )
            assert visit.load == load
            assert route.breaks or all(a <= b for a, b in zip(load, vehicle.capacity, strict=True))


@law
@given(worlds(), policies, SEEDS)
def test_nobody_is_visited_outside_the_windows_or_before_the_release(world, policy, seed):
    for _, _, visit, job in new_visits(world, plan(world, policy, A_FEW, seed)):
        stop = job.pickups[0] if visit.kind == Kind.PICKUP else job.deliveries[0]
        assert visit.place == stop.place
        assert visit.departure_s == visit.start_s + stop.service_s
        assert not stop.windows or any(
            window.opens_s <= visit.start_s <= window.closes_s for window in stop.windows
        )
        assert visit.kind == Kind.DELIVERY or visit.start_s >= job.release_s
        assert visit.late_s == 0


@law
@given(worlds(), policies, SEEDS)
def test_nobody_is_faster_than_the_roads_and_all_are_home_by_the_end_of_the_shift(
    world, policy, seed
):
    by_id = {vehicle.id: vehicle for vehicle in world.vehicles}
    for route in (r for r in plan(world, policy, A_FEW, seed).routes if not r.breaks):
        vehicle = by_id[route.vehicle_id]
        assert route.departs_s >= max(world.now_s, vehicle.shift.opens_s, vehicle.available_from_s)
        free_s, place = route.departs_s, vehicle.start_place
        for visit in route.visits:
            assert visit.arrival_s == free_s + world.matrix.seconds[place, visit.place]
            assert visit.start_s == visit.arrival_s + visit.waiting_s >= visit.arrival_s
            free_s, place = visit.departure_s, visit.place
        if vehicle.end_place is not None:
            free_s += world.matrix.seconds[place, vehicle.end_place]
        assert route.ends_s == free_s <= vehicle.shift.closes_s


@law
@given(worlds(), policies, SEEDS)
def test_only_who_is_allowed_able_and_willing_gets_a_new_job(world, policy, seed):
    for _, vehicle, _, job in new_visits(world, plan(world, policy, A_FEW, seed)):
        if job.id not in vehicle.committed():
            assert job.skills <= vehicle.skills
            assert vehicle.id not in job.refused_by | job.forbidden_vehicles
            assert job.allowed_vehicles is None or vehicle.id in job.allowed_vehicles


@law
@given(worlds(), policies, SEEDS)
def test_nothing_is_on_board_for_longer_than_it_may(world, policy, seed):
    left_s = {each.job_id: each.since_s for v in world.vehicles for each in v.on_board}
    for _, _, visit, job in new_visits(world, plan(world, policy, A_FEW, seed)):
        if visit.kind == Kind.PICKUP:
            left_s[job.id] = visit.departure_s
        elif job.max_onboard_s is not None:
            assert visit.start_s - left_s[job.id] <= job.max_onboard_s


@law
@given(worlds(), policies, SEEDS)
def test_nobody_gets_more_jobs_than_the_most(world, policy, seed):
    for route, vehicle, _, _ in new_visits(world, plan(world, policy, A_FEW, seed)):
        jobs_of = {visit.job_id for visit in route.visits}
        assert vehicle.max_jobs is None or len(jobs_of) <= vehicle.max_jobs


@law
@given(worlds(), policies, SEEDS)
def test_what_is_on_board_or_promised_stays_in_its_order(world, policy, seed):
    routes = {route.vehicle_id: route for route in plan(world, policy, A_FEW, seed).routes}
    for vehicle in world.vehicles:
        visits = routes[vehicle.id].visits if vehicle.id in routes else ()
        held = [each.job_id for each in vehicle.on_board]
        brought = [v.job_id for v in visits if v.kind == Kind.DELIVERY and v.job_id in held]
        fetched = [
            v.job_id for v in visits if v.kind == Kind.PICKUP and v.job_id in vehicle.promised
        ]
        assert brought == held
        assert fetched == list(vehicle.promised)


@law
@given(worlds(), policies, SEEDS)
def test_a_vehicle_that_cannot_keep_its_promises_gets_nothing_new(world, policy, seed):
    by_id = {vehicle.id: vehicle for vehicle in world.vehicles}
    for route in (r for r in plan(world, policy, A_FEW, seed).routes if r.breaks):
        jobs_of = {visit.job_id for visit in route.visits}
        assert jobs_of == set(by_id[route.vehicle_id].committed())


@law
@given(worlds(), policies, SEEDS)
def test_the_cost_is_the_sum_of_its_parts(world, policy, seed):
    answer = plan(world, policy, A_FEW, seed)
    job_of = {job.id: job for job in world.jobs}
    assert answer.cost.unserved == sum(job_of[u.job_id].priority for u in answer.unserved)
    assert answer.cost == sum(
        (route.cost for route in answer.routes), start=Cost(unserved=answer.cost.unserved)
    )
    starts = [(v, job) for _, _, v, job in new_visits(world, answer)]
    clean = [route.cost for route in answer.routes if not route.breaks]
    assert sum(cost.wait_s for cost in clean) == sum(
        v.start_s - job.release_s for v, job in starts if v.kind == Kind.PICKUP
    )
    assert sum(cost.lateness_s for cost in clean) == sum(
        max(0, v.start_s - job.promise_s)
        for v, job in starts
        if v.kind == Kind.DELIVERY and job.promise_s is not None
    )
    for route in answer.routes:
        assert route.cost.duration_s == route.ends_s - route.departs_s
        assert {each.job_id for each in route.added} == {v.job_id for v in route.visits}


@law
@given(worlds(), policies, SEEDS, st.randoms(use_true_random=False))
def test_the_order_of_the_input_and_the_hour_of_asking_change_nothing(world, policy, seed, random):
    shuffled = replace(
        world,
        jobs=tuple(random.sample(world.jobs, len(world.jobs))),
        vehicles=tuple(random.sample(world.vehicles, len(world.vehicles))),
    )
    assert plan(shuffled, policy, A_FEW, seed) == plan(world, policy, A_FEW, seed)


@law
@given(worlds(), policies, SEEDS)
def test_more_iterations_never_make_it_worse(world, policy, seed):
    scores = [policy.score(plan(world, policy, Stopping(n), seed).cost) for n in (0, 2, 6)]
    assert all(later <= earlier for earlier, later in pairwise(scores))


@law
@given(worlds(), policies, SEEDS, st.integers(0, 5))
def test_a_plan_stopped_by_the_clock_replays_from_its_iterations(world, policy, seed, after):
    asked = count()
    stopped = plan(world, policy, Stopping(50, is_time_up=lambda: next(asked) >= after), seed)
    assert stopped.iterations <= after
    assert plan(world, policy, Stopping(stopped.iterations), seed) == stopped


def with_job(world: Snapshot, job: Job, **changes: Any) -> Snapshot:
    """The world with one job changed."""
    other = replace(job, **changes)
    return replace(world, jobs=tuple(other if j.id == job.id else j for j in world.jobs))


def with_fleet(world: Snapshot, **changes: Any) -> Snapshot:
    """The world with all vehicles changed alike."""
    return replace(world, vehicles=tuple(replace(v, **changes) for v in world.vehicles))


def with_long_shifts(world: Snapshot, job: Job) -> Snapshot:
    """The world with shifts that never end, and a vehicle if there was none."""
    idle = Vehicle("new", 0, FOREVER, capacity=(0,) * len(job.load))
    fleet = tuple(replace(v, shift=Window(v.shift.opens_s, 10**6)) for v in world.vehicles)
    return replace(world, vehicles=fleet or (idle,))


def with_any_time(world: Snapshot, job: Job) -> Snapshot:
    """The world with the windows of one job gone."""
    stops = (replace(stop, windows=()) for stop in (job.pickups[0], job.deliveries[0]))
    return with_job(world, job, **dict(zip(("pickups", "deliveries"), stops, strict=True)))


def with_roads(world: Snapshot, _: Job) -> Snapshot:
    """The world with a road from everywhere to everywhere."""
    rows = [[5 if s == UNREACHABLE else s for s in row] for row in world.matrix.seconds.tolist()]
    return replace(world, matrix=Matrix.of(rows, rows))


def with_idle_twins(world: Snapshot, _: Job) -> Snapshot:
    """The world with as many idle twins of each vehicle as there are jobs."""
    twins = {
        v.id: [replace(v, id=f"{v.id} twin {n}", on_board=(), promised=()) for n in range(6)]
        for v in world.vehicles
    }

    def and_twins(ids: frozenset[str]) -> frozenset[str]:
        return ids.union(*({twin.id for twin in twins.get(each, [])} for each in ids))

    same = tuple(
        replace(
            job,
            allowed_vehicles=job.allowed_vehicles and and_twins(job.allowed_vehicles),
            forbidden_vehicles=and_twins(job.forbidden_vehicles),
            refused_by=and_twins(job.refused_by),
        )
        for job in world.jobs
    )
    spare = [twin for each in twins.values() for twin in each]
    return replace(world, jobs=same, vehicles=(*world.vehicles, *spare))


MENDED: dict[Unserved, Callable[[Snapshot, Job], Snapshot]] = {
    Unserved.NO_VEHICLE_ON_SHIFT: with_long_shifts,
    Unserved.NOT_ALLOWED: lambda world, job: with_job(
        world, job, allowed_vehicles=None, forbidden_vehicles=frozenset()
    ),
    Unserved.SKILL_MISSING: lambda world, job: with_fleet(world, skills=job.skills),
    Unserved.ALL_REFUSED: lambda world, job: with_job(world, job, refused_by=frozenset()),
    Unserved.TOO_BIG: lambda world, job: with_job(world, job, load=(0,) * len(job.load)),
    Unserved.UNREACHABLE: with_roads,
    Unserved.WINDOW_CLOSED: with_any_time,
    Unserved.ON_BOARD_TOO_LONG: lambda world, job: with_job(world, job, max_onboard_s=None),
    Unserved.SHIFT_ENDS: with_long_shifts,
    Unserved.NO_CAPACITY_LEFT: with_idle_twins,
}


@settings(law, max_examples=300)
@given(worlds(), SEEDS)
def test_mending_the_reason_serves_the_job_or_leaves_a_later_reason(world, seed):
    for left_out in plan(world, DEFAULT_POLICY, Stopping(0), seed).unserved:
        (job,) = (job for job in world.jobs if job.id == left_out.job_id)
        again = plan(MENDED[left_out.reason](world, job), DEFAULT_POLICY, Stopping(0), seed)
        reasons = {each.job_id: each.reason for each in again.unserved}
        assert job.id not in reasons or reasons[job.id] > left_out.reason
