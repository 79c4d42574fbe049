"""A shop's own code, and the way of a bill: opened, shown, paid or ended, given back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from gancang.audit.actions import record
from gancang.ledger import sales
from gancang.qris.adapters.roads import gateway_of
from gancang.qris.models import Bill, Mismatch, MismatchNote, Outcome, ShopCode
from gancang.qris.payload import read_code, with_amount
from gancang.qris.queries import code_of, money_in, number_known_of, takes_qris
from gancang.qris.rules import (
    BY_SHOP,
    CANCELLED,
    EXPIRED,
    LIVE,
    MADE,
    OPEN,
    PAID,
    PROBLEMS,
    REFUNDED,
    SHOWN,
    STATES,
    Problem,
    Where,
    Why,
)
from gancang.values import Money, Refused
from gancang.values.codes import new_code

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.accounts.models import User
    from gancang.qris.models import Notice
    from gancang.regions.models import Organisation

MOST = Money(10_000_000)  # of one QRIS payment, by Bank Indonesia's rule


@transaction.atomic
def enter_code(
    shop: Organisation, text: str, *, is_sure: bool, by: User, now: datetime
) -> ShopCode:
    """Keep the code that hangs on a shop's wall; the one of before ends. The same again is none.

    Refused if it is damaged, made for one payment, or another merchant's by name and number.
    """
    code = read_code(text)
    if code.amount_rp is not None:
        raise Refused(Why.CODE_WITH_AMOUNT, amount=Money(code.amount_rp))
    known = number_known_of(shop, now=now)
    if known and code.nmid and known != code.nmid:
        raise Refused(Why.OTHER_NUMBER, nmid=code.nmid, known=known)
    if not is_sure and not _same_name(code.merchant, shop.name):
        raise Refused(Why.OTHER_MERCHANT, merchant=code.merchant)
    payload = "".join(text.split("\n")).strip()
    older = ShopCode.objects.select_for_update().filter(shop=shop, ended_at=None)
    if (found := older.first()) and found.payload == payload:
        return found
    older.update(ended_at=now)
    made = ShopCode.objects.create(
        shop=shop,
        payload=payload,
        merchant=code.merchant[:25],
        city=code.city[:15],
        nmid=code.nmid,
        by=by,
        at=now,
    )
    facts: dict[str, object] = {"merchant": made.merchant, "nmid": made.nmid}
    region = shop.region.code
    record("qris.code_entered", shop.code, region=region, by=by.username, now=now, facts=facts)
    return made


def _same_name(merchant: str, shop: str) -> bool:
    """Whether a bank's short name and ours may mean the same shop: they share a telling word."""
    words = [{w for w in name.lower().split() if len(w) > 2} for name in (merchant, shop)]
    plain = {"warung", "toko", "kedai", "depot"}  # many begin so
    return bool((words[0] & words[1]) - plain) or merchant.lower() == shop.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBill:
    """What a buyer is to pay: opened by which capability, for what, to whom, until when."""

    opener: str
    about: str
    shop: Organisation
    amount: Money
    expires_at: datetime


@transaction.atomic
def open_bill(told: NewBill, *, by: str, now: datetime) -> Bill:
    """Open a bill in the opener's own transaction. While one lives for it, that one is given."""
    if living := _living(told):
        return living
    refuse_unpayable(told.shop, told.amount)
    region = told.shop.region
    gateway, own = gateway_of(region), code_of(told.shop)
    bill = Bill(
        region=region,
        code=new_code("Q"),
        opener=told.opener,
        about=told.about,
        shop=told.shop,
        amount_rp=told.amount.rupiah,
        way=gateway.name if gateway else BY_SHOP,
        opened_by=by,
        made_at=now,
        expires_at=told.expires_at,
        ask_at=now,
    )
    if gateway is None and own is not None:
        bill.payload = with_amount(read_code(own.payload), bill.amount_rp)
        bill.state, bill.ask_at = SHOWN, told.expires_at
    try:
        with transaction.atomic():
            bill.save(force_insert=True)
    except IntegrityError:  # two at once for the same thing: the second takes the first's
        if living := _living(told):
            return living
        raise
    _tell(bill, "qris.bill_opened", {"about": bill.about, "way": bill.way}, by=by, now=now)
    return bill


def refuse_unpayable(shop: Organisation, amount: Money) -> None:
    """Nobody opens a bill that no buyer could pay; asked as well before anything is promised."""
    if amount.rupiah <= 0:
        raise Refused(Why.NOTHING_TO_PAY)
    if amount > MOST:
        raise Refused(Why.TOO_MUCH, most=MOST, amount=amount)
    if not takes_qris(shop):
        raise Refused(Why.NO_WAY_TO_PAY, shop=shop.name)


def _living(told: NewBill) -> Bill | None:
    rows = Bill.objects.filter(opener=told.opener, about=told.about, state__in=LIVE)
    return rows.first()


@transaction.atomic
def show(bill: Bill, payload: str, *, now: datetime) -> bool:
    """The gateway has made the code; the buyer sees it. Whether it was still wanted."""
    rows = Bill.objects.filter(pk=bill.pk, state=MADE)
    code = read_code(payload)  # what no telephone could read is not shown
    if code.amount_rp not in (None, bill.amount_rp):
        raise Refused(Why.OTHER_AMOUNT, paid=Money(code.amount_rp or 0), bill=money_in(bill))
    half = now + (bill.expires_at - now) / 2  # a lost word is asked for before the end
    return bool(rows.update(state=SHOWN, payload=payload, ask_at=half, asked=0))


def put_off(bill: Bill, *, until: datetime) -> None:
    """The gateway is asked again later."""
    rows = Bill.objects.filter(pk=bill.pk, state__in=OPEN)
    rows.update(ask_at=until, asked=min(bill.asked + 1, 1000))


@transaction.atomic
def pay(bill: Bill, notice: Notice, *, now: datetime) -> None:
    """A gateway's payment settles a bill that is locked and open. Its money is held."""
    told = sales.BuyersSum(
        about=bill.code,
        amount=money_in(bill),
        key=f"buy:{bill.way}:{notice.payment}",
        shop=bill.shop,
    )
    rows = Bill.objects.filter(pk=bill.pk, state__in=OPEN)
    taken = rows.update(state=PAID, payment=notice.payment, paid_at=now, ask_at=None)
    assert taken, f"{bill} was not open, and it was locked"
    sales.pay_gateway(told, region=bill.region, by=bill.way, now=now)
    facts: dict[str, object] = {"payment": notice.payment, "amount_rp": bill.amount_rp}
    became(bill, PAID, facts, by=bill.way, now=now)


@transaction.atomic
def confirm(bill: Bill, *, by: User, now: datetime) -> Mismatch | None:
    """The shop has seen the money on its own account; if that came too late, it is listed."""
    row = _locked(bill)
    if row.way != BY_SHOP:
        raise Refused(Why.NOT_BY_HAND)
    if row.state in {PAID, REFUNDED}:
        raise Refused(Why.IS_PAID)
    if row.state not in OPEN:
        problem = Problem.LATE if row.state == EXPIRED else Problem.AFTER_CANCEL
        if Mismatch.objects.filter(bill=row, problem=problem).exists():
            raise Refused(Why.NOT_OPEN, state=STATES[row.state])
        return list_mismatch(row, problem, money_in(row), Where.SHOP, by=by.username, now=now)
    Bill.objects.filter(pk=row.pk).update(state=PAID, paid_at=now, confirmed_by=by, ask_at=None)
    book_at_shop(row, by=by, now=now)
    became(row, PAID, {"amount_rp": row.amount_rp}, by=by.username, now=now)
    return None


def book_at_shop(bill: Bill, *, by: User, now: datetime) -> None:
    """Write down that a shop has a bill's money on its own account."""
    told = sales.BuyersSum(
        about=bill.code, amount=money_in(bill), key=f"buy:{BY_SHOP}:{bill.code}", shop=bill.shop
    )
    sales.pay_shop(told, region=bill.region, by=by.username, now=now)


@transaction.atomic
def cancel(bill: Bill, *, by: str, now: datetime) -> None:
    """Whoever opened it wants no money any more. Twice is once; refused once it is paid."""
    row = _locked(bill)
    if row.state in {PAID, REFUNDED}:
        raise Refused(Why.IS_PAID)
    if row.state in OPEN:
        Bill.objects.filter(pk=row.pk).update(state=CANCELLED, ask_at=None)
        became(row, CANCELLED, {}, by=by, now=now)


@transaction.atomic
def expire(bill: Bill, *, by: str, now: datetime) -> bool:
    """A bill's time is over, or its gateway will take no money for it; whether it was open."""
    row = _locked(bill)
    if row.state not in OPEN:
        return False
    Bill.objects.filter(pk=row.pk).update(state=EXPIRED, ask_at=None)
    became(row, EXPIRED, {}, by=by, now=now)
    return True


@transaction.atomic
def ask_back(bill: Bill, because: str, *, by: str, now: datetime) -> Mismatch:
    """Whoever opened a paid bill wants its buyer to have the money back. Twice is once."""
    row = _locked(bill)
    known = Mismatch.objects.filter(bill=row, problem=Problem.ASKED_BACK).first()
    if known:
        return known
    if row.state != PAID:
        raise Refused(Why.NOT_OPEN, state=STATES[row.state])
    where = Where.SHOP if row.way == BY_SHOP else Where.HELD
    return list_mismatch(
        row, Problem.ASKED_BACK, money_in(row), where, because=because, by=by, now=now
    )


def list_mismatch(  # noqa: PLR0913 - what does not agree, and who found it
    bill: Bill,
    problem: Problem,
    amount: Money,
    where: Where,
    *,
    by: str,
    now: datetime,
    because: str = "",
) -> Mismatch:
    """Put something about a bill of ours on the operator's list."""
    found = Mismatch(
        region=bill.region,
        bill=bill,
        problem=problem,
        amount_rp=amount.rupiah,
        where=where,
        at=now,
    )
    return put_on_list(found, because.strip()[:200], about=bill.code, by=by)


@transaction.atomic
def put_on_list(found: Mismatch, because: str = "", *, about: str, by: str) -> Mismatch:
    """Keep what does not agree, with its first note, and tell the book of events."""
    found.save(force_insert=True)
    text = because or PROBLEMS[Problem(found.problem)]
    MismatchNote.objects.create(mismatch=found, deed="listed", text=text, by=by, at=found.at)
    facts: dict[str, object] = {"problem": str(found.problem), "amount_rp": found.amount_rp}
    region = found.region.code
    record("qris.listed", about, region=region, by=by, now=found.at, facts=facts)
    return found


@transaction.atomic
def take(outcome: Outcome, *, now: datetime) -> bool:
    """The opener has done what follows from an outcome, in this transaction; whether it is new."""
    rows = Outcome.objects.filter(pk=outcome.pk, taken_at=None)
    return bool(rows.update(taken_at=now))


def became(bill: Bill, state: str, facts: dict[str, object], *, by: str, now: datetime) -> None:
    """Tell the book of events, and whoever opened the bill, what became of it."""
    Outcome.objects.create(bill=bill, opener=bill.opener, became=state, at=now)
    _tell(bill, f"qris.bill_{state}", {**facts, "about": bill.about}, by=by, now=now)


def _locked(bill: Bill) -> Bill:
    rows = Bill.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("region", "shop").get(pk=bill.pk)


def _tell(bill: Bill, kind: str, facts: dict[str, object], *, by: str, now: datetime) -> None:
    record(kind, bill.code, region=bill.region.code, by=by, now=now, facts=facts)
