"""The hot loops of gancang_planner, compiled. No logic here: gancang_planner is the door."""

from gancang_planner_kernel import _kernel

__all__ = ["_kernel"]
