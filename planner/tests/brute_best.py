"""The best of all plans, found by trying each of them."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from gancang_planner import (
    Cost,
    Job,
    Policy,
    Snapshot,
    Vehicle,
)

from planner.tests.brute import Call, Ride, Timed, ids, is_overloaded, timed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def orders(world: Snapshot, vehicle: Vehicle, job_ids: Sequence[str]) -> Iterator[tuple[Call, ...]]:
    """Every order of the calls of these jobs that the rules allow."""
    held = [each.job_id for each in vehicle.on_board]
    calls: list[Call] = []
    pickups_of: dict[str, int] = {}
    for job in world.jobs:
        if job.id in job_ids:
            pickups_of[job.id] = len(job.pickups)
            done = len(job.pickups) if job.id in held else 0
            calls += [(job.id, n) for n in range(done, len(job.stops()))]
    in_order = [call for each in held for call in sorted(calls) if call[0] == each]
    promised = [
        call
        for each in vehicle.promised
        for call in sorted(calls)
        if call[0] == each and call[1] < pickups_of[each]
    ]

    def more(done: tuple[Call, ...]) -> Iterator[tuple[Call, ...]]:
        if len(done) == len(calls):
            yield done
        for call in (each for each in calls if each not in done):
            earlier = [
                other
                for queue in (in_order, promised)
                if call in queue
                for other in queue[: queue.index(call)]
            ]
            if call[1] >= pickups_of[call[0]]:
                earlier += [c for c in calls if c[0] == call[0] and c[1] < pickups_of[c[0]]]
            if all(other in done for other in earlier):
                yield from more((*done, call))

    yield from more(())


def may_have(vehicle: Vehicle, job: Job) -> bool:
    """Whether the job may be given to the vehicle, whatever the time."""
    return (
        job.skills <= vehicle.skills
        and vehicle.id not in job.forbidden_vehicles | job.refused_by
        and (job.allowed_vehicles is None or vehicle.id in job.allowed_vehicles)
    )


def best_score(world: Snapshot, policy: Policy) -> tuple[int, ...] | None:
    """The best score of all plans; None where some vehicle cannot do what it must."""
    holder = {each: v.id for v in world.vehicles for each in v.committed()}
    choices: list[list[str | None]] = []
    for job in world.jobs:
        free: list[str | None] = [v.id for v in world.vehicles if may_have(v, job)]
        choices.append([holder[job.id]] if job.id in holder else [*free, None])
    best_of: dict[tuple[str, tuple[str, ...]], Cost | None] = {}
    best: tuple[int, ...] | None = None
    for chosen in product(*choices):
        cost = plan_cost(world, policy, chosen, best_of)
        if cost is not None and (best is None or policy.score(cost) < best):
            best = policy.score(cost)
    return best


def plan_cost(
    world: Snapshot,
    policy: Policy,
    chosen: Sequence[str | None],
    best_of: dict[tuple[str, tuple[str, ...]], Cost | None],
) -> Cost | None:
    """The cost of the best plan in which each job goes to the vehicle chosen for it."""
    had = {job for job, vehicle in world.running if vehicle in ids(world)}
    lost = [job for job, v in zip(world.jobs, chosen, strict=True) if v is None]
    total = Cost(
        unserved=sum(job.priority for job in lost), changes=sum(job.id in had for job in lost)
    )
    jobs_of_fleet: dict[str, int] = {}
    for vehicle in world.vehicles:
        mine = tuple(j.id for j, v in zip(world.jobs, chosen, strict=True) if v == vehicle.id)
        if (vehicle.id, mine) not in best_of:
            best_of[vehicle.id, mine] = best_cost(world, policy, vehicle, mine)
        cost = best_of[vehicle.id, mine]
        if cost is None:
            return None
        total += cost
        # What is on board and goes nowhere is no job of the route.
        on_board = {each.job_id for each in vehicle.on_board}
        driven = [j for j in world.jobs if j.id in mine and (j.deliveries or j.id not in on_board)]
        jobs_of_fleet[vehicle.fleet] = jobs_of_fleet.get(vehicle.fleet, 0) + len(driven)
    served = sum(jobs_of_fleet.values()) + sum(share.already for share in policy.shares)
    off = 0
    for share in policy.shares:
        has = jobs_of_fleet.get(share.fleet, 0) + share.already
        off += max(0, has - share.most_percent * served // 100)
        off += max(0, -(-share.least_percent * served // 100) - has)
    return total + Cost(off_share=off)


def best_cost(
    world: Snapshot, policy: Policy, vehicle: Vehicle, job_ids: tuple[str, ...]
) -> Cost | None:
    """The best cost of the vehicle with exactly these jobs; None where it cannot have them."""
    found = []
    for calls in orders(world, vehicle, job_ids):
        ride = Ride(world, vehicle, calls)
        if is_overloaded(ride):
            continue
        outcome = timed(ride)
        if isinstance(outcome, Timed):
            found.append(outcome.cost)
    return min(found, key=policy.score, default=None)
