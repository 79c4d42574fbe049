"""Addresses as people write them, and pins by how well they are known. Pure."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gancang.residents.rules import Why
from gancang.values import N_, Point

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# How well a pin is known, the worst first.
GRADES = {
    "village": N_("Only the village is known"),
    "guess": N_("Guessed from the hamlet"),
    "clerk": N_("Placed by a clerk"),
    "learned": N_("Learned from a hand-over"),
    "confirmed": N_("Confirmed by two hand-overs"),
}
LEARNED = ("learned", "confirmed")
OF_NO_HOUSE = ("village", "guess")  # good enough to plan with, not to ride to
SAME_DOOR_M = 150  # a phone's own error in a village with trees, and the width of a yard
ONE_DOOR_M = 30  # two pins of one house
NEAR_VILLAGE_M = 2_000
FAR_FROM_VILLAGE_M = 25_000


@dataclass(frozen=True, slots=True)
class Parts:
    """An address taken apart; `rest` is what is neither hamlet nor RT nor RW."""

    hamlet: str
    rt: str
    rw: str
    rest: str


_HAMLET = re.compile(
    r"\b(?:dusun|dsn|dukuh|lingkungan|lingk|link)\b\.?\s*"
    r"(?P<name>[^,;/]+?)(?=\s*(?:[,;/]|\brt\b|\brw\b|\bjl\b|\bjalan\b|\bno\b|$))",
    re.IGNORECASE,
)
_RT_RW = re.compile(r"\brt\s*[./-]?\s*rw\s*[.:]?\s*(\d{1,3})\s*[/-]\s*(\d{1,3})\b", re.IGNORECASE)
_RT = re.compile(r"\brt\s*[.:]?\s*(\d{1,3})\b", re.IGNORECASE)
_RW = re.compile(r"\brw\s*[.:]?\s*(\d{1,3})\b", re.IGNORECASE)


def read_address(typed: str) -> Parts:
    """Hamlet, RT and RW out of an address as people write it: "Dsn. Krajan RT 02/RW 01"."""
    rest, found = typed, {"hamlet": "", "rt": "", "rw": ""}
    if both := _RT_RW.search(rest):
        found["rt"], found["rw"] = both.groups()
        rest = rest.replace(both[0], " ")
    for name, pattern in (("rt", _RT), ("rw", _RW)):
        if match := pattern.search(rest):
            found[name] = match[1]
            rest = rest.replace(match[0], " ")
    if match := _HAMLET.search(rest):
        found["hamlet"] = " ".join(match["name"].split())[:80]
        rest = rest.replace(match[0], " ")
    rest = " ".join(re.sub(r"(\s*[,/;]\s*)+", ", ", rest).split()).strip(" ,")
    return Parts(found["hamlet"], _three(found["rt"]), _three(found["rw"]), rest)


def _three(digits: str) -> str:
    return digits.zfill(3) if digits else ""


def is_same_address(one: str, other: str) -> bool:
    """Whether two ways of writing mean one house, however RT, RW and hamlet are spelt."""
    return _bare(read_address(one)) == _bare(read_address(other))


def _bare(parts: Parts) -> tuple[str, ...]:
    texts = (parts.hamlet, parts.rt, parts.rw, parts.rest)
    return tuple(re.sub(r"[^0-9a-z]", "", text.lower()) for text in texts)


def metres_between(one: Point, other: Point) -> float:
    """The way as the crow flies (haversine)."""
    lat_1, lat_2 = math.radians(one.lat), math.radians(other.lat)
    half = math.sin((lat_2 - lat_1) / 2) ** 2
    turn = math.sin(math.radians(other.lon - one.lon) / 2) ** 2
    return 12_742_000 * math.asin(math.sqrt(half + math.cos(lat_1) * math.cos(lat_2) * turn))


def why_not_pin(
    point: Point, *, village: Point, others: Iterable[Point], bounds: Sequence[float]
) -> Why | None:
    """Why a point is not the place of somebody of this village.

    It lies within 2 km of the village's own point, or, since villages in the hills are wide,
    nearer to it than to any other village's.
    """
    west, south, east, north = bounds
    if not (west <= point.lon <= east and south <= point.lat <= north):
        return Why.PIN_OUTSIDE
    far = metres_between(point, village)
    if far <= NEAR_VILLAGE_M:
        return None
    if far > FAR_FROM_VILLAGE_M or any(metres_between(point, other) < far for other in others):
        return Why.PIN_FAR
    return None


def best_pin(met: Sequence[Point]) -> tuple[Point, str]:
    """Of the points of hand-overs, oldest first: the place where most were, and its grade.

    One hand-over at a neighbour's does not move a place that two have confirmed; of equals
    the newest holds.
    """
    assert met
    groups = [[p for p in met if metres_between(p, near) <= SAME_DOOR_M] for near in reversed(met)]
    group = max(groups, key=len)
    return middle_of(group), "confirmed" if len(group) > 1 else "learned"


def middle_of(points: Sequence[Point]) -> Point:
    """The place amid some places near each other."""
    assert points
    return Point(
        sum(point.lat for point in points) / len(points),
        sum(point.lon for point in points) / len(points),
    )
