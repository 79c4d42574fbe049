"""Items as lines of text, `name | quantity | days of supply | class`, or only a name.

So every door speaks the same: the counter's rows, a cell of a file, a list in the API; and a
prescription typed as free text, a medicine a line, stays what it was. Pure.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gancang.formulary.rules import Item

if TYPE_CHECKING:
    from collections.abc import Iterable

ITEMS_MAX = 40
SUPPLY_DAYS_MAX = 366
PARTS = 4


def read_lines(text: str) -> list[Item]:
    """The items that a text tells, in order; empty lines are none."""
    lines = (line.strip() for line in text.splitlines())
    return [_read_line(line) for line in lines if line]


def find_bad_line(text: str) -> int | None:
    """The first line whose parts cannot be meant (from 1), or None."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for number, line in enumerate(lines, 1):
        name, _, days, *_more = [*_parts(line), "", "", ""]
        if not name or line.count("|") >= PARTS or (days and not _is_days(days)):
            return number
    return None


def write_lines(items: Iterable[Item]) -> str:
    """The text that `read_lines` reads back; a plain name stays a plain line."""
    return "\n".join(_write_line(item) for item in items)


def name_on_a_line(name: str) -> str:
    """A name as it stands on a line, where a sign that separates parts cannot."""
    return name.replace("|", "/").strip()


def _parts(line: str) -> list[str]:
    return [part.strip() for part in line.split("|")]


def _read_line(line: str) -> Item:
    name, quantity, days, chosen, *_more = [*_parts(line), "", "", ""]
    return Item(name, quantity, int(days) if _is_days(days) else None, chosen)


def _is_days(text: str) -> bool:
    return bool(re.fullmatch(r"[0-9]{1,3}", text)) and 1 <= int(text) <= SUPPLY_DAYS_MAX


def _write_line(item: Item) -> str:
    days = "" if item.supply_days is None else str(item.supply_days)
    parts = [item.name, item.quantity, days, item.item_class]
    # A sign that separates parts cannot stand in one.
    return " | ".join(part.replace("|", "/") for part in parts).rstrip(" |")
