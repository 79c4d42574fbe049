"""What a place that was looked for may be, and how well each is known. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gancang.values import N_, Point

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# From the house itself to its village: in this order places are offered.
GRADES = ("confirmed", "learned", "code", "clerk", "guess", "village")
MOST = 8
Bounds = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A place that may be meant: its point, its name, and in English from where it is known."""

    point: Point
    name: str
    where: str
    grade: str
    source: str

    def __post_init__(self) -> None:
        if self.grade not in GRADES:
            raise ValueError(f"no grade of a place: {self.grade}")

    @property
    def lat(self) -> str:
        """Degrees with a point, as a field of a form wants them: to a tenth of a metre."""
        return f"{self.point.lat:.6f}"

    @property
    def lon(self) -> str:
        """The same."""
        return f"{self.point.lon:.6f}"


FROM_CODE = N_("From the code that was typed")
FROM_VILLAGE = N_("The village's own point")


def ranked(found: Iterable[Candidate]) -> list[Candidate]:
    """The best known first; of one grade as they came, none twice, at most eight."""
    ordered = sorted(dict.fromkeys(found), key=lambda each: GRADES.index(each.grade))
    return ordered[:MOST]


def are_swapped(lat: float, lon: float, bounds: Sequence[float]) -> bool:
    """Whether a place lies in the region only with latitude and longitude exchanged."""
    west, south, east, north = bounds

    def lies_in(y: float, x: float) -> bool:
        return south <= y <= north and west <= x <= east

    return lies_in(lon, lat) and not lies_in(lat, lon)
