"""Reads the roads out of OpenStreetMap data: .osm.pbf, .osm, .osm.gz, .osm.bz2, Overpass JSON.

The file is streamed: what stays in memory is what roads need, as numpy arrays.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from gancang_roads.arrays import Ints, Small
from gancang_roads.clip import Clip, Everywhere
from gancang_roads.errors import BadExtract, EngineMissing

if TYPE_CHECKING:
    from pathlib import Path

ROAD_KEYS = frozenset(
    [
        "highway",
        "route",
        "junction",
        "oneway",
        "access",
        "vehicle",
        "motor_vehicle",
        "motorcar",
        "motorcycle",
        "bicycle",
        "foot",
        "oneway:motorcycle",
        "oneway:motorcar",
        "oneway:motor_vehicle",
        "oneway:bicycle",
        "cycleway",
        "surface",
        "tracktype",
        "smoothness",
        "maxspeed",
    ]
)
NODE_KEYS = frozenset(
    [
        "barrier",
        "highway",
        "access",
        "vehicle",
        "motor_vehicle",
        "motorcar",
        "motorcycle",
        "bicycle",
        "foot",
    ]
)
NO_PLACE = 2**31 - 1
"""How libosmium says that a node is not in the file."""
FLUSH_AT = 1_000_000
ON_DISK_FROM_BYTES = 150_000_000

Progress = Callable[[str, float | None], None]
"""Told the stage, and how much of it is done (0 to 1) where that is known."""


def silent(stage: str, done: float | None = None) -> None:
    """Progress that nobody watches."""
    del stage, done


@dataclass(frozen=True, slots=True)
class TurnRule:
    """A turn restriction as it was drawn: from one way through a node or ways into another."""

    tags: dict[str, str]
    from_way: int
    via_node: int | None
    via_ways: tuple[int, ...]
    to_way: int


@dataclass(frozen=True, slots=True)
class Extract:
    """All ways that somebody may travel. Way i owns refs[start[i]:start[i + 1]].

    x, y: degrees * 1e7. tag_sets: the distinct sets of tags, which `way_tags` points into, as
    `way_names` does into `names` (0 is nameless). marks: tags of barriers and signals by node.
    """

    refs: Ints
    x: Small
    y: Small
    start: Ints
    way_ids: Ints
    way_tags: Small
    way_names: Small
    tag_sets: list[dict[str, str]]
    names: list[str]
    marks: dict[int, dict[str, str]]
    turn_rules: list[TurnRule]
    stamp: str


def read(path: Path, clip: Clip | None = None, progress: Progress = silent) -> Extract:
    """The roads of a file, within the clip. Raises BadExtract where there are none.

    Ways are cut where they leave the clip and where the file lacks their nodes.
    """
    if path.is_dir():
        raise BadExtract(f"{path} is a folder: name the extract in it")
    if not path.is_file():
        raise BadExtract(f"{path}: there is no such file")
    if not path.stat().st_size:
        raise BadExtract(f"{path} is empty: fetch it again")
    gathered = Gathering(clip or Everywhere(), progress)
    if path.suffix == ".json":
        from gancang_roads.overpass import gather  # noqa: PLC0415 - it builds on this module

        stamp = gather(path, gathered)
    else:
        stamp = _gather_with_osmium(path, gathered)
    return gathered.extract(path, stamp or _date_of(path))


def _date_of(path: Path) -> str:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()


def _gather_with_osmium(path: Path, gathered: Gathering) -> str:
    osmium = _osmium()
    index, spill = "flex_mem", None
    if path.stat().st_size > ON_DISK_FROM_BYTES:
        # Positions of all nodes go through a file, 16 bytes each, not through memory.
        spill = path.with_name(f".{path.name}.nodes")
        index = f"sparse_file_array,{spill}"
        spill.unlink(missing_ok=True)  # of a build that was killed: it would be read as ours
    try:
        header = osmium.io.Reader(str(path), osmium.osm.NOTHING).header()
        keys = osmium.filter.KeyFilter("highway", "barrier", "route", "type")
        for thing in osmium.FileProcessor(str(path)).with_locations(index).with_filter(keys):
            _hand_over(thing, gathered)
        return str(header.get("osmosis_replication_timestamp"))[:10]
    except (RuntimeError, ValueError) as wrong:
        raise BadExtract(
            f"{path} is no OpenStreetMap data, or was cut off ({wrong}): fetch it again"
        ) from None
    finally:
        if spill:
            spill.unlink(missing_ok=True)


def _hand_over(thing: Any, gathered: Gathering) -> None:
    if thing.is_way():
        gathered.way(thing.id, thing.tags, thing.nodes)
    elif thing.is_node():
        gathered.node(thing.id, thing.tags)
    elif thing.tags.get("type") == "restriction":
        members = [(member.type, member.ref, member.role) for member in thing.members]
        gathered.turn_rule(dict(thing.tags), members)


def _osmium() -> Any:
    try:
        import osmium  # noqa: PLC0415 - only maps need it
    except ImportError:
        raise EngineMissing(
            "reading OpenStreetMap files needs the package osmium: pip install gancang-roads[map]"
        ) from None
    return osmium


class Gathering:
    """What is collected while the file runs by; full buffers are clipped and packed."""

    def __init__(self, clip: Clip, progress: Progress) -> None:
        self._clip, self._progress = clip, progress
        self._refs, self._x, self._y = array("q"), array("i"), array("i")
        self._counts, self._way_ids = array("i"), array("q")
        self._way_tags, self._way_names = array("i"), array("i")
        self._sets: dict[tuple[tuple[str, str], ...], int] = {}
        self._names: dict[str, int] = {"": 0}
        self._packed: list[tuple[Any, ...]] = []
        self._marks: dict[int, dict[str, str]] = {}
        self._rules: list[TurnRule] = []
        self._ways_seen = 0
        self._corners: list[tuple[float, float]] = []

    def way(self, number: int, tags: Any, nodes: Iterable[Any]) -> None:
        """Keep a way that is a road or a ferry."""
        told = dict(tags)
        if "highway" not in told and told.get("route") != "ferry":
            return
        refs, x, y = self._refs, self._x, self._y
        before = len(refs)
        for node in nodes:
            refs.append(node.ref)
            x.append(node.x)
            y.append(node.y)
        self._counts.append(len(refs) - before)
        key = tuple(sorted((k, v) for k, v in told.items() if k in ROAD_KEYS))
        self._way_tags.append(self._sets.setdefault(key, len(self._sets)))
        name = told.get("name") or told.get("ref") or ""
        self._way_names.append(self._names.setdefault(name, len(self._names)))
        self._way_ids.append(number)
        self._ways_seen += 1
        if len(refs) > FLUSH_AT:
            self._flush()

    def node(self, number: int, tags: Any) -> None:
        """Keep what stands in the road."""
        told = dict(tags)
        if "barrier" in told or told.get("highway") == "traffic_signals":
            self._marks[number] = {k: v for k, v in told.items() if k in NODE_KEYS}

    def turn_rule(self, tags: dict[str, str], members: Sequence[tuple[str, int, str]]) -> None:
        """Keep a turn restriction that names one way in, one way out and what lies between."""
        by_role: dict[str, list[tuple[str, int]]] = {}
        for kind, number, role in members:
            by_role.setdefault(role, []).append((kind[0], number))
        via = by_role.get("via", [])
        if not via or len(by_role.get("from", [])) != 1 or len(by_role.get("to", [])) != 1:
            return
        self._rules.append(
            TurnRule(
                tags,
                by_role["from"][0][1],
                next((number for kind, number in via if kind == "n"), None),
                tuple(number for kind, number in via if kind == "w"),
                by_role["to"][0][1],
            )
        )

    def _flush(self) -> None:
        """Cut the buffered ways where the clip or missing nodes cut them, and pack them."""
        self._progress(f"reading, {self._ways_seen:,} ways", None)
        x, y = (np.frombuffer(kept, np.int32) for kept in (self._x, self._y))
        refs = np.frombuffer(self._refs, np.int64)
        way = np.repeat(np.arange(len(self._counts)), np.frombuffer(self._counts, np.int32))
        is_there = x != NO_PLACE
        for least_or_most in (np.min, np.max) if is_there.any() else ():
            corner = (float(least_or_most(kept[is_there])) / 1e7 for kept in (x, y))
            self._corners.append((next(corner), next(corner)))
        kept = np.flatnonzero(is_there & self._clip.keeps(x, y))
        # A new piece begins with each way and after each gap.
        is_new = np.ones(len(kept), bool)
        is_new[1:] = (np.diff(way[kept]) != 0) | (np.diff(kept) != 1)
        starts = np.flatnonzero(is_new)
        lengths = np.diff(np.append(starts, len(kept)))
        is_road = np.repeat(lengths > 1, lengths)
        of = way[kept[starts]][lengths > 1]
        kept = kept[is_road]
        columns = (self._way_ids, self._way_tags, self._way_names)
        kinds = (np.int64, np.int32, np.int32)
        told = [np.frombuffer(c, k)[of] for c, k in zip(columns, kinds, strict=True)]
        self._packed.append((refs[kept], x[kept], y[kept], lengths[lengths > 1], *told))
        self._refs, self._x, self._y = array("q"), array("i"), array("i")
        self._counts, self._way_ids = array("i"), array("q")
        self._way_tags, self._way_names = array("i"), array("i")

    def _where(self) -> str:
        """Where the roads of the file lie, as the end of a sentence."""
        if not self._corners:
            return ""
        corners = np.array(self._corners)
        (west, south), (east, north) = corners.min(axis=0), corners.max(axis=0)
        return f"; its roads lie within {west:.3f},{south:.3f},{east:.3f},{north:.3f}"

    def extract(self, path: Path, stamp: str) -> Extract:
        """All of it. Raises BadExtract where no road was found."""
        if self._counts:
            self._flush()
        if not self._ways_seen:
            raise BadExtract(f"{path} holds no roads: no way in it is a highway")
        columns = [np.concatenate(parts) for parts in zip(*self._packed, strict=True)]
        self._packed.clear()
        refs, x, y, lengths, way_ids, way_tags, way_names = columns
        if not len(refs):
            raise BadExtract(f"{path} holds no roads {self._clip}{self._where()}")
        start = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        tag_sets = [dict(key) for key in self._sets]
        names = list(self._names)
        marks, rules = self._marks, self._rules
        return Extract(
            refs, x, y, start, way_ids, way_tags, way_names, tag_sets, names, marks, rules, stamp
        )
