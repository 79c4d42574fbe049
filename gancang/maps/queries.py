"""What a map shows before anything moves on it, and which roads are closed when."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.shortcuts import get_object_or_404

from gancang.maps import stored
from gancang.maps.closed import Shape, Shut
from gancang.maps.models import RoadClosure
from gancang.regions.queries import villages_by_code

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from gancang.regions.models import Region, Village


PASSES = "motorcycle"
"""Who may be let through where everybody else is kept out."""


def ground_of(region: Region) -> dict[str, list[dict[str, Any]]]:
    """Villages, and districts amid theirs, as points with names. One query."""
    villages = list(villages_by_code(region).values())
    by_district: defaultdict[str, list[Village]] = defaultdict(list)
    for village in villages:
        by_district[village.district.name].append(village)
    return {
        "villages": [
            {"code": v.code, "id": str(v.pk), "name": v.name, "lat": v.lat, "lon": v.lon}
            for v in villages
        ],
        "districts": [
            {"name": name, **_amid(members)} for name, members in sorted(by_district.items())
        ],
    }


def _amid(villages: list[Village]) -> dict[str, float]:
    many = len(villages)
    return {
        "lat": round(sum(v.lat for v in villages) / many, 5),
        "lon": round(sum(v.lon for v in villages) / many, 5),
    }


def list_closures(region: Region, *, now: datetime, past: bool = False) -> QuerySet[RoadClosure]:
    """The closures of roads that hold or are to come; or those that are over."""
    rows = RoadClosure.objects.filter(region=region).select_related("ended")
    over = Q(until__lte=now) | Q(ended__at__lte=now)
    return rows.filter(over) if past else rows.exclude(over)


def get_closure(region: Region, number: int) -> RoadClosure:
    """One closure of roads, or 404."""
    rows = RoadClosure.objects.filter(region=region).select_related("ended")
    return get_object_or_404(rows, pk=number)


def has_roads(region: Region) -> bool:
    """Whether a road map of the region is loaded. No query."""
    found = stored.in_force(region.code)
    return found is not None and bool(found.roads)


def closed_roads(region: Region, *, at: datetime) -> list[RoadClosure]:
    """The closures that hold at a moment. One query; none where no roads are known."""
    if not has_roads(region):
        return []
    return list(list_closures(region, now=at).filter(since__lte=at).order_by("pk"))


def shut_at(region: Region, *, at: datetime, profile: str) -> tuple[Shut, ...]:
    """The same as ways are reckoned by: those that keep a traveller out."""
    rows = closed_roads(region, at=at)
    return tuple(shut_of(row) for row in rows if not (profile == PASSES and row.motorcycles_pass))


def shut_of(row: RoadClosure) -> Shut:
    """A closure as ways are reckoned by."""
    return Shut(shape_of(row), row.decree, row.decree_on, row.since, row.until)


def shape_of(row: RoadClosure) -> Shape:
    """What a closure closes."""
    return Shape(row.kind, tuple((lat, lon) for lat, lon in row.points), row.radius_m)
