"""When an office has bought often enough at one seller. Pure."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from gancang.values import N_, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable


class Why(Reason):
    """Refusals of purchases."""

    GO_ON = (
        "go_on",
        N_(
            "{office} has bought {times} times in a row at {seller}; the next purchase is at "
            "another seller: {others}. If there is a reason to stay, write it down."
        ),
    )
    NO_OTHERS = (
        "no_others",
        N_(
            "{office} has bought {times} times in a row at {seller}, and no other seller is known. "
            "Write down why you stay."
        ),
    )
    SAME_RECEIPT = "same_receipt", N_("Receipt {receipt} of {seller} stands in the list already.")
    IN_THE_FUTURE = "in_the_future", N_("{on} is still to come; write down what was bought.")
    NOT_YOURS = "not_yours", N_("Only who wrote it down takes it back, and on the same day.")


def times_in_a_row(sellers: Iterable[int], seller: int) -> int:
    """How many of the newest purchases, given newest first, were at this seller without a break."""
    return sum(1 for _ in takewhile(lambda each: each == seller, sellers))


def must_go_on(sellers: Iterable[int], seller: int, *, after: int) -> bool:
    """Whether the next purchase has to be at another seller."""
    return times_in_a_row(sellers, seller) >= after
