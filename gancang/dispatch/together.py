"""Orders of one trip in the planner's eyes: one job while they wait, one offer, one price.

Once somebody has them they are jobs again, each with its counter and its door: in his order of
stops they lie beside each other.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from gancang.dispatch.rules import WITH_OTHERS
from gancang.orders import lifecycle

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from gancang_planner import Job

    from gancang.dispatch.planning import Proposal
    from gancang.dispatch.ticking import Reason
    from gancang.orders.models import Order
    from gancang.trips.models import Joined

TRIP = " trip "  # stands in the group of offers for one house
# What is ready waits for the rest of its trip until so long before its promise.
LEAVES_BEFORE = timedelta(minutes=60)


def trip_of(order: Order) -> int | None:
    """The number of an order's trip, where it was read with `joined`."""
    row: Joined | None = getattr(order, "joined", None)
    return row.trip_id if row else None


def parties_of(waiting: Iterable[Order]) -> dict[str, list[Order]]:
    """Of orders that wait those that go together: the first one's code, and all of them."""
    by_trip: dict[int, list[Order]] = {}
    for order in sorted(waiting, key=lambda each: each.pk):
        if trip := trip_of(order):
            by_trip.setdefault(trip, []).append(order)
    return {found[0].code: found for found in by_trip.values() if len(found) > 1}


def lead_of(order: Order, parties: Mapping[str, Sequence[Order]]) -> str:
    """By whose code an order is planned: its own, or that of the first of its party."""
    return next((lead for lead, found in parties.items() if order in found), order.code)


def one_job(jobs: Sequence[Job]) -> Job:
    """Several orders as one job: each counter once, one door, what any of them asks of a rider."""
    first = jobs[0]
    stops: dict[int, int] = {}
    for job in jobs:
        place = job.pickups[0].place
        stops[place] = stops.get(place, 0) + job.load[0]
    counter = first.pickups[0]
    several = len(stops) > 1
    allowed = [job.allowed_vehicles for job in jobs if job.allowed_vehicles is not None]
    on_board = [job.max_onboard_s for job in jobs if job.max_onboard_s is not None]
    return replace(
        first,
        pickups=tuple(
            replace(counter, place=place, load=(bags,) if several else None)
            for place, bags in stops.items()
        ),
        load=(sum(stops.values()),),
        skills=frozenset().union(*(job.skills for job in jobs)),
        priority=sum(job.priority for job in jobs),
        release_s=max(job.release_s for job in jobs),
        promise_s=min(job.promise_s for job in jobs if job.promise_s is not None),
        max_onboard_s=min(on_board, default=None),
        max_detour_percent=None if several else first.max_detour_percent,
        allowed_vehicles=frozenset.intersection(*allowed) if allowed else None,
        refused_by=frozenset().union(*(job.refused_by for job in jobs)),
    )


def offered(
    proposals: Sequence[Proposal], parties: Mapping[str, Sequence[Order]]
) -> list[Proposal]:
    """A proposal for each order of a party: answered as one, each with its share of the price."""
    told = []
    for proposal in proposals:
        party = parties.get(proposal.order)
        if party is None:
            told.append(proposal)
            continue
        told += [
            replace(
                proposal,
                order=each.code,
                pay_rp=each.joined.share_rp,
                group=f"{TRIP.strip()} {trip_of(each)}",
            )
            for each in party
        ]
    return told


def told_of_all(reasons: Sequence[Reason], parties: Mapping[str, Sequence[Order]]) -> list[Reason]:
    """Why each order of a party waits, where one reason was given for all."""
    return [
        reason._replace(order=code)
        for reason in reasons
        for code in ([each.code for each in parties.get(reason.order, ())] or [reason.order])
    ]


def waits_for_others(
    rows: Sequence[Order], members: Sequence[Joined], held_back: Mapping[str, str], *, now: datetime
) -> tuple[dict[str, str], list[Order]]:
    """Which orders wait for the rest of their trip, and which are left behind by it.

    While there is time the ready ones wait. Once a promise is near, or where the operator stopped
    the rest, the rest goes by itself later.
    """
    ready = {each.code: each for each in rows if _is_ready(each, held_back)}
    waits: dict[str, str] = {}
    behind: list[Order] = []
    for trip in {trip_of(each) for each in ready.values()} - {None}:
        mine = [each for each in ready.values() if trip_of(each) == trip]
        missing = [
            row.order for row in members if row.trip_id == trip and row.order.code not in ready
        ]
        if not missing:
            continue
        soon = min(each.promise_at for each in mine) - LEAVES_BEFORE
        if now < soon and all(_comes(each) for each in missing):
            waits |= {each.code: WITH_OTHERS for each in mine}
        else:
            behind += missing
    return waits, behind


def _is_ready(order: Order, held_back: Mapping[str, str]) -> bool:
    return order.state == lifecycle.RELEASED and order.code not in held_back


def _comes(order: Order) -> bool:
    """Whether an order may still become ready; one in a rider's hands goes with him."""
    return order.state in {lifecycle.PLACED, lifecycle.RELEASED} and order.frozen_at is None
