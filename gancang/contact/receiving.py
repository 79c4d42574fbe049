"""Messages that come in: understood and done, or kept for somebody to answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from gancang.audit.actions import record
from gancang.contact import actions, letters, queries
from gancang.contact.models import PatientMessage
from gancang.contact.rules import Meaning, Read, Unclear, Why, read_text
from gancang.orders import lifecycle
from gancang.outbox import actions as outbox
from gancang.outbox.models import Channel
from gancang.residents.rules import normal_phone
from gancang.values import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gancang.orders.models import Order

BY = "patient"
State = PatientMessage.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A message as a gateway brings it; `number` is the gateway's own and makes it one."""

    channel: Channel
    number: str
    sender: str
    text: str


@transaction.atomic
def take_in(incoming: Incoming, *, now: datetime) -> PatientMessage:
    """Keep a message, and do what it plainly asks for. The same one again changes nothing."""
    phone, read = normal_phone(incoming.sender), read_text(incoming.text)
    found = queries.open_orders_of_phone(phone)
    message, is_new = PatientMessage.objects.get_or_create(
        channel=incoming.channel,
        number=incoming.number[:120],
        defaults={
            "region": found[0].region if found else queries.only_region(),
            "sender": phone[:40],
            "body": incoming.text[:2000],
            "at": now,
            "meaning": read.meaning,
        },
    )
    if is_new:
        _do(message, read, found, now=now)
    return message


def _do(message: PatientMessage, read: Read, found: Sequence[Order], *, now: datetime) -> None:
    if read.meaning in {Meaning.STOP, Meaning.START}:
        _stop_or_start(message, read.meaning, now=now)
        return
    meant = _meant(read, found)
    message.order = meant if not isinstance(meant, Unclear) else _about(read, found)
    why = meant if isinstance(meant, Unclear) else _obey(meant, message, read.meaning, now=now)
    message.state = State.WAITS if why else State.DONE
    message.why = why or ""
    message.save(update_fields=["order", "state", "why"])


def _meant(read: Read, found: Sequence[Order]) -> Order | Unclear:
    """The one order that a text can mean, or why none is plain."""
    if read.meaning is Meaning.OTHER:
        return Unclear.WORDS
    if not found:
        return Unclear.NOTHING_OPEN
    fitting = [order for order in found if order.code == read.code or not read.code]
    if read.meaning is Meaning.YES and len(fitting) > 1:
        fitting = [order for order in fitting if not order.confirmed_at] or fitting
    return fitting[0] if len(fitting) == 1 else Unclear.SEVERAL


def _about(read: Read, found: Sequence[Order]) -> Order | None:
    named = [order for order in found if order.code == read.code]
    return named[0] if named else found[0] if len(found) == 1 else None


def _obey(
    order: Order, message: PatientMessage, meaning: Meaning, *, now: datetime
) -> Unclear | None:
    """Do it; what cannot be done any more is for a person."""
    try:
        with transaction.atomic():
            if meaning is Meaning.YES:
                actions.confirm(order, how="text", by=BY, now=now)
            elif meaning is Meaning.TOMORROW:
                actions.ask_for_tomorrow(order, by=BY, now=now)
                _answer(message, letters.TOMORROW, subject=order.code, now=now)
            else:
                actions.call_off(order, by=BY, now=now)
    except Refused:
        return Unclear.TOO_LATE
    return None


def _stop_or_start(message: PatientMessage, meaning: Meaning, *, now: datetime) -> None:
    if meaning is Meaning.STOP:
        outbox.stop(message.sender, now=now)
        _answer(message, letters.STOPPED, subject="stop", now=now)
    else:
        outbox.let_write(message.sender)
        _answer(message, letters.STARTED, subject="stop", now=now)
    message.state = State.DONE
    message.save(update_fields=["state"])


def _answer(message: PatientMessage, sentence: str, *, subject: str, now: datetime) -> None:
    _post_answer(message, letters.in_indonesian(sentence), subject=subject, now=now)


def _post_answer(message: PatientMessage, words: str, *, subject: str, now: datetime) -> None:
    note = letters.answer_note(
        words,
        key=f"answer:{message.pk}",
        address=message.sender,
        channel=Channel(message.channel),
        subject=subject,
    )
    outbox.post(note, region=message.region.code if message.region else "", now=now)


@transaction.atomic
def say_wrong(order: Order, words: str, *, now: datetime) -> PatientMessage:
    """The patient's page: the address or the phone is wrong; somebody rings."""
    assert order.state in lifecycle.OPEN, order.code
    again = PatientMessage.objects.filter(channel="link", order=order).count()
    return PatientMessage.objects.create(
        region=order.region,
        channel="link",
        number=f"{order.code}:{again}",
        sender="",
        body=words.strip()[:2000],
        at=now,
        order=order,
        meaning=Meaning.OTHER,
        why=Unclear.SAYS_WRONG,
    )


@transaction.atomic
def answer(message: PatientMessage, words: str, *, by: str, now: datetime) -> None:
    """Answer a message, by the way it came."""
    if not words.strip():
        raise Refused(Why.NO_WORDS)
    _end(message, State.ANSWERED, words.strip()[:600], by=by, now=now)
    subject = message.order.code if message.order else "message"
    _post_answer(message, words.strip()[:600], subject=subject, now=now)


@transaction.atomic
def set_aside(message: PatientMessage, *, by: str, now: datetime) -> None:
    """This message needs no written answer, or it was given by phone."""
    _end(message, State.SET_ASIDE, "", by=by, now=now)


def _end(
    message: PatientMessage, state: PatientMessage.State, words: str, *, by: str, now: datetime
) -> None:
    waiting = PatientMessage.objects.filter(pk=message.pk, state=State.WAITS)
    if not waiting.update(state=state, answer=words, answered_by=by, answered_at=now):
        raise Refused(Why.ANSWERED)
    region = message.region.code if message.region else ""
    if region:
        facts: dict[str, object] = {"message": message.pk, "order": _code(message)}
        record(f"message.{state}", _code(message), region=region, by=by, now=now, facts=facts)


def _code(message: PatientMessage) -> str:
    return message.order.code if message.order else "message"
