"""Gathering what is open, and how each of it stands afterwards. Each question knows who asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from gancang.accounts.queries import names_of
from gancang.contact.models import PatientMessage
from gancang.contact.queries import messages_to_answer
from gancang.dispatch.queries import urgency_of
from gancang.dispatch.rules import AT_RISK
from gancang.fleet.queries import list_on_shift
from gancang.incidents.models import Incident
from gancang.incidents.queries import visible
from gancang.orders import lifecycle
from gancang.orders.queries import visible_to
from gancang.watch import rules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from gancang.accounts.models import Membership
    from gancang.incidents.models import ShiftNote

# Open orders beyond these are counted, not read.
ORDERS_MAX = 2_000


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that is open: an order's code, an incident's number or a rider's user name."""

    what: str
    since: str
    who: str = ""

    def kept(self) -> list[str]:
        """The same as a note keeps it."""
        return [self.what, self.since, self.who]


@dataclass(frozen=True, slots=True)
class Section:
    """What is open of one kind: how many, and the first of them."""

    kind: str
    count: int
    things: Sequence[Thing]


def what_is_open(asker: Membership, *, now: datetime) -> list[Section]:
    """All that a shift leaves open, by kind. Six queries, however much it is."""
    found = {**_orders(asker, now=now), rules.SILENT: _silent(asker, now=now)}
    incidents = visible(asker).filter(closed_at=None).order_by("pk")
    found[rules.INCIDENT] = [
        Thing(str(row.pk), row.opened_at.isoformat(), row.kind) for row in incidents
    ]
    messages = messages_to_answer(asker).order_by("pk")
    found[rules.MESSAGE] = [
        Thing(str(row.pk), row.at.isoformat(), row.order.code if row.order else "")
        for row in messages.defer("body", "sender", "answer")
    ]
    return [
        Section(kind, len(found[kind]), found[kind][: rules.LISTED_MAX]) for kind in rules.KINDS
    ]


def _orders(asker: Membership, *, now: datetime) -> dict[str, list[Thing]]:
    """The open orders that somebody must look at, each under the weightiest of its kinds."""
    found: dict[str, list[Thing]] = {kind: [] for kind in rules.ORDERS}
    pressing = Q(promise_at__lt=now + AT_RISK) | Q(state=lifecycle.FAILED) | Q(back_by__lt=now)
    rows = visible_to(asker).filter(pressing | Q(frozen_at__isnull=False))
    rows = rows.filter(state__in=sorted(lifecycle.OPEN)).order_by("promise_at", "pk")
    for order in rows[:ORDERS_MAX]:
        kind = rules.STOPPED if order.frozen_at else urgency_of(order, now=now)
        since = {rules.STOPPED: order.frozen_at, rules.BACK: order.back_by}.get(kind)
        if kind in found:
            who = order.carrier.username if order.carrier else ""
            moment = since or order.promise_at
            found[kind].append(Thing(order.code, moment.isoformat(), who))
    return found


def _silent(asker: Membership, *, now: datetime) -> list[Thing]:
    """Who is on shift and has not told his place for a while."""
    silent = []
    for found in list_on_shift(asker.region, now=now):
        rider, seen = found.rider, found.shift.seen_at or found.shift.started_at
        his_own = asker.organisation_id in (None, rider.organisation_id)
        if his_own and now - seen > rules.SILENT_AFTER:
            silent.append(Thing(rider.user.username, seen.isoformat(), rider.organisation.name))
    return silent


def kept(sections: Sequence[Section]) -> dict[str, Any]:
    """What a note keeps of it: codes and numbers, no names of patients."""
    return {
        section.kind: {
            "count": section.count,
            "things": [thing.kept() for thing in section.things],
        }
        for section in sections
    }


def sections_of(note: ShiftNote) -> list[Section]:
    """What was open when a note was written."""
    return [
        Section(kind, told["count"], [Thing(*thing) for thing in told["things"]])
        for kind in rules.KINDS
        if (told := note.left_open.get(kind))
    ]


@dataclass(frozen=True, slots=True)
class Since:
    """How what was open then stands now, by code or number; and people by user name."""

    orders: Mapping[str, str]  # code: state
    incidents: Mapping[str, str]  # of those that are closed: by whom
    messages: Mapping[str, str]  # number: state
    people: Mapping[str, str]


def since_then(asker: Membership, sections: Sequence[Section]) -> Since:
    """How all that stands now. Four queries."""
    things = {section.kind: section.things for section in sections}
    codes = [thing.what for kind in rules.ORDERS for thing in things.get(kind, ())]
    names = [thing.who for kind in rules.ORDERS for thing in things.get(kind, ())]
    names += [thing.what for thing in things.get(rules.SILENT, ())]
    numbers = [int(thing.what) for thing in things.get(rules.INCIDENT, ())]
    messages = [int(thing.what) for thing in things.get(rules.MESSAGE, ())]
    closed = Incident.objects.filter(region=asker.region_id, pk__in=numbers)
    told = PatientMessage.objects.filter(pk__in=messages)
    orders = visible_to(asker).filter(code__in=codes).values_list("code", "state")
    return Since(
        dict(orders),
        {str(pk): by for pk, by in closed.exclude(closed_at=None).values_list("pk", "closed_by")},
        {str(pk): state for pk, state in told.values_list("pk", "state")},
        names_of(names),
    )
