"""A statement as a workbook for the treasurer, written row by row: its length costs no memory."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import xlsxwriter  # type: ignore[import-untyped]

from gancang.web.files import cell_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOMENTS = (1, 8)  # columns that hold a moment


def workbook_of(
    title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]], *, zone: str
) -> bytes:
    """One sheet with its heads frozen, and under it the sum of the rupiah as a formula."""
    data, here = io.BytesIO(), ZoneInfo(zone)
    with xlsxwriter.Workbook(data, {"constant_memory": True, "in_memory": False}) as book:
        sheet = book.add_worksheet(title[:31])
        bold = book.add_format({"bold": True})
        rupiah = book.add_format({"num_format": "#,##0"})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(heads) - 1, 18)
        sheet.write_row(0, 0, heads, bold)
        at = 0
        for at, row in enumerate(rows, 1):
            for place, value in enumerate(row):
                if place in MOMENTS:
                    text = value.astimezone(here).strftime("%Y-%m-%d %H:%M:%S") if value else ""
                    sheet.write_string(at, place, text)
                elif isinstance(value, int):
                    sheet.write_number(at, place, value, rupiah)
                else:
                    sheet.write_string(at, place, str(cell_of(value)))
        if at:
            sheet.write_formula(at + 1, 6, f"=SUM(G2:G{at + 1})", rupiah)
    return data.getvalue()
