"""Reading meals: the calendar, the rounds of a day, what a courier brings, who was not seen."""

from __future__ import annotations

from collections import defaultdict
from datetime import time
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from gancang.accounts.models import Membership, Role, User
from gancang.audit.queries import list_story
from gancang.enrolment.entry import who_left
from gancang.enrolment.queries import served_on
from gancang.enrolment.rules import State
from gancang.fleet.models import Rider
from gancang.fulfilment import queries as fulfilment
from gancang.ledger.queries import lines_of
from gancang.orders import queries as orders
from gancang.orders.queries import Proven
from gancang.programmes.queries import list_programmes, terms_of
from gancang.servings import rules
from gancang.servings.models import Away, Diner, MealRound, Serving, Shut, Stall, Welfare
from gancang.servings.rules import Calendar, Eater, Gap, Kitchen, Meal, Table
from gancang.values import Point
from gancang.vouchers import queries as vouchers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from gancang.enrolment.models import Enrolment
    from gancang.ledger.models import Transfer
    from gancang.programmes.models import Programme
    from gancang.regions.models import Region

TO_STALL, TO_COURIER = "-M", "-S"
USUAL = ("tick",)


def table_of(programme: Programme) -> Table | None:
    """What a programme says of its meals; None where it has none by a calendar."""
    told = programme.terms.get("servings")
    if not told:
        return None
    return Table(
        meals=tuple(
            Meal(
                meal["code"],
                meal["title"],
                time.fromisoformat(meal["opens"]),
                time.fromisoformat(meal["closes"]),
            )
            for meal in told["meals"]
        ),
        meal_rp=told.get("meal_rp", 0),
        stop_rp=told.get("stop_rp", 0),
        stops_max=told.get("stops_max", 18),
        round_minutes=told.get("round_minutes", 120),
        turn_days=told.get("turn_days"),
        misses=told.get("welfare_misses", 2),
        if_stall_fails=told.get("if_stall_fails", "next"),
    )


def levels_of(programme: Programme) -> tuple[str, ...]:
    """By what a meal of a programme is proved, the required level first."""
    return tuple(programme.terms.get("proof") or USUAL)


def meal_programmes(region: Region) -> list[Programme]:
    """The programmes of meals by a calendar. One query."""
    return [row for row in list_programmes(region) if row.terms.get("servings")]


def get_programme_of(region: Region, code: str) -> tuple[Programme, Table]:
    """One programme of meals, or 404; the first where no code is told."""
    for row in meal_programmes(region):
        table = table_of(row)
        if table is not None and code in {"", row.code}:
            return row, table
    raise Http404


def diners_of(region: Region, programme: str) -> QuerySet[Diner]:
    """Who eats, or ate."""
    rows = Diner.objects.filter(region=region, programme__code=programme)
    return rows.select_related("resident__village", "programme")


def eating(region: Region, programme: str) -> QuerySet[Diner]:
    """Who is at table: neither dead, nor out of the programme, nor paused in it."""
    rows = diners_of(region, programme).exclude(who_left())
    rows = rows.filter(Q(enrolment=None) | Q(enrolment__state=State.ENROLLED))
    return rows.select_related("enrolment", "resident__village", "resident__merged_into__village")


def not_at_table(programme: Programme, *, on: date) -> QuerySet[Enrolment]:
    """Who is served by a programme from a day on and eats nothing yet, the oldest first."""
    seated = diners_of(programme.region, programme.code).filter(Q(last=None) | Q(last__gte=on))
    rows = served_on(programme.region, programme.code, on)
    rows = rows.exclude(resident__in=seated.values("resident"))
    return rows.exclude(resident__merged_into__in=seated.values("resident")).order_by("pk")


def asked_again(programme: Programme, *, on: date) -> int:
    """How many at table are not served until somebody asks anew what they were let in on."""
    rows = eating(programme.region, programme.code)
    return rows.filter(enrolment__check_by__lt=on).count()


def get_diner(asker: Membership, number: int) -> Diner:
    """One diner of the asker's region, or 404."""
    rows = Diner.objects.filter(region=asker.region_id)
    return get_object_or_404(rows.select_related("resident__village", "programme"), pk=number)


def stalls_of(region: Region, programme: str) -> list[Stall]:
    """The stalls that cook for a programme."""
    rows = Stall.objects.filter(region=region, programme_code=programme)
    return list(rows.select_related("kitchen__village").order_by("pk"))


def get_stall(asker: Membership, number: int) -> Stall:
    """One stall of the asker's region, or 404."""
    rows = Stall.objects.filter(region=asker.region_id)
    return get_object_or_404(rows.select_related("kitchen__village"), pk=number)


def calendar_of(region: Region, programme: Programme, table: Table) -> Calendar:
    """All that decides who eats where. Four queries, however many days are asked for."""
    diners = list(eating(region, programme.code).order_by("pk"))
    stalls = stalls_of(region, programme.code)
    away = Away.objects.filter(diner__in=diners).values_list("diner", "first", "last", "meal")
    shut = Shut.objects.filter(stall__in=stalls).values_list("stall", "first", "last")
    return Calendar.of(
        table,
        [_eater(row) for row in diners],
        [Kitchen(number=row.pk, at=_at(row), capacity=row.capacity) for row in stalls],
        away=[Gap(number=n, first=a, last=b, meal=meal) for n, a, b, meal in away],
        shut=[Gap(number=n, first=a, last=b) for n, a, b in shut],
    )


def _eater(row: Diner) -> Eater:
    return Eater(
        number=row.pk,
        person=row.resident.merged_into_id or row.resident_id,
        at=home_of(row),
        meals=frozenset(row.meals),
        first=_first_day(row),
        last=_last_day(row),
    )


def _first_day(row: Diner) -> date:
    starts = row.enrolment.starts_on if row.enrolment else None
    return max(row.first, starts) if starts else row.first


def _last_day(row: Diner) -> date | None:
    """Until when somebody eats: as entered, while his override runs and his proofs hold."""
    entry = row.enrolment
    days = [row.last, *((entry.ends_on, entry.check_by) if entry else ())]
    return min((day for day in days if day), default=None)


def home_of(row: Diner) -> Point:
    """Where somebody eats: his house, or his village's point where nobody knows it."""
    resident = row.resident.merged_into or row.resident
    if resident.lat is not None and resident.lon is not None:
        return Point(resident.lat, resident.lon)
    return Point(resident.village.lat, resident.village.lon)


def _at(row: Stall) -> Point:
    assert row.kitchen.lat is not None, row.pk
    assert row.kitchen.lon is not None, row.pk
    return Point(row.kitchen.lat, row.kitchen.lon)


def on_rounds(programme: str, day: date, meal: str) -> set[int]:
    """The diners whose meal is on a round already."""
    rows = Serving.objects.filter(diner__programme__code=programme, day=day, meal=meal)
    rows = rows.exclude(state=rules.CALLED_OFF)
    return set(rows.values_list("diner", flat=True))


def next_meal(programme: str, day: date, sittings: Sequence[rules.Sitting]) -> str:
    """The first meal of a day for which somebody is on no round yet; "" where all are."""
    rows = Serving.objects.filter(diner__programme__code=programme, day=day)
    rows = rows.exclude(state=rules.CALLED_OFF)
    on = dict(rows.values_list("meal").annotate(n=Count("pk")))
    left = (each.meal for each in sittings if each.meals > on.get(each.meal, 0))
    return next(left, "")


def who_rode_last(region: Region, programme: str) -> list[int]:
    """The couriers of the last rounds that were made: mostly they ride again."""
    rows = MealRound.objects.filter(region=region, programme__code=programme)
    last = rows.order_by("-made_at").values("made_at")[:1]
    riders = Rider.objects.filter(user__in=rows.filter(made_at__in=last).values("courier"))
    return list(riders.values_list("pk", flat=True))


def rounds_on(region: Region, programme: str, day: date) -> list[MealRound]:
    """The rounds of a day, with how many were seen, not seen and are still to come."""
    rows = MealRound.objects.filter(region=region, programme__code=programme, day=day)
    counted = {
        f"n_{state}": Count("servings", filter=Q(servings__state=state)) for state in rules.STATES
    }
    rows = rows.select_related("stall__kitchen", "courier").annotate(**counted)
    return list(rows.order_by("leaves_at", "pk"))


def couriers_of(region: Region, carriers: Sequence[str]) -> list[Rider]:
    """Who may ride a round: riders of the programme's fleets, or of any."""
    rows = Rider.objects.filter(region=region, user__is_active=True)
    if carriers:
        rows = rows.filter(organisation__code__in=carriers)
    return list(rows.select_related("user", "organisation").order_by("user__full_name", "pk"))


def stops_of(courier: User, *, day: date) -> list[Serving]:
    """A courier's stops of a day, in the order of his rounds."""
    rows = Serving.objects.filter(round__courier=courier, day=day)
    rows = rows.exclude(state=rules.CALLED_OFF).select_related(
        "diner__resident", "diner__programme", "round__stall__kitchen", "region"
    )
    return list(rows.order_by("round__leaves_at", "round", "place"))


def find_stop(courier: User, code: str) -> Serving | None:
    """One of a courier's own stops, if it is his."""
    rows = Serving.objects.filter(round__courier=courier, code=code).select_related(
        "region",
        "diner__resident__village",
        "diner__programme",
        "round__fleet",
        "round__stall__kitchen",
    )
    return rows.first()


def get_stop(courier: User, code: str) -> Serving:
    """One of a courier's own stops, or 404."""
    if (row := find_stop(courier, code)) is None:
        raise Http404
    return row


def find_serving(asker: Membership, code: str) -> Serving | None:
    """The meal of a code, or of what the book calls its parts, if it is one of the region's."""
    name = code.removesuffix(TO_STALL).removesuffix(TO_COURIER)
    rows = Serving.objects.filter(region=asker.region_id).select_related(
        "region",
        "ticked_by",
        "diner__programme",
        "diner__enrolment",
        "round__courier",
        "round__fleet",
        "round__stall__kitchen",
    )
    return rows.filter(code=name).first()


def get_serving(asker: Membership, code: str) -> Serving:
    """One meal of the asker's region, or 404."""
    if (row := find_serving(asker, code)) is None:
        raise Http404
    return row


def story_of(row: Serving) -> dict[str, Any]:
    """Why somebody got a meal, what happened to it, and what moved for it. No personal data."""
    parts = ((TO_STALL, row.round.stall.kitchen.name), (TO_COURIER, row.round.fleet.name))
    clauses = {each.code: each.sentence_id for each in terms_of(row.diner.programme).clauses}
    money = [
        (payee, [_moved(line) for line in lines_of(row.region, order=f"{row.code}{part}")])
        for part, payee in parts
    ]
    return {
        "sentence": clauses.get(row.diner.clause, ""),
        "events": list_story(row.region.code, row.code),
        "money": [(payee, lines) for payee, lines in money if lines],
    }


def _moved(line: Transfer) -> dict[str, object]:
    budget = line.source.budget or line.target.budget
    fund = budget.fund.name if budget else ""
    return {"kind": line.kind, "rupiah": line.amount_rp, "fund": fund, "at": line.at}


def last_states(diner: Diner, *, most: int) -> list[str]:
    """How the last meals of somebody went, newest first."""
    rows = Serving.objects.filter(diner=diner, state__in=[rules.SEEN, rules.UNSEEN])
    return list(rows.order_by("-due_at", "-pk").values_list("state", flat=True)[:most])


def welfare_of(asker: Membership) -> QuerySet[Welfare]:
    """Who is to be looked after: of a village clerk's own village, or of the region."""
    rows = Welfare.objects.filter(region=asker.region_id).select_related(
        "village", "diner", "serving", "region"
    )
    if asker.role == Role.VILLAGE_CLERK:
        his = asker.organisation.village_id if asker.organisation else None
        return rows.filter(village=his)
    return rows


def checks_to_answer(asker: Membership) -> QuerySet[Welfare]:
    """What waits: for villages and operators all that is open, for officers what is told on."""
    rows = welfare_of(asker).filter(answered_at=None)
    return rows.exclude(told_at=None) if asker.role == Role.PROGRAMME_OFFICER else rows


def get_welfare(asker: Membership, number: int) -> Welfare:
    """One of them, or 404."""
    return get_object_or_404(welfare_of(asker), pk=number)


def all_proofs(region: Region, codes: Iterable[str]) -> dict[str, Proven]:
    """The proof of each order, case, meal and stop by what the book calls it. Four queries."""
    asked = list(codes)
    found: dict[str, Proven] = dict(fulfilment.all_proofs(region, asked))
    found |= vouchers.proofs_of(region, asked)
    names: Mapping[str, list[str]] = _names_of(asked)
    rows = Serving.objects.filter(region=region, code__in=list(names), ticked_at__isnull=False)
    told = "ticked_at", "proof", "state", "ticked_by__username", "ticked_by__full_name"
    for code, at, level, state, *by in rows.values_list("code", *told):
        found |= dict.fromkeys(names[code], Proven(at, level or "tick", state, *by))
    return found


def all_unproved(region: Region, codes: Iterable[str]) -> list[str]:
    """Those of these orders, cases, meals and stops that nothing proves. Four queries."""
    asked = list(codes)
    return [
        *orders.unproved_among(region, asked),
        *fulfilment.unproved_among(region, asked),
        *unproved_among(region, asked),
    ]


def unproved_among(region: Region, codes: Iterable[str]) -> list[str]:
    """Those of these meals and stops that nobody ticked off, or not by a level that counts."""
    names = _names_of(codes)
    rows = Serving.objects.filter(region=region, code__in=list(names))
    told = rows.values_list("code", "ticked_at", "proof", "diner__programme__terms__proof")
    bare = [code for code, at, level, levels in told if not at or _is_foreign(level, levels)]
    return sorted(name for code in bare for name in names[code])


def _is_foreign(level: str, levels: Sequence[str] | None) -> bool:
    """Whether a level is none of the programme's; "": not seen, or of before levels were kept."""
    return bool(level) and level not in (levels or USUAL)


def ended_among(region: Region, codes: Iterable[str]) -> list[tuple[str, str]]:
    """Those of these meals and stops that have come to their end, with their state."""
    names = _names_of(codes)
    rows = Serving.objects.filter(region=region, code__in=list(names))
    ended = rows.exclude(state=rules.PLANNED).values_list("code", "state")
    return sorted((name, state) for code, state in ended for name in names[code])


def _names_of(codes: Iterable[str]) -> dict[str, list[str]]:
    """What the book says, by the code of the stop that it means."""
    names: defaultdict[str, list[str]] = defaultdict(list)
    for name in codes:
        if name.endswith((TO_STALL, TO_COURIER)):
            names[name[:-2]].append(name)
    return dict(names)


def gaps_of(diner: Diner) -> list[Away]:
    """The exceptions of somebody, the newest first."""
    return list(Away.objects.filter(diner=diner).order_by("-first", "-pk")[:50])


def last_servings(diner: Diner) -> list[Serving]:
    """The last meals of somebody, the newest first."""
    return list(Serving.objects.filter(diner=diner).order_by("-due_at", "-pk")[:20])
