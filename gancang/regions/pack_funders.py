"""What the funders and agreements of a pack's programmes say of each other."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from gancang.regions.pack_files import Files, Problem, Row

if TYPE_CHECKING:
    from collections.abc import Iterator


def bad(row: Row, what: str, instead: str, key: str = "") -> Problem:
    """What is wrong with a row, at the line of its key."""
    return Problem(row.file, row.line_of(key), what, instead)


def twice(rows: list[Row], key: str) -> Iterator[Problem]:
    """Rows that carry the same name."""
    seen: dict[str, int] = {}
    for row in rows:
        name = row.values[key]
        if name in seen:
            what, mend = f"{name} stands twice", f"the first is in line {seen[name]}"
            yield bad(row, what, mend, key)
        seen.setdefault(name, row.line_of(key))


def check_funders(programme: Row, files: Files) -> Iterator[Problem]:
    """Somebody pays all, each turn is whole, and every name leads somewhere."""
    values = programme.values
    rows = values["funder"]
    if not rows:
        if values.get("patient_pays_percent") != 100 and "tariff" in values:
            what = "nobody pays what the patient does not"
            yield bad(programme, what, "add a [[funder]]", "tariff")
        return
    yield from _turns(rows)
    yield from twice(rows, "fund")
    funds = {row.values["code"] for row in files["fund"]}
    districts = {row.values["code"] for row in files["districts.csv"]}
    for row in rows:
        if row.values["fund"] not in funds:
            yield bad(row, f"there is no fund {row.values['fund']}", "see funds.toml", "fund")
        for each in row.values.get("area_ceilings", ()):
            if each["area"] not in districts:
                what = f"there is no district {each['area']}"
                yield bad(row, what, "see districts.csv", "area_ceilings")
    yield from _agreements(values["agreement"], rows, files)


def _turns(rows: list[Row]) -> Iterator[Problem]:
    turns: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        turns[row.values.get("order", 1)].append(row)
    for turn, members in sorted(turns.items()):
        total = sum(row.values.get("percent", 100) for row in members)
        if total != 100:
            of_turn = f" of turn {turn}" if len(turns) > 1 else ""
            yield bad(
                members[0], f"the shares{of_turn} add up to {total}", "make them 100", "percent"
            )


def _agreements(deals: list[Row], funders: list[Row], files: Files) -> Iterator[Problem]:
    codes = {deal.values["code"] for deal in deals}
    named = {row.values["agreement"] for row in funders if "agreement" in row.values}
    areas = {
        row.values["code"] for name in ("districts.csv", "villages.csv") for row in files[name]
    }
    for row in funders:
        if (code := row.values.get("agreement")) and code not in codes:
            yield bad(row, f"there is no agreement {code}", "add it as [[agreement]]", "agreement")
    for deal in deals:
        if "cap_rp" in deal.values and deal.values["code"] not in named:
            what = f"the cap of {deal.values['code']} binds nobody"
            yield bad(deal, what, "name the agreement in its [[funder]]", "cap_rp")
        for code in deal.values.get("areas", ()):
            if code not in areas:
                yield bad(deal, f"there is no district or village {code}", "mend the code", "areas")
