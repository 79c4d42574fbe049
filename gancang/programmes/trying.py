"""Trying a draft on the registry: who would be in, who falls out, what a month would cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gancang.maps.ways import travel_of
from gancang.programmes.clauses import faults_in
from gancang.programmes.holes import rows_of
from gancang.regions.models import Organisation, Village
from gancang.regions.queries import get_tariff, place_of
from gancang.regions.tariffs import price
from gancang.residents.everybody import everybody
from gancang.values import N_, Money, Reason, Refused
from gancang.values.conditions import holds

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from gancang.regions.facts import FactKind
    from gancang.regions.models import Region
    from gancang.residents.everybody import Anybody

IN, OUT, NEW, GONE = "in", "out", "new", "gone"
GROUPS = (IN, NEW, GONE, OUT)
NOTHING = Money(0)
BY_NAME_MAX = 500  # so many people of a group can be read by name afterwards
SMALL = 5  # fewer than so many people of a village are not told in a file
Told = Mapping[str, Any]


class Trouble(Reason):
    """Why a trial came to no end."""

    CHANGED = "changed", N_("The draft was changed before its turn came. Try it as it is now.")
    RULE_FAILED = (
        "rule_failed",
        N_("The rule {clause} could not be asked of everybody. Write it more simply."),
    )
    TOO_LONG = (
        "too_long",
        N_("After {minutes} minutes {asked} people were asked; it was broken off. Simplify rules."),
    )
    BROKE = "broke", N_("Something of ours broke; the operators can read what. Try it again later.")


class RuleFailed(Exception):
    """The engine of rules gave up over one person; `clause` is the rule."""

    def __init__(self, clause: str) -> None:
        super().__init__(clause)
        self.clause = clause


@dataclass(slots=True)
class Counts:
    """What a trial counted, by group and village, and what a month would cost."""

    is_compared: bool = False  # with a version in force
    people: int = 0
    by_clause: Counter[str] = field(default_factory=Counter)
    by_village: dict[str, Counter[str]] = field(default_factory=dict)
    month: Money = NOTHING
    recipients_pay: Money = NOTHING
    unpriced: int = 0  # people in villages for which no price could be found
    first_of: dict[str, list[int]] = field(default_factory=lambda: {each: [] for each in GROUPS})

    def count(self, group: str) -> int:
        """How many people of a group."""
        return sum(village[group] for village in self.by_village.values())

    def add(self, person: Anybody, groups: tuple[str, ...], clause: str) -> None:
        """One more person was asked."""
        self.people += 1
        self.by_village.setdefault(person.village, Counter()).update(groups)
        if clause:
            self.by_clause[clause] += 1
        for group in groups:
            if len(self.first_of[group]) < BY_NAME_MAX:
                self.first_of[group].append(person.number)

    def in_short(self) -> dict[str, object]:
        """What is kept with the draft: totals alone."""
        return {
            "people": self.people,
            **{group: self.count(group) for group in GROUPS},
            "month_rp": self.month.rupiah,
            "recipients_rp": self.recipients_pay.rupiah,
        }

    def told(self) -> dict[str, object]:
        """What is kept of the trial: counts, and by number the first people of each group."""
        return {
            **self.in_short(),
            "compared": self.is_compared,
            "public_rp": (self.month - self.recipients_pay).rupiah,
            "unpriced": self.unpriced,
            "by_clause": self.by_clause.most_common(),
            "by_village": {code: dict(counted) for code, counted in self.by_village.items()},
            "first_of": self.first_of,
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
        name = str(row.get("code") or row.get("when", ""))
        try:
            if "when" in row and holds(row["when"], facts):
                return name
        except RuntimeError as error:  # the engine names no narrower class
            raise RuleFailed(name) from error
    return ""


def try_on_registry(
    draft: Told,
    before: Told | None,
    *,
    region: Region,
    times: int,
    on: date,
    tell: Callable[[int], None] = lambda _asked: None,
) -> Counts:
    """Everybody is asked once; `tell` hears after each how many were.

    The number of queries does not hang on how many there are.
    """
    counts = Counts(is_compared=before is not None)
    for person in everybody(region, on=on):
        counts.add(person, *groups_of(person, draft, before))
        tell(counts.people)
    _reckon(counts, draft, region=region, times=times, on=on)
    return counts


def _reckon(trial: Counts, draft: Told, *, region: Region, times: int, on: date) -> None:
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
