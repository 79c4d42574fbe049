"""Random worlds that use every feature of the model, small enough to be understood.

Whatever is unusual is seldom, lest so much is refused that no law is put to the test. Worlds are
not metric: the way over a third place may be shorter than the direct one. A world is made from a
seed and its sizes, so that thousands are cheap and as varied as dice are.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any

import hypothesis.strategies as st
from gancang_planner import (
    DEFAULT_POLICY,
    UNREACHABLE,
    Break,
    Job,
    Matrix,
    OnBoard,
    Policy,
    Share,
    Snapshot,
    Stop,
    Term,
    Vehicle,
    Window,
)

if TYPE_CHECKING:
    from collections.abc import Callable

HORIZON_S = 250
SKILLS = [frozenset({"cold"}), frozenset({"class B"})]
FLEETS = ("", "ojek desa", "pos")
SHAPES = [(0, 1), (1, 0), (0, 2), (2, 0), (2, 1), (1, 2), (2, 2)]
SHARES = (Share("ojek desa", 20, 50), Share("pos", 10, 40, already=2))
POLICIES = (
    DEFAULT_POLICY,
    Policy.strict(Term.VEHICLES, Term.DISTANCE),
    Policy.strict(Term.LATENESS, Term.CHANGES, Term.MONEY),
    Policy.strict(Term.OFF_SHARE, Term.DURATION, shares=SHARES),
    Policy.strict(Term.IMBALANCE, Term.WAIT),
    Policy.weighted({Term.DISTANCE: 1, Term.WAIT: 2, Term.MONEY: 3, Term.OFF_SHARE: 20}, SHARES),
)


class Dice:
    """Throws the parts of a world."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def upto(self, least: int, most: int) -> int:
        return self.random.randint(least, most)

    def seldom(self, unusual: Callable[[], Any], usual: Any, one_in: int = 5) -> Any:
        return usual if self.random.randrange(one_in) else unusual()

    def seldom_upto(self, least: int, most: int, usual: Any = 0, one_in: int = 5) -> Any:
        return self.seldom(lambda: self.upto(least, most), usual, one_in)

    def windows(self) -> tuple[Window, ...]:
        """One or two windows, one after the other."""
        a, b, c, d = sorted(self.random.sample(range(HORIZON_S), 4))
        return (Window(a, b), Window(c, d))[self.upto(0, 1) :]

    def stop(self, places: int) -> Stop:
        return Stop(
            self.upto(0, places - 1),
            self.seldom(self.windows, ()),
            self.upto(0, 5),
            self.seldom_upto(1, 15),
        )

    def ends(self, places: int, dimensions: int) -> dict[str, Any]:
        """The pickups, deliveries and load of a job of any kind, most often one of each."""
        shape = self.seldom(lambda: self.random.choice(SHAPES), (1, 1), one_in=3)
        load = tuple(self.random.choice([0, 1, 1, 1, 2, 2, 4]) for _ in range(dimensions))
        first, last = (tuple(self.stop(places) for _ in range(size)) for size in shape)
        # Where two of one side meet one of the other, they share its load.
        part = tuple(units // 2 for units in load)
        rest = tuple(units - less for units, less in zip(load, part, strict=True))
        if shape == (2, 1):
            first = (replace(first[0], load=part), replace(first[1], load=rest))
        if shape == (1, 2):
            last = (replace(last[0], load=part), replace(last[1], load=rest))
        if self.upto(0, 9) == 0 and len(first) < 2 and len(last) < 2:
            load = ()
        return {"pickups": first, "deliveries": last, "load": load}

    def job(self, name: str, places: int, dimensions: int) -> Job:
        """A job somewhere, with a random choice of the things that may bind it."""
        where = self.ends(places, dimensions)
        is_pair = (len(where["pickups"]), len(where["deliveries"])) == (1, 1)
        has_pickup = bool(where["pickups"])
        return Job(
            id=name,
            **where,
            skills=self.seldom(lambda: self.random.choice(SKILLS), frozenset(), 10),
            priority=self.upto(1, 3),
            release_s=self.seldom_upto(0, 120),
            promise_s=self.seldom_upto(0, HORIZON_S, None, 2),
            max_onboard_s=self.seldom_upto(0, 60, None) if has_pickup else None,
            max_detour_percent=self.seldom_upto(100, 400, None, 8) if is_pair else None,
            allowed_vehicles=self.seldom(self.some_vehicles, None, 12),
            forbidden_vehicles=self.seldom(self.some_vehicles, frozenset(), 12),
            refused_by=self.seldom(self.some_vehicles, frozenset(), 12),
        )

    def some_vehicles(self) -> frozenset[str]:
        return frozenset(self.random.sample(["v0", "v1", "v2"], self.upto(1, 2)))

    def breaks(self) -> tuple[Break, ...]:
        """One break or two, early enough to be taken on the road now and then."""
        return tuple(self.rest() for _ in range(self.upto(1, 2)))

    def rest(self) -> Break:
        opens_s = self.upto(0, 90)
        windows = (Window(opens_s, opens_s + self.upto(0, 40)), *self.windows()[:1])
        if len(windows) > 1 and windows[1].opens_s <= windows[0].closes_s:
            windows = windows[:1]
        return Break(windows, self.upto(0, 30))

    def vehicle(self, name: str, places: int, dimensions: int) -> Vehicle:
        """A vehicle somewhere, with nothing given to it yet."""
        opens_s = self.seldom_upto(0, 60)
        return Vehicle(
            id=name,
            start_place=self.upto(0, places - 1),
            shift=Window(opens_s, opens_s + self.random.choice([0, 100, 200, 300, 400, 500, 600])),
            end_place=self.seldom_upto(0, places - 1, None, 2),
            capacity=tuple(self.upto(1, 5) for _ in range(dimensions)),
            skills=self.random.choice([*SKILLS, frozenset()]),
            max_jobs=self.seldom_upto(1, 3, None, 8),
            max_stops=self.seldom_upto(1, 6, None, 8),
            max_distance_m=self.seldom_upto(10, 120, None, 8),
            max_work_s=self.seldom_upto(20, 250, None, 8),
            available_from_s=self.seldom_upto(0, 60),
            worked_s=self.upto(0, 1000),
            profile=self.seldom(lambda: "truck", ""),
            pace_percent=self.seldom(lambda: self.random.choice([50, 133, 200]), 100),
            fixed_cost=self.seldom_upto(1, 50),
            cost_per_km=self.seldom_upto(1, 5000),
            cost_per_hour=self.seldom_upto(1, 5000),
            fleet=self.random.choice(FLEETS),
            breaks=self.seldom(self.breaks, (), 4),
        )

    def matrix(self, places: int) -> Matrix:
        """Ways between the places; now and then some are missing."""
        one_in = self.seldom(lambda: 9, 10**6)
        seconds = [
            [self.seldom(lambda: UNREACHABLE, self.upto(0, 25), one_in) for _ in range(places)]
            for _ in range(places)
        ]
        metres = [[self.upto(0, 25) for _ in range(places)] for _ in range(places)]
        return Matrix.of(seconds, self.random.choice([seconds, metres]))

    def committed(self, some_jobs: list[Job], fleet: list[Vehicle]) -> list[Vehicle]:
        """The fleet with some jobs on board and some promised."""
        fleet = list(fleet)
        for job in some_jobs if fleet else ():
            v = self.upto(0, len(fleet) - 1)
            thrown = self.upto(0, 9)
            if thrown == 0:
                held = (*fleet[v].on_board, OnBoard(job.id, self.upto(0, 60)))
                fleet[v] = replace(fleet[v], on_board=held)
            elif thrown == 1:
                fleet[v] = replace(fleet[v], promised=(*fleet[v].promised, job.id))
        return fleet


def world(seed: int, jobs_size: int, fleet_size: int) -> Snapshot:
    """A world of this size; some jobs on board, some promised, some running."""
    dice = Dice(seed)
    places, dimensions = dice.upto(2, 5), dice.upto(0, 2)
    some_jobs = [dice.job(f"j{n}", places, dimensions) for n in range(jobs_size)]
    fleet = [dice.vehicle(f"v{n}", places, dimensions) for n in range(fleet_size)]
    fleet = dice.committed(some_jobs, fleet)
    names = ["v0", "v1", "gone"]
    running = [(j.id, dice.random.choice(names)) for j in some_jobs if not dice.upto(0, 3)]
    hours = dice.seldom(lambda: tuple(dice.random.choices([80, 100, 150], k=24)), ())
    return Snapshot(
        tuple(some_jobs),
        tuple(fleet),
        {"": dice.matrix(places), "truck": dice.matrix(places)},
        dice.seldom_upto(0, 60),
        hours,
        tuple(running),
    )


def worlds(jobs_max: int = 6, vehicles_max: int = 3) -> st.SearchStrategy[Snapshot]:
    """Worlds of up to so many jobs and vehicles."""
    fleets = [0, *(3 * [*range(1, vehicles_max + 1)])]
    sizes = st.sampled_from(range(jobs_max + 1)), st.sampled_from(fleets)
    return st.builds(world, st.integers(0, 2**32), *sizes)


policies = st.sampled_from(POLICIES)
