"""What becomes of an application. Pure: facts, papers and the day are handed in."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from gancang.programmes import rules as programmes
from gancang.programmes.rules import Clause, Known, Terms, judge, proofs_in
from gancang.values import N_, Reason, Refused
from gancang.values.conditions import answer_of, facts_named

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


class State(StrEnum):
    """Where an application or an enrolment stands."""

    INCOMPLETE = "incomplete"
    TO_VERIFY = "to_verify"
    FLAGGED = "flagged"
    WAITING = "waiting"
    ENROLLED = "enrolled"
    PAUSED = "paused"
    REFUSED = "refused"
    APPEALED = "appealed"
    ENDED = "ended"


STATES = {
    State.INCOMPLETE: N_("incomplete"),
    State.TO_VERIFY: N_("to be seen in the field"),
    State.FLAGGED: N_("to be decided: has other aid"),
    State.WAITING: N_("on the waiting list"),
    State.ENROLLED: N_("enrolled"),
    State.PAUSED: N_("paused"),
    State.REFUSED: N_("refused"),
    State.APPEALED: N_("appealed"),
    State.ENDED: N_("ended"),
}
OPEN = frozenset(State) - {State.REFUSED, State.ENDED}
IN = frozenset({State.ENROLLED, State.PAUSED})  # who takes a place of the capacity
UNDECIDED = frozenset({State.INCOMPLETE, State.TO_VERIFY, State.FLAGGED})


class Why(Reason):
    """Why something is not done, or why an application stands as it does."""

    NO_ENROLMENT = (
        "no_enrolment",
        N_(
            "The rules of {programme} let this person in already, and nobody enrols in it: "
            "each case is decided by itself."
        ),
    )
    NO_SUCH_PERSON = (
        "no_such_person",
        N_("Nobody is found by this, or several are. Write the NIK or the local id."),
    )
    OTHER_VILLAGE = "other_village", N_("This person lives in another village than yours.")
    DECEASED = "deceased", N_("This person is noted as dead.")
    NO_CONSENT = "no_consent", N_("This person has taken the consent for programmes back.")
    ALREADY = "already", N_("This person has an open application or is enrolled: {code}.")
    NOT_ELIGIBLE = "not_eligible", N_("No rule of {programme} lets this person in: {rules}")
    OTHER_AID = (
        "other_aid",
        N_("The programme is not had beside other aid, and there is other aid."),
    )
    MOVED = "moved", N_("Seen in the field: the person has moved away.")
    DEAD = "dead", N_("Seen in the field: the person has died.")
    BUSINESS_GONE = "business_gone", N_("Seen in the field: the business is no longer there.")
    REFERRED = "referred", N_("Seen in the field: other help fits better.")
    NO_SUCH_OUTCOME = "no_such_outcome", N_("Write one of: {outcomes}.")
    NO_SUCH_CODE = "no_such_code", N_("No application of this code waits to be seen in the field.")
    CODE_TWICE = "code_twice", N_("This code stands twice.")
    WHERE_TO = "where_to", N_("Say to which other help the person is referred.")
    NO_LINES = "no_lines", N_("Write or paste a line for each application.")
    TOO_MANY_LINES = "too_many_lines", N_("At most {most} lines at once.")
    TOO_LATE = "too_late", N_("What was lacking was not brought by {on}.")
    WRONG_STATE = "wrong_state", N_("That cannot be done as it stands now. Look again.")
    NO_WORDS = "no_words", N_("Say why; it is read by who decides next.")
    APPEAL_OVER = "appeal_over", N_("The days for an appeal ended on {on}.")
    TOO_MANY_APPEALS = (
        "too_many_appeals",
        N_("You have appealed by this link often of late. Go to a village office or ring {phone}."),
    )
    NEEDS_EXPIRY = "needs_expiry", N_("An override needs a last day, after today, within a year.")
    FACTS_TOO_OLD = "facts_too_old", N_("What it was decided on is too old; ask again.")
    NEXT_CYCLE = (
        "next_cycle",
        N_("The list was frozen before; this enrolment is served from {day} on."),
    )
    NOT_ENROLLED = (
        "not_enrolled",
        N_("This person is not enrolled in {programme}. Write the application first."),
    )
    NOT_IN = (
        "not_in",
        N_(
            "The application of this person for {programme} ({code}) is: {state}. Nobody is served "
            "by it on that day."
        ),
    )
    ASK_AGAIN = (
        "ask_again",
        N_("What the enrolment {code} in {programme} was decided on is too old; ask again first."),
    )
    OVERRIDE_OVER = (
        "override_over",
        N_("The officer's decision was in force until {on}; the rules decide again."),
    )
    TWO_ENTRIES = (
        "two_entries",
        N_("The person stood twice in the registry; the other enrolment counts."),
    )


VALID = "valid"
# What somebody may find in the field, as it is typed, and the refusal that follows from it.
OUTCOMES: dict[str, Why | None] = {
    VALID: None,
    "moved": Why.MOVED,
    "dead": Why.DEAD,
    "business_gone": Why.BUSINESS_GONE,
    "refer": Why.REFERRED,
}
TYPED_AS = {
    "sah": VALID,
    "sesuai": VALID,
    "pindah": "moved",
    "meninggal": "dead",
    "usaha tutup": "business_gone",
    "rujuk": "refer",
}


def read_outcome(typed: str) -> str:
    """The outcome that somebody typed, in either language. Refused with those that there are."""
    told = typed.strip().lower()
    found = TYPED_AS.get(told, told.replace(" ", "_"))
    if found not in OUTCOMES:
        raise Refused(Why.NO_SUCH_OUTCOME, outcomes=", ".join(TYPED_AS))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolling:
    """How people come into a programme, as its version says."""

    enrols: bool = False
    documents: tuple[str, ...] = ()
    complete_within_days: int = 14
    verify: bool = False
    capacity: int | None = None
    waiting_order: tuple[str, ...] = ()
    appeal_days: int = 30
    freeze_day: int | None = None
    not_with: tuple[str, ...] = ()
    per: str = "family"


def enrolling_of(terms: Mapping[str, Any]) -> Enrolling:
    """The part of a programme's data that tells of enrolment."""
    told: dict[str, Any] = {
        name: tuple(each) if isinstance(each := terms[name], list) else each
        for name in Enrolling.__dataclass_fields__
        if name in terms
    }
    return Enrolling(**told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """Something that an application still needs."""

    kind: str  # "document", "fact" that nobody told, "stale" where it is too old
    name: str
    as_of: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a look at an application gives: WAITING means that it may come in."""

    state: State
    clause: Clause | None = None
    proofs: Mapping[str, Known]
    check_by: date | None = None  # until when the proofs hold
    lacks: tuple[Lack, ...] = ()
    why: Reason | None = None
    facts: Mapping[str, object] | None = None


def decide(
    terms: Terms,
    enrolling: Enrolling,
    known: Mapping[str, Known],
    *,
    shown: Collection[str],
    verified: bool,
    on: date,
) -> Decision:
    """What an application has come to. A fact that is too old counts neither for nor against."""
    fresh = {name: fact for name, fact in known.items() if on <= fact.holds_until(terms)}
    origin = terms.origins[0] if terms.origins else ""
    verdict = judge(terms, fresh, origin=origin, on=on)
    papers = tuple(
        Lack(kind="document", name=name) for name in enrolling.documents if name not in shown
    )
    if verdict.clause is None:
        return _not_let_in(terms, known, fresh, verdict, papers)
    proofs = proofs_in(verdict.clause, fresh)
    check_by = min((fact.holds_until(terms) for fact in proofs.values()), default=date.max)
    state = State.TO_VERIFY if enrolling.verify and not verified else State.WAITING
    return Decision(
        state=State.INCOMPLETE if papers else state,
        clause=verdict.clause,
        proofs=proofs,
        check_by=check_by,
        lacks=papers,
    )


def _not_let_in(
    terms: Terms,
    known: Mapping[str, Known],
    fresh: Mapping[str, Known],
    verdict: programmes.Verdict,
    papers: tuple[Lack, ...],
) -> Decision:
    used = {n: f for clause in terms.clauses for n, f in proofs_in(clause, known).items()}
    if verdict.why is not programmes.Why.NOT_ELIGIBLE:
        return Decision(state=State.INCOMPLETE, proofs=used, why=verdict.why, facts=verdict.facts)
    values = {name: fact.value for name, fact in fresh.items()}
    open_ = [clause for clause in terms.clauses if answer_of(clause.when, values) is None]
    if open_:
        needed = dict.fromkeys(
            name for clause in open_ for name in sorted(facts_named(clause.when) - set(fresh))
        )
        lacks = tuple(
            Lack(kind="stale", name=name, as_of=known[name].as_of)
            if name in known
            else Lack(kind="fact", name=name)
            for name in needed
        )
        return Decision(state=State.INCOMPLETE, proofs=used, lacks=lacks + papers)
    told_why = {"programme": terms.name, "rules": programmes.rules_of([terms])}
    return Decision(state=State.REFUSED, proofs=used, why=Why.NOT_ELIGIBLE, facts=told_why)


def waiting_key(
    order: Collection[str], known: Mapping[str, Known], applied: float
) -> tuple[tuple[bool, float], ...]:
    """By what one place on the waiting list is compared with another; what nobody told comes last.

    Numbers, days and yes-or-no by size; who applied first where all is equal.
    """
    return (*(_part(name, known) for name in order), (False, applied))


def _part(name: str, known: Mapping[str, Known]) -> tuple[bool, float]:
    fact = known.get(name.removeprefix("-"))
    size = None if fact is None else _size(fact)
    if size is None:
        return True, 0.0
    return False, -size if name.startswith("-") else size


def _size(fact: Known) -> float | None:
    if not isinstance(fact.value, str):
        return float(fact.value)
    with suppress(ValueError):
        return float(date.fromisoformat(fact.value).toordinal())
    return None


def served_from(freeze_day: int | None, on: date) -> date:
    """From which day on somebody is served who is enrolled on a day: at once, or by the cycle.

    Cycles are months: a list that is frozen on a day holds from the first of the next month on.
    """
    if freeze_day is None:
        return on
    months = on.year * 12 + on.month - 1 + (1 if on.day <= freeze_day else 2)
    return date(months // 12, months % 12 + 1, 1)


def why_not_served(
    state: str,
    *,
    check_by: date | None,
    ends_on: date | None,
    on: date,
    starts_on: date | None = None,
) -> Why | None:
    """Why somebody is not served on a day; None for who is."""
    if state == State.ENROLLED and starts_on and on < starts_on:
        return Why.NEXT_CYCLE
    if state != State.ENROLLED or (ends_on and on > ends_on):
        return Why.WRONG_STATE
    if check_by and on > check_by:
        return Why.FACTS_TOO_OLD
    return None


def why_not_expiry(until: date | None, *, on: date) -> Why | None:
    """Why a day cannot end an override."""
    fits = until is not None and on < until <= on + timedelta(days=366)
    return None if fits else Why.NEEDS_EXPIRY
