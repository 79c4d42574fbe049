"""Riders begin and end their shifts, and are seen where their phones say."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from gancang.audit.models import Event
from gancang.fleet import actions
from gancang.fleet.actions import Position
from gancang.fleet.models import Rider, Shift
from gancang.fleet.queries import find_at_work, find_shift, get_rider, list_on_shift
from gancang.fleet.rules import Why
from gancang.regions.queries import today_in, zone_of
from gancang.values import Refused
from tests.cast import Cast

from .conftest import NOW


def trained(rider: Rider, **changed: Any) -> None:
    """Give a rider a training for medicine, good for a year unless told otherwise."""
    days = {"trained_on": NOW.date(), "expires_on": NOW.date() + timedelta(days=365)} | changed
    actions.train(rider, item_class="medicine", **days, by="tests", now=NOW)


LATER = NOW + timedelta(minutes=5)


def told(rider: Rider, lat: float, *, after_s: int) -> Position:
    return Position(rider.user_id, lat, 114.3, NOW + timedelta(seconds=after_s))


def take_in(*news: Position) -> int:
    """Of how many riders something new was learned, five minutes after the shift began."""
    return sum(map(len, actions.record_positions(news, now=LATER).values()))


def test_a_new_shift_begins_where_the_fleet_is(toni: Rider) -> None:
    shift = actions.start_shift(toni, now=NOW)
    assert (shift.lat, shift.lon) == (toni.organisation.lat, toni.organisation.lon)
    assert shift.seen_at is None


def test_nobody_is_on_shift_twice(toni: Rider) -> None:
    actions.start_shift(toni, now=NOW)
    with pytest.raises(Refused) as refusal:
        actions.start_shift(toni, now=NOW)
    assert refusal.value.reason is Why.ON_SHIFT_ALREADY
    assert Shift.objects.count() == Event.objects.filter(kind="shift.started").count() == 1


def test_not_even_the_database_lets_a_second_shift_open(toni: Rider) -> None:
    actions.start_shift(toni, now=NOW)
    with pytest.raises(IntegrityError, match="one_open_shift_a_rider"), transaction.atomic():
        Shift.objects.create(rider=toni, started_at=NOW)


def test_who_went_home_can_come_back_tomorrow(toni: Rider) -> None:
    actions.start_shift(toni, now=NOW)
    actions.end_shift(toni, now=NOW + timedelta(hours=8))
    assert find_shift(toni) is None
    actions.start_shift(toni, now=NOW + timedelta(hours=24))
    assert find_shift(toni) is not None


def test_going_home_today_leaves_yesterday_as_it_was(toni: Rider) -> None:
    yesterday = actions.start_shift(toni, now=NOW - timedelta(hours=24))
    actions.end_shift(toni, now=NOW - timedelta(hours=16))
    actions.start_shift(toni, now=NOW)
    actions.end_shift(toni, now=NOW + timedelta(hours=8))
    yesterday.refresh_from_db()
    assert yesterday.ended_at == NOW - timedelta(hours=16)


def test_who_is_not_on_shift_cannot_end_it(toni: Rider) -> None:
    with pytest.raises(Refused) as refusal:
        actions.end_shift(toni, now=NOW)
    assert refusal.value.reason is Why.NOT_ON_SHIFT
    assert not Event.objects.filter(kind="shift.ended").exists()


def test_somebody_on_no_list_is_told_whom_to_ask(cast: Cast) -> None:
    with pytest.raises(Refused) as refusal:
        get_rider(cast.second_rider)
    assert refusal.value.reason is Why.NO_RIDER


def test_many_positions_are_written_in_three_statements(
    toni: Rider, joko: Rider, django_assert_num_queries: Any
) -> None:
    for rider in (toni, joko):
        actions.start_shift(rider, now=NOW)
    news = [told(toni, -8.2, after_s=5), told(joko, -8.3, after_s=5), told(toni, -8.25, after_s=9)]
    with django_assert_num_queries(5):  # savepoint, shifts, breaks, update, release
        assert take_in(*news) == 2
    assert Shift.objects.get(rider=toni).lat == -8.25
    assert Shift.objects.get(rider=joko).lat == -8.3


def test_late_news_does_not_send_a_rider_back(toni: Rider) -> None:
    actions.start_shift(toni, now=NOW)
    take_in(told(toni, -8.25, after_s=60))
    assert take_in(told(toni, -8.2, after_s=30)) == 0
    assert Shift.objects.get(rider=toni).lat == -8.25


def test_who_went_home_is_not_followed(toni: Rider) -> None:
    actions.start_shift(toni, now=NOW)
    actions.end_shift(toni, now=NOW)
    assert take_in(told(toni, -8.25, after_s=60)) == 0


def test_no_news_asks_nothing(db: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):  # savepoint, release
        assert take_in() == 0


def test_dispatch_sees_who_is_at_work_and_what_each_may_carry(
    cast: Cast, toni: Rider, joko: Rider, django_assert_num_queries: Any
) -> None:
    trained(toni)
    for rider in (toni, joko):
        actions.start_shift(rider, now=NOW)
    with django_assert_num_queries(4):  # shifts with riders, trainings, papers, breaks
        found = list_on_shift(cast.region, now=NOW)
    assert [(each.rider, each.trained) for each in found] == [
        (toni, frozenset({"medicine"})),
        (joko, frozenset()),
    ]


def test_whoever_is_shut_out_is_not_at_work(cast: Cast, toni: Rider) -> None:
    actions.start_shift(toni, now=NOW)
    cast.rider.is_active = False
    cast.rider.save()
    assert list_on_shift(cast.region, now=NOW) == []


def test_a_training_ends_with_the_day_of_the_region(cast: Cast, toni: Rider) -> None:
    last_day = today_in(cast.region, NOW)
    trained(toni, trained_on=last_day - timedelta(days=9), expires_on=last_day)
    actions.start_shift(toni, now=NOW)
    midnight = datetime.combine(last_day + timedelta(days=1), time(), zone_of(cast.region))
    midnight = midnight.astimezone(UTC)  # as the server's clock says it
    before = list_on_shift(cast.region, now=midnight - timedelta(minutes=1))
    assert before[0].trained == {"medicine"}
    assert list_on_shift(cast.region, now=midnight)[0].trained == set()


def test_somebody_is_at_work_once_his_shift_began(cast: Cast, toni: Rider) -> None:
    assert find_at_work(cast.rider, now=NOW) is None
    actions.start_shift(toni, now=NOW)
    trained(toni)
    found = find_at_work(cast.rider, now=NOW)
    assert found is not None
    assert (found.rider, found.trained, found.bar) == (toni, frozenset({"medicine"}), None)
    assert find_at_work(cast.second_rider, now=NOW) is None
