"""Turn restrictions: sequences of arcs that nobody may drive, woven into the graph.

The crossing in the middle of a restriction is doubled: whoever arrives by the restricted arc
arrives at the copy, which lacks the forbidden way out. With several restrictions in a row the
copies are the states of the automaton of Aho and Corasick ("Efficient string matching", CACM
18(6), 1975), whose words are the forbidden sequences; so they may overlap in any way.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Arc = int
"""Segment * 2, + 1 against the direction in which it is drawn."""


@dataclass(slots=True)
class Automaton:
    """States remember how much of a forbidden sequence was driven; state 0 is nothing."""

    after: list[dict[Arc, int]] = field(default_factory=lambda: [{}])
    last: list[Arc] = field(default_factory=lambda: [-1])
    is_forbidden: list[bool] = field(default_factory=lambda: [False])
    fall_back: list[int] = field(default_factory=lambda: [0])

    @classmethod
    def of(cls, sequences: Iterable[Sequence[Arc]]) -> Automaton:
        """The automaton that notices each of the sequences."""
        made = cls()
        for sequence in sequences:
            made._add(sequence)
        made._link()
        return made

    def step(self, state: int, arc: Arc) -> int:
        """The state after one more arc."""
        while state and arc not in self.after[state]:
            state = self.fall_back[state]
        return self.after[state].get(arc, 0)

    def _add(self, sequence: Sequence[Arc]) -> None:
        state = 0
        for arc in sequence:
            if arc not in self.after[state]:
                self.after[state][arc] = len(self.after)
                self.after.append({})
                self.last.append(arc)
                self.is_forbidden.append(False)
                self.fall_back.append(0)
            state = self.after[state][arc]
        self.is_forbidden[state] = True

    def _link(self) -> None:
        queue = deque(self.after[0].values())
        while queue:
            state = queue.popleft()
            for arc, nxt in self.after[state].items():
                self.fall_back[nxt] = self.step(self.fall_back[state], arc)
                queue.append(nxt)
            self.is_forbidden[state] |= self.is_forbidden[self.fall_back[state]]


def forbidden_by(
    kind: str,
    into: Sequence[Sequence[Arc]],
    onto: set[Arc],
    ways_out: Callable[[Arc], Iterable[Arc]],
) -> list[tuple[Arc, ...]]:
    """The sequences that a restriction forbids, given how one comes in and the arcs it leads to.

    `no_…` forbids these; `only_…` forbids all other ways out of the same crossing.
    """
    found = []
    for coming in into:
        for arc in ways_out(coming[-1]):
            is_meant = arc in onto
            if is_meant == kind.startswith("no_"):
                found.append((*coming, arc))
    return found
