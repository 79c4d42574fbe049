"""Many patients at once: the list of the day, typed, pasted or from a file, judged row by row."""

from __future__ import annotations

import csv
from collections import Counter as Count
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gancang.medicine.actions import place, place_all
from gancang.medicine.files import COLUMNS
from gancang.medicine.judging import judge_drafts
from gancang.medicine.queries import orders_by_number, orders_of_others
from gancang.medicine.rules import Draft, Problem, Why, read_draft
from gancang.medicine.tiers import decide
from gancang.regions.queries import today_in, village_meant
from gancang.residents.queries import find_people
from gancang.residents.rules import Why as ResidentWhy
from gancang.values import Refused
from gancang.web.tables import rows_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from gancang.medicine.actions import Counter
    from gancang.orders.models import Order
    from gancang.regions.models import Village
    from gancang.residents.queries import Reader

# The cells of a row, in the order in which they stand and are pasted.
CELLS = (
    "number",
    "nik",
    "full_name",
    "birth_date",
    "phone",
    "village",
    "address",
    "clinic",
    "prescriber",
    "items",
    "pbi",
    "confirmed",
    "accepts_rp",
)
FOR_ALL = ("clinic", "prescriber")  # said once for all rows that do not say it
ROWS_MAX = 60
_PERSON = ("full_name", "birth_date", "phone", "village", "address")


@dataclass(slots=True)
class Row:
    """One patient's row: what was typed, what is wrong with it, or what it became."""

    typed: dict[str, str]
    problems: list[Problem] = field(default_factory=list)
    draft: Draft | None = None
    order: Order | None = None

    @property
    def is_good(self) -> bool:
        """Whether it can be booked."""
        return self.draft is not None and not self.problems

    def wrong(self, where: str, refusal: Refused) -> None:
        """Note what is wrong with one cell."""
        self.problems.append(Problem(where, refusal.reason, refusal.facts))


def rows_of_text(text: str) -> list[dict[str, str]]:
    """The rows of a pasted list or a file: parted by tab, semicolon or comma.

    The first row may name the columns as in a file of prescriptions; else they stand in the
    order of the page. Refused where it is longer than a page holds, or its quotes never end.
    """
    try:
        rows, parted = rows_of(text, known=COLUMNS)
    except csv.Error as error:
        raise Refused(Why.BAD_QUOTES) from error
    cells = [row.cells for row in rows]
    names: Sequence[str] = CELLS
    if cells and {cell.lower() for cell in cells[0]} & COLUMNS.keys():
        names = [COLUMNS.get(cell.lower(), "") for cell in cells.pop(0)]
    if len(cells) > ROWS_MAX:
        raise Refused(Why.TOO_MANY_ROWS, most=ROWS_MAX)
    return [_row_of(names, row, parted) for row in cells]


def _row_of(names: Sequence[str], cells: Sequence[str], parted: str) -> dict[str, str]:
    told = {name: cell for name, cell in zip(names, cells, strict=False) if name in CELLS}
    if parted != ";":  # in one cell a semicolon parts medicines
        items = told.get("items", "").split(";")
        told["items"] = "\n".join(item.strip() for item in items)
    return {name: told.get(name, "") for name in CELLS}


def fill_known(rows: Sequence[Row], reader: Reader) -> None:
    """Fill in who is known by NIK and is named by nothing else; each reading is logged."""
    for row in rows:
        typed = row.typed
        if not typed["nik"] or any(typed[name] for name in ("full_name", "address")):
            continue
        found = find_people(reader, typed["nik"], most=2)
        if len(found) == 1:
            person = found[0]
            born = person.birth_date.strftime("%d-%m-%Y") if person.birth_date else ""
            where = (f"{person.village}, {person.district}", person.address)
            known = (person.full_name, born, person.phone or "-", *where)
            for name, text in zip(_PERSON, known, strict=True):
                typed[name] = typed[name] or text


def judge(
    rows: Sequence[Row], counter: Counter, villages: Mapping[str, Village], *, now: datetime
) -> None:
    """Say of each row what is wrong with it; nothing is booked."""
    for row in rows:
        _read(row, counter, villages, now=now)
    _judge_numbers([row for row in rows if row.is_good], counter)
    good = [row for row in rows if row.is_good]
    drafts = [row.draft for row in good if row.draft]
    for row, answer in zip(good, judge_drafts(drafts, counter.region, now=now), strict=True):
        if isinstance(answer, Refused):
            row.wrong("items", answer)
    for row, said in zip(good, decide(drafts, villages, counter, now=now), strict=True):
        if isinstance(said, Refused) and row.is_good:
            row.wrong("accepts_rp" if "price" in said.facts else "pbi", said)


def _read(row: Row, counter: Counter, villages: Mapping[str, Village], *, now: datetime) -> None:
    told = village_meant(villages, row.typed["village"]) if row.typed["village"] else None
    typed = {**row.typed, "village": told.code if told else row.typed["village"]}
    draft = read_draft(typed, villages=villages, today=today_in(counter.region, now))
    if isinstance(draft, Draft):
        row.draft = draft
        return
    row.problems = [
        Problem("village", ResidentWhy.NO_CLEAR_VILLAGE, {})
        if each.field == "village" and row.typed["village"]
        else each
        for each in draft
    ]


def _judge_numbers(rows: Sequence[Row], counter: Counter) -> None:
    drafts = [row.draft for row in rows if row.draft]
    often = Count(draft.number for draft in drafts)
    others = orders_of_others(counter.origin, drafts)
    known = orders_by_number(counter.origin, [draft.number for draft in drafts])
    for place_of_row, row in enumerate(rows, 1):
        assert row.draft
        number = row.draft.number
        if often[number] > 1:
            row.wrong("number", Refused(Why.DOUBLE_NUMBER, number=number, row=place_of_row))
        elif number in others:
            told = {"number": number, "order": others[number]}
            row.wrong("number", Refused(Why.SAME_NUMBER_OTHER_PATIENT, **told))
        elif number in known:
            row.order = known[number]


def book(rows: Sequence[Row], counter: Counter, *, now: datetime) -> None:
    """Book the good rows: all at once, or, where that is refused, each by itself."""
    good = [row for row in rows if row.is_good and row.order is None]
    drafts = [row.draft for row in good if row.draft]
    if not drafts:
        return
    try:
        for row, order in zip(good, place_all(drafts, counter, now=now), strict=True):
            row.order = order
    except Refused:
        for row in good:
            _book_one(row, counter, now=now)


def _book_one(row: Row, counter: Counter, *, now: datetime) -> None:
    assert row.draft
    try:
        row.order = place(row.draft, counter, now=now)
    except Refused as refusal:
        row.wrong("", refusal)
