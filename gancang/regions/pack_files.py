"""The files of a pack as rows, each with its line, and what is wrong with any single value."""

from __future__ import annotations

import csv
import difflib
import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gancang.regions.pack_schema import (
    COLUMNS_LEFT_OUT,
    CSV,
    LISTS,
    MAY_BE_EMPTY,
    MAY_BE_MISSING,
    TOML,
)
from gancang.regions.pack_values import Key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """What is wrong, where, and what would be right."""

    file: str
    line: int
    what: str
    instead: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}; {self.instead}"


@dataclass(frozen=True, slots=True)
class Row:
    """One table of a TOML file, or one row of a CSV file, and where it stands."""

    file: str
    line: int
    values: dict[str, Any] = field(hash=False)
    lines: dict[str, int] = field(default_factory=dict, hash=False)

    def line_of(self, key: str) -> int:
        """The line of a key; of the row, where all keys stand in one line or it is missing."""
        return self.lines.get(key, self.line)


Files = dict[str, list[Row]]


def read_files(folder: Path) -> tuple[Files, list[Problem]]:
    """All rows of a pack by table (or CSV file), and what is wrong with their own values."""
    files: Files = {name: [] for name in CSV}
    files |= {name: [] for tables in TOML.values() for name in tables if name}
    files["programme"] = []
    problems: list[Problem] = []
    if not folder.is_dir():
        return files, [Problem(str(folder), 0, "there is no such folder", "give a pack's folder")]
    for name, keys in CSV.items():
        _read_csv(folder, name, keys, files, problems)
    for pattern, tables in TOML.items():
        paths = sorted(folder.glob(pattern))
        if not paths and pattern not in MAY_BE_MISSING:
            problems.append(
                Problem(pattern, 0, "this file is missing", "see region_packs/README.md")
            )
        for path in paths:
            _read_toml(path, str(path.relative_to(folder)), tables, files, problems)
    return files, sorted(problems)


def _text_of(path: Path, name: str, problems: list[Problem]) -> str | None:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        problems.append(Problem(name, 0, "this file is missing", "see region_packs/README.md"))
    except (OSError, UnicodeDecodeError):
        problems.append(Problem(name, 0, "this file cannot be read", "save it as text in UTF-8"))
    return None


def _read_csv(
    folder: Path, name: str, keys: Mapping[str, Key], files: Files, problems: list[Problem]
) -> None:
    text = _text_of(folder / name, name, problems)
    if text is None:
        return
    reader = csv.reader(text.splitlines(), strict=True)
    try:
        header = next(reader, [])
        wrong = _wrong_columns(name, header, keys)
        problems += wrong
        if wrong:
            return
        for cells in reader:
            if not cells:
                continue
            line = reader.line_num
            if len(cells) != len(header):
                what = f"{len(cells)} cells under {len(header)} columns"
                problems.append(Problem(name, line, what, "put texts with commas in quotes"))
                continue
            values = {column: cell for column, cell in zip(header, cells, strict=True) if cell}
            problems += _wrong_values(name, lambda _key, at=line: at, values, keys)
            files[name].append(Row(name, line, values))
    except csv.Error as error:
        problems.append(Problem(name, reader.line_num, f"broken row ({error})", "mend its quotes"))


def _wrong_columns(name: str, header: list[str], keys: Mapping[str, Key]) -> list[Problem]:
    missing = [key for key in keys if key not in header and key not in COLUMNS_LEFT_OUT]
    found = [
        Problem(name, 1, f"column {key} is missing", "the header must name every column")
        for key in missing
    ]
    found += [_unknown(name, 1, column, keys) for column in header if column not in keys]
    if len(set(header)) != len(header):
        found.append(Problem(name, 1, "a column stands twice", "name each column once"))
    return found


def _unknown(name: str, line: int, key: str, keys: Mapping[str, Key] | set[str]) -> Problem:
    near = _near(key, keys)
    instead = f"did you mean {near[0]}?" if near else f"known here: {', '.join(sorted(keys))}"
    return Problem(name, line, f"{key[:60]!r} is not known here", instead)


def _near(key: str, keys: Mapping[str, Key] | set[str]) -> list[str]:
    """The known key that was meant, where one looks like it."""
    return difflib.get_close_matches(key, list(keys), n=1)


def _shown(value: object) -> str:
    try:
        return repr(str(value)[:60])
    except (ValueError, RecursionError):  # thousands of digits, or nested without end
        return "far too long"


def _wrong_values(
    name: str, line_of: Any, values: Mapping[str, Any], keys: Mapping[str, Key]
) -> Iterator[Problem]:
    meant: set[str] = set()
    for key, value in values.items():
        if key not in keys:
            meant |= set(_near(key, keys))
            yield _unknown(name, line_of(key), key, keys)
        elif wanted := keys[key].check(value):
            yield Problem(name, line_of(key), f"{key} is {_shown(value)}", f"write {wanted}")
    for key, described in keys.items():
        if described.needed and key not in values and key not in meant:
            yield Problem(name, line_of(""), f"{key} is missing", f"add it: {described.meaning}")


def _read_toml(
    path: Path,
    name: str,
    tables: Mapping[str, Mapping[str, Key]],
    files: Files,
    problems: list[Problem],
) -> None:
    text = _text_of(path, name, problems)
    if text is not None:
        _take_toml(text, name, tables, files, problems)


def read_programme(text: str) -> tuple[Row | None, list[Problem]]:
    """One programme's file as its row, and what is wrong with its own values."""
    files: Files = {"programme": []}
    problems: list[Problem] = []
    _take_toml(text, "", TOML["programmes/*.toml"], files, problems)
    return next(iter(files["programme"]), None), problems


def _take_toml(
    text: str,
    name: str,
    tables: Mapping[str, Mapping[str, Key]],
    files: Files,
    problems: list[Problem],
) -> None:
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # Besides TOMLDecodeError: a whole number of thousands of digits, brackets without end.
        at = re.search(r"line (\d+)", str(error))
        problems.append(Problem(name, int(at[1]) if at else 0, str(error), "mend the TOML"))
        return
    lines = _Lines(text)
    if "" in tables:
        _read_programme(name, data, tables, lines, files, problems)
        return
    for table in data:
        if table not in tables:
            problems.append(_unknown(name, lines.of(table, 0, ""), table, set(tables)))
    for table, keys in tables.items():
        files[table] += _rows(name, table, data.get(table), keys, lines, problems)


def _read_programme(
    name: str,
    data: dict[str, Any],
    tables: Mapping[str, Mapping[str, Key]],
    lines: _Lines,
    files: Files,
    problems: list[Problem],
) -> None:
    lists = {
        table: _rows(name, table, data.pop(table, None), tables[table], lines, problems)
        for table in tables
        if table
    }
    problems += _wrong_values(name, lines.of_first, data, tables[""])
    at = {key: lines.of_first(key) for key in data}
    files["programme"].append(Row(name, 1, {**data, **lists}, at))


def _rows(
    name: str,
    table: str,
    found: object,
    keys: Mapping[str, Key],
    lines: _Lines,
    problems: list[Problem],
) -> list[Row]:
    if found is None and table in MAY_BE_EMPTY:
        return []
    shape = f"[[{table}]]" if table in LISTS else f"[{table}]"
    given = found if table in LISTS else [found]
    if not isinstance(given, list) or not given or not all(isinstance(r, dict) for r in given):
        line = lines.of(table, 0, "")
        problems.append(Problem(name, line, f"{table} is missing or no table", f"write {shape}"))
        return []
    rows = []
    for place, values in enumerate(given):
        at = lines.of(table, place, "")
        problems += _wrong_values(name, lambda key, n=place: lines.of(table, n, key), values, keys)
        rows.append(Row(name, at, values, {key: lines.of(table, place, key) for key in values}))
    return rows


class _Lines:
    """On which line a key of a TOML text stands; tomllib does not tell."""

    def __init__(self, text: str) -> None:
        self._places: dict[tuple[str, int, str], int] = {("", 0, ""): 1}
        table, count = "", {"": 0}
        for number, line in enumerate(text.splitlines(), start=1):
            if head := re.match(r"\s*\[+\s*([A-Za-z0-9_-]+)\s*\]+", line):
                table = head[1]
                count[table] = count.get(table, -1) + 1
                self._places.setdefault((table, count[table], ""), number)
            elif key := re.match(r'\s*"?([A-Za-z0-9_-]+)"?\s*=', line):
                self._places.setdefault((table, count[table], key[1]), number)

    def of(self, table: str, place: int, key: str) -> int:
        """The line of a key, else of its table, else 1."""
        return self._places.get((table, place, key)) or self._places.get((table, place, ""), 1)

    def of_first(self, name: str) -> int:
        """The line of a key before all tables, or of the table that is called so, else 1."""
        return self._places.get(("", 0, name)) or self.of(name, 0, "")
