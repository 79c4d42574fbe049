"""Reading incidents. Each question knows who asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404

from gancang.accounts.models import Membership, Role
from gancang.fleet.models import Rider
from gancang.incidents import rules
from gancang.incidents.models import CallDue, Entry, Incident, Lateness, OtherBag, ShiftNote
from gancang.orders import lifecycle
from gancang.orders.models import Attempt, Order
from gancang.orders.queries import visible_to
from gancang.residents.queries import Reader, read_people

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from gancang.accounts.models import User
    from gancang.residents.queries import Person

_WITH = ("region", "order__origin", "order__region", "rider__user", "rider__organisation")
MAY_SEE = (Role.PHARMACIST, Role.OPERATOR, Role.ADMIN, Role.AUDITOR)
MAY_ACT = (Role.PHARMACIST, Role.OPERATOR, Role.ADMIN)


def visible(asker: Membership) -> QuerySet[Incident]:
    """The incidents that somebody may see: of the region, or of his house."""
    rows = Incident.objects.filter(region=asker.region_id).select_related(*_WITH)
    if asker.role not in MAY_SEE:
        return rows.none()
    if asker.organisation_id is None:
        return rows
    house = asker.organisation_id
    own = Q(order__origin=house) | Q(opened_by=asker.user.username)
    if asker.role == Role.OPERATOR:
        own |= Q(order__fleet=house) | Q(rider__organisation=house)
    return rows.filter(own)


def found(asker: Membership, *, typed: str, kind: str, state: str) -> QuerySet[Incident]:
    """Incidents by order, bag, rider or number, by kind, open or closed; with what is left."""
    rows = visible(asker).annotate(
        calls_left=Count("calls", filter=Q(calls__reached_at=None), distinct=True)
    )
    if kind in rules.KINDS:
        rows = rows.filter(kind=kind)
    if state in ("open", "closed"):
        rows = rows.filter(closed_at__isnull=state == "open")
    # PostgreSQL takes no NUL in a text.
    typed = typed.strip()[:80].replace("\0", "")
    return rows.filter(_meant(typed)) if typed else rows


def _meant(typed: str) -> Q:
    upper = typed.upper()
    meant = Q(order__code=upper) | Q(bag_code=upper) | Q(rider__user__full_name__icontains=typed)
    is_number = typed.isascii() and typed.isdigit() and len(typed) < 10
    return meant | Q(pk=int(typed)) if is_number else meant


def get_incident(asker: Membership, number: int) -> Incident:
    """One incident that the asker may see, or 404."""
    return get_object_or_404(visible(asker), pk=number)


def get_call(asker: Membership, number: int) -> CallDue:
    """One patient to be rung, of an incident that the asker may see, or 404."""
    rows = CallDue.objects.filter(incident__in=visible(asker).values("pk"))
    return get_object_or_404(rows.select_related("incident__region", "order"), pk=number)


def get_lateness(asker: Membership, number: int) -> Lateness:
    """An alarm about an order that the asker may see, or 404."""
    rows = Lateness.objects.filter(order__in=visible_to(asker).values("pk"))
    return get_object_or_404(rows.select_related("order__region"), pk=number)


def get_notice(rider: User, number: int) -> Incident:
    """An incident that concerns this rider, or 404."""
    rows = Incident.objects.filter(rider__user=rider).select_related("region", "rider")
    return get_object_or_404(rows, pk=number)


def find_open_recall(order: Order) -> Incident | None:
    """The recall of this order that is not closed yet, or None."""
    return Incident.objects.filter(order=order, kind=rules.RECALL, closed_at=None).first()


def list_other_bags(incident: Incident) -> list[OtherBag]:
    """The bags of other orders that a recall concerns."""
    rows = OtherBag.objects.filter(incident=incident).select_related("order__carrier")
    return list(rows.order_by("pk"))


def get_other_bag(incident: Incident, code: str) -> OtherBag:
    """The bag of this other order of a recall, or 404."""
    rows = OtherBag.objects.filter(incident=incident).select_related(
        "incident__region", "order__region", "order__carrier"
    )
    return get_object_or_404(rows, order__code=code.replace("\0", ""))


def list_entries(incident: Incident) -> list[Entry]:
    """What was done and who was told, oldest first."""
    return list(Entry.objects.filter(incident=incident).order_by("pk"))


@dataclass(frozen=True, slots=True)
class Ring:
    """A patient on the call list, with the number to ring and what to say."""

    call: CallDue
    person: Person | None
    words: str


def call_list(asker: Membership, incident: Incident, *, now: datetime) -> list[Ring]:
    """Whom to ring about an incident; reading the people is logged. Auditors see no numbers."""
    calls = list(CallDue.objects.filter(incident=incident).select_related("order").order_by("pk"))
    people: Mapping[int, Person] = {}
    open_calls = [call for call in calls if call.reached_at is None]
    if open_calls and asker.role in MAY_ACT:
        reader = Reader(
            region=incident.region,
            by=asker.user.username,
            role=asker.role,
            purpose="incident",
            now=now,
        )
        people = read_people(reader, [call.order.resident_id for call in open_calls])
    return [
        Ring(call, people.get(call.order.resident_id), rules.SCRIPTS[call.script]) for call in calls
    ]


def orders_touched(incident: Incident) -> QuerySet[Order]:
    """The open orders of an incident: its own, those noted in it, and all that its rider holds."""
    noted = Entry.objects.filter(incident=incident).exclude(whom="").values("whom")
    touched = Q(pk=incident.order_id) | Q(code__in=noted)
    if incident.rider:
        touched |= Q(carrier=incident.rider.user_id)
    rows = Order.objects.filter(touched, region=incident.region_id)
    related = ("region", "programme", "origin", "village__district", "carrier", "hold_at")
    rows = rows.filter(state__in=sorted(lifecycle.OPEN)).select_related(*related)
    return rows.order_by("pk")


@dataclass(frozen=True, slots=True)
class OnTheRoad:
    """What an incident of a rider asks for: steps in order, and where each order is now."""

    steps: Sequence[str]
    orders: Sequence[Order]
    held: int  # of these the rider can still be relieved
    untold: int  # the patients of these know nothing yet


def on_the_road(incident: Incident) -> OnTheRoad | None:
    """What is to be done where a rider had an accident or the like; None for other incidents."""
    steps = rules.ON_THE_ROAD.get(incident.kind)
    if steps is None or incident.rider is None:
        return None
    orders = list(orders_touched(incident))
    told = codes_told(incident)
    return OnTheRoad(
        steps,
        orders,
        sum(is_to_be_taken(order, incident) for order in orders),
        sum(order.code not in told and order.state != lifecycle.FAILED for order in orders),
    )


def is_to_be_taken(order: Order, incident: Incident) -> bool:
    """Whether the incident's rider still has this order as if nothing had happened."""
    held = order.state in (lifecycle.ASSIGNED, lifecycle.COLLECTED) and order.frozen_at is None
    return held and incident.rider is not None and order.carrier_id == incident.rider.user_id


def codes_told(incident: Incident) -> set[str]:
    """The orders whose patients were told of an incident, or stand on its call list."""
    told = Entry.objects.filter(incident=incident, kind=rules.TOLD).values_list("whom", flat=True)
    calls = CallDue.objects.filter(incident=incident).values_list("order__code", flat=True)
    return {*told, *calls}


def find_order(asker: Membership, code: str) -> Order | None:
    """The order of that code, if the asker may see it."""
    return visible_to(asker).filter(code=code.strip().upper().replace("\0", "")).first()


def find_rider_of(order: Order) -> Rider | None:
    """Who has the order's bag, is to fetch it, or handed it over; None if nobody did."""
    return Rider.objects.filter(user=order.carrier_id).select_related("user").first()


def list_riders(asker: Membership) -> list[Rider]:
    """The riders of whom the asker may report something, by name."""
    rows = Rider.objects.filter(region=asker.region_id)
    if asker.role != Role.PHARMACIST and asker.organisation_id:
        rows = rows.filter(organisation=asker.organisation_id)
    return list(rows.select_related("user", "organisation").order_by("user__full_name", "pk"))


@dataclass(frozen=True, slots=True)
class Notices:
    """What a rider must see before all else: bags that were stopped, and recalls to be read."""

    stopped: Sequence[Order]
    recalls: Sequence[Incident]


def notices_for(rider: User) -> Notices:
    """What was stopped in a rider's hands, and recalls he has not read yet. Two queries.

    Every page of a rider asks this and nearly always there is nothing: ask that first, cheaply.
    """
    held = {lifecycle.ASSIGNED, *lifecycle.IN_HAND}
    stopped = Order.objects.filter(carrier=rider, state__in=sorted(held)).exclude(frozen_at=None)
    # A death that he told himself at the door needs no alarm; his page says where the bag goes.
    deaths = Attempt.objects.filter(carrier=rider, reason=lifecycle.Failure.DECEASED)
    stopped = stopped.exclude(state=lifecycle.FAILED, pk__in=deaths.values("order"))
    recalls = Incident.objects.filter(
        rider__user=rider, kind=rules.RECALL, closed_at=None, rider_read_at=None
    )
    return Notices(
        list(stopped.select_related("origin", "region").order_by("code"))
        if stopped.exists()
        else [],
        list(recalls.select_related("order__origin", "order__region").order_by("pk"))
        if recalls.exists()
        else [],
    )


MAY_READ_NOTES = (Role.OPERATOR, Role.ADMIN, Role.AUDITOR)
NOTES_SEARCHED = 500  # the words are sealed: they are opened to be searched, the newest first


def shift_notes(asker: Membership) -> QuerySet[ShiftNote]:
    """The notes between shifts that somebody may read: of his house, or of the region."""
    rows = ShiftNote.objects.filter(region=asker.region_id).select_related("region")
    if asker.role not in MAY_READ_NOTES:
        return rows.none()
    return rows.filter(organisation=asker.organisation_id) if asker.organisation_id else rows


def get_shift_note(asker: Membership, number: int) -> ShiftNote:
    """One note between shifts that the asker may read, or 404."""
    return get_object_or_404(shift_notes(asker), pk=number)


def find_shift_notes(asker: Membership, typed: str) -> list[ShiftNote]:
    """The notes with these words, this code or this person in them; of the newest 500."""
    wanted = typed.strip().casefold()
    newest = shift_notes(asker).order_by("-id")[:NOTES_SEARCHED]
    return [
        note
        for note in newest
        if wanted in f"{note.written_by} {note.taken_by} {note.words} {note.left_open}".casefold()
    ]


def notes_to_take(asker: Membership, *, now: datetime) -> QuerySet[ShiftNote]:
    """The newest note of the last day, if nobody has taken it over and it is not one's own."""
    newest = shift_notes(asker).filter(written_at__gt=now - timedelta(days=1)).order_by("-id")
    waiting = shift_notes(asker).filter(pk__in=newest.values("pk")[:1], taken_at=None)
    return waiting.exclude(written_by=asker.user.username)


def find_note_to_take(asker: Membership, *, now: datetime) -> ShiftNote | None:
    """The note that the asker should take over, if there is one."""
    return notes_to_take(asker, now=now).first()
