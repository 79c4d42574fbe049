"""Reading a file of prescriptions row by row in bounded memory, whatever is in it. Pure."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from gancang.medicine.rules import Why
from gancang.web.tables import delimiter_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gancang.values import Reason

# The columns of a file, and what the rules call them.
COLUMNS = {
    "nomor_resep": "number",
    "nama": "full_name",
    "nik": "nik",
    "tanggal_lahir": "birth_date",
    "hp": "phone",
    "kode_desa": "village",
    "alamat": "address",
    "patokan": "landmark",
    "lat": "lat",
    "lon": "lon",
    "poli": "clinic",
    "dokter": "prescriber",
    "obat": "items",
    "pbi": "pbi",
    "tanggal_pbi": "pbi_as_of",
    "spm": "village_letter",
    "tanggal_spm": "village_letter_as_of",
    "desil": "desil",
    "tanggal_desil": "desil_as_of",
    "daftar_daerah": "local_list",
    "tanggal_daftar_daerah": "local_list_as_of",
    "perlu_kunjungan": "judged_in_need",
    "apoteker_penilai": "judged_by",
    "setuju_bayar": "accepts_rp",
    "alamat_dipastikan": "confirmed",
    "waktu_resep": "prescribed_at",
}
_PROOFS = {"spm", "tanggal_spm", "desil", "tanggal_desil", "perlu_kunjungan", "apoteker_penilai"}
_PROOFS |= {"daftar_daerah", "tanggal_daftar_daerah"}
MAY_BE_LEFT_OUT = {
    "nik",
    "patokan",
    "lat",
    "lon",
    "tanggal_pbi",
    "setuju_bayar",
    "alamat_dipastikan",
    "waktu_resep",
    *_PROOFS,
}
ROWS_MAX = 50_000
# Longer than any row whose fields are all within the rules' lengths, in any quoting.
LINE_BYTES_MAX = 64 * 1024
ROW_BYTES_MAX = 4 * LINE_BYTES_MAX  # quotation marks may let a row go over several lines


class BadFile(Exception):
    """The file as a whole cannot be read, for these reasons."""

    def __init__(self, problems: Sequence[tuple[Reason, Mapping[str, object]]]) -> None:
        """Keep each reason with the facts that its sentence names."""
        super().__init__(", ".join(reason.value for reason, _ in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row as it was written, by the rules' names, and why its form is wrong, if it is."""

    number: int  # as spreadsheets count: the header is row 1
    typed: Mapping[str, str]
    why: Reason | None = None
    column: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


class _Lines:
    """A file's lines as text, none longer than LINE_BYTES_MAX; remembers what it had to mend."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.delimiter = b","
        self.was_cut = self.was_odd = False
        self.taken = 0

    def __iter__(self) -> Iterator[str]:
        first = True
        while line := self.file.readline(LINE_BYTES_MAX):
            whole = line.endswith(b"\n") or len(line) < LINE_BYTES_MAX
            text = line if whole else self._cut(line)
            self.taken += len(text)
            if self.taken > ROW_BYTES_MAX:
                raise csv.Error("a row without an end")
            try:
                told = text.decode("utf-8-sig" if first else "utf-8")
            except UnicodeDecodeError:
                # A cut line may end inside a letter; it is refused for its length anyhow.
                self.was_odd = self.was_odd or whole
                told = text.decode("utf-8", errors="replace")
            first = False
            yield told

    def _cut(self, begin: bytes) -> bytes:
        """The begin of an overlong line, closed so that the next line is read as what it is."""
        self.was_cut = True
        marks = inside = begin.count(b'"') % 2
        while rest := self.file.readline(LINE_BYTES_MAX):
            marks += rest.count(b'"')
            if rest.endswith(b"\n"):
                break
        if marks % 2 == inside:
            return begin + (b"" if inside else b"\n")
        return begin + (b'"\n' if inside else self.delimiter + b'"')

    def mended(self) -> tuple[bool, bool]:
        """Whether lines since the last question were cut, and whether some were not UTF-8."""
        found = self.was_cut, self.was_odd
        self.was_cut = self.was_odd = False
        self.taken = 0
        return found


def read_rows(file: BinaryIO) -> Iterator[Row]:
    """Each row that is not empty, in order. Raises BadFile where the whole cannot be read."""
    lines = _Lines(file)
    source = iter(lines)
    columns, delimiter = _header(next(source, ""), lines)
    lines.delimiter = delimiter.encode()
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    number, found = 1, 0
    while True:
        number += 1
        try:
            cells = next(reader, None)
        except csv.Error:
            yield Row(number=number, typed={}, why=Why.BAD_QUOTES)
            return
        if cells is None:
            break
        cut, odd = lines.mended()
        if not cut and not odd and not any(cell.strip() for cell in cells):
            continue
        found += 1
        if found > ROWS_MAX:
            raise BadFile([(Why.TOO_MANY_ROWS, {"most": ROWS_MAX})])
        yield _row(number, cells, columns, cut=cut, odd=odd)
    if not found:
        raise BadFile([(Why.NO_ROWS, {})])


def _row(number: int, cells: Sequence[str], columns: Sequence[str], *, cut: bool, odd: bool) -> Row:
    if cut:
        pairs = zip(columns, cells, strict=False)
        longest, _ = max(pairs, key=lambda pair: len(pair[1]), default=("", ""))
        most = {"most": LINE_BYTES_MAX}
        return Row(number=number, typed={}, why=Why.ROW_TOO_LONG, column=longest, facts=most)
    if odd:
        where = (name for name, cell in zip(columns, cells, strict=False) if "\ufffd" in cell)
        return Row(number=number, typed={}, why=Why.NOT_UTF8, column=next(where, ""))
    if len(cells) != len(columns):
        told = {"cells": len(cells), "columns": len(columns)}
        return Row(number=number, typed={}, why=Why.WRONG_CELLS, facts=told)
    return Row(
        number=number,
        typed={COLUMNS[name]: cell for name, cell in zip(columns, cells, strict=True)},
    )


def _header(line: str, lines: _Lines) -> tuple[list[str], str]:
    """The columns in the file's order, and what separates them."""
    cut, odd = lines.mended()
    if odd or "\0" in line:  # UTF-16, as some spreadsheets write it, is full of them
        raise BadFile([(Why.NOT_UTF8, {})])
    if cut:
        raise BadFile([(Why.ROW_TOO_LONG, {"most": LINE_BYTES_MAX})])
    if not line.strip():
        raise BadFile([(Why.NO_ROWS, {})])
    delimiter = delimiter_of(line, known=COLUMNS)
    columns = _columns(line, delimiter)
    if problems := _why_not_columns(columns):
        raise BadFile(problems)
    return columns, delimiter


def _columns(line: str, delimiter: str) -> list[str]:
    try:
        cells = next(csv.reader([line], delimiter=delimiter))
    except csv.Error as error:
        raise BadFile([(Why.BAD_QUOTES, {})]) from error
    return [cell.strip().lower() for cell in cells]


def _why_not_columns(columns: Sequence[str]) -> list[tuple[Reason, Mapping[str, object]]]:
    """All that is wrong with a header, each with the column's name; at most 20 of them."""
    times = Counter(columns)
    problems: list[tuple[Reason, Mapping[str, object]]] = []
    for name in times:
        if name not in COLUMNS:
            problems.append((Why.UNKNOWN_COLUMN, {"column": _printable(name)}))
        elif times[name] > 1:
            problems.append((Why.DOUBLE_COLUMN, {"column": name}))
    for name in COLUMNS:
        if name not in times and name not in MAY_BE_LEFT_OUT:
            problems.append((Why.NO_COLUMN, {"column": name}))
    return problems[:20]


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text[:40])
