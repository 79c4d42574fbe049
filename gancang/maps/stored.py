"""Where the maps of a region lie, and which of them is in force: files, and one small pointer.

A map is written beside the old one, then the pointer moves. A running server reads the pointer
again whenever it has moved, and the map before the present one stays for who still looks at it.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from pathlib import Path

POINTER = "now.json"


@dataclass(frozen=True, slots=True)
class Stored:
    """The map in force: its file's name, what it was made from, and what it covers."""

    tiles: str
    extract: str
    data_of: str
    """The day of the data, YYYY-MM-DD; empty where the extract does not say."""
    box: tuple[float, float, float, float]
    before: str = ""
    """The file that was in force before this one."""


def folder() -> Path:
    """Where all map files lie."""
    place: Path = settings.VAR / "maps"
    return place


def folder_of(region: str) -> Path:
    """Where the files of one region lie, by its code."""
    return folder() / region


def in_force(region: str) -> Stored | None:
    """The map of a region, by its code; None if none was loaded."""
    pointer = folder_of(region) / POINTER
    try:
        return _read(pointer, pointer.stat().st_mtime_ns)
    except FileNotFoundError:
        return None


@lru_cache(maxsize=64)
def _read(pointer: Path, _moved_ns: int) -> Stored:
    told = json.loads(pointer.read_text(encoding="utf-8"))
    return Stored(**{**told, "box": tuple(told["box"])})


def put_in_force(region: str, stored: Stored) -> None:
    """Point to a map that lies whole in the region's folder; forget all but the one before."""
    place, old = folder_of(region), in_force(region)
    if old is not None and old.tiles != stored.tiles:
        stored = replace(stored, before=old.tiles)
    new = place / f".{POINTER}.new"
    new.write_text(json.dumps(asdict(stored)), encoding="utf-8")
    os.replace(new, place / POINTER)
    for file in place.glob("*.pmtiles"):
        if file.name not in (stored.tiles, stored.before):
            file.unlink()
