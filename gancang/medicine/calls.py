"""Prescriptions that partners' systems send: the same Idempotency-Key is the same deed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from gancang.medicine.actions import Counter, place
from gancang.medicine.models import Call
from gancang.medicine.queries import find_order_of
from gancang.medicine.rules import Draft, Why
from gancang.regions.models import Organisation
from gancang.values import Money, Refused

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.accounts.models import ApiToken
    from gancang.orders.models import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A call: by which token, under which key, and a digest of what it says."""

    token: ApiToken
    key: str
    digest: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The order of a call; whether the call made it, and whether the same call came before.

    Price and promise are those that the same call was told at first.
    """

    order: Order
    pays: Money
    promise_at: datetime
    is_new: bool
    is_replay: bool


def find_answer(request: Request) -> Answer | None:
    """The answer that the same call got before. Refused if the key stood for something else."""
    call = Call.objects.filter(token=request.token, key=request.key).select_related("order").first()
    if call is None:
        return None
    if call.digest != request.digest:
        raise Refused(Why.KEY_USED_DIFFERENTLY)
    order, pays = call.order, call.told_pays_rp
    return Answer(
        order=order,
        pays=Money(order.patient_pays_rp if pays is None else pays),
        promise_at=call.told_promise_at or order.promise_at,
        is_new=False,
        is_replay=True,
    )


def counter_of(token: ApiToken) -> Counter:
    """The door through which a token's prescriptions come. Refused for a fleet or an office."""
    origin = token.organisation
    sends = {Organisation.Kind.HOSPITAL, Organisation.Kind.PUSKESMAS}
    if origin.kind not in sends or origin.village_id is None:
        raise Refused(Why.NO_PRESCRIPTIONS_FROM_HERE, origin=origin.name)
    return Counter(origin=origin, door="api", by=f"api:{token.name}"[:80])


@transaction.atomic
def place_called(draft: Draft, request: Request, *, now: datetime) -> Answer:
    """Place what a call asks for, once: the same key again, even at once, is the same answer."""
    counter = counter_of(request.token)
    # The lock that placing takes anyhow: of two equal calls the second waits, then finds.
    Organisation.objects.select_for_update(no_key=True).get(pk=counter.origin.pk)
    if answer := find_answer(request):
        return answer
    was_there = find_order_of(counter.origin, draft.number)
    order = place(draft, counter, now=now)
    Call.objects.create(
        token=request.token,
        key=request.key,
        digest=request.digest,
        order=order,
        told_pays_rp=order.patient_pays_rp,
        told_promise_at=order.promise_at,
        at=now,
    )
    return Answer(
        order=order,
        pays=Money(order.patient_pays_rp),
        promise_at=order.promise_at,
        is_new=was_there is None,
        is_replay=False,
    )
