"""Reading a region's ways, and answering by which of them something reaches a village."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q
from django.shortcuts import get_object_or_404

from gancang.accounts.models import Membership, Role
from gancang.maps.ways import Travel, travel_of
from gancang.programmes.queries import list_programmes, terms_of
from gancang.reach.closing import Because, Closed
from gancang.reach.hours import Calendar, Days, Hours, ready_at
from gancang.reach.models import Closure
from gancang.reach.rules import (
    DIRECT,
    RELAY,
    VISIT,
    Answers,
    Counter,
    Reach,
    Trip,
    Way,
    Why,
    answers,
)
from gancang.regions.models import District, Holiday, Organisation, Region, Village
from gancang.regions.pack_proofs import MEDICINE
from gancang.regions.queries import clock_in, get_tariff, place_of, today_in, zone_of
from gancang.values import Money, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import QuerySet
    from gancang_roads import Place

    from gancang.maps.closed import Shut
    from gancang.maps.ways import Measured
    from gancang.programmes.rules import Terms
    from gancang.regions.tariffs import Price

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVERY_DAY = Days(frozenset(range(7)), holidays=True)
# Where a pack tells nothing: somebody rides at once, however far.
STRAIGHT_ONLY = frozenset({"food"})  # what gets cold waits for no round, counter or post
BUILT_IN_VISIT = Way(code="visit", kind=VISIT, title="Visit", days=EVERY_DAY)
BUILT_IN = Way(code="direct", kind=DIRECT, title="Direct", days=EVERY_DAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Whither: a village, or a point in it; longest minutes in the warm; by when, if known."""

    village: Village
    point: tuple[float, float] | None = None
    cold_min: int | None = None
    needed_by: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Atlas:
    """A region's ways, its counters and how far everything is. Read once, asked for many."""

    region: Region
    reach: Reach
    travel: Travel | Measured
    """By which prices are reckoned: the same at every hour."""
    counters: tuple[Organisation, ...]
    now: datetime
    _from_origin: dict[tuple[int, int], Counter] = field(default_factory=dict)
    rides: Travel | Measured | None = None
    """How long rides take at the hour at which they begin, where that was measured beforehand."""

    def answers_for(
        self, door: Door, terms: Terms, tariff: Price | None, *, origin: Organisation
    ) -> Answers:
        """Every way to a door from a pharmacy. No query."""
        return self.answers_to(self.trip(door, terms, tariff, origin=origin), terms)

    def answers_to(self, trip: Trip, terms: Terms) -> Answers:
        """Every way of a trip that is measured already. No query."""
        reach = self.reach
        if terms.kind == VISIT:
            ways = tuple(way for way in reach.ways if way.kind == VISIT) or (BUILT_IN_VISIT,)
            reach = replace(reach, ways=ways)
        if terms.item_class in STRAIGHT_ONLY:
            reach = replace(reach, ways=(BUILT_IN,))
        return answers(trip, reach, now=self.now)

    def trip(self, door: Door, terms: Terms, tariff: Price | None, *, origin: Organisation) -> Trip:
        """How far it is to a door, and all else that its ways depend on. No query."""
        village, start, end = door.village, _place(origin), _place_of(door)
        leg = self.travel.leg(start, end)
        rides = self.rides or self._riding(origin)
        ride_s, ride_source, closed = _ridden(rides, start, end)
        most = [limit for limit in (door.cold_min, terms.on_board_min_max) if limit is not None]
        return Trip(
            origin=origin.code,
            origin_name=origin.name,
            village=village.code,
            village_name=village.name,
            metres=leg.metres,
            ride_min=-(-ride_s // 60),
            late_min=-(-rides.estimate.late_of(ride_s) // 60),
            source=leg.source,
            ride_source=ride_source,
            programme=terms.code,
            programme_name=terms.name,
            carriers=frozenset(terms.carriers),
            promise_min=terms.promise_min,
            tariff=tariff and tariff.to(village.code, clock_in(self.region, self.now)),
            counters=self._counters_near(village, end, origin, rides),
            closed=closed,
            cold_min=min(most, default=None),
            needed_by=door.needed_by,
        )

    def ready_at(self, origin: Organisation) -> datetime | None:
        """From when a pharmacy works on what comes in now; None if it is closed for good."""
        hours = self.reach.pharmacies.get(origin.code, ())
        return ready_at(self.reach.calendar, hours, self.now)

    def measured(self, origin: Organisation, villages: Sequence[Village]) -> Atlas:
        """The same, with the ways from a pharmacy and its counters to villages measured at once."""
        assert isinstance(self.travel, Travel)
        start, ends = _place(origin), [place_of(village) for village in villages]
        counters = [_place(row) for row in self.counters]
        travel = self.travel.measured(([start], [*ends, *counters]), (ends, counters))
        rides = self._riding(origin).measured(([start], [*ends, *counters]))
        return replace(self, travel=travel, rides=rides)

    def _riding(self, origin: Organisation) -> Travel:
        """How one gets along when the pharmacy can begin."""
        return travel_of(self.region, at=self.ready_at(origin) or self.now)

    def find_counter(self, counter: Counter | None) -> Organisation | None:
        """The organisation that a counter is."""
        code = counter.code if counter else ""
        return next((row for row in self.counters if row.code == code), None)

    def _counters_near(
        self, village: Village, end: Place, origin: Organisation, rides: Travel | Measured
    ) -> tuple[Counter, ...]:
        """The counters, the nearest to the door first; none where no relay goes there."""
        if not any(w.kind == RELAY and w.serves(village.code) for w in self.reach.ways):
            return ()
        named = {code for way in self.reach.ways for code in way.counters}
        near = [
            (self.travel.metres(end, _place(row)), row)
            for row in self.counters
            if row.kind == Organisation.Kind.PUSKESMAS or row.code in named
        ]
        near.sort(key=lambda found: (found[0], found[1].code))
        return tuple(self._counter(row, origin, rides) for _, row in near)

    def _counter(
        self, row: Organisation, origin: Organisation, rides: Travel | Measured
    ) -> Counter:
        pair = (origin.pk, row.pk)
        if pair not in self._from_origin:
            start, end = _place(origin), _place(row)
            closed = _closed(rides.closed_by(start, end))
            metres = self.travel.metres(start, end)
            self._from_origin[pair] = Counter(row.code, row.name, metres, closed)
        return self._from_origin[pair]


def _ridden(
    rides: Travel | Measured, start: Place, end: Place
) -> tuple[int, str, tuple[Closed, ...]]:
    """How long a ride takes, and what closes its roads; once they are open, as by an estimate."""
    leg = rides.leg(start, end)
    if not leg.is_closed:
        return leg.seconds, leg.source, ()
    return rides.estimate.seconds(start, end), leg.source, _closed(rides.closed_by(start, end))


def _closed(shut: Shut | None) -> tuple[Closed, ...]:
    if shut is None:
        return ()
    decree = f"{shut.decree} ({shut.decree_on:%d-%m-%Y})"
    return (Closed(decree=decree, since=shut.since, until=shut.until),)


def _place_of(door: Door) -> Place:
    return place_of(door.village, *(door.point or (None, None)))


def _place(row: Organisation) -> Place:
    assert row.village is not None, row.code
    return place_of(row.village, row.lat, row.lon)


def atlas_of(region: Region, *, now: datetime) -> Atlas:
    """Everything that answers depend on in a region now. Three queries, however many answers."""
    rows = Organisation.objects.filter(region=region).exclude(kind=Organisation.Kind.HOSPITAL)
    clerks = Membership.objects.filter(
        organisation=OuterRef("pk"), role=Role.COUNTER_CLERK, user__is_active=True
    )
    rows = rows.select_related("village").annotate(has_clerk=Exists(clerks))
    others = list(rows.order_by("code"))
    fleets = {row.code: row.name for row in others if row.kind == Organisation.Kind.FLEET}
    days_off = Holiday.objects.filter(region=region, on__gte=today_in(region, now))
    reach = Reach(
        calendar=Calendar(zone_of(region), frozenset(days_off.values_list("on", flat=True))),
        pharmacies=_pharmacies(region.config.get("reach", {}).get("pharmacies", [])),
        ways=ways_of(region),
        fleets=fleets,
        closed=closed_in(region, now=now),
    )
    # A bag goes to no counter where nobody may take it in.
    counters = tuple(
        row for row in others if row.village and row.has_clerk and row.code not in fleets
    )
    travel = travel_of(region)
    return Atlas(region=region, reach=reach, travel=travel, counters=counters, now=now)


def find_learned(region: Region) -> dict[str, object] | None:
    """What finished trips taught of riding times, to be shown; None before the first. No query."""
    told = region.fitted
    if not told:
        return None
    day = "-".join(reversed(told["on"].split("-")))
    half, most = (round(100 * told[key]) for key in ("half", "most"))
    return {"trips": told["trips"], "day": day, "half": half, "most": most}


def closures_of(asker: Membership, *, now: datetime) -> QuerySet[Closure]:
    """What is switched off in the asker's region, or will be."""
    rows = Closure.objects.filter(region=asker.region).exclude(until__lte=now)
    if asker.organisation_id:
        rows = rows.filter(Q(fleet=asker.organisation_id) | Q(fleet=None))
    return rows.select_related("fleet", "by", "region")


def closed_in(region: Region, *, now: datetime) -> tuple[Closed, ...]:
    """What is switched off from now on, as the rules take it. One query."""
    rows = Closure.objects.filter(region=region).exclude(until__lte=now).select_related("fleet")
    return tuple(closed_of(row) for row in rows.order_by("pk"))


def closed_of(row: Closure) -> Closed:
    """A closure as the rules take it."""
    return Closed(
        fleet=row.fleet.code if row.fleet else "",
        way=row.way,
        place=row.place,
        since=row.since,
        until=row.until,
        because=Because(row.because),
    )


def get_closure(asker: Membership, number: int, *, now: datetime) -> Closure:
    """One closure that the asker may end, or 404."""
    return get_object_or_404(closures_of(asker, now=now), pk=number)


def fleets_to_close(asker: Membership) -> list[Organisation]:
    """The fleets that the asker may switch off: his own, or all of the region."""
    rows = Organisation.objects.filter(region=asker.region, kind=Organisation.Kind.FLEET)
    if asker.organisation_id:
        rows = rows.filter(pk=asker.organisation_id)
    return list(rows.order_by("name"))


def places_of(region: Region) -> list[tuple[str, str]]:
    """Districts and villages by code, to choose one. Two queries."""
    districts = District.objects.filter(region=region).order_by("name")
    villages = Village.objects.filter(region=region).select_related("district")
    by_district: dict[int, list[Village]] = defaultdict(list)
    for village in villages.order_by("name"):
        by_district[village.district_id].append(village)
    return [
        pair
        for row in districts
        for pair in [
            (row.code, row.name),
            *((each.code, f"{row.name}, {each.name}") for each in by_district[row.pk]),
        ]
    ]


def ways_of(region: Region) -> tuple[Way, ...]:
    """The ways of a region as its pack tells them. No query."""
    told = region.config.get("reach", {}).get("ways", [])
    return tuple(_way(way) for way in told) or (BUILT_IN,)


def answers_for(
    village: Village, terms: Terms, tariff: Price | None, *, origin: Organisation, now: datetime
) -> Answers:
    """By which ways a village is reached from a pharmacy: the chosen one and why not the others."""
    atlas = atlas_of(village.region, now=now)
    return atlas.answers_for(Door(village=village), terms, tariff, origin=origin)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What somebody sees who looks where his hospital delivers."""

    origins: Sequence[Organisation]
    origin: Organisation
    terms: Terms
    tariff: Price
    atlas: Atlas

    def measured(self, villages: Sequence[Village]) -> View:
        """The same, with all ways to these villages measured at once."""
        return replace(self, atlas=self.atlas.measured(self.origin, villages))

    def trip(self, village: Village) -> Trip:
        """How far it is to a village, and all else that its ways depend on. No query."""
        return self.atlas.trip(Door(village=village), self.terms, self.tariff, origin=self.origin)

    def answers_for(self, village: Village) -> Answers:
        """The ways to a village. No query."""
        return self.answers_to(self.trip(village))

    def answers_to(self, trip: Trip) -> Answers:
        """The ways of a trip that is measured already. No query."""
        return self.atlas.answers_to(trip, self.terms)


def view_for(asker: Membership, *, origin: str, now: datetime) -> View:
    """The ways from his own hospital, or from the one that is named, under its first programme."""
    region = asker.region
    rows = Organisation.objects.filter(region=region, kind=Organisation.Kind.HOSPITAL)
    origins = list(rows.select_related("village").order_by("name"))
    if asker.organisation_id in {row.pk for row in origins}:
        origins = [row for row in origins if row.pk == asker.organisation_id]
    if not origins:
        raise Refused(Why.NO_PHARMACY)
    chosen = next((row for row in origins if row.code == origin), origins[0])
    opened = [terms_of(each) for each in list_programmes(region)]
    medicine = [t for t in opened if t.item_class == MEDICINE]
    fitting = [t for t in medicine if t.tariff and (not t.origins or chosen.code in t.origins)]
    if not fitting:
        raise Refused(Why.NO_PHARMACY)
    terms = min(fitting, key=lambda t: t.code)
    tariff = get_tariff(region, terms.tariff, on=today_in(region, now))
    atlas = atlas_of(region, now=now)
    return View(origins=origins, origin=chosen, terms=terms, tariff=tariff, atlas=atlas)


def villages_like(region: Region, typed: str) -> QuerySet[Village]:
    """The villages whose name, or whose district's name, holds what was typed."""
    rows = Village.objects.filter(region=region).select_related("district")
    # PostgreSQL takes no NUL in a text.
    if wanted := typed.replace("\0", "").strip():
        rows = rows.filter(Q(name__icontains=wanted) | Q(district__name__icontains=wanted))
    return rows


def _pharmacies(rows: Sequence[Mapping[str, Any]]) -> dict[str, tuple[Hours, ...]]:
    found: dict[str, list[Hours]] = defaultdict(list)
    for row in rows:
        opens, closes, cut_off = (_time(row[key]) for key in ("opens", "closes", "cut_off"))
        found[row["organisation"]].append(Hours(_days(row), opens, closes, cut_off))
    return {code: tuple(hours) for code, hours in found.items()}


def _days(row: Mapping[str, Any]) -> Days:
    told = row.get("weekdays", WEEKDAYS)
    return Days(frozenset(WEEKDAYS.index(day) for day in told), row.get("holidays", False))


def _time(told: str) -> time:
    return time.fromisoformat(told)


def _way(row: Mapping[str, Any]) -> Way:
    return Way(
        code=row["code"],
        kind=row["kind"],
        title=row["title"],
        days=_days(row),
        origins=frozenset(row.get("from_organisations", [])),
        areas=frozenset(row.get("areas", [])),
        programmes=frozenset(row.get("programmes", [])),
        carriers=frozenset(row.get("carriers", [])),
        counters=frozenset(row.get("counters", [])),
        up_to_m=row.get("up_to_m"),
        departs=tuple(_time(told) for told in row.get("departs", [])),
        cut_off_min=row.get("cut_off_minutes", 0),
        minutes=row.get("minutes"),
        working_days=row.get("days", 0),
        price=Money(row["price_rp"]) if "price_rp" in row else None,
        stops=row.get("stops", 1),
        stop_price=Money(row.get("stop_rp", 0)),
    )
