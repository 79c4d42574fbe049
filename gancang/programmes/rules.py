"""What a programme's terms say about one case. Pure: the facts and the day are handed in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gancang.values import N_, Money, Reason, shares_of
from gancang.values.conditions import holds

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


class Why(Reason):
    """Why a case is not served by a programme, in order of precedence."""

    NO_PROGRAMME = "no_programme", N_("This region has no programme {programme}.")
    NOT_ACTIVE = "not_active", N_("{programme} is not running on {on}.")
    NO_AGREEMENT = (
        "no_agreement",
        N_("No agreement of {programme} is in force on {on}; the parties have to renew it first."),
    )
    NOT_FROM_HERE = "not_from_here", N_("{programme} does not start from {origin}.")
    FACTS_TOO_OLD = (
        "facts_too_old",
        N_("The proof “{fact}” is from {as_of}; check it again before it is used."),
    )
    NOT_ELIGIBLE = "not_eligible", N_("No rule of {programme} lets this patient in: {rules}")


@dataclass(frozen=True, slots=True)
class Clause:
    """One way to be eligible: a CEL condition over `person`, and what it says in words."""

    code: str
    when: str
    sentence_id: str
    sentence_en: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """A dated agreement (MoU) without which a programme does not run."""

    code: str
    starts: date
    ends: date
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A programme's data, opened."""

    code: str
    name: str
    item_class: str
    active_from: date
    until: date | None
    agreements: tuple[Agreement, ...]
    clauses: tuple[Clause, ...]
    facts_max_age_days: int
    origins: tuple[str, ...]
    carriers: tuple[str, ...]
    training_class: str
    funders: tuple[tuple[str, int], ...]
    patient_pays: Money
    tariff: str
    promise_min: int
    offer_s: int
    attempts_max: int
    priority: int = 1
    on_board_min_max: int | None = None
    policy: str = ""  # by which its orders are planned; "": the one that runs


@dataclass(frozen=True, slots=True)
class Known:
    """A fact about a person, with the day it was true."""

    value: bool | int | str
    as_of: date


@dataclass(frozen=True, slots=True)
class Verdict:
    """The clause that lets a case in, or the reason why none does, with its facts."""

    clause: Clause | None
    why: Why | None = None
    facts: Mapping[str, object] | None = None


def judge(terms: Terms, known: Mapping[str, Known], *, origin: str, on: date) -> Verdict:
    """Whether a person with these facts is served by the programme on that day, and why."""
    closed = _why_closed(terms, origin=origin, on=on)
    if closed:
        return closed
    stale = None
    for clause in terms.clauses:
        if holds(clause.when, {name: fact.value for name, fact in known.items()}):
            too_old = _find_stale(terms, clause, known, on=on)
            if too_old is None:
                return Verdict(clause)
            stale = stale or too_old
    if stale:
        return stale
    rules = "; ".join(clause.sentence_id for clause in terms.clauses)
    return Verdict(None, Why.NOT_ELIGIBLE, {"programme": terms.name, "rules": rules})


def _why_closed(terms: Terms, *, origin: str, on: date) -> Verdict | None:
    facts: dict[str, object] = {"programme": terms.name, "on": on.isoformat(), "origin": origin}
    if on < terms.active_from or (terms.until and on > terms.until):
        return Verdict(None, Why.NOT_ACTIVE, facts)
    if not any(deal.starts <= on <= deal.ends for deal in terms.agreements):
        return Verdict(None, Why.NO_AGREEMENT, facts)
    if terms.origins and origin not in terms.origins:
        return Verdict(None, Why.NOT_FROM_HERE, facts)
    return None


def _find_stale(
    terms: Terms, clause: Clause, known: Mapping[str, Known], *, on: date
) -> Verdict | None:
    for name, fact in known.items():
        named = re.search(rf"\bperson\.{re.escape(name)}\b", clause.when)
        if named and (on - fact.as_of).days > terms.facts_max_age_days:
            told = {"fact": name, "as_of": fact.as_of.isoformat()}
            return Verdict(None, Why.FACTS_TOO_OLD, told)
    return None


def shares(terms: Terms, price: Money) -> list[tuple[str, Money]]:
    """What each funder pays of a price, after what the patient pays."""
    public = price - terms.patient_pays
    percents = [percent for _, percent in terms.funders]
    names = [fund for fund, _ in terms.funders]
    return list(zip(names, shares_of(public, percents), strict=True))
