"""Who works when: planned by a tick, copied from the week before, taken over by the shift."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from gancang.audit.models import Event
from gancang.fleet import actions, rostering
from gancang.fleet.hours import Hours, merged, monday_of, resting_until
from gancang.fleet.models import Duty, Rest, Shift
from gancang.fleet.rostering import Change
from gancang.fleet.rules import Why
from gancang.regions.queries import today_in, zone_of
from gancang.values import Refused
from tests.cast import client_of

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

    from gancang.fleet.models import Rider
    from tests.cast import Cast

DAY = Hours(starts=time(7), ends=time(15), break_from=time(12), break_until=time(12, 30))


def next_monday(cast: Cast) -> date:
    return monday_of(today_in(cast.region, timezone.now())) + timedelta(days=7)


def at(cast: Cast, hour: int, minute: int = 0) -> datetime:
    """A moment of the day of the story, by the region's clock."""
    return datetime(2026, 11, 24, hour, minute, tzinfo=zone_of(cast.region)).astimezone(UTC)


def tick_days(
    cast: Cast, on: list[str], *, was: list[str] | None = None, **changed: str
) -> Response:
    """The operator saves the plan of next week with these ticks."""
    typed: dict[str, object] = {
        "starts": "07:00",
        "ends": "15:00",
        "break_from": "12:00",
        "break_until": "12:30",
    }
    url = f"/fleet/plan?week={next_monday(cast)}"
    sent = typed | {"on": on, "was": was or []} | changed
    return client_of(cast.operator).post(url, sent)


def key(rider: Rider, day: date) -> str:
    return f"{rider.pk}:{day.isoformat()}"


def test_a_tick_plans_a_day_and_taking_it_off_unplans_it(cast: Cast, toni: Rider) -> None:
    monday = next_monday(cast)
    both = [key(toni, monday), key(toni, monday + timedelta(days=2))]
    assert tick_days(cast, both).status_code == 302
    assert {duty.day: duty.hours() for duty in Duty.objects.all()} == {
        monday: DAY,
        monday + timedelta(days=2): DAY,
    }
    assert tick_days(cast, both[:1], was=both).status_code == 302
    assert Duty.objects.get().day == monday
    assert Event.objects.filter(kind="rider.planned", subject=cast.rider.username).count() == 2


def test_saving_twice_changes_nothing_more(cast: Cast, toni: Rider) -> None:
    for _time in range(2):
        assert tick_days(cast, [key(toni, next_monday(cast))]).status_code == 302
    assert Duty.objects.count() == Event.objects.filter(kind="rider.planned").count() == 1


def test_what_a_colleague_planned_meanwhile_stays(cast: Cast, toni: Rider) -> None:
    monday = next_monday(cast)
    change = Change(rider=toni, day=monday, hours=DAY)
    rostering.plan([change], by="colleague", now=timezone.now())
    # This page was opened before: it neither showed that day as ticked nor ticks it.
    tick_days(cast, [key(toni, monday + timedelta(days=1))])
    assert Duty.objects.count() == 2


def test_hours_of_days_that_stay_ticked_stay_as_they_are(cast: Cast, toni: Rider) -> None:
    monday = next_monday(cast)
    tick_days(cast, [key(toni, monday)])
    both = [key(toni, monday), key(toni, monday + timedelta(days=1))]
    tick_days(cast, both, was=both[:1], starts="09:00", ends="17:00")
    assert [duty.starts for duty in Duty.objects.order_by("day")] == [time(7), time(9)]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"ends": "06:00"}, "rencanakan kerja malam sebagai dua hari"),
        ({"break_until": ""}, "atau kosongkan keduanya"),
        ({"break_until": "15:30"}, "di luar jam kerja"),
        ({"starts": "subuh"}, "subuh"),
    ],
)
def test_hours_that_cannot_be_are_refused_and_the_ticks_stay(
    cast: Cast, toni: Rider, changed: dict[str, str], says: str
) -> None:
    wanted = key(toni, next_monday(cast))
    answer = tick_days(cast, [wanted], was=[], **changed)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert says in page
    assert f'value="{wanted}" checked' in page
    assert not Duty.objects.exists()


def test_a_day_that_is_over_cannot_be_planned(toni: Rider) -> None:
    now = timezone.now()
    yesterday = today_in(toni.region, now) - timedelta(days=1)
    with pytest.raises(Refused) as refusal:
        rostering.plan([Change(rider=toni, day=yesterday, hours=DAY)], by="tests", now=now)
    assert refusal.value.reason is Why.DAY_OVER


def test_next_week_is_planned_as_this_one_and_what_stands_there_stays(
    cast: Cast, toni: Rider, joko: Rider
) -> None:
    monday, now = next_monday(cast), timezone.now()
    late = Hours(starts=time(12), ends=time(20))
    week = [Change(rider=toni, day=monday + timedelta(days=n), hours=DAY) for n in range(5)]
    there = Change(rider=toni, day=monday + timedelta(days=7), hours=late)
    rostering.plan([*week, there], by="tests", now=now)
    url = f"/fleet/plan/copy?week={monday + timedelta(days=7)}"
    for _time in range(2):  # a second press plans nothing more
        assert client_of(cast.operator).post(url).status_code == 302
    copied = Duty.objects.filter(day__gte=monday + timedelta(days=7)).order_by("day")
    assert [duty.hours() for duty in copied] == [late, DAY, DAY, DAY, DAY]


def test_one_riders_week_has_hours_of_its_own(cast: Cast, toni: Rider) -> None:
    monday = next_monday(cast)
    url = f"/fleet/riders/{toni.pk}/plan?week={monday}"
    client = client_of(cast.operator)
    typed = {f"{monday}-works": "on", f"{monday}-starts": "10:00", f"{monday}-ends": "18:00"}
    assert client.post(url, typed).status_code == 302
    assert Duty.objects.get().hours() == Hours(starts=time(10), ends=time(18))
    wrong = client.post(url, {**typed, f"{monday}-ends": "09:00"})
    assert wrong.status_code == 400
    assert "09:00" in wrong.content.decode()
    assert client.post(url, {}).status_code == 302
    assert not Duty.objects.exists()


def test_a_fleets_desk_plans_only_its_own(cast: Cast, toni: Rider, joko: Rider) -> None:
    desk = cast.member(cast.operator)
    desk.organisation = cast.fleet
    desk.save()
    monday = next_monday(cast)
    rostering.plan([Change(rider=joko, day=monday, hours=DAY)], by="tests", now=timezone.now())
    page = client_of(cast.operator).get(f"/fleet/plan?week={monday}").content.decode()
    assert "Toni" in page
    assert "Joko" not in page
    tick_days(cast, [key(toni, monday), key(joko, monday + timedelta(days=1))])
    assert set(Duty.objects.values_list("rider", "day")) == {(toni.pk, monday), (joko.pk, monday)}


@pytest.mark.parametrize("week", ["", "nonsense", "9999-12-31", "0001-01-01", "2026-13-01"])
def test_a_week_that_is_none_shows_a_page(cast: Cast, toni: Rider, week: str) -> None:
    client = client_of(cast.operator)
    for address in ("/fleet/plan", f"/fleet/riders/{toni.pk}/plan"):
        assert client.get(f"{address}?week={week}").status_code == 200


def planned(cast: Cast, toni: Rider, hours: Hours = DAY) -> None:
    day = at(cast, 6)
    change = Change(rider=toni, day=today_in(cast.region, day), hours=hours)
    rostering.plan([change], by="tests", now=day)


def test_a_shift_that_begins_has_the_end_and_the_break_of_the_plan(cast: Cast, toni: Rider) -> None:
    planned(cast, toni)
    shift = actions.start_shift(toni, now=at(cast, 6, 45))
    shift.refresh_from_db()
    assert shift.ends_by == at(cast, 15)
    rest = Rest.objects.get()
    assert (rest.starts_at, rest.ends_at, rest.is_planned) == (
        at(cast, 12),
        at(cast, 12, 30),
        True,
    )


@pytest.mark.parametrize("begins", [(3, 0), (15, 0), (20, 0)])
def test_who_begins_at_quite_another_hour_works_without_a_planned_end(
    cast: Cast, toni: Rider, begins: tuple[int, int]
) -> None:
    planned(cast, toni)
    shift = actions.start_shift(toni, now=at(cast, *begins))
    shift.refresh_from_db()
    assert shift.ends_by is None
    assert not Rest.objects.exists()


def test_a_plan_that_changes_during_the_shift_changes_the_shift(cast: Cast, toni: Rider) -> None:
    planned(cast, toni)
    actions.start_shift(toni, now=at(cast, 7))
    later = Hours(starts=time(7), ends=time(17), break_from=time(13), break_until=time(14))
    change = Change(rider=toni, day=today_in(cast.region, at(cast, 9)), hours=later)
    rostering.plan([change], by="tests", now=at(cast, 9))
    assert Shift.objects.get().ends_by == at(cast, 17)
    assert Rest.objects.get().starts_at == at(cast, 13)


def test_the_rider_sees_his_plan(cast: Cast, toni: Rider) -> None:
    today = today_in(cast.region, timezone.now())
    changes = [Change(rider=toni, day=today + timedelta(days=n), hours=DAY) for n in (0, 3)]
    rostering.plan(changes, by="tests", now=timezone.now())
    client = client_of(cast.rider)
    assert "07.00\u201315.00" in client.get("/dispatch/rider").content.decode()
    page = client.get("/fleet/mine").content.decode()
    assert page.count("07.00\u201315.00") == 2
    assert "istirahat 12.00\u201312.30" in page


def at_minute(n: int) -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=n)


MOMENTS = st.integers(0, 1000).map(at_minute)


@given(st.lists(st.tuples(MOMENTS, MOMENTS)), MOMENTS)
def test_breaks_made_one_cover_the_same_minutes_and_never_touch(
    rests: list[tuple[datetime, datetime]], now: datetime
) -> None:
    one = merged(rests)
    assert any(begins <= now < ends for begins, ends in rests) == (
        resting_until(one, now=now) is not None
    )
    flat = [moment for rest in one for moment in rest]
    assert flat == sorted(set(flat))
