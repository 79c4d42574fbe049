"""A day as it went, read from its events: a lane a rider, and what was open at a chosen hour."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.db.models.functions import TruncHour

from gancang.audit.models import Event
from gancang.audit.queries import told
from gancang.fleet.models import Rider
from gancang.orders import lifecycle
from gancang.orders.queries import visible_to
from gancang.regions.queries import zone_of
from gancang.values import N_
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from django.db.models import QuerySet

    from gancang.accounts.models import Membership
    from gancang.audit.queries import Told
    from gancang.orders.models import Order
    from gancang.web.paging import Page

# What stands on the line of the day, and how it is marked.
MARKS = {
    "shift.started": ("shift", N_("Shift began")),
    "shift.ended": ("shift", N_("Shift ended")),
    "break.taken": ("shift", N_("Break begins")),
    "break.ended": ("shift", N_("Break ends")),
    "offer.declined": ("no", N_("Offer declined")),
    "offer.expired": ("no", N_("Offer not answered")),
    "order.assigned": ("taken", N_("Taken")),
    "order.collected": ("taken", N_("Fetched")),
    "order.delivered": ("good", N_("Handed over")),
    "order.held": ("good", N_("Brought to a counter")),
    "order.failed": ("bad", N_("Not handed over")),
    "order.frozen": ("bad", N_("Stopped")),
    "order.late": ("bad", N_("Alarm: late")),
    "order.return_late": ("bad", N_("Alarm: bag not back")),
    "incident.opened": ("bad", N_("Incident reported")),
}
WHOLE_DAY_MAX = 400  # more is shown hour by hour
READ_MAX = 5_000  # of one hour
LANES_A_PAGE = 20
OPEN_A_PAGE = 30


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of which day: all of it or one hour, of one rider or order or all."""

    day: date
    hour: int | None
    rider: str
    order: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that happened, and where on the line it stands, in thousandths of the window."""

    at: datetime
    x: int
    shape: str
    words: str
    order: str  # its code; "" where it is about none


@dataclass(frozen=True, slots=True)
class Lane:
    """What one rider did; `name` is empty for what concerns no rider."""

    name: str
    marks: Sequence[Mark]


@dataclass(frozen=True, slots=True)
class Day:
    """A day, or an hour of it."""

    begins: datetime
    ends: datetime
    hours: Sequence[tuple[int, int]]  # hour and how much happened in it
    hour: int | None
    lanes: Sequence[Lane]
    more: bool
    riders: Mapping[str, str]
    ticks: Sequence[tuple[int, str]]  # place on the line, and the time there


def day_of(asker: Membership, asked: Asked, *, page: int = 0) -> Day:
    """The lanes of a day. Four queries, however much happened; a full day is shown by the hour."""
    zone = zone_of(asker.region)
    midnight = datetime.combine(asked.day, time(), zone)
    rows = Event.objects.filter(region_code=asker.region.code, kind__in=list(MARKS))
    if asked.order:
        rows = rows.filter(subject=asked.order)
    hours = _hours(rows.filter(at__gte=midnight, at__lt=midnight + timedelta(days=1)), midnight)
    hour = asked.hour
    if hour is None and sum(hours.values()) > WHOLE_DAY_MAX:
        hour = max(hours)
    begins, ends = _window(midnight, hours, hour)
    events = list(rows.filter(at__gte=begins, at__lt=ends).order_by("at", "id")[:READ_MAX])
    riders = _riders(asker)
    lanes = _lanes(asker, [told(row) for row in events], riders, (begins, ends))
    wanted = [lane for lane in lanes if not asked.rider or lane.name == riders.get(asked.rider)]
    first = page * LANES_A_PAGE
    return Day(
        begins,
        ends,
        sorted(hours.items()),
        hour,
        wanted[first : first + LANES_A_PAGE],
        len(wanted) > first + LANES_A_PAGE,
        riders,
        _ticks(begins, ends),
    )


def _hours(rows: QuerySet[Event], midnight: datetime) -> Counter[int]:
    found = rows.annotate(hour=TruncHour("at", tzinfo=midnight.tzinfo)).values_list("hour")
    told_hours = found.annotate(Count("pk")).order_by("hour")
    return Counter({hour.hour: count for hour, count in told_hours})


def _window(
    midnight: datetime, hours: Mapping[int, int], hour: int | None
) -> tuple[datetime, datetime]:
    """The chosen hour; of a whole day the part in which anything happened."""
    if hour is not None:
        begins = midnight + timedelta(hours=hour)
        return begins, begins + timedelta(hours=1)
    first, last = (min(hours), max(hours)) if hours else (6, 17)
    return midnight + timedelta(hours=first), midnight + timedelta(hours=last + 1)


def _ticks(begins: datetime, ends: datetime) -> list[tuple[int, str]]:
    span = ends - begins
    steps = 6 if span <= timedelta(hours=1) else int(span / timedelta(hours=1))
    every = max(1, steps // 12)
    marks = range(0, steps + 1, every)
    return [(1000 * n // steps, (begins + span * n / steps).strftime("%H.%M")) for n in marks]


def _riders(asker: Membership) -> dict[str, str]:
    """The names of the riders whom the asker may follow, by user name."""
    rows = Rider.objects.filter(region=asker.region_id)
    if asker.organisation_id:
        rows = rows.filter(organisation=asker.organisation_id)
    names = rows.order_by("user__full_name", "pk").values_list("user__username", "user__full_name")
    return dict(names)


def _lanes(
    asker: Membership,
    events: Sequence[Told],
    riders: Mapping[str, str],
    window: tuple[datetime, datetime],
) -> list[Lane]:
    codes = {event.subject for event in events if event.kind.startswith(("order.", "offer."))}
    carriers = dict(
        visible_to(asker).filter(code__in=codes).values_list("code", "carrier__username")
    )
    begins, ends = window
    lanes: dict[str, list[Mark]] = {}
    has: dict[str, str] = {}  # who has taken which order, as the day goes on
    for event in events:
        rider = _rider_of(event, {**carriers, **has}, riders)
        if event.kind == "order.assigned":
            has[event.subject] = rider
        if not rider and asker.organisation_id:
            continue
        shape, words = MARKS[event.kind]
        x = int(1000 * (event.at - begins) / (ends - begins))
        order = event.subject if event.subject in carriers else ""
        lanes.setdefault(rider, []).append(Mark(event.at, x, shape, words, order))
    names = sorted(lanes, key=lambda name: (not name, riders.get(name, name)))
    return [Lane(riders.get(name, ""), lanes[name]) for name in names]


def _rider_of(event: Told, has: Mapping[str, str | None], riders: Mapping[str, str]) -> str:
    """Whom an event concerns: whom it names, who did it, or who had the order then."""
    candidates = (event.facts.get("rider"), event.by, has.get(event.subject))
    return next((str(name) for name in candidates if name in riders), "")


@dataclass(frozen=True, slots=True)
class OpenThen:
    """An order that was open at a moment: its state then, and who had it."""

    order: Order
    state: str
    who: str


def open_at(
    asker: Membership, moment: datetime, *, cursor: str
) -> tuple[Page[Order], list[OpenThen]]:
    """What was open at a moment, and who had it then. Two queries, a page at a time."""
    rows = visible_to(asker).filter(placed_at__lte=moment)
    rows = rows.filter(Q(state__in=sorted(lifecycle.OPEN)) | Q(changed_at__gt=moment))
    page = page_after(rows, key=("id",), cursor=cursor, size=OPEN_A_PAGE)
    kinds = [f"order.{state}" for state in lifecycle.STATES]
    events = Event.objects.filter(
        region_code=asker.region.code,
        subject__in=[order.code for order in page.rows],
        kind__in=kinds,
        at__lte=moment,
    )
    state: dict[str, str] = {}
    who: dict[str, str] = {}
    for event in map(told, events.order_by("id")):
        state[event.subject] = event.kind.removeprefix("order.")
        if event.kind == "order.assigned":
            who[event.subject] = str(event.facts.get("rider", ""))
        elif event.kind in ("order.released", "order.placed"):
            who.pop(event.subject, None)
    names = _riders(asker)
    then = [
        OpenThen(order, found, names.get(who.get(order.code, ""), ""))
        for order in page.rows
        if (found := state.get(order.code, lifecycle.PLACED)) in lifecycle.OPEN
    ]
    return page, then
