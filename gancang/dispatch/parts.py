"""What each part of an order's way costs the public funds, and when it is owed to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.dispatch.queries import owed_for
from gancang.ledger import actions as ledger
from gancang.ledger.queries import held_for
from gancang.orders import legs, lifecycle
from gancang.orders.funding import set_aside
from gancang.orders.legs import Part
from gancang.orders.models import Leg
from gancang.orders.queries import list_legs
from gancang.values import Money

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.orders.models import Order
    from gancang.regions.models import Organisation


def owe_way_to_counter(order: Order, *, by: str, now: datetime) -> None:
    """A planned relay has reached its counter: who brought it has earned his part by that.

    What was set aside beyond it goes back. A rider who failed at the door earns nothing here.
    """
    parts = list_legs(order)
    if order.state == lifecycle.FAILED and parts and parts[-1].paid_at is None:
        ledger.release(order.code, region=order.region, by=by, now=now)
    if order.way != "relay" or order.state != lifecycle.COLLECTED or parts:
        return
    assert order.fleet is not None, order.code
    assert order.carrier is not None, order.code
    cost = owed_for(order)
    part = Part(kind=Leg.Kind.TO_COUNTER, fleet=order.fleet, carrier=order.carrier, cost=cost)
    legs.note_paid(legs.begin(order, part, now=now), now=now)
    _settle(order, order.fleet, cost, by=by, now=now)


def owe_at_door(order: Order, *, was_held: bool, by: str, now: datetime) -> None:
    """It was handed over: the last part of its way is owed, or all of it where it has no parts."""
    parts = list_legs(order)
    last = parts[-1] if parts else None
    if last is not None and last.paid_at is None and not was_held:
        legs.note_paid(last, now=now)
        _settle(order, last.fleet, Money(last.cost_rp), by=by, now=now)
    elif not parts or held_for(order.code):
        assert order.fleet is not None, order.code
        _settle(order, order.fleet, owed_for(order), by=by, now=now)


def owe_way_home(order: Order, *, by: str, now: datetime) -> None:
    """The pharmacy has the bag again: who brought it home from a counter has earned that way."""
    parts = list_legs(order)
    if parts and parts[-1].kind == Leg.Kind.HOME and parts[-1].paid_at is None:
        legs.note_paid(parts[-1], now=now)
        _settle(order, parts[-1].fleet, Money(parts[-1].cost_rp), by=by, now=now)


def owe_post(order: Order, leg: Leg, *, by: str, now: datetime) -> None:
    """The post takes its price when it takes the parcel; the rest goes back."""
    legs.note_paid(leg, now=now)
    _settle(order, leg.fleet, Money(leg.cost_rp), by=by, now=now)


def _settle(order: Order, fleet: Organisation, cost: Money, *, by: str, now: datetime) -> None:
    ledger.settle(order.code, payee=fleet, cost=cost, region=order.region, by=by, now=now)


def set_aside_if_spent(order: Order, *, by: str, now: datetime) -> None:
    """A bag goes out again whose first way is paid already: its price is set aside once more."""
    if list_legs(order) and not held_for(order.code):
        set_aside(order, Money(order.price_rp), by=by, now=now)
