"""What must be true of a programme's proofs: levels that there are, and medicine never left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.regions.pack_files import Problem, Row
from gancang.regions.pack_programmes import PROOFS, PROOFS_OF

if TYPE_CHECKING:
    from collections.abc import Iterator

MEDICINE = "medicine"
OF_ONE_KIND = {"counts_people": "ride", "verify_first": "transfer", "report_days": "transfer"}
OF_RIDERS = ("training_class", "promise_minutes", "offer_seconds", "attempts_max")


def check_proof(row: Row) -> Iterator[Problem]:
    """All that is wrong with how a programme's cases are proved."""
    levels = row.values.get("proof", [])
    for level in levels:
        if level not in PROOFS:
            yield _bad(row, f"there is no proof {level}", f"of: {', '.join(PROOFS)}", "proof")
        elif level not in PROOFS_OF[row.values["kind"]]:
            mend = f"of: {', '.join(PROOFS_OF[row.values['kind']])}"
            yield _bad(row, f"{level} proves no {row.values['kind']}", mend, "proof")
    if len(set(levels)) < len(levels):
        yield _bad(row, "a proof stands twice", "name each level once", "proof")
    if row.values["item_class"] != MEDICINE:
        return
    if levels:
        what = "medicine is always proved by code or date of birth"
        yield _bad(row, what, "take the key away", "proof")
    if row.values.get("may_be_left"):
        yield _bad(row, "medicine is never left at a door", "take the key away", "may_be_left")


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
    if codes and "card" in values.get("proof", ()):
        what = "a meal is proved by the courier's tick, not by a card"
        yield _bad(row, what, 'proof = ["tick"]', "proof")
    if codes and not values["funder"]:
        yield _bad(row, "nobody pays the meals", "add a [[funder]]", "meal_rp")
    if codes and "meal_rp" not in values:
        yield _bad(row, "meal_rp is missing", "say what a stall gets for a meal", "kind")


def _bad(row: Row, what: str, instead: str, key: str) -> Problem:
    return Problem(row.file, row.line_of(key), what, instead)
