"""How long a village is looked for among a large regency's, against a plain scan by difflib."""

from __future__ import annotations

import difflib
import statistics
import time
from typing import TYPE_CHECKING, Any

from gancang.regions.spelling import Named, find_by_spelling

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SYLLABLES = ("ka", "li", "ba", "ru", "sum", "ber", "ja", "ti", "ta", "man", "sa", "ri")
TYPED = ("kalibru sumber", "sumber jati", "tamansari kali", "kalibaru")
TIMES = 5


def run() -> Iterator[dict[str, Any]]:
    """The median of several searches each, and how many times as long the scan takes."""
    places = _places()
    names = [f"{place.name} {place.district}".lower() for place in places]
    ours = _median_ms(lambda typed: find_by_spelling(typed, places))
    scan = _median_ms(lambda typed: difflib.get_close_matches(typed, names))
    yield {
        "what": f"a village among {len(places)}, as people spell",
        "told": f"{ours:.1f} ms; difflib takes {scan / ours:.1f} times as long",
        "ms": round(ours, 2),
        "times_difflib": round(scan / ours, 2),
    }


def _places() -> list[Named]:
    """Some 430 villages of 24 districts, their names made of syllables."""
    words = [
        a + b + c + d for a in SYLLABLES[:6] for b in SYLLABLES[6:] for c in SYLLABLES for d in "ae"
    ]
    return [Named(str(n), word.title(), words[n % 24].title()) for n, word in enumerate(words[::2])]


def _median_ms(search: Callable[[str], object]) -> float:
    took = []
    for typed in TYPED * TIMES:
        began = time.perf_counter()
        search(typed)
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)
