"""What a basket's lines are, what they cost, and why a dish cannot be had. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Self

from gancang.values import N_, Money, Reason, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

COUNT_MOST = 99  # of one dish in one basket


class Why(Reason):
    """Why a dish is not sold, or a menu is not written so."""

    NOT_HERE = "not_here", N_("A dish of this basket is no longer sold here; choose again.")
    HOW_MANY = "how_many", N_("Of {dish} you can order from 1 to {most}.")
    SOLD_OUT = "sold_out", N_("{dish} is sold out.")
    SOLD_OUT_OTHERS = "sold_out_others", N_("{dish} is sold out. Instead there is: {others}.")
    TOO_FEW_LEFT = "too_few_left", N_("Of {dish} only {left} are left.")
    CHOOSE_MORE = "choose_more", N_("{dish}, {group}: choose at least {least}.")
    CHOOSE_FEWER = "choose_fewer", N_("{dish}, {group}: choose at most {most}.")
    NO_SUCH_CHOICE = "no_such_choice", N_("{dish}: an option is no longer there; choose again.")
    CHOICE_OUT = "choice_out", N_("{dish}: {choice} is sold out; choose another option.")
    SAME_NAME = "same_name", N_("{name} stands on the menu already.")
    NOT_YOURS = "not_yours", N_("This section belongs to another menu.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody put into a basket: a dish, its options, how many of it."""

    dish: int
    choices: tuple[int, ...] = ()
    count: int = 1
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a basket as it was priced: no later change of the menu touches it."""

    dish: int
    name: str
    choices: tuple[int, ...]
    options: tuple[str, ...]
    unit_rp: int
    count: int
    note: str = ""
    prepares_minutes: int | None = None
    weight_g: int | None = None
    size: str = "small"
    is_fragile: bool = False
    is_counted: bool = False  # it was taken from a counted stock, and goes back there

    def __post_init__(self) -> None:
        if not 1 <= self.count <= COUNT_MOST or self.unit_rp <= 0:
            raise ValueError(f"{self.count} times {self.unit_rp} rupiah of {self.name}")

    @property
    def amount(self) -> Money:
        """What the line costs."""
        return Money(self.unit_rp * self.count)

    def told(self) -> dict[str, Any]:
        """The line as JSON can keep it."""
        return asdict(self)

    @classmethod
    def of(cls, told: dict[str, Any]) -> Self:
        """The line that was kept."""
        lists = {name: tuple(told[name]) for name in ("choices", "options")}
        return cls(**{**told, **lists})


def total(lines: Iterable[Line]) -> Money:
    """What all lines cost together."""
    return sum((line.amount for line in lines), Money(0))


def has_other_price(shown: Sequence[Line], now: Sequence[Line]) -> bool:
    """Whether the same basket, priced again, costs something else than was shown."""
    return [(each.dish, each.choices, each.unit_rp) for each in shown] != [
        (each.dish, each.choices, each.unit_rp) for each in now
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A choice as a menu offers it."""

    pk: int
    name: str
    extra_rp: int
    is_available: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A dish's option group with its answers."""

    name: str
    least: int
    most: int
    answers: tuple[Answer, ...]


def answers_to(
    dish: str, questions: Iterable[Question], chosen: Sequence[int]
) -> tuple[tuple[Answer, ...], int]:
    """The answers that were chosen, in the menu's order, and what they cost more.

    Refused where one is not there, is sold out, or there are too many or too few.
    """
    questions = tuple(questions)
    known = {answer.pk for question in questions for answer in question.answers}
    if set(chosen) - known or len(set(chosen)) < len(chosen):
        raise Refused(Why.NO_SUCH_CHOICE, dish=dish)
    taken: list[Answer] = []
    for question in questions:
        given = [answer for answer in question.answers if answer.pk in chosen]
        if len(given) < question.least:
            raise Refused(
                Why.CHOOSE_MORE, dish=dish, group=question.name, least=str(question.least)
            )
        if len(given) > question.most:
            raise Refused(Why.CHOOSE_FEWER, dish=dish, group=question.name, most=str(question.most))
        if out := next((answer for answer in given if not answer.is_available), None):
            raise Refused(Why.CHOICE_OUT, dish=dish, choice=out.name)
        taken += given
    return tuple(taken), sum(answer.extra_rp for answer in taken)


def counts_of(lines: Iterable[Line]) -> dict[int, int]:
    """How many of each dish, lowest number first: all who take stock go in one order."""
    counts: Counter[int] = Counter()
    for line in lines:
        counts[line.dish] += line.count
    return dict(sorted(counts.items()))


def moved(order: Sequence[int], which: int, *, up: bool) -> list[int]:
    """The order in which `which` has changed places with its neighbour; the same at the end."""
    place = order.index(which)
    other = place - 1 if up else place + 1
    changed = list(order)
    if 0 <= other < len(order):
        changed[place], changed[other] = changed[other], changed[place]
    return changed
