"""Many plans at once: the kernel lets go of Python while it thinks, and no thread meets another.

`make test-sanitize` runs this with every race for memory reported.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pytest
from gancang_planner import Job, Matrix, Plan, Snapshot, Stop, Stopping, Vehicle, Window, plan
from gancang_planner.match import Geometry, Travel, generated, match

kernel = pytest.importorskip("gancang_planner_kernel._kernel", reason="the kernel is not built")

THREADS = 4
ON_A_PLANE = Travel(geometry=Geometry.METRES)


def day(seed: int, jobs: int = 25) -> Snapshot:
    """Some parcels among twelve places, three riders."""
    draw = Random(seed)
    rows = [[60 * abs(a - b) + draw.randrange(60) * (a != b) for b in range(12)] for a in range(12)]
    parcels = tuple(
        Job(f"j{n}", Stop(draw.randrange(12), service_s=60), Stop(draw.randrange(12)), load=(1,))
        for n in range(jobs)
    )
    riders = tuple(Vehicle(f"v{n}", n, Window(0, 40_000), capacity=(4,)) for n in range(3))
    return Snapshot(parcels, riders, Matrix.of(rows, rows))


def thought(snapshot: Snapshot) -> Plan:
    """A short search."""
    return plan(snapshot, stop=Stopping(iterations=60), seed=5)


def test_plans_in_parallel_are_those_made_alone() -> None:
    days = [day(seed) for seed in range(THREADS)]
    alone = [thought(each) for each in days]
    with ThreadPoolExecutor(THREADS) as threads:
        assert list(threads.map(thought, days * 3)) == alone * 3


def test_one_snapshot_serves_many_threads() -> None:
    one = day(9)
    with ThreadPoolExecutor(THREADS) as threads:
        assert len(set(map(repr, threads.map(thought, [one] * 8)))) == 1


def test_matchings_in_parallel_are_those_made_alone() -> None:
    worlds = [generated(60, 40, seed) for seed in range(THREADS)]
    alone = [match(*world, ON_A_PLANE) for world in worlds]
    with ThreadPoolExecutor(THREADS) as threads:
        assert list(threads.map(lambda world: match(*world, ON_A_PLANE), worlds * 3)) == alone * 3


def test_python_goes_on_while_the_kernel_thinks() -> None:
    ended = threading.Event()

    def think() -> None:
        plan(day(1), stop=Stopping(seconds=0.5), seed=1)
        ended.set()

    thinker = threading.Thread(target=think)
    thinker.start()
    turns = 0
    while not ended.is_set():
        turns += 1
    thinker.join()
    assert turns > 1000  # a kernel that held on to the interpreter would let it turn a few times


def test_a_search_is_for_one_thread_at_a_time() -> None:
    problem = kernel.Problem(**one_delivery())
    search = kernel.Search(problem, 1)
    assert search.start([[]])
    begun, refused, may_end = threading.Event(), [], threading.Event()

    def watch(*_: Any) -> bool:
        begun.set()
        return may_end.is_set()

    none = {"iterations": -1, "planned": -1, "no_gain": -1, "seconds": 20.0, "ask_every_s": 0.001}
    runner = threading.Thread(target=lambda: search.run(**none, watch=watch))
    runner.start()
    assert begun.wait(20)
    deeds = [
        lambda: search.run(**none, watch=None),
        lambda: search.start([[]]),
        lambda: search.best,
        lambda: search.parts,
        lambda: search.iterations,
    ]
    for deed in deeds:
        with pytest.raises(RuntimeError) as why:
            deed()
        refused.append(str(why.value))
    may_end.set()
    runner.join()
    assert len(refused) == len(deeds)
    assert search.best == [[0]]


def one_delivery() -> dict[str, Any]:
    """The least that the kernel takes: one place, one delivery, one vehicle."""
    import numpy as np  # noqa: PLC0415 - for this world alone

    def row(*numbers: int) -> Any:
        return np.array([numbers], np.int64)

    ways = np.zeros((1, 1), np.int32)
    return {
        "places": 1,
        "dims": 1,
        "calls": row(0, 0, 1, 0, 0, -1, 0, 1),
        "call_load": row(-1),
        "windows": row(0, 99),
        "jobs": row(0, 0, 1, -1, -1, 1, -1, -1, -1),
        "start_load": row(1),
        "vehicles": row(0, -1, 0, -1, 0, 99, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0),
        "capacity": row(1),
        "held_load": row(0),
        "breaks": np.empty((0, 3), np.int64),
        "eligible": np.ones((1, 1), np.uint8),
        "travel": [(ways, ways)],
        "levels": row(1, 0, 0, 0, 0, 0, 0, 0, 0, 0),
        "shares": np.empty((0, 3), np.int64),
    }
