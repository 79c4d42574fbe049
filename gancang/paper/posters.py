"""A sheet for a wall: what somebody is called and sells, and a QR code that opens a page."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from gancang.paper.qr import svg_of
from gancang.paper.typesetting import pdf_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Poster:
    """What stands on the sheet."""

    title: str
    words: str
    link: str
    foot: str
    place: str = ""


def as_pdf(poster: Poster) -> bytes:
    """One sheet of A4."""
    return pdf_of("poster", {**asdict(poster), "qr": svg_of(poster.link)})
