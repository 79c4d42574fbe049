"""What must be true of a programme's proofs: levels that there are, and medicine never left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.regions.pack_files import Problem, Row
from gancang.regions.pack_programmes import PROOFS

if TYPE_CHECKING:
    from collections.abc import Iterator

MEDICINE = "medicine"


def check_proof(row: Row) -> Iterator[Problem]:
    """All that is wrong with how a programme's cases are proved."""
    levels = row.values.get("proof", [])
    for level in levels:
        if level not in PROOFS:
            yield _bad(row, f"there is no proof {level}", f"of: {', '.join(PROOFS)}", "proof")
    if len(set(levels)) < len(levels):
        yield _bad(row, "a proof stands twice", "name each level once", "proof")
    if row.values["item_class"] != MEDICINE:
        return
    if levels:
        what = "medicine is always proved by code or date of birth"
        yield _bad(row, what, "take the key away", "proof")
    if row.values.get("may_be_left"):
        yield _bad(row, "medicine is never left at a door", "take the key away", "may_be_left")


def _bad(row: Row, what: str, instead: str, key: str) -> Problem:
    return Problem(row.file, row.line_of(key), what, instead)
