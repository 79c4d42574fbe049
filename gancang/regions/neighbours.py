"""Which districts a road joins: no estimate goes straight across a volcano or a bay. Pure."""

from __future__ import annotations

from collections import defaultdict
from statistics import fmean
from typing import TYPE_CHECKING, Any

from gancang_roads import Estimate, Place, round_ways

from gancang.regions.pack_files import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gancang.regions.pack_files import Files, Row


def estimate_of(told: Mapping[str, Any]) -> Estimate:
    """How long ways take from a pack's figures, which may have been kept for long."""
    return Estimate(
        speed_kmh=told["speed_kmh"],
        start_s=told["start_s"],
        detour=told["detour"],
        mountain_detour=told["mountain_detour"],
        mountain_areas=frozenset(told["mountain_districts"]),
        pair_detours={(one, other): detour for one, other, detour in told.get("round", [])},
    )


def with_round_ways(files: Files) -> dict[str, Any]:
    """A pack's figures of travel with the detours of district pairs that have others between.

    Such a pair is as far apart as its shortest chain of neighbours, from centre to centre. A pack
    that names no neighbours has none of it.
    """
    told = files["travel"][0].values
    touching = {row.values["code"]: _named(row) for row in files["districts.csv"]}
    if not any(touching.values()):
        return told
    found = round_ways(estimate_of(told), touching, _centres(files["villages.csv"], touching))
    detours = sorted((*pair, round(detour, 3)) for pair, detour in found.pair_detours.items())
    return {**told, "round": [list(each) for each in detours]}


def check_neighbours(files: Files) -> Iterator[Problem]:
    """Neighbours that are no districts, are alone in saying so, or have no village."""
    rows = {row.values["code"]: row for row in files["districts.csv"]}
    lived_in = {row.values["code"].rpartition(".")[0] for row in files["villages.csv"]}
    for code, row in rows.items():
        for other in _named(row):
            what = f"{code} has the neighbour {other}"
            if other == code:
                yield _bad(row, f"{what}, itself", "leave it out")
            elif other not in rows:
                yield _bad(row, f"{what}, which is no district", "see the first column")
            elif code not in _named(rows[other]):
                line = rows[other].line
                yield _bad(row, f"{what}, but not the other way", f"add {code} in line {line}")
        if _named(row) and code not in lived_in:
            yield _bad(row, f"{code} has neighbours, but no village", "add one to villages.csv")


def _bad(row: Row, what: str, instead: str) -> Problem:
    return Problem(row.file, row.line_of("neighbours"), what, instead)


def _named(row: Row) -> list[str]:
    told: str = row.values.get("neighbours", "")
    return told.split()


def _centres(villages: Sequence[Row], districts: Mapping[str, list[str]]) -> dict[str, Place]:
    points: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in villages:
        at = float(row.values["lat"]), float(row.values["lon"])
        points[row.values["code"].rpartition(".")[0]].append(at)
    return {
        code: Place(fmean(lat for lat, _ in found), fmean(lon for _, lon in found), code)
        for code, found in points.items()
        if code in districts
    }
