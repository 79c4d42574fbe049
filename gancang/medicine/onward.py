"""From the counter near the patient: a rider brings the bag to the house, or home again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from gancang.dispatch import letters
from gancang.dispatch.fitting import fit_rider
from gancang.fleet.queries import list_on_shift
from gancang.ledger.rules import CANNOT_PAY
from gancang.maps.ways import travel_of
from gancang.orders import actions as orders
from gancang.orders import legs, lifecycle
from gancang.orders.funding import set_aside
from gancang.orders.models import Leg
from gancang.orders.scanning import COUNTER, check_bags
from gancang.programmes.queries import terms_of
from gancang.regions.queries import get_tariff, place_of, today_in
from gancang.regions.tariffs import price
from gancang.values import Money, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gancang_roads import Place

    from gancang.accounts.models import User
    from gancang.fleet.models import Rider
    from gancang.orders.models import Order


@dataclass(frozen=True, slots=True)
class Rest:
    """A way from a counter, to the house or home: how far, for how much."""

    metres: int
    source: str
    """What the distance comes from."""
    cost: Money


def rest_of(order: Order, *, now: datetime) -> Rest:
    """How far it is from the counter to the house, and what that costs by the tariff."""
    return _from_counter(order, place_of(order.village, order.lat, order.lon), now=now)


def way_home(order: Order, *, now: datetime) -> Rest:
    """How far it is from the counter back to the pharmacy, and what that costs by the tariff."""
    origin = order.origin
    home = place_of(origin.village or order.village, origin.lat, origin.lon)
    return _from_counter(order, home, now=now)


def _from_counter(order: Order, end: Place, *, now: datetime) -> Rest:
    counter = order.hold_at
    assert counter is not None, order.code
    start = place_of(counter.village or order.village, counter.lat, counter.lon)
    leg = travel_of(order.region).leg(start, end)
    code = terms_of(order.programme).tariff
    tariff = get_tariff(order.region, code, on=today_in(order.region, now))
    return Rest(leg.metres, leg.source, price(tariff, leg.metres))


def riders_for(order: Order, *, now: datetime) -> Sequence[Rider]:
    """The riders at work who are trained for this bag and whose fleet may carry it."""
    terms = terms_of(order.programme)
    needs = {terms.training_class, *order.needs}
    return [
        found.rider
        for found in list_on_shift(order.region, now=now)
        if needs <= found.trained
        and (not terms.carriers or found.rider.organisation.code in terms.carriers)
    ]


def bring_on(order: Order, rider: Rider, bag_codes: str, *, by: User, now: datetime) -> None:
    """The clerk gives the bag to a rider, who brings it the rest of the way; his part is set aside.

    Only where the patient pays nothing: he has agreed to no price beyond the counter.
    """
    if order.patient_pays_rp:
        raise Refused(lifecycle.Why.PATIENT_FETCHES)
    check_bags(order, bag_codes, where=COUNTER, by=by.username, now=now)
    _bring_on(order, rider, by=by, now=now)


@transaction.atomic
def _bring_on(order: Order, rider: Rider, *, by: User, now: datetime) -> None:
    orders.hold(order)
    found, _passed = fit_rider(order, rider.user, despite=False, now=now)
    fleet = found.rider.organisation
    cost = rest_of(order, now=now).cost
    counter = order.hold_at.code if order.hold_at else None
    step = orders.Step(
        to=lifecycle.COLLECTED,
        changes={
            "carrier": rider.user,
            "fleet": fleet,
            "hold_at": None,
            "back_by": None,
            "back_alarmed_at": None,
            "wrong_tries": 0,
        },
        facts={"from": counter, "rider": rider.user.username, "cost_rp": cost.rupiah},
    )
    orders.move(order, step, by=by.username, now=now)
    set_aside(order, cost, by=by.username, now=now)
    part = legs.Part(kind=Leg.Kind.ONWARD, fleet=fleet, carrier=rider.user, cost=cost)
    legs.begin(order, part, now=now)
    letters.post(order, "onward", now=now)


def send_back(order: Order, rider: Rider, bag_codes: str, *, by: User, now: datetime) -> None:
    """Nobody came for the bag: a rider takes it home to the pharmacy, and the patient is told."""
    check_bags(order, bag_codes, where=COUNTER, by=by.username, now=now)
    _send_back(order, rider, by=by, now=now)


@transaction.atomic
def _send_back(order: Order, rider: Rider, *, by: User, now: datetime) -> None:
    orders.hold(order)
    counter = order.hold_at.code if order.hold_at else None
    cost = _set_aside_for_home(order, by=by, now=now)
    step = orders.Step(
        to=lifecycle.FAILED,
        changes={
            "carrier": rider.user,
            "hold_at": None,
            "not_before": now,
            "back_by": now + timedelta(hours=terms_of(order.programme).return_within_h),
            "back_alarmed_at": None,
        },
        facts={
            "reason": "not_fetched",
            "counter": counter,
            "rider": rider.user.username,
            "cost_rp": cost.rupiah,
        },
        though_frozen=True,  # a stopped bag comes home
    )
    orders.move(order, step, by=by.username, now=now)
    part = legs.Part(kind=Leg.Kind.HOME, fleet=rider.organisation, carrier=rider.user, cost=cost)
    legs.begin(order, part, now=now)
    letters.post(order, "not_fetched", now=now)


def _set_aside_for_home(order: Order, *, by: User, now: datetime) -> Money:
    """What the way home costs, set aside. A bag comes home though no budget reaches: for nothing.

    The operator then sees a way of Rp 0 in the order's story, and settles it with the fleet.
    """
    cost = way_home(order, now=now).cost
    try:
        set_aside(order, cost, by=by.username, now=now)
    except Refused as refusal:
        if refusal.reason not in CANNOT_PAY:
            raise
        return Money(0)
    return cost
