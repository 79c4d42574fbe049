"""Asking gateways: for codes, about bills whose word may be lost, to give money back."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from gancang.qris import actions, correcting
from gancang.qris.adapters.gateway import Back, NotSent, Unreachable, Wanted
from gancang.qris.adapters.roads import gateway_named
from gancang.qris.models import Mismatch
from gancang.qris.queries import bills_to_ask_about, money_in, refunds_to_send
from gancang.qris.receiving import take_notice
from gancang.qris.rules import BY_SHOP, MADE, PROBLEMS, Problem
from gancang.values import Money, Refused

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.qris.adapters.gateway import Gateway
    from gancang.qris.models import Bill

log = logging.getLogger(__name__)
AT_ONCE = 20  # a gateway that says nothing holds each question for some seconds
FIRST_WAIT_S = 2
LONGEST_WAIT_S = 60
# A gateway that can't be asked whether a bill was paid in time: so long it is not ended.
GRACE = timedelta(minutes=10)


def go_round(*, now: datetime) -> int:
    """Do what is due with gateways; how much was done. No transaction is open meanwhile."""
    done = 0
    for bill in bills_to_ask_about(now=now, most=AT_ONCE):
        done += 1
        _see_to(bill, now=now)
    for mismatch in refunds_to_send(now=now, most=AT_ONCE):
        done += 1
        _send_back(mismatch, now=now)
    return done


def _see_to(bill: Bill, *, now: datetime) -> None:
    if bill.way == BY_SHOP:
        actions.expire(bill, by=BY_SHOP, now=now)  # only its end is a time of its own
        return
    gateway = gateway_named(bill.way)
    try:
        if gateway is None:
            raise NotSent(f"{bill.way}: no agreement with it any more")
        if bill.state == MADE and bill.expires_at > now:
            _make(bill, gateway, now=now)
        else:
            _ask(bill, gateway, now=now)
    except NotSent as error:
        log.warning("the gateway did not answer", extra={"bill": bill.code, "why": str(error)})
        if now >= bill.expires_at + GRACE:
            actions.expire(bill, by=bill.way, now=now)
        else:
            actions.put_off(bill, until=now + _wait(bill.asked))


def _make(bill: Bill, gateway: Gateway, *, now: datetime) -> None:
    wanted = Wanted(bill=bill.code, amount=money_in(bill), expires_at=bill.expires_at)
    try:
        actions.show(bill, gateway.make(wanted, now=now), now=now)
    except (Unreachable, Refused) as error:  # it will never make this one, or none that can be read
        log.warning("no code was made", extra={"bill": bill.code, "why": str(error)})
        actions.expire(bill, by=bill.way, now=now)


def _ask(bill: Bill, gateway: Gateway, *, now: datetime) -> None:
    """Was it paid, and the word of it lost? Only a bill that was not ends by its time."""
    told = gateway.ask(bill.code, now=now)
    if told is not None and told.bill == bill.code:
        take_notice(told, gateway=bill.way, region=bill.region, was_asked=True, now=now)
    if now >= bill.expires_at:
        actions.expire(bill, by=bill.way, now=now)
    else:
        actions.put_off(bill, until=min(now + _wait(bill.asked + 3), bill.expires_at))


def _send_back(mismatch: Mismatch, *, now: datetime) -> None:
    notice, bill = mismatch.notice, mismatch.bill
    way = notice.gateway if notice else bill.way if bill else ""
    back = Back(
        number=mismatch.receipt,
        bill=notice.reference if notice else bill.code if bill else "",
        payment=notice.payment if notice else bill.payment if bill else "",
        amount=Money(mismatch.amount_rp),
        why=PROBLEMS[Problem(mismatch.problem)],
    )
    gateway = gateway_named(way)
    try:
        if gateway is None:
            raise NotSent(f"{way}: no agreement with it any more")
        number = gateway.give_back(back, now=now)
    except NotSent as error:
        log.warning("nothing given back yet", extra={"mismatch": back.number, "why": str(error)})
        correcting.put_off(mismatch, until=now + _wait(mismatch.asked))
    except Unreachable as error:
        correcting.not_gone_back(mismatch, str(error), by=way, now=now)
    else:
        correcting.gone_back(mismatch, number, by=way, now=now)


def _wait(asked: int) -> timedelta:
    return timedelta(seconds=min(FIRST_WAIT_S * 2 ** min(asked, 10), LONGEST_WAIT_S))
