"""What a kitchen has to cook on a day: by the rounds that are made, else by the calendar."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from gancang.programmes.queries import get_programme
from gancang.regions.queries import zone_of
from gancang.servings import rules
from gancang.servings.models import Diner, Serving, Shut, Stall
from gancang.servings.queries import calendar_of, table_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from gancang.programmes.models import Programme
    from gancang.regions.models import Organisation


@dataclass(frozen=True, slots=True)
class Pot:
    """One meal of a programme that a kitchen cooks: how many of which diet, and who fetches it."""

    programme: str
    meal: str
    ready_at: datetime
    diets: Sequence[tuple[str, int]]
    fetched: Sequence[tuple[datetime, str, int]]  # when, by whom, how many

    @property
    def count(self) -> int:
        """How many in all."""
        return sum(many for _diet, many in self.diets)


def stalls_at(kitchen: Organisation) -> list[Stall]:
    """As which stalls a kitchen cooks: one a programme."""
    return list(Stall.objects.filter(kitchen=kitchen).select_related("region").order_by("pk"))


def is_shut(kitchen: Organisation, day: date) -> bool:
    """Whether a kitchen said that it does not cook on a day."""
    rows = Shut.objects.filter(stall__kitchen=kitchen, first__lte=day, last__gte=day)
    return rows.exists()


def pots_of(kitchen: Organisation, day: date) -> list[Pot]:
    """All that a kitchen cooks on a day, in the order of the day."""
    found = []
    for stall in stalls_at(kitchen):
        programme = get_programme(stall.region, stall.programme_code)
        found += _pots(stall, programme, day)
    return sorted(found, key=lambda pot: pot.ready_at)


def _pots(stall: Stall, programme: Programme, day: date) -> list[Pot]:
    table = table_of(programme)
    if table is None:
        return []
    rows = Serving.objects.filter(round__stall=stall, day=day).exclude(state=rules.CALLED_OFF)
    servings = list(rows.select_related("round__courier", "diner").order_by("round__leaves_at"))
    midnight = datetime.combine(day, datetime.min.time(), tzinfo=zone_of(stall.region))
    calendar = calendar_of(stall.region, programme, table)
    found = []
    for meal in table.meals:
        on_rounds = [row for row in servings if row.meal == meal.code]
        if on_rounds:
            diners = [row.diner for row in on_rounds]
        else:
            eaters = calendar.sitting(day, meal.code).at.get(stall.pk, ())
            diners = list(Diner.objects.filter(pk__in=eaters))
        if diners:
            opens = timedelta(hours=meal.opens.hour, minutes=meal.opens.minute)
            fetched = _fetched(on_rounds)
            ready = fetched[0][0] if fetched else midnight + opens
            diets = sorted(Counter(row.diet for row in diners).items())
            found.append(Pot(programme.name, meal.title, ready, diets, fetched))
    return found


def _fetched(servings: Sequence[Serving]) -> list[tuple[datetime, str, int]]:
    rounds = {row.round_id: row.round for row in servings}
    many = Counter(row.round_id for row in servings)
    told = [(each.leaves_at, each.courier.full_name, many[pk]) for pk, each in rounds.items()]
    return sorted(told)
