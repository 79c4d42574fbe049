"""A plan in the terms of VROOM's answers, and such an answer as a plan to start from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gancang_planner.formats.case import plan_to_start_from
from gancang_planner.formats.vroom_ways import A_METRE, A_SECOND, COST_PARTS
from gancang_planner.model import JobKind
from gancang_planner.outcome import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gancang_planner.cost import Policy
    from gancang_planner.formats.vroom_tasks import Tasks
    from gancang_planner.formats.vroom_vehicles import Van
    from gancang_planner.model import Job, Load, Vehicle
    from gancang_planner.outcome import Plan, Route, Visit
    from gancang_planner.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class VroomCase:
    """A problem of VROOM's. Ids of jobs are those of `tasks`, of vehicles the file's as text."""

    snapshot: Snapshot
    policy: Policy
    coordinates: tuple[tuple[float, float], ...]
    notes: tuple[str, ...]
    tasks: Tasks
    vans: dict[str, Van]
    warm: Plan | None = None

    def told(self, plan: Plan, seconds: float) -> dict[str, Any]:
        """VROOM's answer; reasons, iterations and seconds stand beside what VROOM knows."""
        jobs = {job.id: job for job in self.snapshot.jobs}
        vehicles = {vehicle.id: vehicle for vehicle in self.snapshot.vehicles}
        sheets = [
            Sheet(self, vehicles[route.vehicle_id], jobs).filled(route) for route in plan.routes
        ]
        unassigned = [
            {**about, "reason": left_out.reason.name}
            for left_out in plan.unserved
            for kind in Kind
            if (about := self.tasks.about.get((left_out.job_id, kind)))
        ]
        summary = _summary(sheets) | {"unassigned": len(unassigned)}
        summary["computing_times"] = {"loading": 0, "solving": round(1000 * seconds), "routing": 0}
        return {
            "code": 0,
            "summary": summary,
            "unassigned": unassigned,
            "routes": [sheet.told() for sheet in sheets],
            "iterations": plan.iterations,
            "seconds": round(seconds, 4),
        }

    def earlier(self, answer: Any) -> Plan:
        """The routes of an earlier answer, VROOM's or ours."""
        routes = answer.get("routes") if isinstance(answer, dict) else None
        return earlier_plan(routes, self.tasks, self.snapshot.jobs, self.vans)


COUNTED = ("setup", "service", "duration", "waiting_time", "priority")


def _summary(sheets: list[Sheet]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "cost": sum(sheet.cost_parts for sheet in sheets) // COST_PARTS,
        "routes": len(sheets),
        "unassigned": 0,
        "delivery": _added(*(sheet.delivered for sheet in sheets)),
        "amount": _added(*(sheet.delivered for sheet in sheets)),
        "pickup": _added(*(sheet.collected for sheet in sheets)),
    }
    for key in COUNTED:
        told[key] = sum(sheet.counts[key] for sheet in sheets)
    if all(sheet.metres is not None for sheet in sheets):
        told["distance"] = sum(sheet.metres or 0 for sheet in sheets)
    return told | {"violations": []}


def _added(*loads: Load) -> list[int]:
    """The sum of loads; () weighs nothing in any dimension."""
    size = max(map(len, loads), default=0)
    return [sum(load[at] for load in loads if load) for at in range(size)]


@dataclass(slots=True)
class Sheet:
    """One route on its way into VROOM's terms: where it stands, and what came together so far."""

    case: VroomCase
    vehicle: Vehicle
    jobs: dict[str, Job]
    steps: list[dict[str, Any]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))
    metres: int | None = None
    cost_parts: int = 0
    delivered: Load = ()
    collected: Load = ()
    at: int = 0
    free_s: int = 0
    breaks: int = 0

    @property
    def van(self) -> Van:
        """What the file says of the vehicle."""
        return self.case.vans[self.vehicle.id]

    def filled(self, route: Route) -> Sheet:
        """The sheet with all of the route in it."""
        self.at, self.free_s = self.vehicle.start_place, _sets_out_s(route)
        self.metres = None if self.van.ways.metres is None else 0
        self.cost_parts = self.van.fixed * COST_PARTS
        brought = [self.jobs[each.job_id] for each in route.visits if each.job_id]
        start_load = _added(
            self.vehicle.capacity and (0,) * len(self.vehicle.capacity),
            *(job.load for job in brought if job.kind == JobKind.BRING),
        )
        if self.van.start:
            self._step(self.van.start, (self.free_s, self.free_s), (0, 0), start_load)
        before: Visit | None = None
        for visit in route.visits:
            self._drive(visit.place, self._arrival_s(visit, route))
            self._visit(visit, before)
            before = before if visit.kind == Kind.BREAK else visit
        end_load = route.visits[-1].load
        if self.van.end:
            assert self.vehicle.end_place is not None
            self._drive(self.vehicle.end_place, route.ends_s)
            self._step(self.van.end, (self.free_s, self.free_s), (0, 0), end_load)
        task_s = self.counts["setup"] + self.counts["service"]
        self.cost_parts += self.van.per_task_hour * A_SECOND * task_s
        return self

    def told(self) -> dict[str, Any]:
        """The route of VROOM's answer."""
        told: dict[str, Any] = {
            **self.van.about,
            "cost": self.cost_parts // COST_PARTS,
            "delivery": list(self.delivered),
            "amount": list(self.delivered),
            "pickup": list(self.collected),
            **self.counts,
        }
        if self.metres is not None:
            told["distance"] = self.metres
        return told | {"steps": self.steps, "violations": []}

    def _arrival_s(self, visit: Visit, route: Route) -> int:
        """VROOM drives at once and waits there; we rest first and set out just in time."""
        if visit.kind == Kind.BREAK and visit.departure_s <= route.departs_s:
            return self.free_s
        return visit.arrival_s - max(0, route.departs_s - self.free_s)

    def _drive(self, place: int, arrival_s: int) -> None:
        """On to a place; what lies between is travel."""
        ways, tariff, driven_s = self.van.ways, self.van.tariff, arrival_s - self.free_s
        is_somewhere = max(self.at, place) < len(ways.seconds)
        if is_somewhere and place != self.at:
            metres = 0 if ways.metres is None else int(ways.metres[self.at, place])
            if self.metres is not None:
                self.metres += metres
            if ways.prices is not None:
                self.cost_parts += int(ways.prices[self.at, place]) * COST_PARTS
            self.cost_parts += metres * A_METRE * tariff.per_km
        if ways.prices is None:
            self.cost_parts += driven_s * A_SECOND * tariff.per_hour
        self.counts["duration"] += driven_s
        self.at, self.free_s = place, arrival_s

    def _visit(self, visit: Visit, before: Visit | None) -> None:
        spent_s, setup_s = visit.departure_s - visit.start_s, 0
        if visit.kind == Kind.BREAK:
            about = self.van.breaks[self.breaks]
            self.breaks += 1
        else:
            job = self.jobs[visit.job_id]
            about = self.case.tasks.about[job.id, visit.kind]
            stop = (job.deliveries if visit.kind == Kind.DELIVERY else job.pickups)[0]
            setup_s = 0 if before and before.place == visit.place else stop.setup_s
            self._carry(job, visit.kind)
        times = (self.free_s, visit.start_s)
        self._step(about, times, (setup_s, spent_s - setup_s), visit.load)
        self.free_s = visit.departure_s

    def _carry(self, job: Job, kind: Kind) -> None:
        if kind == Kind.DELIVERY:
            self.delivered = tuple(_added(self.delivered, job.load))
            self.counts["priority"] += self.case.tasks.priorities[job.id]
        else:
            self.collected = tuple(_added(self.collected, job.load))
            if job.kind == JobKind.COLLECT:
                self.counts["priority"] += self.case.tasks.priorities[job.id]

    def _step(
        self,
        about: dict[str, Any],
        times: tuple[int, int],
        spent: tuple[int, int],
        load: Iterable[int],
    ) -> None:
        arrival_s, start_s = times
        told = {
            **about,
            "setup": spent[0],
            "service": spent[1],
            "waiting_time": start_s - arrival_s,
            "load": list(load),
            "arrival": arrival_s,
            "duration": self.counts["duration"],
            "violations": [],
        }
        if self.metres is not None:
            told["distance"] = self.metres
        self.steps.append(told)
        for key in ("setup", "service", "waiting_time"):
            self.counts[key] += told[key]


def _sets_out_s(route: Route) -> int:
    """When the route begins: where a break comes before setting out, with that break."""
    first = route.visits[0]
    is_early = first.kind == Kind.BREAK and first.departure_s <= route.departs_s
    return first.start_s if is_early else route.departs_s


def earlier_plan(
    routes: Any, tasks: Tasks, jobs: Iterable[Job], vehicle_ids: Iterable[str]
) -> Plan:
    """The plan that such routes tell; ValueError where they are not of these tasks."""
    place_of = {
        (job.id, kind): stops[0].place
        for job in jobs
        for kind, stops in ((Kind.PICKUP, job.pickups), (Kind.DELIVERY, job.deliveries))
        if stops
    }
    calls = {(told["type"], told["id"]): (*key, place_of[key]) for key, told in tasks.about.items()}
    vehicles = set(vehicle_ids)
    if not isinstance(routes, list):
        raise ValueError("the earlier answer has no 'routes'")
    return plan_to_start_from([_calls_of(route, calls, vehicles) for route in routes])


Call = tuple[str, Kind, int]


def _calls_of(
    route: Any, calls: dict[tuple[str, int], Call], vehicles: set[str]
) -> tuple[str, list[Call]]:
    try:
        vehicle = str(route["vehicle"])
        steps = [(step["type"], step.get("id")) for step in route["steps"]]
        tasks = [step for step in steps if step[0] not in ("start", "break", "end")]
        unknown = [step for step in tasks if step not in calls]
    except (KeyError, TypeError, AttributeError):
        raise ValueError("a route needs a vehicle and steps with type and id") from None
    if vehicle not in vehicles or unknown:
        what = " ".join(map(str, unknown[0])) if unknown else f"vehicle {vehicle}"
        raise ValueError(f"a route names {what}, which the file has not")
    return vehicle, [calls[step] for step in tasks]
