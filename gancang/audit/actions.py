"""Writing down what happened."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from gancang.audit.models import Event, Head, Seal


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """What is to be written down. `facts` are plain JSON values and hold no personal data."""

    region: str
    kind: str
    subject: str
    by: str
    now: datetime
    facts: Mapping[str, object] = field(default_factory=dict)


def record(
    kind: str,
    subject: str,
    *,
    region: str,
    by: str,
    now: datetime,
    facts: Mapping[str, object] | None = None,
) -> None:
    """Write one event down, inside the transaction of the deed that it tells of."""
    record_all(
        [Happening(region=region, kind=kind, subject=subject, by=by, now=now, facts=facts or {})]
    )


def record_all(happenings: Iterable[Happening]) -> None:
    """Write many events down in one statement. The chain links them when the deed commits."""
    Event.objects.bulk_create(_event(happening) for happening in happenings)


def seal(region: str, *, day: date, now: datetime) -> Seal | None:
    """Keep where a region's chain ends as the seal of `day`. Twice is once; None with no chain."""
    head = Head.objects.filter(region_code=region).first()
    if head is None or not head.number:
        return None
    found, _ = Seal.objects.get_or_create(
        region_code=region,
        day=day,
        defaults={"number": head.number, "hash": head.hash, "sealed_at": now},
    )
    return found


def _event(happening: Happening) -> Event:
    payload = json.dumps(
        {
            "region": happening.region,
            "at": happening.now.isoformat(),
            "by": happening.by,
            "kind": happening.kind,
            "subject": happening.subject,
            "facts": dict(happening.facts),
        },
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return Event(
        region_code=happening.region,
        at=happening.now,
        actor=happening.by,
        kind=happening.kind,
        subject=happening.subject,
        payload=payload,
    )
