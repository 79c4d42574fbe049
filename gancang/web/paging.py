"""Keyset paging: the next page starts after the last row seen, so page 4,000 costs like page 1."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

if TYPE_CHECKING:
    from collections.abc import Sequence

Row = TypeVar("Row", bound=Model)
PAGE_SIZE = 50


def number_of(typed: str, *, most: int) -> int | None:
    """A whole number out of an address, at most `most`; None where it is none, or far too long."""
    is_number = typed.isascii() and typed.isdigit() and len(typed) < 5
    return min(int(typed), most) if is_number else None


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of rows; `after` is the cursor of the next page, empty on the last one."""

    rows: list[Row]
    after: str
    is_first: bool


def page_after(
    queryset: QuerySet[Row], *, key: Sequence[str], cursor: str, size: int = PAGE_SIZE
) -> Page[Row]:
    """The page behind `cursor`, sorted by `key` ("-" for descending), whose last part is unique.

    A cursor that is rubbish, or of another list, gives the first page.
    """
    ordered = queryset.order_by(*key)
    seen = _opened(cursor, len(key))
    if seen:
        try:
            ordered = ordered.filter(_behind(key, seen))
            rows = list(ordered[: size + 1])
        except (ValueError, TypeError, ValidationError):
            seen = None
    if not seen:
        rows = list(queryset.order_by(*key)[: size + 1])
    after = _closed([_value(rows[size - 1], part) for part in key]) if len(rows) > size else ""
    return Page(rows[:size], after, is_first=not seen)


def _behind(key: Sequence[str], seen: Sequence[Any]) -> Q:
    """Rows after `seen`: first parts equal and the next one behind, for each part in turn."""
    behind = Q()
    equal = Q()
    for part, value in zip(key, seen, strict=True):
        name = part.removeprefix("-")
        step = "lt" if part.startswith("-") else "gt"
        behind |= equal & Q(**{f"{name}__{step}": value})
        equal &= Q(**{name: value})
    # Stated once more on the first part alone, so that an index on it can be entered there.
    first, lead = key[0].removeprefix("-"), "lte" if key[0].startswith("-") else "gte"
    return behind & Q(**{f"{first}__{lead}": seen[0]})


def _value(row: Model, part: str) -> Any:
    value: Any = row
    for name in part.removeprefix("-").split("__"):
        value = getattr(value, name)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _closed(values: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _opened(cursor: str, parts: int) -> list[Any] | None:
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        values = json.loads(raw)
    except (ValueError, RecursionError):  # the latter for a thousand brackets
        return None
    plain = isinstance(values, list) and len(values) == parts
    if not plain or not all(type(value) in {str, int, float} for value in values):
        return None
    # PostgreSQL takes neither a NUL in a text nor a number beyond 64 bits.
    texts = [value for value in values if isinstance(value, str)]
    numbers = [value for value in values if not isinstance(value, str)]
    odd = any("\0" in text for text in texts) or any(not abs(n) < 2**63 for n in numbers)
    return None if odd else values
