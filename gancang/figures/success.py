"""The numbers by which a programme wants to be measured: target and what was reached, counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from statistics import median
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q, Sum

from gancang.enrolment.models import Step
from gancang.fulfilment import rules as cases
from gancang.fulfilment.models import Case
from gancang.ledger.queries import settlements_of
from gancang.orders import lifecycle
from gancang.orders.models import Order
from gancang.programmes.queries import get_programme
from gancang.regions.pack_measuring import AT_MOST
from gancang.regions.queries import zone_of
from gancang.servings import rules as meals
from gancang.servings.models import Serving
from gancang.servings.queries import table_of
from gancang.values import N_

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from gancang.figures.queries import Period
    from gancang.programmes.models import Programme
    from gancang.regions.models import Region

WORDS = {
    "served_share": N_("Reached their person, percent of what was planned"),
    "on_time_share": N_("Arrived when it was promised, percent"),
    "cost_per_person_rp": N_("Public money for each person (rupiah)"),
    "waiting_days": N_("Days from application to enrolment, in the middle"),
    "people_served": N_("People who got something"),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted of one programme in a period."""

    planned: int  # that came to its end, one way or another; what was called off is not counted
    served: int
    promised: int  # that arrived and had a time to keep
    on_time: int
    people: int
    cost_rp: int
    waited_days: tuple[int, ...]

    def reached(self, number: str) -> int | None:
        """One of the numbers; None where there is nothing yet to count."""
        match number:
            case "served_share":
                return self.served * 100 // self.planned if self.planned else None
            case "on_time_share":
                return self.on_time * 100 // self.promised if self.promised else None
            case "cost_per_person_rp":
                return self.cost_rp // self.people if self.people else None
            case "waiting_days":
                return int(median(self.waited_days)) if self.waited_days else None
        assert number == "people_served", number
        return self.people


@dataclass(frozen=True, slots=True)
class Success:
    """One number: what is to be reached, and what was."""

    number: str
    target: int
    reached: int | None

    @property
    def words(self) -> str:
        """What it is called."""
        return WORDS[self.number]

    @property
    def is_met(self) -> bool | None:
        """Whether the target is met; None where nothing was counted yet."""
        if self.reached is None:
            return None
        at_most = self.number in AT_MOST
        return self.reached <= self.target if at_most else self.reached >= self.target


def successes_of(programme: Programme, counted: Counted) -> list[Success]:
    """Each number that the programme names, with what was reached."""
    told = programme.terms.get("success", [])
    return [Success(number, target, counted.reached(number)) for number, target in told]


def count(region: Region, code: str, period: Period) -> Counted:
    """What is counted of a programme in a period. A fixed number of queries."""
    zone = zone_of(region)
    begins = datetime.combine(period.first, time(), zone)
    ends = datetime.combine(period.last + timedelta(days=1), time(), zone)
    delivered, ended, kept, receivers = _orders(region, code, begins, ends)
    days = {"day__gte": period.first, "day__lte": period.last}
    done = Case.objects.filter(region=region, programme__code=code, **days)
    fed = Serving.objects.filter(region=region, round__programme__code=code, **days)
    case = done.aggregate(
        served=Count("pk", filter=Q(state=cases.DONE)),
        planned=Count("pk", filter=Q(state__in=[cases.DONE, cases.MISSED])),
    )
    meal = fed.aggregate(
        served=Count("pk", filter=Q(state=meals.SEEN)),
        planned=Count("pk", filter=Q(state__in=[meals.SEEN, meals.UNSEEN])),
    )
    people = {*receivers, *_people(done.filter(state=cases.DONE), "resident")}
    people |= _people(fed.filter(state=meals.SEEN), "diner__resident")
    spent = settlements_of(region, begins=begins, ends=ends)
    cost = spent.filter(source__budget__programme=code).aggregate(rp=Sum("amount_rp"))["rp"]
    return Counted(
        planned=ended + case["planned"] + meal["planned"],
        served=delivered + case["served"] + meal["served"],
        promised=delivered + meal["served"],
        on_time=kept + _meals_in_time(get_programme(region, code), fed),
        people=len(people),
        cost_rp=cost or 0,
        waited_days=_waited(region, code, begins, ends),
    )


def _orders(
    region: Region, code: str, begins: datetime, ends: datetime
) -> tuple[int, int, int, set[int]]:
    rows = Order.objects.filter(
        region=region, programme__code=code, placed_at__gte=begins, placed_at__lt=ends
    )
    there = rows.filter(state=lifecycle.DELIVERED)
    ended = rows.filter(state__in=[lifecycle.DELIVERED, lifecycle.RETURNED, lifecycle.FAILED])
    kept = there.filter(proof__handed_over_at__lte=F("promise_at"))
    return there.count(), ended.count(), kept.count(), _people(there, "resident")


def _people(rows: QuerySet[Any], who: str) -> set[int]:
    """The people of these rows; of entries that were made one, the one that stays."""
    pairs = rows.order_by().values_list(who, f"{who}__merged_into").distinct()
    return {kept or number for number, kept in pairs if number}


def _meals_in_time(programme: Programme, fed: QuerySet[Serving]) -> int:
    """How many meals were there before their time was over."""
    table = table_of(programme)
    if table is None:
        return 0
    zone = zone_of(programme.region)
    closes = {meal.code: meal.closes for meal in table.meals}
    seen = fed.filter(state=meals.SEEN).values_list("day", "meal", "ticked_at")
    return sum(
        at is not None and at <= datetime.combine(day, closes.get(meal, time.max), zone)
        for day, meal, at in seen.iterator(chunk_size=5_000)
    )


def _waited(region: Region, code: str, begins: datetime, ends: datetime) -> tuple[int, ...]:
    rows = Step.objects.filter(
        enrolment__region=region, enrolment__programme_code=code, deed="enrol"
    )
    told = rows.filter(at__gte=begins, at__lt=ends).values_list("at", "enrolment__applied_at")
    return tuple((at - applied).days for at, applied in told)
