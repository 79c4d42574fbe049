"""What differs between two versions of a programme, key by key. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Told = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One key, or one row of a list, that differs; None where one side does not tell it."""

    key: str
    table: str
    row: str
    before: object
    after: object


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """All differences, in the order in which the newer one tells its keys."""
    names = [*after, *(key for key in before if key not in after)]
    found: list[Change] = []
    for key in names:
        one, other = before.get(key), after.get(key)
        if is_table(one) or is_table(other):
            found += _rows(key, one or [], other or [])
        elif one != other:
            found.append(Change(key, "", "", one, other))
    return found


def is_table(value: object) -> bool:
    """Whether a value is a list of rows."""
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def name_of(row: Mapping[str, Any], place: int) -> str:
    """By what a row of a list is known: its code, its fund or its letter, else its place."""
    letter = " ".join(filter(None, (row.get("event"), row.get("language"))))
    return str(row.get("code") or row.get("fund") or row.get("carrier") or letter or place + 1)


def _rows(table: str, before: Sequence[Told], after: Sequence[Told]) -> Iterator[Change]:
    old = {name_of(row, place): row for place, row in enumerate(before)}
    new = {name_of(row, place): row for place, row in enumerate(after)}
    for name in [*new, *(name for name in old if name not in new)]:
        one, other = old.get(name, {}), new.get(name, {})
        for key in [*other, *(key for key in one if key not in other)]:
            if one.get(key) != other.get(key):
                yield Change(key, table, name, one.get(key), other.get(key))
