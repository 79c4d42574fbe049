"""The places that a file of VROOM's names, by their row in its matrices or by their coordinates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gancang_planner.formats.vroom_ways import Ways, estimated, ways_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gancang_planner.formats.vroom_fields import Fields

AN_ESTIMATE = (
    "the file has no matrices: ways are estimated as 1.3 times the great circle, at 36 km/h"
)


@dataclass(slots=True)
class Places:
    """Gathers places as they are named. `given`: the file's matrices, by profile; none: estimated.

    A place is a row of the matrices; without matrices, each pair of coordinates in its turn.
    """

    given: Mapping[str, Ways]
    points: dict[int, tuple[float, float]] = field(default_factory=dict)
    _row_of: dict[tuple[float, float], int] = field(default_factory=dict)

    def find(self, of: Fields, index_key: str, point_key: str) -> int | None:
        """The place that an object names; None if it names none."""
        point = of.point(point_key)
        if not self.given:
            if point is None and of.has(index_key):
                raise ValueError(f"{of.name}: {index_key} is the row of a matrix that is not there")
            if point is None:
                return None
            row = self._row_of.setdefault(point, len(self._row_of))
        else:
            if not of.has(index_key):
                if point is not None:
                    raise ValueError(f"{of.name} needs {index_key}, as the file has matrices")
                return None
            row = of.whole(index_key)
            if row >= self.size():
                raise ValueError(
                    f"{of.name}: {index_key} {row} is not in matrices of {self.size()} places"
                )
        if point is not None:
            self.points[row] = point
        return row

    def get(self, of: Fields, index_key: str, point_key: str) -> int:
        """The place that an object names; ValueError if it names none."""
        if (row := self.find(of, index_key, point_key)) is None:
            raise ValueError(f"{of.name} has no {point_key}")
        return row

    def size(self) -> int:
        """The places of the matrices."""
        if self.given:
            return len(next(iter(self.given.values())).seconds)
        return len(self._row_of)

    def ways(self) -> dict[str, Ways]:
        """The ways of each profile; of the profile "" if they are estimated."""
        return dict(self.given) or {"": estimated(list(self._row_of))}


def given_ways(file: Fields) -> dict[str, Ways]:
    """The matrices in the file, by profile, all of one size; {} if there are none."""
    profiles = file.object("matrices")
    if file.has("matrix"):
        raise ValueError("the key 'matrix' is of VROOM before 1.10: write matrices.car.durations")
    ways = {name: ways_of(profiles.object(name)) for name in profiles.values}
    sizes = {len(each.seconds) for each in ways.values()}
    if len(sizes) > 1:
        raise ValueError(f"the matrices differ in size: {sorted(sizes)}")
    return ways
