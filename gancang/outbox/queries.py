"""How many letters wait, which belong to a case, and what is to be known before one leaves."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, QuerySet, Sum
from django.shortcuts import get_object_or_404

from gancang.outbox.models import ADDRESSES, Addressee, Letter, Manner, State, Stopped
from gancang.outbox.rules import OPTIONAL, filled, in_words_of, quiet_until
from gancang.vault import blind_indexes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime


def count_waiting() -> int:
    """Letters that have not left the house yet."""
    return Letter.objects.filter(state=State.WAITING).count()


def list_letters(region: str, subject: str) -> list[Letter]:
    """The letters about one subject, oldest first. Addresses and bodies stay sealed in lists."""
    rows = Letter.objects.filter(region_code=region, subject=subject).order_by("id")
    return list(rows.defer("address", "body", "told"))


def letters_of(region: str, *, state: str = "") -> QuerySet[Letter]:
    """A region's letters for a paged list, perhaps of one state; nothing sealed is opened."""
    rows = Letter.objects.filter(region_code=region).defer("address", "body", "told")
    return rows.filter(state=state) if state in State.values else rows


def get_letter(region: str, number: int) -> Letter:
    """One letter of a region, or 404."""
    return get_object_or_404(Letter, region_code=region, pk=number)


def counts_by_state(region: str, *, since: datetime) -> dict[str, int]:
    """How many letters of a region there are in each state, of those written since."""
    rows = Letter.objects.filter(region_code=region, created_at__gte=since)
    found = rows.order_by().values_list("state").annotate(many=Count("pk"))
    return {**dict.fromkeys(State.values, 0), **dict(found)}


def cost_since(region: str, *, since: datetime) -> int:
    """What a region's letters cost since then, in rupiah."""
    rows = Letter.objects.filter(region_code=region, sent_at__gte=since)
    return rows.aggregate(sum=Sum("cost_rp"))["sum"] or 0


def language_of(person: int) -> str:
    """The language in which a person is written to; empty for the pack's own."""
    rows = Addressee.objects.filter(person=person).values_list("language", flat=True)
    return rows.first() or ""


def not_written_to() -> QuerySet[Addressee]:
    """Whoever gets no letters because he has died, or may have."""
    return Addressee.objects.exclude(died_at=None, held_at=None)


def indexes_of(address: str) -> list[str]:
    """Under which fingerprints an address may stand that wants no letters."""
    return blind_indexes(address, column=ADDRESSES)


@dataclass(frozen=True, slots=True)
class Desk:
    """All that must be known before some letters leave. Read in three queries."""

    manners: Mapping[str, Manner]
    addressees: Mapping[int, Addressee]
    stopped: frozenset[str]

    def why_not(self, letter: Letter) -> str:
        """Why a letter must not leave, or nothing."""
        addressee = self.addressees.get(letter.person)
        if addressee and addressee.died_at:
            return "the person has died"
        if letter.kind in OPTIONAL and self.stopped.intersection(indexes_of(letter.address)):
            return "wrote STOP"
        return ""

    def waits(self, letter: Letter) -> bool:
        """Whether somebody has to find out first whether the person has died."""
        addressee = self.addressees.get(letter.person)
        return bool(addressee and addressee.held_at)

    def night_of(self, letter: Letter, *, now: datetime) -> datetime | None:
        """When the night ends that this letter must not disturb, or None."""
        manner = self.manners.get(letter.region_code)
        if manner is None or letter.kind in manner.urgent:
            return None
        return quiet_until(
            now, begins=manner.quiet_from, ends=manner.quiet_until, zone=manner.timezone
        )

    def text_of(self, letter: Letter) -> str:
        """The letter in the person's language, as far as its programme or region has words."""
        manner, addressee = self.manners.get(letter.region_code), self.addressees.get(letter.person)
        language = (addressee.language if addressee else "") or (manner.language if manner else "")
        told = json.loads(letter.told) if letter.told else {}
        by_programme = letter.words.get(language) or letter.words.get("", "")
        said = by_programme or (_words(manner, letter.kind, language) if manner else "")
        text = filled(said, told) or letter.body
        return in_words_of(text, manner.greetings.get(language, "")) if manner else text


def _words(manner: Manner, kind: str, language: str) -> str:
    by_language: dict[str, str] = {
        each["language"]: each["text"] for each in manner.words if each["kind"] == kind
    }
    return by_language.get(language, "")


def desk_for(letters: Sequence[Letter]) -> Desk:
    """What must be known before these letters leave."""
    if not letters:
        return Desk({}, {}, frozenset())
    regions = {letter.region_code for letter in letters}
    people = {letter.person for letter in letters}
    addresses = {index for letter in letters for index in indexes_of(letter.address)}
    manners = Manner.objects.filter(region_code__in=regions)
    stopped = Stopped.objects.filter(address_index__in=addresses)
    return Desk(
        {row.region_code: row for row in manners},
        {row.person: row for row in Addressee.objects.filter(person__in=people)},
        frozenset(filter(None, stopped.values_list("address_index", flat=True))),
    )
