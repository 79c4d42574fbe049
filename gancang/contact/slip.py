"""A slip of paper that stands for the link: the order's code, for people and for cameras."""

from __future__ import annotations

import io

import segno
from django.utils.safestring import SafeString, mark_safe

from gancang.orders.links import track_url


def qr_of_link(code: str) -> SafeString:
    """The patient's link as a square of dots: SVG that stands in the page itself."""
    image = io.BytesIO()
    square = segno.make(track_url(code), error="m", micro=False)
    square.save(image, kind="svg", xmldecl=False, svgns=True, scale=4, border=2, light="#fff")
    # All of it is drawn by segno from our own address; nothing that was typed is in it.
    return mark_safe(image.getvalue().decode())
