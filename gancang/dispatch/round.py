"""A rider's stops in the order in which the planner would drive them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from gancang.dispatch import planning
from gancang.dispatch.queries import in_force, list_held
from gancang.dispatch.work import Work
from gancang.fleet.hours import resting_until
from gancang.fleet.queries import OnShift, rests_of
from gancang.maps.ways import travel_of
from gancang.orders import lifecycle
from gancang.programmes.queries import terms_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gancang.fleet.models import Rider, Shift
    from gancang.orders.models import Order


@dataclass(frozen=True, slots=True)
class RoundStop:
    """One stop: fetch, bring, or bring back; and when he should be there."""

    order: Order
    what: str
    at: datetime | None


def round_of(rider: Rider, shift: Shift | None, *, now: datetime) -> Sequence[RoundStop]:
    """What a rider has to do, in order: bags to bring back last."""
    held = list_held(rider.user)
    back = [RoundStop(order, "back", None) for order in held if _comes_back(order)]
    going = [
        order for order in held if order.state != lifecycle.FAILED and (order.frozen_at is None)
    ]
    if shift is None or not going:
        plain = {lifecycle.ASSIGNED: "pickup", lifecycle.COLLECTED: "delivery"}
        return [RoundStop(order, plain[order.state], None) for order in going] + back
    # The training matters when work is given out, not when it is done.
    terms = {order.programme_id: terms_of(order.programme) for order in going}
    trained = frozenset(each.training_class for each in terms.values())
    rests = rests_of(shift)
    at_work = OnShift(
        rider=rider,
        shift=shift,
        trained=trained,
        rests=rests,
        resting_until=resting_until(rests, now=now),
    )
    work = Work(going, [at_work], {}, {order.code: frozenset() for order in going})
    travel = travel_of(rider.region, at=now).among(planning.places_in(work))
    planner = in_force(rider.region, now=now).running
    world = planning.world_of(work, terms, travel, planner.weighing(), now=now)
    # All of it is promised: there is nothing to improve.
    found = planner.again(world.snapshot(travel.between(world.places)), seed=1, iterations=0)
    by_code = {order.code: order for order in going}
    stops = [
        RoundStop(by_code[code], what, now + timedelta(seconds=after_s))
        for code, what, after_s in planning.stops_of(found, rider.user.username)
    ]
    return stops + back


def _comes_back(order: Order) -> bool:
    stopped = order.state == lifecycle.COLLECTED and order.frozen_at is not None
    return stopped or order.state == lifecycle.FAILED
