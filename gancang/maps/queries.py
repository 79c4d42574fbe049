"""What a map shows before anything moves on it: the villages and districts of a region."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from gancang.regions.queries import villages_by_code

if TYPE_CHECKING:
    from gancang.regions.models import Region, Village


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
