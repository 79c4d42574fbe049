"""A rider is seen while he works, never on his break; he reads so himself, and for how long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gancang.fleet import actions, rostering
from gancang.fleet.actions import Position
from gancang.fleet.hours import merged
from gancang.fleet.models import Shift
from gancang.fleet.seeing import KEEP_DAYS, LATELY, AtWork, keep_days, may_be_taken, seen
from tests.cast import at_work, client_of

from .conftest import NOW

if TYPE_CHECKING:
    from gancang.fleet.models import Rider
    from tests.cast import Cast

MINUTES = st.integers(-600, 600).map(lambda minutes: NOW + timedelta(minutes=minutes))


@st.composite
def work(draw: st.DrawFn) -> AtWork:
    """A shift, perhaps over, with some breaks."""
    rests = draw(st.lists(st.tuples(MINUTES, MINUTES), max_size=4))
    return AtWork(started_at=draw(MINUTES), ended_at=draw(st.none() | MINUTES), rests=merged(rests))


@given(work(), MINUTES, MINUTES)
def test_no_place_of_a_break_or_of_leisure_is_ever_taken(
    work: AtWork, at: datetime, now: datetime
) -> None:
    if not may_be_taken(work, at=at, now=now):
        return
    for moment in (at, now):
        assert work.started_at <= moment
        assert work.ended_at is None or moment < work.ended_at
        assert not any(begins <= moment < ends for begins, ends in work.rests)


@given(work(), st.none() | MINUTES, MINUTES)
def test_nobody_reads_that_he_is_seen_unless_his_place_came_lately_and_may_come(
    work: AtWork, last_at: datetime | None, now: datetime
) -> None:
    told = seen(work, last_at=last_at, now=now)
    assert told.is_sending == work.is_working(now)
    if told.is_seen:
        assert told.is_sending
        assert last_at is not None
        assert now - last_at < LATELY


@pytest.mark.parametrize(
    ("config", "days"),
    [
        ({}, KEEP_DAYS),
        ({"fleet": {"papers": []}}, KEEP_DAYS),
        ({"fleet": {"positions": {"keep_days": 3}}}, 3),
    ],
)
def test_how_long_places_are_kept_stands_in_the_pack(config: dict[str, Any], days: int) -> None:
    assert keep_days(config) == days


def here(rider: Rider, minutes: int) -> dict[str, list[Position]]:
    """His phone tells where it is, so many minutes after the shift began."""
    at = NOW + timedelta(minutes=minutes)
    return actions.record_positions([Position(rider.user_id, -8.25, 114.3, at)], now=at)


def test_whoever_rests_is_not_followed_and_is_again_when_he_is_back(toni: Rider) -> None:
    actions.start_shift(toni, now=NOW)
    assert here(toni, 1)
    until = NOW + timedelta(minutes=32)
    rostering.take_break(toni, until=until, now=NOW + timedelta(minutes=2))
    assert here(toni, 20) == {}
    # What a phone kept from the break is not taken after it either.
    kept = Position(toni.user_id, -8.4, 114.4, NOW + timedelta(minutes=25))
    assert actions.record_positions([kept], now=NOW + timedelta(minutes=40)) == {}
    shift = Shift.objects.get()
    assert (shift.lat, shift.seen_at) == (-8.25, NOW + timedelta(minutes=1))
    assert here(toni, 33)


def line(cast: Cast) -> str:
    """What his page says of being seen."""
    page = client_of(cast.rider).get("/dispatch/rider").content.decode()
    return page.partition('class="being-seen')[2].partition("</p>")[0].partition('">')[2]


def test_a_rider_reads_when_he_is_seen_and_when_not(cast: Cast) -> None:
    now = datetime.now(UTC)
    at_work(cast, cast.rider)
    assert "belum ada kabar dari HP Anda" in line(cast)
    Shift.objects.update(seen_at=now)
    assert "terlihat oleh operator. Terakhir terkirim" in line(cast)
    Shift.objects.update(seen_at=now - timedelta(minutes=30))
    assert "tidak ada kabar dari HP Anda sejak pukul" in line(cast)
    shift = Shift.objects.get()
    rostering.take_break(shift.rider, until=now + timedelta(minutes=30), now=datetime.now(UTC))
    assert "istirahat sampai" in line(cast)
    actions.end_shift(shift.rider, now=datetime.now(UTC))
    assert "Anda tidak bertugas" in line(cast)


def test_on_his_break_and_off_shift_no_page_makes_his_phone_tell_where_it_is(cast: Cast) -> None:
    phone, script = client_of(cast.rider), "fleet/seen.js"
    assert script not in phone.get("/fleet/mine").content.decode()
    at_work(cast, cast.rider)
    page = phone.get("/fleet/mine").content.decode()
    assert script in page
    assert f"dihapus {keep_days(cast.region.config)} hari kemudian" in page
    now = datetime.now(UTC)
    rostering.take_break(Shift.objects.get().rider, until=now + timedelta(minutes=30), now=now)
    assert script not in phone.get("/fleet/mine").content.decode()


def test_whoever_rests_is_not_on_the_operators_map(cast: Cast) -> None:
    at_work(cast, cast.rider, cast.second_rider)
    now = datetime.now(UTC)
    rider = Shift.objects.get(rider__user=cast.rider).rider
    rostering.take_break(rider, until=now + timedelta(minutes=30), now=now)
    told = client_of(cast.operator).get("/dispatch/map.json").json()
    names = {each["title"] for each in told["points"] if each["id"].startswith("rider-")}
    assert names == {"Slamet"}
