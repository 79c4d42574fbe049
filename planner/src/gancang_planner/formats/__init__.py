"""The files that the planner reads, and how its answers are told in their terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang_planner.formats import lilim, sartori, solomon, vroom

if TYPE_CHECKING:
    from collections.abc import Callable

    from gancang_planner.formats.case import Case

READERS: dict[str, Callable[[str], Case]] = {
    "lilim": lilim.read,
    "solomon": solomon.read,
    "sartori": sartori.read,
    "vroom": vroom.read,
}
"""From the text of a file to what the planner asks; ValueError says in one line what is wrong."""
