"""A bag was not handed over: it goes back or to a counter, and everybody concerned is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from gancang.dispatch import letters
from gancang.dispatch.mourning import Death, report_death
from gancang.incidents import actions as incidents
from gancang.incidents.queries import find_rider_of
from gancang.orders import failing, lifecycle
from gancang.regions.queries import today_in
from gancang.trips import actions as trips
from gancang.trips.queries import along_with

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.orders.failing import Visit
    from gancang.orders.models import Order


@transaction.atomic
def fail(order: Order, visit: Visit, *, seen_version: int | None, now: datetime) -> None:
    """The bag was not handed over: it goes back or to a counter, and the patient is told.

    Where the patient has died nobody writes to the house any more, and what else was on its way
    to him stops until the pharmacist has spoken with the family.
    """
    assert order.carrier is not None, order.code
    by_whom = order.carrier.username
    _fail_together(order, visit, by=by_whom, now=now, seen_version=seen_version)
    if visit.reason == lifecycle.Failure.DECEASED:
        death = Death(on=today_in(order.region, now), source="rider", told_by=order.code)
        report_death(order.resident_id, death, by=by_whom, now=now)
        return
    was_told = letters.post(order, "to_counter" if order.hold_at else "failed", now=now)
    if visit.incident is not None:
        _report(order, visit, was_told=was_told, now=now)


def _fail_together(
    order: Order, visit: Visit, *, by: str, now: datetime, seen_version: int | None
) -> None:
    """What was for the same patient was not handed over either; what is for others goes on."""
    mates = along_with(order)
    same = [mate for mate in mates if mate.resident_id == order.resident_id]
    failing.fail(order, visit, now=now, seen_version=seen_version)
    for mate in same:
        failing.fail(mate, visit, now=now, seen_version=None)
    if len(same) < len(mates):
        for each in (order, *same):
            trips.part(each, why="failed", by=by, now=now)


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
