"""Where the maps of a region lie, and which of them is in force: files, and one small pointer.

A map (tiles, and roads to reckon ways on) is written beside the old one, then the pointer moves.
A running server reads the pointer again whenever it has moved, and the map before the present one
stays for who still looks at it.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

POINTER = "now.json"
HALF = ".half"


@dataclass(frozen=True, slots=True)
class Stored:
    """The map in force: its file's name, what it was made from, and what it covers."""

    tiles: str
    extract: str
    data_of: str
    """The day of the data, YYYY-MM-DD; empty where the extract does not say."""
    box: tuple[float, float, float, float]
    before: str = ""
    """The tiles that were in force before these."""
    roads: str = ""
    """The file of the road network; empty where a release without roads loaded the map."""
    roads_before: str = ""


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


@contextmanager
def loading(region: str) -> Iterator[Path | None]:
    """A folder in which a map of the region is made; None while somebody else makes one.

    It vanishes with what is left in it; what a killed loading left goes when the next begins.
    """
    place = folder_of(region)
    place.mkdir(parents=True, exist_ok=True)
    half = place / HALF
    with (folder() / f"{region}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir()
        try:
            yield half
        finally:
            shutil.rmtree(half)


def put_in_force(region: str, stored: Stored, half: Path) -> None:
    """Take the files of a map that is whole, and point to them; forget all but those before."""
    place, old = folder_of(region), in_force(region)
    for name in (stored.tiles, stored.roads):
        (half / name).replace(place / name)
    if old is not None and old.tiles != stored.tiles:
        stored = replace(stored, before=old.tiles)
    if old is not None and old.roads != stored.roads:
        stored = replace(stored, roads_before=old.roads)
    new = place / f".{POINTER}.new"
    new.write_text(json.dumps(asdict(stored)), encoding="utf-8")
    os.replace(new, place / POINTER)
    kept = {stored.tiles, stored.before, stored.roads, stored.roads_before}
    for file in (*place.glob("*.pmtiles"), *place.glob("*.road")):
        if file.name not in kept:
            file.unlink()
