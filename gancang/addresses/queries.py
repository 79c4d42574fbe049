"""What a text about a place may mean, and in which village a point lies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

import shapely
from django.db.models import Q
from django.shortcuts import get_object_or_404

from gancang.addresses.models import Landmark, Outline
from gancang.addresses.plus_codes import middle_of_code, take_code
from gancang.addresses.rules import (
    FROM_CODE,
    FROM_VILLAGE,
    NEAR_VILLAGE_M,
    SOURCES,
    Candidate,
    Doubt,
    own_words,
)
from gancang.addresses.written import Parts, read_address
from gancang.regions.queries import village_meant, villages_by_code, villages_told_of
from gancang.regions.spelling import CLEAR, WORDS_MOST, heard_in, words_of
from gancang.values import Point, Refused, lies_in, metres_between, middle_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet

    from gancang.regions.models import Region, Village

LONGEST = 200
LANDMARKS_MOST = 500  # looked at for one question
_DEGREES = re.compile(r"(-?\d{1,3}[.]\d{3,12})\s*[,; ]\s*(-?\d{1,3}[.]\d{3,12})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody said of a place, taken apart."""

    text: str
    parts: Parts
    villages: list[Village]
    """Those that may be meant, the likeliest first."""
    point: Point | None
    """Of a code or of degrees in the text."""


def understand(region: Region, typed: str, *, village: str = "") -> Asked:
    """Take apart what was said of a place; `village` was named beside it. One query."""
    places = villages_by_code(region)
    code, text = take_code(typed[:LONGEST])
    named = village_meant(places, village) if village else None
    villages = [named] if named else villages_told_of(places, text)
    around = [Point(each.lat, each.lon) for each in villages or places.values()]
    point = middle_of_code(code, lambda: middle_of(around)) if code else _degrees_in(text)
    return Asked(text=text, parts=read_address(text), villages=villages, point=point)


def _degrees_in(text: str) -> Point | None:
    found = _DEGREES.search(text)
    if found is None:
        return None
    lat, lon = map(float, found.groups())
    return Point(lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None


def candidates_for(region: Region, asked: Asked) -> list[Candidate]:
    """What is publicly known of a place: its code, its village. One query where there is a code."""
    found = []
    if asked.point:
        found_in = find_standing(region, asked.point)
        where = full_name(found_in.village) if found_in else ""
        found.append(
            Candidate(
                point=asked.point, name=asked.text, where=where, grade="code", source=FROM_CODE
            )
        )
    return found + [
        Candidate(
            point=Point(each.lat, each.lon),
            name=each.name,
            where=each.district.name,
            grade="village",
            source=FROM_VILLAGE,
        )
        for each in asked.villages
    ]


def landmarks_told_of(region: Region, asked: Asked) -> list[Candidate]:
    """The landmarks whose names stand in what was said, the best heard first. One query."""
    told = words_of(asked.text)[:WORDS_MOST]
    rows = Landmark.objects.filter(region=region, withdrawn_at=None)
    if asked.villages:
        rows = rows.filter(village__in=asked.villages)
    else:  # one of the words has to begin alike
        starts = [Q(sounds__contains=word[:3]) for word in own_words(told) if len(word) > 2]
        rows = rows.filter(reduce(or_, starts)) if starts else rows.none()
    scored = [
        (heard_in(own_words(words_of(row.name)), told), row)
        for row in rows.select_related("village__district").order_by("name", "pk")[:LANDMARKS_MOST]
    ]
    found = sorted((pair for pair in scored if pair[0] >= CLEAR), key=lambda pair: -pair[0])
    return [
        Candidate(
            point=Point(row.lat, row.lon),
            name=row.name,
            where=full_name(row.village),
            grade="landmark",
            source=SOURCES[row.source],
        )
        for _score, row in found
    ]


def list_landmarks(region: Region, typed: str) -> QuerySet[Landmark]:
    """Those that stand, of which every word typed stands in the name. One query."""
    rows = Landmark.objects.filter(region=region, withdrawn_at=None)
    for word in words_of(typed):
        rows = rows.filter(sounds__contains=word)
    return rows.select_related("village__district", "by")


def get_landmark(region: Region, number: int) -> Landmark:
    """One that stands; 404 where there is none. One query."""
    rows = Landmark.objects.filter(region=region, withdrawn_at=None)
    rows = rows.select_related("village__district", "region")
    return get_object_or_404(rows, pk=min(number, 2**63 - 1))


def full_name(village: Village) -> str:
    """A village with its district."""
    return f"{village.name}, {village.district.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """In which village a point lies, and whether its outline says so or only its own point."""

    village: Village
    by_outline: bool


def find_standing(region: Region, point: Point) -> Standing | None:
    """The village whose outline holds a point, else whose own point is nearest; None without any.

    One query with outlines, else two.
    """
    rows = Outline.objects.filter(
        village__region=region,
        west__lte=point.lon,
        east__gte=point.lon,
        south__lte=point.lat,
        north__gte=point.lat,
    )
    place = shapely.Point(point.lon, point.lat)
    for row in rows.select_related("village__district").order_by("village"):
        if shapely.from_wkb(bytes(row.shape)).covers(place):
            return Standing(village=row.village, by_outline=True)
    nearest = _nearest(villages_by_code(region).values(), point)
    return Standing(village=nearest, by_outline=False) if nearest else None


def _nearest(villages: Iterable[Village], point: Point) -> Village | None:
    def far(village: Village) -> float:
        return metres_between(point, Point(village.lat, village.lon))

    return min(villages, key=far, default=None)


def find_villages_at(region: Region, points: Sequence[Point]) -> list[Village | None]:
    """The village in which each of many points lies, as `find_standing` says. Two queries."""
    villages = list(villages_by_code(region).values())
    near = [_nearest(villages, point) for point in points]
    rows = list(Outline.objects.filter(village__region=region).order_by("village"))
    outlines = shapely.STRtree([shapely.from_wkb(bytes(row.shape)) for row in rows])
    places = shapely.points([(point.lon, point.lat) for point in points])
    by_pk = {village.pk: village for village in villages}
    held = zip(*outlines.query(places, predicate="covered_by"), strict=True)
    # Where two outlines meet, the first village counts, as for one point.
    for at, within in sorted(held, reverse=True):
        near[at] = by_pk[rows[within].pk]
    return near


def find_doubt(region: Region, point: Point, chosen: Village) -> Refused | None:
    """What is odd about a pin of somebody who lives in the village chosen. Two queries at most."""
    if not lies_in(point, region.config["bounds"]):
        return Refused(Doubt.OUTSIDE, region=region.name)
    found = find_standing(region, point)
    if found is None or found.village == chosen:
        return None
    is_near = metres_between(point, Point(chosen.lat, chosen.lon)) <= NEAR_VILLAGE_M
    if not found.by_outline and is_near:
        return None
    why = Doubt.OTHER_OUTLINE if found.by_outline else Doubt.OTHER_VILLAGE
    return Refused(why, found=full_name(found.village), chosen=full_name(chosen))
