"""Laws of promises: never before now, never on a closed day, never past a cut-off."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gancang.reach.hours import Calendar, Days, Hours, is_open, next_departure, ready_at
from gancang.reach.rules import DIRECT, POST, ROUND, Reach, Trip, Way, answers
from gancang.reach.sharing import shares_of_route
from gancang.regions.tariffs import Price
from gancang.values import Money

MOMENTS = st.integers(0, 44_000_000).map(
    lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
DAYS = st.builds(
    Days, st.frozensets(st.integers(0, 6), min_size=1), st.sampled_from([False, False, True])
)
CLOCKS = st.times(time(0, 5), time(23, 50)).map(lambda t: t.replace(second=0, microsecond=0))
CALENDARS = st.builds(
    Calendar,
    st.sampled_from([ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Jayapura")]),
    st.frozensets(st.dates(date(2026, 1, 1), date(2027, 6, 1)), max_size=12),
)
TARIFF = Price(base=Money(8_000), included_m=4_000, per_km=Money(2_500), ceiling=Money(150_000))


@st.composite
def pharmacies(draw: st.DrawFn) -> tuple[Hours, ...]:
    opens, cut_off, closes = sorted(draw(st.lists(CLOCKS, min_size=3, max_size=3, unique=True)))
    return draw(st.sampled_from([(), (Hours(draw(DAYS), opens, closes, cut_off),)]))


@st.composite
def ways(draw: st.DrawFn) -> Way:
    kind = draw(st.sampled_from([DIRECT, ROUND, POST]))
    departs = draw(st.lists(st.times(time(0), time(12)), min_size=1, max_size=3, unique=True))
    return Way(
        code=draw(st.text("abc", min_size=1, max_size=3)),
        kind=kind,
        title=kind,
        days=draw(DAYS),
        departs=() if kind == DIRECT else tuple(departs),
        cut_off_min=draw(st.integers(0, 600)),
        minutes=draw(st.integers(10, 600)),
        working_days=draw(st.integers(1, 5)),
        price=draw(st.sampled_from([None, Money(15_000)])),
        stops=draw(st.integers(1, 12)),
        stop_price=Money(draw(st.sampled_from([0, 2_000]))),
    )


def trip(metres: int, promise_min: int = 240) -> Trip:
    return Trip(
        origin="rs",
        origin_name="RS",
        village="99.01.01.2001",
        village_name="Desa",
        metres=metres,
        ride_min=metres // 500,
        programme="p",
        programme_name="P",
        carriers=frozenset(),
        promise_min=promise_min,
        tariff=TARIFF,
    )


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    MOMENTS,
    CALENDARS,
    pharmacies(),
    st.lists(ways(), min_size=1, max_size=4),
    st.integers(0, 150_000),
)
def test_a_promise_is_never_before_now_never_on_a_closed_day_never_past_a_cut_off(
    now: datetime, calendar: Calendar, hours: tuple[Hours, ...], told: list[Way], metres: int
) -> None:
    reach = Reach(
        calendar=calendar, pharmacies={"rs": hours}, ways=tuple(told), fleets={"f": "Fleet"}
    )
    found = answers(trip(metres), reach, now=now)
    given_all = [found.chosen, *found.others] if found.chosen else list(found.others)
    assert sorted(a.way.code for a in given_all) == sorted(w.code for w in told)
    for each in given_all:
        if each.promise_at is None:
            assert each.why_not is not None
            continue
        assert each.promise_at > now
        assert calendar.runs(each.way.days, calendar.day_of(each.promise_at))
        assert each.cost is not None
        assert each.at_most is not None
        assert Money(0) <= each.cost <= each.at_most
        if each.departs_at is not None:
            day = calendar.day_of(each.departs_at)
            assert calendar.runs(each.way.days, day)
            assert is_open(calendar, hours, day)
            assert each.departs_at - timedelta(minutes=each.way.cut_off_min) >= now


@given(MOMENTS, CALENDARS, pharmacies())
def test_a_pharmacy_begins_when_it_is_open_and_before_its_cut_off(
    now: datetime, calendar: Calendar, hours: tuple[Hours, ...]
) -> None:
    ready = ready_at(calendar, hours, now)
    assume(ready is not None and hours)
    assert ready is not None
    assert ready >= now
    day, clock = calendar.day_of(ready), ready.astimezone(calendar.zone).time()
    assert any(calendar.runs(h.days, day) and h.opens <= clock <= h.cut_off for h in hours)


@given(MOMENTS, CALENDARS, DAYS, st.lists(CLOCKS, min_size=1, max_size=3))
def test_no_departure_between_now_and_the_next_is_overlooked(
    now: datetime, calendar: Calendar, days: Days, departs: list[time]
) -> None:
    found = next_departure(calendar, (), days, departs, now)
    assume(found is not None)
    assert found is not None
    for day in calendar.days_from(now):
        for clock in departs:
            moment = calendar.at(day, clock)
            assert not (now <= moment < found and calendar.runs(days, day))


@given(st.integers(0, 10**7), st.lists(st.integers(0, 150_000), min_size=1, max_size=12))
def test_a_round_is_shared_to_the_rupiah_and_nobody_pays_more_than_alone(
    route: int, alone: list[int]
) -> None:
    shares = shares_of_route(Money(route), [Money(each) for each in alone])
    assert sum(share.rupiah for share in shares) == min(route, sum(alone))
    assert all(0 <= share.rupiah <= each for share, each in zip(shares, alone, strict=True))
