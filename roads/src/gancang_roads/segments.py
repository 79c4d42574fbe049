"""Cuts ways into segments: stretches of road between crossings, the same for all travellers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gancang_roads.arrays import Floats, Ints, Small
from gancang_roads.osm import Extract

EARTH_RADIUS_M = 6_371_008.8
PORTION = 1_000_000


@dataclass(frozen=True, slots=True)
class Segments:
    """Segment s leads from crossing tail[s] to head[s] along the points first[s] to last[s].

    x, y: points in degrees * 1e7. node_ids: the number in OpenStreetMap of each crossing.
    signals_there, signals_back: traffic lights met on the way along and against the segment.
    """

    tail: Small
    head: Small
    way: Small
    first: Ints
    last: Ints
    metres: Floats
    signals_there: Small
    signals_back: Small
    node_ids: Ints
    node_x: Small
    node_y: Small
    x: Small
    y: Small


def cut(extract: Extract) -> Segments:
    """Cut where ways meet, end or are barred."""
    nodes, of = _numbered(extract.refs)
    is_crossing = np.bincount(of, minlength=len(nodes)) > 1
    is_crossing[of[extract.start[:-1]]] = True
    is_crossing[of[extract.start[1:] - 1]] = True
    barred = [node for node, tags in extract.marks.items() if "barrier" in tags]
    is_crossing[np.isin(nodes, np.array(barred, np.int64))] = True
    signals = [node for node, tags in extract.marks.items() if "barrier" not in tags]
    is_signal = np.isin(nodes, np.array(signals, np.int64))[of]

    way = np.repeat(np.arange(len(extract.way_ids), dtype=np.int32), np.diff(extract.start))
    at = np.flatnonzero(is_crossing[of])
    is_same_way = way[at[:-1]] == way[at[1:]]
    first, last = at[:-1][is_same_way], at[1:][is_same_way]
    number = (np.cumsum(is_crossing) - 1).astype(np.int32)
    along = np.append(0.0, lengths_m(extract.x, extract.y))
    np.cumsum(along, out=along)
    met = np.append(0, np.cumsum(is_signal, dtype=np.int32))
    place = np.zeros(len(nodes), np.int32)
    place[of] = np.arange(len(of), dtype=np.int32)
    place = place[is_crossing]
    return Segments(
        tail=number[of[first]],
        head=number[of[last]],
        way=way[first],
        first=first,
        last=last,
        metres=along[last] - along[first],
        signals_there=(met[last + 1] - met[first + 1]).astype(np.int32),
        signals_back=(met[last] - met[first]).astype(np.int32),
        node_ids=nodes[is_crossing],
        node_x=extract.x[place],
        node_y=extract.y[place],
        x=extract.x,
        y=extract.y,
    )


def _numbered(refs: Ints) -> tuple[Ints, Small]:
    """The distinct numbers of nodes, ascending, and which of them each reference is."""
    order = np.argsort(refs, kind="stable").astype(np.int32)
    ascending = refs[order]
    is_new = np.append(True, ascending[1:] != ascending[:-1])
    of = np.empty(len(refs), np.int32)
    of[order] = np.cumsum(is_new, dtype=np.int32) - 1
    return ascending[is_new], of


def lengths_m(x: Small, y: Small) -> Floats:
    """Metres along the sphere from each point (degrees * 1e7) to the next (haversine formula)."""
    found = np.empty(max(len(x) - 1, 0))
    # In portions, so that a province's temporary arrays stay small.
    for begin in range(0, len(found), PORTION):
        end = min(begin + PORTION, len(found)) + 1
        lat = np.radians(y[begin:end] / 1e7)
        half_lat, half_lon = np.diff(lat) / 2, np.radians(np.diff(x[begin:end] / 1e7)) / 2
        chord = np.sin(half_lat) ** 2 + np.cos(lat[:-1]) * np.cos(lat[1:]) * np.sin(half_lon) ** 2
        metres = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(1, chord)))
        found[begin : end - 1] = metres
    return found
