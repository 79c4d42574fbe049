"""What gateways tell of payments: kept once, judged, booked, listed where it does not agree."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from gancang.ledger import sales
from gancang.qris import actions
from gancang.qris.models import Bill, Mismatch, Notice
from gancang.qris.queries import money_in
from gancang.qris.rules import (
    Found,
    Problem,
    Seen,
    Status,
    Told,
    Verdict,
    Where,
    judge,
)
from gancang.values import Money

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.regions.models import Region

_TRIES = 3


def take_notice(
    told: Told, *, gateway: str, region: Region, now: datetime, was_asked: bool = False
) -> Notice:
    """Take one word of a gateway in, once: the same word again changes nothing.

    `region` has the agreement with the gateway; what names no bill of ours is listed there.
    """
    for _try in range(_TRIES):
        try:
            return _take(told, gateway, region, was_asked=was_asked, now=now)
        except IntegrityError:  # the same word, or the same payment, came in beside this one
            continue
    return _take(told, gateway, region, was_asked=was_asked, now=now)


@transaction.atomic
def _take(told: Told, gateway: str, region: Region, *, was_asked: bool, now: datetime) -> Notice:
    # Locked first: what two notices of one bill find is never the same bill twice.
    bill = _locked_bill(told.bill, gateway)
    digest = digest_of(told)
    if known := Notice.objects.filter(gateway=gateway, digest=digest).first():
        return known
    verdict = judge(told, _seen(bill), known_payment=_is_known(gateway, told.payment))
    notice = Notice.objects.create(
        region=bill.region if bill else region,
        gateway=gateway,
        reference=told.bill,
        bill=bill,
        payment=told.payment,
        status=told.status,
        amount_rp=told.amount.rupiah if told.amount else None,
        digest=digest,
        was_asked=was_asked,
        found=verdict.found,
        brings_money=verdict.found == Found.SETTLED or verdict.is_stray,
        at=now,
    )
    _carry_out(notice, bill, verdict, now=now)
    return notice


def digest_of(told: Told) -> str:
    """What makes two words the same: what they say, not when or how often it was said."""
    amount = told.amount.rupiah if told.amount else ""
    # No payment has a number on nothing but PAID and REFUNDED: the rest speaks of the bill.
    parts = (told.bill, told.payment, told.status.value, amount)
    return sha256("\n".join(map(str, parts)).encode()).hexdigest()


def _locked_bill(code: str, gateway: str) -> Bill | None:
    rows = Bill.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("region", "shop").filter(code=code, way=gateway).first()


def _seen(bill: Bill | None) -> Seen | None:
    if bill is None:
        return None
    asked = Mismatch.objects.filter(bill=bill, problem=Problem.ASKED_BACK).exists()
    return Seen(
        state=bill.state, amount=money_in(bill), payment=bill.payment, is_to_give_back=asked
    )


def _is_known(gateway: str, payment: str) -> bool:
    return Notice.objects.filter(gateway=gateway, payment=payment, brings_money=True).exists()


def _carry_out(notice: Notice, bill: Bill | None, verdict: Verdict, *, now: datetime) -> None:
    if verdict.found == Found.SETTLED:
        assert bill is not None
        actions.pay(bill, notice, now=now)
    elif verdict.found == Found.ENDED:
        assert bill is not None
        actions.expire(bill, by=notice.gateway, now=now)
    elif verdict.problem is not None:
        _list(notice, bill, verdict, now=now)


def _list(notice: Notice, bill: Bill | None, verdict: Verdict, *, now: datetime) -> None:
    problem, amount = verdict.problem, Money(notice.amount_rp or 0)
    assert problem is not None
    about = bill.code if bill else f"{notice.gateway} {notice.payment}"[:60]
    found = Mismatch(
        region=notice.region,
        bill=bill,
        notice=notice,
        problem=problem,
        amount_rp=amount.rupiah if amount.rupiah > 0 else 0,
        where=_where(problem, verdict),
        at=now,
    )
    actions.put_on_list(found, about=about, by=notice.gateway)
    if verdict.is_stray:
        key = f"stray:{notice.gateway}:{notice.payment}"
        told = sales.BuyersSum(about=about, amount=amount, key=key)
        sales.take_stray(told, region=notice.region, by=notice.gateway, now=now)


def _where(problem: Problem, verdict: Verdict) -> Where:
    if verdict.is_stray:
        return Where.STRAY
    return Where.HELD if problem == Problem.GIVEN_BACK_THERE else Where.NOWHERE


def is_final(notice: Notice) -> bool:
    """Whether a word ends the questions about its bill."""
    return notice.status in {Status.PAID, Status.FAILED}
