"""What a receiver says on the telephone: it came and is paid, or a complaint is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from gancang.callbacks import actions as callbacks
from gancang.callbacks.rules import NEVER
from gancang.complaints import rules
from gancang.complaints.actions import Told, tell
from gancang.complaints.rules import Why
from gancang.values import N_, Refused

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.accounts.models import User
    from gancang.callbacks.models import Callback

OPENED = N_("A complaint is opened: nobody is paid until it is decided.")
AGAIN = N_("Noted. It comes up again in two hours.")


@transaction.atomic
def answer(row: Callback, said: str, note: str, *, by: User, now: datetime) -> None:
    """Write down what a call brought. “It never came” opens a complaint in the same moment."""
    callbacks.ring(row, said, note, by=by, now=now)
    if said == NEVER:
        _complain(row, note, by=by, now=now)


@transaction.atomic
def decide(row: Callback, outcome: str, reason: str, *, by: User, now: datetime) -> None:
    """A second person decides where nobody was reached; what never came is a complaint too."""
    callbacks.decide(row, outcome, reason, by=by, now=now)
    if outcome == NEVER:
        _complain(row, reason, by=by, now=now)


def _complain(row: Callback, words: str, *, by: User, now: datetime) -> None:
    """Open the complaint; where the receiver has told already it is that one."""
    told = Told(code=row.about, cause=rules.NOT_CAME, words=words, channel="phone")
    try:
        with transaction.atomic():
            tell(told, region=row.region, by=by, now=now)
    except Refused as refusal:
        if refusal.reason != Why.OPEN_ALREADY:
            raise
