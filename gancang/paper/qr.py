"""QR codes as pictures that a page or a PDF takes in."""

from __future__ import annotations

import io

import segno


def svg_of(text: str, *, border: int = 0) -> str:
    """The QR code of a text as SVG that fills its place; it bears a smudge."""
    picture = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        picture, kind="svg", border=border, xmldecl=False, omitsize=True
    )
    return picture.getvalue().decode("utf-8").strip()
