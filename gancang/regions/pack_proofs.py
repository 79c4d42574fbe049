"""What must be true of a programme's proofs: levels that there are, and medicine never left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.regions.pack_files import Problem, Row
from gancang.regions.pack_programmes import PROOFS, PROOFS_OF, PROOFS_OF_MEALS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MEDICINE = "medicine"
OF_ONE_KIND = {"counts_people": "ride", "verify_first": "transfer", "report_days": "transfer"}
CALLBACK = "callback"
OF_CALLBACKS = ("callback_hours", "callback_tries")
OF_TELEPHONES = frozenset({CALLBACK, "code"})  # levels that somebody without one cannot give
OF_RIDERS = ("training_class", "promise_minutes", "offer_seconds", "attempts_max")


def levels_for(kind: str, *, meals: bool) -> tuple[str, ...]:
    """The levels that may prove a case of a kind, or a meal by a calendar."""
    return PROOFS_OF_MEALS if meals else PROOFS_OF.get(kind, ())


def check_proof(row: Row) -> Iterator[Problem]:
    """All that is wrong with how a programme's cases are proved."""
    levels, meals = row.values.get("proof", []), bool(row.values["meal"])
    known = levels_for(row.values["kind"], meals=meals)
    for level in levels:
        if level not in PROOFS:
            yield _bad(row, f"there is no proof {level}", f"of: {', '.join(PROOFS)}", "proof")
        elif level not in known:
            what = f"{level} proves no {'meal' if meals else row.values['kind']}"
            yield _bad(row, what, f"of: {', '.join(known)}", "proof")
    if len(set(levels)) < len(levels):
        yield _bad(row, "a proof stands twice", "name each level once", "proof")
    yield from _check_callback(row, levels)
    if row.values["item_class"] != MEDICINE:
        return
    if levels:
        what = "medicine is always proved by code or date of birth"
        yield _bad(row, what, "take the key away", "proof")
    if row.values.get("may_be_left"):
        yield _bad(row, "medicine is never left at a door", "take the key away", "may_be_left")


def _check_callback(row: Row, levels: Sequence[str]) -> Iterator[Problem]:
    """All that is wrong with a proof by ringing the receiver."""
    if CALLBACK not in levels:
        for key in OF_CALLBACKS:
            if key in row.values:
                what = f"{key} is for the proof {CALLBACK}"
                yield _bad(row, what, "name that level, or take the key away", key)
        return
    if not set(levels) - OF_TELEPHONES:
        what = "who has no telephone cannot be rung"
        yield _bad(row, what, "name another level too, like witness", "proof")
    if row.values.get("counts_people") or row.values["voucher"]:
        what = "nobody is named who could be rung"
        yield _bad(row, what, f"take {CALLBACK} away", "proof")


def check_fulfilment(row: Row) -> Iterator[Problem]:
    """All that is wrong with what a visit, a ride or a transfer costs and asks for."""
    values = row.values
    costs = values.get("unit_price_rp") or values["amount"]
    if values["kind"] == "deliver" or values["item_class"] == MEDICINE:
        for key in () if values["meal"] or values["voucher"] else OF_RIDERS:
            if key not in values:
                yield _bad(row, f"{key} is missing", "whoever carries goods needs it", "kind")
    if values["kind"] == "deliver" and costs:
        what = "a delivery is priced by its tariff"
        yield _bad(row, what, "take unit_price_rp and [[amount]] away", "unit_price_rp")
    elif costs and not values["funder"]:
        yield _bad(row, "nobody pays what a case costs", "add a [[funder]]", "unit_price_rp")
    for key, kind in OF_ONE_KIND.items():
        if values.get(key) and values["kind"] != kind:
            yield _bad(row, f"{key} is for a {kind} alone", "take it away", key)


def check_meals(row: Row) -> Iterator[Problem]:
    """All that is wrong with the meals of a programme."""
    values = row.values
    for meal in values["meal"]:
        if meal.values["opens"] >= meal.values["closes"]:
            yield _bad(meal, "it ends before it begins", "swap opens and closes", "closes")
    codes = [meal.values["code"] for meal in values["meal"]]
    if len(set(codes)) < len(codes):
        yield _bad(row, "a meal stands twice", "name each once", "kind")
    if codes and not values["funder"]:
        yield _bad(row, "nobody pays the meals", "add a [[funder]]", "meal_rp")
    if codes and "meal_rp" not in values:
        yield _bad(row, "meal_rp is missing", "say what a stall gets for a meal", "kind")


def _bad(row: Row, what: str, instead: str, key: str) -> Problem:
    return Problem(row.file, row.line_of(key), what, instead)
