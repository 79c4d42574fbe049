"""Posting letters with a deed, and sending those that wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from gancang.outbox import carriers
from gancang.outbox.models import Channel, Letter, State
from gancang.outbox.rules import wait_after

if TYPE_CHECKING:
    from collections.abc import Sequence

# A carrier that dies holding a letter gives it back after this long.
LEASE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What to tell whom. `key` is unique a letter: the same key again sends nothing more."""

    key: str
    kind: str
    subject: str
    address: str
    body: str
    channel: Channel = Channel.SMS


def post(note: Note, *, region: str, now: datetime) -> None:
    """Keep a letter with the running transaction; it leaves only if that commits."""
    post_all([note], region=region, now=now)


def post_all(notes: Sequence[Note], *, region: str, now: datetime) -> None:
    """Keep many letters in one statement."""
    Letter.objects.bulk_create(
        [
            Letter(
                region_code=region,
                key=note.key,
                kind=note.kind,
                subject=note.subject,
                channel=note.channel,
                address=note.address,
                body=note.body,
                created_at=now,
                next_try_at=now,
            )
            for note in notes
        ],
        ignore_conflicts=True,
    )


def send_waiting(*, now: datetime, most: int = 100) -> int:
    """Send the letters that are due; how many left the house.

    Each is leased first, so that two workers never hold the same letter, and no transaction
    is open while a carrier works.
    """
    sent = 0
    for letter in _lease(now=now, most=most):
        try:
            carriers.write_to_folder(letter, settings.LETTERS_DIR)
        except carriers.NotSent as error:
            _put_back(letter, str(error), now=now)
        else:
            Letter.objects.filter(pk=letter.pk).update(state=State.SENT, sent_at=now, error="")
            sent += 1
    return sent


@transaction.atomic
def _lease(*, now: datetime, most: int) -> list[Letter]:
    due = Letter.objects.filter(state=State.WAITING, next_try_at__lte=now).order_by("next_try_at")
    letters = list(due.select_for_update(skip_locked=True)[:most])
    held = [letter.pk for letter in letters]
    Letter.objects.filter(pk__in=held).update(next_try_at=now + LEASE)
    return letters


def _put_back(letter: Letter, error: str, *, now: datetime) -> None:
    attempts = letter.attempts + 1
    wait = wait_after(attempts)
    Letter.objects.filter(pk=letter.pk).update(
        attempts=attempts,
        error=error[:200],
        state=State.WAITING if wait else State.GIVEN_UP,
        next_try_at=now + (wait or LEASE),
    )
