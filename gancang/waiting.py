"""How much work waits behind each entry of a menu: one question for all of them.

Only lists of work are counted, and only where counting is as cheap as a look at an index. Whose
supply ends and whose papers end is reckoned row by row: those lists are asked when opened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from gancang.accounts.models import Membership, Role
from gancang.callbacks.queries import to_look_after
from gancang.cash.queries import CASHIERS, accounts_visible_to, write_offs_to_decide
from gancang.complaints.queries import DECIDERS, to_decide
from gancang.contact.queries import letters_for, messages_to_answer, unconfirmed
from gancang.dispatch.queries import offers_to_answer, pressing
from gancang.enrolment.needs import needs_to_answer
from gancang.enrolment.queries import VERIFIES
from gancang.enrolment.queries import to_do as applications_to_do
from gancang.forecast.actions import TOLD
from gancang.forecast.queries import notices_to_see
from gancang.incidents.queries import MAY_ACT, notes_to_take, visible
from gancang.inspection.queries import rechecks_to_ask
from gancang.medicine.desk_lists import owed_by
from gancang.medicine.posting import parcels_of
from gancang.medicine.queries import queue
from gancang.medicine.visiting import visits_of
from gancang.orders import lifecycle
from gancang.orders.queries import at_counter, undecided
from gancang.outbox.models import State
from gancang.programmes.drafts import to_judge
from gancang.qris.queries import DECIDERS as MAY_DECIDE_QRIS
from gancang.qris.queries import mismatches_to_decide, to_confirm
from gancang.residents.likeness import look_alikes
from gancang.servings.queries import checks_to_answer
from gancang.settlement.queries import (
    bounces_to_decide,
    came_back_unpaid,
    corrections_to_decide,
)
from gancang.shops.queries import DECIDES as MAY_DECIDE_SHOPS
from gancang.shops.queries import applications as shops_that_applied
from gancang.web.counting import count_each

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from datetime import datetime
    from typing import Any

    from django.db.models import QuerySet

    Rows = QuerySet[Any]


def _parcels(asker: Membership, now: datetime) -> Rows:
    """Parcels to be handed in, and those of which the patient is to be asked by now."""
    is_due = Q(state=lifecycle.RELEASED) | Q(promise_at__lte=now)
    return parcels_of(asker).filter(is_due)


def _cash(asker: Membership, now: datetime) -> Rows | None:
    """Of a cashier who is to hand in; of an admin what another asked to write off."""
    del now
    if asker.role in CASHIERS:
        return accounts_visible_to(asker)
    return write_offs_to_decide(asker) if asker.role == Role.ADMIN else None


def _incidents(asker: Membership, now: datetime) -> Rows | None:
    del now
    return visible(asker).filter(closed_at=None) if asker.role in MAY_ACT else None


def _notes(asker: Membership, now: datetime) -> Rows | None:
    return notes_to_take(asker, now=now) if asker.role == Role.OPERATOR else None


def _needs(asker: Membership, now: datetime) -> Rows | None:
    del now
    return needs_to_answer(asker) if asker.role != Role.AUDITOR else None


def _corrections(asker: Membership, now: datetime) -> Rows | None:
    """What others asked to be taken back, or say came back, and the asker may decide."""
    del now
    if asker.role not in (Role.TREASURER, Role.ADMIN):
        return None
    asked = corrections_to_decide(asker).order_by().values("pk")
    return asked.union(bounces_to_decide(asker).order_by().values("pk"), all=True)


def _of(
    roles: Collection[str], rows: Callable[[Membership], Rows]
) -> Callable[[Membership, datetime], Rows | None]:
    """What waits for these roles alone."""
    return lambda asker, _now: rows(asker) if asker.role in roles else None


LISTS: dict[str, Callable[[Membership, datetime], Rows | None]] = {
    "medicine:queue": lambda asker, _now: queue(asker),
    "medicine:visits": lambda asker, _now: visits_of(asker),
    "medicine:owed": lambda asker, _now: owed_by(asker),
    "medicine:returns": lambda asker, _now: undecided(asker),
    "medicine:at_counter": lambda asker, _now: at_counter(asker).filter(state=lifecycle.HELD),
    "medicine:parcels": _parcels,
    "contact:confirmations": lambda asker, _now: unconfirmed(asker),
    "contact:messages": lambda asker, _now: messages_to_answer(asker),
    "contact:letters": lambda asker, _now: letters_for(asker, state=State.GIVEN_UP),
    "dispatch:board": lambda asker, now: pressing(asker, now=now),
    "dispatch:look_alikes": lambda asker, _now: look_alikes(asker.region),
    "dispatch:rider": lambda asker, now: offers_to_answer(asker.user, now=now),
    "callbacks:list": lambda asker, now: to_look_after(asker, now=now),
    "inspection:rechecks": lambda asker, _now: rechecks_to_ask(asker),
    "enrolment:needs": _needs,
    "servings:welfare": lambda asker, _now: checks_to_answer(asker),
    "complaints:list": _of(DECIDERS, to_decide),
    "incidents:log": _incidents,
    "watch:notes": _notes,
    "cash:holders": _cash,
    "programmes:drafts": _of([Role.TREASURER, Role.ADMIN], to_judge),
    "qris:mismatches": _of(MAY_DECIDE_QRIS, mismatches_to_decide),
    "qris:bills": _of([Role.STALL], to_confirm),
    "settlement:corrections": _corrections,
    "settlement:month": _of([Role.TREASURER], lambda asker: came_back_unpaid(asker.region)),
    "enrolment:programmes": _of(VERIFIES, applications_to_do),
    "shops:list": _of(MAY_DECIDE_SHOPS, shops_that_applied),
    "forecast:lines": _of(TOLD, notices_to_see),
}


def count_waiting(asker: Membership, names: Iterable[str], *, now: datetime) -> dict[str, int]:
    """How much waits for somebody behind each of these entries. One query, or none."""
    lists = {name: LISTS[name](asker, now) for name in names if name in LISTS}
    asked = {name: rows for name, rows in lists.items() if rows is not None}
    return count_each(asked, beside=Membership.objects.filter(pk=asker.pk))
