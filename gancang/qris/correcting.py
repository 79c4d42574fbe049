"""What people decide of payments that did not agree: given back, accepted, found out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from gancang.audit.actions import record
from gancang.ledger import sales
from gancang.ledger.rules import Why as Book
from gancang.qris import actions
from gancang.qris.models import Bill, Mismatch, MismatchNote
from gancang.qris.queries import free_of, is_much, money_in
from gancang.qris.rules import (
    BY_SHOP,
    EXPIRED,
    LIVE,
    PAID,
    REFUNDED,
    Problem,
    Where,
    Why,
    why_not_accept,
)
from gancang.regions.models import Organisation
from gancang.values import Money, Refused

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.accounts.models import User

State = Mismatch.State
REFUND, ACCEPT = "refund", "accept"
_OF_A_PAID_BILL = (Problem.ASKED_BACK, Problem.GIVEN_BACK_THERE)


@transaction.atomic
def want(
    mismatch: Mismatch, wanted: str, text: str, *, reference: str, by: User, now: datetime
) -> None:
    """Give it back, or accept it for its bill; of much another person must want the same.

    With a `reference` it went back already, by a transfer of that number.
    """
    row = _held(mismatch, (State.OPEN,))
    if len(text.strip()) < 3:
        raise Refused(Why.SAY_WHY)
    if wanted == ACCEPT:
        _refuse_accept(row)
    elif not row.where:
        raise Refused(Why.NO_MONEY_IN_IT)
    row.wanted, row.asked_by, row.reference = wanted, by, reference.strip()[:64]
    _note(row, wanted, text, by=by.username, now=now)
    if is_much(row):
        row.state = State.ASKED
        row.save()
        return
    _carry_out(row, by=by, now=now)


@transaction.atomic
def stand_for(mismatch: Mismatch, *, by: User, now: datetime) -> None:
    """Another person wants it too: it is done, once, whoever presses at once."""
    row = _held(mismatch, (State.ASKED,))
    if row.asked_by_id == by.pk:
        raise Refused(Why.NOT_BY_YOU)
    if row.wanted == ACCEPT:
        _refuse_accept(row)
    row.decided_by = by
    _note(row, "agreed", "", by=by.username, now=now)
    _carry_out(row, by=by, now=now)


@transaction.atomic
def turn_down(mismatch: Mismatch, text: str, *, by: User, now: datetime) -> None:
    """It is not to be done after all, and why; it waits for another decision."""
    row = _held(mismatch, (State.ASKED,))
    if len(text.strip()) < 3:
        raise Refused(Why.SAY_WHY)
    row.state, row.wanted, row.asked_by, row.reference = State.OPEN, "", None, ""
    row.save()
    _note(row, "not_agreed", text, by=by.username, now=now)


@transaction.atomic
def write(mismatch: Mismatch, text: str, *, closes: bool, by: User, now: datetime) -> None:
    """What somebody found out; it closes what holds no money."""
    row = _held(mismatch, (State.OPEN, State.ASKED, State.SENDING))
    if len(text.strip()) < 3:
        raise Refused(Why.SAY_WHY)
    if closes and row.state != State.OPEN:
        raise Refused(Why.DECIDED_ALREADY)
    if closes and row.where and row.problem != Problem.GIVEN_BACK_THERE:
        raise Refused(Why.MONEY_IN_IT, amount=Money(row.amount_rp))
    _note(row, "closed" if closes else "found_out", text, by=by.username, now=now)
    if closes:
        _end(row, State.CLOSED, now=now)


@transaction.atomic
def gone_back(mismatch: Mismatch, reference: str, *, by: str, now: datetime) -> None:
    """The gateway has given it back; once, however often it says so."""
    row = _locked(mismatch)
    if row.state == State.SENDING:
        row.reference = reference[:64]
        _book_back(row, by=by, now=now)


@transaction.atomic
def not_gone_back(mismatch: Mismatch, why: str, *, by: str, now: datetime) -> None:
    """The gateway says no: people decide anew, and the money is where it was."""
    row = _locked(mismatch)
    if row.state == State.SENDING:
        row.state, row.wanted, row.asked_by, row.decided_by = State.OPEN, "", None, None
        row.ask_at = None
        row.save()
        _note(row, "refused", why, by=by, now=now)


def put_off(mismatch: Mismatch, *, until: datetime) -> None:
    """The gateway is asked again later."""
    rows = Mismatch.objects.filter(pk=mismatch.pk, state=State.SENDING)
    rows.update(ask_at=until, asked=min(mismatch.asked + 1, 1000))


def _refuse_accept(row: Mismatch) -> None:
    bill = row.bill
    asked = money_in(bill) if bill else None
    why = why_not_accept(Problem(row.problem), paid=Money(row.amount_rp), bill=asked)
    if why:
        raise Refused(why, paid=Money(row.amount_rp), bill=asked)
    assert bill is not None
    others = Bill.objects.filter(opener=bill.opener, about=bill.about, state__in=LIVE)
    if bill.state != EXPIRED or others.exists():
        raise Refused(Why.BILL_MOVED_ON)


def _carry_out(row: Mismatch, *, by: User, now: datetime) -> None:
    if row.wanted == ACCEPT:
        _accept(row, by=by, now=now)
        return
    is_at_gateway = row.where in {Where.STRAY, Where.HELD} and row.problem != "given_back_there"
    if row.where == Where.HELD:
        _refuse_if_shop_has_it(row)
    if is_at_gateway and not row.reference:
        row.state, row.ask_at, row.asked = State.SENDING, now, 0
        row.save()
        return
    _book_back(row, by=by.username, now=now)


def _refuse_if_shop_has_it(row: Mismatch) -> None:
    """What the shop got already can't be given back from here."""
    assert row.bill is not None
    # A pay-out waits here, and then counts this one too.
    Organisation.objects.select_for_update(no_key=True).get(pk=row.bill.shop_id)
    free = free_of(row.bill.shop, besides=row)
    if free < Money(row.amount_rp):
        needed = Money(row.amount_rp)
        raise Refused(Book.HELD_HAS_LESS, shop=row.bill.shop.name, left=free, needed=needed)


def _accept(row: Mismatch, *, by: User, now: datetime) -> None:
    bill = row.bill
    assert bill is not None
    payment = row.notice.payment if row.notice else ""
    rows = Bill.objects.filter(pk=bill.pk, state=EXPIRED)
    is_by_hand = bill.way == BY_SHOP
    told = {"payment": payment, "paid_at": now, "confirmed_by": by if is_by_hand else None}
    assert rows.update(state=PAID, **told), f"{bill} was expired, and it was locked"
    if is_by_hand:
        actions.book_at_shop(bill, by=by, now=now)
    else:
        key = f"adopt:{bill.way}:{payment}"
        money = sales.BuyersSum(about=bill.code, amount=money_in(bill), key=key, shop=bill.shop)
        sales.adopt_stray(money, region=row.region, by=by.username, now=now)
    facts: dict[str, object] = {"payment": payment, "amount_rp": bill.amount_rp}
    actions.became(bill, PAID, facts, by=by.username, now=now)
    _end(row, State.ACCEPTED, now=now)


def _book_back(row: Mismatch, *, by: str, now: datetime) -> None:
    """The buyer has it back: the book says so, and a paid bill is one no more."""
    bill = row.bill
    is_paid_bill = row.problem in _OF_A_PAID_BILL
    is_booked = row.where != Where.SHOP or is_paid_bill
    if is_booked:
        about = bill.code if bill else row.receipt
        shop = bill.shop if bill and is_paid_bill else None
        told = sales.BuyersSum(
            about=about, amount=Money(row.amount_rp), key=f"back:{row.receipt}", shop=shop
        )
        is_at_shop = row.where == Where.SHOP
        sales.give_back(told, is_at_shop=is_at_shop, region=row.region, by=by, now=now)
    if bill and is_paid_bill:
        rows = Bill.objects.filter(pk=bill.pk, state=PAID)
        if rows.update(state=REFUNDED):
            facts: dict[str, object] = {"amount_rp": bill.amount_rp}
            actions.became(bill, REFUNDED, facts, by=by, now=now)
    _note(row, "refunded", row.reference, by=by, now=now)
    _end(row, State.REFUNDED, now=now)


def _end(row: Mismatch, state: State, *, now: datetime) -> None:
    row.state, row.ended_at, row.ask_at = state, now, None
    row.save()


def _held(mismatch: Mismatch, states: tuple[State, ...]) -> Mismatch:
    row = _locked(mismatch)
    if row.state not in states:
        raise Refused(Why.DECIDED_ALREADY)
    return row


def _locked(mismatch: Mismatch) -> Mismatch:
    """The row, and its bill before it: in that order everywhere."""
    if mismatch.bill_id:
        Bill.objects.select_for_update(no_key=True).get(pk=mismatch.bill_id)
    rows = Mismatch.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("region", "bill__shop__region", "bill__region", "notice").get(
        pk=mismatch.pk
    )


def _note(row: Mismatch, deed: str, text: str, *, by: str, now: datetime) -> None:
    told = {"deed": deed, "text": text.strip()[:200], "by": by, "at": now}
    MismatchNote.objects.create(mismatch=row, **told)
    facts: dict[str, object] = {"deed": deed, "amount_rp": row.amount_rp}
    record("qris.decided", row.receipt, region=row.region.code, by=by, now=now, facts=facts)
