"""Taking a patient's money, handing it in, and going after what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from gancang.audit.actions import record
from gancang.cash.models import (
    BankLine,
    Deposit,
    FollowUp,
    PassedOn,
    Payment,
    Shortfall,
    WriteOff,
)
from gancang.cash.queries import due_at
from gancang.cash.rules import REFERENCE_MAX, Why, why_not_paid
from gancang.cash.statements import same_reference
from gancang.ledger import fares
from gancang.ledger.goods import Sale, sell
from gancang.regions.models import Organisation
from gancang.values import Money, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gancang.accounts.models import User
    from gancang.cash.statements import Line
    from gancang.orders.models import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """How a patient paid: in cash, or by QRIS with the bank's reference.

    `paper_number` and `paid_at`: of the paper receipt that he was given while screens were dark.
    """

    how: str
    reference: str = ""
    paper_number: str = ""
    paid_at: datetime | None = None


def take_payment(order: Order, paid: Paid, *, by: User, now: datetime) -> Payment | None:
    """Take what is paid at the door, fare and goods; None for an order that costs nothing.

    Runs inside the hand-over: without a clear answer the bag is not handed over either.
    """
    if not order.at_door_rp:
        return None
    if known := Payment.objects.filter(order=order).first():
        return known  # the bag came back and goes out again: nobody pays twice
    if why := why_not_paid(paid.how, paid.reference):
        raise Refused(why, price=Money(order.at_door_rp))
    if paid.paper_number and (other := _used_by(order, paid.paper_number)):
        raise Refused(Why.PAPER_NUMBER_USED, number=paid.paper_number, order=other)
    return _take(order, paid, by=by, now=now)


def _used_by(order: Order, paper_number: str) -> str | None:
    """The order whose payment stands under this number of the fleet's paper receipts."""
    rows = Payment.objects.filter(fleet=order.fleet, paper_number=paper_number)
    return rows.values_list("order__code", flat=True).first()


@transaction.atomic
def _take(order: Order, paid: Paid, *, by: User, now: datetime) -> Payment:
    fleet = order.fleet
    assert fleet is not None, order.code
    in_cash = paid.how == Payment.How.CASH
    payment = Payment.objects.create(
        order=order,
        fleet=fleet,
        taken_by=by,
        amount_rp=order.at_door_rp,
        goods_rp=order.goods_rp,
        how=paid.how,
        reference="" if in_cash else paid.reference.strip()[:REFERENCE_MAX],
        paper_number=paid.paper_number,
        at=paid.paid_at or now,
    )
    fare = fares.Fare(
        order=order.code,
        fleet=fleet,
        amount=Money(payment.amount_rp),
        rider=by if in_cash else None,
    )
    fares.take_fare(fare, region=order.region, by=by.username, now=now)
    if payment.goods_rp:
        goods = Money(payment.goods_rp)
        sale = Sale(order=order.code, seller=order.origin, amount=goods, area=order.village.code)
        sell(sale, region=order.region, by=by.username, now=now)
    facts: dict[str, object] = {
        "how": paid.how,
        "amount_rp": payment.amount_rp,
        "receipt": payment.receipt,
        "goods_rp": payment.goods_rp,
    }
    if paid.paper_number:
        facts["paper_number"] = paid.paper_number
    _record("cash.paid", order.code, order.region.code, by, now, facts)
    return payment


def _record(
    kind: str, subject: str, region: str, by: User, now: datetime, facts: dict[str, object]
) -> None:
    record(kind, subject, region=region, by=by.username, now=now, facts=facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What a cashier counted, against what the page said that he would."""

    seen: Money
    counted: Money
    note: str = ""


@transaction.atomic
def hand_in(
    rider: User,
    fleet: Organisation,
    told: Counted,
    *,
    till: Organisation,
    by: User,
    now: datetime,
) -> Deposit:
    """A rider hands in all that he has of a fleet's fares; what is missing is his shortfall."""
    carried = Payment.objects.filter(
        taken_by=rider, fleet=fleet, how=Payment.How.CASH, deposit=None
    )
    # Of two cashiers at once the second waits here, and then finds nothing to take.
    rows = list(carried.select_for_update().order_by("pk"))
    has = Money(sum(row.amount_rp for row in rows))
    _refuse_count(rider, has, told)
    deposit = Deposit.objects.create(
        region=fleet.region,
        rider=rider,
        fleet=fleet,
        till=till,
        expected_rp=has.rupiah,
        counted_rp=told.counted.rupiah,
        note=told.note.strip(),
        cashier=by,
        at=now,
    )
    Payment.objects.filter(pk__in=[row.pk for row in rows]).update(deposit=deposit)
    missing = has - told.counted
    if missing:
        Shortfall.objects.create(deposit=deposit, amount_rp=missing.rupiah)
    _tell_book(deposit, by=by, now=now)
    return deposit


def _tell_book(deposit: Deposit, *, by: User, now: datetime) -> None:
    counted, missing = Money(deposit.counted_rp), Money(deposit.missing_rp)
    handed = _handed_in(deposit, deposit.receipt, counted, missing)
    fares.hand_in(handed, region=deposit.region, by=by.username, now=now)
    facts: dict[str, object] = {
        "rider": deposit.rider.username,
        "till": deposit.till.code,
        "counted_rp": counted.rupiah,
        "missing_rp": missing.rupiah,
    }
    _record("cash.handed_in", deposit.receipt, deposit.region.code, by, now, facts)


def _refuse_count(rider: User, has: Money, told: Counted) -> None:
    name = rider.full_name
    if not has:
        raise Refused(Why.NOTHING_IN_HAND, rider=name)
    if told.seen != has:
        raise Refused(Why.CHANGED_MEANWHILE, rider=name, left=has, seen=told.seen)
    if told.counted > has:
        raise Refused(Why.TOO_MUCH, rider=name, left=has, counted=told.counted)
    if told.counted < has and not told.note.strip():
        raise Refused(Why.SAY_WHY_MISSING, missing=has - told.counted)


def _handed_in(deposit: Deposit, receipt: str, counted: Money, missing: Money) -> fares.HandedIn:
    return fares.HandedIn(
        receipt=receipt,
        rider=deposit.rider,
        fleet=deposit.fleet,
        till=deposit.till,
        counted=counted,
        missing=missing,
    )


@transaction.atomic
def follow_up(
    shortfall: Shortfall, note: str, repaid: Money, *, by: User, now: datetime
) -> FollowUp:
    """Note what was done about a shortfall, and take in what was brought of it."""
    if not note.strip():
        raise Refused(Why.SAY_WHAT_WAS_DONE)
    # Two cashiers at once: the second finds less missing.
    row = Shortfall.objects.select_for_update(of=("self",)).get(pk=shortfall.pk)
    if repaid.rupiah > row.left_rp:
        raise Refused(Why.MORE_THAN_MISSING, left=Money(row.left_rp))
    deposit = row.deposit
    done = FollowUp.objects.create(
        shortfall=row, note=note.strip(), repaid_rp=repaid.rupiah, by=by, at=now
    )
    if repaid:
        Shortfall.objects.filter(pk=row.pk).update(repaid_rp=F("repaid_rp") + repaid.rupiah)
        receipt = f"{deposit.receipt}/{done.pk}"
        handed = _handed_in(deposit, receipt, repaid, Money(0))
        fares.repay(handed, region=deposit.region, by=by.username, now=now)
    facts: dict[str, object] = {"repaid_rp": repaid.rupiah, "left_rp": row.left_rp - repaid.rupiah}
    _record("cash.followed_up", deposit.receipt, deposit.region.code, by, now, facts)
    shortfall.refresh_from_db()
    return done


@transaction.atomic
def ask_write_off(shortfall: Shortfall, reason: str, *, by: User, now: datetime) -> WriteOff:
    """A treasurer asks that all that is still missing is owed no more. Nothing moves yet."""
    if not reason.strip():
        raise Refused(Why.SAY_WHY_LOST)
    row = Shortfall.objects.select_for_update(of=("self",)).get(pk=shortfall.pk)
    if WriteOff.objects.filter(shortfall=row, decided_at=None).exists():
        raise Refused(Why.ASKED_ALREADY)
    if not row.left_rp:
        raise Refused(Why.MORE_THAN_MISSING, left=Money(0))
    asked = WriteOff.objects.create(
        shortfall=row, amount_rp=row.left_rp, reason=reason.strip(), asked_by=by, asked_at=now
    )
    facts: dict[str, object] = {"amount_rp": asked.amount_rp}
    deposit = row.deposit
    _record("cash.write_off_asked", deposit.receipt, deposit.region.code, by, now, facts)
    return asked


@transaction.atomic
def decide_write_off(asked: WriteOff, *, approve: bool, by: User, now: datetime) -> WriteOff:
    """A second person decides. Approved, the book takes it from the rider and calls it lost."""
    row = WriteOff.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    if row.decided_at is not None:
        raise Refused(Why.DECIDED_ALREADY)
    if row.asked_by_id == by.pk:
        raise Refused(Why.NOT_YOURSELF)
    shortfall = Shortfall.objects.select_for_update(of=("self",)).get(pk=row.shortfall_id)
    # What came in meanwhile is not lost.
    amount = min(row.amount_rp, shortfall.left_rp) if approve else 0
    row.decided_by, row.decided_at, row.is_approved = by, now, approve
    row.amount_rp = amount if approve else row.amount_rp
    row.save()
    deposit = shortfall.deposit
    if amount:
        Shortfall.objects.filter(pk=shortfall.pk).update(
            written_off_rp=F("written_off_rp") + amount
        )
        receipt = f"{deposit.receipt}/W{row.pk}"
        lost = _handed_in(deposit, receipt, Money(0), Money(amount))
        fares.write_off(lost, region=deposit.region, by=by.username, now=now)
    kind = "cash.written_off" if approve else "cash.write_off_refused"
    facts: dict[str, object] = {"amount_rp": row.amount_rp, "asked_by": row.asked_by.username}
    _record(kind, deposit.receipt, deposit.region.code, by, now, facts)
    return row


@transaction.atomic
def pass_on(
    till: Organisation, fleet: Organisation, seen: Money, slip: str, *, by: User, now: datetime
) -> PassedOn:
    """A till gives a fleet all that it holds for it, by transfer or against a signature."""
    # Of two cashiers at once the second waits here, and then finds nothing.
    Organisation.objects.select_for_update(no_key=True).get(pk=fleet.pk)
    has = due_at(till, fleet)
    if not has:
        raise Refused(Why.NOTHING_TO_PASS_ON, till=till.name, fleet=fleet.name)
    if seen != has:
        told = {"till": till.name, "fleet": fleet.name, "left": has, "seen": seen}
        raise Refused(Why.TILL_CHANGED, **told)
    if len(slip.strip()) < 3:
        raise Refused(Why.NO_SLIP)
    row = PassedOn.objects.create(
        region=fleet.region,
        till=till,
        fleet=fleet,
        amount_rp=has.rupiah,
        reference=slip.strip()[:REFERENCE_MAX],
        by=by,
        at=now,
    )
    passed = fares.Passed(receipt=row.receipt, till=till, fleet=fleet, amount=has)
    fares.pass_on(passed, region=fleet.region, by=by.username, now=now)
    facts: dict[str, object] = {"till": till.code, "fleet": fleet.code, "amount_rp": has.rupiah}
    _record("cash.passed_on", row.receipt, fleet.region.code, by, now, facts)
    return row


@dataclass(frozen=True, slots=True)
class Compared:
    """What a statement brought: lines that are new, and payments that they are."""

    fresh: int
    matched: int


@transaction.atomic
def take_statement(
    fleet: Organisation, lines: Sequence[Line], *, by: User, now: datetime
) -> Compared:
    """Keep a bank's lines and find the payment that each is. The same file again is harmless."""
    Organisation.objects.select_for_update(no_key=True).get(pk=fleet.pk)
    known = set(BankLine.objects.filter(fleet=fleet).values_list("reference", "at", "amount_rp"))
    told = {(line.reference, line.at, line.amount.rupiah): line for line in lines}
    fresh = BankLine.objects.bulk_create(
        BankLine(
            region=fleet.region,
            fleet=fleet,
            at=line.at,
            reference=line.reference,
            amount_rp=line.amount.rupiah,
            added_by=by,
            added_at=now,
        )
        for key, line in told.items()
        if key not in known
    )
    matched = _match(fleet)
    facts: dict[str, object] = {"lines": len(fresh), "matched": matched}
    _record("cash.statement", fleet.code, fleet.region.code, by, now, facts)
    return Compared(len(fresh), matched)


def _match(fleet: Organisation) -> int:
    """Give each line without a payment the first payment of its reference and amount."""
    waiting = Payment.objects.filter(fleet=fleet, how=Payment.How.QRIS, bankline=None)
    payments: dict[tuple[str, int], list[Payment]] = {}
    for payment in waiting.order_by("pk"):
        key = (same_reference(payment.reference), payment.amount_rp)
        payments.setdefault(key, []).append(payment)
    found = []
    for line in BankLine.objects.filter(fleet=fleet, payment=None).order_by("at", "pk"):
        fitting = payments.get((same_reference(line.reference), line.amount_rp), [])
        if fitting:
            line.payment = fitting.pop(0)
            found.append(line)
    BankLine.objects.bulk_update(found, ["payment"])
    return len(found)
