"""Puts points onto the nearest road that may be travelled: a grid of the pieces of all roads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gancang_roads.arrays import Flags, Floats, Ints, Small, spans
from gancang_roads.errors import RoadsError
from gancang_roads.estimate import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

DEGREE_M = 111_195.08
CELL_M = 150.0
STEPS_A_CELL = 2
REACH_M = 2000.0
RINGS = (1, 2, 5, 15)
"""So many cells around a point are looked at, one after the other, until its road is found."""
CANDIDATES_AT_ONCE = 2_000_000
PIECES_AT_ONCE = 500_000


@dataclass(frozen=True, slots=True)
class Snaps:
    """Where points met the network, one row a point.

    is_on: whether there is a road within reach; the rest is meaningless where not. fraction: how
    far along the segment. off_m: metres from the point to the road. side: 1 if the point lies
    left of the segment as it is drawn, -1 right, 0 on it. lat, lon: the place on the road.
    """

    is_on: Flags
    segment: Ints
    fraction: Floats
    off_m: Floats
    side: Ints
    lat: Floats
    lon: Floats

    def __len__(self) -> int:
        return len(self.segment)


def points_of(places: Any) -> Floats:
    """Latitudes and longitudes, shape (n, 2). Raises RoadsError for what is no place on earth."""
    told = [(p.lat, p.lon) if isinstance(p, Place) else p for p in places]
    points = np.array(told, float) if told else np.empty((0, 2))
    if points.ndim != 2 or points.shape[1] != 2:
        raise RoadsError("points are pairs of latitude and longitude")
    is_wrong = ~((np.abs(points[:, 0]) <= 90) & (np.abs(points[:, 1]) <= 180))
    if is_wrong.any():
        row = int(np.argmax(is_wrong))
        lat, lon = points[row].tolist()
        hint = "; are latitude and longitude swapped?" if 90 < abs(lat) <= 180 else ""
        raise RoadsError(f"row {row + 1}: no such place on earth: {lat}, {lon}{hint}")
    return points


@dataclass(frozen=True, slots=True)
class Grid:
    """keys: cell of each entry, ascending; pieces: the piece of road that touches that cell.

    A piece leads from point p to p + 1. owners: the segment that it belongs to.
    """

    west: float
    south: float
    step_lat: float
    step_lon: float
    columns: int
    keys: Ints
    pieces: Small
    owners: Small


def grid_of(x: Small, y: Small, first: Ints, last: Ints) -> Grid:
    """Sort the pieces of segments into cells of CELL_M, each into every cell that it touches."""
    counts = last - first
    pieces = np.repeat(first, counts) + spans(counts)
    west, south = float(x.min()) / 1e7, float(y.min()) / 1e7
    middle = np.radians((south + float(y.max()) / 1e7) / 2)
    step_lat = CELL_M / DEGREE_M
    step_lon = step_lat / max(0.05, float(np.cos(middle)))
    columns = int((float(x.max()) / 1e7 - west) / step_lon) + 1
    frame = (west, south, step_lat, step_lon)
    portions = range(0, len(pieces), PIECES_AT_ONCE)
    told = [_cells(x, y, pieces[i : i + PIECES_AT_ONCE], frame, columns) for i in portions]
    keys, which = (np.concatenate(part) for part in zip(*told, strict=True))
    del told
    # Pieces come ascending, and stay so within a cell.
    order = np.argsort(keys, kind="stable")
    keys, found = keys[order], which[order]
    owners = (np.searchsorted(first, found, "right") - 1).astype(np.int32)
    return Grid(west, south, step_lat, step_lon, columns, keys, found, owners)


def _cells(
    x: Small, y: Small, pieces: Ints, frame: tuple[float, ...], columns: int
) -> tuple[Ints, Small]:
    """The cells that pieces run through, each once, and the piece of each."""
    west, south, step_lat, step_lon = frame
    (ax, bx), (ay, by) = (
        ((kept[pieces] / 1e7 - edge) / step, (kept[pieces + 1] / 1e7 - edge) / step)
        for kept, edge, step in ((x, west, step_lon), (y, south, step_lat))
    )
    lengths = np.maximum(np.abs(bx - ax), np.abs(by - ay))
    steps = np.ceil(lengths * STEPS_A_CELL).astype(np.int64) + 1
    share = spans(steps) / np.repeat(np.maximum(steps - 1, 1), steps)
    cell_x = (np.repeat(ax, steps) + share * np.repeat(bx - ax, steps)).astype(np.int64)
    cell_y = (np.repeat(ay, steps) + share * np.repeat(by - ay, steps)).astype(np.int64)
    keys, which = cell_y * columns + cell_x, np.repeat(pieces, steps)
    is_new = np.append(True, (np.diff(keys) != 0) | (np.diff(which) != 0))
    return keys[is_new], which[is_new].astype(np.int32)


class Snapper:
    """Finds the nearest piece of an open segment."""

    def __init__(self, grid: Grid, x: Small, y: Small, first: Small, last: Small) -> None:
        self._grid, self._x, self._y, self._first, self._last = grid, x, y, first, last

    def nearest(self, points: Floats, is_open: Flags, reach_m: float = REACH_M) -> Snaps:
        """Each point's place on the nearest open segment within reach."""
        count = len(points)
        piece = np.full(count, -1, np.int64)
        off = np.full(count, np.inf)
        share = np.zeros(count)
        waiting = np.arange(count)
        for ring in RINGS:
            sure_m = min((ring - 0.5 / STEPS_A_CELL) * CELL_M * 0.98, reach_m)
            for rows, begin, end in self._portions(waiting, points, ring):
                self._look(rows, points[rows], (begin, end), is_open, (piece, off, share))
            waiting = waiting[off[waiting] > sure_m]
            if sure_m >= reach_m or not len(waiting):
                break
        return self._snaps(points, piece, off, share, off <= reach_m)

    def _ranges(self, points: Floats, ring: int) -> tuple[Ints, Ints]:
        """Begin and end of the entries near each point, one column a row of cells."""
        grid = self._grid
        cx = np.floor((points[:, 1] - grid.west) / grid.step_lon).astype(np.int64)
        cy = np.floor((points[:, 0] - grid.south) / grid.step_lat).astype(np.int64)
        low = np.clip(cx - ring, 0, grid.columns)
        high = np.clip(cx + ring, -1, grid.columns - 1)
        rows = (cy[:, None] + np.arange(-ring, ring + 1)) * grid.columns
        begin = np.searchsorted(grid.keys, rows + low[:, None], "left")
        end = np.searchsorted(grid.keys, rows + high[:, None], "right")
        return begin, np.maximum(begin, end)

    def _portions(
        self, waiting: Ints, points: Floats, ring: int
    ) -> Iterator[tuple[Ints, Ints, Ints]]:
        """The waiting rows with their ranges, no portion with too many for the memory."""
        for some in np.array_split(waiting, len(waiting) // 100_000 + 1):
            begin, end = self._ranges(points[some], ring)
            total = np.cumsum((end - begin).sum(axis=1))
            most = int(total[-1]) if len(total) else 0
            if most <= CANDIDATES_AT_ONCE:
                yield some, begin, end
                continue
            cuts = np.searchsorted(total, np.arange(CANDIDATES_AT_ONCE, most, CANDIDATES_AT_ONCE))
            for rows in np.split(np.arange(len(some)), np.unique(cuts)):
                if len(rows):
                    yield some[rows], begin[rows], end[rows]

    def _look(
        self,
        rows: Ints,
        points: Floats,
        ranges: tuple[Ints, Ints],
        is_open: Flags,
        best: tuple[Ints, Floats, Floats],
    ) -> None:
        """Write the nearest piece of each row."""
        begin, end = ranges
        counts = (end - begin).ravel()
        entries = np.repeat(begin.ravel(), counts) + spans(counts)
        owner = np.repeat(np.arange(len(rows)), (end - begin).sum(axis=1))
        is_kept = is_open[self._grid.owners[entries]]
        entries, owner = entries[is_kept], owner[is_kept]
        pieces = self._grid.pieces[entries]
        if not len(pieces):
            return
        apart = self._apart(points, owner, pieces)
        # Candidates come in the order of their points.
        begins = np.flatnonzero(np.append(True, owner[1:] != owner[:-1]))
        least = np.minimum.reduceat(apart, begins)
        found = np.flatnonzero(apart == np.repeat(least, np.diff(np.append(begins, len(owner)))))
        found = found[np.append(True, np.diff(owner[found]) != 0)]
        at, piece = owner[found], pieces[found]
        off, share, _ = self._distance(points[at], piece)
        for column, told in zip(best, (piece, off, share), strict=True):
            column[rows[at]] = told

    def segment_of(self, pieces: Ints) -> Ints:
        """The segment that each piece belongs to."""
        return np.searchsorted(self._first, pieces, "right") - 1

    def _apart(self, points: Floats, owner: Ints, pieces: Ints) -> Floats:
        """The square of the distance to each piece, in units that are the same for one point.

        Like _distance, but for very many: what a point needs is reckoned once.
        """
        scale = np.cos(np.radians(points[:, 0]))[owner]
        lon, lat = (points[:, 1] * 1e7)[owner], (points[:, 0] * 1e7)[owner]
        ax, ay = (self._x[pieces] - lon) * scale, self._y[pieces] - lat
        after = pieces + 1
        dx, dy = (self._x[after] - lon) * scale - ax, self._y[after] - lat - ay
        length = dx * dx + dy * dy
        share = np.clip(-(ax * dx + ay * dy) / (length + (length == 0)), 0, 1)
        east, north = ax + share * dx, ay + share * dy
        squares: Floats = east * east + north * north
        return squares

    def _distance(self, points: Floats, pieces: Ints) -> tuple[Floats, Floats, Floats]:
        """Metres to each piece, how far along it, and on which side (positive is left)."""
        scale = np.cos(np.radians(points[:, 0])) * DEGREE_M
        ax = (self._x[pieces] / 1e7 - points[:, 1]) * scale
        ay = (self._y[pieces] / 1e7 - points[:, 0]) * DEGREE_M
        dx = (self._x[pieces + 1] / 1e7 - points[:, 1]) * scale - ax
        dy = (self._y[pieces + 1] / 1e7 - points[:, 0]) * DEGREE_M - ay
        length = dx * dx + dy * dy
        share = np.clip(-(ax * dx + ay * dy) / np.where(length > 0, length, 1), 0, 1)
        return np.hypot(ax + share * dx, ay + share * dy), share, dy * ax - dx * ay

    def _snaps(
        self, points: Floats, piece: Ints, off: Floats, share: Floats, is_on: Flags
    ) -> Snaps:
        at = np.where(is_on, piece, self._grid.pieces[0])
        segment = self.segment_of(at)
        _, _, cross = self._distance(points, at)
        y = self._y[at] + share * (self._y[at + 1].astype(float) - self._y[at])
        x = self._x[at] + share * (self._x[at + 1].astype(float) - self._x[at])
        return Snaps(
            is_on=is_on,
            segment=segment,
            fraction=self._fraction(segment, at, share),
            off_m=off,
            side=np.where(off < 0.01, 0, np.sign(cross)).astype(np.int64),
            lat=y / 1e7,
            lon=x / 1e7,
        )

    def _fraction(self, segment: Ints, piece: Ints, share: Floats) -> Floats:
        """How far along its segment each point of a piece lies."""
        first = self._first[segment].astype(np.int64)
        counts = self._last[segment] - first
        at = np.repeat(first, counts) + spans(counts)
        owner = np.repeat(np.arange(len(segment)), counts)
        scale = np.cos(np.radians(self._y[at] / 1e7))
        run = self._x[at + 1].astype(float) - self._x[at]
        lengths = np.hypot(run * scale, self._y[at + 1].astype(float) - self._y[at])
        part = np.where(at < piece[owner], 1.0, np.where(at == piece[owner], share[owner], 0.0))
        whole = np.bincount(owner, lengths, len(segment))
        done = np.bincount(owner, lengths * part, len(segment))
        return np.where(whole > 0, done / np.where(whole > 0, whole, 1), 0.0)
