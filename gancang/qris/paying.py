"""Giving shops what the gateway holds for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from gancang.audit.actions import record
from gancang.ledger import sales
from gancang.qris.models import PayOut
from gancang.qris.queries import free_of
from gancang.qris.rules import Why
from gancang.regions.models import Organisation
from gancang.values import Money, Refused

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.accounts.models import User


@transaction.atomic
def pay_out(shop: Organisation, seen: Money, reference: str, *, by: User, now: datetime) -> PayOut:
    """The bank has given a shop all that is free of what is held for it.

    Refused where that is another amount than `seen`, or the transfer is written down already.
    """
    # Of two at once the second waits here, and then finds nothing.
    Organisation.objects.select_for_update(no_key=True).get(pk=shop.pk)
    free, number = free_of(shop), reference.strip()[:40]
    if not free:
        raise Refused(Why.NOTHING_HELD, shop=shop.name)
    if free != seen:
        raise Refused(Why.CHANGED_MEANWHILE, shop=shop.name, left=free, seen=seen)
    if len(number) < 4 or PayOut.objects.filter(region=shop.region, reference=number).exists():
        raise Refused(
            Why.REFERENCE_USED if len(number) >= 4 else Why.SAY_REFERENCE, reference=number
        )
    done = PayOut.objects.create(
        region=shop.region,
        shop=shop,
        amount_rp=free.rupiah,
        reference=number,
        by=by,
        at=now,
    )
    told = sales.BuyersSum(about=done.receipt, amount=free, key=f"out:{done.receipt}", shop=shop)
    sales.pay_out(told, region=shop.region, by=by.username, now=now)
    facts: dict[str, object] = {"shop": shop.code, "amount_rp": free.rupiah, "reference": number}
    region = shop.region.code
    record("qris.paid_out", done.receipt, region=region, by=by.username, now=now, facts=facts)
    return done
