"""Posting letters with a deed, and what is noted of letters and of those who get them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import time
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F

from gancang.outbox.carriers.roads import gateways
from gancang.outbox.models import Addressee, Channel, Letter, Manner, Receipt, State, Stopped
from gancang.outbox.queries import indexes_of
from gancang.outbox.rules import Why
from gancang.outbox.sending import LEASE, note_outcome, send_waiting
from gancang.values import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

__all__ = ["LEASE", "Note", "post", "post_all", "send_waiting"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What to tell whom. `key` is unique a letter: the same key again sends nothing more.

    `told` holds what the body says, by name, so that others may say it in words of their own:
    `words` are its programme's, by language ("": whoever reads no other), else the region's.
    """

    key: str
    kind: str
    subject: str
    address: str
    body: str
    person: int = 0
    told: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    channel: Channel | None = None  # None: the preferred one of this installation


def post(note: Note, *, region: str, now: datetime) -> None:
    """Keep a letter with the running transaction; it leaves only if that commits."""
    post_all([note], region=region, now=now)


def post_all(notes: Sequence[Note], *, region: str, now: datetime) -> None:
    """Keep many letters in one statement."""
    first = preferred()
    Letter.objects.bulk_create(
        [
            Letter(
                region_code=region,
                key=note.key,
                kind=note.kind,
                subject=note.subject,
                person=note.person,
                channel=note.channel or first,
                address=note.address,
                body=note.body,
                told=json.dumps(dict(note.told)) if note.told else "",
                words=dict(note.words),
                created_at=now,
                next_try_at=now,
            )
            for note in notes
        ],
        ignore_conflicts=True,
    )


def preferred() -> Channel:
    """By what letters travel first here."""
    return next(iter(gateways()), Channel.SMS)


@transaction.atomic
def send_again(letter: Letter, *, now: datetime) -> None:
    """Try a letter that was given up once more, from the first way on."""
    _end(letter, state=State.WAITING, channel=preferred(), attempts=0, next_try_at=now)
    Letter.objects.filter(pk=letter.pk).update(rounds=F("rounds") + 1, gateway_number="")


def note_told(letter: Letter) -> None:
    """Somebody rang and said what the letter says."""
    _end(letter, state=State.TOLD)


def _end(letter: Letter, **changes: object) -> None:
    given_up = Letter.objects.filter(pk=letter.pk, state=State.GIVEN_UP)
    if not given_up.update(**changes):
        raise Refused(Why.NOT_GIVEN_UP)


@transaction.atomic
def note_receipt(
    channel: Channel, number: str, *, arrived: bool, reason: str = "", now: datetime
) -> None:
    """A gateway tells what became of a letter; once or often, before or after our own note."""
    receipt, is_new = Receipt.objects.get_or_create(
        channel=channel,
        gateway_number=number[:120],
        arrived=arrived,
        defaults={"reason": reason[:60], "at": now},
    )
    if is_new:
        note_outcome(receipt, now=now)


def stop(address: str, *, now: datetime) -> None:
    """From now on nothing but the essential goes to this address."""
    if not Stopped.objects.filter(address_index__in=indexes_of(address)).exists():
        Stopped.objects.bulk_create([Stopped(address=address, since=now)], ignore_conflicts=True)


def let_write(address: str) -> None:
    """The person at this address wants all letters again."""
    Stopped.objects.filter(address_index__in=indexes_of(address)).delete()


def note_death(person: int, *, now: datetime) -> None:
    """A person has died: no letter about him goes out any more, nor does one that waits."""
    Addressee.objects.update_or_create(person=person, defaults={"died_at": now})


def note_life(person: int) -> None:
    """Whoever was said to be dead lives: letters go out again."""
    Addressee.objects.filter(person=person).update(died_at=None)


def hold_for(person: int, *, now: datetime) -> None:
    """Somebody may have died: letters about him wait until a person has found out."""
    Addressee.objects.update_or_create(person=person, defaults={"held_at": now})


def let_go(person: int) -> None:
    """It was another person who died: what waited goes out."""
    Addressee.objects.filter(person=person).update(held_at=None)


def write_in(person: int, language: str) -> None:
    """The language in which this person is greeted and written to."""
    Addressee.objects.update_or_create(person=person, defaults={"language": language[:20]})


@transaction.atomic
def keep_manner(
    region: str, *, timezone: str, language: str, letters: Mapping[str, Any]
) -> list[str]:
    """Take in how a region writes, from its pack; what changed, a line each."""
    values = {
        "timezone": timezone,
        "language": language[:20],
        "quiet_from": time.fromisoformat(letters.get("quiet_from", "00:00")),
        "quiet_until": time.fromisoformat(letters.get("quiet_until", "00:00")),
        "urgent": list(letters.get("urgent", [])),
        "greetings": dict(letters.get("greetings", {})),
        "words": list(letters.get("words", [])),
    }
    known = Manner.objects.filter(region_code=region).first()
    if known is None:
        Manner.objects.create(region_code=region, **values)
        return ["letters: new"]
    changed = [name for name, value in values.items() if getattr(known, name) != value]
    if changed:
        Manner.objects.filter(pk=known.pk).update(**values)
    return [f"letters: changed ({', '.join(changed)})"] if changed else []
