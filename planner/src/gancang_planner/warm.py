"""An earlier plan as a start: whatever of its routes still holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang_planner.limits import broken
from gancang_planner.lines import Line, Rows, jobs_of, line_of, without_job
from gancang_planner.outcome import Kind
from gancang_planner.reasons import eligible
from gancang_planner.seats import best_seat

if TYPE_CHECKING:
    from gancang_planner.feasible import Calls, World
    from gancang_planner.outcome import Plan, Route, Visit


def warmed(world: World, rows: Rows, lines: list[Line], plan: Plan) -> list[Line]:
    """Lines that do again what they did in the plan, beside what they must do; all keep limits.

    `lines`: what each vehicle must do. A route that does all of that in its order is taken over,
    less the jobs that came not to fit; of another, each job that still finds a seat.
    """
    number = {vehicle.id: v for v, vehicle in enumerate(world.vehicles)}
    job_number = _calls_of_jobs(world)
    lines = list(lines)
    seen = set(world.holder)
    for route in plan.routes:
        v = number.get(route.vehicle_id)
        if v is None or lines[v].breaks:
            continue
        calls = _known_calls(world, v, route, job_number)
        calls = tuple(c for c in calls if world.job_of[c] not in seen or c in lines[v].calls)
        seen.update(jobs_of(world, calls))
        lines[v] = _again(world, rows, lines[v], calls)
    return lines


def _calls_of_jobs(world: World) -> dict[str, int]:
    return {job.id: position for position, job in enumerate(world.jobs)}


def _known_calls(world: World, v: int, route: Route, number: dict[str, int]) -> Calls:
    """The calls of the route's visits: of jobs that are still here, may go there, and are whole."""
    open_calls: dict[int, set[int]] = {}
    calls = []
    for visit in route.visits:
        job = number.get(visit.job_id)
        if job is None:
            continue
        still_open = open_calls.setdefault(job, set(world.calls_of(job)))
        call = _call_of(world, job, visit)
        if call is not None and call in still_open:
            still_open.remove(call)
            calls.append(call)
    unfit = {
        job
        for job, still_open in open_calls.items()
        if still_open or (world.holder.get(job, v) != v) or not _may(world, v, job)
    }
    return tuple(call for call in calls if world.job_of[call] not in unfit)


def _may(world: World, v: int, job: int) -> bool:
    return world.holder.get(job) == v or v in eligible(world, job)


def _call_of(world: World, job: int, visit: Visit) -> int | None:
    """The call that a visit of the earlier plan was, if the job still has such a stop."""
    is_delivery = visit.kind == Kind.DELIVERY
    call = world.first_call[job] + visit.stop + (world.pickups_of[job] if is_delivery else 0)
    is_still = call in world.calls_of(job) and world.is_delivery(call) == is_delivery
    return call if is_still else None


def _again(world: World, rows: Rows, line: Line, calls: Calls) -> Line:
    held = set(jobs_of(world, line.calls))
    new = [job for job in jobs_of(world, calls) if job not in held]
    if _keeps_order(world, line, calls):
        for job in reversed([None, *new]):
            if not broken(world, line.v, calls):
                return line_of(world, rows, line.v, calls)
            if job is not None:
                calls = without_job(world, calls, job)
    for job in new:
        seat = best_seat(world, rows, line, job)
        if seat is not None:
            line = line_of(world, rows, line.v, seat.calls)
    return line


def _keeps_order(world: World, line: Line, calls: Calls) -> bool:
    """Whether the calls hold all that the line must do, on board and promised in their order."""
    if not set(line.calls) <= set(calls):
        return False

    def ordered(all_calls: Calls) -> tuple[Calls, Calls]:
        mine = [c for c in all_calls if c in line.calls]
        on_board = tuple(c for c in mine if world.job_of[c] in world.since_s)
        fetched = tuple(c for c in mine if not world.is_delivery(c))
        return on_board, fetched

    return ordered(calls) == ordered(line.calls)
