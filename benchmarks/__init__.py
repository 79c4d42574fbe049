"""Measurements, side by side with what a user would pick instead."""

import importlib
from typing import Any


def rows_of(name: str) -> list[dict[str, Any]]:
    """What one benchmark found, a row a figure. Run in a process of its own."""
    return list(importlib.import_module(f"benchmarks.{name}").run())
