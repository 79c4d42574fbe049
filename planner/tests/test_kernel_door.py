"""Rubbish at the door of the kernel: a Python exception each, and the process lives on.

Python checks what people may get wrong long before; here somebody calls the compiled module itself.
`make test-sanitize` runs this with every wrong step in memory reported.
"""

from __future__ import annotations

import faulthandler
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

kernel = pytest.importorskip("gancang_planner_kernel._kernel", reason="the kernel is not built")

REFUSED = (ValueError, TypeError, MemoryError)
LARGEST = 2**42
PARTS = 10  # of a cost
NONE = -1  # how the kernel is told that there is no such number
INT64 = np.iinfo(np.int64)
LONGEST_S = 300
EXTREMES = [
    *(
        -1,
        0,
        1,
        2,
        3,
        7,
        100,
        101,
        2**16,
        2**31 - 1,
        2**31,
        2**32,
        LARGEST - 1,
        LARGEST,
        LARGEST + 1,
        2**53,
    ),
    *(2**61, 2**61 + 1, INT64.max, INT64.min, -2, -(2**31), -LARGEST),
]
FUZZ = settings(
    deadline=None,
    max_examples=400,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.fixture(autouse=True)
def _nothing_hangs() -> Iterator[None]:
    """An endless loop in C++ ends with a traceback instead of never."""
    faulthandler.dump_traceback_later(LONGEST_S, exit=True)
    yield
    faulthandler.cancel_dump_traceback_later()


def table(*rows: list[int], columns: int = 0) -> Any:
    """Numbers as the kernel wants them."""
    return np.array(rows, dtype=np.int64).reshape(len(rows), columns or len(rows[0]))


def world() -> dict[str, Any]:
    """Five places, five jobs of every shape, two vehicles, one with a break and a job on board."""
    ways = np.array([[abs(a - b) * 60 for b in range(5)] for a in range(5)], dtype=np.int32)
    return {
        "places": 5,
        "dims": 2,
        # place, job, is a delivery, service, setup, due, first window, windows
        "calls": table(
            [0, 0, 0, 30, 10, 0, 0, 1],
            [1, 0, 1, 20, 0, 900, 1, 2],
            [2, 1, 1, 20, 0, NONE, 3, 1],
            [0, 2, 0, 30, 10, 60, 0, 1],
            [1, 2, 0, 30, 0, 0, 0, 1],
            [3, 2, 1, 30, 0, NONE, 0, 1],
            [4, 3, 1, 15, 0, 600, 0, 1],
            [3, 4, 0, 5, 0, 0, 0, 1],
        ),
        "call_load": table(
            [1, 0], [-1, 0], [-2, -1], [1, 1], [1, 0], [-2, -1], [-1, 0], [1, 1], columns=2
        ),
        "windows": table(
            [0, 7200], [0, 1200], [1800, 5000], [100, 6000], [1000, 3000], [4000, 9000]
        ),
        # first call, pickups, deliveries, holder, running, priority, on board, detour, since
        "jobs": table(
            [0, 1, 1, -1, 0, 1, 1500, 300, -1],
            [2, 0, 1, -1, -1, 5, -1, -1, -1],
            [3, 2, 1, -1, 1, 1, 3600, -1, -1],
            [6, 0, 1, 1, -1, 1, 4000, -1, 0],
            [7, 1, 0, -1, -1, 2, -1, -1, -1],
        ),
        "start_load": table([0, 0], [2, 1], [0, 0], [1, 0], [0, 0], columns=2),
        # start, end, travel, fleet, ready, closes, most jobs, stops, metres, work,
        # fixed, a km, an hour, worked, is closed, first break, breaks
        "vehicles": table(
            [0, -1, 0, 0, 0, 7200, -1, -1, -1, -1, 50, 2, 100, 0, 0, 0, 1],
            [4, 4, 1, -1, 60, 9000, 4, 9, 99_999, 8000, 0, 0, 0, 900, 0, 1, 0],
        ),
        "capacity": table([4, 2], [5, 5]),
        "held_load": table([0, 0], [1, 0]),
        "breaks": table([300, 4, 2]),
        "eligible": np.ones((5, 2), dtype=np.uint8),
        "travel": [(ways, ways * 9), (ways * 2, ways * 9)],
        "levels": table([1] + [0] * 9, [0, 1, 1, 1, 1, 1, 1, 1, 1, 1]),
        "shares": table([20, 60, 3]),
    }


LIMITS = {
    "iterations": 30,
    "planned": NONE,
    "no_gain": NONE,
    "seconds": 2.0,
    "ask_every_s": 0.0,
    "watch": None,
}
START = [[], [6]]  # what is on board is in its vehicle


def use(arguments: dict[str, Any], start: Any = START, **run: Any) -> Any:
    """All that the door offers, for a problem that it took."""
    problem = kernel.Problem(**arguments)
    search = kernel.Search(problem, 7)
    if search.start(start):
        search.run(**LIMITS | run)
        assert len(search.parts) == PARTS
        for vehicle, calls in enumerate(search.best):
            problem.time(vehicle, calls)
    return search


def survives(arguments: dict[str, Any], start: Any = START, **run: Any) -> None:
    """It is taken or refused; nothing else."""
    with suppress(*REFUSED):
        use(arguments, start, **run)


def test_the_world_to_spoil_is_sound() -> None:
    search = use(world())
    assert search.iterations == 30
    assert sorted(call for calls in search.best for call in calls) == list(range(8))


TABLES = [name for name, value in world().items() if isinstance(value, np.ndarray)]
CELLS = [(name, at) for name in TABLES for at in np.ndindex(world()[name].shape)]
NUMBERS = st.sampled_from(EXTREMES) | st.integers(INT64.min, INT64.max)


def spoil(arguments: dict[str, Any], name: str, at: tuple[int, ...], number: int) -> None:
    """One cell of one table holds another number, as far as its kind of number goes."""
    numbers = arguments[name] = arguments[name].copy()
    kind = np.iinfo(numbers.dtype)
    numbers[at] = min(max(number, kind.min), kind.max)


@FUZZ
@given(st.lists(st.tuples(st.sampled_from(CELLS), NUMBERS), min_size=1, max_size=4))
def test_no_number_in_a_table_breaks_the_process(spoilt: list[Any]) -> None:
    arguments = world()
    for (name, at), number in spoilt:
        spoil(arguments, name, at, number)
    survives(arguments)


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("number", EXTREMES)
def test_no_number_all_over_a_table_breaks_the_process(name: str, number: int) -> None:
    arguments = world()
    for at in np.ndindex(arguments[name].shape):
        spoil(arguments, name, at, number)
    survives(arguments)


@pytest.mark.parametrize("number", EXTREMES)
def test_no_number_in_a_column_breaks_the_process(number: int) -> None:
    for name in TABLES:
        for column in range(world()[name].shape[1]):
            arguments = world()
            for row in range(arguments[name].shape[0]):
                spoil(arguments, name, (row, column), number)
            survives(arguments)


KINDS = ["int8", "int32", "uint64", "float32", "float64", "complex128", "bool", "object", "U5"]
SPOILERS: dict[str, Any] = {
    "flat": lambda a: a.reshape(-1),
    "deep": lambda a: a.reshape(1, *a.shape),
    "turned": lambda a: a.T,
    "reversed": lambda a: a[::-1],
    "every other": lambda a: np.repeat(a, 2, axis=1)[:, ::2],
    "no rows": lambda a: a[:0],
    "no columns": lambda a: a[:, :0],
    "a row less": lambda a: a[:-1],
    "a row more": lambda a: np.vstack([a, a[-1:]]),
    "a column less": lambda a: np.ascontiguousarray(a[:, :-1]),
    "a column more": lambda a: np.hstack([a, a[:, -1:]]),
    "other byte order": lambda a: a.astype(a.dtype.newbyteorder()),
    "a list": lambda a: a.tolist(),
    "none": lambda _: None,
    "words": lambda _: "rubbish",
    "a number": lambda _: 3,
    "nan": lambda a: np.full(a.shape, np.nan),
    **{kind: (lambda a, kind=kind: a.astype(kind)) for kind in KINDS},
}
MAY_BE_GOOD = {"reversed", "every other", "a row more", "a row less", "no rows", "turned"}


@pytest.mark.parametrize("spoiler", SPOILERS)
@pytest.mark.parametrize("name", TABLES)
def test_an_array_of_another_kind_is_refused(name: str, spoiler: str) -> None:
    arguments = world()
    arguments[name] = SPOILERS[spoiler](arguments[name])
    if spoiler in MAY_BE_GOOD or (spoiler, name) == ("other byte order", "eligible"):
        survives(arguments)
        return
    with pytest.raises(REFUSED):
        use(arguments)


WAYS = np.zeros((5, 5), dtype=np.int32)


@pytest.mark.parametrize(
    "travel",
    [
        *([], None, [None], [(WAYS,)], [(WAYS, WAYS, WAYS)], [(WAYS, WAYS[:4])], "rubbish", [3]),
        *([(WAYS[:4], WAYS[:4])], [(WAYS[:0], WAYS[:0])], [(WAYS - 1, WAYS)], [(WAYS, WAYS - 9)]),
        *([(WAYS.astype(np.int64), WAYS)], [(WAYS.astype(float), WAYS)], [(WAYS + np.nan, WAYS)]),
        [(WAYS, WAYS)],  # a class less than the vehicles name
        [(np.zeros((6, 6), dtype=np.int32),) * 2] * 2,
    ],
)
def test_ways_that_are_none_are_refused(travel: Any) -> None:
    with pytest.raises(REFUSED):
        use({**world(), "travel": travel})


@pytest.mark.parametrize("number", [0, 2**30, 2**31 - 1])
def test_ways_of_any_length_are_survived(number: int) -> None:
    ways = np.full((5, 5), number, dtype=np.int32)
    survives({**world(), "travel": [(ways, ways), (ways, ways)]})


@pytest.mark.parametrize("name", ["places", "dims"])
@pytest.mark.parametrize("number", [*EXTREMES, 2**64, -(2**70), 1.5, float("nan"), None, "5"])
def test_sizes_that_do_not_agree_are_refused(name: str, number: Any) -> None:
    survives({**world(), name: number})


@pytest.mark.parametrize("dims", [0, 1, 100, 2**20, 2**31 - 1])
def test_no_number_of_dimensions_eats_the_memory(dims: int) -> None:
    empty = {
        "calls": np.empty((0, 8), np.int64),
        "jobs": np.empty((0, 9), np.int64),
        "vehicles": np.empty((0, 17), np.int64),
        "call_load": np.empty((0, dims), np.int64),
        "start_load": np.empty((0, dims), np.int64),
        "capacity": np.empty((0, dims), np.int64),
        "held_load": np.empty((0, dims), np.int64),
        "eligible": np.empty((0, 0), np.uint8),
    }
    survives({**world(), **empty, "dims": dims}, start=[])


def many(number: int, jobs: int) -> dict[str, Any]:
    """So many deliveries, each with the same number wherever one may stand."""
    each = np.arange(jobs, dtype=np.int64)
    calls, rows = np.zeros((jobs, 8), np.int64), np.full((jobs, 9), NONE, np.int64)
    calls[:, 0], calls[:, 1], calls[:, 2], calls[:, 7] = each % 5, each, 1, 1
    calls[:, 3] = calls[:, 4] = number
    rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 5] = each, 0, 1, number
    vehicles = world()["vehicles"]
    vehicles[:, 5] = vehicles[:, 10:14] = LARGEST
    return {
        **world(),
        "calls": calls,
        "jobs": rows,
        "vehicles": vehicles,
        "windows": table([0, LARGEST]),
        "breaks": table([0, 0, 1]),
        "call_load": np.full((jobs, 2), -number),
        "start_load": np.full((jobs, 2), number),
        "capacity": np.full((2, 2), LARGEST, np.int64),
        "held_load": np.zeros((2, 2), np.int64),
        "eligible": np.ones((jobs, 2), np.uint8),
        "levels": np.array([[1] + [0] * 9, [0] + [number] * 9], np.int64),
    }


@pytest.mark.parametrize("number", [0, 1, 2**31, LARGEST // 1000, LARGEST])
@pytest.mark.parametrize("start", [[[], []], [list(range(1000)), []]], ids=["apart", "in a row"])
def test_no_sum_of_large_numbers_breaks_the_process(number: int, start: list[list[int]]) -> None:
    survives(many(number, len(start[0]) or 100), start, iterations=5)


def test_nothing_to_do_is_no_fault() -> None:
    arguments = world()
    for name, columns in (("calls", 8), ("jobs", 9), ("call_load", 2), ("start_load", 2)):
        arguments[name] = np.empty((0, columns), np.int64)
    arguments["eligible"] = np.empty((0, 2), np.uint8)
    assert use(arguments, start=[[], []]).best == [[], []]


CALL = st.integers(-2, 9) | st.sampled_from([2**31 - 1, -(2**31)])


@FUZZ
@given(st.lists(st.lists(CALL, max_size=9), max_size=4))
@example([[], []])
@example([[6], []])
@example([[0, 1, 2, 3, 4, 5, 7], [6]])
def test_no_sequence_of_calls_breaks_the_process(start: list[list[int]]) -> None:
    survives(world(), start)
    problem = kernel.Problem(**world())
    for vehicle, calls in enumerate(start):
        with suppress(*REFUSED):
            problem.time(vehicle, calls)


@pytest.mark.parametrize(
    "start", [None, "ab", [None], [["a"], []], [[1.5], []], [[2**40], []], 3, [[], [6], []]]
)
def test_sequences_that_are_none_are_refused(start: Any) -> None:
    with pytest.raises(REFUSED):
        use(world(), start)


@pytest.mark.parametrize("vehicle", [-1, 2, 2**31 - 1, -(2**31), 2**31, 1.5, None])
def test_a_vehicle_that_is_not_there_is_refused(vehicle: Any) -> None:
    with pytest.raises(REFUSED):
        kernel.Problem(**world()).time(vehicle, [])


@pytest.mark.parametrize("seed", [-1, 2**64, 1.5, None, "7"])
def test_a_seed_that_is_no_number_of_64_bits_is_refused(seed: Any) -> None:
    with pytest.raises(REFUSED):
        kernel.Search(kernel.Problem(**world()), seed)


@pytest.mark.parametrize("problem", [None, 3, {}])
def test_a_search_without_a_problem_is_refused(problem: Any) -> None:
    with pytest.raises(REFUSED):
        kernel.Search(problem, 1)


@pytest.mark.parametrize(
    "run",
    [
        *({"iterations": n} for n in (-1, INT64.min, 2**63, 1.5, None, "3")),
        *({"planned": n} for n in (-1, 1, INT64.max, INT64.min, None)),
        *({"no_gain": n} for n in (-1, 1, INT64.max, INT64.min, None)),
        *({"seconds": s} for s in (-1.0, 1e-300, 1e308, float("inf"), float("nan"), None)),
        *({"ask_every_s": s} for s in (-1.0, 0.0, 1e308, float("inf"), float("nan"), None)),
        *({"watch": w} for w in (3, "rubbish", lambda: None)),
    ],
)
def test_limits_of_any_kind_are_survived(run: dict[str, Any]) -> None:
    survives(world(), **({"iterations": 30, "seconds": 0.1} | run))


def test_a_search_that_was_not_started_is_refused() -> None:
    search = kernel.Search(kernel.Problem(**world()), 1)
    with pytest.raises(RuntimeError):
        search.run(**LIMITS)
    assert len(search.parts) == PARTS
