"""Rantang Kasih by its data: two meals a day, rounds in time, one tick a door, who looks after."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from gancang.accounts.models import Membership
from gancang.enrolment.tests.fixtures import let_in
from gancang.fleet.actions import enlist
from gancang.ledger.models import Transfer
from gancang.ledger.queries import held_for, lines_of
from gancang.overview.verify import verify
from gancang.programmes.queries import get_programme
from gancang.regions.models import Organisation
from gancang.regions.queries import today_in, zone_of
from gancang.residents.actions import KnownFact, Particulars, register_all
from gancang.servings import rules
from gancang.servings.actions import miss
from gancang.servings.models import Diner, MealRound, Serving, Stall, Welfare
from gancang.servings.overdue import tell_of_overdue_checks
from gancang.servings.queries import calendar_of, checks_to_answer, table_of
from gancang.values import Point
from tests.cast import client_of

if TYPE_CHECKING:
    from gancang.residents.models import Resident
    from tests.cast import Cast

PROGRAMME = "rantang-kasih"


def today(cast: Cast) -> date:
    """Today, by the region's calendar."""
    return today_in(cast.region, datetime.now(UTC))


def kitchens(cast: Cast) -> list[Organisation]:
    """The warungs of the pack."""
    rows = Organisation.objects.filter(region=cast.region, kind="kitchen").order_by("code")
    return list(rows.select_related("village"))


def elders(cast: Cast, count: int, *, around: Organisation, **facts: bool) -> list[Resident]:
    """People who live alone and poor, within a kilometre or so of a kitchen."""
    told = {"lives_alone": True, "local_list": True, **facts}
    known = {name: KnownFact(value, "desa", today(cast)) for name, value in told.items()}
    chance = random.Random(33)
    assert around.village is not None
    assert around.lat is not None
    assert around.lon is not None
    people = [
        Particulars(
            full_name=f"Mbah {number}",
            village=around.village,
            address=f"Dusun Krajan RT {number:02}",
            birth_date=date(1950, 1, 1),
            lat=around.lat + chance.uniform(-0.01, 0.01),
            lon=around.lon + chance.uniform(-0.01, 0.01),
            facts=known,
        )
        for number in range(count)
    ]
    return register_all(people, region=cast.region, now=datetime.now(UTC))


def seated(cast: Cast, people: list[Resident]) -> list[Diner]:
    """All of them are enrolled, and the officer lets all who are eat twice a day."""
    let_in(cast, PROGRAMME, people)
    typed = {"meals": ["pagi", "sore"], "first": today(cast).strftime("%d-%m-%Y"), "diet": "soft"}
    officer = client_of(cast.officer)
    answer = officer.post("/servings/diners", {**typed, "everybody": "1"})
    assert answer.status_code == 302, answer.content.decode()
    return list(Diner.objects.order_by("pk"))


def cooks(cast: Cast, kitchen: Organisation, capacity: int) -> Stall:
    """The officer lets a kitchen cook."""
    typed = {"kitchen": kitchen.code, "capacity": capacity}
    assert client_of(cast.officer).post("/servings/stalls", typed).status_code == 302
    return Stall.objects.get(kitchen=kitchen)


def couriers(cast: Cast) -> list[int]:
    """Toni and Slamet, as the page of rounds knows them."""
    now, numbers = datetime.now(UTC), []
    for user in (cast.rider, cast.second_rider):
        rider = enlist(
            user, organisation=cast.fleet, vehicle="motor", plate="", by="tests", now=now
        )
        numbers.append(rider.pk)
    return numbers


def ride(cast: Cast, who: list[int], meal: str = "pagi") -> int:
    """The officer makes the rounds of a meal today; the status of the answer."""
    typed = {"meal": meal, "couriers": who}
    return client_of(cast.officer).post("/servings/", typed).status_code


def test_two_couriers_bring_thirty_three_meals_before_ten(cast: Cast) -> None:
    kitchen = kitchens(cast)[0]
    diners = seated(cast, elders(cast, 33, around=kitchen))
    who = couriers(cast)
    assert ride(cast, who) == 400  # no stall cooks yet
    cooks(cast, kitchen, 40)
    assert ride(cast, who[:1]) == 400  # one alone has too many doors
    assert ride(cast, who) == 302
    rounds = list(MealRound.objects.all())
    assert len(rounds) == 2
    table = table_of(get_programme(cast.region, PROGRAMME))
    assert table is not None
    for each in rounds:
        assert 15 <= each.servings.count() <= 18
        assert each.ends_at - each.leaves_at <= timedelta(minutes=table.round_minutes)
        assert each.ends_at.astimezone(zone_of(cast.region)).time() <= time(10, 0)
    assert {row.diner_id for row in Serving.objects.all()} == {row.pk for row in diners}
    assert ride(cast, who) == 400  # everybody is on a round already
    assert Serving.objects.count() == 33


def stops(cast: Cast) -> list[Serving]:
    """Today's stops in order."""
    return list(Serving.objects.order_by("round", "place"))


def settled(cast: Cast, about: str) -> int:
    """What was owed for a meal or a stop."""
    return sum(r.amount_rp for r in lines_of(cast.region, order=about) if r.kind == "settle")


def test_one_tick_pays_the_stall_and_the_courier(cast: Cast) -> None:
    kitchen = kitchens(cast)[0]
    seated(cast, elders(cast, 2, around=kitchen))
    cooks(cast, kitchen, 40)
    assert ride(cast, couriers(cast)) == 302
    first, second = stops(cast)
    # Both may be one courier's, or each another's.
    bringers = [client_of(each.round.courier) for each in (first, second)]
    pages = "".join(each.get("/servings/mine").content.decode() for each in bringers)
    assert "Mbah" in pages
    assert "Lunak" in pages
    courier = bringers[0]
    assert courier.post(f"/servings/stops/{first.code}/seen").status_code == 302
    assert courier.post(f"/servings/stops/{first.code}/seen").status_code == 302  # again: no more
    assert (settled(cast, f"{first.code}-M"), settled(cast, f"{first.code}-S")) == (12_000, 2_000)
    courier = client_of(second.round.courier)
    empty = courier.post(f"/servings/stops/{second.code}/unseen", {"reason": ""})
    assert empty.status_code == 400
    gone = {"reason": "pintu terkunci"}
    assert courier.post(f"/servings/stops/{second.code}/unseen", gone).status_code == 302
    assert settled(cast, f"{second.code}-M") == 12_000  # it was cooked
    assert settled(cast, f"{second.code}-S") == 0
    assert not held_for(f"{second.code}-S")
    assert not [each for each in verify([cast.region]).problems if not each.startswith("chain")]


def test_the_auditor_reads_whose_tick_a_line_of_the_book_stands_on(cast: Cast) -> None:
    kitchen = kitchens(cast)[0]
    seated(cast, elders(cast, 1, around=kitchen))
    cooks(cast, kitchen, 40)
    assert ride(cast, couriers(cast)) == 302
    (stop,) = stops(cast)
    courier = client_of(stop.round.courier)
    assert courier.post(f"/servings/stops/{stop.code}/seen")["Location"].endswith("#next")
    auditor = client_of(cast.auditor)
    for part in ("-M", "-S"):
        page = auditor.get(f"/overview/orders/{stop.code}{part}", follow=True).content.decode()
        assert stop.round.courier.full_name in page
        assert kitchen.name in page
        assert "Rp 12.000" in page
        assert "Mbah" not in page  # whoever pays needs no name


def test_who_rode_before_and_the_next_meal_are_chosen_already(cast: Cast) -> None:
    kitchen = kitchens(cast)[0]
    seated(cast, elders(cast, 2, around=kitchen))
    cooks(cast, kitchen, 40)
    who = couriers(cast)
    assert ride(cast, who[:1]) == 302
    form = client_of(cast.officer).get("/servings/").context["form"]
    assert form.initial == {"meal": "sore", "couriers": who[:1]}


def miss_again(stop: Serving) -> None:
    """The next meal of the same door stays outside too."""
    now = datetime.now(UTC)
    later = {"day": stop.day + timedelta(days=1), "due_at": stop.due_at + timedelta(days=1)}
    told: dict[str, Any] = {
        "meal_rp": 0,
        "stop_rp": 0,
        "place": 1,
        "meal": stop.meal,
        "round": stop.round,
    }
    row = Serving.objects.create(
        region=stop.region, code=f"{stop.code}9", diner=stop.diner, **told, **later
    )
    miss(row, "tidak menjawab", by=stop.round.courier, now=now + timedelta(days=1))


def test_not_seen_twice_in_a_row_the_village_looks_after(cast: Cast) -> None:
    kitchen = kitchens(cast)[0]
    seated(cast, elders(cast, 1, around=kitchen))
    cooks(cast, kitchen, 40)
    who = couriers(cast)
    gone = {"reason": "tidak menjawab"}
    for meal, checks in (("pagi", 0), ("sore", 1)):
        assert ride(cast, who, meal) == 302
        stop = Serving.objects.get(meal=meal)
        client_of(stop.round.courier).post(f"/servings/stops/{stop.code}/unseen", gone)
        assert Welfare.objects.count() == checks
    check = Welfare.objects.get()
    assert check.village == kitchen.village
    stop.refresh_from_db()
    miss_again(stop)
    assert Welfare.objects.get() == check  # while the village is on its way, nothing new is raised
    page = client_of(cast.officer).get("/servings/welfare").content.decode()
    assert "Mbah 0" in page
    late = check.due_at + timedelta(minutes=1)
    for when, told_on in ((check.due_at, 0), (late, 1), (late, 0)):  # in time, late, and once
        assert tell_of_overdue_checks(cast.region, now=when) == told_on
        waits = check in checks_to_answer(Membership.objects.get(user=cast.officer))
        assert waits == (when == late)
    told = {"answer": "Jatuh di kamar mandi, sudah dibawa ke puskesmas."}
    assert client_of(cast.operator).post(f"/servings/welfare/{check.pk}", told).status_code == 302
    assert client_of(cast.operator).post(f"/servings/welfare/{check.pk}", told).status_code == 400


def test_a_stall_falls_out_and_its_people_eat_from_another_the_same_day(cast: Cast) -> None:
    one, two = kitchens(cast)[:2]
    seated(cast, elders(cast, 4, around=one))
    stall = cooks(cast, one, 40)
    other = cooks(cast, two, 40)
    who = couriers(cast)
    assert ride(cast, who) == 302
    before = set(Serving.objects.values_list("round__stall", flat=True))
    falls = {stall.pk, other.pk} & before
    fallen = falls.pop()
    typed = {"first": today(cast).strftime("%d-%m-%Y"), "reason": "kompor rusak"}
    assert client_of(cast.officer).post(f"/servings/stalls/{fallen}/shut", typed).status_code == 302
    freed = Serving.objects.filter(state="called_off")
    assert freed.count() == Serving.objects.filter(round__stall=fallen).count() > 0
    assert not held_for(f"{freed[0].code}-M")
    assert ride(cast, who) == 302
    cooking = Serving.objects.filter(state="planned").values_list("round__stall", flat=True)
    assert set(cooking) == {stall.pk, other.pk} - {fallen}
    assert cooking.count() == 4


def test_who_finds_no_stall_takes_nobody_elses_meal(cast: Cast) -> None:
    kitchen = kitchens(cast)[0]
    people = elders(cast, 3, around=kitchen)
    seated(cast, people)
    cooks(cast, kitchen, 2)
    assert ride(cast, couriers(cast)) == 302
    assert Serving.objects.filter(state="planned").count() == 2
    asked = Transfer.objects.filter(kind="reserve", about__in=[f"{s.code}-M" for s in stops(cast)])
    assert set(asked.values_list("area", flat=True)) == {people[0].village.code}
    day = client_of(cast.officer).get(f"/servings/?programme={PROGRAMME}").content.decode()
    assert "1 tidak mendapat warung" in day
    assert ride(cast, couriers(cast)) == 400
    cooks(cast, kitchen, 3)
    assert ride(cast, couriers(cast)) == 302
    assert Serving.objects.filter(state="planned").count() == 3


def test_one_tick_changes_the_calendar_and_the_round_of_the_day(cast: Cast) -> None:
    kitchen = kitchens(cast)[0]
    first, _second = seated(cast, elders(cast, 2, around=kitchen))
    cooks(cast, kitchen, 40)
    assert ride(cast, couriers(cast)) == 302
    typed = {
        "first": today(cast).strftime("%d-%m-%Y"),
        "last": (today(cast) + timedelta(days=4)).strftime("%d-%m-%Y"),
        "meal": "",
        "why": "hospital",
    }
    assert client_of(cast.officer).post(f"/servings/diners/{first.pk}", typed).status_code == 302
    assert Serving.objects.get(diner=first).state == "called_off"
    programme = get_programme(cast.region, PROGRAMME)
    table = table_of(programme)
    assert table is not None
    calendar = calendar_of(cast.region, programme, table)
    for ahead, eating in ((0, 1), (4, 1), (5, 2)):
        assert calendar.sitting(today(cast) + timedelta(days=ahead), "sore").meals == eating


def test_whom_no_rule_lets_in_gets_no_meals(cast: Cast) -> None:
    (person,) = elders(cast, 1, around=kitchens(cast)[0], lives_alone=False)
    typed = {"meals": ["pagi"], "first": today(cast).strftime("%d-%m-%Y"), "person": person.pk}
    refused = client_of(cast.officer).post("/servings/diners", typed)
    assert refused.status_code == 400
    assert "belum terdaftar" in refused.content.decode()
    assert not Diner.objects.exists()


POINTS = st.builds(Point, st.floats(-9, -7), st.floats(113, 115))
DAY = date(2026, 3, 2)


@st.composite
def calendars(draw: st.DrawFn) -> rules.Calendar:
    """Small worlds of eaters, stalls and exceptions."""
    eaters = [
        rules.Eater(number=n, at=draw(POINTS), meals=frozenset({"pagi"}), first=DAY)
        for n in range(draw(st.integers(0, 8)))
    ]
    stalls = [
        rules.Kitchen(number=n, at=draw(POINTS), capacity=draw(st.integers(0, 4)))
        for n in range(draw(st.integers(0, 4)))
    ]
    gone = draw(st.lists(st.integers(0, 8), max_size=3))
    shut = draw(st.lists(st.integers(0, 4), max_size=2))
    table = rules.Table(
        meals=(rules.Meal("pagi", "Pagi", time(7), time(10)),),
        meal_rp=1,
        stop_rp=1,
        stops_max=18,
        round_minutes=120,
        turn_days=draw(st.none() | st.integers(1, 9)),
        misses=2,
    )
    return rules.Calendar.of(
        table,
        eaters,
        stalls,
        away=[rules.Gap(number=n, first=DAY, last=DAY) for n in gone],
        shut=[rules.Gap(number=n, first=DAY, last=DAY) for n in shut],
    )


@given(calendars())
def test_whoever_eats_eats_once_and_no_stall_cooks_more_than_it_can(
    calendar: rules.Calendar,
) -> None:
    sitting = calendar.sitting(DAY, "pagi")
    fed = [number for who in sitting.at.values() for number in who]
    hungry = {eater.number for eater in calendar.eaters} - set(calendar.away)
    assert sorted([*fed, *sitting.unplaced]) == sorted(hungry)
    room = {kitchen.number: kitchen.capacity for kitchen in calendar.kitchens}
    for stall, who in sitting.at.items():
        assert len(who) <= room[stall]
        assert stall not in calendar.shut
    if sitting.unplaced:  # nobody goes without while a stall has room
        cooked = {stall: len(who) for stall, who in sitting.at.items()}
        open_ = [n for n in room if n not in calendar.shut]
        assert all(cooked.get(n, 0) == room[n] for n in open_)


@given(calendars(), st.sampled_from(["turn", "none"]))
def test_where_no_other_stall_may_cook_none_further_does(
    calendar: rules.Calendar, allowed: str
) -> None:
    table = replace(calendar.table, if_stall_fails=allowed)
    sitting = replace(calendar, table=table).sitting(DAY, "pagi")
    turns = calendar.table.turn_days
    for stall, who in sitting.at.items():
        for number in who:
            near = [kitchen.number for kitchen in calendar.nearest[number]]
            assert stall in near[: 2 if allowed == "turn" or turns else 1]


@given(st.lists(st.sampled_from(["seen", "unseen"]), max_size=6), st.integers(1, 4))
def test_a_check_is_raised_exactly_after_so_many_misses(states: list[str], misses: int) -> None:
    raised = rules.is_alarming(states, misses)
    assert raised == (len(states) >= misses and "seen" not in states[:misses])
