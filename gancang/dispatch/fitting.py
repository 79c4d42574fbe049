"""Whether a rider whom the operator names may carry an order: what binds the planner binds him."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gancang.dispatch.rules import VISIT, Why
from gancang.fleet.queries import OnShift, find_at_work
from gancang.fleet.rules import CLASSES
from gancang.programmes.queries import terms_of
from gancang.regions.queries import zone_of
from gancang.residents.likeness import is_in_doubt
from gancang.values import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from gancang.accounts.models import User
    from gancang.fleet.models import Rider
    from gancang.orders.models import Order


def fit_rider(
    order: Order, rider: User, *, despite: bool, now: datetime
) -> tuple[OnShift, list[str]]:
    """The rider at work, and the codes of what the operator passes over; refused if he may not.

    `despite`: what the rule leaves to the operator is passed over. Nothing else ever is.
    """
    if order.way == VISIT:
        raise Refused(Why.IS_VISIT, order=order.code)
    if is_in_doubt(order.resident_id):
        raise Refused(Why.MAY_HAVE_DIED)
    found = find_at_work(rider, now=now)
    if found is None:
        raise Refused(Why.NOT_ON_SHIFT, rider=rider.full_name)
    for refusal in _binding(order, found):
        raise refusal
    passed = list(_left_to_operator(found, now=now))
    if passed and not despite:
        raise passed[0]
    return found, [refusal.reason.value for refusal in passed]


@dataclass(frozen=True, slots=True)
class Standing:
    """A rider at work beside an order: what bars him, and what the operator may pass over."""

    rider: Rider
    bars: Sequence[Refused]
    may_pass: Sequence[Refused]


def standing_of(order: Order, found: OnShift, *, now: datetime) -> Standing:
    """All that `fit_rider` would say of a rider and an order, before anybody asks it."""
    left = list(_left_to_operator(found, now=now))
    return Standing(found.rider, list(_binding(order, found)), left)


def _binding(order: Order, found: OnShift) -> Iterator[Refused]:
    """What no reason helps over: training, cold bag, fleet, and papers that the rule insists on."""
    rider, terms = found.rider, terms_of(order.programme)
    name = rider.user.full_name
    if terms.training_class not in found.trained:
        yield Refused(Why.NOT_TRAINED, rider=name)
    for need in sorted({*order.needs} - found.trained):
        yield Refused(Why.NOT_TRAINED_FOR, rider=name, training=CLASSES.get(need, need))
    if order.cold_minutes is not None and not rider.has_cold_bag:
        yield Refused(Why.NO_COLD_BAG, rider=name)
    fleet = rider.organisation
    if terms.carriers and fleet.code not in terms.carriers:
        yield Refused(Why.FLEET_NOT_NAMED, fleet=fleet, programme=terms.name)
    if found.bar and not found.bar.kind.by_hand:
        yield _barred(found)


def _left_to_operator(found: OnShift, *, now: datetime) -> Iterator[Refused]:
    rider, zone = found.rider, zone_of(found.rider.region)
    if found.bar and found.bar.kind.by_hand:
        yield _barred(found)
    if rests := found.resting_until:
        when = rests.astimezone(zone).strftime("%H.%M")
        yield Refused(Why.ON_BREAK, rider=rider.user.full_name, when=when)
    if (ends := found.shift.ends_by) and ends <= now:
        when = ends.astimezone(zone).strftime("%H.%M")
        yield Refused(Why.SHIFT_OVER, rider=rider.user.full_name, when=when)


def _barred(found: OnShift) -> Refused:
    assert found.bar is not None
    kind, day = found.bar.kind, found.bar.expires_on
    told = {"rider": found.rider.user.full_name, "paper": kind.title}
    if day is None:
        return Refused(Why.PAPER_MISSING_BUT if kind.by_hand else Why.PAPER_MISSING, **told)
    why = Why.PAPER_ENDED_BUT if kind.by_hand else Why.PAPER_ENDED
    return Refused(why, **told, day=day.strftime("%d-%m-%Y"))
