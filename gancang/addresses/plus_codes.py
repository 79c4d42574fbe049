"""Plus codes, as phones tell them: "6P4HJ937+3W", or short with a village: "J937+3W Srono". Pure.

After the specification of Open Location Code (Google, 2014). A code names a box; its middle is
meant.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gancang.values import Point

if TYPE_CHECKING:
    from collections.abc import Callable

_DIGITS = "23456789CFGHJMPQRVWX"
_BEFORE_PLUS = 8
_PAIRS = 10
_MOST = 15
_ROWS, _COLUMNS = 5, 4  # how a box is divided beyond the tenth digit
_SHAPE = re.compile(
    rf"(?<![\w+])(?P<head>[{_DIGITS}]{{2,8}}0{{0,6}})\+(?P<tail>[{_DIGITS}]{{0,7}})(?!\w)", re.ASCII
)


def take_code(typed: str) -> tuple[str, str]:
    """The code that stands in a text, and the text without it; "" where none stands there."""
    for found in _SHAPE.finditer(typed.upper()):
        head, tail = found["head"], found["tail"]
        padded = head.endswith("0")
        full = len(head) == _BEFORE_PLUS
        if len(head) % 2 or len(tail) == 1 or (padded and (tail or not full)):
            continue
        if not full and not tail:
            continue
        return found[0], " ".join((typed[: found.start()] + " " + typed[found.end() :]).split())
    return "", typed


def middle_of_code(code: str, near: Callable[[], Point]) -> Point | None:
    """The middle of a code's box; a short code is completed to the one nearest to `near`.

    None for a code of no place on earth.
    """
    head = code.partition("+")[0]
    if len(head) == _BEFORE_PLUS:
        return _middle(code)[0] if _is_on_earth(code) else None
    return _nearest(code, near())


def _is_on_earth(code: str) -> bool:
    # The first digits count steps of 20 degrees, from the south pole and from the date line.
    return _DIGITS.index(code[0]) * 20 < 180 and _DIGITS.index(code[1]) * 20 < 360


def _middle(code: str) -> tuple[Point, float]:
    """The middle of a full code's box, and the height of the box in degrees."""
    digits = code.replace("+", "").rstrip("0")[:_MOST]
    lat, lon, height, width = -90.0, -180.0, 400.0, 400.0
    for at in range(0, min(len(digits), _PAIRS), 2):
        height, width = height / 20, width / 20
        lat += _DIGITS.index(digits[at]) * height
        lon += _DIGITS.index(digits[at + 1]) * width
    for digit in digits[_PAIRS:]:
        height, width = height / _ROWS, width / _COLUMNS
        row, column = divmod(_DIGITS.index(digit), _COLUMNS)
        lat, lon = lat + row * height, lon + column * width
    return Point(min(lat + height / 2, 90.0), min(lon + width / 2, 180.0)), height


def _nearest(code: str, near: Point) -> Point | None:
    """The place that a short code means beside another one."""
    missing = _BEFORE_PLUS - len(code.partition("+")[0])
    # The box that the missing digits would name is this high and wide.
    step = 400.0 / 20 ** (missing // 2)
    found, _height = _middle(_head_of(near, missing) + code)
    lat, lon = found.lat, found.lon
    if abs(near.lat - lat) > step / 2:
        lat += step if near.lat > lat else -step
    if abs(near.lon - lon) > step / 2:
        lon += step if near.lon > lon else -step
    return Point(lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None


def _head_of(point: Point, digits: int) -> str:
    """The first digits of a point's code."""
    lat, lon, size, code = min(point.lat, 89.99) + 90, (point.lon + 180) % 360, 400.0, ""
    for _pair in range(digits // 2):
        size /= 20
        row, column = int(lat // size), int(lon // size)
        code += _DIGITS[row] + _DIGITS[column]
        lat, lon = lat - row * size, lon - column * size
    return code
