"""Which lines an auditor looks at, and what their faults say of all others. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from gancang.values import N_, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SURE = 0.95  # how sure the upper bound is
SIZES = (10, 25, 60, 100, 200)
FOUND = {
    "": N_("not judged yet"),
    "right": N_("as it should be"),
    "wrong": N_("wrong"),
    "unclear": N_("can't be judged yet"),
}


HOWS = {"call": N_("by telephone"), "visit": N_("by a visit")}
OUTCOMES = {
    "": N_("to be asked"),
    "received": N_("received as written"),
    "differs": N_("received, but not as written"),
    "not_received": N_("not received"),
}
WRONG = frozenset({"differs", "not_received"})


class Why(Reason):
    """Refusals of the auditor's desk."""

    SEALS_UNREADABLE = "seals_unreadable", N_("{file} can't be read; give a CSV file of seals.")
    NO_SEAL = (
        "no_seal",
        N_("{file}, line {line}: is no seal; a line is a day, a number of events and a code."),
    )
    NOTHING_TO_DRAW = "nothing_to_draw", N_("No line became owed then; choose another period.")
    WRONG_WAY_ROUND = "wrong_way_round", N_("The period ends before it begins.")
    NOT_THAT_WRONG = (
        "not_that_wrong",
        N_("No more than the line's {amount} can be wrong, and no less than one rupiah."),
    )
    ASKED_BEFORE = "asked_before", N_("Order {order} was asked about before.")
    SAY_WHAT_DIFFERS = "say_what_differs", N_("Write down what the receiver says.")
    NO_NOTE = "no_note", N_("Write down what is wrong, or why it can't be judged.")


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn: the numbers of the lines, and the rupiah that each draw stands for."""

    lines: tuple[int, ...]
    interval: int


def draw_by_money(lines: Iterable[tuple[int, int]], *, size: int, seed: str) -> Drawn:
    """Draw at most `size` lines, (number, rupiah) each: every rupiah has the same chance.

    Systematic selection with probability proportional to size: from a start that `seed` decides,
    each rupiah at one interval after the other hits a line. What is as large as the interval is
    always hit. (Monetary unit sampling, AICPA Audit Guide "Audit Sampling", chapter 6.)
    """
    known = sorted(lines)
    total = sum(rupiah for _, rupiah in known)
    assert size > 0, size
    if not total:
        return Drawn((), 0)
    interval = max(1, -(-total // size))
    following = int(sha256(seed.encode()).hexdigest(), 16) % interval
    hit, passed = [], 0
    for number, rupiah in known:
        passed += rupiah
        if passed > following:
            hit.append(number)
            following += interval * -(-(passed - following) // interval)
    return Drawn(tuple(hit), interval)


def is_drawn(order: str, *, seed: str, percent: int) -> bool:
    """Whether a hand-over is among the `percent` of its day that are asked about again.

    The day's seal decides, which nobody knows before the day is over, and anybody can check.
    """
    return int(sha256(f"{seed} {order}".encode()).hexdigest(), 16) % 100 < percent


@dataclass(frozen=True, slots=True)
class Judged:
    """A line that was looked at: its rupiah, and how many of them are wrong."""

    rupiah: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the lines looked at say of all: what is likely wrong, and at most, 95 times of 100."""

    likely: int
    at_most: int


def weigh(judged: Sequence[Judged], *, interval: int, total: int) -> Opinion:
    """Project the faults found on all `total` rupiah; never more than there are.

    Of a line below the interval its share of wrong rupiah stands for the whole interval; larger
    lines stand for themselves. The bound is Stringer's (1963): factors of the Poisson
    distribution, weighed by those shares, the largest first.
    """
    large = sum(each.wrong for each in judged if each.rupiah >= interval)
    shares = sorted(e.wrong / e.rupiah for e in judged if e.rupiah < interval and e.wrong)[::-1]
    factors = [_poisson_most(faults) for faults in range(len(shares) + 1)]
    weighed = factors[0] if any(each.rupiah < interval for each in judged) else 0.0
    steps = zip(factors[:-1], factors[1:], shares, strict=True)
    weighed += sum((after - before) * share for before, after, share in steps)
    likely = large + round(interval * sum(shares))
    return Opinion(min(total, likely), min(total, large + math.ceil(interval * weighed)))


def _poisson_most(faults: int) -> float:
    """The largest mean at which so few faults are still seen once in twenty times."""
    low, high = 0.0, 3.0 + 3 * faults + 10
    for _ in range(60):
        mean = (low + high) / 2
        term = seen = math.exp(-mean)
        for number in range(1, faults + 1):
            term *= mean / number
            seen += term
        low, high = (mean, high) if seen > 1 - SURE else (low, mean)
    return high
