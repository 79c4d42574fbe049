"""When a letter that could not be sent is tried again."""

from datetime import timedelta

ATTEMPTS_MAX = 8


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after so many failures: 30 s, doubled each time; None: give up."""
    if attempts >= ATTEMPTS_MAX:
        return None
    return timedelta(seconds=30 * 2 ** (attempts - 1))
