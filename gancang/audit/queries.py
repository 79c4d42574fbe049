"""Reading what happened, and proving that nobody changed it."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from gancang.audit.models import Event, Head, Link, Seal
from gancang.audit.rules import Chained, Copy, find_fault

_CHAIN = """
    SELECT e.id, e.region_code, e.at, e.actor, e.kind, e.subject, e.payload,
           l.number, l.previous, l.hash
    FROM audit_link l JOIN audit_event e ON e.id = l.event_id
    WHERE l.region_code = %s ORDER BY l.number
"""
_UNLINKED = """
    SELECT count(*) FROM audit_event e LEFT JOIN audit_link l ON l.event_id = e.id
    WHERE l.event_id IS NULL AND e.region_code = %s
"""


@dataclass(frozen=True, slots=True)
class Told:
    """One event as a reader wants it."""

    id: int
    at: datetime
    by: str
    kind: str
    subject: str
    facts: dict[str, object]


def list_story(region: str, subject: str) -> list[Told]:
    """All that happened about one subject, oldest first."""
    rows = Event.objects.filter(region_code=region, subject=subject).order_by("id")
    return [told(row) for row in rows]


def events_of(region: str) -> QuerySet[Event]:
    """All events of a region, newest first, for a paged list."""
    return Event.objects.filter(region_code=region).order_by("-id")


def seals_of(region: str) -> QuerySet[Seal]:
    """The seals of a region, newest first, for a paged list."""
    return Seal.objects.filter(region_code=region).order_by("-day")


def seal_copies(region: str) -> list[Copy]:
    """The seals that this store keeps itself."""
    rows = Seal.objects.filter(region_code=region).order_by("day")
    return [Copy(row.day.isoformat(), row.number, row.hash) for row in rows]


def faults_against(region: str, copies: Iterable[Copy]) -> list[str]:
    """Which of these seals the chain no longer bears out. One query."""
    told = sorted(copies, key=lambda copy: (copy.number, copy.day))
    rows = Link.objects.filter(region_code=region, number__in={copy.number for copy in told})
    hashes = dict(rows.values_list("number", "hash"))
    return [
        f"chain of {region}: does not end at event {copy.number} with {copy.hash[:12]}…, "
        f"as the seal of {copy.day} says"
        for copy in told
        if hashes.get(copy.number) != copy.hash
    ]


def told(row: Event) -> Told:
    """The event with its facts opened."""
    facts = json.loads(row.payload)["facts"]
    return Told(row.pk, row.at, row.actor, row.kind, row.subject, facts)


@transaction.atomic
def verify(region: str) -> tuple[int, list[str]]:
    """Recompute a region's whole chain: how many events, and what is wrong (first fault only)."""
    number, previous = 0, ""
    for row in _chain(region):
        fault = find_fault(row, number=number + 1, previous=previous)
        if fault:
            return number, [fault]
        number, previous = number + 1, row.hash
    return number, list(_faults_of_the_end(region, number, previous))


def _faults_of_the_end(region: str, number: int, last_hash: str) -> Iterator[str]:
    head = Head.objects.filter(region_code=region).first()
    if (head.number, head.hash) != (number, last_hash) if head else number:
        expected = head.number if head else 0
        yield f"chain of {region}: ends at {number}, but {expected} events were linked"
    with connection.cursor() as cursor:
        cursor.execute(_UNLINKED, [region])
        unlinked = cursor.fetchone()[0]
    if unlinked:
        yield f"chain of {region}: {unlinked} events stand outside it"


def _chain(region: str) -> Iterator[Chained]:
    # A named cursor keeps memory flat however long the chain has grown.
    with connection.chunked_cursor() as cursor:
        cursor.execute(_CHAIN, [region])
        while rows := cursor.fetchmany(2000):
            for row in rows:
                yield Chained(*row)
