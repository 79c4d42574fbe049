"""Riders and a pharmacist who act by themselves, a minute of riding in a few seconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gancang.demo import goods, warungs
from gancang.dispatch import actions as dispatch
from gancang.dispatch import failing
from gancang.dispatch.queries import list_asked
from gancang.dispatch.round import round_of
from gancang.fleet.actions import Position, record_positions
from gancang.fleet.queries import find_shift, get_rider
from gancang.medicine import actions as medicine
from gancang.medicine import handing_over, releasing
from gancang.medicine.actions import Counter
from gancang.medicine.counselling import TOPICS, Counselling
from gancang.medicine.desk import REVIEW_POINTS
from gancang.medicine.handing_over import AtTheDoor
from gancang.medicine.rules import Draft
from gancang.orders import lifecycle
from gancang.orders.failing import Visit
from gancang.orders.models import Order
from gancang.parcels import actions as parcels
from gancang.trips.queries import along_from, along_with
from gancang.values import Refused

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence
    from datetime import datetime

    from gancang.accounts.models import User
    from gancang.dispatch.round import RoundStop
    from gancang.regions.models import Organisation


DEGREES_A_STEP = 0.006  # some 650 m: a step every two seconds makes a day pass in minutes
QUEUE_KEPT = 6  # prescriptions that are left for the visitor to release
FAILS = 0.12  # first attempts that fail: 10 to 20 % in the reports of similar programmes
ACCEPTS = 0.85


@dataclass(slots=True)
class Stage:
    """What the actors share: chance, the day's prescriptions to come, where riders are."""

    chance: random.Random
    to_come: list[Draft]
    counter: Counter
    pharmacist: User
    town: warungs.Town | None = None  # where warungs cook
    places: dict[int, tuple[float, float]] = field(default_factory=dict)


def step(stage: Stage, riders: Sequence[User], *, now: datetime) -> None:
    """Let everybody do one thing. What somebody else was faster with is left as it is."""
    _arrive(stage, now=now)
    _release(stage, now=now)
    _cook(stage, now=now)
    positions = []
    for rider in riders:
        try:
            positions.append(_ride(stage, rider, now=now))
        except Refused:
            continue
    record_positions(positions, now=now)


def _cook(stage: Stage, *, now: datetime) -> None:
    if stage.town is not None:
        try:
            warungs.go_on(stage.town, now=now)
        except Refused:
            return  # nobody rides there just now, or it is sold out


def _arrive(stage: Stage, *, now: datetime) -> None:
    if stage.to_come and stage.chance.random() < 0.25:
        try:
            medicine.place(stage.to_come.pop(), stage.counter, now=now)
        except Refused:
            return


def _release(stage: Stage, *, now: datetime) -> None:
    waiting = list(_of(stage.counter.origin, lifecycle.PLACED)[: QUEUE_KEPT + 1])
    if len(waiting) > QUEUE_KEPT and stage.chance.random() < 0.5:
        told = Counselling(channel="counter", told_to="patient", topics=tuple(TOPICS))
        release(waiting[0], told, stage.pharmacist, now=now)


def release(order: Order, told: Counselling, pharmacist: User, *, now: datetime) -> None:
    """The pharmacist of the demonstration lets an order out."""
    bags = releasing.Bags(count=1, code="", checked=True)
    releasing.release(
        order, told, bags, points=tuple(REVIEW_POINTS), by=pharmacist, seen_version=None, now=now
    )


def _of(origin: Organisation, state: str):  # type: ignore[no-untyped-def]  # a QuerySet of orders
    rows = Order.objects.filter(origin=origin, state=state).select_related(
        "region", "programme", "origin", "carrier", "fleet"
    )
    return rows.order_by("placed_at", "pk")


def _ride(stage: Stage, rider: User, *, now: datetime) -> Position:
    """One step of a rider: answer, or go on towards the next stop and do what is to be done."""
    for offer in (asked.first for asked in list_asked(rider, now=now)):
        dispatch.show(offer, now=now)
        if stage.chance.random() < ACCEPTS:
            dispatch.accept(offer, by=rider, now=now)
        else:
            dispatch.decline(offer, reason="", by=rider, now=now)
    me = get_rider(rider)
    stops = round_of(me, find_shift(me), now=now)
    home = stage.counter.origin
    assert home.lat is not None, home.code
    assert home.lon is not None, home.code
    lat, lon = stage.places.get(rider.pk, (home.lat, home.lon))
    goal = _goal(stops, (home.lat, home.lon))
    lat, lon, there = _towards((lat, lon), goal)
    stage.places[rider.pk] = (lat, lon)
    if there:
        for stop in stops:
            _do(stage, stop.order, rider, at=goal, now=now)
    return Position(rider.pk, lat, lon, now)


def _goal(stops: Sequence[RoundStop], home: tuple[float, float]) -> tuple[float, float]:
    # His round in the planner's order; idle riders go home.
    if not stops:
        return home
    order = stops[0].order
    if stops[0].what == "delivery":
        return order.lat, order.lon
    assert order.origin.lat is not None, order.origin.code
    assert order.origin.lon is not None, order.origin.code
    return order.origin.lat, order.origin.lon


def _towards(place: tuple[float, float], goal: tuple[float, float]) -> tuple[float, float, bool]:
    north, east = goal[0] - place[0], goal[1] - place[1]
    far = (north**2 + east**2) ** 0.5
    if far <= DEGREES_A_STEP:
        return *goal, True
    part = DEGREES_A_STEP / far
    return place[0] + north * part, place[1] + east * part, False


def _do(stage: Stage, order: Order, rider: User, *, at: tuple[float, float], now: datetime) -> None:
    at_home = at == (order.origin.lat, order.origin.lon)
    if order.state == lifecycle.ASSIGNED and at_home:
        dispatch.collect(
            order, bag_code=_codes(order, along_from(order)), by=rider, seen_version=None, now=now
        )
    elif order.state == lifecycle.COLLECTED and at == (order.lat, order.lon):
        _at_the_door(stage, order, rider, now=now)
    elif order.state == lifecycle.FAILED and at_home:
        back = releasing.take_back if order.is_medicine else parcels.take_back
        back(order, by=stage.pharmacist.username, seen_version=None, now=now)


def _codes(order: Order, along: Sequence[Order]) -> str:
    """What stands on all bags that change hands here."""
    return " ".join(code for each in (order, *along) for code in each.codes_on_bags)


def _at_the_door(stage: Stage, order: Order, rider: User, *, now: datetime) -> None:
    if stage.chance.random() < FAILS:
        nobody = lifecycle.Failure.NOBODY_HOME
        failing.fail(order, Visit(reason=nobody), seen_version=None, now=now)
        return
    if not order.is_medicine:
        goods.sign(order, rider, now=now)
        return
    told = AtTheDoor(
        bag_codes=_codes(order, along_with(order)),
        receiver="Penerima",
        relation="family",
        factor=order.door_code,
        factors={each.code: each.door_code for each in along_with(order)},
        at=now,
        paid="cash",
    )
    handing_over.hand_over(order, told, rider=rider, seen_version=None, now=now)
