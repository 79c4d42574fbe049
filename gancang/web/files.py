"""Answers that are files."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from django.http import HttpResponse

if TYPE_CHECKING:
    from collections.abc import Iterable

Cell = str | int | float


def as_file(data: bytes, name: str, kind: str, *, shown: bool = False) -> HttpResponse:
    """A file of this name to keep, or to be shown by a browser that can; kept by nobody between."""
    how = "inline" if shown else "attachment"
    headers = {"Content-Disposition": f'{how}; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(data, content_type=kind, headers=headers)


def as_csv_file(data: bytes, name: str) -> HttpResponse:
    """A CSV file of this name to keep."""
    return as_file(data, name, "text/csv; charset=utf-8")


def csv_of(heads: Iterable[str], rows: Iterable[Iterable[object]], *, sign: str = ",") -> bytes:
    """Rows under their heads; marked as UTF-8, or a spreadsheet would not know."""
    text = io.StringIO()
    lines = csv.writer(text, delimiter=sign)
    lines.writerow(heads)
    lines.writerows([cell_of(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def cell_of(value: object) -> Cell:
    """A value as a spreadsheet takes it: what was typed stays text and is never a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float):
        return value
    text = str(value)
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
