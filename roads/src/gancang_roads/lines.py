"""The drawn line of a way, put together from segments and parts of segments."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from gancang_roads.arrays import Floats, Ints, spans

if TYPE_CHECKING:
    from gancang_roads.network import Network


class Stretch(NamedTuple):
    """Part of a segment as it is driven: from one share of its length to another."""

    segment: int
    begin: float
    end: float


def whole(network: Network, arcs: Ints) -> Floats:
    """(lat, lon) along arcs that follow each other, crossings once."""
    first, last = (
        network.first[arcs >> 1].astype(np.int64),
        network.last[arcs >> 1].astype(np.int64),
    )
    is_back = (arcs & 1) == 1
    counts = last - first + 1
    begin, step = np.where(is_back, last, first), np.where(is_back, -1, 1)
    offsets = spans(counts)
    at = np.repeat(begin, counts) + offsets * np.repeat(step, counts)
    is_kept = offsets > 0
    is_kept[:1] = True
    at = at[is_kept]
    return np.stack([network.y[at], network.x[at]], axis=1) / 1e7


def part(network: Network, stretch: Stretch) -> Floats:
    """(lat, lon) along part of a segment."""
    first, last = int(network.first[stretch.segment]), int(network.last[stretch.segment])
    x, y = (kept[first : last + 1] / 1e7 for kept in (network.x, network.y))
    run = np.hypot(np.diff(x) * np.cos(np.radians(y[0])), np.diff(y))
    along = np.append(0, np.cumsum(run)) / max(float(run.sum()), 1e-12)
    low, high = sorted((stretch.begin, stretch.end))
    shares = np.concatenate([[low], along[(along > low) & (along < high)], [high]])
    line = np.stack([np.interp(shares, along, y), np.interp(shares, along, x)], axis=1)
    return line if stretch.begin <= stretch.end else line[::-1]


def joined(pieces: list[Floats]) -> list[tuple[float, float]]:
    """One line, without points that repeat the one before, rounded to a centimetre."""
    line = np.round(np.concatenate(pieces), 7)
    lat, lon = line.T
    is_new = np.append(True, (lat[1:] != lat[:-1]) | (lon[1:] != lon[:-1]))
    return list(zip(lat[is_new].tolist(), lon[is_new].tolist(), strict=True))


def bearings(network: Network, stretches: list[Stretch]) -> list[tuple[float, float]]:
    """Degrees clockwise from north in which each stretch is entered and left."""
    found = []
    for stretch in stretches:
        line = part(network, stretch)
        found.append((_bearing(line[0], line[1]), _bearing(line[-2], line[-1])))
    return found


def _bearing(one: Floats, other: Floats) -> float:
    north, east = other - one
    return float(np.degrees(np.arctan2(east * np.cos(np.radians(one[0])), north))) % 360
