"""Finding a village as people spell it: "kebaman srono", "ds. kebaman", "Kalibaru wetn". Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# What is written before a name and says only what kind of place it is.
_KINDS = {"ds", "desa", "kel", "kelurahan", "kec", "kecamatan", "kab", "kabupaten"}
# Spellings of one sound: before 1972, and what is swapped by ear.
_SOUNDS = (
    ("oe", "u"),
    ("tj", "c"),
    ("dj", "j"),
    ("nj", "ny"),
    ("sj", "sy"),
    ("v", "f"),
    ("z", "j"),
    ("q", "k"),
)
GOOD, FAIR = 1.0, 0.5
CLEAR = 0.8
WORDS_MOST = 20  # of a text


@dataclass(frozen=True, slots=True)
class Named:
    """A village by its own name, its district's and its code."""

    code: str
    name: str
    district: str


def find_by_spelling(typed: str, villages: Iterable[Named], *, most: int = 8) -> list[Named]:
    """The villages that `typed` may mean, the likeliest first; none where nothing is alike."""
    words = words_of(typed)
    if not words:
        return []
    scored = [(_score(words, each), each) for each in villages]
    best = max((score for score, _each in scored), default=0.0)
    # What is far behind the best is noise and only makes the list long.
    found = [(score, each) for score, each in scored if score >= max(FAIR, best - 0.25)]
    found.sort(key=lambda pair: (-pair[0], pair[1].name, pair[1].district))
    return [each for _score, each in found[:most]]


def find_in_text(text: str, villages: Iterable[Named], *, most: int = 5) -> list[Named]:
    """The villages whose names stand somewhere in a longer text, the likeliest first.

    What else is said there (a hamlet, a mosque) takes nothing from them; a district that is
    said too parts villages of one name.
    """
    words = words_of(text)[:WORDS_MOST]
    scored = [(_said(each, words), each) for each in villages]
    best = max((score for score, _each in scored), default=0.0)
    found = [(score, each) for score, each in scored if score >= max(CLEAR, best - 0.15)]
    found.sort(key=lambda pair: (-pair[0], pair[1].name, pair[1].district))
    return [each for _score, each in found[:most]]


def _said(village: Named, told: tuple[str, ...]) -> float:
    """How well all of a village's name is said, and a little more for its district."""
    own = heard_in(words_of(village.name), told)
    if own < CLEAR:
        return 0.0
    district = heard_in(words_of(village.district), told)
    # Where both are called alike, the name may have been said of the district alone.
    weight = 0.2 if village.name == village.district else 0.3
    return own + (weight * district if district >= CLEAR else 0.0)


def heard_in(names: tuple[str, ...], told: tuple[str, ...]) -> float:
    """How well all words of a name stand among those that were said, also said as one or as two."""
    said = {*told, *map("".join, pairwise(told))}
    best = max((_likeness(word, "".join(names)) for word in said), default=0.0)
    return max(best, min(max((_likeness(w, name) for w in said), default=0.0) for name in names))


def is_clear(found: list[Named], typed: str) -> bool:
    """Whether what was typed means the first of what was found and nothing else."""
    words = words_of(typed)
    scores = [_score(words, each) for each in found[:2]]
    return bool(scores) and scores[0] >= 0.8 and (len(scores) == 1 or scores[0] - scores[1] > 0.1)


@lru_cache(maxsize=8192)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a name as they sound, without "desa" and the like."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    kept = [word for word in words if word not in _KINDS]
    return tuple(_sound(word) for word in (kept or words))


def _sound(word: str) -> str:
    for old, new in _SOUNDS:
        word = word.replace(old, new)
    return re.sub(r"(.)\1", r"\1", word)


def _score(typed: tuple[str, ...], village: Named) -> float:
    """0 to 1 and a little: how well every word typed stands in the village's or district's name."""
    own, district = words_of(village.name), words_of(village.district)
    whole = "".join(typed)
    joined = max(_likeness(whole, "".join(own)), _likeness(whole, "".join(own + district)))
    by_own = [max(_likeness(word, known) for known in own) for word in typed]
    by_any = [
        max(mine, 0.9 * max(_likeness(word, known) for known in district))
        for word, mine in zip(typed, by_own, strict=True)
    ]
    # Somebody looks for a village: its own name must be in what was typed.
    if max(by_own) < 0.6 and joined < 0.6:
        return 0.6 * min(by_any)  # all of a district, when only the district was typed
    unsaid = 0.02 * max(0, len(own) - len(typed))
    return max(joined, sum(by_any) / len(by_any)) - unsaid


@lru_cache(maxsize=65536)
def _likeness(typed: str, known: str) -> float:
    """1 for the same, less for a beginning and for slips, 0 for another word."""
    if typed == known:
        return 1.0
    if len(typed) >= 3 and known.startswith(typed):
        return 0.75 + 0.2 * len(typed) / len(known)
    allowed = 0 if len(typed) < 4 else 1 if len(typed) < 7 else 2
    if allowed and abs(len(typed) - len(known)) <= allowed:
        wrong = slips(typed, known)
        if wrong <= allowed:
            return 0.95 - 0.12 * wrong
    return 0.0


def slips(one: str, other: str) -> int:
    """Letters wrong, missing, added or swapped (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, mine in enumerate(other, 1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != mine))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == mine:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1]
