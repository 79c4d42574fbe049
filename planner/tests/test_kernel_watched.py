"""A watcher of the kernel's search may raise, meddle, let go of the arrays; the process lives."""

from __future__ import annotations

from typing import Any

import pytest

from planner.tests.test_kernel_door import LIMITS, NONE, START, TABLES, use, world

kernel = pytest.importorskip("gancang_planner_kernel._kernel", reason="the kernel is not built")


class Interrupted(Exception):
    """What a watcher may raise."""


def test_what_a_watcher_raises_arrives_and_the_search_goes_on_afterwards() -> None:
    search = use(world())

    def interrupt(*_: Any) -> bool:
        raise Interrupted

    with pytest.raises(Interrupted):
        search.run(**LIMITS | {"iterations": NONE, "seconds": 5.0, "watch": interrupt})
    best = search.best
    search.run(**LIMITS | {"iterations": NONE, "seconds": 0.05, "watch": None})
    assert best


def test_a_watcher_that_meddles_is_survived() -> None:
    search = use(world())
    faults = []

    def meddle(*_: Any) -> bool:
        assert search.best
        for deed in (
            lambda: search.run(**LIMITS),
            lambda: search.start(START),
        ):
            try:
                deed()
            except RuntimeError as why:
                faults.append(str(why))
        return len(faults) > 8

    search.run(**LIMITS | {"iterations": NONE, "seconds": 1.0, "watch": meddle})
    assert len(faults) == 10


def test_the_arrays_may_go_once_the_problem_is_there() -> None:
    arguments = world()
    problem = kernel.Problem(**arguments)
    for name in TABLES:
        arguments[name][:] = 77
    search = kernel.Search(problem, 1)
    del arguments, problem
    search.start(START)
    search.run(**LIMITS)
    assert sorted(call for calls in search.best for call in calls) == list(range(8))
