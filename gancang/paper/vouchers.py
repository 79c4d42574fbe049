"""Papers that are signed: a receipt (kuitansi), minutes of a hand-over (BAST)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from gancang.paper.typesetting import pdf_of

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Voucher:
    """One paper on A4: facts, perhaps a table, perhaps a sum in a frame, who signs."""

    house: str
    title: str
    number: str
    opening: Sequence[str] = ()
    facts: Sequence[tuple[str, str]]
    columns: Sequence[tuple[str, int]] = ()
    rows: Sequence[Sequence[str]] = ()
    sum: str = ""
    signatures: Sequence[str]
    foot: str = ""


def as_pdf(voucher: Voucher) -> bytes:
    """The paper, ready to be signed."""
    return pdf_of("voucher", asdict(voucher))
