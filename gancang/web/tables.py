"""Tables as people paste and send them: parted by comma, semicolon or tab. Pure."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

HEAD_MAX = 4096  # as much of a first line as is looked at


@dataclass(frozen=True, slots=True)
class Line:
    """One row that says anything, and the number that an editor shows beside its end."""

    number: int
    cells: Sequence[str]


def delimiter_of(head: str, known: Collection[str] = ()) -> str:
    """What parts a first line: what finds most of the known names, then a tab, then most cells.

    A comma where nothing parts it. Signs inside quotes part nothing.
    """

    # Also where only "\r" ends a line, as very old spreadsheets write it.
    line = next(iter(head.lstrip("\ufeff\r\n").splitlines()), "")[:HEAD_MAX]

    def worth(sign: str) -> tuple[int, bool, int, bool]:
        cells = next(csv.reader([line], delimiter=sign), [])
        names = {cell.strip().lower() for cell in cells}
        is_parted = len(cells) > 1
        # Nobody types a tab into a cell; commas are typed into what semicolons part.
        is_tab, is_semicolon = (is_parted and sign == each for each in "\t;")
        return len(names.intersection(known)), is_tab, len(cells), is_semicolon

    return max(",;\t", key=worth)


def rows_of(text: str, known: Collection[str] = ()) -> tuple[list[Line], str]:
    """The rows that say anything, and what parts them. Raises csv.Error where quotes never end."""
    text = text.lstrip("\ufeff").replace("\0", "")
    sign = delimiter_of(text.lstrip().partition("\n")[0], known)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    rows = [Line(reader.line_num, [cell.strip() for cell in cells]) for cells in reader]
    return [row for row in rows if any(row.cells)], sign
