"""One planning tick of a region: photograph, think, adopt. The only deeds of the planner itself."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from django.db import IntegrityError, transaction

from gancang.audit.actions import record
from gancang.dispatch import falling, keeping, planning, rounds, shadow, together
from gancang.dispatch.actions import expire_offers, expiry_of
from gancang.dispatch.models import Comparison, Offer, Tick, Waiting
from gancang.dispatch.queries import InForce, carried_by_fleet, in_force
from gancang.dispatch.rules import PLANNED
from gancang.dispatch.work import Work, work_of
from gancang.maps.ways import travel_of
from gancang.orders import lifecycle
from gancang.orders.actions import tell_board
from gancang.orders.failing import alarm_late_returns
from gancang.orders.models import Order
from gancang.programmes.queries import terms_of
from gancang.regions.queries import get_tariff, today_in
from gancang.trips.actions import part

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from gancang_planner import Plan, Snapshot

    from gancang.dispatch.planner import Planner
    from gancang.dispatch.planning import Proposal, World
    from gancang.maps.ways import Among
    from gancang.programmes.rules import Terms
    from gancang.regions.models import Region

# Who else could have come is reckoned before the offers are made; riders do not wait for it.
ALTERNATIVES_S_MAX = 0.5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a tick did, as `gancang dispatch --once` tells it."""

    considered: int
    assigned: int
    unserved: Sequence[tuple[str, str]]
    seconds: float


@dataclass(frozen=True, slots=True)
class Photo:
    """All that a tick reads: what there is to plan, under which terms, by which policies."""

    region: Region
    now: datetime
    work: Work
    terms: Mapping[int, Terms]
    rule: InForce
    travel: Among

    def waiting(self) -> list[Order]:
        """The orders that are to be offered to somebody."""
        return [
            order
            for order in self.work.orders
            if order.state == lifecycle.RELEASED
            and order.code not in self.work.offered_to
            and order.code not in self.work.held_back
        ]

    def groups(self) -> list[Group]:
        """The orders that wait by policy and departure: single ones first, the weightiest first."""
        groups: dict[tuple[str, str], list[Order]] = {}
        weights: dict[tuple[str, str], int] = {}
        waiting = self.waiting()
        parties = together.parties_of(waiting)
        by_code = {order.code: order for order in waiting}
        for order in waiting:
            terms = self.terms[order.programme_id]
            # What goes together is planned as the first of it.
            lead = by_code[together.lead_of(order, parties)]
            policy = self.terms[lead.programme_id].policy
            key = (policy, rounds.departure_of(lead, self.work.ways))
            groups.setdefault(key, []).append(order)
            weights[key] = max(weights.get(key, 0), terms.priority)
        first = sorted(groups, key=lambda key: (bool(key[1]), -weights[key], key))
        return [Group(*key, groups[key]) for key in first]


class Group(NamedTuple):
    """Orders that are planned together: by which policy ("": the running one), which departure."""

    policy: str
    departure: str  # "": none
    orders: list[Order]


@dataclass(frozen=True, slots=True)
class Thought:
    """A plan with all that it was made from."""

    planner: Planner
    world: World
    snapshot: Snapshot
    plan: Plan
    group: Group
    seed: int
    seconds: float

    def due(self) -> tuple[list[Proposal], list[Reason]]:
        """What is to be offered now, and why each other order is not."""
        proposals = planning.proposals_of(self.world, self.plan)
        minutes = self.planner.policy.commit_minutes
        due = [p for p in proposals if minutes is None or p.leaves_s <= 60 * minutes]
        later = [Reason(p.order, PLANNED, p.rider) for p in proposals if p not in due]
        reasons = [Reason(*left) for left in planning.reasons_of(self.plan, self.world)] + later
        return due, together.told_of_all(reasons, self.parties)

    @property
    def parties(self) -> Mapping[str, Sequence[Order]]:
        """What was planned as one, by the code that stands for it."""
        return together.parties_of(self.group.orders)


class Reason(NamedTuple):
    """Why an order is not offered; if it is planned, for whom."""

    order: str
    reason: str
    rider: str = ""


def photograph(region: Region, *, now: datetime) -> Photo:
    """The whole of a region at one moment. As many queries for a thousand orders as for one."""
    work = work_of(region, now=now)
    terms = {order.programme_id: terms_of(order.programme) for order in work.orders}
    travel = travel_of(region, at=now).among(planning.places_in(work))
    return Photo(region, now, work, terms, in_force(region, now=now), travel)


def tick(region: Region, *, now: datetime, seed: int | None = None) -> Outcome:
    """Plan a region once and make the offers that the plan asks for.

    No transaction is open while the planner thinks; an order that moved on meanwhile keeps its
    own way. World, policy, seed and iterations are kept, so that the tick can be replayed. Orders
    of programmes that name a policy of their own are planned by themselves, the weightiest first.
    """
    started = time.perf_counter()
    expire_offers(region.pk, now=now)
    alarm_late_returns(region, now=now)
    photo = photograph(region, now=now)
    if photo.work.left_behind:
        for order in photo.work.left_behind:
            part(order, why="left behind", by="dispatch", now=now)
        photo = photograph(region, now=now)
    falling.note_falls(region, photo.work, now=now)
    seed = int(now.timestamp()) if seed is None else seed
    assigned = 0
    unserved = sorted(photo.work.held_back.items())
    _note_held_back(photo)
    groups = photo.groups()
    for group in groups:
        thought = _think(photo, group, seed=seed)
        unserved += [(left.order, left.reason) for left in thought.due()[1]]
        made = _adopt(photo, thought)
        assigned += len(made)
        photo = replace(photo, work=photo.work.with_offers(made))
    considered = sum(len(group.orders) for group in groups)
    return Outcome(considered, assigned, unserved, time.perf_counter() - started)


def world_seen(
    photo: Photo,
    planner: Planner | None = None,
    orders: Sequence[Order] = (),
    *,
    on_round: bool = False,
) -> World:
    """The planner's world of a photograph; of the orders that wait only these, if any are named."""
    weighing = (planner or photo.rule.running).weighing()
    others = {order.code for order in photo.waiting()} if orders else set()
    return planning.world_of(
        photo.work,
        photo.terms,
        photo.travel,
        weighing,
        now=photo.now,
        leaving_out=others - {order.code for order in orders},
        on_round=on_round,
    )


def _think(photo: Photo, group: Group, *, seed: int) -> Thought:
    planner = photo.rule.planner_of(group.policy)
    if group.departure:
        planner = rounds.planner_for(planner)
    elif planner.policy.shares:
        days = planner.policy.share_days
        already = carried_by_fleet(photo.region, days=days, now=photo.now)
        planner = replace(planner, already=already)
    world = world_seen(photo, planner, group.orders, on_round=bool(group.departure))
    snapshot = world.snapshot(photo.travel.between(world.places))
    return _planned(planner, (world, snapshot), group, seed=seed)


def _planned(planner: Planner, seen: tuple[World, Snapshot], group: Group, *, seed: int) -> Thought:
    world, snapshot = seen
    started = time.perf_counter()
    is_time_up = _after(planner.policy.think_s_max)
    plan = planner.plan(snapshot, seed=seed, is_time_up=is_time_up)
    return Thought(planner, world, snapshot, plan, group, seed, time.perf_counter() - started)


def _after(seconds: float) -> Callable[[], bool]:
    ends = time.perf_counter() + seconds
    return lambda: time.perf_counter() > ends


def _adopt(photo: Photo, thought: Thought) -> dict[str, str]:
    """Make the offers and note why the others wait; the orders that were offered, and to whom."""
    waiting = thought.group.orders
    due, reasons = thought.due()
    if not due and not _news(reasons, waiting):
        return {}
    proposals = _with_alternatives(_with_pay(due, photo, thought), thought)
    proposals = together.offered(proposals, thought.parties)
    kept = _keep(photo, thought, considered=len(waiting))
    by_code = {order.code: order for order in waiting}
    riders = {found.rider.user.username: found.rider for found in photo.work.riders}
    made = {}
    for proposal in proposals:
        if order := by_code.get(proposal.order):
            rider = riders[proposal.rider]
            if _offer(order, proposal, rider.user_id, rider.organisation_id, kept, now=photo.now):
                made[order.code] = proposal.rider
    Tick.objects.filter(pk=kept.pk).update(assigned=len(made))
    _note_waiting(reasons, by_code, kept, now=photo.now)
    _compare(photo, thought, kept)
    return made


def _with_pay(due: list[Proposal], photo: Photo, thought: Thought) -> list[Proposal]:
    """Proposals of a round with what each rider is paid for his route; others as they are."""
    if not thought.group.departure or not due:
        return due
    orders = {order.code: order for order in thought.group.orders}
    first = thought.group.orders[0]
    # Orders of one departure go by one way; the tariff of the first prices its kilometres.
    code = photo.terms[first.programme_id].tariff
    tariff = get_tariff(photo.region, code, on=today_in(photo.region, photo.now))
    # A price is the same at every hour: by the roads without traffic.
    seen = (thought.world, thought.plan, travel_of(photo.region))
    return rounds.priced(due, orders, seen, (tariff, rounds.way_of(first, photo.work.ways)))


def _with_alternatives(proposals: Sequence[Proposal], thought: Thought) -> list[Proposal]:
    """The proposals with the next best riders, as many as there is time for."""
    is_time_up = _after(ALTERNATIVES_S_MAX)
    told = []
    for proposal in proposals:
        found = None
        if not is_time_up():
            found = thought.planner.next_best(thought.snapshot, thought.plan, proposal.order)
        told.append(replace(proposal, alternatives=found))
    return told


def _news(reasons: Sequence[Reason], waiting: Sequence[Order]) -> bool:
    rows = Waiting.objects.filter(order__in=waiting)
    return set(rows.values_list("order__code", "reason", "rider")) != set(reasons)


def _keep(photo: Photo, thought: Thought, *, considered: int) -> Tick:
    return Tick.objects.create(
        region=photo.region,
        at=photo.now,
        seed=thought.seed,
        iterations=thought.plan.iterations,
        considered=considered,
        assigned=0,
        seconds=thought.seconds,
        world=keeping.kept(thought.world),
        thinking=thought.planner.told(),
        travel=photo.region.config["travel"],
        ways=keeping.ways_kept(photo.travel.between(thought.world.places)),
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
                pay_rp=order.price_rp if proposal.pay_rp is None else proposal.pay_rp,
                group=proposal.group and f"{kept.pk} {proposal.group}",
                distance_m=order.distance_m,
                score=proposal.score,
                alternatives=proposal.alternatives,
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


def _note_held_back(photo: Photo) -> None:
    """Keep for each order that is kept from the planner its one reason. No query without news."""
    fresh, changed = [], []
    for order in photo.work.orders:
        reason = photo.work.held_back.get(order.code, "")
        row: Waiting | None = getattr(order, "waiting", None)
        if not reason or (row is not None and row.reason == reason):
            continue
        if row is None:
            fresh.append(Waiting(order=order, reason=reason, since=photo.now))
        else:
            row.reason, row.rider, row.since, row.tick = reason, "", photo.now, None
            changed.append(row)
    if not (fresh or changed):
        return
    with transaction.atomic():
        Waiting.objects.bulk_update(changed, ["reason", "rider", "since", "tick"])
        Waiting.objects.bulk_create(fresh, ignore_conflicts=True)


@transaction.atomic
def _note_waiting(
    reasons: Sequence[Reason], orders: dict[str, Order], kept: Tick, *, now: datetime
) -> None:
    """Keep for each order that is not offered its one reason, and since when that one holds."""
    Waiting.objects.filter(order__in=orders.values()).exclude(
        order__code__in=[left.order for left in reasons]
    ).delete()
    known = {row.order_id: row for row in Waiting.objects.filter(order__in=orders.values())}
    fresh, changed = [], []
    for code, reason, rider in reasons:
        order = orders.get(code)
        if order is None:
            continue
        row = known.get(order.pk)
        if row is None:
            fresh.append(Waiting(order=order, reason=reason, rider=rider, since=now, tick=kept))
        elif (row.reason, row.rider) != (reason, rider):
            row.since = row.since if row.reason == reason else now
            row.reason, row.rider, row.tick = reason, rider, kept
            changed.append(row)
    Waiting.objects.bulk_update(changed, ["reason", "rider", "since", "tick"])
    Waiting.objects.bulk_create(fresh, ignore_conflicts=True)


def _compare(photo: Photo, thought: Thought, kept: Tick) -> None:
    """Plan the same once more by what is tried in the shadow, and keep what it does otherwise.

    After the offers: nobody waits for it. Only what the running policy plans is compared.
    """
    other = photo.rule.shadow
    if other is None or thought.planner.policy != photo.rule.running.policy:
        return
    if other.policy.shares:
        days = other.policy.share_days
        other = replace(other, already=carried_by_fleet(photo.region, days=days, now=photo.now))
    seen = (thought.world, thought.snapshot)
    instead = _planned(other, seen, thought.group, seed=thought.seed)
    idle = other.again(shadow.without_loose(thought.snapshot), seed=0, iterations=0)
    Comparison.objects.create(
        tick=kept,
        region=photo.region,
        at=photo.now,
        running=thought.planner.name,
        instead=other.name,
        thinking=other.told(),
        iterations=instead.plan.iterations,
        seconds=instead.seconds,
        **shadow.compared(thought.world, thought.plan, instead.plan, idle),
    )
