"""Buyers' money: what they paid shops by QRIS, what of it is held, given back, passed on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Sum

from gancang.ledger.models import Account, Transfer
from gancang.ledger.moving import Move, account_of, move_all
from gancang.values import Money

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.regions.models import Organisation, Region

Kind = Account.Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class BuyersSum:
    """Some rupiah of a buyer: about which bill, and the key that is good for one time."""

    about: str
    amount: Money
    key: str
    shop: Organisation | None = None


def pay_gateway(told: BuyersSum, *, region: Region, by: str, now: datetime) -> None:
    """A buyer paid a bill; the gateway holds it for the shop."""
    _move(Transfer.Kind.BUY, (Kind.BUYERS, Kind.HELD), told, region=region, by=by, now=now)


def pay_shop(told: BuyersSum, *, region: Region, by: str, now: datetime) -> None:
    """A buyer paid a bill to the shop's own account: it has the money already."""
    _move(Transfer.Kind.BUY, (Kind.BUYERS, Kind.PASSED), told, region=region, by=by, now=now)


def take_stray(told: BuyersSum, *, region: Region, by: str, now: datetime) -> None:
    """Money came in of which it is not clear for what."""
    _move(Transfer.Kind.STRAY, (Kind.BUYERS, Kind.STRAY), told, region=region, by=by, now=now)


def adopt_stray(told: BuyersSum, *, region: Region, by: str, now: datetime) -> None:
    """It became clear: it is a shop's. Refused beyond what is not clear."""
    _move(Transfer.Kind.ADOPT, (Kind.STRAY, Kind.HELD), told, region=region, by=by, now=now)


def give_back(
    told: BuyersSum, *, region: Region, by: str, now: datetime, is_at_shop: bool = False
) -> None:
    """A buyer gets it back: out of what a shop has, or where none is named of what is stray."""
    held = Kind.PASSED if is_at_shop else Kind.HELD
    source = held if told.shop else Kind.STRAY
    _move(Transfer.Kind.GIVE_BACK, (source, Kind.BUYERS), told, region=region, by=by, now=now)


def pay_out(told: BuyersSum, *, region: Region, by: str, now: datetime) -> None:
    """A shop gets what was held for it. Refused beyond that."""
    _move(Transfer.Kind.PAY_OUT, (Kind.HELD, Kind.PASSED), told, region=region, by=by, now=now)


_OF_A_SHOP = {Kind.HELD, Kind.PASSED}


@transaction.atomic
def _move(
    kind: Transfer.Kind,
    way: tuple[Kind, Kind],
    told: BuyersSum,
    *,
    region: Region,
    by: str,
    now: datetime,
) -> None:
    source, target = (
        account_of(region, each, payee=told.shop if each in _OF_A_SHOP else None) for each in way
    )
    one = Move(
        kind=kind,
        source=source,
        target=target,
        amount=told.amount,
        about=told.about,
        key=told.key,
    )
    move_all([one], region=region, by=by, now=now)


def held_for_shops(region: Region) -> dict[int, Money]:
    """What is held for each shop, by its number. One query."""
    rows = Account.objects.filter(region=region, kind=Kind.HELD, balance_rp__gt=0)
    return {pk: Money(rupiah) for pk, rupiah in rows.values_list("payee", "balance_rp") if pk}


def buyers_money(region: Region) -> dict[str, Money]:
    """All that buyers paid and did not get back, and where it is now, by kind of account."""
    kinds = [Kind.BUYERS, Kind.STRAY, Kind.HELD, Kind.PASSED]
    rows = Account.objects.filter(region=region, kind__in=kinds).order_by().values_list("kind")
    sums = dict(rows.annotate(total=Sum("balance_rp")))
    return {kind: Money(abs(sums.get(kind, 0))) for kind in kinds}


def paid_by_bill(region: Region) -> dict[str, int]:
    """What buyers paid for each bill and did not get back out of it, in rupiah. One query."""
    kind = Transfer.Kind
    rows = Transfer.objects.filter(region=region, kind__in=[kind.BUY, kind.ADOPT]).order_by()
    return dict(rows.values_list("about").annotate(total=Sum("amount_rp")))
