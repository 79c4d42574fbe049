"""A bank's statement of QRIS payments: a CSV with time, reference and amount. Pure."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from gancang.cash.rules import REFERENCE_MAX, Why
from gancang.values import Money, Refused, read_rupiah
from gancang.web.tables import rows_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

COLUMNS = {
    "time": ("time", "waktu", "tanggal"),
    "reference": ("reference", "referensi", "rrn", "ref"),
    "amount": ("amount", "jumlah", "nominal"),
}
KNOWN = {name for names in COLUMNS.values() for name in names}
CLOCKS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%d-%m-%Y %H:%M:%S",
    "%d-%m-%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
)
ROWS_MAX = 20_000
AMOUNT_MAX = 10**12


@dataclass(frozen=True, slots=True)
class Line:
    """One payment as the bank tells it."""

    at: datetime
    reference: str
    amount: Money


def same_reference(told: str) -> str:
    """A reference as it is compared: letters and digits only, as people read it aloud."""
    return re.sub(r"[^0-9A-Z]", "", told.upper())


def read_statement(text: str, zone: ZoneInfo) -> list[Line]:
    """The payments of a statement, all or none. Refused with the first line that cannot be read."""
    try:
        rows, _sign = rows_of(text, known=KNOWN)
    except csv.Error as error:
        raise Refused(Why.NOT_TEXT) from error
    if not rows:
        raise Refused(Why.EMPTY_STATEMENT)
    places = _places(rows[0].cells)
    if len(rows) > ROWS_MAX:
        raise Refused(Why.STATEMENT_TOO_LONG, most=ROWS_MAX)
    return [_line(row.cells, places, row.number, zone) for row in rows[1:]]


def _places(head: Sequence[str]) -> dict[str, int]:
    names = [cell.lower() for cell in head]
    places = {
        what: next((names.index(name) for name in known if name in names), -1)
        for what, known in COLUMNS.items()
    }
    for what, place in places.items():
        if place < 0:
            raise Refused(Why.NO_COLUMN, names=", ".join(COLUMNS[what]))
    return places


def _line(row: Sequence[str], places: dict[str, int], number: int, zone: ZoneInfo) -> Line:
    if len(row) <= max(places.values()):
        raise Refused(Why.SHORT_LINE, line=number)
    told = {what: row[place] for what, place in places.items()}
    at = next((found for clock in CLOCKS if (found := _time(told["time"], clock, zone))), None)
    if at is None:
        raise Refused(Why.BAD_TIME, line=number, told=told["time"][:40])
    if not same_reference(told["reference"]) or len(told["reference"]) > REFERENCE_MAX:
        raise Refused(Why.BAD_REFERENCE, line=number, told=told["reference"][:40])
    return Line(at, told["reference"], _amount(told["amount"], number))


def _time(told: str, clock: str, zone: ZoneInfo) -> datetime | None:
    try:
        return datetime.strptime(told, clock).replace(tzinfo=zone)
    except ValueError:
        return None


def _amount(told: str, number: int) -> Money:
    rupiah = read_rupiah(told)
    if rupiah is not None and 0 < rupiah <= AMOUNT_MAX:
        return Money(rupiah)
    raise Refused(Why.BAD_AMOUNT, line=number, told=told[:40])
