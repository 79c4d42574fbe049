"""Who carries what, and when: plans for pickup and delivery."""

from gancang_planner.checks import LARGEST
from gancang_planner.cost import DEFAULT_POLICY, Cost, Policy, Share, Term
from gancang_planner.door import KernelMissing, alternatives, plan
from gancang_planner.model import Break, Job, JobKind, OnBoard, Stop, Vehicle, Window
from gancang_planner.outcome import (
    Added,
    Alternative,
    Kind,
    LeftOut,
    Limit,
    Plan,
    Route,
    Unserved,
    Visit,
)
from gancang_planner.snapshot import JOBS_MAX, UNREACHABLE, VEHICLES_MAX, Matrix, Snapshot
from gancang_planner.stopping import Stopping

__all__ = [
    "DEFAULT_POLICY",
    "JOBS_MAX",
    "LARGEST",
    "UNREACHABLE",
    "VEHICLES_MAX",
    "Added",
    "Alternative",
    "Break",
    "Cost",
    "Job",
    "JobKind",
    "KernelMissing",
    "Kind",
    "LeftOut",
    "Limit",
    "Matrix",
    "OnBoard",
    "Plan",
    "Policy",
    "Route",
    "Share",
    "Snapshot",
    "Stop",
    "Stopping",
    "Term",
    "Unserved",
    "Vehicle",
    "Visit",
    "Window",
    "alternatives",
    "plan",
]
