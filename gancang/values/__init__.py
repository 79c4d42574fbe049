"""Plain values that every capability speaks: money, places, refusals. No Django."""

from gancang.values.money import Money, in_words, read_rupiah, shares_of
from gancang.values.place import Point, lies_in, metres_between, middle_of
from gancang.values.refusal import N_, Reason, Refused

__all__ = [
    "N_",
    "Money",
    "Point",
    "Reason",
    "Refused",
    "in_words",
    "lies_in",
    "metres_between",
    "middle_of",
    "read_rupiah",
    "shares_of",
]
