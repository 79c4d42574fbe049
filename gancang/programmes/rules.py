"""What a programme's terms say about one case. Pure: the facts and the day are handed in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from gancang.ledger.waterfall import lies_in_one_of
from gancang.values import N_, Money, Reason
from gancang.values.conditions import all_that_they_read, facts_named, holds

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from gancang.ledger.waterfall import Payer


class Why(Reason):
    """Why a case is not served by a programme, in order of precedence."""

    NO_PROGRAMME = "no_programme", N_("This region has no programme {programme}.")
    NOT_ACTIVE = "not_active", N_("{programme} is not running on {on}.")
    FROZEN = (
        "frozen",
        N_("{programme} takes no new cases from {since} until {until}: {reason}"),
    )
    ENDED = "ended", N_("{programme} has ended on {since}: {reason}")
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
    PRICE_NOT_ACCEPTED = (
        "price_not_accepted",
        N_(
            "This delivery is not free ({rules}): the patient pays {price}. "
            "Place it once the patient has accepted that price."
        ),
    )
    DRAFT_CLOSED = (
        "draft_closed",
        N_("This draft is closed: it was submitted, approved or dropped. Nothing was saved."),
    )
    SAVED_MEANWHILE = (
        "saved_meanwhile",
        N_("Somebody saved this draft meanwhile. Open the page again and put in what is missing."),
    )
    OTHER_STATE = (
        "other_state",
        N_("The draft has moved on meanwhile: look at it again."),
    )
    HAS_HOLES = "has_holes", N_("The draft has {count} holes. Mend them first; all are told below.")
    NOT_TRIED = (
        "not_tried",
        N_("Try the draft on the registry first: how many would be in, and what it costs."),
    )
    OWN_DRAFT = "own_draft", N_("You wrote on this draft. Two other people approve it.")
    JUDGED_ALREADY = (
        "judged_already",
        N_("You judged this draft already. Another person is needed."),
    )
    NO_REASON = "no_reason", N_("Say why.")
    HALT_BACKWARDS = "halt_backwards", N_("The last day is before the first.")
    NO_SUCH_SAVE = "no_such_save", N_("There is no save {number} of this draft.")


DIFFERENT_MAX = 10_000  # sets of facts whose answer a judge of many remembers

# Whoever is shut out by one of these is entitled: it must be mended, not paid by the patient.
MENDABLE = {Why.NO_AGREEMENT, Why.FACTS_TOO_OLD}


@dataclass(frozen=True, slots=True)
class Clause:
    """One way to be eligible: a CEL condition over `person`, and what it says in words."""

    code: str
    when: str
    sentence_id: str
    sentence_en: str


# The rule of whom a named officer let in against the rules: who, why and until when stands in the
# enrolment. No programme may name a clause of its own so.
BY_OFFICER = Clause(
    code="override",
    when="true",
    sentence_id="diterima oleh petugas bernama, dengan alasan dan hari terakhir",
    sentence_en="let in by a named officer, with reason and last day",
)


@dataclass(frozen=True, slots=True)
class Agreement:
    """A dated agreement (MoU) without which a programme does not run."""

    code: str
    starts: date
    ends: date
    document: str
    areas: tuple[str, ...] = ()  # codes of districts and villages; none: everywhere
    cap: Money | None = None  # the most that the fund which it binds gives in all
    of_a_fund: bool = False  # it binds a funder alone; the programme runs without it

    def binds(self, area: str, *, on: date) -> bool:
        """Whether it is in force for a village on that day."""
        return self.starts <= on <= self.ends and lies_in_one_of(self.areas, area)


@dataclass(frozen=True, slots=True)
class Pause:
    """From when until when a programme takes no new cases; None: for good."""

    since: date
    until: date | None
    reason: str


RETRY_AFTER_H = (4, 24)
HOLD_DAYS = 3
RETURN_WITHIN_H = 24


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
    funders: tuple[Payer, ...]
    patient_pays: Money
    tariff: str
    promise_min: int
    offer_s: int
    attempts_max: int
    priority: int = 1
    on_board_min_max: int | None = None
    policy: str = ""  # by which its orders are planned; "": the one that runs
    # After a failed visit: hours until the next one, days at a counter, hours until it is back.
    retry_after_h: tuple[int, ...] = RETRY_AFTER_H
    hold_days: int = HOLD_DAYS
    return_within_h: int = RETURN_WITHIN_H
    calls_through_operator: bool = False  # a rider sees no number of the patient
    kind: str = "deliver"  # or a visit of the house's own staff
    rank: int = 1  # of the tiers for the same goods, the lowest that lets a case in decides
    patient_pays_percent: int = 0  # of the price; 100 is the whole tariff
    pauses: tuple[Pause, ...] = ()
    item: str = ""  # what is brought or done, as people call it in a sentence
    proof: tuple[
        str, ...
    ] = ()  # levels that suffice: the first is asked for, the rest may stand in
    may_be_left: bool = False  # at the door, with a photo of the place
    # Of visits, rides and transfers: what one costs, by the first condition that holds or flatly.
    unit_price_rp: int = 0
    amounts: tuple[tuple[str, Money], ...] = ()
    once: str = ""  # "ever" or "year": nobody gets it a second time
    counts_people: bool = False  # nobody is named, who comes along is counted
    verify_first: bool = False  # paid only after somebody saw it in the field
    report_days: int | None = None  # after the payment, until a report of spending is due
    # Where a call proves it: within so many hours, and so many calls in vain until others decide.
    callback_hours: int = 72
    callback_tries: int = 3

    @property
    def called(self) -> str:
        """What a letter calls the thing."""
        return self.item or self.name

    @property
    def is_free(self) -> bool:
        """Whether the patient pays nothing, whatever it costs."""
        return not self.patient_pays and not self.patient_pays_percent


@dataclass(frozen=True, slots=True)
class Known:
    """A fact about a person, with the day it was true."""

    value: bool | int | str
    as_of: date
    source: str = ""
    max_age_days: int | None = None  # of the fact itself; a programme may ask for a younger one
    derived: bool = False  # reckoned anew whenever it is asked for

    def holds_until(self, terms: Terms) -> date:
        """The last day on which a programme takes it without asking again."""
        if self.derived:
            return date.max
        ages = (terms.facts_max_age_days, self.max_age_days or terms.facts_max_age_days)
        return self.as_of + timedelta(days=min(ages))


@dataclass(frozen=True, slots=True)
class Verdict:
    """The clause that lets a case in, or the reason why none does, with its facts."""

    clause: Clause | None
    why: Why | None = None
    facts: Mapping[str, object] | None = None
    fits: bool = False  # a clause fits, whatever else stands in the way


def judge(
    terms: Terms,
    known: Mapping[str, Known],
    *,
    origin: str,
    on: date,
    area: str = "",
    granted: bool = False,
) -> Verdict:
    """Whether a person with these facts is served by the programme on that day, and why.

    `granted`: a named officer lets him in, whatever the facts; an open programme it needs still.
    """
    verdict = judging(terms, origin=origin, on=on, area=area)(known)
    if verdict.clause or not granted:
        return verdict
    by_facts = verdict.why in (Why.FACTS_TOO_OLD, Why.NOT_ELIGIBLE)
    return Verdict(BY_OFFICER) if by_facts else replace(verdict, fits=True)


def judging(
    terms: Terms, *, origin: str, on: date, area: str = ""
) -> Callable[[Mapping[str, Known]], Verdict]:
    """The judge of one programme on one day, for as many people as there are.

    What hangs on nobody is decided once, and the rules are asked once for the same facts.
    """
    closed = why_closed(terms, origin=origin, on=on, area=area)
    told = {"programme": terms.name, "rules": rules_of([terms])}
    nobody = closed or Verdict(None, Why.NOT_ELIGIBLE, told)
    fitting = _fitting(terms)

    def verdict_on(known: Mapping[str, Known]) -> Verdict:
        fits = fitting(known)
        if not fits:
            return nobody
        return replace(closed, fits=True) if closed else _first_fresh(terms, fits, known, on=on)

    return verdict_on


def _fitting(terms: Terms) -> Callable[[Mapping[str, Known]], tuple[Clause, ...]]:
    """Which rules let somebody in, by his facts, however old those are."""
    names = all_that_they_read(clause.when for clause in terms.clauses)

    @lru_cache(maxsize=DIFFERENT_MAX, typed=True)  # 1 is not true
    def of_values(*values: bool | int | str | None) -> tuple[Clause, ...]:
        told = {name: v for name, v in zip(names or (), values, strict=True) if v is not None}
        return tuple(clause for clause in terms.clauses if holds(clause.when, told))

    def of_person(known: Mapping[str, Known]) -> tuple[Clause, ...]:
        told = {name: fact.value for name, fact in known.items()}
        return tuple(clause for clause in terms.clauses if holds(clause.when, told))

    if names is None:
        return of_person
    return lambda known: of_values(*[known[n].value if n in known else None for n in names])


def _first_fresh(
    terms: Terms, fits: Sequence[Clause], known: Mapping[str, Known], *, on: date
) -> Verdict:
    stale = None
    for clause in fits:
        too_old = _find_stale(terms, clause, known, on=on)
        if too_old is None:
            return Verdict(clause)
        stale = stale or too_old
    assert stale is not None, terms.code
    return stale


def clause_named(terms: Terms, code: str) -> Clause | None:
    """The rule of that name, an officer's decision among them; None for one that is gone."""
    return next((each for each in (*terms.clauses, BY_OFFICER) if each.code == code), None)


def rules_of(tiers: Iterable[Terms]) -> str:
    """All ways into these tiers, in words."""
    return "; ".join(clause.sentence_id for terms in tiers for clause in terms.clauses)


def first_tier(
    tiers: Sequence[Terms],
    known: Mapping[str, Known],
    *,
    origin: str,
    on: date,
    area: str = "",
    granted: Collection[str] = (),
) -> tuple[Terms, Verdict]:
    """The first tier by rank that lets a case in; if none does, the refusal that is to be told.

    Whoever would be served free but for an old proof or a missing agreement is not made to pay:
    that has to be mended first.
    """
    ranked = sorted(tiers, key=lambda terms: (terms.rank, terms.code))
    refused: list[tuple[Terms, Verdict]] = []
    for terms in ranked:
        let_in = terms.code in granted
        verdict = judge(terms, known, origin=origin, on=on, area=area, granted=let_in)
        if verdict.clause and (terms.is_free or not _entitled(refused)):
            return terms, verdict
        refused.append((terms, verdict))
    if entitled := _entitled(refused):
        return entitled
    order = list(Why)
    terms, verdict = min(refused, key=lambda one: order.index(one[1].why or Why.NOT_ELIGIBLE))
    if verdict.why is Why.NOT_ELIGIBLE:
        told = {"programme": terms.name, "rules": rules_of(ranked)}
        return terms, replace(verdict, facts=told)
    return terms, verdict


def _entitled(refused: Sequence[tuple[Terms, Verdict]]) -> tuple[Terms, Verdict] | None:
    fits = (one for one in refused if one[1].fits and one[1].why in MENDABLE)
    return next(fits, None)


def proofs_in(clause: Clause, known: Mapping[str, Known]) -> dict[str, Known]:
    """The facts on which a clause decided, by their names."""
    named = facts_named(clause.when)
    return {name: fact for name, fact in known.items() if name in named}


def why_closed(terms: Terms, *, origin: str, on: date, area: str) -> Verdict | None:
    """Why a programme serves nobody from there on that day, whoever it is; None where it does."""

    def because(why: Why) -> Verdict:
        facts = {"programme": terms.name, "on": on.isoformat(), "origin": origin}
        return Verdict(None, why, facts)

    if on < terms.active_from or (terms.until and on > terms.until):
        return because(Why.NOT_ACTIVE)
    if stopped := _find_pause(terms, on=on):
        return stopped
    deals = [deal for deal in terms.agreements if not deal.of_a_fund]
    # Only what each funder agreed to: then the ledger asks for it, funder by funder.
    if (deals or not terms.agreements) and not any(deal.binds(area, on=on) for deal in deals):
        return because(Why.NO_AGREEMENT)
    if terms.origins and origin not in terms.origins:
        return because(Why.NOT_FROM_HERE)
    return None


def _find_pause(terms: Terms, *, on: date) -> Verdict | None:
    for pause in terms.pauses:
        if pause.since <= on and (pause.until is None or on <= pause.until):
            facts = {
                "programme": terms.name,
                "since": pause.since.isoformat(),
                "until": pause.until.isoformat() if pause.until else "",
                "reason": pause.reason,
            }
            return Verdict(None, Why.FROZEN if pause.until else Why.ENDED, facts)
    return None


def _find_stale(
    terms: Terms, clause: Clause, known: Mapping[str, Known], *, on: date
) -> Verdict | None:
    for name, fact in proofs_in(clause, known).items():
        if on > fact.holds_until(terms):
            told = {"fact": name, "as_of": fact.as_of.isoformat()}
            return Verdict(None, Why.FACTS_TOO_OLD, told, fits=True)
    return None


def patient_share(terms: Terms, price: Money) -> Money:
    """What the patient pays of a price: a fixed amount, or a part rounded down to the rupiah."""
    if terms.patient_pays_percent:
        return Money(price.rupiah * terms.patient_pays_percent // 100)
    return min(terms.patient_pays, price)


def public_share(terms: Terms, price: Money) -> Money:
    """What the funders pay of a price together. Who of them pays what, the ledger decides."""
    public = price - patient_share(terms, price)
    assert terms.funders or not public, (terms.code, public)
    return public
