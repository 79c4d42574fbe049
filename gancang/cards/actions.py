"""Making, replacing and reading cards. The only code that writes them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from gancang.audit.actions import record
from gancang.cards.models import Card, WrongCode
from gancang.cards.queries import index_of
from gancang.cards.rules import (
    ENDS,
    WRONG_TRIES_MAX,
    WRONG_TRIES_MINUTES,
    Why,
    new_secret,
    read_code,
)
from gancang.residents.actions import get_surviving
from gancang.values import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from gancang.accounts.models import User
    from gancang.regions.models import Region


@transaction.atomic
def give_cards(people: Iterable[int], *, region: Region, by: str, now: datetime) -> dict[int, Card]:
    """The card of each of these people, made where somebody has none yet."""
    asked = sorted(set(people))
    rows = Card.objects.filter(region=region, resident__in=asked, ended_at=None)
    found = {row.resident_id: row for row in rows}
    new = [number for number in asked if number not in found]
    made = Card.objects.bulk_create(
        Card(region=region, resident_id=number, secret=new_secret(), made_by=by, made_at=now)
        for number in new
    )
    for card in made:
        _note(card, "card.made", {}, by=by, now=now)
    return {**found, **{card.resident_id: card for card in made}}


@transaction.atomic
def give_card(person: int, *, region: Region, by: str, now: datetime) -> Card:
    """One person's card."""
    resident = get_surviving(person)
    if resident.deceased_on:
        raise Refused(Why.DECEASED)
    return give_cards([resident.pk], region=region, by=by, now=now)[resident.pk]


@transaction.atomic
def replace_card(person: int, why: str, *, region: Region, by: str, now: datetime) -> Card:
    """A new card for one that was lost: from now on the old one opens nothing."""
    assert why in ENDS, why
    resident = get_surviving(person)
    if resident.deceased_on:
        raise Refused(Why.DECEASED)
    rows = Card.objects.select_for_update().filter(region=region, resident=resident, ended_at=None)
    old = rows.first()
    if old is None:
        raise Refused(Why.NO_CARD)
    old.ended_at, old.ended_by, old.why = now, by, why
    old.save(update_fields=["ended_at", "ended_by", "why"])
    _note(old, "card.ended", {"why": why}, by=by, now=now)
    return give_cards([resident.pk], region=region, by=by, now=now)[resident.pk]


def read_card(typed: str, *, region: Region, by: User, now: datetime) -> Card:
    """The card whose code was scanned or typed. A wrong code is counted, even though it is refused.

    A slip that the check digit finds counts nothing: nobody learns from it.
    """
    code = read_code(typed)
    if code is None:
        raise Refused(Why.MISREAD)
    since = now - timedelta(minutes=WRONG_TRIES_MINUTES)
    if WrongCode.objects.filter(user=by, at__gt=since).count() >= WRONG_TRIES_MAX:
        raise Refused(Why.TOO_MANY)
    rows = Card.objects.filter(region=region, secret_index__in=index_of(code))
    card = rows.select_related("resident").first()
    if card is None:
        WrongCode.objects.create(user=by, at=now)
        record(
            "card.wrong_code", by.username, region=region.code, by=by.username, now=now, facts={}
        )
        raise Refused(Why.UNKNOWN)
    if card.ended_at is not None:
        raise Refused(Why.DEAD)
    return card


def _note(card: Card, kind: str, facts: dict[str, object], *, by: str, now: datetime) -> None:
    record(kind, f"card:{card.pk}", region=card.region.code, by=by, now=now, facts=facts)


def note_printed(people: Iterable[int], *, region: Region, by: str, now: datetime) -> None:
    """Somebody has printed these people's codes, and may have seen them."""
    rows = Card.objects.filter(region=region, resident__in=list(people), ended_at=None)
    for card in rows.order_by("pk").select_related("region"):
        _note(card, "card.printed", {}, by=by, now=now)
