"""Judging the rows of a list of people. Pure: villages and kinds of facts are handed in."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gancang.regions.facts import read_value
from gancang.residents.rules import (
    Why as PersonWhy,
)
from gancang.residents.rules import (
    find_day,
    normal_phone,
    why_not_birth_date,
    why_not_nik,
    why_not_phone,
)
from gancang.values import N_, Reason, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from gancang.regions.facts import FactKind, Value
    from gancang.regions.models import Village


class Why(Reason):
    """Why a list or a row of it is not taken."""

    FILE_TOO_LARGE = "file_too_large", N_("The file is too large: at most {most} MB, unpacked too.")
    NO_LIST = "no_list", N_("This is neither a CSV file in UTF-8 nor a spreadsheet (.xlsx).")
    FILE_EMPTY = "file_empty", N_("The file needs a row of column names and a row below it.")
    TOO_MANY_ROWS = "too_many_rows", N_("At most {most} rows at once; part the list.")
    NO_COLUMN = "no_column", N_("The column {column} is missing.")
    UNKNOWN_COLUMN = (
        "unknown_column",
        N_("The column {column} is not known here; the nearest is {near}."),
    )
    COLUMN_TWICE = "column_twice", N_("The column {column} stands twice.")
    NO_NAME = "no_name", N_("The name is missing.")
    NO_ADDRESS = "no_address", N_("The address is missing.")
    NO_VILLAGE = "no_village", N_("No village is clearly meant; add the kecamatan.")
    NOT_A_DATE = "not_a_date", N_("This is not a date; write it like 09-03-1951.")
    NO_SEX = "no_sex", N_("Write L or P.")
    DIGITS_LOST = (
        "digits_lost",
        N_("The spreadsheet keeps this as a number and changes its last digit; make it text."),
    )
    TWICE_HERE = "twice_here", N_("The same person stands in row {row} already.")
    BEFORE = "before", N_("This file was taken in on {day} already; nothing was changed.")


PLAIN = (
    "nama",
    "nik",
    "kk",
    "tanggal_lahir",
    "jenis_kelamin",
    "telepon",
    "desa",
    "kecamatan",
    "alamat",
)
NEEDED = ("nama", "desa", "alamat")
ALIASES = {
    "name": "nama",
    "nama_lengkap": "nama",
    "no_kk": "kk",
    "nomor_kk": "kk",
    "family_card": "kk",
    "tgl_lahir": "tanggal_lahir",
    "birth_date": "tanggal_lahir",
    "jk": "jenis_kelamin",
    "sex": "jenis_kelamin",
    "hp": "telepon",
    "no_hp": "telepon",
    "phone": "telepon",
    "kelurahan": "desa",
    "village": "desa",
    "district": "kecamatan",
    "address": "alamat",
}
SEXES = {"l": "m", "laki-laki": "m", "m": "m", "p": "f", "perempuan": "f", "f": "f", "": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A person as a list tells of him, checked."""

    row: int
    name: str
    nik: str
    card: str
    born: date | None
    sex: str
    phone: str
    village: Village
    address: str
    facts: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, in which row and column."""

    row: int
    column: str
    why: Refused


def column_of(head: str) -> str:
    """The column that a head means."""
    plain = "_".join(head.strip().lower().replace(".", " ").replace("/", " ").split())
    return ALIASES.get(plain, plain)


def judge_heads(heads: Sequence[str], facts: Mapping[str, FactKind]) -> list[Fault]:
    """What is wrong with the columns: missing, unknown (with the nearest), or twice."""
    known = [*PLAIN, *facts]
    found = [
        Fault(1, name, Refused(Why.NO_COLUMN, column=name)) for name in NEEDED if name not in heads
    ]
    for head in heads:
        if head and head not in known:
            near = difflib.get_close_matches(head, known, n=1, cutoff=0.3)
            told = {"column": head[:40], "near": near[0] if near else "nama"}
            found.append(Fault(1, head[:40], Refused(Why.UNKNOWN_COLUMN, **told)))
    twice = {head for head in heads if head and heads.count(head) > 1}
    return found + [Fault(1, head, Refused(Why.COLUMN_TWICE, column=head)) for head in twice]


def judge_row(
    number: int,
    cells: Mapping[str, str],
    *,
    village_of: Callable[[str], Village | None],
    facts: Mapping[str, FactKind],
    today: date,
) -> tuple[Listed | None, list[Fault]]:
    """The person of a row, or all that is wrong with it."""
    faults: list[Fault] = []

    def bad(column: str, why: Reason | Refused | None) -> None:
        if why is not None:
            told = why if isinstance(why, Refused) else Refused(why)
            faults.append(Fault(number, column, told))

    plain = _plain(cells, bad)
    born = _born(cells.get("tanggal_lahir", ""), today, bad)
    place = ", ".join(filter(None, (cells.get("desa"), cells.get("kecamatan"))))
    village = village_of(place) if place else None
    bad("desa", None if village else Why.NO_VILLAGE)
    values = _facts(cells, facts, bad)
    if faults or village is None:
        return None, faults
    return Listed(row=number, born=born, village=village, facts=values, **plain), []


def _plain(cells: Mapping[str, str], bad: Callable[..., None]) -> dict[str, str]:
    """Name, numbers, sex and address, as they are kept."""
    name, address = cells.get("nama", "")[:120], cells.get("alamat", "")[:200]
    bad("nama", None if name else Why.NO_NAME)
    bad("alamat", None if address else Why.NO_ADDRESS)
    nik, card = _digits(cells, "nik", bad), _digits(cells, "kk", bad)
    bad("nik", why_not_nik(nik) if nik else None)
    bad("kk", PersonWhy.CARD_NOT_16_DIGITS if card and not _is_card(card) else None)
    phone = normal_phone(cells.get("telepon", ""))
    bad("telepon", why_not_phone(phone) if phone else None)
    sex = SEXES.get(cells.get("jenis_kelamin", "").lower())
    bad("jenis_kelamin", Why.NO_SEX if sex is None else None)
    told = {"name": name, "address": address, "nik": nik, "card": card, "phone": phone}
    return {**told, "sex": sex or ""}


def _digits(cells: Mapping[str, str], column: str, bad: Callable[..., None]) -> str:
    typed = "".join(cells.get(column, "").split())
    if typed.startswith("~"):
        bad(column, Why.DIGITS_LOST)
        return ""
    return typed.lstrip("'")


def _is_card(card: str) -> bool:
    return len(card) == 16 and card.isascii() and card.isdigit()


def _born(typed: str, today: date, bad: Callable[..., None]) -> date | None:
    day = find_day(typed) if typed else None
    if typed and day is None:
        bad("tanggal_lahir", Why.NOT_A_DATE)
    elif day:
        bad("tanggal_lahir", why_not_birth_date(day, today=today))
    return day


def _facts(
    cells: Mapping[str, str], facts: Mapping[str, FactKind], bad: Callable[..., None]
) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for code, kind in facts.items():
        if typed := cells.get(code, ""):
            try:
                values[code] = read_value(kind, typed)
            except Refused as refusal:
                bad(code, refusal)
    return values
