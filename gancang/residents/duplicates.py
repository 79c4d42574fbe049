"""Entries that may be the same person. Found here, judged by people."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gancang.regions.spelling import slips, words_of
from gancang.values import N_

if TYPE_CHECKING:
    from gancang.residents.models import Resident

# Why two entries are thought to be one person, the strongest first.
SIGNS = {
    "card": N_("Same family card and a similar name"),
    "birth": N_("Same name and date of birth"),
    "phone": N_("Same phone and a similar name"),
    "village": N_("Same village and a similar name"),
}
# So strong that nobody is written to or visited before a person has judged it.
STRONG = frozenset({"card", "birth", "phone"})
_TITLES = {"h", "hj", "haji", "drs", "dra", "dr", "ny", "tn", "bu", "ibu", "pak", "bapak", "sdr"}
_MUHAMMAD = re.compile(r"m(u|o)(h|ch|kh)?(am+ad)?|muhd|md")


def is_similar_name(one: str, other: str) -> bool:
    """Whether two names may be one person's: titles, Moch. and Muhammad, slips, a word left out."""
    short, long = sorted((_bare(one), _bare(other)), key=len)
    return bool(short) and all(any(_is_like(word, each) for each in long) for word in short)


def _bare(name: str) -> list[str]:
    words = [word for word in re.findall(r"[^\W_]+", name.lower()) if word not in _TITLES]
    kept = ["muhamad" if _MUHAMMAD.fullmatch(word) else word for word in words]
    return [sound for word in kept for sound in words_of(word)]


def _is_like(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) >= 4 and slips(one, other) <= 1)


def why_same(row: Resident, other: Resident, *, phones: set[str], others: set[str]) -> str:
    """The strongest sign of SIGNS that two entries are one person; "" for none."""
    if not is_similar_name(row.full_name, other.full_name):
        return ""
    if row.family_card and row.family_card == other.family_card:
        return "card"
    if row.birth_date and row.birth_date == other.birth_date:
        return "birth"
    if phones & others:
        return "phone"
    # Many of one name live in a village; whom birth dates or NIKs tell apart is not shown.
    apart = (row.nik and other.nik) or not _may_be_a_slip(row.birth_date, other.birth_date)
    return "village" if row.village_id == other.village_id and not apart else ""


def _may_be_a_slip(one: str, other: str) -> bool:
    """Whether two dates, 1951-03-09, may be one: unknown, or but one of three numbers differs."""
    parts = zip(one.split("-"), other.split("-"), strict=False)
    return not (one and other) or sum(here != there for here, there in parts) <= 1
