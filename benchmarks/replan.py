"""A regency's running day planned anew: 60 riders, 300 open jobs, 120 of them promised to riders.

What is measured is `plan` whole, from the door to the answer, as a tick of the platform asks it,
with 0.15 s for all: the median and the slowest of a few runs, and how much of it is not search (a
plan of no iterations: laying out, the first plan, the answer).

Beside it what a user would choose instead: VROOM, by pyvroom in the venv of the peers (`make
bench-planner` makes it), asked for the same within the same time, at its default exploration and at
its least. It does not know promises to riders, nor being late for a price: a promised job asks for
a skill that its rider alone has (in any order), what is not promised has its window instead. Both
clocks run from a problem in memory to the answer in Python. The law: no promise to a rider broken.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np
from gancang_planner import Job, Kind, Matrix, Policy, Snapshot, Stop, Stopping, Term, Vehicle, plan
from gancang_planner import Window as Hours

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gancang_planner import Plan

RIDERS, OPEN, PROMISED, COUNTERS = 60, 300, 120, 5
IN_HAND_MAX = 8
SIDE_M, DETOUR, METRES_A_SECOND = 20_000, 1.3, 8
DAY_S = 10 * 3600
PICKUP_S, HAND_OVER_S = 120, 240
SEED, RUNS = 1, 9
SECONDS, LIMIT_S = 0.15, 0.2
PEERS = Path(__file__).parent.parent / ".venv" / "peers" / "bin" / "python"
POLICY = Policy.weighted({Term.LATENESS: 10, Term.WAIT: 1, Term.DURATION: 1, Term.IMBALANCE: 1})


@dataclass(frozen=True)
class Day:
    """Places: the counters, a place for each rider, one for each door. Promised: the first jobs."""

    metres: Any
    counter: tuple[int, ...]
    due_s: tuple[int, ...]

    @property
    def seconds(self) -> Any:
        return (self.metres / METRES_A_SECOND).astype(np.int32)

    def door(self, job: int) -> int:
        """Where a job is brought."""
        return COUNTERS + RIDERS + job


def run() -> Iterator[dict[str, Any]]:
    """The time of a plan whole, beside VROOM's."""
    day = day_of(Random(SEED))
    snapshot = snapshot_of(day)
    runs = [_timed(snapshot, Stopping(seconds=SECONDS)) for _ in range(RUNS)]
    took, plans = zip(*runs, strict=True)
    for found in plans:
        keeps_every_promise(snapshot, found)
    median_s = statistics.median(took)
    idle_s = statistics.median(_timed(snapshot, Stopping(iterations=0))[0] for _ in range(RUNS))
    thought = statistics.median(found.iterations for found in plans)
    yield {
        "what": f"{RIDERS} riders, {OPEN} open jobs, {PROMISED} promised, planned anew",
        "told": f"{median_s * 1000:.0f} ms, slowest {max(took) * 1000:.0f} ms, of {RUNS}; limit"
        f" {LIMIT_S * 1000:.0f} ms; {idle_s * 1000:.0f} ms without an iteration, {thought:.0f} in"
        f" {SECONDS * 1000:.0f} ms; {len(plans[0].unserved)} jobs left out, no promise broken",
        "seconds": [round(each, 4) for each in (median_s, max(took), idle_s)],
        "iterations": thought,
    }
    yield from _beside_vroom(day, median_s)


def day_of(random: Random) -> Day:
    """Doors and riders anywhere in the regency, all jobs ready, due in one to three hours."""
    places = COUNTERS + RIDERS + OPEN
    drawn = [random.uniform(0, SIDE_M) for _ in range(2 * places)]
    points = np.array(drawn).reshape(places, 2)
    gaps = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    return Day(
        (gaps * DETOUR).astype(np.int32),
        tuple(random.randrange(COUNTERS) for _ in range(OPEN)),
        tuple(random.randint(3600, 3 * 3600) for _ in range(OPEN)),
    )


def snapshot_of(day: Day) -> Snapshot:
    """The day in our words."""
    jobs = [
        Job(
            f"j{job:03}",
            Stop(day.counter[job], service_s=PICKUP_S),
            Stop(day.door(job), service_s=HAND_OVER_S),
            load=(1,),
            promise_s=day.due_s[job],
        )
        for job in range(OPEN)
    ]
    vehicles = [
        Vehicle(
            f"r{rider:02}",
            COUNTERS + rider,
            Hours(0, DAY_S),
            capacity=(IN_HAND_MAX,),
            promised=tuple(f"j{job:03}" for job in range(rider, PROMISED, RIDERS)),
            max_jobs=IN_HAND_MAX,
        )
        for rider in range(RIDERS)
    ]
    return Snapshot(tuple(jobs), tuple(vehicles), Matrix(day.seconds, day.metres))


def keeps_every_promise(snapshot: Snapshot, found: Plan) -> None:
    """Each rider still has what he was promised, fetched in the order promised and brought."""
    routes = {route.vehicle_id: route for route in found.routes}
    for vehicle in snapshot.vehicles:
        visits = routes[vehicle.id].visits
        fetched = [visit.job_id for visit in visits if visit.kind is Kind.PICKUP]
        brought = {visit.job_id for visit in visits if visit.kind is Kind.DELIVERY}
        assert [job for job in fetched if job in vehicle.promised] == list(vehicle.promised)
        assert set(fetched) == brought


def _timed(snapshot: Snapshot, stop: Stopping) -> tuple[float, Plan]:
    began = time.perf_counter()
    found = plan(snapshot, POLICY, stop, SEED)
    return time.perf_counter() - began, found


CHILD = """
import json, statistics, sys, time
from datetime import timedelta
import numpy as np
import vroom
asked = json.load(sys.stdin)

def problem():
    new = vroom.Input()
    new.set_durations_matrix("car", np.array(asked["seconds"], np.uint32))
    new.add_vehicle([
        vroom.Vehicle(
            rider["id"], start=rider["start"], capacity=[asked["most"]], skills={rider["id"]},
            time_window=(0, asked["day_s"]), max_tasks=2 * asked["most"],
        )
        for rider in asked["riders"]
    ])
    new.add_job([
        vroom.Shipment(
            vroom.ShipmentStep(job["id"], job["from"], default_service=asked["pickup_s"]),
            vroom.ShipmentStep(
                job["id"], job["to"], default_service=asked["hand_over_s"],
                time_windows=[(0, job["due_s"] or asked["day_s"])],
            ),
            amount=[1],
            skills={job["rider"]} if job["rider"] else set(),
        )
        for job in asked["jobs"]
    ])
    return new

limit = timedelta(seconds=asked["limit_s"])
for explored in asked["exploration"]:
    took = []
    for _ in range(asked["runs"]):
        new = problem()
        began = time.perf_counter()
        found = new.solve(explored, nb_threads=1, timeout=limit).to_dict()
        took.append(time.perf_counter() - began)
    left = {step["id"] for step in found["unassigned"]}
    promised = {job["id"] for job in asked["jobs"] if job["rider"]}
    print(json.dumps([statistics.median(took), max(took), len(left), len(left & promised)]))
"""


def _beside_vroom(day: Day, ours_s: float) -> Iterator[dict[str, Any]]:
    what = "the same by VROOM, exploration"
    if not PEERS.exists():
        yield {"what": what, "told": "not measured: there is no .venv/peers"}
        return
    asked = _asked(day)
    ran = subprocess.run(
        [PEERS, "-c", CHILD], input=json.dumps(asked), capture_output=True, text=True, check=True
    )
    for explored, line in zip(asked["exploration"], ran.stdout.splitlines(), strict=True):
        median_s, slowest_s, left, broken = json.loads(line)
        yield {
            "what": f"{what} {explored}",
            "told": f"{median_s * 1000:.0f} ms, slowest {slowest_s * 1000:.0f} ms: ours"
            f" {ours_s / median_s:.2f} of it; {left} jobs left out, {broken} of them promised",
            "seconds": [round(median_s, 4), round(slowest_s, 4)],
            "ratio": round(ours_s / median_s, 3),
        }


def _asked(day: Day) -> dict[str, Any]:
    """The day in VROOM's words; numbers of riders and jobs begin at 1."""
    return {
        "seconds": day.seconds.tolist(),
        "riders": [{"id": rider + 1, "start": COUNTERS + rider} for rider in range(RIDERS)],
        "jobs": [
            {
                "id": job + 1,
                "from": day.counter[job],
                "to": day.door(job),
                "rider": job % RIDERS + 1 if job < PROMISED else None,
                "due_s": None if job < PROMISED else day.due_s[job],
            }
            for job in range(OPEN)
        ],
        "most": IN_HAND_MAX,
        "day_s": DAY_S,
        "pickup_s": PICKUP_S,
        "hand_over_s": HAND_OVER_S,
        "limit_s": SECONDS,
        "exploration": [5, 0],
        "runs": RUNS,
    }
