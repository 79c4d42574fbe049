"""The nouns of the problem: frozen values, valid at birth.

Times are whole seconds, zero or more, on one clock of the caller's choice (say, since midnight);
distances are whole metres, money whole units of the caller's choice; places are rows of the matrix.
Whatever is not valid raises ValueError and names what is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Self, cast

from gancang_planner.checks import PERCENT_MAX, once, whole

Load = tuple[int, ...]
"""Units in each dimension of capacity."""


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """From `opens_s` to `closes_s`, both included."""

    opens_s: int
    closes_s: int

    def __post_init__(self) -> None:
        whole("the time of a window", self.opens_s, self.closes_s)
        if self.opens_s > self.closes_s:
            raise ValueError(
                f"window closes at {self.closes_s} s, before it opens at {self.opens_s} s"
            )


def _one_after_the_other(windows: tuple[Window, ...]) -> None:
    for earlier, later in pairwise(windows):
        if later.opens_s <= earlier.closes_s:
            raise ValueError(f"windows must follow one another: {later} begins in {earlier}")


@dataclass(frozen=True, slots=True)
class Stop:
    """A place (row of the matrix), the windows in which service may start (none: any time).

    `setup_s` is spent before the service unless the stop before it in the route is at the same
    place (parking, the way to the counter). `load`: what is taken or left here, only where a job
    has several pickups or several deliveries; None: the job's load.
    """

    place: int
    windows: tuple[Window, ...] = ()
    service_s: int = 0
    setup_s: int = 0
    load: Load | None = None

    def __post_init__(self) -> None:
        whole("the place of a stop", self.place)
        whole("the service time of a stop", self.service_s)
        whole("the setup time of a stop", self.setup_s)
        whole("the load of a stop", *(self.load or ()))
        _one_after_the_other(self.windows)


class JobKind(StrEnum):
    """Which ends of a job lie on the road."""

    DELIVER = "deliver"
    """From its pickups to its deliveries."""
    BRING = "bring"
    """Deliveries only: its load is on board from the start of the route."""
    COLLECT = "collect"
    """Pickups only: its load stays on board to the end of the route."""


if TYPE_CHECKING:

    class Stops:
        """One stop or several go in, several come out: what a type checker sees of such a field."""

        def __get__(self, instance: object, owner: type) -> tuple[Stop, ...]: ...
        def __set__(self, instance: object, value: Stop | tuple[Stop, ...]) -> None: ...


_NO_STOPS = cast("Stops", ())


@dataclass(frozen=True, slots=True)
class Job:
    """Something to fetch at its `pickups` and bring to its `deliveries`, by one vehicle.

    All pickups come before all deliveries, in any order among themselves. A single Stop stands for
    a tuple of one. `load`: units in each dimension of capacity; () weighs nothing in any.
    `priority`: the points lost by leaving it out. `release_s`: no stop of it starts before.
    `promise_s`: its deliveries should start by then; later is allowed and costs.
    `max_onboard_s`: at most so long from leaving any pickup to the start of any delivery.
    `max_detour_percent` (one pickup, one delivery): the same as a share of the direct ride, of the
    vehicle's own matrix, rounded down; the lesser of both holds.
    `allowed_vehicles`: None for any. `refused_by`: vehicles whose riders said no.
    """

    id: str
    pickups: Stops = _NO_STOPS
    deliveries: Stops = _NO_STOPS
    load: Load = ()
    skills: frozenset[str] = frozenset()
    priority: int = 1
    release_s: int = 0
    promise_s: int | None = None
    max_onboard_s: int | None = None
    max_detour_percent: int | None = None
    allowed_vehicles: frozenset[str] | None = None
    forbidden_vehicles: frozenset[str] = frozenset()
    refused_by: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for name in ("pickups", "deliveries"):
            if isinstance(stop := getattr(self, name), Stop):
                object.__setattr__(self, name, (stop,))
        if not self.id:
            raise ValueError("a job needs an id")
        whole(f"the load of job {self.id}", *self.load)
        whole(f"the priority of job {self.id}", self.priority)
        whole(f"a time of job {self.id}", self.release_s, self.promise_s, self.max_onboard_s)
        whole(f"the most detour of job {self.id}", self.max_detour_percent)
        if self.priority == 0:
            raise ValueError(f"the priority of job {self.id} must be one or more")
        self._check_stops()
        self._check_loads()

    def _check_stops(self) -> None:
        if not self.stops():
            raise ValueError(f"job {self.id} has neither a pickup nor a delivery")
        if not self.pickups and (self.max_onboard_s, self.max_detour_percent) != (None, None):
            raise ValueError(f"job {self.id} has a most time on board but no pickup")
        if self.max_detour_percent is not None and (
            len(self.pickups) != 1 or len(self.deliveries) != 1
        ):
            raise ValueError(f"job {self.id} has a most detour, but not one pickup and delivery")

    def _check_loads(self) -> None:
        if len(self.pickups) <= 1 and len(self.deliveries) <= 1:
            if any(stop.load is not None for stop in self.stops()):
                raise ValueError(f"the load of job {self.id} belongs to the job, not to its stop")
            return
        loads = [self.load_at(stop) for stop in self.stops()]
        if any(len(load) != len(loads[0]) for load in loads):
            raise ValueError(f"the loads of the stops of job {self.id} differ in dimensions")
        if self.kind == JobKind.DELIVER:
            taken, left = _summed(loads[: len(self.pickups)]), _summed(loads[len(self.pickups) :])
            if taken != left:
                raise ValueError(f"the load of job {self.id}: {taken} is taken, but {left} left")

    @classmethod
    def visit(cls, id: str, stop: Stop, **more: Any) -> Self:
        """Somebody to be seen at a stop: nothing is carried."""
        return cls(id, deliveries=stop, **more)

    @classmethod
    def ride(cls, id: str, pickup: Stop, delivery: Stop, seats: Load = (1,), **more: Any) -> Self:
        """People to be driven from one stop to another."""
        return cls(id, pickup, delivery, seats, **more)

    @property
    def kind(self) -> JobKind:
        """Which ends of it lie on the road."""
        if not self.pickups:
            return JobKind.BRING
        return JobKind.DELIVER if self.deliveries else JobKind.COLLECT

    def stops(self) -> tuple[Stop, ...]:
        """Its pickups, then its deliveries."""
        return (*self.pickups, *self.deliveries)

    def load_at(self, stop: Stop) -> Load:
        """What is taken or left at one of its stops."""
        return self.load if stop.load is None else stop.load

    def total_load(self) -> Load:
        """All that is on board between its pickups and its deliveries."""
        return _summed([self.load_at(stop) for stop in self.pickups or self.deliveries])


def _summed(loads: list[Load]) -> Load:
    return tuple(map(sum, zip(*loads, strict=True)))


@dataclass(frozen=True, slots=True)
class OnBoard:
    """A job whose pickups are all done, and the time at which it left them."""

    job_id: str
    since_s: int

    def __post_init__(self) -> None:
        whole(f"the time at which job {self.job_id} came on board", self.since_s)


@dataclass(frozen=True, slots=True)
class Break:
    """A rest of `duration_s` that starts within one of its windows, wherever the vehicle stands."""

    windows: tuple[Window, ...]
    duration_s: int

    def __post_init__(self) -> None:
        whole("the duration of a break", self.duration_s)
        if not self.windows:
            raise ValueError("a break needs a window in which it starts")
        _one_after_the_other(self.windows)


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A vehicle with its rider, on one shift.

    It sets out from `start_place`, not before `available_from_s`; `end_place` None leaves the
    route open. `capacity`: units in each dimension. `on_board`: jobs picked up, in the order in
    which they are to be delivered. `promised`: jobs given to it but not yet picked up, in the order
    in which they are to be picked up. Both stay with it, and in that order. `max_jobs` counts them,
    `max_stops` their stops. `max_work_s`: at most so long from setting out to the end.
    `worked_s`: work done before this plan, for the balance. Its travel times are those of the
    matrix of its `profile`, times `pace_percent` (200: half as fast), rounded up. `fixed_cost` is
    paid once if it is used, `cost_per_km` and `cost_per_hour` for whole units, rounded down.
    `fleet`: whose it is, for `Share`. `breaks` are taken in their order.
    """

    id: str
    start_place: int
    shift: Window
    end_place: int | None = None
    capacity: Load = ()
    skills: frozenset[str] = frozenset()
    on_board: tuple[OnBoard, ...] = ()
    promised: tuple[str, ...] = ()
    max_jobs: int | None = None
    max_stops: int | None = None
    max_distance_m: int | None = None
    max_work_s: int | None = None
    available_from_s: int = 0
    worked_s: int = 0
    profile: str = ""
    pace_percent: int = 100
    fixed_cost: int = 0
    cost_per_km: int = 0
    cost_per_hour: int = 0
    fleet: str = ""
    breaks: tuple[Break, ...] = ()

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError("a vehicle needs an id")
        whole(f"a place of vehicle {self.id}", self.start_place, self.end_place)
        whole(f"the capacity of vehicle {self.id}", *self.capacity)
        whole(f"max_jobs of vehicle {self.id}", self.max_jobs, least=1)
        whole(f"max_stops of vehicle {self.id}", self.max_stops, least=1)
        whole(f"the most distance or work of {self.id}", self.max_distance_m, self.max_work_s)
        whole(f"a time of vehicle {self.id}", self.available_from_s, self.worked_s)
        whole(f"the pace of vehicle {self.id}", self.pace_percent, least=1, most=PERCENT_MAX)
        costs = (self.fixed_cost, self.cost_per_km, self.cost_per_hour)
        whole(f"a cost of vehicle {self.id}", *costs)
        once(f"job of vehicle {self.id}", self.committed())

    def committed(self) -> tuple[str, ...]:
        """The ids of the jobs that stay with it: those on board, then those promised."""
        return (*(each.job_id for each in self.on_board), *self.promised)
