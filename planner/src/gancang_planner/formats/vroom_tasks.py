"""VROOM's jobs and shipments as jobs of the planner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gancang_planner.model import Job, Load, Stop
from gancang_planner.outcome import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gancang_planner.formats.vroom_fields import Fields
    from gancang_planner.formats.vroom_places import Places

PRIORITY_MAX = 100


@dataclass(frozen=True, slots=True)
class Tasks:
    """The jobs, and what the answer says of each of their stops in VROOM's terms."""

    jobs: tuple[Job, ...]
    about: dict[tuple[str, Kind], dict[str, Any]]
    priorities: dict[str, int]


@dataclass(slots=True)
class Reader:
    """Reads one object after the other. `types`: those of the vehicles; `count`: of all tasks."""

    places: Places
    types: set[str]
    count: int

    def weight(self, of: Fields, tasks: int) -> tuple[int, int]:
        """VROOM's priority, and the points that keep its order.

        The sum of priorities decides, then the number of tasks; a shipment is two.
        """
        priority = of.whole("priority", 0, PRIORITY_MAX)
        return priority, tasks * (1 + priority * (self.count + 1))

    def stop(self, of: Fields) -> Stop:
        """Where, when and for how long."""
        place = self.places.get(of, "location_index", "location")
        times = {key: self._time(of, key) for key in ("service", "setup")}
        windows = of.windows("time_windows")
        try:
            return Stop(place, windows, times["service"], times["setup"])
        except ValueError as wrong:
            raise ValueError(f"{of.name}: {wrong}") from None

    def _time(self, of: Fields, key: str) -> int:
        """Seconds that are the same for every vehicle there is."""
        usual, by_type = of.whole(key, 0), of.object(f"{key}_per_type")
        times = {by_type.whole(each, usual) for each in self.types}
        by_type.asked_all()
        if len(times) > 1:
            raise ValueError(
                f"{of.name}: {key}_per_type differs among the vehicles here; the planner knows one"
                " time for all"
            )
        return times.pop()


def read_tasks(
    jobs: Sequence[Fields], shipments: Sequence[Fields], places: Places, types: set[str]
) -> Tasks:
    """All that is to be done; ValueError says what is not understood, and of which."""
    reader = Reader(places, types, len(jobs) + 2 * len(shipments))
    tasks = Tasks((), {}, {})
    read = [_job(reader, each, tasks) for each in jobs]
    read += [_shipment(reader, each, tasks) for each in shipments]
    return Tasks(tuple(read), tasks.about, tasks.priorities)


def _job(reader: Reader, of: Fields, tasks: Tasks) -> Job:
    id = f"job {of.whole('id')}"
    brought = of.wholes("delivery") or of.wholes("amount")
    collected = of.wholes("pickup")
    if any(brought) and any(collected):
        raise ValueError(
            f"{of.name} has a delivery and a pickup; write two jobs, of which each is one"
        )
    stop = reader.stop(of)
    priority, points = reader.weight(of, tasks=1)
    kind, load = (Kind.PICKUP, collected) if any(collected) else (Kind.DELIVERY, brought)
    tasks.about[id, kind] = _about(of, "job")
    tasks.priorities[id] = priority
    pickups, deliveries = (stop, ()) if kind == Kind.PICKUP else ((), stop)
    return Job(id, pickups, deliveries, _weighing(load), skills=_skills(of), priority=points)


def _shipment(reader: Reader, of: Fields, tasks: Tasks) -> Job:
    pickup, delivery = of.object("pickup"), of.object("delivery")
    of.get("id"), of.get("description")  # people write them; they mean nothing
    id = f"shipment {pickup.whole('id')} to {delivery.whole('id')}"
    for each in (pickup, delivery):
        each.name = f"{each.kind} {each.whole('id')}"
    load = _weighing(of.wholes("amount"))
    priority, points = reader.weight(of, tasks=2)
    stops = reader.stop(pickup), reader.stop(delivery)
    tasks.about[id, Kind.PICKUP] = _about(pickup, "pickup")
    tasks.about[id, Kind.DELIVERY] = _about(delivery, "delivery")
    tasks.priorities[id] = 2 * priority
    return Job(id, *stops, load=load, skills=_skills(of), priority=points)


def _weighing(load: Load) -> Load:
    return load if any(load) else ()


def _skills(of: Fields) -> frozenset[str]:
    return frozenset(map(str, of.wholes("skills")))


def _about(of: Fields, type: str) -> dict[str, Any]:
    """What the answer repeats of a task."""
    told = {"type": type, "id": of.whole("id")}
    keys = ("description", "location", "location_index")
    return told | {key: of.get(key) for key in keys if of.has(key)}
