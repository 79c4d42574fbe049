"""Reporting incidents, noting what is done about them, closing them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from gancang.audit.actions import Happening, record, record_all
from gancang.fleet.models import Rider
from gancang.fleet.queries import find_shift
from gancang.incidents import rules
from gancang.incidents.alarms import find_call_for_help, find_told_by_rider
from gancang.incidents.models import CallDue, Entry, Incident, Lateness, OtherBag, ShiftNote
from gancang.incidents.rules import Why
from gancang.orders import lifecycle
from gancang.orders.actions import tell_board
from gancang.orders.models import Order
from gancang.values import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from gancang.accounts.models import Membership
    from gancang.regions.models import Region

LATE_MAX = 200  # a round; the others are told in the next


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What went wrong, as whoever saw it tells it."""

    kind: str
    what_happened: str
    happened_at: datetime
    order: Order | None = None
    rider: Rider | None = None
    lat: float | None = None
    lon: float | None = None


@transaction.atomic
def report(told: Report, *, region: Region, by: str, now: datetime) -> Incident:
    """Open an incident. Refused if nothing is said of what happened."""
    assert told.kind in rules.KINDS, told.kind
    if not told.what_happened.strip():
        raise Refused(Why.NO_TEXT)
    order = told.order
    incident = Incident.objects.create(
        region=region,
        kind=told.kind,
        order=order,
        rider=told.rider,
        bag_code=order.bag_code if order else "",
        stage=order.state if order else "",
        happened_at=told.happened_at,
        opened_at=now,
        opened_by=by,
        what_happened=told.what_happened.strip(),
        lat=told.lat,
        lon=told.lon,
    )
    facts: dict[str, object] = {"incident": incident.pk, "kind": told.kind}
    facts |= {"rider": told.rider.user.username} if told.rider else {}
    _tell(incident, "incident.opened", facts, by=by, now=now)
    return incident


@transaction.atomic
def report_from_the_road(told: Report, *, now: datetime) -> Incident:
    """What befell a rider or a bag, told by himself. Told of another bag too it is the same one."""
    rider, order = told.rider, told.order
    assert rider is not None
    assert order is not None
    assert told.kind in rules.ON_THE_ROAD, told.kind
    Rider.objects.select_for_update(of=("self",)).only("pk").get(pk=rider.pk)
    by = rider.user.username
    if known := find_told_by_rider(rider, told.kind):
        said = told.what_happened.strip() or rules.ALSO
        _write(known, rules.DONE, said, by=by, now=now, whom=order.code)
        tell_board(known.region.code)
        return known
    shift = find_shift(rider)
    said = told.what_happened.strip() or rules.TOLD_BY_RIDER
    told = replace(told, what_happened=said)
    if shift:
        told = replace(told, lat=shift.lat, lon=shift.lon)
    return report(told, region=rider.region, by=by, now=now)


@transaction.atomic
def note(
    incident: Incident, kind: str, text: str, *, by: str, now: datetime, whom: str = ""
) -> Entry:
    """Write down what was done, or who was told. Nothing is added to a closed incident."""
    if not text.strip():
        raise Refused(Why.NO_TEXT)
    _hold_open(incident)
    return _write(incident, kind, text, by=by, now=now, whom=whom)


def _write(
    incident: Incident, kind: str, text: str, *, by: str, now: datetime, whom: str = ""
) -> Entry:
    assert kind in rules.ENTRIES, kind
    return Entry.objects.create(
        incident=incident, at=now, by=by, kind=kind, whom=whom[:80], text=text.strip()
    )


def _hold_open(incident: Incident) -> None:
    """The incident, held until the deed is done. Refused if it is closed."""
    Incident.objects.select_for_update(of=("self",)).only("pk").get(pk=incident.pk)
    incident.refresh_from_db()
    if incident.closed_at:
        raise Refused(Why.CLOSED)


@transaction.atomic
def ask_to_ring(incident: Incident, orders: Iterable[Order], *, script: str = "") -> None:
    """Put the patients of these orders on the incident's call list; twice is once.

    `script`: what they are told, of rules.SCRIPTS; "": as it is with a recalled bag.
    """
    CallDue.objects.bulk_create(
        [
            CallDue(incident=incident, order=order, script=script or rules.script_for(order.state))
            for order in orders
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def rang(call: CallDue, *, reached: bool, text: str, by: str, now: datetime) -> None:
    """A patient was rung: reached, or not yet. Whoever was reached leaves the list."""
    _hold_open(call.incident)
    rows = CallDue.objects.filter(pk=call.pk, reached_at=None)
    changes = {"reached_at": now, "reached_by": by} if reached else {}
    rows.update(tries=F("tries") + 1, **changes)
    call.refresh_from_db()
    said = text.strip() or (rules.REACHED if reached else rules.NOT_REACHED)
    _write(call.incident, rules.TOLD, said, by=by, now=now, whom=call.order.code)
    facts: dict[str, object] = {"incident": call.incident_id, "reached": reached}
    region = call.incident.region.code
    record("incident.rang", call.order.code, region=region, by=by, now=now, facts=facts)


@transaction.atomic
def see(incident: Incident, *, by: str, now: datetime) -> None:
    """Somebody has seen it and acts. The first one counts."""
    rows = Incident.objects.filter(pk=incident.pk, seen_at=None)
    if rows.update(seen_at=now, seen_by=by):
        incident.refresh_from_db()
        _tell(incident, "incident.seen", {"incident": incident.pk}, by=by, now=now)


@transaction.atomic
def read_by_rider(incident: Incident, *, rider_user_id: int, by: str, now: datetime) -> None:
    """The rider has read what was stopped. Refused if the notice is not his."""
    if incident.rider is None or incident.rider.user_id != rider_user_id:
        raise Refused(Why.NOT_YOUR_NOTICE)
    rows = Incident.objects.filter(pk=incident.pk, rider_read_at=None)
    if rows.update(rider_read_at=now):
        incident.refresh_from_db()
        _write(incident, rules.TOLD, rules.READ, by=by, now=now, whom=by)
        tell_board(incident.region.code)


@transaction.atomic
def dispose(incident: Incident, disposition: str, *, text: str, by: str, now: datetime) -> None:
    """The pharmacist has the bag again and decides about it. The last word counts."""
    assert disposition in rules.DISPOSITIONS, disposition
    _hold_open(incident)
    rows = Incident.objects.filter(pk=incident.pk)
    rows.update(disposition=disposition, disposed_at=now, disposed_by=by)
    incident.refresh_from_db()
    if text.strip():
        _write(incident, rules.DONE, text, by=by, now=now)
    facts: dict[str, object] = {"incident": incident.pk, "disposition": disposition}
    _tell(incident, "incident.bag_back", facts, by=by, now=now)


@transaction.atomic
def add_other_bag(incident: Incident, order: Order) -> None:
    """The recall concerns this order's bag too; twice is once."""
    OtherBag.objects.bulk_create([OtherBag(incident=incident, order=order)], ignore_conflicts=True)


@transaction.atomic
def dispose_other(bag: OtherBag, disposition: str, *, text: str, by: str, now: datetime) -> None:
    """The pharmacist has the other bag of a recall and decides about it. The last word counts."""
    assert disposition in rules.DISPOSITIONS, disposition
    incident, code = bag.incident, bag.order.code
    _hold_open(incident)
    rows = OtherBag.objects.filter(pk=bag.pk)
    rows.update(disposition=disposition, disposed_at=now, disposed_by=by)
    if text.strip():
        _write(incident, rules.DONE, text, by=by, now=now, whom=code)
    facts: dict[str, object] = {"incident": incident.pk, "disposition": disposition}
    region = incident.region.code
    record("incident.bag_back", code, region=region, by=by, now=now, facts=facts)
    tell_board(region)


@transaction.atomic
def close(incident: Incident, text: str, *, by: str, now: datetime) -> None:
    """End an incident with what was learned. Refused while a patient or a bag is still out."""
    if not text.strip():
        raise Refused(Why.NO_TEXT)
    _hold_open(incident)
    left = CallDue.objects.filter(incident=incident, reached_at=None).count()
    found = rules.why_not_close(
        kind=incident.kind, calls_left=left, disposition=incident.disposition
    )
    if found:
        raise Refused(found, count=left)
    out = OtherBag.objects.filter(incident=incident, disposition="").select_related("order")
    if other := out.order_by("pk").first():
        raise Refused(Why.OTHER_BAG_IS_OUT, order=other.order.code)
    _write(incident, rules.DONE, text, by=by, now=now)
    Incident.objects.filter(pk=incident.pk).update(closed_at=now, closed_by=by)
    incident.refresh_from_db()
    _tell(incident, "incident.closed", {"incident": incident.pk}, by=by, now=now)


@transaction.atomic
def call_for_help(rider: Rider, *, now: datetime) -> Incident:
    """The rider pressed his safety button. Pressed again it is the same alarm, told once more."""
    held = Rider.objects.select_for_update(of=("self",)).select_related("region", "user")
    rider = held.get(pk=rider.pk)
    if known := find_call_for_help(rider.user):
        Entry.objects.create(
            incident=known,
            at=now,
            by=rider.user.username,
            kind=rules.DONE,
            text=rules.PRESSED_AGAIN,
        )
        tell_board(known.region.code)
        return known
    shift = find_shift(rider)
    told = Report(
        kind=rules.HELP,
        what_happened=rules.PRESSED,
        happened_at=now,
        rider=rider,
        lat=shift.lat if shift else None,
        lon=shift.lon if shift else None,
    )
    return report(told, region=rider.region, by=rider.user.username, now=now)


@transaction.atomic
def note_late(region: Region, *, now: datetime) -> int:
    """Alarm each open order whose promise has passed, once in its life. How many new ones."""
    due = Order.objects.filter(
        region=region, state__in=sorted(lifecycle.OPEN), promise_at__lt=now, lateness=None
    )
    orders = list(due.select_for_update(skip_locked=True, of=("self",)).order_by("pk")[:LATE_MAX])
    if not orders:
        return 0
    Lateness.objects.bulk_create(
        Lateness(order=order, at=now, promise_at=order.promise_at) for order in orders
    )
    record_all(
        Happening(
            region=region.code,
            kind="order.late",
            subject=order.code,
            by="dispatch",
            now=now,
            facts={"promise_at": order.promise_at.isoformat(), "state": order.state},
        )
        for order in orders
    )
    tell_board(region.code)
    return len(orders)


@transaction.atomic
def see_late(lateness: Lateness, *, by: str, now: datetime) -> None:
    """Somebody has seen that an order is late and acts. The first one counts."""
    rows = Lateness.objects.filter(pk=lateness.pk, seen_at=None)
    if rows.update(seen_at=now, seen_by=by):
        order = lateness.order
        region = order.region.code
        record("order.late_seen", order.code, region=region, by=by, now=now)
        tell_board(region)


@transaction.atomic
def hand_over_shift(
    asker: Membership, words: str, *, left_open: Mapping[str, object], now: datetime
) -> ShiftNote:
    """Write down what the next operator has to know. Refused without a word of one's own."""
    if not words.strip():
        raise Refused(Why.NO_WORDS)
    note = ShiftNote.objects.create(
        region=asker.region,
        organisation=asker.organisation,
        written_at=now,
        written_by=asker.user.username,
        left_open=left_open,
        words=words.strip(),
    )
    _tell_note(note, "shift_note.written", by=asker.user.username, now=now)
    return note


@transaction.atomic
def take_over_shift(note: ShiftNote, *, by: str, now: datetime) -> None:
    """Another operator has read the note and goes on from there. The first one counts."""
    if note.written_by == by:
        raise Refused(Why.OWN_NOTE)
    rows = ShiftNote.objects.filter(pk=note.pk, taken_at=None)
    if not rows.update(taken_at=now, taken_by=by):
        note.refresh_from_db()
        if note.taken_by != by:
            raise Refused(Why.TAKEN_OVER, who=note.taken_by)
        return
    _tell_note(note, "shift_note.taken", by=by, now=now)


def _tell_note(note: ShiftNote, kind: str, *, by: str, now: datetime) -> None:
    region = note.region.code
    record(kind, f"shift note {note.pk}", region=region, by=by, now=now)
    tell_board(region)


def _tell(
    incident: Incident, kind: str, facts: dict[str, object], *, by: str, now: datetime
) -> None:
    subject = incident.order.code if incident.order else f"incident {incident.pk}"
    region = incident.region.code
    record(kind, subject, region=region, by=by, now=now, facts=facts)
    tell_board(region)
