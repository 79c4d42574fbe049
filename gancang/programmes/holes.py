"""What a programme lacks or contradicts: every hole at once, each with its key and how to mend it.

Pure: what the region has is handed in. Asked when a draft is submitted, again when it is approved,
and by `gancang check-region` of every programme of a pack.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from gancang.programmes.clauses import faults_in
from gancang.programmes.falling import ring_in
from gancang.programmes.hole_reasons import Why
from gancang.programmes.key_words import TABLES
from gancang.programmes.lettering import faults_of
from gancang.regions.pack_enrolling import ENROLLING
from gancang.regions.pack_proofs import CALLBACK, OF_CALLBACKS, OF_TELEPHONES, levels_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from gancang.programmes.standing import Span
    from gancang.regions.facts import FactKind

# Left out only where no rider carries.
OF_RIDERS = ("training_class", "promise_minutes", "offer_seconds", "attempts_max")
OF_MEALS = ("meal_rp",)  # a round is planned and priced by the door, nobody is offered an order
FLEET, MEDICINE, VISIT, DELIVER = "fleet", "medicine", "visit", "deliver"
A_DAY = re.compile(r"\d{4}-\d\d-\d\d")
Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Hole:
    """One hole: at which key, in which row of which list."""

    why: Why
    key: str
    facts: Mapping[str, object] = field(default_factory=dict, hash=False)
    table: str = ""
    place: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a region has."""

    organisations: Mapping[str, str]  # code to kind
    funds: frozenset[str]
    tariffs: Mapping[str, Sequence[Span]]
    policies: frozenset[str]
    facts: Mapping[str, FactKind]
    budgets: frozenset[tuple[str, str, int]]  # fund, programme, year
    newest: Mapping[str, int]  # version of each programme
    areas: frozenset[str] = frozenset()  # codes of districts and villages
    languages: tuple[str, ...] = ()
    medicines: frozenset[str] = frozenset()  # words of medicines' names, which no letter tells


def holes(told: Told, has: Surroundings, *, on: date) -> list[Hole]:
    """All holes of a programme that is to run from its first day, or from `on` if that is later."""
    first = max(told.get("active_from") or "", on.isoformat())
    return [
        *_keys(told),
        *_who(told, has),
        *_pays(told, has),
        *_budgets(told, has, year=int(first[:4])),
        *_price(told, has, first=first),
        *_days(told, first=first),
        *_meals(told),
        *_proof(told),
        *_places(told, has),
        *_areas(told, has),
        *_papers(told),
        *_fallback(told),
        *_version(told, has),
        *_enrols(told, has),
        *_runs(told),
        *_letters(told, has),
    ]


def rows_of(told: Told, table: str) -> list[dict[str, Any]]:
    """The rows of a list; none where it is not told."""
    return list(told.get(table) or [])


def is_voucher(told: Told) -> bool:
    """Whether it is redeemed at a stall: the card proves it, nobody brings anything."""
    return bool(rows_of(told, "voucher"))


def _keys(told: Told) -> Iterator[Hole]:
    """Keys that must be told, and values that their check refuses."""
    yield from _keys_of(told, "", 0)
    if told.get("kind") == DELIVER:
        known = TABLES[""]
        wanted = OF_MEALS if rows_of(told, "meal") else () if is_voucher(told) else OF_RIDERS
        rest = (key for key in wanted if key not in told and not known[key].needed)
        yield from (Hole(Why.MISSING, key) for key in rest)
    for table in TABLES:
        for place, row in enumerate(rows_of(told, table) if table else []):
            yield from _keys_of(row, table, place)


def _keys_of(row: Told, table: str, place: int) -> Iterator[Hole]:
    for key, known in TABLES[table].items():
        if key in row and known.check(as_file(row[key])):
            yield Hole(Why.WRONG, key, {"value": str(row[key])[:60]}, table, place)
        elif key not in row and known.needed:
            yield Hole(Why.MISSING, key, {}, table, place)


def as_file(value: object) -> object:
    """A value as its check knows it: days are days."""
    if isinstance(value, str) and A_DAY.fullmatch(value):
        return date.fromisoformat(value)
    return value


def _who(told: Told, has: Surroundings) -> Iterator[Hole]:
    rows = rows_of(told, "clause")
    if not rows:
        yield Hole(Why.NO_CLAUSE, "clause")
    yield from _twice(rows, "clause", "code")
    for place, row in enumerate(rows):
        if "when" in row and faults_in(row["when"], has.facts):
            yield Hole(Why.BAD_RULE, "when", {"row": row.get("code", place + 1)}, "clause", place)


def _twice(rows: Sequence[Told], table: str, key: str) -> Iterator[Hole]:
    names = [row.get(key) for row in rows]
    for name, count in Counter(names).items():
        if name is not None and count > 1:
            place = len(names) - 1 - names[::-1].index(name)
            yield Hole(Why.ROW_TWICE, key, {"row": name}, table, place)


def _pays(told: Told, has: Surroundings) -> Iterator[Hole]:
    rows = rows_of(told, "funder")
    if told.get("patient_pays_rp") and told.get("patient_pays_percent"):
        yield Hole(Why.PAYS_TWICE, "patient_pays_percent")
    if not rows and costs_public_money(told):
        yield Hole(Why.NOBODY_PAYS, "funder")
    yield from _shares(rows)
    yield from _twice(rows, "funder", "fund")
    for place, row in enumerate(rows):
        if "fund" in row and row["fund"] not in has.funds:
            yield Hole(Why.UNKNOWN_FUND, "fund", {"code": row["fund"]}, "funder", place)


def _shares(rows: Sequence[Told]) -> Iterator[Hole]:
    """The shares of one turn add up; the first row of the turn is told."""
    turns: dict[int, list[int]] = {}
    for place, row in enumerate(rows):
        turns.setdefault(row.get("order", 1), []).append(place)
    for places in turns.values():
        total = sum(rows[place].get("percent", 100) for place in places)
        if total != 100:
            yield Hole(Why.SHARES, "percent", {"total": total}, "funder", places[0])


def costs_public_money(told: Told) -> bool:
    """Whether anything is left to be paid when the recipient has paid his part."""
    if told.get("patient_pays_percent") == 100:
        return False
    priced = ("tariff", "unit_price_rp", "amount", "meal_rp", "stop_rp")
    return told.get("kind") == DELIVER or any(told.get(key) for key in priced)


def _budgets(told: Told, has: Surroundings, *, year: int) -> Iterator[Hole]:
    for place, row in enumerate(rows_of(told, "funder")):
        fund, code = row.get("fund"), told.get("code", "")
        if fund in has.funds and (fund, code, year) not in has.budgets:
            facts = {"code": fund, "year": year}
            yield Hole(Why.NO_BUDGET, "fund", facts, "funder", place)


def _price(told: Told, has: Surroundings, *, first: str) -> Iterator[Hole]:
    code = told.get("tariff")
    if not code:
        if told.get("kind") == DELIVER and not (rows_of(told, "meal") or is_voucher(told)):
            yield Hole(Why.NO_TARIFF, "tariff")
        return
    spans = has.tariffs.get(code)
    if not spans:
        yield Hole(Why.UNKNOWN_TARIFF, "tariff", {"code": code})
    elif not any(
        span.first.isoformat() <= first and (span.last is None or first <= span.last.isoformat())
        for span in spans
    ):
        yield Hole(Why.TARIFF_NOT_IN_FORCE, "tariff", {"code": code, "on": first})


def _days(told: Told, *, first: str) -> Iterator[Hole]:
    until = told.get("until")
    if until and until < first:
        yield Hole(Why.NEVER_OPENS, "until", {"on": first})
    rows = rows_of(told, "agreement")
    if not rows:
        yield Hole(Why.NO_AGREEMENT, "agreement")
    elif not any(row.get("from", "") <= first <= row.get("until", "") for row in rows):
        yield Hole(Why.AGREEMENT_ENDED, "until", {"on": first}, "agreement", len(rows) - 1)
    for place, row in enumerate(rows):
        if row.get("until", "9") < row.get("from", ""):
            yield Hole(Why.NEVER_OPENS, "until", {"on": row["from"]}, "agreement", place)


def _meals(told: Told) -> Iterator[Hole]:
    rows = rows_of(told, "meal")
    yield from _twice(rows, "meal", "code")
    for place, row in enumerate(rows):
        if row.get("closes", "24") <= row.get("opens", ""):
            facts = {"row": row.get("title", place + 1)}
            yield Hole(Why.MEAL_BACKWARDS, "closes", facts, "meal", place)


def _proof(told: Told) -> Iterator[Hole]:
    """Medicine has its own rule of proof, a voucher its card."""
    is_medicine = told.get("item_class") == MEDICINE
    if not (is_medicine or is_voucher(told) or told.get("proof")):
        yield Hole(Why.NO_PROOF, "proof")
    if told.get("may_be_left") and is_medicine:
        yield Hole(Why.MEDICINE_LEFT, "may_be_left")
    levels = told.get("proof") or []
    known = levels_for(str(told.get("kind")), meals=bool(rows_of(told, "meal")))
    if wrong := [level for level in levels if level not in known and not is_voucher(told)]:
        yield Hole(Why.PROVES_NOTHING, "proof", {"level": wrong[0], "levels": ", ".join(known)})
    yield from _callback(told, levels)


def _callback(told: Told, levels: Sequence[str]) -> Iterator[Hole]:
    """Whether there is somebody to ring, and another way for who has no telephone."""
    if CALLBACK not in levels:
        rest = [key for key in OF_CALLBACKS if key in told]
        yield from (Hole(Why.NOBODY_RINGS, key) for key in rest)
    elif not set(levels) - OF_TELEPHONES:
        yield Hole(Why.CALLBACK_ALONE, "proof")
    elif told.get("counts_people") or is_voucher(told):
        yield Hole(Why.NOBODY_TO_RING, "proof")


def _places(told: Told, has: Surroundings) -> Iterator[Hole]:
    for code in told.get("from_organisations") or []:
        if code not in has.organisations:
            yield Hole(Why.UNKNOWN_ORIGIN, "from_organisations", {"code": code})
    for code in told.get("carriers") or []:
        if has.organisations.get(code) != FLEET:
            yield Hole(Why.UNKNOWN_CARRIER, "carriers", {"code": code})
    if (policy := told.get("policy")) and policy not in has.policies:
        yield Hole(Why.UNKNOWN_POLICY, "policy", {"code": policy})


def _areas(told: Told, has: Surroundings) -> Iterator[Hole]:
    """Districts, villages and stalls that rows name: those of another region are not here."""
    named = [
        *_named(told, "agreement", "areas", lambda row: row.get("areas") or []),
        *_named(told, "funder", "area_ceilings", _areas_of_ceilings),
    ]
    for code, key, table, place in named:
        if code not in has.areas:
            yield Hole(Why.UNKNOWN_AREA, key, {"code": code}, table, place)
    for code, key, table, place in _named(told, "voucher", "at", lambda row: row.get("at") or []):
        if code not in has.organisations:
            yield Hole(Why.UNKNOWN_STALL, key, {"code": code}, table, place)


def _areas_of_ceilings(row: Told) -> list[object]:
    return [each.get("area") for each in row.get("area_ceilings") or []]


def _named(
    told: Told, table: str, key: str, codes: Callable[[Told], Sequence[object]]
) -> Iterator[tuple[object, str, str, int]]:
    for place, row in enumerate(rows_of(told, table)):
        yield from ((code, key, table, place) for code in codes(row))


def _papers(told: Told) -> Iterator[Hole]:
    """An agreement that binds a fund alone is one of the programme's own."""
    known = {row.get("code") for row in rows_of(told, "agreement")}
    for place, row in enumerate(rows_of(told, "funder")):
        if (code := row.get("agreement")) and code not in known:
            yield Hole(Why.UNKNOWN_AGREEMENT, "agreement", {"code": code}, "funder", place)


def _fallback(told: Told) -> Iterator[Hole]:
    """Fleets that stand in for each other are the programme's own, and lead nowhere back."""
    rows, own = rows_of(told, "fallback"), told.get("carriers") or []
    yield from _twice(rows, "fallback", "carrier")
    for place, row in enumerate(rows):
        for key in ("carrier", "then"):
            if (code := row.get(key)) and code not in own:
                yield Hole(Why.UNKNOWN_FALLBACK, key, {"code": code}, "fallback", place)
    if ring := ring_in(rows):
        yield Hole(Why.CIRCULAR, "then", {"ring": " → ".join(ring)}, "fallback", len(rows) - 1)


def _enrols(told: Told, has: Surroundings) -> Iterator[Hole]:
    """How people come in: only where they enrol, and by what somebody can know."""
    given = [key for key in ENROLLING if key in told and key != "enrols"]
    if not told.get("enrols"):
        yield from (Hole(Why.NOBODY_ENROLS, key) for key in given)
    elif told.get("counts_people"):
        yield Hole(Why.NOBODY_NAMED, "enrols")
    for name in told.get("waiting_order") or []:
        if str(name).removeprefix("-") not in has.facts:
            yield Hole(Why.UNKNOWN_FACT, "waiting_order", {"code": name})
    for name in told.get("not_with") or []:
        if name not in has.facts and name not in has.newest:
            yield Hole(Why.UNKNOWN_AID, "not_with", {"code": name})


def _runs(told: Told) -> Iterator[Hole]:
    """Keys that only meals have, and numbers that nothing here could count."""
    if "if_stall_fails" in told and not rows_of(told, "meal"):
        yield Hole(Why.NO_STALLS, "if_stall_fails")
    if told.get("if_stall_fails") == "turn" and not told.get("turn_days"):
        yield Hole(Why.NO_TURN, "if_stall_fails")
    rows = rows_of(told, "success")
    yield from _twice(rows, "success", "number")
    for place, row in enumerate(rows):
        if row.get("number") == "waiting_days" and not told.get("enrols"):
            yield Hole(Why.NOTHING_TO_COUNT, "number", {"number": row["number"]}, "success", place)
        if str(row.get("number", "")).endswith("_share") and row.get("target", 0) > 100:
            yield Hole(Why.WRONG, "target", {"value": row["target"]}, "success", place)


def _letters(told: Told, has: Surroundings) -> Iterator[Hole]:
    for fault in faults_of(told, languages=has.languages, never=sorted(has.medicines)):
        yield Hole(fault.why, fault.key, fault.facts, "letter", fault.place)


def _version(told: Told, has: Surroundings) -> Iterator[Hole]:
    code, version = told.get("code", ""), told.get("version", 0)
    if version <= has.newest.get(code, 0):
        yield Hole(Why.VERSION_TAKEN, "code", {"code": code, "version": version})
