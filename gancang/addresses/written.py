"""Addresses as people write them, taken apart. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parts:
    """An address taken apart; `rest` is what is neither hamlet nor RT nor RW."""

    hamlet: str
    rt: str
    rw: str
    rest: str


_HAMLET = re.compile(
    r"\b(?:dusun|dsn|dukuh|lingkungan|lingk|link)\b\.?\s*"
    r"(?P<name>[^,;/]+?)(?=\s*(?:[,;/]|\brt\b|\brw\b|\bjl\b|\bjalan\b|\bno\b|$))",
    re.IGNORECASE,
)
_RT_RW = re.compile(r"\brt\s*[./-]?\s*rw\s*[.:]?\s*(\d{1,3})\s*[/-]\s*(\d{1,3})\b", re.IGNORECASE)
_RT = re.compile(r"\brt\s*[.:]?\s*(\d{1,3})\b", re.IGNORECASE)
_RW = re.compile(r"\brw\s*[.:]?\s*(\d{1,3})\b", re.IGNORECASE)


def read_address(typed: str) -> Parts:
    """Hamlet, RT and RW out of an address as people write it: "Dsn. Krajan RT 02/RW 01"."""
    rest, found = typed, {"hamlet": "", "rt": "", "rw": ""}
    if both := _RT_RW.search(rest):
        found["rt"], found["rw"] = both.groups()
        rest = rest.replace(both[0], " ")
    for name, pattern in (("rt", _RT), ("rw", _RW)):
        if match := pattern.search(rest):
            found[name] = match[1]
            rest = rest.replace(match[0], " ")
    if match := _HAMLET.search(rest):
        found["hamlet"] = " ".join(match["name"].split())[:80]
        rest = rest.replace(match[0], " ")
    rest = " ".join(re.sub(r"(\s*[,/;]\s*)+", ", ", rest).split()).strip(" ,")
    return Parts(found["hamlet"], _three(found["rt"]), _three(found["rw"]), rest)


def _three(digits: str) -> str:
    return digits.zfill(3) if digits else ""


def is_same_address(one: str, other: str) -> bool:
    """Whether two ways of writing mean one house, however RT, RW and hamlet are spelt."""
    return _bare(read_address(one)) == _bare(read_address(other))


def _bare(parts: Parts) -> tuple[str, ...]:
    texts = (parts.hamlet, parts.rt, parts.rw, parts.rest)
    return tuple(re.sub(r"[^0-9a-z]", "", text.lower()) for text in texts)
