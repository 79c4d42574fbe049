"""One planning tick of a region: photograph, think, adopt. The only deeds of the planner itself."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from gancang_planner import Stopping

from gancang.audit.actions import record
from gancang.dispatch import planning
from gancang.dispatch.actions import expire_offers, expiry_of
from gancang.dispatch.models import Offer, Tick, Waiting
from gancang.dispatch.queries import Work, work_of
from gancang.orders import lifecycle
from gancang.orders.actions import tell_board
from gancang.orders.models import Order
from gancang.programmes.queries import terms_of
from gancang.regions.queries import travel_estimate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gancang.dispatch.planning import Proposal, World
    from gancang.regions.models import Region

ITERATIONS = 20
THINK_S_MAX = 2.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a tick did, as `gancang dispatch --once` tells it."""

    considered: int
    assigned: int
    unserved: Sequence[tuple[str, str]]
    seconds: float


def tick(region: Region, *, now: datetime, seed: int | None = None) -> Outcome:
    """Plan a region once and make the offers that the plan asks for.

    No transaction is open while the planner thinks; an order that moved on meanwhile keeps its
    own way. The world, the seed and the iterations are kept, so that the tick can be replayed.
    """
    started = time.perf_counter()
    expire_offers(region.pk, now=now)
    work = work_of(region, now=now)
    waiting = _to_offer(work)
    if not waiting:
        return Outcome(0, 0, [], time.perf_counter() - started)
    terms = {order.programme_id: terms_of(order.programme) for order in work.orders}
    world = planning.world_of(work, terms, now=now)
    seed = int(now.timestamp()) if seed is None else seed
    guard = Stopping(ITERATIONS, is_time_up=lambda: time.perf_counter() - started > THINK_S_MAX)
    found = planning.think(world, travel_estimate(region), guard, seed=seed)
    proposals = planning.proposals_of(world, found)
    unserved = planning.reasons_of(found)
    seconds = time.perf_counter() - started
    kept = None
    if proposals or _news(unserved, waiting):
        kept = _keep(
            region,
            world,
            seed=seed,
            iterations=found.iterations,
            seconds=seconds,
            considered=len(waiting),
            now=now,
        )
    assigned = 0
    if kept:
        assigned = _adopt(proposals, unserved, waiting, work, kept, now=now)
    return Outcome(len(waiting), assigned, unserved, seconds)


def _adopt(
    proposals: Sequence[Proposal],
    unserved: Sequence[tuple[str, str]],
    waiting: Sequence[Order],
    work: Work,
    kept: Tick,
    *,
    now: datetime,
) -> int:
    """Make the offers and note why the others wait; how many were offered."""
    by_code = {order.code: order for order in waiting}
    riders = {found.rider.user.username: found.rider for found in work.riders}
    assigned = 0
    for proposal in proposals:
        if order := by_code.get(proposal.order):
            rider = riders[proposal.rider]
            assigned += _offer(order, proposal, rider.user_id, rider.organisation_id, kept, now=now)
    Tick.objects.filter(pk=kept.pk).update(assigned=assigned)
    _note_waiting(unserved, by_code, kept, now=now)
    return assigned


def _to_offer(work: Work) -> list[Order]:
    return [
        order
        for order in work.orders
        if order.state == lifecycle.RELEASED and order.code not in work.offered_to
    ]


def _news(unserved: Sequence[tuple[str, str]], waiting: Sequence[Order]) -> bool:
    told = dict(Waiting.objects.filter(order__in=waiting).values_list("order__code", "reason"))
    return told != dict(unserved)


def _keep(  # noqa: PLR0913 - a tick is all of these
    region: Region,
    world: World,
    *,
    seed: int,
    iterations: int,
    seconds: float,
    considered: int,
    now: datetime,
) -> Tick:
    return Tick.objects.create(
        region=region,
        at=now,
        seed=seed,
        iterations=iterations,
        considered=considered,
        assigned=0,
        seconds=seconds,
        world=planning.kept(world),
    )


def _offer(
    order: Order, proposal: Proposal, rider: int, fleet: int, kept: Tick, *, now: datetime
) -> bool:
    """One short transaction an order; False if it moved on while the planner thought."""
    try:
        with transaction.atomic():
            still = Order.objects.select_for_update().filter(
                pk=order.pk, state=lifecycle.RELEASED, version=order.version
            )
            if not still.exists():
                return False
            offer = Offer.objects.create(
                order=order,
                rider_id=rider,
                fleet_id=fleet,
                tick=kept,
                made_at=now,
                expires_at=expiry_of(order, now=now),
                pay_rp=order.price_rp,
                distance_m=order.distance_m,
                score=proposal.score,
            )
            facts: dict[str, object] = {
                "offer": offer.pk,
                "rider": proposal.rider,
                "tick": kept.pk,
                "score": proposal.score,
            }
            region = kept.region.code
            record("offer.made", order.code, region=region, by="dispatch", now=now, facts=facts)
            tell_board(region)
    except IntegrityError:
        # Another tick, or the operator's hand, was faster with an offer of its own.
        return False
    return True


@transaction.atomic
def _note_waiting(
    unserved: Sequence[tuple[str, str]], orders: dict[str, Order], kept: Tick, *, now: datetime
) -> None:
    """Keep for each order that was left out its one reason, and since when that one holds."""
    Waiting.objects.filter(order__in=orders.values()).exclude(
        order__code__in=[code for code, _reason in unserved]
    ).delete()
    known = {row.order_id: row for row in Waiting.objects.filter(order__in=orders.values())}
    fresh = []
    for code, reason in unserved:
        order = orders.get(code)
        if order is None:
            continue
        row = known.get(order.pk)
        if row is None:
            fresh.append(Waiting(order=order, reason=reason, since=now, tick=kept))
        elif row.reason != reason:
            row.reason, row.since, row.tick = reason, now, kept
            row.save(update_fields=["reason", "since", "tick"])
    Waiting.objects.bulk_create(fresh, ignore_conflicts=True)
