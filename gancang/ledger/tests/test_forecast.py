"""The month in which a budget will be used up, told from how it was used so far."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gancang.ledger.forecast import Change, Use, forecast, notice_due

FIRST = date(2026, 1, 1)
YEAR_END = date(2026, 12, 31)
DAYS_OFF = frozenset({date(2026, 3, 20), date(2026, 3, 21), date(2026, 8, 17)})
GRANTED = 150_000_000


def a_year(seed: int) -> dict[date, int]:
    """Deliveries of a hospital: 40 to 70 a working day at Rp 8.000 to 23.000, few on days off."""
    chance = random.Random(seed)
    days = {}
    for n in range(365):
        on = FIRST + timedelta(days=n)
        is_off = on.weekday() == 6 or on in DAYS_OFF
        orders = chance.randint(0, 6) if is_off else chance.randint(40, 70)
        days[on] = sum(chance.choice((8_000, 10_500, 13_000, 23_000)) for _ in range(orders))
    return days


def used_up(year: dict[date, int], granted: int) -> date:
    """The day on which it really was used up."""
    left = granted
    for on, rupiah in sorted(year.items()):
        left -= rupiah
        if left <= 0:
            return on
    return date.max


def known(year: dict[date, int], today: date) -> Use:
    """What was known in the morning of a day."""
    past = {on: rupiah for on, rupiah in year.items() if on < today}
    return Use(used=past, since=FIRST, days_off=DAYS_OFF)


@pytest.mark.parametrize("seed", range(6))
def test_150_million_end_in_the_month_that_was_told(seed: int) -> None:
    """Eight weeks in, the day is told within a tenth of the time that is left, and in its band."""
    year, today = a_year(seed), FIRST + timedelta(weeks=8)
    use = known(year, today)
    really = used_up(year, GRANTED)
    free = GRANTED - sum(use.used.values())
    told = forecast(use, free, today=today, until=YEAR_END, seed=1)
    assert told is not None
    assert told.early is not None
    assert told.likely is not None
    assert told.late is not None
    assert abs((told.likely - really).days) <= 0.1 * (really - today).days
    assert told.early <= told.likely <= told.late
    assert told.early - timedelta(days=10) <= really <= told.late + timedelta(days=10)


def test_dearer_or_for_more_people_it_ends_sooner_from_the_day_on_that_this_holds() -> None:
    year, today = a_year(1), FIRST + timedelta(weeks=8)
    use, free = known(year, today), 100_000_000
    ends = [
        forecast(use, free, today=today, until=YEAR_END, seed=1, change=change)
        for change in (
            Change(),
            Change(price_percent=10),
            Change(price_percent=10, people=1.5),
            Change(price_percent=10, people=1.5, starts=today + timedelta(days=60)),
            Change(price_percent=10, starts=YEAR_END),
        )
    ]
    plain, dearer, more, later, never = [told.likely for told in ends if told]
    assert plain is not None
    assert dearer is not None
    assert more is not None
    assert later is not None
    assert more < dearer < plain == never
    assert more < later < plain
    assert (dearer - today).days == pytest.approx((plain - today).days / 1.1, abs=3)


def test_of_what_is_hardly_used_nothing_is_said() -> None:
    today = FIRST + timedelta(days=10)
    assert forecast(known(a_year(1), today), 10**8, today=today, until=YEAR_END, seed=1) is None
    unused = Use(used={}, since=FIRST, days_off=DAYS_OFF)
    assert forecast(unused, 10**8, today=date(2026, 6, 1), until=YEAR_END, seed=1) is None


def test_money_that_lasts_is_told_with_what_is_left() -> None:
    year, today = a_year(2), FIRST + timedelta(weeks=40)
    told = forecast(known(year, today), 10**9, today=today, until=YEAR_END, seed=1)
    assert told is not None
    assert (told.early, told.likely, told.late) == (None, None, None)
    rest = sum(rupiah for on, rupiah in year.items() if on >= today)
    assert told.left.on == YEAR_END
    assert told.left.likely == pytest.approx(10**9 - rest, rel=0.02)
    assert notice_due(told, 10**9, today=today) is None


def test_a_notice_is_due_a_quarter_a_month_and_a_week_before_and_when_it_is_empty() -> None:
    year, today = a_year(3), FIRST + timedelta(weeks=12)
    use, a_day = known(year, today), 12_500 * 50
    due = []
    for days in (200, 70, 20, 5):
        told = forecast(use, a_day * days, today=today, until=YEAR_END, seed=1)
        due.append(notice_due(told, a_day * days, today=today))
    assert due == [None, 90, 30, 7]
    assert notice_due(None, 0, today=today) == 0


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, 5_000_000), min_size=14, max_size=120),
    st.integers(0, 10**9),
    st.integers(0, 2**32),
)
def test_the_band_is_a_band_and_the_same_seed_says_the_same(
    days: list[int], free: int, seed: int
) -> None:
    used = {FIRST + timedelta(days=n): rupiah for n, rupiah in enumerate(days)}
    use, today = Use(used=used, since=FIRST, days_off=DAYS_OFF), FIRST + timedelta(days=len(days))
    told = forecast(use, free, today=today, until=YEAR_END, seed=seed)
    assert told == forecast(use, free, today=today, until=YEAR_END, seed=seed)
    if told is None:
        assert not any(days)
        return
    for point in told.curve:
        assert 0 <= point.low <= point.likely <= point.high <= free
    ends = [day or date.max for day in (told.early, told.likely, told.late)]
    assert ends == sorted(ends)
