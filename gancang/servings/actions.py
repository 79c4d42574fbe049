"""Who eats, which stalls cook, exceptions, rounds and ticks. The only code that writes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from gancang.audit.actions import record
from gancang.enrolment.entry import entry_of
from gancang.ledger import actions as ledger
from gancang.ledger.waterfall import Reservation
from gancang.orders.actions import prefix_of
from gancang.programmes.queries import known_by_rules, terms_of
from gancang.regions.models import Organisation
from gancang.regions.queries import today_in, zone_of
from gancang.residents.actions import get_surviving
from gancang.residents.facts import known_of
from gancang.residents.queries import numbers_of
from gancang.servings import proving, queries, rules
from gancang.servings.models import Away, Diner, MealRound, Serving, Shut, Stall, Welfare
from gancang.servings.planning import Ride, plan_rides
from gancang.servings.proving import BY_THE_FIRST, Shown
from gancang.servings.queries import TO_COURIER, TO_STALL
from gancang.servings.rules import Why
from gancang.values import Money, Refused
from gancang.values.codes import new_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from gancang.accounts.models import User
    from gancang.fleet.models import Rider
    from gancang.programmes.models import Programme
    from gancang.programmes.rules import Terms
    from gancang.regions.models import Region
    from gancang.residents.models import Resident

CAPACITY_MAX = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Who is to eat what, from when until when."""

    programme: Programme
    person: int | None  # None: everybody who is enrolled and eats nothing yet
    meals: Sequence[str]
    first: date
    last: date | None = None
    diet: str = ""


@transaction.atomic
def add_diner(wish: Wish, *, region: Region, by: str, now: datetime) -> Diner:
    """Somebody eats from now on, if a rule of the programme lets him in; else Refused."""
    refuse_wish(wish)
    terms = terms_of(wish.programme)
    person = _person(wish, terms, region)
    facts = known_by_rules(region, known_of(region, [person.pk], on=wish.first)[person.pk])
    entry = entry_of(wish.programme, person, facts, origin="", on=wish.first)
    row = Diner.objects.create(
        region=region,
        programme=wish.programme,
        resident=person,
        enrolment=entry.enrolment,
        clause=entry.clause,
        meals=sorted(wish.meals),
        diet=wish.diet,
        first=wish.first,
        last=wish.last,
        added_by=by,
        added_at=now,
    )
    _note(row, "diner.added", {"clause": row.clause, "meals": row.meals}, by=by, now=now)
    return row


def refuse_wish(wish: Wish) -> None:
    """Refuse meals that the programme has not, and days that go backwards."""
    terms, table = terms_of(wish.programme), queries.table_of(wish.programme)
    if table is None:
        raise Refused(Why.NO_MEALS, programme=terms.name)
    known = {meal.code for meal in table.meals}
    for meal in wish.meals:
        if meal not in known:
            raise Refused(Why.NO_SUCH_MEAL, programme=terms.name, meal=meal)
    if wish.last and wish.last < wish.first:
        raise Refused(Why.WRONG_DAYS)


def _person(wish: Wish, terms: Terms, region: Region) -> Resident:
    """Who is to eat, locked. Refused where he eats already, under any of his numbers."""
    if wish.person is None:
        raise Refused(Why.NOBODY_CHOSEN)
    person = get_surviving(wish.person)
    if person.region_id != region.pk:
        raise Refused(Why.NOBODY_CHOSEN)
    if person.deceased_on:
        raise Refused(Why.DECEASED)
    others = Diner.objects.filter(resident__in=numbers_of(person.pk), last=None)
    if others.filter(programme__code=terms.code).exists():
        raise Refused(Why.EATS_ALREADY, programme=terms.name)
    return person


@transaction.atomic
def add_stall(
    programme: Programme, kitchen: Organisation, capacity: int, *, by: str, now: datetime
) -> Stall:
    """A kitchen cooks for a programme from now on; again, it changes how much."""
    if kitchen.kind != Organisation.Kind.KITCHEN or kitchen.region_id != programme.region_id:
        raise Refused(Why.NOT_A_KITCHEN)
    if not 1 <= capacity <= CAPACITY_MAX:
        raise Refused(Why.NO_CAPACITY, most=CAPACITY_MAX)
    told = {"capacity": capacity, "added_by": by, "added_at": now}
    row, _ = Stall.objects.update_or_create(
        region=kitchen.region, kitchen=kitchen, programme_code=programme.code, defaults=told
    )
    facts: dict[str, object] = {"programme": programme.code, "capacity": capacity}
    record("stall.added", kitchen.code, region=kitchen.region.code, by=by, now=now, facts=facts)
    return row


@transaction.atomic
def note_away(diner: Diner, gap: rules.Gap, why: str, *, by: str, now: datetime) -> Away:
    """Somebody does not eat for some days: one tick. What is on a round already is called off."""
    if gap.last < gap.first:
        raise Refused(Why.WRONG_DAYS)
    assert why in rules.AWAY, why
    row = Away.objects.create(
        diner=diner, first=gap.first, last=gap.last, meal=gap.meal, why=why, by=by, at=now
    )
    planned = Serving.objects.filter(diner=diner, state=rules.PLANNED)
    planned = planned.filter(day__gte=gap.first, day__lte=gap.last)
    if gap.meal:
        planned = planned.filter(meal=gap.meal)
    call_off(planned.select_for_update(), by=by, now=now)
    _note(diner, "diner.away", {"days": (gap.last - gap.first).days + 1}, by=by, now=now)
    return row


@transaction.atomic
def shut_stall(stall: Stall, gap: rules.Gap, reason: str, *, by: str, now: datetime) -> int:
    """A stall falls out for some days: how many meals have to be planned anew elsewhere."""
    if gap.last < gap.first:
        raise Refused(Why.WRONG_DAYS)
    if not reason.strip():
        raise Refused(Why.NO_REASON)
    Shut.objects.create(
        stall=stall, first=gap.first, last=gap.last, reason=reason.strip()[:200], by=by, at=now
    )
    planned = Serving.objects.filter(round__stall=stall, state=rules.PLANNED)
    planned = planned.filter(day__gte=gap.first, day__lte=gap.last)
    freed = call_off(planned.select_for_update(), by=by, now=now)
    facts: dict[str, object] = {"meals": freed, "reason": reason.strip()[:200]}
    code = stall.kitchen.code
    record("stall.shut", code, region=stall.region.code, by=by, now=now, facts=facts)
    return freed


def call_off(servings: Iterable[Serving], *, by: str, now: datetime) -> int:
    """Take meals off their rounds; their money is free again."""
    rows = list(servings)
    Serving.objects.filter(pk__in=[row.pk for row in rows]).update(state=rules.CALLED_OFF)
    for row in rows:
        for part in (TO_STALL, TO_COURIER):
            ledger.release(f"{row.code}{part}", region=row.region, by=by, now=now)
    return len(rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """Which meal of which day is to go out, of which programme."""

    programme: Programme
    day: date
    meal: str


@transaction.atomic
def make_rounds(
    wanted: Sitting, couriers: Sequence[Rider], *, region: Region, by: str, now: datetime
) -> list[MealRound]:
    """Plan the rounds of a meal for all who are on none yet, and set their money aside.

    Who finds no stall waits for one, and the day's page counts him: for his sake nobody else goes
    without. Refused where nobody finds one, or somebody cannot be reached in time.
    """
    terms, table = terms_of(wanted.programme), queries.table_of(wanted.programme)
    meal = next((m for m in table.meals if m.code == wanted.meal), None) if table else None
    if table is None or meal is None:
        raise Refused(Why.NO_SUCH_MEAL, programme=terms.name, meal=wanted.meal)
    # Two planners at once: the second finds all of them on rounds.
    list(Stall.objects.select_for_update().filter(programme_code=terms.code, region=region))
    calendar = queries.calendar_of(region, wanted.programme, table)
    done = queries.on_rounds(terms.code, wanted.day, wanted.meal)
    sitting = calendar.sitting(wanted.day, wanted.meal)
    left = {k: [n for n in who if n not in done] for k, who in sitting.at.items()}
    left = {stall: who for stall, who in left.items() if who}
    if not left and (missing := [n for n in sitting.unplaced if n not in done]):
        raise Refused(Why.NO_STALL, n=len(missing))
    if not left:
        raise Refused(Why.NOBODY_EATS)
    rides = plan_rides(region, calendar, left, couriers, meal)
    return _keep_rounds(wanted, rides, table, region=region, by=by, now=now)


def _keep_rounds(
    wanted: Sitting,
    rides: Sequence[Ride],
    table: rules.Table,
    *,
    region: Region,
    by: str,
    now: datetime,
) -> list[MealRound]:
    midnight = datetime.combine(wanted.day, datetime.min.time(), tzinfo=zone_of(region))
    rounds = MealRound.objects.bulk_create(
        MealRound(
            region=region,
            programme=wanted.programme,
            stall_id=ride.stall,
            courier=ride.courier.user,
            fleet=ride.courier.organisation,
            day=wanted.day,
            meal=wanted.meal,
            leaves_at=midnight + timedelta(seconds=ride.leaves_s),
            ends_at=midnight + timedelta(seconds=ride.ends_s),
            made_by=by,
            made_at=now,
        )
        for ride in rides
    )
    servings = Serving.objects.bulk_create(
        _stop(row, diner, place, midnight + timedelta(seconds=at_s), table)
        for row, ride in zip(rounds, rides, strict=True)
        for place, (diner, at_s) in enumerate(ride.stops, 1)
    )
    _reserve(servings, terms_of(wanted.programme), region=region, by=by, now=now)
    for row in rounds:
        told: dict[str, object] = {"day": wanted.day.isoformat(), "meal": wanted.meal}
        record("meals.round", f"round:{row.pk}", region=region.code, by=by, now=now, facts=told)
    return rounds


def _stop(row: MealRound, diner: int, place: int, due_at: datetime, table: rules.Table) -> Serving:
    return Serving(
        region=row.region,
        code=new_code(prefix_of(row.region)),
        round=row,
        diner_id=diner,
        day=row.day,
        meal=row.meal,
        place=place,
        due_at=due_at,
        meal_rp=table.meal_rp,
        stop_rp=table.stop_rp,
    )


def _reserve(
    servings: Sequence[Serving], terms: Terms, *, region: Region, by: str, now: datetime
) -> None:
    """The stall's meal and the courier's stop, each for itself: they may end differently."""
    diners = Diner.objects.filter(pk__in={row.diner_id for row in servings})
    villages = dict(diners.values_list("pk", "resident__village__code"))
    wanted = [
        Reservation(
            order=f"{row.code}{part}",
            programme=terms.code,
            year=row.day.year,
            amount=Money(rupiah),
            payers=terms.funders,
            area=villages[row.diner_id],
        )
        for row in servings
        for part, rupiah in ((TO_STALL, row.meal_rp), (TO_COURIER, row.stop_rp))
        if rupiah
    ]
    ledger.reserve_all(wanted, region=region, by=by, now=now)


def see(
    serving: Serving,
    *,
    by: User,
    now: datetime,
    shown: Shown = BY_THE_FIRST,
    at: datetime | None = None,
) -> None:
    """Somebody opened and is well, proved as his programme asks: stall and courier have earned.

    `at`: when that was, if it is told later. A wrong date or card is counted though it is refused.
    """
    level = proving.level_proved(serving, shown, by=by, now=now)
    with transaction.atomic():
        told = {"proof": level, "reason": shown.reason.strip()[:200]}
        _tick(serving, rules.SEEN, told, by=by, now=now, at=at or now)
        _pay(serving, by=by, now=now)


def _pay(serving: Serving, *, by: User, now: datetime) -> None:
    _settle(serving, TO_STALL, serving.round.stall.kitchen, serving.meal_rp, by=by, now=now)
    _settle(serving, TO_COURIER, serving.round.fleet, serving.stop_rp, by=by, now=now)


@transaction.atomic
def miss(
    serving: Serving, reason: str, *, by: User, now: datetime, at: datetime | None = None
) -> Welfare | None:
    """Nobody was seen: the stall is paid, the stop is not. In a row it raises a welfare check.

    `at`: when that was, if it is told later.
    """
    if not reason.strip():
        raise Refused(Why.NO_REASON)
    told = {"reason": reason.strip()[:200]}
    _tick(serving, rules.UNSEEN, told, by=by, now=now, at=at or now)
    _settle(serving, TO_STALL, serving.round.stall.kitchen, serving.meal_rp, by=by, now=now)
    region = serving.region
    ledger.release(f"{serving.code}{TO_COURIER}", region=region, by=by.username, now=now)
    table = queries.table_of(serving.diner.programme)
    assert table is not None, serving.code
    states = queries.last_states(serving.diner, most=table.misses)
    if not rules.is_alarming(states, table.misses):
        return None
    # While the village is on its way, a further miss tells it nothing new.
    if (waits := Welfare.objects.filter(diner=serving.diner, answered_at=None).first()) is not None:
        return waits
    row = Welfare.objects.create(
        region=region,
        diner=serving.diner,
        village=serving.diner.resident.village,
        serving=serving,
        opened_at=now,
    )
    facts: dict[str, object] = {"misses": table.misses}
    _note(serving.diner, "welfare.opened", facts, by=by.username, now=now)
    return row


def _tick(
    serving: Serving, state: str, told: dict[str, str], *, by: User, now: datetime, at: datetime
) -> None:
    rows = Serving.objects.filter(pk=serving.pk, state=rules.PLANNED)
    if serving.day != today_in(serving.region, at) or not rows.update(
        state=state, ticked_by=by, ticked_at=at, **told
    ):
        serving.refresh_from_db()
        raise Refused(Why.WRONG_STATE, state=rules.STATES[serving.state])
    serving.refresh_from_db()
    region, facts = serving.region.code, {"proof": serving.proof} if serving.proof else {}
    record(f"meal.{state}", serving.code, region=region, by=by.username, now=now, facts=facts)


def _settle(
    serving: Serving, part: str, payee: Organisation, rupiah: int, *, by: User, now: datetime
) -> None:
    if rupiah:
        about, cost = f"{serving.code}{part}", Money(rupiah)
        ledger.settle(about, payee=payee, cost=cost, region=serving.region, by=by.username, now=now)


@transaction.atomic
def answer(welfare: Welfare, told: str, *, by: str, now: datetime) -> None:
    """The village was there and says how the person is."""
    if len(told.strip()) < rules.NOTE_LEAST:
        raise Refused(Why.NO_ANSWER)
    rows = Welfare.objects.filter(pk=welfare.pk, answered_at=None)
    if not rows.exists():
        raise Refused(Why.ANSWERED)
    welfare.answer, welfare.answered_by, welfare.answered_at = told.strip(), by, now
    welfare.save(update_fields=["answer", "answered_by", "answered_at"])
    _note(welfare.diner, "welfare.answered", {}, by=by, now=now)


def _note(diner: Diner, kind: str, facts: dict[str, object], *, by: str, now: datetime) -> None:
    region = diner.region.code
    record(kind, f"diner:{diner.pk}", region=region, by=by, now=now, facts=facts)
