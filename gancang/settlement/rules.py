"""When a month is due, what a row of the bank's answer means, and the refusals. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gancang.values import N_, Money, Reason

DUE_DAY = 10
APPROVALS = 2
CAME_BACK = ("returned", "repaid")


class Why(Reason):
    """Refusals of settlement."""

    NOTHING_OPEN = "nothing_open", N_("Nothing is open up to {month}: all is paid, sent or held.")
    NO_BANK_ACCOUNT = (
        "no_bank_account",
        N_("{payee} has no bank account in the region's pack (money.toml); add it first."),
    )
    MONTH_NOT_OVER = "month_not_over", N_("{month} is not over; its statement may still grow.")
    APPROVED_BY_YOU = "approved_by_you", N_("You have approved this already; another person must.")
    WRONG_STATE = "wrong_state", N_("{batch} is {state} by now; look at it again.")
    ALREADY_HELD = "already_held", N_("This line is held already.")
    NOT_HELD = "not_held", N_("This line is not held any more.")
    IN_A_BATCH = (
        "in_a_batch",
        N_("This line is in {batch}, which is approved or paid: it cannot be held any more."),
    )
    SAY_WHY = "say_why", N_("Say why, in a few words.")
    ON_THE_CARD = (
        "on_the_card",
        N_("This was given back ({code}) and may be spent again: it is not owed anew."),
    )
    NOT_PAID_FOR_GOODS = (
        "not_paid_for_goods",
        N_("Of order {order} {amount} cannot be given back: look at what was paid for its goods."),
    )
    GIVEN_BACK_ALREADY = (
        "given_back_already",
        N_("Of order {order} the buyer gets something back already: that is done once."),
    )
    SET_OFF_ALREADY = (
        "set_off_already",
        N_(
            "Of {payment} only {left} came back, the rest was set off. "
            "Wait until it is paid again, then ask again."
        ),
    )
    BEING_PAID = (
        "being_paid",
        N_(
            "This line is in {batch}, which is on its way to the bank. "
            "Wait for the bank's answer, then ask again."
        ),
    )
    ASKED_ALREADY = (
        "asked_already",
        N_("Somebody asked for this already; see the list of corrections."),
    )
    NOT_BY_YOU = (
        "not_by_you",
        N_("You asked for this yourself; another person must decide it."),
    )
    DECIDED_ALREADY = (
        "decided_already",
        N_("This was decided or withdrawn by now; look at it again."),
    )
    NOT_YOURS = "not_yours", N_("Only who asked for it can withdraw it.")
    REPAID_ALREADY = (
        "repaid_already",
        N_("The repayment {reference} is in the book already; it counts once."),
    )
    NOTHING_OWED_BACK = "nothing_owed_back", N_("Of this movement nothing is owed back.")
    NOT_PAID = (
        "not_paid",
        N_("{payment} is not marked as paid, or came back already; look at it again."),
    )
    SAY_DOCUMENT = "say_document", N_("Say why, and name the bank's letter or its number.")
    ACCOUNTS_TO_MEND = (
        "accounts_to_mend",
        N_(
            "Only payees are open whose last payment came back: {payees}. "
            "Correct their accounts in money.toml, or say that they are right."
        ),
    )
    NOT_TEXT = "not_text", N_("This is no CSV file as the bank sends it.")
    NO_COLUMN = (
        "no_column",
        N_("The file has no column “{column}”; money.toml says how it is called."),
    )
    TOO_LONG = "too_long", N_("The file has more than {most} rows.")
    NO_FILE_FORMAT = (
        "no_file_format",
        N_("The region's pack does not say how the bank's files look (money.toml, [bank_file])."),
    )


class Fate(StrEnum):
    """What became of a row of the bank's answer."""

    PAID = "paid"
    REFUSED = "refused"
    RETURNED = "returned"  # it was paid, and came back
    AGAIN = "again"  # said before: nothing changes
    FOREIGN = "foreign"  # no payment of ours
    WRONG_SUM = "wrong_sum"
    NOT_SENT = "not_sent"  # its batch never left
    CONTRADICTS = "contradicts"  # says otherwise than the bank said before
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Answered:
    """A row of the bank's answer. `is_paid`: None: neither of the words that the pack knows."""

    number: int
    reference: str
    amount: Money | None
    is_paid: bool | None
    bank_reference: str = ""
    is_returned: bool = False  # paid once, and came back since


@dataclass(frozen=True, slots=True)
class Sent:
    """A payment as we know it, for comparing."""

    amount: Money
    is_sent: bool
    state: str
    is_bouncing: bool = False  # that it came back is known, and another person decides


def judge(row: Answered, sent: Sent | None) -> Fate:
    """What a row means for the payment that it names. Only the first three change anything."""
    if row.is_paid is None or row.amount is None:
        return Fate.UNREADABLE
    if sent is None:
        return Fate.FOREIGN
    if row.amount != sent.amount:
        return Fate.WRONG_SUM
    if not sent.is_sent:
        return Fate.NOT_SENT
    return _told_of_sent(row, sent)


def _told_of_sent(row: Answered, sent: Sent) -> Fate:
    """What a row says of a payment that is with the bank."""
    told = Fate.PAID if row.is_paid else Fate.REFUSED
    if sent.state == "open":
        return told
    # The file that said so first, or the one before it, read once more.
    if sent.state in CAME_BACK and (row.is_paid or row.is_returned):
        return Fate.AGAIN
    if row.is_returned and sent.state == "paid":
        return Fate.AGAIN if sent.is_bouncing else Fate.RETURNED
    return Fate.AGAIN if sent.state == told.value else Fate.CONTRADICTS


def due_on(month: str, due_day: int) -> date:
    """The day on which what became owed in a month is to be paid: of the month after it."""
    year, number = int(month[:4]), int(month[5:])
    return date(year + number // 12, number % 12 + 1, due_day)
