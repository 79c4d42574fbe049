"""Amounts in Indonesian words, as a receipt (kuitansi) must write them: terbilang."""

from __future__ import annotations

UNITS = (
    "",
    "satu",
    "dua",
    "tiga",
    "empat",
    "lima",
    "enam",
    "tujuh",
    "delapan",
    "sembilan",
    "sepuluh",
    "sebelas",
)
SCALES = ((10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"), (10**3, "ribu"))
MOST = 10**15


def spelled(number: int) -> str:
    """A whole number from 0 to below a thousand billions, in words: "dua belas ribu"."""
    if not 0 <= number < MOST:
        raise ValueError(f"only whole numbers from 0 to below {MOST} have words here, not {number}")
    return " ".join(_parts(number)) or "nol"


def _parts(number: int) -> list[str]:
    if number < len(UNITS):
        return [UNITS[number]] if number else []
    for scale, name in SCALES:
        if number >= scale:
            count, rest = divmod(number, scale)
            # Only a thousand has a word of its own for one: seribu, but satu juta.
            head = ["seribu"] if (count, name) == (1, "ribu") else [*_parts(count), name]
            return head + _parts(rest)
    if number < 20:
        return [UNITS[number - 10], "belas"]
    if number < 100:
        return [UNITS[number // 10], "puluh", *_parts(number % 10)]
    hundreds, rest = divmod(number, 100)
    return (["seratus"] if hundreds == 1 else [UNITS[hundreds], "ratus"]) + _parts(rest)
