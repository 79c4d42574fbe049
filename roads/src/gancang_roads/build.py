"""From an extract to a network in one file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gancang_roads import graph as graphs
from gancang_roads import islands, pack
from gancang_roads.arrays import Flags
from gancang_roads.clip import Clip
from gancang_roads.errors import BadExtract, RoadsError
from gancang_roads.hierarchy import contract
from gancang_roads.ordering import order_of
from gancang_roads.osm import Extract, Progress, read, silent
from gancang_roads.profiles import NAMES, country_of, drives_left, profile
from gancang_roads.segments import Segments, cut
from gancang_roads.snapping import grid_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ISLAND_NODES = 100
"""Parts with fewer crossings than this, and than a tenth of the largest, are no place to start."""


@dataclass(frozen=True, slots=True)
class Built:
    """What came of it: crossings and roads between them, in all and by traveller.

    islands: crossings of each part that others do not reach, the largest first; scraps too small
    to start from are left out.
    """

    nodes: int
    edges: int
    nodes_of: dict[str, int]
    edges_of: dict[str, int]
    islands: dict[str, list[int]]
    country: str
    stamp: str
    bytes: int


def build(
    source: Path,
    target: Path,
    *,
    clip: Clip | None = None,
    profiles: Sequence[str] = NAMES,
    country: str | None = None,
    progress: Progress = silent,
) -> Built:
    """Read an extract, write a network. The target appears whole or not at all.

    country: ISO 3166 letters whose speeds hold; by default found from where the roads lie.
    Raises BadExtract, RoadsError, EngineMissing.
    """
    _check(target, profiles)
    progress("reading", None)
    extract = read(source, clip, progress)
    progress("cutting roads at crossings", None)
    segments = cut(extract)
    if country is None:
        country = country_of(float(np.median(extract.y)) / 1e7, float(np.median(extract.x)) / 1e7)
    arrays = _shared(extract, segments)
    found = {}
    for place, name in enumerate(profiles):
        progress(f"{name}: arcs and hierarchy", place / len(profiles))
        found[name] = _add(name, country, extract, segments, arrays)
    progress("writing", 1.0)
    size = pack.write(target, _told(source, extract, country, found), arrays)
    return Built(
        nodes=len(segments.node_ids),
        edges=len(segments.tail),
        nodes_of={name: f["nodes"] for name, f in found.items()},
        edges_of={name: f["arcs"] for name, f in found.items()},
        islands={name: f["islands"] for name, f in found.items()},
        country=country,
        stamp=extract.stamp,
        bytes=size,
    )


def _told(source: Path, extract: Extract, country: str, found: dict[str, Any]) -> dict[str, Any]:
    """What the file tells of itself."""
    return {
        "source": source.name,
        "stamp": extract.stamp,
        "country": country,
        "drives_left": drives_left(country),
        "classes": graphs.road_classes(extract)[0],
        "profiles": found,
    }


def _check(target: Path, profiles: Sequence[str]) -> None:
    """Raise what can be known to be wrong before the reading."""
    if not profiles:
        raise RoadsError(f"name at least one traveller of {', '.join(NAMES)}")
    for name in profiles:
        profile(name)
    if not target.parent.is_dir():
        raise RoadsError(f"{target}: there is no folder {target.parent}")


def _shared(extract: Extract, segments: Segments) -> pack.Arrays:
    """What all travellers share: the lines, names, classes, and the grid to find them by."""
    grid = grid_of(extract.x, extract.y, segments.first, segments.last)
    classes = graphs.road_classes(extract)[1]
    kinds = np.array([classes[i] for i in range(len(extract.tag_sets))], np.int32)
    texts = [name.encode() for name in extract.names]
    name_ends = np.cumsum([len(text) for text in texts])
    round_abouts = ("roundabout", "circular")
    is_round = np.array([t.get("junction") in round_abouts for t in extract.tag_sets])
    tags = extract.way_tags[segments.way]
    return {
        "x": extract.x,
        "y": extract.y,
        "first": segments.first.astype(np.int32),
        "last": segments.last.astype(np.int32),
        "class": kinds[tags],
        "round": is_round[tags],
        "name": extract.way_names[segments.way],
        "names": np.frombuffer(b"".join(texts), np.uint8),
        "name_cuts": np.append(0, name_ends).astype(np.int64),
        "grid.keys": grid.keys,
        "grid.pieces": grid.pieces,
        "grid.owners": grid.owners,
        "grid.frame": np.array([grid.west, grid.south, grid.step_lat, grid.step_lon]),
        "grid.columns": np.array([grid.columns]),
    }


def _add(
    name: str, country: str, extract: Extract, segments: Segments, arrays: pack.Arrays
) -> dict[str, Any]:
    """Build one traveller's network into the arrays; answers what is told of it."""
    graph = graphs.build(extract, segments, profile(name, country))
    if not graph.nodes:
        raise BadExtract(f"no road in it is open to the traveller {name}")
    parts = islands.strong_parts(graph.nodes, graph.tail, graph.head)
    apart = islands.weak_parts(graph.nodes, graph.tail, graph.head)
    hierarchy = contract(graph, order_of(graph))
    up, down = hierarchy.customised(graph.costs())
    sizes = np.bincount(parts)
    least = min(ISLAND_NODES, max(2, int(sizes[0]) // 10))
    is_start = (sizes >= least)[parts]
    found = {
        "tail": graph.tail,
        "head": graph.head,
        "arc": graph.arc,
        "cs": graph.cs,
        "dm": graph.dm,
        "x": graph.x,
        "y": graph.y,
        "first_arc": graph.first_arc,
        "is_start": _segments_of(graph, is_start),
        "rank": hierarchy.rank,
        "up_first": hierarchy.first,
        "up_heads": hierarchy.heads,
        "slot": hierarchy.slot,
        "is_up": hierarchy.is_up.astype(np.int8),
        "up": up,
        "down": down,
    }
    arrays |= {f"{name}.{key}": kept for key, kept in found.items()}
    apart_sizes = np.bincount(apart)
    return {
        "nodes": graph.nodes,
        "arcs": len(graph.tail),
        "islands": [int(n) for n in apart_sizes[apart_sizes >= least]],
        "scraps": int((apart_sizes < least).sum()),
    }


def _segments_of(graph: graphs.Graph, is_start: Flags) -> Flags:
    """Whether each segment has an arc that begins and ends in a part worth starting from."""
    found = np.zeros((len(graph.first_arc) - 1) // 2, bool)
    is_good = is_start[graph.tail] & is_start[graph.head]
    found[graph.arc[is_good] >> 1] = True
    return found
