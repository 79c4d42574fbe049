"""Daily seals of the chain, as a file that anybody may keep: a line a day."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

from gancang.audit.rules import Copy
from gancang.inspection.rules import Why
from gancang.values import Refused
from gancang.web.files import csv_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from gancang.audit.models import Seal

HEADS = ("day", "events", "hash")


def seals_as_csv(seals: Iterable[Seal]) -> bytes:
    """The file that `gancang verify --seals` reads again, years later."""
    return csv_of(HEADS, ([seal.day.isoformat(), seal.number, seal.hash] for seal in seals))


def read_copies(file: Path) -> list[Copy]:
    """The seals in a file that somebody kept. Refused with the number of the first bad line."""
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(Why.SEALS_UNREADABLE, file=file.name) from error
    lines = text.splitlines()
    divider = ";" if lines and ";" in lines[0] else ","
    copies = []
    for number, row in enumerate(csv.reader(lines[1:], delimiter=divider), 2):
        if not row:
            continue
        if len(row) != len(HEADS) or not _is_seal(*row):
            raise Refused(Why.NO_SEAL, file=file.name, line=number)
        copies.append(Copy(row[0], int(row[1]), row[2].lower()))
    if not copies:
        raise Refused(Why.NO_SEAL, file=file.name, line=1)
    return copies


def _is_seal(day: str, events: str, code: str) -> bool:
    is_number = bool(re.fullmatch(r"[0-9]{1,18}", events))
    is_hash = bool(re.fullmatch(r"[0-9a-fA-F]{64}", code))
    return is_number and is_hash and bool(re.fullmatch(r"\d{4}-\d\d-\d\d", day))
