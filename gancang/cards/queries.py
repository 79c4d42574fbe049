"""Reading cards. The code itself is opened only where it is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.cards.models import Card
from gancang.cards.rules import in_groups, read_code
from gancang.residents.queries import numbers_of
from gancang.vault import blind_indexes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gancang.regions.models import Region


def index_of(code: str) -> list[str]:
    """Under which fingerprints a card may be kept, also while keys change."""
    return list(blind_indexes(code, column="cards.secret"))


def find_card(region: Region, person: int) -> Card | None:
    """The card that somebody holds now, under any of his numbers."""
    rows = Card.objects.filter(region=region, resident__in=numbers_of(person), ended_at=None)
    return rows.order_by("pk").last()


def cards_of(region: Region, person: int) -> list[Card]:
    """All cards that somebody ever had, the newest first."""
    rows = Card.objects.filter(region=region, resident__in=numbers_of(person))
    return list(rows.order_by("-pk")[:20])


def printed_codes(region: Region, people: Iterable[int]) -> dict[int, str]:
    """The code of each person's card as it is printed. One query."""
    rows = Card.objects.filter(region=region, resident__in=list(people), ended_at=None)
    return {row.resident_id: in_groups(row.secret) for row in rows}


def is_card_of(person: int, typed: str) -> bool:
    """Whether that is the code of the card that this person holds now."""
    code = read_code(typed)
    if code is None:
        return False
    rows = Card.objects.filter(resident__in=numbers_of(person), ended_at=None)
    return rows.filter(secret_index__in=index_of(code)).exists()
