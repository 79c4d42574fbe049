"""The code of a card: sixteen signs without look-alikes, the last a check digit. Pure."""

from __future__ import annotations

import re
import secrets

from gancang.values import N_, Reason
from gancang.values.codes import ALPHABET

SIGNS = 16
# None shares a factor with the 25 signs, and neighbours differ by one or two: every single wrong
# sign and every swap of two neighbours is found.
WEIGHTS = (1, 2, 3, 4, 6, 7, 8, 9, 11, 12, 13, 14, 16, 17, 18)
WRONG_TRIES_MAX = 10
WRONG_TRIES_MINUTES = 60
LOST, BROKEN, STOLEN = "lost", "broken", "stolen"
ENDS = {LOST: N_("lost"), BROKEN: N_("cannot be read any more"), STOLEN: N_("stolen")}


class Why(Reason):
    """Why a card is not taken or not made."""

    MISREAD = (
        "misread",
        N_("This is no code of a card: a sign is missing or read wrongly. Type it again."),
    )
    UNKNOWN = "unknown", N_("No card has this code. Look at it again, sign by sign.")
    DEAD = "dead", N_("This card does not count any more: it was replaced. Ask for the new one.")
    TOO_MANY = (
        "too_many",
        N_("Too many wrong codes. Wait an hour, or ring the help number of the region."),
    )
    NO_CARD = "no_card", N_("This person has no card yet. Make one first.")
    DECEASED = "deceased", N_("This person is noted as deceased.")


def new_secret() -> str:
    """A code that nobody guesses, with its check digit; without hyphens."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(SIGNS - 1))
    return body + check_digit(body)


def check_digit(body: str) -> str:
    """The sign that makes a code whole."""
    total = sum(weight * ALPHABET.index(sign) for weight, sign in zip(WEIGHTS, body, strict=True))
    return ALPHABET[-total % len(ALPHABET)]


def read_code(typed: str) -> str | None:
    """The code that was typed or scanned, without hyphens; None where it cannot be one."""
    plain = re.sub(r"[\s-]+", "", typed.upper())
    if len(plain) != SIGNS or any(sign not in ALPHABET for sign in plain):
        return None
    return plain if check_digit(plain[:-1]) == plain[-1] else None


def in_groups(code: str) -> str:
    """The code as it is printed: in groups of four."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))
