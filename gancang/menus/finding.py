"""Finding a dish as people type it: "rujak sotto", "nasi tmpong". Pure.

Every word of a menu is known; what is typed is first corrected to known words, by the three-letter
pieces that they share, and only known words are looked up.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from gancang.regions.spelling import heard_in, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable

TYPED_MOST = 5  # words of a question; what follows is not looked at
NAMED_MOST = 6  # words of a dish that are known in pairs
NEAR_ENOUGH = 0.7
NEAR_MOST = 12  # known words that one typed word may mean


def pieces_of(word: str) -> list[str]:
    """A word's three-letter pieces, its beginning and its end marked."""
    marked = f"  {word} "
    return sorted({marked[at : at + 3] for at in range(len(marked) - 2)})


def typed_words(typed: str) -> tuple[str, ...]:
    """The words of a question as they sound, each once."""
    return tuple(dict.fromkeys(word[:40] for word in words_of(typed[:200])))[:TYPED_MOST]


def known_by(names: Iterable[str]) -> list[str]:
    """By what a seller is found: each word of the names, and the pairs that stand in one name."""
    known: set[str] = set()
    for name in names:
        words = [word[:40] for word in words_of(name)]
        known |= {*words, *map(pair_of, combinations(words[:NAMED_MOST], 2))}
    return sorted(known)


def pair_of(words: tuple[str, str]) -> str:
    """Two words of one name, in whichever order they were typed."""
    return "+".join(sorted(words))


def meant_by(typed: str, known: Iterable[str]) -> list[str]:
    """The known words that a typed one may mean, the likeliest first.

    What is known as it was typed means itself, and longer words that begin so.
    """
    scored = sorted((-heard_in((word,), (typed,)), word) for word in known)
    best = -scored[0][0] if scored else 0.0
    if best < NEAR_ENOUGH:
        return []
    worst = NEAR_ENOUGH if best < 1 else 1.0
    found = [word for score, word in scored if -score >= worst or word.startswith(typed)]
    return found[:NEAR_MOST]
