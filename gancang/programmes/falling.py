"""Which of a programme's fleets may carry by now: the first, then those that stand in. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

OFF, LATE = "off", "late"


@dataclass(frozen=True, slots=True)
class Fall:
    """A fleet stands in for another: because that is switched off, or nobody of it came in time."""

    carrier: str
    then: str
    why: str


def open_fleets(
    carriers: Sequence[str],
    steps: Sequence[Mapping[str, Any]],
    *,
    waited_min: float,
    off: Collection[str],
) -> tuple[frozenset[str], tuple[Fall, ...]]:
    """The fleets that may carry, and how each that stands in came to it, in order.

    Whoever came first stays. Each fleet is opened once at most, so this always ends, and none that
    the programme does not name is ever opened.
    """
    behind = {step["then"] for step in steps}
    first = [code for code in carriers if code not in behind] or carriers[:1]
    since = dict.fromkeys(first, 0.0)
    falls: list[Fall] = []
    for _round in steps:
        for step in steps:
            one, then = step["carrier"], step["then"]
            if one not in since or then in since or then not in carriers:
                continue
            opens = since[one] + (0 if one in off else step["after_minutes"])
            if waited_min >= opens:
                since[then] = opens
                falls.append(Fall(one, then, OFF if one in off else LATE))
    return frozenset(since), tuple(falls)


def ring_in(steps: Sequence[Mapping[str, Any]]) -> list[str]:
    """The fleets by which a fallback leads back to where it began; none where it ends somewhere."""
    nexts = {step.get("carrier"): step.get("then") for step in steps}
    for first in nexts:
        ring = list(_from(first, nexts))
        if nexts.get(ring[-1]) == first:
            return [str(each) for each in (*ring, first)]
    return []


def _from(first: object, nexts: Mapping[object, object]) -> Iterator[object]:
    seen: set[object] = set()
    here = first
    while here is not None and here not in seen:
        seen.add(here)
        yield here
        here = nexts.get(here)
