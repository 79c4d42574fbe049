"""Orders of one departure: planned together, offered together, paid for one route. No database."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from gancang.orders import lifecycle
from gancang.reach.closing import closed_at
from gancang.reach.rules import POST, RELAY, ROUND, find_way, fleets_of
from gancang.reach.sharing import shares_of_route
from gancang.regions.tariffs import price
from gancang.values import Money

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from gancang_planner import Plan, Route

    from gancang.dispatch.planner import Planner
    from gancang.dispatch.planning import Proposal, World
    from gancang.maps.ways import Travel
    from gancang.orders.models import Order
    from gancang.reach.closing import Closed
    from gancang.reach.rules import Way
    from gancang.regions.tariffs import Price

TOGETHER = frozenset({ROUND, RELAY, POST})
# The bags of a departure go with as few riders as can be, none of them late, on short routes.
LEVELS = (("unserved",), ("lateness_s",), ("vehicles",), ("distance_m",))


def departure_of(order: Order, ways: Sequence[Way]) -> str:
    """By which name orders go together; "" for one that goes by itself."""
    if order.way not in TOGETHER or order.not_before is None:
        return ""
    way = way_of(order, ways)
    line = way.code if way else order.way
    return f"{line} {order.origin.code} {order.not_before:%Y-%m-%dT%H:%MZ}"


def way_of(order: Order, ways: Sequence[Way]) -> Way | None:
    """The pack's way by which an order goes, or None where the pack has no such way any more."""
    return find_way(ways, order.way, origin=order.origin.code, village=order.village.code)


def closed_for(
    order: Order,
    ways: Sequence[Way],
    closed: Sequence[Closed],
    carriers: frozenset[str],
    *,
    now: datetime,
) -> Closed | None:
    """What keeps an order that nobody has taken yet: its way, or all `carriers`, switched off."""
    if not closed or order.state not in (lifecycle.PLACED, lifecycle.RELEASED):
        return None
    way = way_of(order, ways)
    fleets = fleets_of(way, carriers, {})
    code = way.code if way else ""
    return closed_at(closed, code, fleets, order.village.code, max(now, order.not_before or now))


def planner_for(planner: Planner) -> Planner:
    """Who plans a departure: the same engine, minding few riders before all else."""
    policy = replace(
        planner.policy,
        name="round",
        title="Round",
        levels=LEVELS,
        shares=(),
        commit_minutes=None,
    )
    return replace(planner, policy=policy, already={})


def priced(
    proposals: Sequence[Proposal],
    orders: Mapping[str, Order],
    worlds: tuple[World, Plan, Travel],
    rule: tuple[Price, Way | None],
) -> list[Proposal]:
    """The proposals of a departure with what each order pays, a group for each rider.

    A rider is paid for the kilometres of his route; its orders share that by what each would have
    cost alone. Flat prices stay as they are.
    """
    world, plan, travel = worlds
    told = []
    for route in plan.routes:
        mine = [each for each in proposals if each.rider == route.vehicle_id]
        if not mine:
            continue
        alone = [Money(orders[each.order].price_rp) for each in mine]
        shares = alone
        if any(orders[each.order].way != POST for each in mine):
            metres = route_metres(world, route, {each.order for each in mine}, travel)
            shares = shares_of_route(_price_of(metres, len(mine), rule), alone)
        told += [
            replace(each, pay_rp=share.rupiah, group=route.vehicle_id)
            for each, share in zip(mine, shares, strict=True)
        ]
    return told


def _price_of(metres: int, doors: int, rule: tuple[Price, Way | None]) -> Money:
    tariff, way = rule
    more = way.stop_price.rupiah * (doors - 1) if way else 0
    return price(tariff, metres) + Money(more)


def route_metres(world: World, route: Route, codes: set[str], travel: Travel) -> int:
    """How far some orders' stops lie along a route, from the first counter to the last door."""
    stops = [world.places[visit.place] for visit in route.visits if visit.job_id in codes]
    return sum(travel.metres(one, other) for one, other in pairwise(stops) if one != other)
