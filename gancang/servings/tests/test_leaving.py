"""Who leaves, is paused, dies, stands twice or moves: meals and rides follow the same day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from gancang.enrolment.deciding import lapse
from gancang.enrolment.models import Enrolment
from gancang.enrolment.tests.fixtures import let_in
from gancang.fulfilment.models import Case
from gancang.fulfilment.stopping import stop_cases
from gancang.fulfilment.tests.test_cases import planned, somebody
from gancang.fulfilment.tests.test_cases import today as typed_day
from gancang.ledger.queries import held_for
from gancang.programmes.queries import get_programme
from gancang.regions.models import Village
from gancang.residents.actions import mark_deceased
from gancang.residents.merging import merge
from gancang.residents.models import Resident
from gancang.residents.registry import Deed
from gancang.servings.models import Diner, Serving
from gancang.servings.queries import calendar_of, table_of
from gancang.servings.seating import stop_meals
from gancang.servings.tests.test_meals import (
    PROGRAMME,
    cooks,
    couriers,
    elders,
    kitchens,
    ride,
    seated,
    today,
)
from tests.cast import client_of

if TYPE_CHECKING:
    from tests.cast import Cast


def table_today(cast: Cast, *, ahead: int = 0) -> int:
    """How many eat in the evening of a day."""
    programme = get_programme(cast.region, PROGRAMME)
    table = table_of(programme)
    assert table is not None
    calendar = calendar_of(cast.region, programme, table)
    return calendar.sitting(today(cast) + timedelta(days=ahead), "sore").meals


def on_rounds(cast: Cast, count: int) -> list[Diner]:
    """So many people at table, their breakfast on the way."""
    kitchen = kitchens(cast)[0]
    diners = seated(cast, elders(cast, count, around=kitchen))
    cooks(cast, kitchen, 40)
    assert ride(cast, couriers(cast)) == 302
    return diners


def stopped(cast: Cast) -> int:
    """How many meals the minute's job takes off rounds."""
    return stop_meals(cast.region, now=datetime.now(UTC))


def move(cast: Cast, row: Enrolment | None, deed: str) -> None:
    """What the officer does with an enrolment on its page."""
    assert row is not None
    typed = {"deed": deed, "note": "Tinggal bersama anaknya sekarang."}
    answer = client_of(cast.officer).post(f"/enrolment/{row.code}/move", typed)
    assert answer.status_code == 302, answer.content.decode()


def test_who_leaves_is_off_todays_round_and_his_meal_is_not_paid(cast: Cast) -> None:
    first, second, third = on_rounds(cast, 3)
    assert {row.enrolment.programme.version for row in (first, second) if row.enrolment} == {
        first.programme.version
    }
    move(cast, first.enrolment, "end")
    move(cast, second.enrolment, "pause")
    assert stopped(cast) == 2
    assert stopped(cast) == 0
    gone = Serving.objects.get(diner=first)
    assert gone.state == "called_off"
    assert not held_for(f"{gone.code}-M")
    assert held_for(f"{Serving.objects.get(diner=third).code}-M")
    assert table_today(cast) == 1
    move(cast, second.enrolment, "resume")
    assert table_today(cast) == 2


def test_whoever_dies_eats_no_more_and_his_place_is_given_on(cast: Cast) -> None:
    (first, _second) = on_rounds(cast, 2)
    mark_deceased(first.resident_id, today(cast), "family", "tests", datetime.now(UTC))
    assert stopped(cast) == 1
    assert table_today(cast) == 1
    lapse(cast.region, now=datetime.now(UTC))
    assert first.enrolment is not None
    entry = Enrolment.objects.get(pk=first.enrolment.pk)
    assert (entry.state, entry.why) == ("ended", "deceased")


def test_who_stood_twice_in_the_registry_eats_once(cast: Cast) -> None:
    kitchen = kitchens(cast)[0]
    kept, gone = elders(cast, 2, around=kitchen)
    seated(cast, [kept, gone])
    cooks(cast, kitchen, 40)
    assert table_today(cast) == 2
    deed = Deed(by="tests", now=datetime.now(UTC), reason="satu orang")
    merge(cast.region, kept.pk, gone.pk, deed)
    assert table_today(cast) == 1
    lapse(cast.region, now=datetime.now(UTC))
    assert sorted(Enrolment.objects.values_list("state", "why")) == [
        ("ended", "two_entries"),
        ("enrolled", ""),
    ]
    assert table_today(cast) == 1


def test_who_moves_house_is_brought_his_meal_there_and_its_village_sees_him(cast: Cast) -> None:
    (diner,) = on_rounds(cast, 1)
    other = Village.objects.filter(region=cast.region).exclude(pk=diner.resident.village_id)[0]
    Resident.objects.filter(pk=diner.resident_id).update(village=other)
    lapse(cast.region, now=datetime.now(UTC))
    assert diner.enrolment is not None
    entry = Enrolment.objects.get(pk=diner.enrolment.pk)
    assert (entry.village, entry.state) == (other, "enrolled")
    assert "moved" in entry.steps.values_list("deed", flat=True)


def test_old_proofs_end_the_meals_until_somebody_asks_again(cast: Cast) -> None:
    (diner,) = on_rounds(cast, 1)
    assert table_today(cast, ahead=40) == 1
    Enrolment.objects.update(check_by=today(cast) - timedelta(days=1))
    assert table_today(cast) == 0
    page = client_of(cast.officer).get("/servings/diners").content.decode()
    assert "/enrolment/recheck" in page
    assert Serving.objects.get(diner=diner).state == "planned"  # what was promised today is brought


def test_rides_end_with_the_enrolment_and_none_is_planned_without_one(cast: Cast) -> None:
    patient = somebody(cast, on_dialysis=True, pbi_active=True)
    typed = {"last": typed_day(cast, ahead=6), "every_days": 3, "at": "06:30"}
    (entry,) = let_in(cast, "cuci-darah", [patient])
    cases = planned(cast, cast.officer, "cuci-darah", patient.pk, **typed)
    move(cast, entry, "end")
    assert stop_cases(cast.region, now=datetime.now(UTC)) == len(cases) == 3
    assert set(Case.objects.values_list("state", flat=True)) == {"cancelled"}
    assert not any(held_for(case.code) for case in cases)
    page = client_of(cast.officer).get(f"/cases/{cases[0].code}").content.decode()
    assert entry.code in page
    assert "tidak lagi dalam program" in page
