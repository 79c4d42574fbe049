"""Where riders were is deleted after the region's days; what was decided replays all the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from gancang.audit.models import Event
from gancang.dispatch import keeping
from gancang.dispatch.forgetting import forget_places
from gancang.dispatch.models import Tick
from gancang.dispatch.tasks import forget_places as forget_each_hour
from gancang.dispatch.ticking import tick
from gancang.fleet.models import Shift
from gancang.fleet.seeing import keep_days
from tests.cast import at_work, place, release

if TYPE_CHECKING:
    from tests.cast import Cast

LAT = -8.123456
"""Where a rider was: nobody lives there."""


def days(cast: Cast, more: float = 0) -> timedelta:
    """For so long the region keeps places, and some days more."""
    return timedelta(days=keep_days(cast.region.config) + more)


@pytest.fixture
def planned(cast: Cast) -> Tick:
    """A round of the planner with two riders, one of them far out."""
    at_work(cast, cast.rider, cast.second_rider)
    Shift.objects.filter(rider__user=cast.rider).update(lat=LAT, seen_at=datetime.now(UTC))
    release(cast, place(cast))
    tick(cast.region, now=datetime.now(UTC), seed=1)
    return Tick.objects.get()


def test_a_place_stays_for_its_days_and_then_goes_once(cast: Cast) -> None:
    at_work(cast, cast.rider, cast.second_rider)
    now = datetime.now(UTC)
    Shift.objects.update(lat=LAT, lon=114.3, seen_at=now, ended_at=now)
    assert forget_places(cast.region, now=now + days(cast, -0.1)) == (0, 0)
    assert Shift.objects.filter(lat=LAT).count() == 2
    assert forget_places(cast.region, now=now + days(cast, 0.1)) == (2, 0)
    assert not Shift.objects.exclude(lat=None, lon=None).exists()
    assert forget_places(cast.region, now=now + days(cast, 0.2)) == (0, 0)
    (event,) = Event.objects.filter(kind="places.forgotten")
    assert str(LAT) not in event.payload
    assert cast.rider.username not in event.payload


def test_who_forgot_to_end_his_shift_stands_at_his_fleet_again(cast: Cast) -> None:
    at_work(cast, cast.rider)
    now = datetime.now(UTC)
    Shift.objects.update(lat=LAT, lon=114.3, seen_at=now)
    assert forget_places(cast.region, now=now + days(cast, 1)) == (1, 0)
    shift = Shift.objects.get()
    assert (shift.lat, shift.lon, shift.seen_at) == (cast.fleet.lat, cast.fleet.lon, None)
    assert shift.ended_at is None


def test_an_old_round_of_the_planner_replays_without_its_riders_places(
    cast: Cast, planned: Tick
) -> None:
    assert str(LAT) in str(planned.world)
    _, before = keeping.replay(planned)
    assert forget_places(cast.region, now=planned.at + days(cast, 1))[1] == 1
    kept = Tick.objects.get()
    assert str(LAT) not in str(kept.world)
    assert str(LAT) not in str(kept.ways)
    _, after = keeping.replay(kept)
    assert after == before
    # Where the patient lives and the medicine lies stays, for the decision's sake.
    houses = [kept.world["places"][job["to"]] for job in kept.world["jobs"]]
    assert houses == [planned.world["places"][job["to"]] for job in planned.world["jobs"]]
    assert forget_places(cast.region, now=planned.at + days(cast, 2)) == (0, 0)


def test_the_hourly_job_spares_what_is_young(cast: Cast, planned: Tick) -> None:
    assert forget_each_hour(timestamp=0) == 0
    Tick.objects.update(at=planned.at - days(cast, 1))
    assert forget_each_hour(timestamp=0) == 1
    assert not Tick.objects.get().has_places
