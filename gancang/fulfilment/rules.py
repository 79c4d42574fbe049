"""What a case of visit, ride or transfer costs, when it is due, and what proves it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from gancang.values import N_, Money, Reason, Refused
from gancang.values.conditions import holds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from gancang.programmes.rules import Known, Terms

VISIT, RIDE, TRANSFER = "visit", "ride", "transfer"
KINDS = {VISIT: N_("Visit"), RIDE: N_("Ride"), TRANSFER: N_("Transfer")}
LEGS = {"": "", "there": N_("there"), "back": N_("back")}

PLANNED, UNDER_WAY, DONE, MISSED, CANCELLED = (
    "planned",
    "under_way",
    "done",
    "missed",
    "cancelled",
)
STATES = {
    PLANNED: N_("Planned"),
    UNDER_WAY: N_("Under way"),
    DONE: N_("Done"),
    MISSED: N_("Did not take place"),
    CANCELLED: N_("Called off"),
}
MOVES = {
    PLANNED: {UNDER_WAY, DONE, MISSED, CANCELLED},
    UNDER_WAY: {DONE, MISSED},
    DONE: set(),
    MISSED: set(),
    CANCELLED: set(),
}
OPEN = frozenset({PLANNED, UNDER_WAY})
USUAL = {VISIT: ("note",), RIDE: ("trip",), TRANSFER: ("bank",)}
LEVELS = {
    "note": N_("Record of the visit"),
    "card": N_("The receiver's card"),
    "signature": N_("Signature"),
    "witness": N_("A witness, with name and office"),
    "tick": N_("My word: it took place"),
    "callback": N_("The person is rung later: until then nobody is paid"),
    "trip": N_("Log of the trip: begin, end, people"),
    "count": N_("How many came along"),
    "bank": N_("Line of the bank's statement"),
    "field": N_("Seen in the field"),
    "report": N_("Report of spending"),
}
CASES_MAX = 120
PEOPLE_MAX = 60
NOTE_LEAST = 10


class Why(Reason):
    """Why a case is not planned, not done or not paid."""

    NO_CASE = "no_case", N_("{programme} has no visits, rides or transfers to plan.")
    NOT_A_PERFORMER = "not_a_performer", N_("{performer} does nothing for {programme}.")
    NOBODY_CHOSEN = "nobody_chosen", N_("Find who it is for.")
    NOBODY_NAMED = "nobody_named", N_("{programme} names nobody: who comes along is counted.")
    DECEASED = "deceased", N_("This person is noted as deceased.")
    HAD_IT_BEFORE = (
        "had_it_before",
        N_("This person has it already ({code}, {day}); {programme} gives it once."),
    )
    NO_AMOUNT = "no_amount", N_("{programme} names no amount for what is known of this person.")
    NO_ACCOUNT = "no_account", N_("Write down the bank account to which it is paid.")
    NO_DAYS = "no_days", N_("No day between the first and the last is one of those chosen.")
    TOO_MANY = "too_many", N_("That would be {cases} at once; plan at most {most}.")
    BEGINS_BEFORE = "begins_before", N_("The first day lies in the past.")
    ENDS_BEFORE = "ends_before", N_("The last day lies before the first.")
    AFTER_ITS_END = (
        "after_its_end",
        N_("The enrolment {code} ends on {day}; plan nothing after it."),
    )
    WRONG_STATE = "wrong_state", N_("Case {code} is now: {state}. This step is not open to it.")
    CHANGED_MEANWHILE = (
        "changed_meanwhile",
        N_("Case {code} changed while this page was open. It is now: {state}."),
    )
    NOT_TODAY = "not_today", N_("Case {code} is planned for {day}; it is not done before.")
    LEVEL_NOT_ALLOWED = "level_not_allowed", N_("{programme} does not accept that proof.")
    NO_NOTE = "no_note", N_("Write down what was found and done, in a sentence at least.")
    WRONG_CARD = "wrong_card", N_("That is not the card which this person holds now.")
    NO_SIGNATURE = "no_signature", N_("Let somebody sign with a finger on the screen.")
    NO_WITNESS = "no_witness", N_("Write down who saw it: name and office.")
    NO_TIMES = "no_times", N_("Write when the ride began and when it ended, later than that.")
    NO_PEOPLE = "no_people", N_("Write how many came along: 1 to {most}.")
    NO_REASON = "no_reason", N_("Write why.")
    NOT_VERIFIED = "not_verified", N_("Case {code} has to be seen in the field first.")
    SAME_PERSON = "same_person", N_("Somebody else than who planned it has to see it in the field.")
    NOT_A_TRANSFER = "not_a_transfer", N_("Case {code} is no transfer.")
    BY_THE_BANK_ONLY = "by_the_bank_only", N_("A transfer is done by the bank's statement alone.")
    NO_REPORT_DUE = "no_report_due", N_("For case {code} no report is due.")
    NOTHING_TO_PAY = "nothing_to_pay", N_("Nothing is ready to be paid.")
    BAD_LINE = "bad_line", N_("Line {line} is not “code; amount; reference”.")
    FOREIGN_LINE = "foreign_line", N_("Line {line}: {code} is on none of our lists.")
    OTHER_AMOUNT = "other_amount", N_("Line {line}: {code} is {ours}, the bank says {theirs}.")
    OTHER_REFERENCE = (
        "other_reference",
        N_("Line {line}: {code} was paid under {known} before; ask the bank."),
    )
    TWICE = "twice", N_("Line {line}: {code} stands there twice.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was told of a case that took place."""

    level: str
    note: str = ""
    people: int | None = None
    began_at: datetime | None = None
    ended_at: datetime | None = None
    signature: str = ""
    witness: str = ""
    card: str = ""  # what was scanned or typed
    card_fits: bool = False  # it is the card that this person holds now


def levels_of(terms: Terms) -> tuple[str, ...]:
    """The proofs that suffice, the required one first."""
    return terms.proof or USUAL[terms.kind]


def performers_of(terms: Terms) -> tuple[str, ...]:
    """The codes of who does it: of a ride its carriers; empty: any."""
    return terms.carriers if terms.kind == RIDE else terms.origins


def price_of(terms: Terms, known: Mapping[str, Known]) -> Money | None:
    """What one case costs; None where the programme names no amount for such a person."""
    told = {name: fact.value for name, fact in known.items()}
    for when, amount in terms.amounts:
        if holds(when, told):
            return amount
    return None if terms.amounts else Money(terms.unit_price_rp)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """From a first to a last day: on weekdays, or every so many days, or once."""

    first: date
    last: date
    weekdays: frozenset[int] = frozenset()
    every_days: int | None = None


def days_of(rhythm: Rhythm) -> list[date]:
    """The days of a plan, in order."""
    step = timedelta(days=1 if rhythm.weekdays else rhythm.every_days or 10**4)
    found, day = [], rhythm.first
    while day <= rhythm.last:
        if not rhythm.weekdays or day.weekday() in rhythm.weekdays:
            found.append(day)
        day += step
    return found


def refuse_days(rhythm: Rhythm, *, legs: int, today: date) -> None:
    """Refuse days in the past, none at all, or too many at once."""
    if rhythm.first < today:
        raise Refused(Why.BEGINS_BEFORE)
    if rhythm.last < rhythm.first:
        raise Refused(Why.ENDS_BEFORE)
    cases = len(days_of(rhythm)) * legs
    if not cases:
        raise Refused(Why.NO_DAYS)
    if cases > CASES_MAX:
        raise Refused(Why.TOO_MANY, cases=cases, most=CASES_MAX)


def why_not_move(state: str, to: str) -> Why | None:
    """Why a case in `state` may not go to `to`."""
    return None if to in MOVES[state] else Why.WRONG_STATE


def why_not_proved(told: Told, levels: Sequence[str]) -> Why | None:
    """Why what was told does not prove a case by a programme's levels."""
    if told.level not in levels:
        return Why.LEVEL_NOT_ALLOWED
    came = bool(told.people and 1 <= told.people <= PEOPLE_MAX)
    lasted = bool(told.began_at and told.ended_at and told.began_at < told.ended_at)
    lacks: dict[str, list[tuple[bool, Why]]] = {
        "note": [(len(told.note.strip()) >= NOTE_LEAST, Why.NO_NOTE)],
        "card": [(told.card_fits, Why.WRONG_CARD)],
        "signature": [(bool(told.signature), Why.NO_SIGNATURE)],
        "witness": [(bool(told.witness.strip()), Why.NO_WITNESS)],
        "count": [(came, Why.NO_PEOPLE)],
        "trip": [(lasted, Why.NO_TIMES), (came, Why.NO_PEOPLE)],
    }
    return next((why for there, why in lacks.get(told.level, ()) if not there), None)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a bank's statement: which case, how much, under which reference."""

    number: int
    code: str
    amount: Money
    reference: str


def read_lines(text: str) -> list[Line]:
    """The lines of a statement, all or none. Refused with the first that cannot be read."""
    found: dict[str, Line] = {}
    for number, row in enumerate(text.splitlines(), 1):
        cells = [cell.strip().strip('"') for cell in row.replace("\ufeff", "").split(";")]
        if not any(cells) or cells[0].casefold() in {"code", "kode"}:
            continue
        if len(cells) < 3 or not cells[1].isascii() or not cells[1].isdigit() or not cells[2]:
            raise Refused(Why.BAD_LINE, line=number)
        line = Line(number, cells[0].upper()[:20], Money(int(cells[1][:15])), cells[2][:60])
        if line.code in found:
            raise Refused(Why.TWICE, line=number, code=line.code)
        found[line.code] = line
    return list(found.values())
