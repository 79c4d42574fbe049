"""A bank's files as the pack describes them: the one that is sent, and its answer. Pure."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from gancang.settlement.rules import Answered, Why
from gancang.values import Money, Refused, read_rupiah
from gancang.web.files import csv_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ROWS_MAX = 20_000
BOM = b"\xef\xbb\xbf"  # for spreadsheets; a bank takes it for part of the first heading


def written(rows: Iterable[Mapping[str, object]], told: Mapping[str, Any]) -> bytes:
    """The payments under the bank's own headings, in the bank's own order."""
    columns = [each.partition("=") for each in told["columns"]]
    heads = [heading or field for field, _, heading in columns]
    cells = ([row[field] for field, _, _ in columns] for row in rows)
    return csv_of(heads, cells, sign=told.get("delimiter", ",")).removeprefix(BOM)


def read_answer(data: bytes, told: Mapping[str, Any]) -> list[Answered]:
    """The rows of a bank's answer; one that says nothing clear is kept, to be shown as such."""
    try:
        text = data.decode("utf-8-sig").replace("\0", "")
        reader = csv.reader(io.StringIO(text), delimiter=told.get("delimiter", ","), strict=True)
        rows = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused(Why.NOT_TEXT) from error
    if not rows:
        raise Refused(Why.NOT_TEXT)
    if len(rows) > ROWS_MAX:
        raise Refused(Why.TOO_LONG, most=ROWS_MAX)
    places = _places(rows[0][1], told)
    return [_answered(number, cells, places, told) for number, cells in rows[1:] if any(cells)]


def _places(head: list[str], told: Mapping[str, Any]) -> dict[str, int]:
    names = [cell.casefold() for cell in head]
    places = {}
    for key in ("reference", "amount", "state", "bank_reference"):
        wanted = told.get(f"answer_{key}", "")
        if wanted and wanted.casefold() in names:
            places[key] = names.index(wanted.casefold())
        elif key != "bank_reference":
            raise Refused(Why.NO_COLUMN, column=wanted)
    return places


def _answered(
    number: int, cells: list[str], places: Mapping[str, int], told: Mapping[str, Any]
) -> Answered:
    cell = {key: cells[at] if at < len(cells) else "" for key, at in places.items()}
    rupiah = read_rupiah(cell["amount"])
    said = cell["state"].casefold()
    is_paid = None
    if said in [word.casefold() for word in told["answer_paid"]]:
        is_paid = True
    elif said in [word.casefold() for word in told["answer_refused"]]:
        is_paid = False
    is_returned = said in [word.casefold() for word in told.get("answer_returned", ())]
    return Answered(
        number,
        cell["reference"][:60],
        Money(rupiah) if rupiah is not None else None,
        False if is_returned else is_paid,
        cell.get("bank_reference", "")[:60],
        is_returned,
    )
