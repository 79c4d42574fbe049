"""By which other way an order may go: its round was missed, or its way is switched off."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from gancang.dispatch import letters
from gancang.dispatch.actions import withdraw_offers
from gancang.dispatch.rounds import way_of
from gancang.dispatch.rules import Why
from gancang.orders import actions as orders
from gancang.orders import lifecycle
from gancang.orders.funding import set_aside
from gancang.programmes.queries import terms_of
from gancang.reach import hours as clockwork
from gancang.reach.closing import closed_at
from gancang.reach.costs import reckoning_of
from gancang.reach.queries import BUILT_IN, Door, atlas_of
from gancang.reach.rules import DIRECT, RELAY, ROUND
from gancang.reach.rules import Why as ReachWhy
from gancang.regions.queries import clock_in, get_tariff, today_in
from gancang.values import Money, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from gancang.orders.models import Order
    from gancang.reach.queries import Atlas
    from gancang.reach.rules import Answer, Way
    from gancang.regions.models import Organisation

WOULD_DO = {ReachWhy.LATER, ReachWhy.DEARER, ReachWhy.NOT_NEEDED, ReachWhy.OFF_UNTIL}
TOGETHER = (ROUND, RELAY)


@dataclass(frozen=True, slots=True)
class Option:
    """One way that an order may take from now on."""

    answer: Answer
    hold_at: Organisation | None
    reckoning: Mapping[str, object]
    is_alone: bool = False

    @property
    def key(self) -> str:
        """By what a form names it."""
        return "alone" if self.is_alone else self.answer.way.code


def options_for(order: Order, *, now: datetime) -> list[Option]:
    """The ways that would do for an order now, the earliest first; a ride alone among them."""
    atlas = atlas_of(order.region, now=now)
    terms = terms_of(order.programme)
    tariff = get_tariff(order.region, terms.tariff, on=today_in(order.region, now))
    door = Door(village=order.village, point=(order.lat, order.lon), cold_min=order.cold_minutes)
    found = atlas.answers_for(door, terms, tariff, origin=order.origin)
    fitting = [each for each in found.others if each.why_not and each.why_not.reason in WOULD_DO]
    told = [each for each in (found.chosen, *fitting) if each is not None and each.promise_at]
    there = tariff.to(order.village.code, clock_in(order.region, now))

    def option(answer: Answer, *, is_alone: bool = False) -> Option:
        metres = answer.counter.from_origin_m if answer.counter else order.distance_m
        reckoning = reckoning_of(answer.way, there, metres)
        return Option(answer, atlas.find_counter(answer.counter), reckoning, is_alone)

    options = [option(each) for each in told]
    if not any(each.way.kind == DIRECT for each in told):
        only_rides = replace(atlas, reach=replace(atlas.reach, ways=(BUILT_IN,)))
        alone = only_rides.answers_for(door, terms, tariff, origin=order.origin).chosen
        if alone is not None:
            options.append(option(alone, is_alone=True))
    return sorted(options, key=lambda each: each.answer.promise_at or now)


@transaction.atomic
def send_by(order: Order, option: Option, *, by: str, seen_version: int, now: datetime) -> None:
    """The order goes by another way from now on; the patient is told where that is later.

    What it costs more is set aside; a patient who has agreed to a price pays never more.
    """
    orders.hold(order)
    order.refresh_from_db()
    if order.state not in (lifecycle.PLACED, lifecycle.RELEASED):
        words = lifecycle.STATES[order.state]
        raise Refused(lifecycle.Why.WRONG_STATE, order=order.code, state=words)
    if order.version != seen_version:
        words = lifecycle.STATES[order.state]
        raise Refused(lifecycle.Why.CHANGED_MEANWHILE, order=order.code, state=words)
    answer, promised = option.answer, order.promise_at
    assert answer.at_most is not None
    assert answer.promise_at is not None
    price = Money(max(answer.at_most.rupiah, order.patient_pays_rp))
    _set_more_aside(order, price, by=by, now=now)
    withdraw_offers(order, now=now)
    route = orders.Route(
        way=answer.way.kind,
        not_before=answer.departs_at,
        promise_at=answer.promise_at,
        hold_at=option.hold_at,
        price=price,
        # A patient who agreed to more goes on paying by what he agreed to.
        reckoning=option.reckoning if price == answer.at_most else order.reckoning,
    )
    orders.reroute(order, route, by=by, now=now)
    if order.promise_at > promised:
        letters.post(order, "told_late", now=now)


def _set_more_aside(order: Order, price: Money, *, by: str, now: datetime) -> None:
    more = price.rupiah - order.price_rp
    if more <= 0:
        return
    if order.patient_pays_rp:
        raise Refused(Why.AGREED_PRICE, price=Money(order.patient_pays_rp))
    set_aside(order, Money(more), by=by, now=now)


def after_release(order: Order, *, by: str, now: datetime) -> None:
    """A bag that is ready only after its round has left waits for the next one, if that keeps the
    promise. Else the operator is asked; alone at full price it goes only if he says so.
    """
    has_left = order.not_before is not None and order.not_before < now
    if order.way not in TOGETHER or not (has_left or order.attempts):
        return
    atlas = atlas_of(order.region, now=now)
    way = way_of(order, atlas.reach.ways)
    departs_at = _next_departure(order, way, atlas, now) if way else None
    if way is None or departs_at is None or way.minutes is None:
        orders.miss(order, by=by, now=now)
    elif departs_at + timedelta(minutes=way.minutes) <= order.promise_at:
        orders.wait_until(order, departs_at, promise_at=order.promise_at, by=by, now=now)
    else:
        orders.miss(order, by=by, now=now)


def _next_departure(order: Order, way: Way, atlas: Atlas, now: datetime) -> datetime | None:
    reach = atlas.reach
    hours = reach.pharmacies.get(order.origin.code, ())
    after = max(now, order.not_before or now)
    at = clockwork.next_departure(reach.calendar, hours, way.days, way.departs, after)
    village = order.village.code
    is_off = at and closed_at(reach.closed, way.code, frozenset(), village, at)
    return None if is_off else at
