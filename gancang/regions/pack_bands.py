"""What must be true of a pack's tariffs: in themselves, and beside what the law allows."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from gancang.regions.pack_files import Files, Problem, Row
from gancang.regions.tariffs import NIGHT, Band, outside_band, price, price_of_row
from gancang.values import in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Name = tuple[str, ...]


def check_tariffs(files: Files) -> Iterator[Problem]:
    """All that is wrong with tariffs, legal bands and what fleets keep of a fare."""
    areas = {
        row.values["code"] for name in ("districts.csv", "villages.csv") for row in files[name]
    }
    for row in files["tariff"]:
        yield from _night(row)
        yield from _steps(row)
        yield from _zones(row, areas)
        yield from _limits(row)
    yield from _bands(files)
    yield from _commissions(files)


def _bad(row: Row, what: str, instead: str, key: str = "") -> Problem:
    return Problem(row.file, row.line_of(key), what, instead)


def _night(row: Row) -> Iterator[Problem]:
    missing = [key for key in NIGHT if key not in row.values]
    if missing and len(missing) < len(NIGHT):
        told = next(key for key in NIGHT if key in row.values)
        yield _bad(row, f"a night without {missing[0]}", f"write all of {', '.join(NIGHT)}", told)
    elif not missing and row.values["night_from"] == row.values["night_until"]:
        yield _bad(row, "a night without length", "let it end at another time", "night_until")


def _steps(row: Row) -> Iterator[Problem]:
    ends = [row.values["included_m"], *(step["up_to_m"] for step in row.values.get("steps", []))]
    if any(one >= other for one, other in pairwise(ends)):
        what = "a step ends before it begins"
        yield _bad(row, what, "order the steps by up_to_m, all beyond included_m", "steps")
        return
    tariff = price_of_row(row.values)
    # A step and the first metre after it are where a longer trip could cost less.
    costs = [price(tariff, metres) for end in ends for metres in (end, end + 1)]
    if any(one > other for one, other in pairwise(costs)):
        yield _bad(row, "a longer trip would cost less", "let the prices of steps rise", "steps")


def _zones(row: Row, areas: set[str]) -> Iterator[Problem]:
    seen: set[str] = set()
    for zone in row.values.get("zones", []):
        for area in zone["areas"]:
            if area not in areas:
                what = f"zones names {area}, which is not there"
                yield _bad(row, what, "see districts.csv and villages.csv", "zones")
            if area in seen:
                yield _bad(row, f"{area} has two flat prices", "keep one of them", "zones")
            seen.add(area)


def _limits(row: Row) -> Iterator[Problem]:
    least, most = row.values.get("minimum_rp", 0), row.values.get("ceiling_rp")
    if most and least > most:
        what = f"the minimum {in_words(least)} is above the ceiling {in_words(most)}"
        yield _bad(row, what, "swap the two", "minimum_rp")
    if "outside_band" in row.values and row.values.get("service") != "parcel":
        what = "only parcels may stand outside a legal band"
        yield _bad(row, what, 'take it out, or write service = "parcel"', "outside_band")


def _bands(files: Files) -> Iterator[Problem]:
    for row in files["legal_band"]:
        for low, high in (("per_km_min_rp", "per_km_max_rp"), ("fare_min_rp", "fare_max_rp")):
            if row.values[low] > row.values[high]:
                yield _bad(row, f"{low} is above {high}", "swap the two", low)
    tariffs = [row for row in files["tariff"] if "service" in row.values]
    bands = _periods(files["legal_band"], lambda row: (row.values["service"],))
    for row, starts, ends in _periods(tariffs, lambda row: (row.values["code"],)):
        if "outside_band" in row.values:
            continue
        for band, band_starts, band_ends in bands:
            same = band.values["service"] == row.values["service"]
            if same and starts <= band_ends and band_starts <= ends:
                yield from _outside(row, band)


def _outside(row: Row, band: Row) -> Iterator[Problem]:
    law = band.values
    told = Band(
        per_km=(law["per_km_min_rp"], law["per_km_max_rp"]),
        minimum_fare=(law["fare_min_rp"], law["fare_max_rp"]),
        first_m=law["first_m"],
        decree=law["decree"],
    )
    found = outside_band(price_of_row(row.values), told)
    if found:
        key, rupiah, (least, most) = found
        what = f"{key} comes to {in_words(rupiah)}, outside its legal band ({told.decree})"
        yield _bad(row, what, f"keep it from {in_words(least)} to {in_words(most)}", key)


def _commissions(files: Files) -> Iterator[Problem]:
    kinds = {row.values["code"]: row.values["kind"] for row in files["organisations.csv"]}
    caps = _periods(files["commission_cap"], lambda row: (row.values["service"],))
    agreed = _periods(files["commission"], lambda row: (row.values["fleet"], row.values["service"]))
    for row, starts, ends in agreed:
        if kinds.get(row.values["fleet"]) != "fleet":
            what = f"{row.values['fleet']} is no fleet"
            yield _bad(row, what, "see organisations.csv", "fleet")
        for cap, cap_starts, cap_ends in caps:
            same = cap.values["service"] == row.values["service"]
            if same and starts <= cap_ends and cap_starts <= ends:
                yield from _too_much(row, cap)


def _too_much(row: Row, cap: Row) -> Iterator[Problem]:
    for key, noun in (("commission_percent", "commission"), ("support_percent", "support")):
        keeps, most = row.values.get(key, 0), cap.values[key]
        if keeps > most:
            what = f"{row.values['fleet']} keeps {keeps} % of each fare as {noun}"
            yield _bad(row, what, f"at most {most} % are allowed ({cap.values['decree']})", key)


def _periods(rows: Sequence[Row], name: Callable[[Row], Name]) -> list[tuple[Row, date, date]]:
    """Each row with its first and last day; a later row of the same name ends an earlier one."""
    told = []
    for row in rows:
        starts = row.values["from"]
        later = [
            other.values["from"]
            for other in rows
            if name(other) == name(row) and other.values["from"] > starts
        ]
        ends = min([row.values.get("until", date.max), *(day - timedelta(days=1) for day in later)])
        told.append((row, starts, ends))
    return told
