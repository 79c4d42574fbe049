"""The two planners that must keep the same laws: plain Python, and the compiled kernel."""

from __future__ import annotations

import importlib.util

import gancang_planner
import pytest
from gancang_planner import reference

HAS_KERNEL = importlib.util.find_spec("gancang_planner_kernel") is not None
each_planner = pytest.mark.parametrize(
    "plan",
    [
        pytest.param(reference.plan, id="python"),
        pytest.param(
            gancang_planner.plan,
            id="kernel",
            marks=pytest.mark.skipif(not HAS_KERNEL, reason="the kernel is not built"),
        ),
    ],
)
