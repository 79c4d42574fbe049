"""Offers and their answers, assigning by hand, fetching, failing, cancelling."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction

from gancang.audit.actions import record
from gancang.dispatch import letters
from gancang.dispatch.fitting import fit_rider
from gancang.dispatch.models import Offer, Waiting
from gancang.dispatch.queries import (
    list_held,
    list_in_hand,
    list_with,
)
from gancang.dispatch.rules import Why
from gancang.fleet import actions as fleet
from gancang.fleet import rostering
from gancang.fleet.queries import find_shift, get_rider
from gancang.ledger import actions as ledger
from gancang.orders import actions as orders
from gancang.orders import lifecycle
from gancang.orders.scanning import PICK_UP, check_bags
from gancang.programmes.queries import terms_of
from gancang.trips import actions as trips
from gancang.trips.queries import along_from, along_with, mates_of, share_of
from gancang.values import Refused

if TYPE_CHECKING:
    from gancang.accounts.models import Membership, User
    from gancang.orders.models import Order
    from gancang.regions.models import Organisation

Answer = Offer.Answer


def show(offer: Offer, *, now: datetime) -> None:
    """The rider has the offer before his eyes: from here on silence is his."""
    Offer.objects.filter(pk=offer.pk, shown_at=None).update(shown_at=now)


@transaction.atomic
def accept(offer: Offer, *, by: User, now: datetime) -> Order:
    """The rider takes the order, and those that go with it. Of two who try, one has it."""
    for other in list_with(offer, now=now):
        _take(other, by=by, now=now)
    return _take(offer, by=by, now=now)


def _take(offer: Offer, *, by: User, now: datetime) -> Order:
    order = offer.order
    orders.hold(order)
    _close(offer, Answer.YES, now=now)
    step = orders.Step(
        to=lifecycle.ASSIGNED,
        changes={"carrier": by, "fleet": offer.fleet},
        facts={"rider": by.username, "fleet": offer.fleet.code, "offer": offer.pk},
    )
    orders.move(order, step, by=by.username, now=now)
    Waiting.objects.filter(order=order).delete()
    return order


@transaction.atomic
def decline(offer: Offer, *, reason: str, by: User, now: datetime) -> None:
    """The rider says no, to all that goes together; it goes to the next at the next tick."""
    for each in (offer, *list_with(offer, now=now)):
        _close(each, Answer.NO, now=now, reason=reason[:200])
        facts: dict[str, object] = {"rider": by.username, "offer": each.pk}
        _tell("offer.declined", each, facts, by=by.username, now=now)


def _close(offer: Offer, answer: Offer.Answer, *, now: datetime, reason: str = "") -> None:
    open_now = Offer.objects.filter(pk=offer.pk, answer=Answer.OPEN, expires_at__gt=now)
    if not open_now.update(answer=answer, answered_at=now, reason=reason):
        offer.refresh_from_db()
        raise Refused(Why.OFFER_GONE, what=offer.get_answer_display())


def _tell(kind: str, offer: Offer, facts: dict[str, object], *, by: str, now: datetime) -> None:
    region = offer.order.region.code
    record(kind, offer.order.code, region=region, by=by, now=now, facts=facts)
    orders.tell_board(region)


@transaction.atomic
def expire_offers(region_id: int, *, now: datetime) -> int:
    """Offers whose time has run out: silence is a no. How many."""
    due = Offer.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        answer=Answer.OPEN, expires_at__lte=now, order__region=region_id
    )
    offers = list(due.select_related("order__region", "rider"))
    for offer in offers:
        Offer.objects.filter(pk=offer.pk).update(answer=Answer.SILENT, answered_at=now)
        facts: dict[str, object] = {"rider": offer.rider.username, "offer": offer.pk}
        _tell("offer.expired", offer, facts, by="dispatch", now=now)
    return len(offers)


@transaction.atomic
def withdraw_offers(order: Order, *, now: datetime) -> None:
    """Nobody is to take this order any more, or somebody was named by hand."""
    open_now = Offer.objects.filter(order=order, answer=Answer.OPEN)
    open_now.update(answer=Answer.WITHDRAWN, answered_at=now)


@transaction.atomic
def assign_by_hand(  # noqa: PLR0913 - who gives what to whom, and why
    order: Order,
    rider: User,
    *,
    reason: str,
    by: Membership,
    seen_version: int,
    now: datetime,
    despite: bool = False,
) -> None:
    """The operator names the rider, with a reason. What binds the planner still binds him.

    `despite`: he passes over what the rule leaves to him; that is kept with the order.
    """
    if not reason.strip():
        raise Refused(Why.NO_REASON)
    if order.state == lifecycle.PLACED:
        raise Refused(Why.NOT_RELEASED, order=order.code)
    movable = {lifecycle.RELEASED, lifecycle.ASSIGNED}
    mates = [mate for mate in mates_of(order) if mate.state in movable and not mate.frozen_at]
    reason = reason.strip()[:200]
    for each in (order, *mates):
        seen = seen_version if each is order else None
        # Each is judged by itself: what one needs, the rider must have for it.
        found, passed = fit_rider(each, rider, despite=despite, now=now)
        given = Given(found.rider.organisation, reason, passed)
        _give_by_hand(each, rider, given, by=by, seen_version=seen, now=now)


class Given(NamedTuple):
    """By which fleet an order is carried, why by hand, and what the operator passed over."""

    fleet: Organisation
    reason: str
    despite: list[str]


def _give_by_hand(
    order: Order,
    rider: User,
    given: Given,
    *,
    by: Membership,
    seen_version: int | None,
    now: datetime,
) -> None:
    orders.hold(order)
    withdraw_offers(order, now=now)
    if order.state == lifecycle.ASSIGNED:
        _take_from_rider(order, by=by.user.username, seen_version=seen_version, now=now)
        seen_version = order.version
    share = share_of(order)
    offer = Offer.objects.create(
        order=order,
        rider=rider,
        fleet=given.fleet,
        made_at=now,
        expires_at=now,
        answer=Answer.YES,
        answered_at=now,
        pay_rp=order.price_rp if share is None else share,
        distance_m=order.distance_m,
        reason=given.reason,
    )
    facts: dict[str, object] = {
        "rider": rider.username,
        "by_hand": given.reason,
        "offer": offer.pk,
    }
    step = orders.Step(
        to=lifecycle.ASSIGNED,
        changes={"carrier": rider, "fleet": given.fleet},
        facts=facts | ({"despite": given.despite} if given.despite else {}),
        seen_version=seen_version,
    )
    orders.move(order, step, by=by.user.username, now=now)
    Waiting.objects.filter(order=order).delete()


def _take_from_rider(order: Order, *, by: str, seen_version: int | None, now: datetime) -> None:
    step = orders.Step(
        to=lifecycle.RELEASED,
        changes={"carrier": None, "fleet": None},
        facts={"taken_from": order.carrier.username if order.carrier else None},
        seen_version=seen_version,
    )
    orders.move(order, step, by=by, now=now)


@transaction.atomic
def give_up(order: Order, *, by: str, seen_version: int | None, now: datetime) -> None:
    """The rider can't come after all, before he has the bag: the order goes to another.

    What is to go with it goes to another too.
    """
    for each in (order, *along_with(order)):
        step = orders.Step(
            to=lifecycle.RELEASED,
            changes={"carrier": None, "fleet": None},
            facts={"given_up_by": by},
            seen_version=seen_version if each is order else None,
        )
        orders.move(each, step, by=by, now=now)


def collect(
    order: Order, *, bag_code: str, by: User, seen_version: int | None, now: datetime
) -> None:
    """The rider scans or types the code of each bag at the counter; another bag is refused.

    What goes with it and lies at this counter is fetched at once: all its bags, or none.
    """
    along = along_from(order)
    check_bags(order, bag_code, along=along, where=PICK_UP, by=by.username, now=now)
    with transaction.atomic():
        told: set[int] = set()
        for each in (order, *along):
            step = orders.Step(
                to=lifecycle.COLLECTED,
                facts={"bags": each.bags},
                seen_version=seen_version if each is order else None,
            )
            orders.move(each, step, by=by.username, now=now)
            if each.resident_id not in told:  # one letter a patient
                letters.post(each, "collected", now=now)
            told.add(each.resident_id)


@transaction.atomic
def cancel(order: Order, *, reason: str, by: str, seen_version: int | None, now: datetime) -> None:
    """Call an order off before it is collected; its budget is free again at once."""
    orders.hold(order)
    withdraw_offers(order, now=now)
    if seen_version in {None, order.version}:
        seen_version = None
        trips.part(order, why="called off", by=by, now=now)
    freed = ledger.release(order.code, region=order.region, by=by, now=now)
    step = orders.Step(
        to=lifecycle.CANCELLED,
        changes={"carrier": None, "fleet": None},
        facts={"reason": reason[:200], "freed_rp": freed.rupiah},
        seen_version=seen_version,
        though_frozen=True,  # what was stopped may end
    )
    orders.move(order, step, by=by, now=now)
    letters.post(order, "cancelled", now=now)


@transaction.atomic
def take_break(rider: User, *, until: datetime, now: datetime) -> None:
    """Rest until then: no offer stands meanwhile. Whoever holds a cold bag brings it first."""
    if any(order.cold_minutes is not None for order in list_in_hand(rider)):
        raise Refused(Why.COLD_IN_HAND)
    rostering.take_break(get_rider(rider), until=until, now=now)
    Offer.objects.filter(rider=rider, answer=Answer.OPEN).update(
        answer=Answer.WITHDRAWN, answered_at=now
    )


@transaction.atomic
def end_shift(rider: User, *, now: datetime) -> None:
    """Go home. Whoever holds bags brings them first; what he has not fetched goes to others."""
    held = list_in_hand(rider)
    if held:
        raise Refused(Why.STILL_HOLDS, bags=sum(order.bags for order in held))
    Offer.objects.filter(rider=rider, answer=Answer.OPEN).update(
        answer=Answer.WITHDRAWN, answered_at=now
    )
    for order in list_held(rider):
        give_up(order, by=rider.username, seen_version=None, now=now)
    fleet.end_shift(get_rider(rider), now=now)


@transaction.atomic
def hand_back(rider: User, *, by: str, now: datetime) -> list[str]:
    """Somebody rides here no more: what he has not fetched goes to others, his shift ends.

    The codes that went back. Bags in his hands, and what is frozen, stay his until somebody acts.
    """
    Offer.objects.filter(rider=rider, answer=Answer.OPEN).update(
        answer=Answer.WITHDRAWN, answered_at=now
    )
    unfetched = [order for order in list_held(rider) if order.state == lifecycle.ASSIGNED]
    free = [order for order in unfetched if order.frozen_at is None]
    for order in free:
        give_up(order, by=by, seen_version=None, now=now)
    if hasattr(rider, "rider") and find_shift(rider.rider):
        fleet.end_shift(rider.rider, now=now)
    return [order.code for order in free]


def expiry_of(order: Order, *, now: datetime) -> datetime:
    """Until when an offer made now waits for its answer."""
    return now + timedelta(seconds=terms_of(order.programme).offer_s)
