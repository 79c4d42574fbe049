"""Writing down what an office bought; who bought often enough at one seller goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from gancang.audit.actions import record
from gancang.purchases.models import Purchase
from gancang.purchases.queries import newest_sellers, sellers_near
from gancang.purchases.rules import Why, must_go_on, times_in_a_row
from gancang.regions.models import Organisation
from gancang.regions.queries import today_in
from gancang.values import Refused

if TYPE_CHECKING:
    from datetime import date, datetime

    from gancang.accounts.models import User
    from gancang.values import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """What was bought, as the office tells it."""

    seller: Organisation
    on: date
    what: str
    amount: Money
    receipt: str
    stayed_because: str = ""


@transaction.atomic
def buy(office: Organisation, told: Bought, *, by: User, now: datetime) -> Purchase:
    """Write a purchase down.

    Refused where the office has to go on to another seller and gives no reason to stay, where the
    receipt is known, or where the day is still to come.
    """
    # Two clerks of one office at once: the second counts what the first wrote down.
    Organisation.objects.select_for_update(no_key=True).get(pk=office.pk)
    region = office.region
    if told.on > today_in(region, now):
        raise Refused(Why.IN_THE_FUTURE, on=told.on.strftime("%d-%m-%Y"))
    receipt = told.receipt.strip()
    known = Purchase.objects.filter(seller=told.seller, receipt=receipt, taken_back_at=None)
    if known.exists():
        raise Refused(Why.SAME_RECEIPT, receipt=receipt, seller=told.seller.name)
    _refuse_if_to_go_on(office, told)
    bought = Purchase.objects.create(
        region=region,
        office=office,
        seller=told.seller,
        on=told.on,
        what=told.what.strip(),
        amount_rp=told.amount.rupiah,
        receipt=receipt,
        stayed_because=told.stayed_because.strip(),
        by=by,
        at=now,
    )
    facts: dict[str, object] = {
        "office": office.code,
        "seller": told.seller.code,
        "amount_rp": told.amount.rupiah,
        "stayed_because": bought.stayed_because,
    }
    _tell(bought, "purchase.written", facts, by=by, now=now)
    return bought


def _refuse_if_to_go_on(office: Organisation, told: Bought) -> None:
    rule = office.region.config.get("rotation", {})
    if not rule or told.stayed_because.strip():
        return
    after = rule["after"]
    newest = newest_sellers(office, most=after)
    if not must_go_on(newest, told.seller.pk, after=after):
        return
    others = [
        each.organisation.name
        for each in sellers_near(office, after=after)
        if each.organisation.pk != told.seller.pk
    ]
    raise Refused(
        Why.GO_ON if others else Why.NO_OTHERS,
        office=office.name,
        seller=told.seller.name,
        times=times_in_a_row(newest, told.seller.pk),
        others=", ".join(others[: rule["nearby"]]),
    )


@transaction.atomic
def take_back(bought: Purchase, *, by: User, now: datetime) -> None:
    """A purchase was written down wrongly: it counts no more. Twice is once."""
    region = bought.region
    if bought.by_id != by.pk or today_in(region, bought.at) != today_in(region, now):
        raise Refused(Why.NOT_YOURS)
    rows = Purchase.objects.filter(pk=bought.pk, taken_back_at=None)
    if rows.update(taken_back_at=now):
        _tell(bought, "purchase.taken_back", {}, by=by, now=now)


def _tell(
    bought: Purchase, kind: str, facts: dict[str, object], *, by: User, now: datetime
) -> None:
    name, region = f"purchase {bought.pk}", bought.region.code
    record(kind, name, region=region, by=by.username, now=now, facts=facts)
