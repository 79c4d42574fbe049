"""VROOM's JSON: jobs, shipments, vehicles and matrices in, as its users write them.

What the planner cannot express is refused in a sentence; the README says what that is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang_planner.cost import Policy, Term
from gancang_planner.formats.vroom_answer import VroomCase, earlier_plan
from gancang_planner.formats.vroom_fields import Fields, document
from gancang_planner.formats.vroom_places import AN_ESTIMATE, Places, given_ways
from gancang_planner.formats.vroom_tasks import read_tasks
from gancang_planner.formats.vroom_vehicles import Fleet, read_fleet
from gancang_planner.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gancang_planner.formats.vroom_tasks import Tasks
    from gancang_planner.outcome import Plan

CHEAPEST = Policy.weighted({Term.DISTANCE: 1, Term.MONEY: 1})
"""As much as can be served, by priority; then at the least cost (vroom_ways says in what unit)."""


def read(text: str) -> VroomCase:
    """The problem in a text."""
    values = document(text)
    if not isinstance(values, dict):
        raise ValueError("the file is not an object with vehicles and jobs or shipments")
    file = Fields("the file", values)
    places = Places(given_ways(file))
    vehicles = file.objects("vehicles")
    if not vehicles:
        raise ValueError("the file has no vehicles")
    types = {each.text("type", "") for each in vehicles}
    tasks = read_tasks(file.objects("jobs"), file.objects("shipments"), places, types)
    fleet = read_fleet(vehicles, places)
    warm = _steps(vehicles, tasks, fleet)
    return VroomCase(
        snapshot=Snapshot(tasks.jobs, fleet.vehicles, fleet.matrices),
        policy=CHEAPEST,
        coordinates=_coordinates(places),
        notes=tuple(_notes(file, places)),
        tasks=tasks,
        vans=fleet.vans,
        warm=warm,
    )


def _steps(vehicles: list[Fields], tasks: Tasks, fleet: Fleet) -> Plan | None:
    """VROOM starts its search from the steps of its vehicles, where they have some."""
    routes = []
    for of in (each for each in vehicles if each.has("steps")):
        for step in of.objects("steps"):
            for key in ("service_at", "service_after", "service_before"):
                step.refuse(key, "write a time window of the task")
            step.asked_all()
        routes.append({"vehicle": of.get("id"), "steps": of.get("steps")})
    return earlier_plan(routes, tasks, tasks.jobs, fleet.vans) if routes else None


def _coordinates(places: Places) -> tuple[tuple[float, float], ...]:
    """Where each place is; () where the file leaves any of them out."""
    if len(places.points) < places.size():
        return ()
    return tuple(places.points[row] for row in range(places.size()))


def _notes(file: Fields, places: Places) -> Iterator[str]:
    if not places.given:
        yield AN_ESTIMATE
    file.get("options")  # of the server in front of VROOM
    if ignored := sorted(file.ignored()):
        yield f"these keys are not of VROOM's format and are ignored: {', '.join(ignored)}"
