"""By which ways an order can reach a village, at what cost, when, and which is chosen. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from gancang.reach import hours as clockwork
from gancang.reach.closing import Closed, closed_at
from gancang.reach.costs import NOTHING, costs_of
from gancang.values import N_, Money, Reason, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gancang.reach.hours import Calendar, Days, Hours
    from gancang.regions.tariffs import Price

DIRECT, ROUND, RELAY, POST, VISIT = "direct", "round", "relay", "post", "visit"
KINDS = {
    DIRECT: N_("direct ride"),
    ROUND: N_("round"),
    RELAY: N_("relay to a counter"),
    POST: N_("post"),
    VISIT: N_("staff visit"),
}
# The post has brought it by then.
POST_BY = time(17)


class Why(Reason):
    """Why a way is not taken, in order of precedence."""

    NOT_FROM_HERE = "not_from_here", N_("It does not start from {origin}.")
    NOT_FOR_PROGRAMME = "not_for_programme", N_("It is not for {programme}.")
    NOT_THERE = "not_there", N_("It does not go to {village}.")
    CARRIER_NOT_NAMED = (
        "carrier_not_named",
        N_("{fleets}: not among the fleets of {programme}."),
    )
    OFF = "off", N_("{what} is switched off: {because}.")
    OFF_UNTIL = "off_until", N_("{what} is switched off until {until}: {because}.")
    ROADS_CLOSED = "roads_closed", N_("Closed by decree {decree} until further notice.")
    ROADS_CLOSED_UNTIL = "roads_closed_until", N_("Closed by decree {decree} until {until}.")
    NO_COUNTER = (
        "no_counter",
        N_("No counter near {village} has a clerk who takes bags in."),
    )
    TOO_FAR = "too_far", N_("{km} km is too far; it goes up to {most} km.")
    TOO_WARM = (
        "too_warm",
        N_("Too long for cold medicine: {takes} minutes under way, {most} are allowed."),
    )
    NO_DEPARTURE = "no_departure", N_("It does not depart in the next two months.")
    TOO_LATE = "too_late", N_("There only by {at}; it is needed by {needed}.")
    # From here on the way would do, but another is better.
    LATER = "later", N_("There by {at}, after the promise of {promised}.")
    DEARER = "dearer", N_("Costs {more} more.")
    NOT_NEEDED = "not_needed", N_("As good as the chosen way.")
    NO_PHARMACY = (
        "no_pharmacy",
        N_("No programme starts from a hospital here yet; see programmes/ of the region's pack."),
    )
    ENDS_BEFORE = "ends_before", N_("This ends before it begins, or is over already.")
    BY_WAY = "by_way", N_("{way}: {why}")
    NO_WAY = "no_way", N_("No way reaches {village}: {reasons}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way as the pack tells it. Empty sets allow any; `price` None: the tariff by distance."""

    code: str
    kind: str
    title: str
    days: Days
    origins: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    programmes: frozenset[str] = frozenset()
    carriers: frozenset[str] = frozenset()
    counters: frozenset[str] = frozenset()
    up_to_m: int | None = None
    departs: tuple[time, ...] = ()
    cut_off_min: int = 0
    minutes: int | None = None
    working_days: int = 0
    price: Money | None = None
    stops: int = 1
    stop_price: Money = NOTHING

    def serves(self, village: str) -> bool:
        """Whether a village, or its district, is among its areas."""
        return not self.areas or bool(self.areas & {village, village.rpartition(".")[0]})


@dataclass(frozen=True, slots=True)
class Counter:
    """Where a bag can wait near its patient; the ways to it from the pharmacy, in metres."""

    code: str
    name: str
    from_origin_m: int
    closed: tuple[Closed, ...] = ()  # the roads to it, when the pharmacy can begin


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """What is to be brought: from where, whither, under which programme, and how far that is.

    `counters`: those near the patient, the nearest first. `cold_min`: longest minutes outside the
    cold. `needed_by`: when the patient must have it, None where nobody knows.
    """

    origin: str
    origin_name: str
    village: str
    village_name: str
    metres: int
    ride_min: int
    programme: str
    programme_name: str
    carriers: frozenset[str]
    promise_min: int
    tariff: Price | None  # None: a visit, which costs nobody anything
    counters: tuple[Counter, ...] = ()
    cold_min: int | None = None
    needed_by: datetime | None = None
    late_min: int = 0  # nine of ten such rides take at most so long
    source: str = "estimate"  # where metres come from
    ride_source: str = "estimate"  # where minutes come from
    closed: tuple[Closed, ...] = ()  # the roads to the door, when the pharmacy can begin


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """All of a region that answers depend on, at one moment. `closed`: what is switched off."""

    calendar: Calendar
    pharmacies: Mapping[str, tuple[Hours, ...]]
    ways: tuple[Way, ...]
    fleets: Mapping[str, str]  # code -> name
    closed: tuple[Closed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One way for one trip: cost and promise, or why not.

    `cost` is what it is expected to cost, `at_most` what has to be set aside for it.
    """

    way: Way
    cost: Money | None = None
    at_most: Money | None = None
    departs_at: datetime | None = None
    promise_at: datetime | None = None
    counter: Counter | None = None
    why_not: Refused | None = None
    waits: Refused | None = None  # it waits for this to be over


@dataclass(frozen=True, slots=True)
class Answers:
    """What there is for one trip: the chosen way, if any, and all others with their reasons."""

    chosen: Answer | None
    others: tuple[Answer, ...]
    promised: datetime | None = None  # by when the programme promises it

    @property
    def keeps_promise(self) -> bool:
        """Whether the chosen way is there as soon as the programme promises."""
        at = self.chosen.promise_at if self.chosen else None
        return at is not None and self.promised is not None and at <= self.promised

    def reasons(self) -> tuple[Refused, ...]:
        """Why nothing goes, way by way."""
        refused = [(each.way.title, each.why_not) for each in self.others if each.why_not]
        return tuple(Refused(Why.BY_WAY, way=way, why=why) for way, why in refused)


def answers(trip: Trip, reach: Reach, *, now: datetime) -> Answers:
    """Every way of the region for a trip; chosen is the cheapest that keeps the promise.

    Ways made for the programme come first. Where none keeps its promise, the cheapest other that
    is in time goes: far villages are told a later promise, never no.
    """
    hours = reach.pharmacies.get(trip.origin, ())
    ready = clockwork.ready_at(reach.calendar, hours, now)
    told = [_answer(way, trip, reach, ready) for way in reach.ways]
    fits = [answer for answer in told if answer.why_not is None]
    promised = _promised(trip, reach, ready)
    fits.sort(key=lambda answer: _rank(answer, trip, promised))
    if not fits:
        return Answers(None, tuple(told), promised)
    best = fits[0]
    passed = [_passed_over(answer, best, promised, reach) for answer in fits[1:]]
    out = [answer for answer in told if answer.why_not is not None]
    return Answers(best, (*passed, *out), promised)


def _promised(trip: Trip, reach: Reach, ready: datetime | None) -> datetime | None:
    """By when the programme promises it, counted from when the pharmacy can begin."""
    hours = reach.pharmacies.get(trip.origin, ())
    every_day = clockwork.Days(frozenset(range(7)), holidays=True)
    return ready and clockwork.within_a_day(
        reach.calendar, hours, every_day, ready, trip.promise_min
    )


def _rank(answer: Answer, trip: Trip, promised: datetime | None) -> tuple[object, ...]:
    assert answer.cost is not None
    assert answer.promise_at is not None
    is_meant = trip.programme in answer.way.programmes
    keeps = promised is not None and answer.promise_at <= promised
    return (not is_meant, not keeps, answer.cost, answer.promise_at, answer.way.code)


def _passed_over(answer: Answer, best: Answer, promised: datetime | None, reach: Reach) -> Answer:
    assert answer.cost is not None
    assert best.cost is not None
    assert answer.promise_at is not None
    if answer.waits is not None:
        return replace(answer, why_not=answer.waits)
    if promised and answer.promise_at > promised and not _is_after(best, promised):
        at, by = (_clock(moment, reach) for moment in (answer.promise_at, promised))
        why = Refused(Why.LATER, at=at, promised=by)
    elif answer.cost > best.cost:
        why = Refused(Why.DEARER, more=answer.cost - best.cost)
    else:
        why = Refused(Why.NOT_NEEDED)
    return replace(answer, why_not=why)


def _is_after(answer: Answer, moment: datetime) -> bool:
    return answer.promise_at is not None and answer.promise_at > moment


def _clock(moment: datetime, reach: Reach) -> str:
    return moment.astimezone(reach.calendar.zone).strftime("%d-%m-%Y %H.%M")


def _answer(way: Way, trip: Trip, reach: Reach, ready: datetime | None) -> Answer:
    refused = _why_not_at_all(way, trip, reach)
    if refused:
        return Answer(way=way, why_not=refused)
    counter = _counter_of(way, trip)
    if way.kind == RELAY and counter is None:
        return Answer(way=way, why_not=Refused(Why.NO_COUNTER, village=trip.village_name))
    metres = counter.from_origin_m if counter else trip.metres
    if refused := _why_too_far(way, trip, metres):
        return Answer(way=way, why_not=refused)
    # The post keeps its own times.
    roads = () if way.kind == POST else (counter or trip).closed
    departs_at, promise_at, closed = _times_open(way, trip, reach, ready, roads)
    if promise_at is None:
        refused = _off(way, closed, reach) if closed else Refused(Why.NO_DEPARTURE)
        return Answer(way=way, why_not=refused)
    cost, at_most = costs_of(way, trip.tariff, metres)
    if trip.needed_by and promise_at > trip.needed_by:
        at, needed = _clock(promise_at, reach), _clock(trip.needed_by, reach)
        refused = Refused(Why.TOO_LATE, at=at, needed=needed)
    return Answer(
        way=way,
        cost=cost,
        at_most=at_most,
        departs_at=departs_at,
        promise_at=promise_at,
        counter=counter,
        why_not=refused,
        waits=_off(way, closed, reach) if closed else None,
    )


def _times_open(
    way: Way, trip: Trip, reach: Reach, ready: datetime | None, roads: tuple[Closed, ...]
) -> tuple[datetime | None, datetime | None, Closed | None]:
    """The first times at which neither the way nor all its fleets are off, nor its roads closed.

    And what it has to wait for, if anything. No promise where nobody knows when that is over.
    """
    fleets, waits_for = fleets_of(way, trip.carriers, reach.fleets), None
    while True:
        departs_at, promise_at = _times(way, trip, reach, ready)
        sets_out = departs_at or ready
        if promise_at is None or sets_out is None:
            return None, None, waits_for
        closed = closed_at((*reach.closed, *roads), way.code, fleets, trip.village, sets_out)
        if closed is None:
            return departs_at, promise_at, waits_for
        waits_for = closed
        if closed.until is None:
            return None, None, waits_for
        hours = reach.pharmacies.get(trip.origin, ())
        # What departs is to depart then; its bags wait ready.
        ready = closed.until - timedelta(minutes=way.cut_off_min)
        if not way.departs:
            ready = clockwork.ready_at(reach.calendar, hours, closed.until)


def fleets_of(
    way: Way | None, carriers: frozenset[str], fleets: Mapping[str, str]
) -> frozenset[str]:
    """The fleets that may carry on a way under a programme."""
    meant = (way.carriers if way else frozenset()) or carriers or frozenset(fleets)
    return meant & carriers if carriers else meant


def _off(way: Way, closed: Closed, reach: Reach) -> Refused:
    until = closed.until and _clock(closed.until, reach)
    if closed.decree:
        why = Why.ROADS_CLOSED_UNTIL if until else Why.ROADS_CLOSED
        return Refused(why, decree=closed.decree, until=until)
    what = way.title if closed.way else reach.fleets.get(closed.fleet, closed.fleet)
    why = Why.OFF_UNTIL if until else Why.OFF
    return Refused(why, what=what, because=Refused(closed.because), until=until)


def _why_not_at_all(way: Way, trip: Trip, reach: Reach) -> Refused | None:
    if way.origins and trip.origin not in way.origins:
        return Refused(Why.NOT_FROM_HERE, origin=trip.origin_name)
    if way.programmes and trip.programme not in way.programmes:
        return Refused(Why.NOT_FOR_PROGRAMME, programme=trip.programme_name)
    if not way.serves(trip.village):
        return Refused(Why.NOT_THERE, village=trip.village_name)
    if not fleets_of(way, trip.carriers, reach.fleets) and reach.fleets:
        fleets = _named(way.carriers or trip.carriers, reach)
        return Refused(Why.CARRIER_NOT_NAMED, fleets=fleets, programme=trip.programme_name)
    return None


def _named(codes: frozenset[str], reach: Reach) -> str:
    return ", ".join(reach.fleets.get(code, code) for code in sorted(codes))


def _counter_of(way: Way, trip: Trip) -> Counter | None:
    if way.kind != RELAY:
        return None
    fitting = (c for c in trip.counters if not way.counters or c.code in way.counters)
    return next(fitting, None)


def _why_too_far(way: Way, trip: Trip, metres: int) -> Refused | None:
    if way.up_to_m is not None and metres > way.up_to_m:
        # Rounded up, or 15.0 km would be farther than 15 km.
        return Refused(Why.TOO_FAR, km=-(-metres // 1000), most=way.up_to_m // 1000)
    if trip.cold_min is None:
        return None
    # Cold bags are the first stops of a round; no counter and no post keeps them cold.
    takes = trip.ride_min if way.kind not in (RELAY, POST) else 24 * 60 * max(1, way.working_days)
    if takes > trip.cold_min:
        return Refused(Why.TOO_WARM, takes=takes, most=trip.cold_min)
    return None


def _times(
    way: Way, trip: Trip, reach: Reach, ready: datetime | None
) -> tuple[datetime | None, datetime | None]:
    """When it departs (None: at once) and by when it is there (None: never)."""
    if ready is None:
        return None, None
    calendar, hours = reach.calendar, reach.pharmacies.get(trip.origin, ())
    if not way.departs:
        # No programme promises what riders cannot keep nine times in ten.
        minutes = max(trip.promise_min, trip.late_min) if way.minutes is None else way.minutes
        return None, clockwork.within_a_day(calendar, hours, way.days, ready, minutes)
    after = ready + timedelta(minutes=way.cut_off_min)
    departs_at = clockwork.next_departure(calendar, hours, way.days, way.departs, after)
    if departs_at is None:
        return None, None
    if way.kind == POST:
        by = clockwork.working_days_after(calendar, way.days, departs_at, way.working_days, POST_BY)
        return departs_at, by
    assert way.minutes is not None, way.code
    return departs_at, departs_at + timedelta(minutes=way.minutes)


def find_way(ways: Sequence[Way], kind: str, *, origin: str, village: str) -> Way | None:
    """The first way of a kind from a pharmacy to a village, or None."""
    fitting = (
        way
        for way in ways
        if way.kind == kind and way.serves(village) and (not way.origins or origin in way.origins)
    )
    return next(fitting, None)
