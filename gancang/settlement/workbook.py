"""Lines of the book as a workbook for the treasurer, row by row: its length costs no memory."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

import xlsxwriter  # type: ignore[import-untyped]
from django.utils.translation import gettext as _

from gancang.web.files import cell_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOMENTS = (1, 8, 11, 12)  # columns that hold a moment
AMOUNT = 6  # the column whose rupiah are summed: G


class Sheet(NamedTuple):
    """A sheet of a workbook: its name, its heads, and the rows under them."""

    name: str
    heads: Sequence[str]
    rows: Iterable[Sequence[Any]]


class _Writer:
    """Writes the sheets of a book, one after the other."""

    def __init__(self, book: Any, zone: str) -> None:
        self.book, self.here = book, ZoneInfo(zone)
        self.bold = book.add_format({"bold": True})
        self.rupiah = book.add_format({"num_format": "#,##0"})

    def write(self, sheet: Any, told: Sheet) -> tuple[int, int]:
        """Its heads frozen, its rows; how many they are, and the sum of their rupiah."""
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(told.heads) - 1, 18)
        sheet.write_row(0, 0, told.heads, self.bold)
        at = total = 0
        for at, row in enumerate(told.rows, 1):
            total += row[AMOUNT]
            for place, value in enumerate(row):
                self._cell(sheet, at, place, value)
        return at, total

    def _cell(self, sheet: Any, at: int, place: int, value: Any) -> None:
        if place in MOMENTS:
            text = value.astimezone(self.here).strftime("%Y-%m-%d %H:%M:%S") if value else ""
            sheet.write_string(at, place, text)
        elif isinstance(value, int):
            sheet.write_number(at, place, value, self.rupiah)
        else:
            sheet.write_string(at, place, str(cell_of(value)))

    def sum(self, sheet: Any, at: int, label: str, formula: str, value: int) -> None:
        """A row under the others; with its value, for whoever does not reckon formulas."""
        sheet.write_string(at, AMOUNT - 1, label, self.bold)
        sheet.write_formula(at, AMOUNT, formula, self.rupiah, value)


def workbook_of(sheets: Sequence[Sheet], *, zone: str) -> bytes:
    """Each sheet with its heads frozen, and under it the sum of the rupiah as a formula.

    What stands on a second sheet was taken back: the first ends with what is left of it.
    """
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"constant_memory": True, "in_memory": False}) as book:
        writer, sums = _Writer(book, zone), []
        for told in sheets:
            sheet = book.add_worksheet(told.name[:31])
            lines, total = writer.write(sheet, told)
            formula = f"=SUM(G2:G{lines + 1})" if lines else "=0"
            writer.sum(sheet, lines + 1, _("Sum"), formula, total)
            sums.append((sheet, lines + 2, total))
        if len(sums) > 1:
            (sheet, row, gross), (other, below, back) = sums
            writer.sum(sheet, row, other.name, f"='{other.name}'!G{below}", back)
            writer.sum(sheet, row + 1, _("Left of it (net)"), f"=G{row}-G{row + 1}", gross - back)
    return data.getvalue()
