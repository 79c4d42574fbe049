"""The door to a built network: `Network.open(path).roads("motorcycle")`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from gancang_roads import pack
from gancang_roads.arrays import Flags, Floats, Ints, Small
from gancang_roads.engine import Engine, centiseconds
from gancang_roads.errors import OffTheMap, RoadsError
from gancang_roads.graph import COST_SHIFT, Graph
from gancang_roads.hierarchy import INFINITE, Hierarchy
from gancang_roads.profiles import Profile, profile
from gancang_roads.snapping import REACH_M, Grid, Snapper, Snaps, points_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from gancang_roads.isochrone import Isochrone
    from gancang_roads.matrix import RoadMatrix
    from gancang_roads.route import Route
    from gancang_roads.traffic import Closure

CS_MASK = (1 << COST_SHIFT) - 1


class Network:
    """All that was built from one extract. Open it once; it is never written to."""

    def __init__(self, told: dict[str, Any], arrays: pack.Arrays) -> None:
        self.told, self._arrays = told, arrays
        self.x: Small = arrays["x"]
        self.y: Small = arrays["y"]
        self.first: Small = arrays["first"]
        self.last: Small = arrays["last"]
        self.road_class: Small = arrays["class"]
        self.is_round: Flags = arrays["round"]

    @classmethod
    def open(cls, path: Path, *, is_checked: bool = True) -> Network:
        """The network of a file. Raises BadNetwork. is_checked: all of it is read once."""
        return cls(*pack.read(path, is_checked=is_checked))

    @property
    def source(self) -> str:
        """Where its figures come from, as it may stand beside them."""
        return f"roads of {self.told['stamp']}"

    @property
    def profiles(self) -> list[str]:
        """Travellers that it was built for."""
        return list(self.told["profiles"])

    @property
    def islands(self) -> dict[str, list[int]]:
        """Crossings of each part that others do not reach, by traveller, the largest first."""
        return {name: told["islands"] for name, told in self.told["profiles"].items()}

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north of its roads, in degrees."""
        edges = (self.x.min(), self.y.min(), self.x.max(), self.y.max())
        west, south, east, north = (float(edge) / 1e7 for edge in edges)
        return west, south, east, north

    def name_of(self, segment: int) -> str:
        """The name of a segment's road, or ''."""
        begin, end = self._arrays["name_cuts"][(n := self._arrays["name"][segment]) : n + 2]
        return bytes(self._arrays["names"][begin:end]).decode()

    def roads(self, traveller: str = "motorcycle") -> Roads:
        """The network as one traveller uses it."""
        if traveller not in self.told["profiles"]:
            raise RoadsError(
                f"this network was not built for the traveller {traveller}, "
                f"only for {', '.join(self.profiles)}"
            )
        own = {
            key.partition(".")[2]: kept
            for key, kept in self._arrays.items()
            if key.startswith(f"{traveller}.")
        }
        graph = Graph(
            **{key: own[key] for key in ("tail", "head", "arc", "cs", "dm", "x", "y", "first_arc")}
        )
        hierarchy = Hierarchy(
            own["rank"], own["up_first"], own["up_heads"], own["slot"], own["is_up"]
        )
        costs = Costs(graph.costs(), own["up"], own["down"])
        way = profile(traveller, self.told["country"])
        engine = Engine(graph, hierarchy)
        return Roads(self, way, graph, hierarchy, own["is_start"], costs, engine)

    @cached_property
    def snapper(self) -> Snapper:
        """Finds roads near points."""
        west, south, step_lat, step_lon = self._arrays["grid.frame"].tolist()
        columns = int(self._arrays["grid.columns"][0])
        entries = (self._arrays[f"grid.{key}"] for key in ("keys", "pieces", "owners"))
        grid = Grid(west, south, step_lat, step_lon, columns, *entries)
        return Snapper(grid, self.x, self.y, self.first, self.last)


@dataclass(frozen=True)
class Costs:
    """The cost of each arc, and of each edge of the hierarchy up and down."""

    arcs: Ints
    up: Ints
    down: Ints


@dataclass(frozen=True)
class Roads:
    """One traveller's network at certain costs. Other hours and closures give another `Roads`.

    Points are `Place`s or pairs (lat, lon). All times are whole seconds from door to door, the
    stretch between point and road included.
    """

    network: Network
    profile: Profile
    graph: Graph
    hierarchy: Hierarchy
    is_start: Flags
    costs: Costs
    engine: Engine
    note: str = ""

    @property
    def source(self) -> str:
        """Where its figures come from: "roads of 2026-11-01, 7 o'clock"."""
        return self.network.source + self.note

    def nearest(self, places: Any, *, reach_m: float = REACH_M) -> Snaps:
        """Each place on the nearest road that is open to this traveller, one row a place."""
        points = points_of(places)
        return self.network.snapper.nearest(points, self.is_usable, min(reach_m, REACH_M))

    @cached_property
    def metric(self) -> Any:
        """These costs as the engine for single ways wants them."""
        return self.engine.metric(centiseconds(self.costs.arcs))

    @cached_property
    def is_usable(self) -> Flags:
        """Segments to start from: open, and of a part of some size."""
        is_open = np.zeros(len(self.is_start), bool)
        is_open[self.graph.arc[self.costs.arcs < INFINITE] >> 1] = True
        return is_open & self.is_start

    def matrix(self, sources: Any, targets: Any) -> RoadMatrix:
        """Seconds and metres from every source to every target, shape (sources, targets), int32.

        Unreachable pairs hold UNREACHABLE. Raises OffTheMap for a place more than 2 km from any
        road, with its row.
        """
        from gancang_roads.matrix import matrix  # noqa: PLC0415 - it builds on this module

        return matrix(self, sources, targets)

    def route(self, source: Any, target: Any) -> Route:
        """The quickest way. Raises OffTheMap, NoWay, EngineMissing."""
        from gancang_roads.route import route  # noqa: PLC0415

        return route(self, source, target)

    def alternatives(self, source: Any, target: Any, *, at_most: int = 3) -> list[Route]:
        """The quickest way first, then ways that differ from it and are not much slower."""
        from gancang_roads.route import alternatives  # noqa: PLC0415

        return alternatives(self, source, target, at_most=at_most)

    def isochrone(self, source: Any, within_s: int) -> Isochrone:
        """What is reached within so many seconds. Raises OffTheMap."""
        from gancang_roads.isochrone import isochrone  # noqa: PLC0415

        return isochrone(self, source, within_s)

    def at_hour(self, hour: int) -> Roads:
        """The same roads with the traffic that the profile knows of this hour (0 to 23)."""
        from gancang_roads.traffic import at_hour  # noqa: PLC0415

        return at_hour(self, hour)

    def with_closures(self, closures: Sequence[Closure], *, on: date) -> Roads:
        """The same roads without those that are closed on that day."""
        from gancang_roads.traffic import with_closures  # noqa: PLC0415

        return with_closures(self, closures, on=on)

    def with_factors(self, factors: Floats, *, note: str = "") -> Roads:
        """The same roads, each segment so many times slower; `inf` closes it."""
        each = factors[self.graph.arc >> 1]
        cs = (self.costs.arcs >> COST_SHIFT).astype(float) * each
        is_open = (self.costs.arcs < INFINITE) & np.isfinite(each)
        whole = np.maximum(np.rint(np.where(is_open, cs, 1)), 1).astype(np.int64)
        arcs = np.where(is_open, (whole << COST_SHIFT) | (self.costs.arcs & CS_MASK), INFINITE)
        up, down = self.hierarchy.customised(arcs)
        return replace(self, costs=Costs(arcs, up, down), note=self.note + note)

    def snapped(self, places: Any, *, what: str = "point") -> Snaps:
        """Like nearest, but raises OffTheMap for the first place that has no road."""
        points = points_of(places)
        snaps = self.nearest(points)
        if not snaps.is_on.all():
            row = int(np.argmin(snaps.is_on))
            raise OffTheMap(f"{what} {row + 1}: {self._why_off(*points[row].tolist())}", row)
        return snaps

    def _why_off(self, lat: float, lon: float) -> str:
        west, south, east, north = self.network.box
        told = f"{lat}, {lon} is more than {REACH_M / 1000:g} km from any road"
        if west <= lon <= east and south <= lat <= north:
            return f"{told} open to the traveller {self.profile.name}"
        hint = ""
        if west <= lat <= east and south <= lon <= north:
            hint = "; latitude and longitude look swapped"
        return (
            f"{told} of this network, which covers latitudes {south:.4f} to {north:.4f} "
            f"and longitudes {west:.4f} to {east:.4f}{hint}"
        )
