"""What becomes of a bill when somebody tells of a payment, and why not. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gancang.values import N_, Money, Reason

# The ways of a bill. Nothing leads back: what was paid is at most given back.
MADE, SHOWN, PAID, REFUNDED, EXPIRED, CANCELLED = (
    "made",
    "shown",
    "paid",
    "refunded",
    "expired",
    "cancelled",
)
STATES = {
    MADE: N_("being made"),
    SHOWN: N_("to be paid"),
    PAID: N_("paid"),
    REFUNDED: N_("given back"),
    EXPIRED: N_("too late"),
    CANCELLED: N_("called off"),
}
OPEN = (MADE, SHOWN)
LIVE = (MADE, SHOWN, PAID)  # of these there is one at most for one thing

BY_SHOP = "shop"  # to the shop's own code: nobody tells us, the shop looks


class Why(Reason):
    """Refusals of bills."""

    NO_CODE = "no_code", N_("This is not the text of a QRIS code; it begins with 000201.")
    DAMAGED_CODE = (
        "damaged_code",
        N_("This code is damaged or cut off: its check number is wrong. Copy all of it again."),
    )
    NO_QRIS = "no_qris", N_("This code is no QRIS code in rupiah of a merchant in Indonesia.")
    CODE_WITH_AMOUNT = (
        "code_with_amount",
        N_("This code is for one payment of {amount}. Take the code that hangs on the wall."),
    )
    OTHER_MERCHANT = (
        "other_merchant",
        N_("The code pays “{merchant}”. Tick that this is the shop, or take the right code."),
    )
    OTHER_NUMBER = (
        "other_number",
        N_("The code pays {nmid}, but the shop's number in the bank list is {known}."),
    )
    NO_WAY_TO_PAY = (
        "no_way_to_pay",
        N_("{shop} takes no QRIS yet: there is no gateway, and the shop has not entered its code."),
    )
    NOTHING_TO_PAY = "nothing_to_pay", N_("There is nothing to pay.")
    TOO_MUCH = "too_much", N_("One QRIS payment is {most} at most; this is {amount}.")
    IS_PAID = "is_paid", N_("This is paid already.")
    NOT_OPEN = "not_open", N_("This bill can't be paid any more: it is {state}.")
    NOT_BY_HAND = "not_by_hand", N_("The gateway tells when this bill is paid; nobody else does.")
    SAY_WHY = "say_why", N_("Say why, in a sentence.")
    DECIDED_ALREADY = "decided_already", N_("Somebody has dealt with this by now; look again.")
    NOT_BY_YOU = "not_by_you", N_("You asked for it; another person must stand for it.")
    NO_BILL_TO_ACCEPT = (
        "no_bill_to_accept",
        N_("There is no bill that this money could pay; it can only be given back."),
    )
    BILL_MOVED_ON = (
        "bill_moved_on",
        N_("Its order is paid by another bill, or was called off; it can only be given back."),
    )
    OTHER_AMOUNT = (
        "other_amount",
        N_("{paid} came and the bill is {bill}: it can only be given back."),
    )
    NO_MONEY_IN_IT = (
        "no_money_in_it",
        N_("No money of ours is in it; write down what you found out, and close it."),
    )
    MONEY_IN_IT = (
        "money_in_it",
        N_("There is {amount} in it: give it back or accept it, it can't just be closed."),
    )
    NOTHING_HELD = "nothing_held", N_("Nothing is held for {shop}.")
    CHANGED_MEANWHILE = (
        "changed_meanwhile",
        N_("{left} is held for {shop} by now, not {seen}; look again."),
    )
    SAY_REFERENCE = "say_reference", N_("Write the number of the bank's transfer.")
    REFERENCE_USED = "reference_used", N_("{reference} is written down already.")


class Status(StrEnum):
    """What a gateway says of a payment."""

    PAID = "paid"
    PENDING = "pending"
    FAILED = "failed"  # expired, cancelled or refused there: it will not be paid any more
    REFUNDED = "refunded"


class Problem(StrEnum):
    """What a person must look at: payment and bill do not agree."""

    UNKNOWN_BILL = "unknown_bill"
    WRONG_AMOUNT = "wrong_amount"
    TWICE = "twice"
    LATE = "late"
    AFTER_CANCEL = "after_cancel"
    CONTRADICTION = "contradiction"
    UNREADABLE = "unreadable"
    GIVEN_BACK_THERE = "given_back_there"
    ASKED_BACK = "asked_back"  # whoever opened the bill wants its buyer to have the money back


PROBLEMS = {
    Problem.UNKNOWN_BILL: N_("Paid for a bill that is not ours"),
    Problem.WRONG_AMOUNT: N_("Paid another amount than the bill's"),
    Problem.TWICE: N_("Paid twice"),
    Problem.LATE: N_("Paid after it had ended"),
    Problem.AFTER_CANCEL: N_("Paid after it was called off"),
    Problem.CONTRADICTION: N_("The gateway tells two amounts of one payment"),
    Problem.UNREADABLE: N_("The gateway tells an amount that is none"),
    Problem.GIVEN_BACK_THERE: N_("The gateway gave it back, and nobody here had asked"),
    Problem.ASKED_BACK: N_("To be given back to the buyer"),
}
WHAT_TO_DO = {
    Problem.UNKNOWN_BILL: N_("Look for the number in the gateway's own list; give it back."),
    Problem.WRONG_AMOUNT: N_("Give it back; the buyer gets a new code with the right amount."),
    Problem.TWICE: N_("Give the second payment back; the first one stands."),
    Problem.LATE: N_("Does the buyer still get what was ordered? Accept it. If not, give it back."),
    Problem.AFTER_CANCEL: N_("The order was called off: give it back."),
    Problem.CONTRADICTION: N_(
        "The first amount stands in the book. Ask the gateway which one is right and write it down."
    ),
    Problem.UNREADABLE: N_("No money was booked. Ask the gateway what came in and write it down."),
    Problem.GIVEN_BACK_THERE: N_(
        "The book still has the money. Ask the gateway; if the buyer has it, give it back here "
        "with its number."
    ),
    Problem.ASKED_BACK: N_("Give it back; the seller could not bring what was ordered."),
}

# Which of them carry money that stands nowhere else yet.
STRAYS = (
    Problem.UNKNOWN_BILL,
    Problem.WRONG_AMOUNT,
    Problem.TWICE,
    Problem.LATE,
    Problem.AFTER_CANCEL,
)


class Where(StrEnum):
    """Where the money of a mismatch is."""

    NOWHERE = ""  # none of ours is in it
    STRAY = "stray"
    HELD = "held"
    SHOP = "shop"  # on the shop's own account, beside the book


class Found(StrEnum):
    """What came of a notice."""

    SETTLED = "settled"  # the bill is paid
    ENDED = "ended"  # the bill ends unpaid
    NOTHING = "nothing"  # it changes nothing
    LISTED = "listed"  # somebody must look at it


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a gateway tells of one payment, in our words. No amount: none that can be read."""

    bill: str
    payment: str  # the gateway's own number of the payment
    status: Status
    amount: Money | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A bill as it stands when a notice comes in."""

    state: str
    amount: Money
    payment: str  # by which payment it was paid, "" if by none
    is_to_give_back: bool = False  # somebody asked for it, so the gateway's word is no surprise


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is to be done about a notice."""

    found: Found
    problem: Problem | None = None

    @property
    def is_stray(self) -> bool:
        """Whether it brings money that must be booked as not clear for what."""
        return self.problem in STRAYS


def judge(told: Told, bill: Seen | None, *, known_payment: bool) -> Verdict:
    """What a notice means, whatever came before it.

    `known_payment`: the money of this very payment stands in the book already.
    """
    if told.status == Status.PAID:
        return _judge_paid(told, bill, known_payment=known_payment)
    if bill is None or told.status == Status.PENDING:
        return Verdict(found=Found.NOTHING)
    if told.status == Status.FAILED:
        return Verdict(found=Found.ENDED if bill.state in OPEN else Found.NOTHING)
    if bill.is_to_give_back or bill.state != PAID or told.payment != bill.payment:
        return Verdict(found=Found.NOTHING)
    return _listed(Problem.GIVEN_BACK_THERE)


def _judge_paid(told: Told, bill: Seen | None, *, known_payment: bool) -> Verdict:
    if told.amount is None or told.amount.rupiah <= 0:
        return _listed(Problem.UNREADABLE)
    if known_payment:
        return _listed(Problem.CONTRADICTION)
    if bill is None:
        return _listed(Problem.UNKNOWN_BILL)
    if bill.state in _TOO_LATE_FOR_MORE:
        return _listed(_TOO_LATE_FOR_MORE[bill.state])
    if told.amount != bill.amount:
        return _listed(Problem.WRONG_AMOUNT)
    is_over = bill.state == EXPIRED
    return _listed(Problem.LATE) if is_over else Verdict(found=Found.SETTLED)


_TOO_LATE_FOR_MORE = {
    PAID: Problem.TWICE,
    REFUNDED: Problem.TWICE,
    CANCELLED: Problem.AFTER_CANCEL,
}


def _listed(problem: Problem) -> Verdict:
    return Verdict(found=Found.LISTED, problem=problem)


def why_not_accept(problem: Problem, *, paid: Money, bill: Money | None) -> Why | None:
    """Why money that came in cannot become a bill's, or None."""
    if bill is None:
        return Why.NO_BILL_TO_ACCEPT
    if problem != Problem.LATE:
        return Why.BILL_MOVED_ON
    return Why.OTHER_AMOUNT if paid != bill else None


def needs_second(amount: Money, *, limit_rp: int) -> bool:
    """Whether so much is decided by two people."""
    return amount.rupiah > limit_rp
