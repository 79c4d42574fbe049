"""What must be true of a pack's ways to its patients, so that every village has an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gancang.regions.pack_files import Files, Problem, Row

if TYPE_CHECKING:
    from collections.abc import Iterator

# What a kind of way must tell besides the keys that all have, and what it alone may tell.
MUST = {
    "direct": (),
    "round": ("departs", "minutes", "stops"),
    "relay": ("departs", "minutes", "stops"),
    "post": ("departs", "days", "price_rp", "carriers"),
    "visit": ("departs", "minutes", "programmes"),
}
ONLY = {
    "counters": {"relay"},
    "days": {"post"},
    "stops": {"round", "relay"},
    "stop_rp": {"round", "relay"},
    "departs": {"round", "relay", "post", "visit"},
}


def check_reach(files: Files) -> Iterator[Problem]:
    """All that is wrong with the opening hours and the ways of a pack."""
    if not files["way"]:
        return
    kinds = {row.values["code"]: row.values["kind"] for row in files["organisations.csv"]}
    for row in files["pharmacy"]:
        yield from _unknown(row, "organisation", kinds, {"hospital"}, "organisations.csv")
        opens, cut_off, closes = (row.values[key] for key in ("opens", "cut_off", "closes"))
        if not opens < cut_off <= closes:
            yield _bad(row, "it takes nothing in", "write opens < cut_off <= closes", "cut_off")
    areas = {row.values["code"] for name in _AREAS for row in files[name]}
    programmes = {row.values["code"] for row in files["programme"]}
    for row in files["way"]:
        yield from _unknown(row, "from_organisations", kinds, {"hospital"}, "organisations.csv")
        yield from _unknown(row, "carriers", kinds, {"fleet"}, "organisations.csv")
        yield from _unknown(row, "counters", kinds, {"puskesmas", "office"}, "organisations.csv")
        yield from _unknown(row, "areas", dict.fromkeys(areas), {None}, "villages.csv")
        yield from _unknown(row, "programmes", dict.fromkeys(programmes), {None}, "programmes/")
        yield from _shape(row)
    if not any(_goes_everywhere(row.values) for row in files["way"]):
        yield _bad(
            files["way"][-1],
            "some villages may be left without a way",
            "add a way, say the post, without areas, up_to_m, programmes and from_organisations",
        )


_AREAS = ("districts.csv", "villages.csv")


def _bad(row: Row, what: str, instead: str, key: str = "") -> Problem:
    return Problem(row.file, row.line_of(key), what, instead)


def _unknown(
    row: Row, key: str, known: dict[Any, Any], kinds: set[Any], file: str
) -> Iterator[Problem]:
    told = row.values.get(key, [])
    for code in [told] if isinstance(told, str) else told:
        if code not in known:
            yield _bad(row, f"{key} names {code}, which is not there", f"see {file}", key)
        elif known[code] not in kinds:
            wanted = " or ".join(sorted(kinds))
            yield _bad(row, f"{code} is no {wanted}, it is a {known[code]}", "name another", key)


def _shape(row: Row) -> Iterator[Problem]:
    values, kind = row.values, row.values["kind"]
    for key in MUST[kind]:
        if not values.get(key) and values.get(key) != 0:
            yield _bad(row, f"a {kind} needs {key}", "add it; README.md of packs explains", "kind")
    for key, fitting in ONLY.items():
        if key in values and kind not in fitting:
            yield _bad(row, f"a {kind} has no {key}", "take it out", key)
    for departs in values.get("departs", []):
        hours, minutes = map(int, departs.split(":"))
        if kind != "post" and 60 * hours + minutes + values.get("minutes", 0) >= 1440:
            yield _bad(row, f"who departs at {departs} is not back that day", "earlier", "departs")


def _goes_everywhere(values: dict[str, Any]) -> bool:
    limits = ("areas", "up_to_m", "programmes", "from_organisations")
    return values["kind"] != "visit" and not any(values.get(key) for key in limits)
