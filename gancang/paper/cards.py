"""Cards for the hand: ten on an A4 sheet, in large print, each with its code as QR and in words."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from gancang.paper.qr import svg_of
from gancang.paper.typesetting import pdf_of

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What stands on one card: a name, a code, and what it is good for. No NIK, no birth date."""

    title: str
    name: str
    place: str
    code: str  # in groups of four, as it is typed
    amount: str = ""
    until: str = ""
    foot: str = ""


def as_pdf(cards: Sequence[Card]) -> bytes:
    """Sheets of ten cards of 92 by 54 mm, to be cut."""
    told = [{**asdict(card), "qr": svg_of(card.code)} for card in cards]
    return pdf_of("cards", {"cards": told})
