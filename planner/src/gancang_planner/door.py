"""The door: the compiled search where it is installed, else the one in Python."""

from __future__ import annotations

import importlib.util
import warnings
from functools import cache
from typing import TYPE_CHECKING

from gancang_planner.cost import DEFAULT_POLICY, Policy
from gancang_planner.stopping import Stopping

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from gancang_planner.cost import Score
    from gancang_planner.outcome import Alternative, Plan
    from gancang_planner.snapshot import Snapshot

DEFAULT_STOPPING = Stopping()


class KernelMissing(RuntimeWarning):
    """The compiled search is not installed; plans come from the slower one in Python."""


def plan(
    snapshot: Snapshot,
    policy: Policy = DEFAULT_POLICY,
    stop: Stopping = DEFAULT_STOPPING,
    seed: int = 0,
    *,
    warm: Plan | None = None,
    on_progress: Callable[[int, Score], None] | None = None,
) -> Plan:
    """Who carries what in which order and when; for each job left out, the one reason.

    The same snapshot in any order of its jobs and vehicles, with the same policy, seed and
    iterations, gives the same plan. `warm`: an earlier plan, of whose routes as much is taken over
    as still holds. `on_progress` is told the iterations done and the score of better plans.
    """
    search = _search()
    found: Plan = search.plan(snapshot, policy, stop, seed, warm=warm, on_progress=on_progress)
    return found


def alternatives(
    snapshot: Snapshot, plan: Plan, policy: Policy, job_id: str, count: int = 3
) -> tuple[Alternative, ...]:
    """The other vehicles that could do a job, where the policy likes it best first.

    Each in the best seat of its route of the plan as it stands: nothing else is moved for it.
    Shares of fleets are a matter of the whole plan and not looked at. `plan` is one of this
    `snapshot`. Raises ValueError for a job that is not in the snapshot.
    """
    from gancang_planner.next_best import next_best  # noqa: PLC0415

    return next_best(snapshot, plan, policy, job_id, count)


@cache
def _search() -> ModuleType:
    """Loaded when it is first wanted: importing the library stays quick."""
    if has_kernel():
        from gancang_planner import kernel  # noqa: PLC0415

        return kernel
    from gancang_planner import reference  # noqa: PLC0415

    return reference


@cache
def has_kernel() -> bool:
    """Whether it is installed; if not, one warning in a process, at whoever asked for a plan."""
    if importlib.util.find_spec("gancang_planner_kernel") is not None:
        return True
    # By way of `plan` and `_search`, or `match` and `engine`.
    warnings.warn(KernelMissing(KernelMissing.__doc__), stacklevel=4)
    return False
