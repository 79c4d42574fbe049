"""What a pharmacist checks and decides before medicine leaves: words and refusals. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gancang.formulary.rules import DeskRules, Item, ItemVerdict
from gancang.formulary.rules import Why as RuleWhy
from gancang.values import N_, Reason, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


class Why(Reason):
    """Why the desk does not let something go on."""

    REVIEW_INCOMPLETE = (
        "review_incomplete",
        N_("Review the prescription first: tick every point that you checked; all are needed."),
    )
    NOTHING_GOES = (
        "nothing_goes",
        N_("No item of this prescription travels; let all of it be fetched at the counter."),
    )
    REASON_NEEDED = "reason_needed", N_("Item {line}: write why.")
    AMOUNT_NEEDED = (
        "amount_needed",
        N_("Item {line}: write how much is given and how much is still owed."),
    )
    NO_SUCH_DECISION = "no_such_decision", N_("Item {line}: this cannot be decided so.")
    STAYS_OR_TRAVELS = (
        "stays_or_travels",
        N_("Item {line}: decide first whether it stays at the counter or may travel."),
    )
    AFTER_RELEASE = (
        "after_release",
        N_("Order {order} has left the desk; its items are not decided any more."),
    )
    SECOND_PERSON = (
        "second_person",
        N_("You prepared this yourself and a colleague is at work: let him make the final check."),
    )
    LOOK_TOO_SOON = (
        "look_too_soon",
        N_("You prepared this yourself a moment ago. Do something else, look again in {left} s."),
    )
    COLD_BAG = (
        "cold_bag",
        N_("There is cold medicine in it: say which of the bags 1 to {bags} is the cold one."),
    )
    TOO_MANY_SEALS = "too_many_seals", N_("There are more seals than bags; give one a bag.")
    OWED_TO_ANOTHER = (
        "owed_to_another",
        N_("What is owed is of another patient, order {order}; open “Bring the rest” of his row."),
    )
    OWED_IS_MISSING = (
        "owed_is_missing",
        N_("What is owed is {item}; it is not among these medicines. Write it down."),
    )
    NOTHING_OWED = "nothing_owed", N_("This is not owed any more; look at the list again.")


# The three parts of a review of a prescription: Permenkes 72/2016, 73/2016.
REVIEW_POINTS = {
    "administrative": N_("Patient, prescriber, clinic and date are complete and right"),
    "pharmaceutical": N_("Name, form, strength and amount are clear and in stock"),
    "dose": N_("Dose, times and duration fit this patient"),
    "interactions": N_("No interaction, duplicate or contraindication is left open"),
    "allergy": N_("Asked for allergies and side effects from before"),
}
STEPS = {
    "review": N_("To be reviewed"),
    "prepare": N_("To be prepared"),
    "check": N_("Ready for the final check"),
    "came_back": N_("Came back"),
    "stopped": N_("Stopped"),
}
DECISIONS = {
    "as_written": N_("As written"),
    "stays": N_("Stays: fetched at the counter"),
    "travels": N_("May travel all the same"),
    "partial": N_("Only a part of it, the rest is owed"),
    "missing": N_("Not in stock, all of it is owed"),
    "replaced": N_("Replaced by another medicine"),
}
SECOND_LOOKS = {
    "other_person": N_("by a second person"),
    "same_person": N_("by the same person, looking a second time"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a pharmacist decides of one item."""

    line: int
    kind: str = "as_written"
    reason: str = ""
    given: str = ""
    owed: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """An item at the desk: what was written, what the rules say, what was decided."""

    number: int
    item: Item
    verdict: ItemVerdict
    decided: Decided | None = None

    @property
    def kind(self) -> str:
        """What was decided; as written, where nobody has decided."""
        return self.decided.kind if self.decided else "as_written"

    @property
    def goes(self) -> bool:
        """Whether some of it is in the bag."""
        if self.kind in {"stays", "missing"}:
            return False
        return self.kind == "travels" or not self.verdict.why

    @property
    def is_open(self) -> bool:
        """Whether a rule holds it and nobody has decided of it yet."""
        return bool(self.verdict.why) and self.kind not in {"stays", "travels"}


def why_not_decide(line: Line, told: Decided) -> Refused | None:
    """Why an item cannot be decided so. What never travels is let go by nobody."""
    at = told.line
    match told.kind:
        case "as_written":
            return None
        case "stays":
            needs_reason = not line.verdict.why
            return Refused(Why.REASON_NEEDED, line=at) if needs_reason and not told.reason else None
        case "travels":
            if line.verdict.why and not line.verdict.may_be_overruled:
                return refusal_of(at, line.verdict)
            return None if told.reason else Refused(Why.REASON_NEEDED, line=at)
        case "partial" | "missing" | "replaced":
            return _why_not_supply(line, told)
    return Refused(Why.NO_SUCH_DECISION, line=at)


def _why_not_supply(line: Line, told: Decided) -> Refused | None:
    if line.verdict.why:
        return Refused(Why.STAYS_OR_TRAVELS, line=told.line)
    if not told.reason:
        return Refused(Why.REASON_NEEDED, line=told.line)
    wanted = {
        "partial": (told.given, told.owed),
        "missing": (told.owed,),
        "replaced": (told.given,),
    }
    if not all(wanted[told.kind]):
        return Refused(Why.AMOUNT_NEEDED, line=told.line)
    return None


def refusal_of(line: int, verdict: ItemVerdict) -> Refused:
    """Why one item does not travel, with the rule that says so."""
    assert verdict.why, line
    assert verdict.decided_by, line
    facts = {"line": line, "title": verdict.decided_by.title, "rule": verdict.decided_by.rule}
    return Refused(verdict.why, **facts)


def why_not_let_out(lines: Iterable[Line]) -> Refused | None:
    """Why the items of an order cannot leave yet: one is urgent, undecided, or none goes."""
    found = list(lines)
    for line in found:
        if line.verdict.why is RuleWhy.URGENT and line.kind != "stays":
            return refusal_of(line.number, line.verdict)
    for line in found:
        if line.is_open:
            return refusal_of(line.number, line.verdict)
    if found and not any(line.goes for line in found):
        return Refused(Why.NOTHING_GOES)
    return None


def why_not_review(points: Iterable[str]) -> Refused | None:
    """Why a review is not one."""
    return None if set(points) == set(REVIEW_POINTS) else Refused(Why.REVIEW_INCOMPLETE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The final check: how long after the preparation, and whether by the same person."""

    prepared_at: datetime
    at: datetime
    is_same_person: bool

    @property
    def after_s(self) -> int:
        """Seconds since it was prepared."""
        return max(0, int((self.at - self.prepared_at).total_seconds()))


def why_not_look(look: Look, rules: DeskRules, *, colleague_at_work: bool) -> Refused | None:
    """Why this final check is no second look."""
    if not look.is_same_person:
        return None
    if rules.second_person and colleague_at_work:
        return Refused(Why.SECOND_PERSON)
    left = rules.pause_seconds - look.after_s
    return Refused(Why.LOOK_TOO_SOON, left=left) if left > 0 else None
