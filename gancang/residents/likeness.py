"""Who may be the same person as somebody, and who may have died. Nobody is shown or logged here."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q
from django.shortcuts import get_object_or_404

from gancang.residents.duplicates import SIGNS, STRONG, why_same
from gancang.residents.models import NAME_WORDS, PHONES, LookAlike, Phone, Resident
from gancang.residents.rules import words_of_name
from gancang.vault import blind_indexes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from gancang.regions.models import Region


def name_query(words: Sequence[str]) -> SearchQuery:
    """Names in which every one of these words begins a word."""
    meant = " & ".join(f"{word}:*" for word in words)
    return SearchQuery(meant, search_type="raw", config="simple")


def _one_word_query(words: Sequence[str]) -> SearchQuery:
    """Names of which one word begins like one of these: a slip is behind the third letter."""
    meant = " | ".join(f"{word[:3]}:*" for word in words)
    return SearchQuery(meant, search_type="raw", config="simple")


def entries_like(row: Resident) -> list[tuple[Resident, str]]:
    """Entries that may be the same person as this one, the strongest sign first. Unlogged."""
    mine = {row.phone, *(phone.number for phone in row.phones.all())} - {""}
    numbers = [index for phone in mine for index in blind_indexes(phone, column=PHONES)]
    by_phone = Phone.objects.filter(number_index__in=numbers).values("resident")
    alike = Q(phone_index__in=numbers) | Q(pk__in=by_phone)
    if row.family_card_index:
        alike |= Q(family_card_index=row.family_card_index)
    rows = Resident.objects.filter(region=row.region_id, merged_into=None).exclude(pk=row.pk)
    rows = rows.select_related("village__district").prefetch_related("phones").order_by("pk")
    named = rows.annotate(words=NAME_WORDS).filter(words=name_query(words_of_name(row.full_name)))
    nearby = rows.annotate(words=NAME_WORDS).filter(
        village=row.village_id, words=_one_word_query(words_of_name(row.full_name))
    )
    near = {each.pk: each for each in (*rows.filter(alike)[:50], *named[:50], *nearby[:50])}
    found = []
    for other in near.values():
        others = {other.phone, *(phone.number for phone in other.phones.all())} - {""}
        if sign := why_same(row, other, phones=mine, others=others):
            found.append((other, sign))
    return sorted(found, key=lambda pair: (list(SIGNS).index(pair[1]), pair[0].pk))


def look_alikes(region: Region) -> QuerySet[LookAlike]:
    """The entries that may be somebody who has died and that nobody has judged, oldest first."""
    rows = LookAlike.objects.filter(alike__region=region, judged="").order_by("pk")
    return rows.select_related("dead__region", "alike__region")


def get_look_alike(region: Region, number: int) -> LookAlike:
    """One of a region, judged or not, or 404."""
    return get_object_or_404(LookAlike, alike__region=region, pk=number)


def look_alikes_of(number: int) -> list[LookAlike]:
    """What is to be judged about one entry, as the dead or as who may be the same."""
    rows = LookAlike.objects.filter(Q(dead=number) | Q(alike=number), judged="").order_by("pk")
    return list(rows)


def in_doubt(region: Region) -> set[int]:
    """Who may have died, by a strong sign, until somebody judges it: all numbers. One query.

    Nobody's data are shown, so nothing is logged.
    """
    doubted = LookAlike.objects.filter(alike__region=region, judged="", sign__in=sorted(STRONG))
    pairs = doubted.values_list("alike", "alike__merged")
    return {number for pair in pairs for number in pair if number}


def is_in_doubt(number: int) -> bool:
    """Whether somebody may have died, by a strong sign, and nobody has judged it. Unlogged."""
    doubted = LookAlike.objects.filter(judged="", sign__in=sorted(STRONG))
    return doubted.filter(Q(alike=number) | Q(alike__merged=number)).exists()


class Died(NamedTuple):
    """When somebody died, and who told it."""

    on: date
    source: str


def died_of(number: int) -> Died | None:
    """When somebody died under any of his numbers, or None. Nothing else is shown or logged."""
    row = Resident.objects.select_related("merged_into").get(pk=number)
    row = row.merged_into or row
    if not row.deceased_on:
        return None
    return Died(date.fromisoformat(row.deceased_on), row.deceased_source)
