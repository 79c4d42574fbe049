"""Files of prescriptions as hospitals write them, for the stories."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from gancang.medicine.files import COLUMNS
from tests.cast import typed_prescription

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.cast import Cast


def row_of(cast: Cast, number: int = 1, **changed: str) -> dict[str, str]:
    """A good row, by the file's own columns; everybody is another patient."""
    typed = typed_prescription(cast, number=f"R-{number:05d}", full_name=f"Sari {number}", nik="")
    row = {column: typed.get(name, "") for column, name in COLUMNS.items()}
    return {**row, **changed}


def rows_of(cast: Cast, many: int) -> list[dict[str, str]]:
    """That many good rows."""
    return [row_of(cast, number) for number in range(1, many + 1)]


def text_of(rows: Iterable[dict[str, str]], *, delimiter: str = ",", end: str = "\n") -> str:
    """The rows as CSV under the header of the first."""
    rows = list(rows)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter, lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def write(folder: Path, rows: Iterable[dict[str, str]], name: str = "resep.csv") -> Path:
    """A file of these rows."""
    path = folder / name
    path.write_bytes(text_of(rows).encode())
    return path
