"""Reading offers, the board and what a rider holds. Each question knows who asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    Prefetch,
    Q,
    QuerySet,
    Value,
    When,
)
from django.shortcuts import get_object_or_404

from gancang.dispatch import rounds
from gancang.dispatch.models import Offer, Regime, Waiting
from gancang.dispatch.planner import KERNEL, REFERENCE, Planner, engine_here
from gancang.dispatch.rules import WAY_OFF, urgency
from gancang.dispatch.together import TRIP
from gancang.fleet.queries import OnShift, list_on_shift
from gancang.orders import lifecycle
from gancang.orders.models import Order
from gancang.orders.queries import visible_to
from gancang.programmes.queries import terms_of
from gancang.reach.queries import closed_in, ways_of
from gancang.regions.policies import PlanningPolicy, policies_in_force
from gancang.regions.queries import today_in
from gancang.trips.queries import share_of
from gancang.values import Money

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gancang.accounts.models import Membership, User
    from gancang.reach.closing import Closed
    from gancang.reach.rules import Way
    from gancang.regions.models import Region

BOARD_ROWS_MAX = 60
WITHOUT_WAY_MAX = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """What a rider is asked at once: one offer, or all the offers of a round."""

    offers: Sequence[Offer]

    @property
    def first(self) -> Offer:
        """The offer by which all are answered."""
        return self.offers[0]

    @property
    def is_one_house(self) -> bool:
        """Whether all of it goes to one door."""
        return len(self.offers) > 1 and TRIP in self.first.group

    @property
    def pay_rp(self) -> int:
        """What he is paid for all of it."""
        return sum(offer.pay_rp for offer in self.offers)

    @property
    def bags(self) -> int:
        """How many bags that is."""
        return sum(offer.order.bags for offer in self.offers)

    @property
    def farthest(self) -> Offer:
        """The offer that leads farthest."""
        return max(self.offers, key=lambda offer: offer.distance_m)


def list_asked(rider: User, *, now: datetime) -> list[Asked]:
    """What is offered to a rider now, the soonest to run out first; what goes together as one.

    Riders look again and again, mostly at nothing: ask first, cheaply, whether there is any.
    """
    rows = offers_to_answer(rider, now=now)
    if not rows.exists():
        return []
    related = ("order__region", "order__origin", "order__village__district", "fleet")
    asked: dict[str, list[Offer]] = {}
    for offer in rows.select_related(*related).order_by("expires_at", "pk"):
        asked.setdefault(offer.group or str(offer.pk), []).append(offer)
    return [Asked(offers) for offers in asked.values()]


def offers_to_answer(rider: User, *, now: datetime) -> QuerySet[Offer]:
    """What waits for a rider's yes or no."""
    return Offer.objects.filter(rider=rider, answer=Offer.Answer.OPEN, expires_at__gt=now)


def list_with(offer: Offer, *, now: datetime) -> list[Offer]:
    """The other open offers that are answered with this one, in a fixed order. One query."""
    if not offer.group:
        return []
    rows = Offer.objects.filter(group=offer.group, rider=offer.rider_id, expires_at__gt=now)
    rows = rows.filter(answer=Offer.Answer.OPEN).exclude(pk=offer.pk).order_by("order_id")
    return list(rows.select_related("order__region", "order__programme", "fleet"))


def owed_for(order: Order) -> Money:
    """What the public funds owe for a hand-over: as agreed with the rider, less what is paid.

    On a round, or with others of its house, that is the order's share of the route, never more
    than its own price. Two queries.
    """
    if (share := share_of(order)) is not None:
        return Money(max(0, min(share, order.price_rp) - order.patient_pays_rp))
    taken = Offer.objects.filter(order=order, answer=Offer.Answer.YES).order_by("-pk")
    agreed = taken.values_list("pay_rp", "group").first()
    price = order.price_rp
    if agreed and TRIP not in agreed[1]:  # who was taken on with others and goes alone is paid so
        price = min(agreed[0], price)
    return Money(max(0, price - order.patient_pays_rp))


def get_own_offer(rider: User, number: int) -> Offer:
    """An offer that was made to this rider, or 404."""
    rows = Offer.objects.select_related("order__region", "order__programme", "fleet")
    return get_object_or_404(rows, pk=number, rider=rider)


def list_in_hand(rider: User) -> list[Order]:
    """The orders whose bags a rider holds."""
    return list(Order.objects.filter(carrier=rider, state__in=sorted(lifecycle.IN_HAND)))


def list_held(rider: User) -> list[Order]:
    """All that a rider has taken on and not finished: to fetch, to bring, to bring back."""
    rows = Order.objects.filter(
        carrier=rider, state__in=[lifecycle.ASSIGNED, lifecycle.COLLECTED, lifecycle.FAILED]
    )
    if not rows.exists():  # as with offers: mostly there is nothing
        return []
    related = ("programme", "region", "origin__village", "village__district", "carrier")
    return list(rows.select_related(*related, "hold_at__village").order_by("code"))


def closed_of(
    order: Order, ways: Sequence[Way], closed: Sequence[Closed], *, now: datetime
) -> Closed | None:
    """What of all that is switched off lies on an order's way, if anything."""
    if not closed:
        return None
    carriers = frozenset(terms_of(order.programme).carriers)
    return rounds.closed_for(order, ways, closed, carriers, now=now)


def find_closed(order: Order, *, now: datetime) -> Closed | None:
    """What is switched off on an order's way, if anything is."""
    closed = closed_in(order.region, now=now)
    return closed_of(order, ways_of(order.region), closed, now=now)


def list_without_way(asker: Membership, *, now: datetime) -> list[tuple[Order, Closed]]:
    """The promised orders whose way is switched off, the earliest promise first."""
    closed, ways = closed_in(asker.region, now=now), ways_of(asker.region)
    if not closed:
        return []
    waiting = [lifecycle.PLACED, lifecycle.RELEASED]
    rows = visible_to(asker).filter(state__in=waiting).order_by("promise_at", "id")
    found = [(row, closed_of(row, ways, closed, now=now)) for row in rows]
    return [(row, off) for row, off in found if off is not None][:WITHOUT_WAY_MAX]


@dataclass(frozen=True, slots=True)
class InForce:
    """What plans a region today, what is tried in its shadow, and the row that says so, if any."""

    policies: Sequence[PlanningPolicy]
    running: Planner
    shadow: Planner | None
    row: Regime | None

    def planner_of(self, policy: str) -> Planner:
        """Who plans the orders of a programme that names a policy; the running one for ""."""
        return Planner(find_policy(self.policies, policy) or self.running.policy, self.engine)

    @property
    def engine(self) -> str:
        """The engine that plans."""
        return self.running.engine

    def untried(self) -> list[Planner]:
        """All that could be tried in the shadow: each policy by each engine, but the running."""
        engines = dict.fromkeys([engine_here(KERNEL), REFERENCE])
        planners = [Planner(policy, engine) for policy in self.policies for engine in engines]
        return [planner for planner in planners if planner.name != self.running.name]

    @property
    def number(self) -> int:
        """What a form says that it saw; 0 before anybody chose."""
        return self.row.pk if self.row else 0


def in_force(region: Region, *, now: datetime) -> InForce:
    """What plans a region now. One query."""
    row = Regime.objects.filter(region=region).order_by("-pk").first()
    policies = policies_in_force(region, today_in(region, now))
    # A policy that ran out, or is gone from the pack, gives way to the pack's first.
    running = find_policy(policies, row.policy if row else "") or policies[0]
    shadow = None
    if row and row.shadow_engine:
        tried = find_policy(policies, row.shadow_policy)
        shadow = Planner(tried, engine_here(row.shadow_engine)) if tried else None
    engine = engine_here(row.engine if row else KERNEL)
    return InForce(policies, Planner(running, engine), shadow, row)


def find_before(region: Region, rule: InForce) -> tuple[str, str] | None:
    """The policy and the engine that planned before those of today, or None."""
    if rule.row is None:
        return None
    now = (rule.row.policy, rule.row.engine)
    rows = Regime.objects.filter(region=region).exclude(policy=now[0], engine=now[1])
    last = rows.order_by("-pk").values_list("policy", "engine").first()
    # Before the first row the pack's first policy planned.
    first = ("", KERNEL)
    return last or (None if now == first else first)


def find_policy(policies: Sequence[PlanningPolicy], name: str) -> PlanningPolicy | None:
    """The policy of that name, or None."""
    return next((policy for policy in policies if policy.name == name), None)


def carried_by_fleet(region: Region, *, days: int, now: datetime) -> dict[str, int]:
    """The orders that each fleet took in the last days and has finished. One query."""
    taken = Offer.objects.filter(
        answer=Offer.Answer.YES,
        answered_at__gt=now - timedelta(days=days),
        order__region=region,
        order__state__in=[lifecycle.DELIVERED, lifecycle.FAILED, lifecycle.RETURNED],
    )
    return dict(taken.values_list("fleet__code").annotate(Count("order", distinct=True)))


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One open order on the operator's board."""

    order: Order
    urgency: str
    waiting: str
    offer: Offer | None


@dataclass(frozen=True, slots=True)
class Board:
    """What an operator sees: the most pressing open orders, the counts, who is at work."""

    rows: Sequence[BoardRow]
    counts: dict[str, int]
    riders: Sequence[OnShift]
    more: int


def board(asker: Membership, *, now: datetime) -> Board:
    """The board of a region: bags not back, then late, then at risk. Fixed number of queries."""
    open_orders = visible_to(asker).filter(state__in=sorted(lifecycle.OPEN))
    counts = _counts(open_orders, now=now)
    offers = Offer.objects.filter(answer=Offer.Answer.OPEN).select_related("rider")
    pressing = _pressing(open_orders, now=now).select_related("waiting")
    pressing = pressing.prefetch_related(Prefetch("offers", offers, to_attr="open_offers"))
    closed, ways = closed_in(asker.region, now=now), ways_of(asker.region)
    rows = [_row(order, ways, closed, now=now) for order in pressing[:BOARD_ROWS_MAX]]
    at_work = list_on_shift(asker.region, now=now)
    return Board(rows, counts, at_work, max(0, counts["open"] - len(rows)))


def pressing(asker: Membership, *, now: datetime) -> QuerySet[Order]:
    """The orders for which an operator must do something: late, not handed over, bag not back."""
    late = Q(promise_at__lt=now) | Q(state=lifecycle.FAILED) | Q(back_by__lt=now)
    return visible_to(asker).filter(late, state__in=sorted(lifecycle.OPEN))


def _pressing(open_orders: QuerySet[Order], *, now: datetime) -> QuerySet[Order]:
    failed_first = Case(
        When(state__in=[lifecycle.FAILED, lifecycle.HELD], back_by__lt=now, then=Value(0)),
        When(state=lifecycle.FAILED, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return open_orders.order_by(failed_first, F("promise_at"), "id")


def _counts(open_orders: QuerySet[Order], *, now: datetime) -> dict[str, int]:
    found = dict.fromkeys(sorted(lifecycle.OPEN), 0)
    late = 0
    for state, promise_at in open_orders.order_by().values_list("state", "promise_at"):
        found[state] += 1
        late += promise_at < now
    return {**found, "late": late, "open": sum(found.values())}


def _row(order: Order, ways: Sequence[Way], closed: Sequence[Closed], *, now: datetime) -> BoardRow:
    waiting: Waiting | None = getattr(order, "waiting", None)
    offers: list[Offer] = order.open_offers  # type: ignore[attr-defined]  # to_attr
    off = closed_of(order, ways, closed, now=now) is not None
    told = waiting.reason if waiting and order.state == lifecycle.RELEASED else ""
    return BoardRow(
        order,
        urgency_of(order, now=now, is_off=off),
        WAY_OFF if off else told,
        offers[0] if offers else None,
    )


def urgency_of(order: Order, *, now: datetime, is_off: bool = False) -> str:
    """How an open order, its way perhaps off, stands: `back`, `late`, `risk` or `fine`."""
    return urgency(
        order.state,
        order.promise_at,
        now=now,
        back_by=order.back_by,
        is_stopped=bool(order.frozen_at or order.missed_at or is_off),
    )


def list_offers(order: Order) -> list[Offer]:
    """Every offer of an order, oldest first, for its story."""
    rows = Offer.objects.filter(order=order).select_related("rider", "fleet", "tick")
    return list(rows.defer("tick__world").order_by("pk"))


def list_riders_for_hand(asker: Membership, *, now: datetime) -> list[OnShift]:
    """Whom the operator may name by hand: who is at work, of his organisation if he has one."""
    at_work = list_on_shift(asker.region, now=now)
    if asker.organisation_id is None:
        return at_work
    return [found for found in at_work if found.rider.organisation_id == asker.organisation_id]
