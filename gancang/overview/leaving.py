"""Somebody leaves: the account is closed and all open work is handed over, in one deed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from gancang.accounts.actions import set_active
from gancang.accounts.queries import list_living_tokens_by
from gancang.audit.actions import record
from gancang.dispatch.actions import hand_back
from gancang.dispatch.queries import list_held
from gancang.incidents.actions import Report, report

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.accounts.models import ApiToken, User
    from gancang.orders.models import Order
    from gancang.regions.models import Region


@dataclass(frozen=True, slots=True)
class OpenWork:
    """What somebody would leave behind."""

    orders: list[Order]  # taken on as a rider and not finished
    tokens: list[ApiToken]  # of machines, whose text this person has seen


def open_work_of(person: User) -> OpenWork:
    """What is to be handed over when this person leaves."""
    return OpenWork(list_held(person), list_living_tokens_by(person))


@transaction.atomic
def close_account(
    person: User, *, reason: str, region: Region, by: User, now: datetime
) -> list[str]:
    """Shut the account, give what was not fetched to others, name each bag to the operator.

    The codes of orders whose bags this person still holds; each is an incident now.
    """
    set_active(person, active=False, region=region, by=by.username, now=now)
    given_back = hand_back(person, by=by.username, now=now)
    work = open_work_of(person)
    for order in work.orders:
        said = _("%(name)s has left and still holds this order: %(reason)s")
        told = Report(
            kind="other",
            what_happened=said % {"name": person.full_name, "reason": reason},
            happened_at=now,
            order=order,
            rider=getattr(person, "rider", None),
        )
        report(told, region=region, by=by.username, now=now)
    held = [order.code for order in work.orders]
    facts = {
        "reason": reason,
        "given_back": given_back,
        "held": held,
        "tokens": [token.name for token in work.tokens],
    }
    record("person.left", person.username, region=region.code, by=by.username, now=now, facts=facts)
    return held
