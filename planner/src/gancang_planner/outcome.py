"""The nouns of the answer: routes with their visits, and a reason for every job left out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gancang_planner.cost import Cost


class Kind(StrEnum):
    """What is done at a visit."""

    PICKUP = "pickup"
    DELIVERY = "delivery"
    BREAK = "break"
    """The rider rests: `job_id` is empty, `place` where the vehicle stands."""


class Limit(IntEnum):
    """The hard limits of a route."""

    CAPACITY = 1
    ROAD = 2
    WINDOW = 3
    """Of a stop, or of a break that cannot be begun any more."""
    ONBOARD = 4
    SHIFT = 5
    MAX_JOBS = 6
    MAX_STOPS = 7
    MAX_DISTANCE = 8
    MAX_WORK = 9


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
    """The load exceeds even an empty one, or the stops are more than it may make."""
    UNREACHABLE = 6
    """No road leads from where they are to the stops and their end."""
    WINDOW_CLOSED = 7
    """Even with nothing else to do, none would come before the last window closes (a break of its
    own, which it cannot take in time, included)."""
    ON_BOARD_TOO_LONG = 8
    """Even with nothing else to do, the job would be on board for longer than it may."""
    SHIFT_ENDS = 9
    """Even with nothing else to do, none would be done before its shift ends."""
    TOO_FAR = 10
    """Even with nothing else to do, none would do it within the distance it may drive."""
    TOO_LONG = 11
    """Even with nothing else to do, none would do it within the time it may work."""
    NO_CAPACITY_LEFT = 12
    """Some could do it with nothing else to do, but none beside the work it has."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A stop of a route. `late_s`: the start is so long after the last window closed.

    `arrival_s + waiting_s == start_s`; `departure_s` is `start_s` and the time spent there, setup
    included; `load`: units on board in each dimension when leaving; `stop`: which of the pickups or
    deliveries of the job it is.
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
    stop: int = 0


@dataclass(frozen=True, slots=True)
class Added:
    """What one job adds to its route: the route's cost less its cost without the job."""

    job_id: str
    cost: Cost


@dataclass(frozen=True, slots=True)
class Route:
    """What one vehicle does. It sets out at `departs_s`, just in time for what comes first.

    A break taken before setting out is a visit before `departs_s`. `breaks` names the limits it
    breaks: empty but for a vehicle whose committed jobs alone already break them: it keeps the
    jobs, in their order, as early as can be, and gets nothing new. (Behind a leg without a road the
    times are not to be trusted: the leg counts as no time. Its rests are not planned then.)
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
    """Routes by vehicle id (only those with visits), jobs left out by id, and the whole cost.

    No plan serves the same jobs with fewer than `vehicles_at_least` vehicles; jobs of routes that
    break limits are not reckoned with.
    """

    routes: tuple[Route, ...]
    unserved: tuple[LeftOut, ...]
    cost: Cost
    iterations: int
    vehicles_at_least: int = 0


@dataclass(frozen=True, slots=True)
class Alternative:
    """A vehicle that could do a job too, and what the job would add to its route."""

    vehicle_id: str
    cost: Cost
