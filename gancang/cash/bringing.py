"""What buyers paid riders for goods is brought to the treasury, which pays the sellers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Least

from gancang.audit.actions import record
from gancang.cash.models import Brought, Payment, Refund
from gancang.cash.queries import due_at, held_by_pair
from gancang.cash.rules import REFERENCE_MAX, Why
from gancang.ledger import fares, goods
from gancang.ledger.queries import tills_of
from gancang.regions.models import Organisation
from gancang.values import Money, Refused

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.accounts.models import User
    from gancang.regions.models import Region


@dataclass(frozen=True, slots=True)
class ToBring:
    """What a till has for a fleet of the money that sellers are paid from."""

    till: Organisation
    fleet: Organisation
    amount: Money


def owed_by_fleets(region: Region) -> dict[int, int]:
    """What each fleet took for goods and neither brought nor gave back. Three queries."""
    took = Payment.objects.filter(order__region=region, goods_rp__gt=0).order_by()
    owed = dict(took.values_list("fleet").annotate(Sum("goods_rp")))
    # Whoever gets back what he paid gets the goods back first.
    back = Refund.objects.filter(payment__in=took, paid_at__isnull=False).order_by()
    part = Sum(Least("amount_rp", "payment__goods_rp"))
    for fleet, rupiah in back.values_list("payment__fleet").annotate(rp=part):
        owed[fleet] -= rupiah
    gone = Brought.objects.filter(region=region).order_by().values_list("fleet")
    for fleet, rupiah in gone.annotate(Sum("amount_rp")):
        owed[fleet] -= rupiah
    return {fleet: rupiah for fleet, rupiah in owed.items() if rupiah > 0}


def list_to_bring(region: Region) -> list[ToBring]:
    """Which till can bring how much of it now: other houses' tills first, then the fleet's."""
    owed = owed_by_fleets(region)
    tills, pairs = tills_of(region), held_by_pair(region)
    houses = {row.pk: row for row in Organisation.objects.filter(region=region, pk__in=tills)}
    fleets = Organisation.objects.in_bulk(list(owed))
    found = []
    for number, fleet in sorted(fleets.items(), key=lambda each: each[1].name):
        left = owed[number]
        holding = [(houses[till], has) for (till, of), has in pairs.items() if of == number]
        if number in houses:
            others = sum(has for (till, _), has in pairs.items() if till == number)
            holding.append((houses[number], tills[number][1] - others))
        for till, has in holding:
            if (amount := min(left, has)) > 0:
                found.append(ToBring(till, fleet, Money(amount)))
                left -= amount
    return found


@transaction.atomic
def bring(
    till: Organisation, fleet: Organisation, seen: Money, slip: str, *, by: User, now: datetime
) -> Brought:
    """The treasury has it: by transfer, or against a signature. Nobody brings it twice."""
    # Passing on and paying back wait for this, or this for them.
    Organisation.objects.select_for_update(no_key=True).get(pk=fleet.pk)
    rows = [
        each for each in list_to_bring(fleet.region) if (each.till, each.fleet) == (till, fleet)
    ]
    has = rows[0].amount if rows else Money(0)
    if not has or has != seen:
        told = {"till": till.name, "fleet": fleet.name, "left": has, "seen": seen}
        raise Refused(Why.TILL_CHANGED, **told)
    assert till == fleet or has <= due_at(till, fleet), (till, fleet)
    if len(slip.strip()) < 3:
        raise Refused(Why.NO_SLIP)
    row = Brought.objects.create(
        region=fleet.region,
        till=till,
        fleet=fleet,
        amount_rp=has.rupiah,
        reference=slip.strip()[:REFERENCE_MAX],
        by=by,
        at=now,
    )
    told_book = fares.Passed(receipt=row.receipt, till=till, fleet=fleet, amount=has)
    goods.bring(told_book, region=fleet.region, by=by.username, now=now)
    facts: dict[str, object] = {"till": till.code, "fleet": fleet.code, "amount_rp": has.rupiah}
    region = fleet.region.code
    record("cash.brought", row.receipt, region=region, by=by.username, now=now, facts=facts)
    return row
