"""Sending the letters that wait: by which way, when, in which words, and what became of them."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import F

from gancang.outbox.carriers.folder import Folder
from gancang.outbox.carriers.gateway import NotSent, Parcel, Taken, Unreachable
from gancang.outbox.carriers.roads import gateways
from gancang.outbox.models import Channel, Letter, Receipt, State
from gancang.outbox.queries import Desk, desk_for
from gancang.outbox.rules import wait_after

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from gancang.outbox.carriers.gateway import Carrier

# A carrier that dies holding a letter gives it back after this long.
LEASE = timedelta(minutes=3)
# How long until a letter is looked at again whose addressee may have died.
UNTIL_JUDGED = timedelta(minutes=10)
# So few at a time that even a silent gateway, with its time limits, is done before the lease.
AT_A_GATEWAY = 10


def send_waiting(*, now: datetime, most: int = 100) -> int:
    """Send the letters that are due; how many left the house.

    Each is leased first, so that two workers never hold the same letter, and no transaction
    is open while a carrier works.
    """
    ways = gateways()
    letters = _lease(now=now, most=min(most, AT_A_GATEWAY) if ways else most)
    desk = desk_for(letters)
    return sum(_send(letter, desk, ways, now=now) for letter in letters)


@transaction.atomic
def _lease(*, now: datetime, most: int) -> list[Letter]:
    due = Letter.objects.filter(state=State.WAITING, next_try_at__lte=now).order_by("next_try_at")
    letters = list(due.select_for_update(skip_locked=True)[:most])
    held = [letter.pk for letter in letters]
    Letter.objects.filter(pk__in=held).update(next_try_at=now + LEASE)
    return letters


def _send(letter: Letter, desk: Desk, ways: Mapping[Channel, Carrier], *, now: datetime) -> bool:
    if why := desk.why_not(letter):
        _change(letter, state=State.DROPPED, error=why)
        return False
    if desk.waits(letter):
        _change(letter, next_try_at=now + UNTIL_JUDGED)
        return False
    # A folder wakes nobody.
    if ways and (morning := desk.night_of(letter, now=now)):
        _change(letter, next_try_at=morning)
        return False
    if ways and letter.channel not in ways:
        letter.channel = next(iter(ways))
    try:
        taken = _hand_over(letter, desk.text_of(letter), ways)
    except NotSent as error:
        _put_back(letter, error, ways, now=now)
        return False
    except Unreachable as error:
        _take_another_way(letter, str(error), ways, now=now)
        return False
    _note_sent(letter, taken, now=now)
    return True


def _hand_over(letter: Letter, text: str, ways: Mapping[Channel, Carrier]) -> Taken:
    if not ways:
        Folder(settings.LETTERS_DIR).keep(letter, text)
        return Taken()
    parcel = Parcel(key=key_of(letter), address=letter.address, text=text)
    return ways[Channel(letter.channel)].take(parcel)


def key_of(letter: Letter) -> str:
    """The same for every try of a letter by one way; another one for another way or round."""
    told = f"{letter.key}\0{letter.channel}\0{letter.rounds}"
    return sha256(told.encode()).hexdigest()[:32]


@transaction.atomic
def _note_sent(letter: Letter, taken: Taken, *, now: datetime) -> None:
    _change(
        letter,
        state=State.SENT,
        sent_at=now,
        error="",
        channel=letter.channel,
        gateway_number=taken.number,
        cost_rp=F("cost_rp") + taken.cost_rp,
    )
    if taken.number:
        early = Receipt.objects.filter(channel=letter.channel, gateway_number=taken.number)
        for receipt in early.order_by("pk"):
            note_outcome(receipt, now=now)


def note_outcome(receipt: Receipt, *, now: datetime) -> None:
    """Note what a gateway told of a letter that is still under way by it."""
    sent = Letter.objects.filter(
        channel=receipt.channel, gateway_number=receipt.gateway_number, state=State.SENT
    )
    if receipt.arrived:
        sent.update(state=State.DELIVERED, delivered_at=receipt.at)
        return
    for letter in sent.select_for_update():
        why = f"{letter.get_channel_display()}: {receipt.reason or 'not delivered'}"
        _take_another_way(letter, why, gateways(), now=now)


def _put_back(
    letter: Letter, error: NotSent, ways: Mapping[Channel, Carrier], *, now: datetime
) -> None:
    attempts = letter.attempts + 1
    another = _way_after(letter, ways)
    wait = wait_after(attempts, another_way=another is not None)
    if wait is None and another:
        _take_another_way(letter, str(error), ways, now=now)
        return
    _change(
        letter,
        attempts=attempts,
        channel=letter.channel,
        error=str(error)[:200],
        state=State.WAITING if wait else State.GIVEN_UP,
        next_try_at=now + max(wait or LEASE, error.wait or timedelta()),
    )


def _take_another_way(
    letter: Letter, why: str, ways: Mapping[Channel, Carrier], *, now: datetime
) -> None:
    """Send it by the next way; where none is left it is given up, and somebody rings."""
    another = _way_after(letter, ways)
    if another is None:
        _change(letter, state=State.GIVEN_UP, error=why[:200], channel=letter.channel)
        return
    _change(
        letter,
        state=State.WAITING,
        channel=another,
        attempts=0,
        next_try_at=now,
        gateway_number="",
        error=why[:200],
    )


def _way_after(letter: Letter, ways: Mapping[Channel, Carrier]) -> Channel | None:
    order = list(ways)
    if letter.channel not in order:
        return None
    behind = order[order.index(Channel(letter.channel)) + 1 :]
    return behind[0] if behind else None


def _change(letter: Letter, **changes: object) -> None:
    Letter.objects.filter(pk=letter.pk).update(**changes)
