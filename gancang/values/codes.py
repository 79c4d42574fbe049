"""Codes that people read aloud and write by hand."""

import secrets

# No 0/O, 1/I/L, 5/S, 2/Z, 8/B: read aloud over a bad line, written by hand on a bag.
ALPHABET = "3467ACDEFGHJKMNPQRTUVWXY9"


def new_code(prefix: str) -> str:
    """A code that cannot be guessed from another: PREFIX-XXXX-XXXX."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{prefix}-{letters[:4]}-{letters[4:]}"
