"""Offers and their answers, assigning by hand, fetching, failing, cancelling."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from gancang.audit.actions import record
from gancang.dispatch import letters
from gancang.dispatch.models import Offer, Regime, Waiting
from gancang.dispatch.planner import KERNEL, engine_here
from gancang.dispatch.queries import (
    InForce,
    find_before,
    find_policy,
    in_force,
    list_held,
    list_in_hand,
    list_with,
)
from gancang.dispatch.rules import Why
from gancang.fleet import actions as fleet
from gancang.fleet.queries import find_fit, find_shift, get_rider
from gancang.incidents import actions as incidents
from gancang.incidents.queries import find_rider_of
from gancang.ledger import actions as ledger
from gancang.orders import actions as orders
from gancang.orders import failing, lifecycle
from gancang.orders.failing import Visit
from gancang.orders.queries import list_others_open
from gancang.orders.scanning import PICK_UP, check_bags
from gancang.programmes.queries import terms_of
from gancang.regions.models import Region
from gancang.residents.actions import mark_deceased
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
def assign_by_hand(
    order: Order, rider: User, *, reason: str, by: Membership, seen_version: int, now: datetime
) -> None:
    """The operator names the rider, with a reason. Release, training and fleet still bind him."""
    if not reason.strip():
        raise Refused(Why.NO_REASON)
    if order.state == lifecycle.PLACED:
        raise Refused(Why.NOT_RELEASED, order=order.code)
    fleet_of_his = fleet_if_fit(order, rider, now=now)
    orders.hold(order)
    withdraw_offers(order, now=now)
    if order.state == lifecycle.ASSIGNED:
        _take_from_rider(order, by=by.user.username, seen_version=seen_version, now=now)
        seen_version = order.version
    offer = Offer.objects.create(
        order=order,
        rider=rider,
        fleet=fleet_of_his,
        made_at=now,
        expires_at=now,
        answer=Answer.YES,
        answered_at=now,
        pay_rp=order.price_rp,
        distance_m=order.distance_m,
        reason=reason.strip()[:200],
    )
    step = orders.Step(
        to=lifecycle.ASSIGNED,
        changes={"carrier": rider, "fleet": fleet_of_his},
        facts={"rider": rider.username, "by_hand": reason.strip()[:200], "offer": offer.pk},
        seen_version=seen_version,
    )
    orders.move(order, step, by=by.user.username, now=now)
    Waiting.objects.filter(order=order).delete()


def fleet_if_fit(order: Order, rider: User, *, now: datetime) -> Organisation:
    """The fleet of a rider who may carry this order; refused if he may not."""
    terms = terms_of(order.programme)
    fit = find_fit(rider, training=terms.training_class, now=now)
    if isinstance(fit, str):
        known = {"off": Why.NOT_ON_SHIFT, "untrained": Why.NOT_TRAINED}
        raise Refused(known[fit], rider=rider.full_name)
    fleet_of_his = fit.rider.organisation
    if terms.carriers and fleet_of_his.code not in terms.carriers:
        raise Refused(Why.FLEET_NOT_NAMED, fleet=fleet_of_his, programme=terms.name)
    return fleet_of_his


def _take_from_rider(order: Order, *, by: str, seen_version: int, now: datetime) -> None:
    step = orders.Step(
        to=lifecycle.RELEASED,
        changes={"carrier": None, "fleet": None},
        facts={"taken_from": order.carrier.username if order.carrier else None},
        seen_version=seen_version,
    )
    orders.move(order, step, by=by, now=now)


@transaction.atomic
def give_up(order: Order, *, by: str, seen_version: int | None, now: datetime) -> None:
    """The rider can't come after all, before he has the bag: the order goes to another."""
    facts = {"given_up_by": by}
    step = orders.Step(
        to=lifecycle.RELEASED,
        changes={"carrier": None, "fleet": None},
        facts=facts,
        seen_version=seen_version,
    )
    orders.move(order, step, by=by, now=now)


def collect(
    order: Order, *, bag_code: str, by: User, seen_version: int | None, now: datetime
) -> None:
    """The rider scans or types the code of each bag at the counter; another bag is refused."""
    check_bags(order, bag_code, where=PICK_UP, by=by.username, now=now)
    step = orders.Step(
        to=lifecycle.COLLECTED, facts={"bags": order.bags}, seen_version=seen_version
    )
    with transaction.atomic():
        orders.move(order, step, by=by.username, now=now)
        letters.post(order, "collected", now=now)


@transaction.atomic
def fail(order: Order, visit: Visit, *, seen_version: int | None, now: datetime) -> None:
    """The bag was not handed over: it goes back or to a counter, and the patient is told.

    Where the patient has died nobody writes to the house any more, and what else was on its way
    to him stops until the pharmacist has spoken with the family.
    """
    failing.fail(order, visit, now=now, seen_version=seen_version)
    if visit.reason == lifecycle.Failure.DECEASED:
        assert order.carrier is not None, order.code
        mark_deceased(order.resident_id, now.date(), "rider", order.carrier.username, now)
        for stopped in [order, *list_others_open(order)]:
            _stop_for_the_dead(stopped, told_by=order.code, now=now)
        return
    was_told = letters.post(order, "to_counter" if order.hold_at else "failed", now=now)
    if visit.incident is not None:
        _report(order, visit, was_told=was_told, now=now)


def _report(order: Order, visit: Visit, *, was_told: bool, now: datetime) -> None:
    """Something happened to the rider or the bag: an incident, without anybody typing it."""
    assert visit.incident is not None
    rider = find_rider_of(order)
    if rider is None:
        return
    told = incidents.Report(
        kind=visit.incident,
        what_happened=visit.note,
        happened_at=visit.at or now,
        order=order,
        rider=rider,
    )
    incident = incidents.report_from_the_road(told, now=now)
    if not was_told:
        incidents.ask_to_ring(incident, [order], script="delayed")


def _stop_for_the_dead(order: Order, *, told_by: str, now: datetime) -> None:
    orders.hold(order)
    withdraw_offers(order, now=now)
    if order.state == lifecycle.ASSIGNED and not order.frozen_at:
        give_up(order, by="system", seen_version=None, now=now)
    why = str(_("the patient has died, as told at the door of order %(code)s") % {"code": told_by})
    orders.freeze(order, why=why, by="system", now=now)


@transaction.atomic
def cancel(order: Order, *, reason: str, by: str, seen_version: int | None, now: datetime) -> None:
    """Call an order off before it is collected; its budget is free again at once."""
    orders.hold(order)
    withdraw_offers(order, now=now)
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


@transaction.atomic
def try_in_shadow(
    region: Region, tried: tuple[str, str] | None, *, seen: int, by: str, now: datetime
) -> None:
    """Plan every tick a second time by this policy and engine, without offers; None: stop that."""
    rule = _held_rule(region, seen=seen, now=now)
    policy, engine = tried or ("", "")
    if tried:
        _refuse_unless_new(rule, policy, engine)
    running = rule.row or Regime(policy="", engine=KERNEL)
    fresh = Regime(policy=running.policy, engine=running.engine)
    fresh.shadow_policy, fresh.shadow_engine = policy, engine
    _begin(fresh, "planning.shadowed", region, by=by, now=now)


@transaction.atomic
def adopt_shadow(region: Region, *, seen: int, by: str, now: datetime) -> None:
    """What was tried in the shadow plans from now on, and what ran until now is in the shadow."""
    rule = _held_rule(region, seen=seen, now=now)
    if rule.row is None or rule.shadow is None:
        raise Refused(Why.NO_SHADOW)
    fresh = Regime(policy=rule.row.shadow_policy, engine=rule.row.shadow_engine)
    _begin(_with_shadow(fresh, rule), "planning.adopted", region, by=by, now=now)


@transaction.atomic
def go_back(region: Region, *, seen: int, by: str, now: datetime) -> None:
    """What planned before plans again; what ran until now is in its shadow."""
    rule = _held_rule(region, seen=seen, now=now)
    before = find_before(region, rule)
    if before is None:
        raise Refused(Why.NONE_BEFORE)
    policy, engine = before
    fresh = Regime(policy=policy, engine=engine)
    _begin(_with_shadow(fresh, rule), "planning.went_back", region, by=by, now=now)


def _held_rule(region: Region, *, seen: int, now: datetime) -> InForce:
    """What plans the region, held until the deed is done; refused if it is not what was seen."""
    held = Region.objects.select_for_update().get(pk=region.pk)
    rule = in_force(held, now=now)
    if rule.number != seen:
        raise Refused(Why.REGIME_CHANGED)
    return rule


def _refuse_unless_new(rule: InForce, policy: str, engine: str) -> None:
    if find_policy(rule.policies, policy) is None:
        raise Refused(Why.NO_POLICY, policy=policy)
    if (policy, engine_here(engine)) == (rule.running.policy.name, rule.running.engine):
        raise Refused(Why.SAME_AS_RUNNING)


def _with_shadow(fresh: Regime, rule: InForce) -> Regime:
    fresh.shadow_policy, fresh.shadow_engine = rule.running.policy.name, rule.running.engine
    return fresh


def _begin(fresh: Regime, kind: str, region: Region, *, by: str, now: datetime) -> None:
    fresh.region, fresh.since, fresh.by = region, now, by
    fresh.save(force_insert=True)
    facts: dict[str, object] = {
        "policy": fresh.policy,
        "engine": fresh.engine,
        "shadow_policy": fresh.shadow_policy,
        "shadow_engine": fresh.shadow_engine,
    }
    record(kind, region.code, region=region.code, by=by, now=now, facts=facts)
