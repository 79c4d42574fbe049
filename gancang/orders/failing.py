"""What becomes of a bag that was not handed over: a counter near by, the pharmacy, its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from gancang.audit.actions import record
from gancang.orders import lifecycle
from gancang.orders.actions import Step, move, tell_board
from gancang.orders.lifecycle import Incident, Why
from gancang.orders.models import Attempt, Disposition, Order
from gancang.orders.queries import counters_near
from gancang.programmes.queries import terms_of
from gancang.values import Refused

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from gancang.accounts.models import User
    from gancang.regions.models import Organisation, Region


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A visit that did not end in a hand-over, as the rider tells it."""

    reason: lifecycle.Failure
    note: str = ""
    incident: Incident | None = None
    counter: str = ""  # the code of a counter near by to which the bag goes; "": the pharmacy
    at: datetime | None = None  # by the device's clock, where it told its time
    clock_off_s: int | None = None


@transaction.atomic
def fail(order: Order, visit: Visit, *, now: datetime, seen_version: int | None) -> None:
    """Write the visit down; the bag goes to a counter near by or back to the pharmacy.

    The programme says when it may go out again, and until when the bag has to be back.
    """
    carrier = order.carrier
    assert carrier is not None, order.code
    counter = _counter_for(order, visit)
    terms = terms_of(order.programme)
    waits = terms.retry_after_h
    wait_h = waits[min(order.attempts, len(waits) - 1)] if waits else 0
    step = Step(
        to=lifecycle.FAILED,
        changes={
            "attempts": F("attempts") + 1,
            "hold_at": counter,
            "not_before": now + timedelta(hours=wait_h),
            "back_by": now + timedelta(hours=terms.return_within_h),
            "back_alarmed_at": None,
        },
        facts={
            "reason": visit.reason,
            "incident": visit.incident,
            "counter": counter.code if counter else None,
        },
        seen_version=seen_version,
        though_frozen=True,  # a stopped bag comes home
    )
    move(order, step, by=carrier.username, now=now)
    Attempt.objects.create(
        order=order,
        carrier=carrier,
        reason=visit.reason,
        incident=visit.incident or "",
        note=visit.note,
        at=visit.at or now,
        recorded_at=now,
        clock_off_s=visit.clock_off_s,
    )


def _counter_for(order: Order, visit: Visit) -> Organisation | None:
    if visit.reason is lifecycle.Failure.RIDER_INCIDENT and visit.incident is None:
        raise Refused(Why.NO_INCIDENT)
    if not visit.counter:
        return None
    if not may_be_held(order) or visit.reason not in lifecycle.HOLDABLE:
        raise Refused(Why.NOT_HELD)
    if visit.incident in lifecycle.SPOILS:
        raise Refused(Why.NOT_HELD)
    found = [near for near in counters_near(order) if near.code == visit.counter]
    if not found:
        raise Refused(Why.NO_SUCH_COUNTER)
    return found[0]


def may_be_held(order: Order) -> bool:
    """Whether the programme lets the bag wait at a counter near by. Never what has to stay cold."""
    return order.cold_minutes is None and terms_of(order.programme).hold_days > 0


def receive(order: Order, *, by: User, now: datetime) -> None:
    """A counter's clerk takes the scanned bag in: from here on it is his to hand over."""
    held_for = timedelta(days=max(1, terms_of(order.programme).hold_days))
    step = Step(
        to=lifecycle.HELD,
        changes={"back_by": now + held_for, "back_alarmed_at": None, "wrong_tries": 0},
        facts={"counter": order.hold_at.code if order.hold_at else None, "bags": order.bags},
    )
    move(order, step, by=by.username, now=now)


@transaction.atomic
def dispose(order: Order, what: str, *, why: str, by: User, now: datetime) -> Disposition:
    """The pharmacist decides what becomes of a bag that is back. Once; twice the same is once."""
    assert what in lifecycle.DISPOSITIONS, what
    if order.state != lifecycle.RETURNED:
        raise Refused(Why.WRONG_STATE, order=order.code, state=lifecycle.STATES[order.state])
    if not why.strip():
        raise Refused(Why.NO_DISPOSITION_REASON)
    if what == "restock" and (order.cold_minutes is not None or _was_spoiled(order)):
        raise Refused(Why.NOT_RESTOCKED)
    row, is_new = Disposition.objects.get_or_create(
        order=order, defaults={"what": what, "why": why.strip(), "by": by, "at": now}
    )
    if not is_new and row.what != what:
        raise Refused(Why.DISPOSED_OF, what=lifecycle.DISPOSITIONS[row.what])
    if is_new:
        facts: dict[str, object] = {"what": what}
        region = order.region.code
        record("order.disposed", order.code, region=region, by=by.username, now=now, facts=facts)
    return row


def _was_spoiled(order: Order) -> bool:
    spoiled = [incident.value for incident in lifecycle.SPOILS]
    return Attempt.objects.filter(order=order, incident__in=spoiled).exists()


def alarm_late_returns(region: Region, *, now: datetime) -> list[Order]:
    """Bags that should be back by now and are not: each is told once, on the board and for ever."""
    late = Order.objects.filter(
        region=region,
        state__in=[lifecycle.FAILED, lifecycle.HELD],
        back_by__lt=now,
        back_alarmed_at=None,
    )
    return _alarm(region, late, now=now) if late.exists() else []


@transaction.atomic
def _alarm(region: Region, late: QuerySet[Order], *, now: datetime) -> list[Order]:
    held = late.select_for_update(skip_locked=True, of=("self",))
    found = list(held.select_related("hold_at", "carrier"))
    Order.objects.filter(pk__in=[order.pk for order in found]).update(back_alarmed_at=now)
    for order in found:
        holder = order.carrier.username if order.carrier else None
        facts: dict[str, object] = {
            "state": order.state,
            "rider": holder if order.state == lifecycle.FAILED else None,
            "counter": order.hold_at.code if order.hold_at else None,
        }
        record(
            "order.return_late", order.code, region=region.code, by="clock", now=now, facts=facts
        )
    tell_board(region.code)
    return found
