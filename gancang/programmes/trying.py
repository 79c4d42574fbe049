"""Trying a draft on the registry: who would be in, who falls out, what a month would cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from gancang.maps.ways import travel_of
from gancang.programmes.clauses import faults_in
from gancang.programmes.holes import rows_of
from gancang.regions.models import Organisation, Village
from gancang.regions.queries import get_tariff, place_of
from gancang.regions.tariffs import price
from gancang.residents.everybody import everybody
from gancang.values import Money, Refused
from gancang.values.conditions import holds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from gancang.regions.facts import FactKind
    from gancang.regions.models import Region
    from gancang.residents.everybody import Anybody

IN, OUT, NEW, GONE = "in", "out", "new", "gone"
GROUPS = (IN, NEW, GONE, OUT)
NOTHING = Money(0)
SMALL = 5  # fewer than so many people of a village are not told in a file
Told = Mapping[str, Any]


@dataclass(slots=True)
class Trial:
    """What a trial counted, by group and village, and what a month would cost."""

    people: int = 0
    by_clause: Counter[str] = field(default_factory=Counter)
    by_village: dict[str, Counter[str]] = field(default_factory=dict)
    month: Money = NOTHING
    recipients_pay: Money = NOTHING
    unpriced: int = 0  # people in villages for which no price could be found

    def count(self, group: str) -> int:
        """How many people of a group."""
        return sum(village[group] for village in self.by_village.values())

    def told(self) -> dict[str, object]:
        """What is kept with the draft: numbers alone."""
        return {
            "people": self.people,
            **{group: self.count(group) for group in GROUPS},
            "month_rp": self.month.rupiah,
            "recipients_rp": self.recipients_pay.rupiah,
        }


def usable(told: Told, kinds: Mapping[str, FactKind]) -> dict[str, Any]:
    """A programme with those of its rules that can be asked; the others let nobody in."""
    rules = [row for row in rows_of(told, "clause") if not faults_in(row.get("when", ""), kinds)]
    return {**told, "clause": rules}


def groups_of(person: Anybody, draft: Told, before: Told | None) -> tuple[tuple[str, ...], str]:
    """To which groups a person belongs, and by which clause he is in."""
    facts = {name: fact.value for name, fact in person.facts.items()}
    clause = _first_that_holds(draft, facts)
    was_in = before is not None and bool(_first_that_holds(before, facts))
    if clause:
        return ((IN,) if was_in or before is None else (IN, NEW)), clause
    return ((OUT, GONE) if was_in else (OUT,)), ""


def _first_that_holds(told: Told, facts: Mapping[str, Any]) -> str:
    for row in rows_of(told, "clause"):
        if "when" in row and holds(row["when"], facts):
            return str(row.get("code") or row["when"])
    return ""


def try_on_registry(
    draft: Told, before: Told | None, *, region: Region, times: int, on: date
) -> Trial:
    """Everybody is asked once; the number of queries does not hang on how many there are."""
    trial = Trial()
    for person in everybody(region, on=on):
        trial.people += 1
        groups, clause = groups_of(person, draft, before)
        village = trial.by_village.setdefault(person.village, Counter())
        village.update(groups)
        if clause:
            trial.by_clause[clause] += 1
    _reckon(trial, draft, region=region, times=times, on=on)
    return trial


def people_in(
    group: str, draft: Told, before: Told | None, *, region: Region, on: date
) -> Iterator[int]:
    """The numbers of the people of a group, in order; nobody is read."""
    for person in everybody(region, on=on):
        if group in groups_of(person, draft, before)[0]:
            yield person.number


def page_of(numbers: Iterator[int], *, after: int, size: int) -> tuple[list[int], bool]:
    """The next people behind a number, and whether more come."""
    found = list(islice((n for n in numbers if n > after), size + 1))
    return found[:size], len(found) > size


def _reckon(trial: Trial, draft: Told, *, region: Region, times: int, on: date) -> None:
    """A month's cost: each village's people, times how often, at the price of the way there."""
    prices = _prices(draft, region, set(trial.by_village), on=on)
    month = recipients = 0
    for code, counted in trial.by_village.items():
        each = prices.get(code)
        if each is None:
            trial.unpriced += counted[IN]
            continue
        month += each * counted[IN] * times
        recipients += _recipient_pays(draft, each) * counted[IN] * times
    trial.month, trial.recipients_pay = Money(month), Money(recipients)


def _recipient_pays(draft: Told, each: int) -> int:
    if percent := draft.get("patient_pays_percent"):
        return each * int(percent) // 100
    return min(int(draft.get("patient_pays_rp") or 0), each)


def _prices(draft: Told, region: Region, villages: set[str], *, on: date) -> dict[str, int]:
    """What one time costs in each village, in rupiah; a village without a price is left out."""
    if "unit_price_rp" in draft:
        return dict.fromkeys(villages, int(draft["unit_price_rp"]))
    if rows_of(draft, "meal"):
        each = int(draft.get("meal_rp") or 0) + int(draft.get("stop_rp") or 0)
        return dict.fromkeys(villages, each)
    if not draft.get("tariff"):
        return dict.fromkeys(villages, 0)
    try:
        tariff = get_tariff(region, draft["tariff"], on=on)
    except Refused:
        return {}
    rows = list(Village.objects.filter(region=region, code__in=villages))
    starts = _starts(draft, region)
    if not starts or not rows:
        return {}
    table = travel_of(region).matrix(starts, [place_of(row) for row in rows])
    return {
        row.code: price(tariff.to(row.code), min(metres[at] for metres in table.metres)).rupiah
        for at, row in enumerate(rows)
    }


def _starts(draft: Told, region: Region) -> list[Any]:
    """From where it starts: the organisations that are told, else every hospital."""
    rows = Organisation.objects.filter(region=region, village__isnull=False)
    codes = draft.get("from_organisations")
    rows = rows.filter(code__in=codes) if codes else rows.filter(kind=Organisation.Kind.HOSPITAL)
    return [
        place_of(row.village, row.lat, row.lon)
        for row in rows.select_related("village")
        if row.village
    ]
