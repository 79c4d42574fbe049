"""All that is known of all living residents of a region, one by one, for trials of rules."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from gancang.residents.actions import KnownFact
from gancang.residents.facts import derived_facts
from gancang.residents.models import Fact, Resident

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.db.models import QuerySet

    from gancang.regions.models import Region

CHUNK = 2000


class Anybody(NamedTuple):
    """One resident without a name: number, village, and what is known of him."""

    number: int
    village: str
    facts: Mapping[str, KnownFact]


def how_many(region: Region) -> int:
    """Of how many people `everybody` tells."""
    return _living(region).count()


def everybody(region: Region, *, on: date) -> Iterator[Anybody]:
    """Each living resident, by number. Three queries however many there are; memory stays flat.

    Nobody's name is read and nobody is shown, so nothing is logged.
    """
    living = _living(region)
    sizes = Counter(
        card
        for card in living.exclude(family_card_index=None)
        .values_list("family_card_index", flat=True)
        .iterator(chunk_size=CHUNK)
        if card
    )
    people = living.order_by("pk").values_list(
        "pk", "village__code", "birth_date", "family_card_index"
    )
    told = _facts_by_person(region)
    following = next(told, None)
    for number, village, birth_date, card in people.iterator(chunk_size=CHUNK):
        while following and following[0] < number:
            following = next(told, None)
        own = following[1] if following and following[0] == number else {}
        born = date.fromisoformat(birth_date) if birth_date else None
        size = sizes.get(card or "", 0)
        yield Anybody(number, village, own | derived_facts(born, village, on=on, household=size))


def _living(region: Region) -> QuerySet[Resident]:
    return Resident.objects.filter(region=region, merged_into=None, deceased_on="")


def _facts_by_person(region: Region) -> Iterator[tuple[int, dict[str, KnownFact]]]:
    rows = Fact.objects.filter(resident__region=region).order_by("resident_id", "pk")
    rows_told = rows.values_list("resident_id", "name", "value", "source", "as_of")
    stream = rows_told.iterator(chunk_size=CHUNK)
    for number, group in groupby(stream, key=lambda row: row[0]):
        yield (
            number,
            {
                name: KnownFact(json.loads(value), source, as_of)
                for _number, name, value, source, as_of in group
            },
        )
