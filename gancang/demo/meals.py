"""A week of Rantang Kasih: who applies, who eats, who was not seen, who is owed what."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from datetime import time as hour
from typing import TYPE_CHECKING

from gancang.demo.enrolling import enrol
from gancang.enrolment.actions import Deed
from gancang.programmes.queries import get_programme
from gancang.regions.queries import list_organisations, today_in, zone_of
from gancang.residents.actions import KnownFact, Particulars, register_all
from gancang.servings import actions as servings
from gancang.servings.actions import Sitting, Wish
from gancang.servings.models import Serving
from gancang.servings.queries import table_of
from gancang.servings.rules import PLANNED
from gancang.servings.seating import seat_enrolled
from gancang.settlement import actions as settlement

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from gancang.accounts.models import User
    from gancang.fleet.models import Rider
    from gancang.programmes.models import Programme
    from gancang.regions.models import Organisation, Region
    from gancang.residents.models import Resident

PROGRAMME = "rantang-kasih"
NAMES = (
    "Mbah Sumiati",
    "Mbah Katemi",
    "Mbah Paimin",
    "Mbah Ngatini",
    "Mbah Misnah",
    "Mbah Saniman",
    "Mbah Ponirah",
    "Mbah Tukiran",
    "Mbah Suparti",
    "Mbah Kasiyan",
)
EATING, TO_SEE = 6, 2  # of these so many eat, so many are to be seen at home; the rest lack papers
NEAR = 0.006  # some 650 m around the middle of the village
AT_DOORS = hour(9, 0)


def week_of_meals(
    home: Organisation,
    couriers: Sequence[Rider],
    *,
    officer: User,
    treasurer: User,
    now: datetime,
) -> None:
    """The last meals of the month before are owed and wait for a second signature; today's run.

    `home`: where the clerk of the village sits in which they live.
    """
    region = home.region
    kitchens = list_organisations(region, ["kitchen"])
    if len(kitchens) < 2:
        return
    today, by = today_in(region, now), officer.username
    last_month = today.replace(day=1) - timedelta(days=1)
    programme = get_programme(region, PROGRAMME)
    begins = min(last_month, today - timedelta(days=2)) - timedelta(days=1)
    people = _elders(home, begins, now=now)
    deed = Deed(by=by, now=_at(region, begins))
    enrol(people, PROGRAMME, region, deed, papers=EATING + TO_SEE, seen=EATING)
    for kitchen in kitchens[:2]:
        servings.add_stall(programme, kitchen, 40, by=by, now=now)
    table = table_of(programme)
    assert table is not None, PROGRAMME
    meals = [meal.code for meal in table.meals]
    wish = Wish(programme=programme, person=None, meals=meals, first=begins)
    seat_enrolled(wish, region=region, by=by, now=_at(region, begins))
    ridden = sorted({begins, last_month, today - timedelta(days=1)})
    for day in ridden:
        for meal in meals:
            _ride(programme, day, meal, couriers, by=by)
    _ride(programme, today, meals[0], couriers, by=by, doors=EATING // 2)
    batch = settlement.draft(region, f"{last_month:%Y-%m}", by=treasurer, now=now)
    settlement.approve(batch, by=treasurer, now=now)


def _at(region: Region, day: date) -> datetime:
    return datetime.combine(day, AT_DOORS, zone_of(region))


def _elders(home: Organisation, on: date, *, now: datetime) -> list[Resident]:
    """Old people of a village who live alone, as the village wrote them down."""
    chance = random.Random(60)
    village = home.village
    assert village is not None, home.code
    facts = {
        name: KnownFact(value, "verifikasi desa", on)
        for name, value in (("lives_alone", True), ("local_list", True), ("desil", 1))
    }
    people = [
        Particulars(
            full_name=name,
            village=village,
            address=f"Dusun Krajan RT {number:02d}/RW 02",
            landmark=chance.choice(("belakang musala", "depan balai dusun", "pagar biru")),
            birth_date=on.replace(year=1950 - number, day=1),
            lat=village.lat + chance.uniform(-NEAR, NEAR),
            lon=village.lon + chance.uniform(-NEAR, NEAR),
            facts=facts,
        )
        for number, name in enumerate(NAMES, 1)
    ]
    return register_all(people, region=home.region, now=now)


def _ride(
    programme: Programme,
    day: date,
    meal: str,
    couriers: Sequence[Rider],
    *,
    by: str,
    doors: int | None = None,
) -> None:
    """The rounds of a meal, and its first doors. The last one stays shut: the village is told."""
    region, now = programme.region, _at(programme.region, day)
    wanted = Sitting(programme=programme, day=day, meal=meal)
    servings.make_rounds(wanted, couriers, region=region, by=by, now=now)
    rows = Serving.objects.filter(region=region, day=day, meal=meal, state=PLANNED)
    rows = rows.select_related(
        "region",
        "diner__resident__village",
        "diner__programme",
        "round__courier",
        "round__fleet",
        "round__stall__kitchen",
    )
    for stop in list(rows.order_by("diner_id"))[:doors]:
        courier = stop.round.courier
        if doors is None and stop.diner.resident.full_name == NAMES[EATING - 1]:
            servings.miss(stop, "Tidak menjawab, lampu menyala", by=courier, now=now)
        else:
            servings.see(stop, by=courier, now=now)
