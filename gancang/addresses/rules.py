"""What a place that was looked for may be, and how well each is known. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gancang.regions.spelling import words_of
from gancang.values import N_, Point, Reason, metres_between

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# From the house itself to its village: in this order places are offered.
GRADES = ("confirmed", "learned", "code", "clerk", "landmark", "guess", "village")
MOST = 8
SAME_LANDMARK_M = 200
NEAR_VILLAGE_M = 2_000  # so near to a village's point a pin is not doubted


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


KINDS = {
    "mosque": N_("Mosque"),
    "prayer": N_("Musala"),
    "church": N_("Church"),
    "temple": N_("Temple"),
    "school": N_("School"),
    "shop": N_("Shop"),
    "market": N_("Market"),
    "health": N_("Health post"),
    "office": N_("Office"),
    "other": N_("Something else"),
}
SOURCES = {
    "clerk": N_("Landmark, told by the desk"),
    "rider": N_("Landmark, told by a rider"),
    "map": N_("Landmark of the street map"),
}
# What the street map calls a kind, as we do; what people pray in is told by its name alone.
_ON_MAP = {
    "hospital": "health",
    "clinic": "health",
    "pharmacy": "health",
    "school": "school",
    "market": "market",
    "office": "office",
    "shop": "shop",
    "station": "other",
    "fuel": "other",
}
_PRAYED_IN = {
    "mosque": {"masjid", "mesjid"},
    "prayer": {"musala", "musola", "musholla", "mushola", "mushalla", "langgar"},
    "church": {"gereja"},
    "temple": {"pura", "vihara", "wihara", "klenteng"},
}
# What kind of thing it is, however that is written; the name is what is behind it.
_OF_KINDS = set(
    words_of(
        "masjid mesjid musala musola musholla langgar gereja pura sekolah sd sdn smp smpn sma sman "
        "smk mi mts toko warung pasar puskesmas posyandu balai kantor"
    )
)
FROM_CODE = N_("From the code that was typed")
FROM_VILLAGE = N_("The village's own point")


def ranked(found: Iterable[Candidate]) -> list[Candidate]:
    """The best known first; of one grade as they came, none twice, at most eight."""
    ordered = sorted(dict.fromkeys(found), key=lambda each: GRADES.index(each.grade))
    return ordered[:MOST]


_DEGREES = re.compile(r"-?\d{1,3}(\.\d{1,12})?", re.ASCII)


def own_words(words: Sequence[str]) -> tuple[str, ...]:
    """The words of a landmark's name without its kind; all of them where there is no other."""
    return tuple(word for word in words if word not in _OF_KINDS) or tuple(words)


def sounds_of(name: str) -> str:
    """By what a landmark is looked up: its words as they sound, apart and, unless alone, as one."""
    words = words_of(name)
    own = own_words(words)
    return " ".join([*words, "".join(own)] if len(own) > 1 else words)


def is_there(point: Point, others: Iterable[Point]) -> bool:
    """Whether a landmark of that name stands so near that it is the same."""
    return any(metres_between(point, other) <= SAME_LANDMARK_M for other in others)


def kind_on_map(on_map: str, name: str) -> str:
    """Our kind for a thing of the street map; "" for what nobody is found by, as a peak."""
    if on_map == "worship":
        words = set(name.casefold().split())
        return next((kind for kind, names in _PRAYED_IN.items() if names & words), "other")
    return _ON_MAP.get(on_map, "")


class Why(Reason):
    """Why what was typed is no place."""

    SWAPPED = (
        "swapped",
        N_("Latitude and longitude are exchanged: {lat} is the longitude, {lon} the latitude."),
    )
    ELSEWHERE = "elsewhere", N_("This place lies outside {region}.")
    LANDMARK_KNOWN = (
        "landmark_known",
        N_("{name} in {village} is known already, and stands near this place."),
    )
    NO_FILE = "no_file", N_("There is no file {file}.")
    NOT_GEOJSON = (
        "not_geojson",
        N_("The file is no GeoJSON with features (FeatureCollection); export it as GeoJSON."),
    )
    TOO_LARGE = (
        "too_large",
        N_("The outlines have more than {most} points; simplify them to some ten metres first."),
    )
    UNKNOWN_OUTLINE = (
        "unknown_outline",
        N_(
            "Shape number {number} names no village of this region: none of its properties is an "
            "official code, nor a name with its kecamatan."
        ),
    )
    OUTLINE_TWICE = "outline_twice", N_("{village} has a second outline, shape number {number}.")
    NO_OUTLINE = "no_outline", N_("The outline of {village} is no Polygon or MultiPolygon.")
    NOT_CLOSED = (
        "not_closed",
        N_("The outline of {village} is not closed: each ring ends where it began."),
    )
    CROSSED = "crossed", N_("The outline of {village} crosses itself.")
    OUTLINE_SWAPPED = (
        "outline_swapped",
        N_(
            "The outline of {village} has latitude before longitude; GeoJSON wants longitude first."
        ),
    )
    OUTLINE_ELSEWHERE = "outline_elsewhere", N_("The outline of {village} lies outside the region.")
    HALF_A_POINT = "half_a_point", N_("A pin needs both latitude and longitude.")
    NOT_A_POINT = "not_a_point", N_("This is not a latitude or longitude in degrees.")


class Doubt(Reason):
    """What is odd about a pin and yet may be right: it is told, and nothing is refused."""

    OUTSIDE = "outside", N_("The pin lies outside {region}. It was kept; is it the right place?")
    OTHER_OUTLINE = (
        "other_outline",
        N_(
            "By the outlines of the villages the pin lies in {found}, and not in {chosen}. "
            "It was kept; is it the right place?"
        ),
    )
    OTHER_VILLAGE = (
        "other_village",
        N_(
            "By the points of the villages the pin lies in {found}, and not in {chosen}. "
            "It was kept; is it the right place?"
        ),
    )


def read_pin(lat: str, lon: str) -> tuple[Point | None, dict[str, Why]]:
    """The point that two typed fields mean, None for none; and what is wrong, by field.

    A comma may stand for the point. In all of Indonesia only a longitude is beyond 90 degrees, so
    whoever exchanged the two is told so.
    """
    typed = {"lat": lat.replace(",", "."), "lon": lon.replace(",", ".")}
    wrong = {
        name: Why.NOT_A_POINT
        for name, text in typed.items()
        if text and not (_DEGREES.fullmatch(text) and abs(float(text)) <= 180)
    }
    if wrong or not any(typed.values()):
        return None, wrong
    if empty := [name for name, text in typed.items() if not text]:
        return None, {empty[0]: Why.HALF_A_POINT}
    north, east = float(typed["lat"]), float(typed["lon"])
    if abs(north) > 90:
        return None, {"lat": Why.SWAPPED if abs(east) <= 90 else Why.NOT_A_POINT}
    return Point(north, east), {}
