"""Finding regions, places, tariffs and the way between two points."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Q
from gancang_roads import Place

from gancang.regions.facts import FactKind, kinds_of
from gancang.regions.fitted import fitted
from gancang.regions.models import District, Organisation, Region, Tariff, Village
from gancang.regions.neighbours import estimate_of
from gancang.regions.rules import Why
from gancang.regions.spelling import Named, find_by_spelling, find_in_text, is_clear
from gancang.regions.tariffs import Price, price_of_row
from gancang.values import Refused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from gancang_roads import Estimate


def get_region(code: str) -> Region:
    """A region by its official code or its short name. Refused if it was not loaded."""
    found = Region.objects.filter(Q(code=code) | Q(slug=code)).first()
    if found is None:
        raise Refused(Why.NO_REGION, code=code)
    return found


def list_regions() -> list[Region]:
    """All regions, by code."""
    return list(Region.objects.order_by("code"))


def zone_of(region: Region) -> ZoneInfo:
    """The region's time zone."""
    return ZoneInfo(region.timezone)


def today_in(region: Region, now: datetime) -> date:
    """Which day it is there."""
    return now.astimezone(zone_of(region)).date()


def next_midnight(region: Region, now: datetime) -> datetime:
    """When the next day begins there."""
    tomorrow = today_in(region, now) + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, zone_of(region))


def fact_kinds(region: Region) -> dict[str, FactKind]:
    """What this region may know of a person, by code."""
    return kinds_of(region.config.get("facts", []))


def clock_in(region: Region, now: datetime) -> time:
    """What time of the day it is there."""
    return now.astimezone(zone_of(region)).time()


def names_of_districts(region: Region, codes: Collection[str]) -> dict[str, str]:
    """The names of districts by their codes. One query, or none."""
    if not codes:
        return {}
    rows = District.objects.filter(region=region, code__in=codes)
    return dict(rows.values_list("code", "name"))


def list_districts(region: Region) -> list[District]:
    """All districts of a region, by name."""
    return list(District.objects.filter(region=region).order_by("name"))


def list_villages(region: Region) -> list[Village]:
    """All villages of a region with their districts, by name."""
    return list(Village.objects.filter(region=region).select_related("district").order_by("name"))


def villages_by_code(region: Region) -> dict[str, Village]:
    """All villages of a region. One query."""
    rows = Village.objects.filter(region=region).select_related("district")
    return {row.code: row for row in rows.order_by("district__name", "name")}


def find_villages(region: Region, typed: str, *, most: int = 8) -> list[Village]:
    """The villages that somebody may mean, the likeliest first, however it is spelt. One query."""
    return villages_meant(villages_by_code(region), typed, most=most)


def villages_meant(places: Mapping[str, Village], typed: str, *, most: int = 8) -> list[Village]:
    """The same among villages that were read already."""
    found = find_by_spelling(typed[:80], map(_named, places.values()), most=most)
    return [places[each.code] for each in found]


def villages_told_of(places: Mapping[str, Village], text: str, *, most: int = 5) -> list[Village]:
    """Those whose names stand somewhere in what was said of a place, the likeliest first."""
    found = find_in_text(text, map(_named, places.values()), most=most)
    return [places[each.code] for each in found]


def find_clear_village(region: Region, typed: str) -> Village | None:
    """The one village that is meant by a code or a spelling; None where it could be several."""
    return village_meant(villages_by_code(region), typed)


def village_meant(places: Mapping[str, Village], typed: str) -> Village | None:
    """The same among villages that were read already."""
    if typed.strip() in places:
        return places[typed.strip()]
    found = find_by_spelling(typed[:80], map(_named, places.values()))
    return places[found[0].code] if is_clear(found, typed[:80]) else None


def _named(village: Village) -> Named:
    return Named(village.code, village.name, village.district.name)


def list_organisations(region: Region, kinds: Iterable[str]) -> list[Organisation]:
    """The organisations of these kinds, by name."""
    rows = Organisation.objects.filter(region=region, kind__in=list(kinds))
    return list(rows.select_related("region").order_by("name"))


def get_tariff(region: Region, code: str, *, on: date) -> Price:
    """The tariff in force on a day. Refused if there is none."""
    row = _tariff_row(region, code, on)
    if row is None:
        raise Refused(Why.NO_TARIFF, code=code, on=on.isoformat())
    return price_of_row(
        {
            **row.further,
            "code": row.code,
            "from": row.from_date,
            "base_rp": row.base_rp,
            "included_m": row.included_m,
            "per_km_rp": row.per_km_rp,
            "ceiling_rp": row.ceiling_rp,
            "decree": row.decree,
        }
    )


def find_decree(region: Region, code: str, *, on: date) -> str:
    """The decree of the tariff in force on a day; "" if there is none."""
    row = _tariff_row(region, code, on)
    return row.decree if row else ""


def _tariff_row(region: Region, code: str, on: date) -> Tariff | None:
    in_force = Tariff.objects.filter(region=region, code=code, from_date__lte=on)
    in_force = in_force.filter(Q(until_date=None) | Q(until_date__gte=on))
    return in_force.order_by("-from_date").first()


def place_of(village: Village, lat: float | None = None, lon: float | None = None) -> Place:
    """A point in a village, by default the village's own, as gancang_roads wants it."""
    area = village.code.rpartition(".")[0]
    if lat is None or lon is None:
        lat, lon = village.lat, village.lon
    return Place(lat, lon, area)


def travel_estimate(region: Region) -> Estimate:
    """How long ways take in a region, from distance alone, with the pack's figures."""
    return estimate_of(region.config["travel"])


def ridden_estimate(region: Region) -> Estimate:
    """The same as finished trips corrected it: for plans and promises, never for prices."""
    return fitted(travel_estimate(region), region.fitted)
