"""A letter to one person that tells what was decided, and on what."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from gancang.paper.typesetting import pdf_of

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What stands in the letter, every word in the language of its reader."""

    office: str
    phone: str
    title: str
    number: str
    day: str
    name: str
    address: str
    lines: Sequence[str]
    heads: tuple[str, str, str, str]
    facts: Sequence[tuple[str, str, str, str]]
    lacks_title: str
    lacks: Sequence[str]
    signed: str


def as_pdf(decision: Decision) -> bytes:
    """The letter on A4."""
    return pdf_of("decision", asdict(decision))
