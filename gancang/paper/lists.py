"""Lists to work from when the screens are dark: columns, rows, room to write by hand."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from gancang.paper.typesetting import pdf_of

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A table on A4 across. A column of width 0 takes what is left; empty cells are written in."""

    title: str
    told: str  # a line under the title: of when, for whom
    columns: Sequence[tuple[str, int]]  # heading, width in mm
    rows: Sequence[Sequence[str]]
    foot: str = ""


def as_pdf(listing: Listing) -> bytes:
    """The list, its heading again on every page, pages numbered."""
    return pdf_of("list", asdict(listing))
