"""All that is known of people for the rules of programmes: what was told, and what follows."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count

from gancang.residents.actions import KnownFact
from gancang.residents.models import Resident
from gancang.residents.queries import facts_of
from gancang.residents.rules import age_on
from gancang.values import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gancang.regions.facts import FactKind, Value
    from gancang.regions.models import Region

SOURCES = {
    "birth": N_("date of birth in the registry"),
    "address": N_("address in the registry"),
    "card": N_("family card in the registry"),
}


def derived_facts(
    birth_date: date | None, village: str, *, on: date, household: int = 0
) -> dict[str, KnownFact]:
    """What follows from an entry by itself on a day; what cannot be told is left out."""
    found = {
        "village": KnownFact(village, SOURCES["address"], on),
        "district": KnownFact(village.rpartition(".")[0], SOURCES["address"], on),
    }
    if birth_date and birth_date <= on:
        found["age"] = KnownFact(age_on(birth_date, on), SOURCES["birth"], on)
    if household:
        found["household_size"] = KnownFact(household, SOURCES["card"], on)
    return found


def known_of(
    region: Region, numbers: Iterable[int], *, on: date
) -> dict[int, dict[str, KnownFact]]:
    """What is told of each resident and what follows from his entry. Three queries, unlogged.

    Nobody sees a person here; whoever shows what comes of it has read that person.
    """
    told = facts_of(numbers)
    rows = Resident.objects.filter(region=region, pk__in=list(told)).select_related("village")
    people = list(rows)
    sizes = _households(region, {row.family_card_index or "" for row in people} - {""})
    for row in people:
        born = date.fromisoformat(row.birth_date) if row.birth_date else None
        size = sizes.get(row.family_card_index or "", 0)
        told[row.pk] |= derived_facts(born, row.village.code, on=on, household=size)
    return told


def _households(region: Region, cards: set[str]) -> Mapping[str, int]:
    living = Resident.objects.filter(
        region=region, family_card_index__in=cards, merged_into=None, deceased_on=""
    )
    counted = living.values("family_card_index").annotate(people=Count("pk"))
    return {row["family_card_index"] or "": row["people"] for row in counted}


class Shown(NamedTuple):
    """A fact as a page tells it."""

    name: str
    words: str
    value: Value
    source: str
    as_of: date
    is_old: bool


def shown(
    facts: Mapping[str, KnownFact], kinds: Mapping[str, FactKind], *, language: str, on: date
) -> list[Shown]:
    """What is known of somebody in words, in the order in which the region lists its facts."""
    order = list(kinds)
    names = sorted(facts, key=lambda name: order.index(name) if name in kinds else len(order))
    return [
        Shown(
            name,
            kinds[name].words(language) if name in kinds else name,
            facts[name].value,
            facts[name].source,
            facts[name].as_of,
            name in kinds and kinds[name].is_old(facts[name].as_of, on=on),
        )
        for name in names
    ]
