"""When a shop is open, by its week, its days off and its owner's buttons."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from gancang.shops.opening import Span, Week, opens_next, why_closed, why_not_hours
from gancang.shops.rules import Why

ZONE = ZoneInfo("Asia/Jakarta")
MONDAY = date(2026, 11, 30)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), ZONE)


def week(*spans: tuple[int, int, int], **told: object) -> Week:
    found = [Span(day, time(opens), time(closes)) for day, opens, closes in spans]
    return Week(zone=ZONE, spans=found, **told)  # type: ignore[arg-type]  # told by name


def reason(found: Week, moment: datetime) -> str | None:
    refusal = why_closed(found, moment)
    return refusal.reason.value if refusal else None


def test_two_openings_a_day_with_a_pause_between() -> None:
    found = week((0, 6, 11), (0, 16, 21))
    assert reason(found, at(MONDAY, 5, 59)) == Why.CLOSED
    assert reason(found, at(MONDAY, 6)) is None
    assert reason(found, at(MONDAY, 11)) == Why.CLOSED
    assert opens_next(found, at(MONDAY, 12)) == at(MONDAY, 16)
    assert opens_next(found, at(MONDAY, 22)) == at(MONDAY + timedelta(days=7), 6)


def test_a_night_stall_is_open_past_midnight_by_the_region_s_own_clock() -> None:
    found = week((0, 17, 2))
    assert reason(found, at(MONDAY + timedelta(days=1), 1)) is None
    assert reason(found, at(MONDAY + timedelta(days=1), 2)) == Why.CLOSED
    assert reason(found, datetime(2026, 11, 30, 18, 30, tzinfo=UTC)) is None  # 01:30 on Tuesday


def test_days_off_close_and_the_next_opening_comes_after_them() -> None:
    found = week(*[(day, 8, 20) for day in range(7)], days_off=[(MONDAY, MONDAY)])
    assert reason(found, at(MONDAY, 9)) == Why.DAY_OFF
    assert opens_next(found, at(MONDAY, 9)) == at(MONDAY + timedelta(days=1), 8)


def test_the_owner_s_button_closes_at_once_and_opens_out_of_hours() -> None:
    told = {"closed_until": at(MONDAY, 15)}
    found = week((0, 8, 20), **told)
    assert reason(found, at(MONDAY, 14)) == Why.CLOSED
    assert opens_next(found, at(MONDAY, 14)) == at(MONDAY, 15)
    late = week((0, 8, 20), opened_until=at(MONDAY, 23))
    assert reason(late, at(MONDAY, 22)) is None
    assert reason(late, at(MONDAY, 23)) == Why.CLOSED


def test_a_shop_without_hours_says_so_and_never_opens() -> None:
    assert reason(week(), at(MONDAY, 9)) == Why.NO_HOURS
    assert opens_next(week(), at(MONDAY, 9)) is None


def test_openings_that_overlap_are_found_also_from_sunday_night_into_monday() -> None:
    assert why_not_hours([Span(0, time(8), time(12)), Span(0, time(12), time(20))]) is None
    assert why_not_hours([Span(0, time(8), time(13)), Span(0, time(12), time(20))]) == 0
    assert why_not_hours([Span(6, time(18), time(7)), Span(0, time(6), time(9))]) == 6


CLOCKS = st.times(max_value=time(23, 59)).map(lambda clock: clock.replace(second=0, microsecond=0))
SPANS = st.lists(st.builds(Span, st.integers(0, 6), CLOCKS, CLOCKS), max_size=5)


@given(SPANS, st.integers(0, 7 * 1440 - 1))
def test_where_it_is_closed_it_is_open_at_the_next_opening_and_not_before(
    spans: list[Span], minute: int
) -> None:
    found = Week(zone=ZONE, spans=spans)
    now = at(MONDAY, 0) + timedelta(minutes=minute)
    opens = opens_next(found, now)
    if opens is None:
        assert not spans
        return
    assert why_closed(found, opens) is None
    assert opens >= now
    if opens > now:
        middle = now + (opens - now) / 2
        assert why_closed(found, middle) is not None
