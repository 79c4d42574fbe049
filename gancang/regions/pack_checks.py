"""What rows of a pack say of each other: codes that must exist, sums, dates, points."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from gancang.regions.neighbours import check_neighbours
from gancang.regions.pack_bands import check_tariffs
from gancang.regions.pack_enrolling import check_enrolling
from gancang.regions.pack_facts import check_facts, kinds_in, why_not_rule
from gancang.regions.pack_files import Files, Problem, Row
from gancang.regions.pack_funders import bad, check_funders, twice
from gancang.regions.pack_letters import check_letters
from gancang.regions.pack_menu_checks import check_menus
from gancang.regions.pack_money import check_money
from gancang.regions.pack_proofs import check_fulfilment, check_meals, check_proof
from gancang.regions.pack_reach import check_reach
from gancang.regions.pack_vouchers import check_vouchers
from gancang.regions.policies import FleetShare, PlanningPolicy
from gancang.regions.tariffs import cheapest, price_of_row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from gancang.regions.facts import FactKind


def check_links(files: Files) -> list[Problem]:
    """All that is wrong between rows that are each sound by themselves."""
    checks: list[Callable[[Files], Iterator[Problem]]] = [
        _duplicates,
        _places,
        check_neighbours,
        _organisations,
        _holidays,
        _dates,
        _money,
        check_tariffs,
        _policies,
        _facts,
        _programmes,
        check_reach,
        check_letters,
        check_menus,
        _paying,
    ]
    return sorted(problem for check in checks for problem in check(files))


def _codes(rows: list[Row]) -> set[str]:
    return {row.values["code"] for row in rows}


def _duplicates(files: Files) -> Iterator[Problem]:
    ids: dict[str, Callable[[dict[str, Any]], Any]] = {
        "districts.csv": lambda v: v["code"],
        "villages.csv": lambda v: v["code"],
        "organisations.csv": lambda v: v["code"],
        "holidays.csv": lambda v: v["on"],
        "tariff": lambda v: (v["code"], v["from"]),
        "legal_band": lambda v: f"band of {v['service']} from {v['from']}",
        "commission_cap": lambda v: f"cap of {v['service']} from {v['from']}",
        "commission": lambda v: f"commission of {v['fleet']} for {v['service']} from {v['from']}",
        "fund": lambda v: v["code"],
        "fact": lambda v: f"fact {v['code']}",
        "budget": lambda v: (v["fund"], v["programme"], v["year"]),
        "medicine_class": lambda v: f"class {v['code']} from {v['from']}",
        "policy": lambda v: f"policy {v['name']} from {v['from']}",
        "programme": lambda v: (v["code"], v["version"]),
        "paper": lambda v: v["code"],
        "way": lambda v: v["code"],
        "greeting": lambda v: f"greeting in {v['language']}",
        "letter": lambda v: f"{v['kind']} in {v['language']}",
    }
    for table, identity in ids.items():
        seen: dict[Any, Row] = {}
        for row in files[table]:
            name = identity(row.values)
            if name in seen:
                first = seen[name]
                yield bad(row, f"{name} stands twice", f"the first is in line {first.line}")
            seen.setdefault(name, row)


def _places(files: Files) -> Iterator[Problem]:
    region = files["region"][0]
    districts = _codes(files["districts.csv"])
    for row in files["districts.csv"]:
        if not row.values["code"].startswith(region.values["code"] + "."):
            yield bad(row, f"{row.values['code']} lies in another region", "mend the code")
    for row in files["villages.csv"]:
        if row.values["code"].rpartition(".")[0] not in districts:
            yield bad(row, f"{row.values['code']} lies in no district", "add it to districts.csv")
        yield from _outside(row, region)
    for code in files["travel"][0].values["mountain_districts"]:
        if code not in districts:
            yield bad(
                files["travel"][0],
                f"there is no district {code}",
                "see districts.csv",
                "mountain_districts",
            )


def _outside(row: Row, region: Row) -> Iterator[Problem]:
    west, south, east, north = region.values["bounds"]
    lat, lon = float(row.values["lat"]), float(row.values["lon"])
    if not (south <= lat <= north and west <= lon <= east):
        yield bad(
            row,
            f"point {lat}, {lon} lies outside the region",
            "are lat and lon swapped? Otherwise widen bounds in region.toml",
        )


def _organisations(files: Files) -> Iterator[Problem]:
    villages = _codes(files["villages.csv"])
    for row in files["organisations.csv"]:
        if row.values["village"] not in villages:
            yield bad(row, f"there is no village {row.values['village']}", "see villages.csv")
        yield from _outside(row, files["region"][0])


def _holidays(files: Files) -> Iterator[Problem]:
    for row in files["holidays.csv"]:
        try:
            date.fromisoformat(row.values["on"])
        except ValueError:
            yield bad(row, f"{row.values['on']} is no day", "write it like 2026-08-17")


def _dates(files: Files) -> Iterator[Problem]:
    deals = [deal for row in files["programme"] for deal in row.values["agreement"]]
    dated = ("tariff", "legal_band", "commission_cap", "commission", "medicine_class", "policy")
    for row in [row for table in dated for row in files[table]] + deals:
        if row.values.get("until") and row.values["until"] < row.values["from"]:
            yield bad(row, "it ends before it begins", "swap from and until", "until")
    for row in files["programme"]:
        if row.values.get("until") and row.values["until"] < row.values["active_from"]:
            yield bad(row, "it ends before it begins", "swap active_from and until", "until")


def _money(files: Files) -> Iterator[Problem]:
    funds, programmes = _codes(files["fund"]), _codes(files["programme"])
    for row in files["budget"]:
        if row.values["fund"] not in funds:
            yield bad(row, f"there is no fund {row.values['fund']}", "add it as [[fund]]", "fund")
        if row.values["programme"] not in programmes:
            what = f"there is no programme {row.values['programme']}"
            yield bad(row, what, "see programmes/", "programme")


def _policies(files: Files) -> Iterator[Problem]:
    kinds = _kinds(files)
    for row in files["policy"]:
        try:
            policy_of(row)
        except ValueError as error:
            yield bad(row, str(error), "mend the levels; README.md of packs explains", "levels")
        for share in row.values.get("shares", []):
            yield from _no_fleet(row, share["fleet"], kinds, "shares")
        least = sum(share["least_percent"] for share in row.values.get("shares", []))
        if least > 100:
            yield bad(row, f"the least shares add up to {least}", "make them 100 or less", "shares")


def policy_of(row: Row) -> PlanningPolicy:
    """The policy that a row tells. ValueError names what is wrong with it."""
    values = dict(row.values)
    return PlanningPolicy(
        from_date=values.pop("from"),
        levels=tuple(tuple(level) for level in values.pop("levels")),
        shares=tuple(FleetShare(**share) for share in values.pop("shares", [])),
        **values,
    )


def _kinds(files: Files) -> dict[str, str]:
    return {row.values["code"]: row.values["kind"] for row in files["organisations.csv"]}


def _no_fleet(row: Row, code: str, kinds: dict[str, str], key: str) -> Iterator[Problem]:
    if code not in kinds:
        yield bad(row, f"there is no organisation {code}", "see organisations.csv", key)
    elif kinds[code] != "fleet":
        what = f"{code} is no fleet, it is a {kinds[code]}"
        yield bad(row, what, "name organisations of kind fleet", key)


def _paying(files: Files) -> Iterator[Problem]:
    for fault in check_money(files):
        yield bad(*fault)


def _facts(files: Files) -> Iterator[Problem]:
    for fault in check_facts(files):
        yield bad(*fault)


def _programmes(files: Files) -> Iterator[Problem]:
    kinds = _kinds(files)
    policies = {row.values["name"] for row in files["policy"]}
    for row in files["programme"]:
        values = row.values
        yield from _price(row, files["tariff"])
        yield from check_proof(row)
        yield from check_fulfilment(row)
        yield from check_meals(row)
        for fault in check_vouchers(row, kinds):
            yield bad(*fault)
        for code in values["from_organisations"]:
            if code not in kinds:
                what = f"there is no organisation {code}"
                yield bad(row, what, "see organisations.csv", "from_organisations")
        for code in values["carriers"]:
            yield from _no_fleet(row, code, kinds, "carriers")
        if (name := values.get("policy")) and name not in policies:
            yield bad(row, f"there is no policy {name}", "add it to dispatch.toml", "policy")
        yield from check_funders(row, files)
        yield from _clauses(values["clause"], kinds_in(files))
        codes = _codes(files["programme"])
        for wrong in check_enrolling(row, facts=kinds_in(files), programmes=codes):
            yield bad(row, *wrong)
        yield from _rules(values["amount"], kinds_in(files))


def _price(row: Row, tariffs: list[Row]) -> Iterator[Problem]:
    values = row.values
    if "patient_pays_rp" in values and "patient_pays_percent" in values:
        what = "the patient pays both a fixed amount and a part"
        yield bad(row, what, "keep one of the two", "patient_pays_percent")
    if "tariff" not in values:
        if values["kind"] == "deliver" and not (values["meal"] or values["voucher"]):
            yield bad(row, "tariff is missing", "only a delivery needs one", "kind")
        return
    named = [tariff.values for tariff in tariffs if tariff.values["code"] == values["tariff"]]
    if not named:
        what = f"there is no tariff {values['tariff']}"
        yield bad(row, what, "add it to tariffs.toml", "tariff")
        return
    first = min(tariff["from"] for tariff in named)
    if first > values["active_from"]:
        what = f"tariff {values['tariff']} holds only from {first}"
        yield bad(row, what, "date the tariff earlier or the programme later", "active_from")
    least = min(cheapest(price_of_row(told)).rupiah for told in named)
    if values.get("patient_pays_rp", 0) > least:
        what = f"the patient pays more than the shortest trip costs, Rp {least}"
        yield bad(row, what, f"write at most {least}", "patient_pays_rp")


def _clauses(rows: list[Row], facts: Mapping[str, FactKind]) -> Iterator[Problem]:
    yield from twice(rows, "code")
    yield from _rules(rows, facts)


def _rules(rows: list[Row], facts: Mapping[str, FactKind]) -> Iterator[Problem]:
    for row in rows:
        for what, mend in why_not_rule(row.values["when"], facts):
            yield bad(row, f"when: {what}", mend, "when")
