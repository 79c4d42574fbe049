"""What finished trips taught of a region's ways, as JSON, and the estimate that it makes. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf, isfinite
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from gancang_roads import Estimate


@dataclass(frozen=True, slots=True)
class Fit:
    """An estimate as trips corrected it: from how many, when, and how far off it told them.

    half, most: half of the trips, and nine of ten, were told within these shares of what they took.
    """

    estimate: Estimate
    trips: int
    on: date
    half: float
    most: float

    def told(self) -> dict[str, Any]:
        """The fit as JSON, small: it stands in the region's row."""
        found = self.estimate
        areas = sorted({area for pair in found.pair_speeds for area in pair})
        return {
            "trips": self.trips,
            "on": self.on.isoformat(),
            "half": round(self.half, 4),
            "most": round(self.most, 4),
            "speed_kmh": round(found.speed_kmh, 3),
            "start_s": found.start_s,
            "late": [[upto if isfinite(upto) else None, round(r, 4)] for upto, r in found.late],
            "areas": areas,
            # Of each area with itself and those behind it; null: no trips.
            "speeds": [
                None if (speed := _speed(found, one, other)) is None else round(speed, 2)
                for place, one in enumerate(areas)
                for other in areas[place:]
            ],
        }


def _speed(found: Estimate, one: str, other: str) -> float | None:
    return found.pair_speeds.get((one, other), found.pair_speeds.get((other, one)))


def fitted(prior: Estimate, told: Mapping[str, Any]) -> Estimate:
    """A pack's estimate as `told` corrects it, if any trips have; distances stay the pack's."""
    if not told:
        return prior
    areas, speeds = told["areas"], iter(told["speeds"])
    pairs = [(one, other) for place, one in enumerate(areas) for other in areas[place:]]
    known = {pair: speed for pair, speed in zip(pairs, speeds, strict=True) if speed is not None}
    return replace(
        prior,
        speed_kmh=told["speed_kmh"],
        start_s=told["start_s"],
        late=tuple((inf if upto is None else upto, ratio) for upto, ratio in told["late"]),
        pair_speeds=known,
        source=f"estimate fitted from {told['trips']:,} trips of {told['on']}",
    )
