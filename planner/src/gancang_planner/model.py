"""The problem and its answer: frozen values, valid at birth.

Times are whole seconds, zero or more, on one clock of the caller's choice (say, since midnight);
distances are whole metres; places are rows of the matrix. Whatever is not valid raises ValueError
and names what is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from operator import index
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gancang_planner.cost import Cost

UNREACHABLE = 2**31 - 1
"""The entry of a matrix where no road leads."""

LARGEST = 2**53
"""No time, load or other number may be larger."""


def _whole(name: str, *values: int | None) -> None:
    for value in values:
        if value is not None and (type(value) is not int or not 0 <= value <= LARGEST):
            raise ValueError(f"{name} must be a whole number of zero or more, not {value!r}")


def _once(name: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for each in ids:
        if not each or each in seen:
            raise ValueError(f"{name} {each!r} is empty or given twice")
        seen.add(each)


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """From `opens_s` to `closes_s`, both included."""

    opens_s: int
    closes_s: int

    def __post_init__(self) -> None:
        _whole("the time of a window", self.opens_s, self.closes_s)
        if self.opens_s > self.closes_s:
            raise ValueError(
                f"window closes at {self.closes_s} s, before it opens at {self.opens_s} s"
            )


@dataclass(frozen=True, slots=True)
class Stop:
    """A place (row of the matrix), the windows in which service may start (none: any time)."""

    place: int
    windows: tuple[Window, ...] = ()
    service_s: int = 0

    def __post_init__(self) -> None:
        _whole("the place of a stop", self.place)
        _whole("the service time of a stop", self.service_s)
        for earlier, later in zip(self.windows, self.windows[1:], strict=False):
            if later.opens_s <= earlier.closes_s:
                raise ValueError(f"windows must follow one another: {later} begins in {earlier}")


@dataclass(frozen=True, slots=True)
class Job:
    """Something to fetch at `pickup` and bring to `delivery`, by one vehicle.

    `load`: units in each dimension of capacity. `priority`: the points lost by leaving it out.
    `release_s`: no pickup starts before. `promise_s`: the delivery should start by then; later is
    allowed and costs. `max_onboard_s`: at most so long from leaving the pickup to the start of
    the delivery. `allowed_vehicles`: None for any. `refused_by`: vehicles whose riders said no.
    """

    id: str
    pickup: Stop
    delivery: Stop
    load: tuple[int, ...] = ()
    skills: frozenset[str] = frozenset()
    priority: int = 1
    release_s: int = 0
    promise_s: int | None = None
    max_onboard_s: int | None = None
    allowed_vehicles: frozenset[str] | None = None
    forbidden_vehicles: frozenset[str] = frozenset()
    refused_by: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError("a job needs an id")
        _whole(f"the load of job {self.id}", *self.load)
        _whole(f"the priority of job {self.id}", self.priority)
        _whole(f"a time of job {self.id}", self.release_s, self.promise_s, self.max_onboard_s)
        if self.priority == 0:
            raise ValueError(f"the priority of job {self.id} must be one or more")


@dataclass(frozen=True, slots=True)
class OnBoard:
    """A job already picked up, and the time at which it left its pickup."""

    job_id: str
    since_s: int

    def __post_init__(self) -> None:
        _whole(f"the time at which job {self.job_id} came on board", self.since_s)


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A vehicle with its rider, on one shift.

    It sets out from `start_place`, not before `available_from_s`; `end_place` None leaves the
    route open. `capacity`: units in each dimension. `on_board`: jobs picked up, in the order in
    which they are to be delivered. `promised`: jobs given to it but not yet picked up, in the order
    in which they are to be picked up. Both stay with it, and in that order. `max_jobs` counts them.
    `worked_s`: work done before this plan, for the balance.
    """

    id: str
    start_place: int
    shift: Window
    end_place: int | None = None
    capacity: tuple[int, ...] = ()
    skills: frozenset[str] = frozenset()
    on_board: tuple[OnBoard, ...] = ()
    promised: tuple[str, ...] = ()
    max_jobs: int | None = None
    available_from_s: int = 0
    worked_s: int = 0

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError("a vehicle needs an id")
        _whole(f"a place of vehicle {self.id}", self.start_place, self.end_place)
        _whole(f"the capacity of vehicle {self.id}", *self.capacity)
        _whole(f"a number of vehicle {self.id}", self.max_jobs, self.available_from_s)
        _whole(f"the work done by vehicle {self.id}", self.worked_s)
        if self.max_jobs == 0:
            raise ValueError(f"max_jobs of vehicle {self.id} must be one or more")
        _once(f"job of vehicle {self.id}", self.committed())

    def committed(self) -> tuple[str, ...]:
        """The ids of the jobs that stay with it: those on board, then those promised."""
        return (*(each.job_id for each in self.on_board), *self.promised)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Travel between places: `seconds[a][b]` and `metres[a][b]` from a to b, shape (n, n) each.

    Need not be symmetric. UNREACHABLE in `seconds` says that no road leads from a to b.
    """

    seconds: tuple[tuple[int, ...], ...]
    metres: tuple[tuple[int, ...], ...]

    def __post_init__(self) -> None:
        size = len(self.seconds)
        for name, rows in (("seconds", self.seconds), ("metres", self.metres)):
            if len(rows) != size:
                raise ValueError(f"{name} has {len(rows)} rows, not {size}")
            for place, row in enumerate(rows):
                if len(row) != size:
                    raise ValueError(f"row {place} of {name} has {len(row)} entries, not {size}")
                if not all(type(value) is int and 0 <= value <= UNREACHABLE for value in row):
                    raise ValueError(
                        f"row {place} of {name} holds more than whole numbers from 0 to UNREACHABLE"
                    )

    @classmethod
    def of(cls, seconds: Sequence[Sequence[int]], metres: Sequence[Sequence[int]]) -> Matrix:
        """The same from rows of any kind that hold whole numbers (lists, arrays)."""
        try:
            return cls(
                tuple(tuple(index(value) for value in row) for row in seconds),
                tuple(tuple(index(value) for value in row) for row in metres),
            )
        except TypeError as error:
            raise ValueError(f"a matrix holds whole numbers only: {error}") from error

    def __len__(self) -> int:
        return len(self.seconds)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that is known at `now_s`: nothing in the plan starts before it."""

    jobs: tuple[Job, ...]
    vehicles: tuple[Vehicle, ...]
    matrix: Matrix
    now_s: int = 0

    def __post_init__(self) -> None:
        _whole("now", self.now_s)
        _once("job", (job.id for job in self.jobs))
        _once("vehicle", (vehicle.id for vehicle in self.vehicles))
        _once("committed job", (each for v in self.vehicles for each in v.committed()))
        self._check_places()
        self._check_dimensions()
        known = {job.id for job in self.jobs}
        for vehicle in self.vehicles:
            if unknown := [each for each in vehicle.committed() if each not in known]:
                raise ValueError(f"vehicle {vehicle.id} holds an unknown job {unknown[0]!r}")

    def _check_places(self) -> None:
        places = [(f"job {j.id}", s.place) for j in self.jobs for s in (j.pickup, j.delivery)]
        for vehicle in self.vehicles:
            end = vehicle.start_place if vehicle.end_place is None else vehicle.end_place
            places += [(f"vehicle {vehicle.id}", at) for at in (vehicle.start_place, end)]
        for owner, place in places:
            if place >= len(self.matrix):
                raise ValueError(
                    f"{owner} names place {place}, but the matrix has {len(self.matrix)} places"
                )

    def _check_dimensions(self) -> None:
        sizes = [(f"the load of job {job.id}", len(job.load)) for job in self.jobs]
        sizes += [(f"the capacity of vehicle {v.id}", len(v.capacity)) for v in self.vehicles]
        for owner, size in sizes:
            if size != sizes[0][1]:
                raise ValueError(f"{owner} has {size} dimensions, but {sizes[0][0]} {sizes[0][1]}")


@dataclass(frozen=True, slots=True)
class Stopping:
    """When to stop improving: after so many iterations, or when `is_time_up` says so.

    The library reads no clock: `is_time_up` is asked before each iteration. A first plan is
    always finished. The same number of iterations gives the same plan again.
    """

    iterations: int = 100
    is_time_up: Callable[[], bool] | None = None

    def __post_init__(self) -> None:
        _whole("the number of iterations", self.iterations)


class Kind(StrEnum):
    """What is done at a visit."""

    PICKUP = "pickup"
    DELIVERY = "delivery"


class Limit(IntEnum):
    """The hard limits of a route."""

    CAPACITY = 1
    ROAD = 2
    WINDOW = 3
    ONBOARD = 4
    SHIFT = 5
    MAX_JOBS = 6


class Unserved(IntEnum):
    """Why a job is left out. The first that holds is given: mend it, and at most a later remains.

    Each narrows the vehicles that are left by the ones before; it holds if none remains.
    """

    NO_VEHICLE_ON_SHIFT = 1
    """No vehicle has any of its shift left."""
    NOT_ALLOWED = 2
    """The job's allowed and forbidden vehicles rule out all of them."""
    SKILL_MISSING = 3
    """None has all the skills the job asks for."""
    ALL_REFUSED = 4
    """The riders of all of them said no."""
    TOO_BIG = 5
    """The load exceeds even an empty one."""
    UNREACHABLE = 6
    """No road leads from where they are to the pickup, the delivery and their end."""
    WINDOW_CLOSED = 7
    """Even with nothing else to do, none would come before the last window closes."""
    ON_BOARD_TOO_LONG = 8
    """Even with nothing else to do, the job would be on board for longer than it may."""
    SHIFT_ENDS = 9
    """Even with nothing else to do, none would be done before its shift ends."""
    NO_CAPACITY_LEFT = 10
    """Some could do it with nothing else to do, but none beside the work it has."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A stop of a route. `late_s`: the start is so long after the last window closed.

    `arrival_s + waiting_s == start_s`; `departure_s` is `start_s` and the service time;
    `load`: units on board in each dimension when leaving.
    """

    job_id: str
    kind: Kind
    place: int
    arrival_s: int
    start_s: int
    departure_s: int
    waiting_s: int
    late_s: int
    load: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Added:
    """What one job adds to its route: the route's cost less its cost without the job."""

    job_id: str
    cost: Cost


@dataclass(frozen=True, slots=True)
class Route:
    """What one vehicle does. It sets out at `departs_s`, just in time for the first visit.

    `breaks` is empty but for a vehicle whose committed jobs alone already break limits: it keeps
    them, in their order, as early as can be, and gets nothing new. (Behind a leg without a road the
    times are not to be trusted: the leg counts as no time.)
    """

    vehicle_id: str
    visits: tuple[Visit, ...]
    departs_s: int
    ends_s: int
    cost: Cost
    added: tuple[Added, ...]
    breaks: tuple[Limit, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A job that no route serves, and why."""

    job_id: str
    reason: Unserved


@dataclass(frozen=True, slots=True)
class Plan:
    """Routes by vehicle id (only those with visits), jobs left out by id, and the whole cost."""

    routes: tuple[Route, ...]
    unserved: tuple[LeftOut, ...]
    cost: Cost
    iterations: int
