"""A list of people as a file: CSV, or a spreadsheet. Every cell becomes text; nothing is judged."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from python_calamine import CalamineError, CalamineWorkbook

from gancang.enrolment.list_rules import Why, column_of
from gancang.values import Refused
from gancang.web.tables import rows_of

if TYPE_CHECKING:
    from collections.abc import Sequence

BYTES_MAX = 5 * 2**20
UNPACKED_MAX = 100 * 2**20  # what a spreadsheet may become
ROWS_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """The heads and the rows of a list; a number too long for a spreadsheet is marked with "~"."""

    heads: Sequence[str]
    rows: Sequence[tuple[int, Sequence[str]]]  # the row's number as people see it


def read_list(data: bytes, *, known: Sequence[str]) -> Sheet:
    """The list in a file. Refused where it is none, too large or empty."""
    if len(data) > BYTES_MAX:
        raise Refused(Why.FILE_TOO_LARGE, most=BYTES_MAX // 2**20)
    rows = _of_spreadsheet(data) if data[:2] == b"PK" else _of_text(data, known)
    if len(rows) < 2:
        raise Refused(Why.FILE_EMPTY)
    if len(rows) > ROWS_MAX + 1:
        raise Refused(Why.TOO_MANY_ROWS, most=ROWS_MAX)
    heads = [column_of(cell) for cell in rows[0][1]]
    return Sheet(heads, rows[1:])


def _of_text(data: bytes, known: Sequence[str]) -> list[tuple[int, Sequence[str]]]:
    try:
        lines, _sign = rows_of(data.decode("utf-8-sig"), known)
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused(Why.NO_LIST) from error
    return [(line.number, line.cells) for line in lines]


def _of_spreadsheet(data: bytes) -> list[tuple[int, Sequence[str]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            unpacked = sum(each.file_size for each in packed.infolist())
        if unpacked > UNPACKED_MAX:
            raise Refused(Why.FILE_TOO_LARGE, most=UNPACKED_MAX // 2**20)
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        cells = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, zipfile.BadZipFile, IndexError) as error:
        raise Refused(Why.NO_LIST) from error
    rows = [(at, [_text(cell) for cell in row]) for at, row in enumerate(cells, start=1)]
    return [(at, row) for at, row in rows if any(row)]


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "ya" if cell else "tidak"
    if isinstance(cell, datetime | date):
        return cell.strftime("%Y-%m-%d")
    if isinstance(cell, float | int):
        whole = int(cell) if float(cell).is_integer() else cell
        # A spreadsheet keeps fifteen digits of a number and makes the others noughts.
        return f"~{whole}" if len(str(whole)) > 15 else str(whole)
    return str(cell).strip()
