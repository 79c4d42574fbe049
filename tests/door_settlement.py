"""What addresses of settlement may name: a line of the book, a hold on it, a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F

from gancang.ledger.models import Account, Transfer
from gancang.settlement.models import Batch, Bounce, Correction, Hold, Payment

if TYPE_CHECKING:
    from gancang.accounts.models import User
    from gancang.orders.models import Order


def of_settlement(order: Order, rider: User) -> dict[str, dict[str, object]]:
    """One of each in an order's region, as parts of addresses."""
    batch = batch_of(order, rider)
    number: dict[str, object] = {"number": line_of(order).pk}
    named: dict[str, dict[str, object]] = {
        f"settlement:{name}": {"code": batch.code} for name in BATCH_PAGES
    }
    return {
        **named,
        "reference": {"reference": payment_of(batch, order).reference},
        "settlement:hold": number,
        **dict.fromkeys(MOVEMENT_PAGES, number),
        **{page: {"number": correction_of(order, rider).pk} for page in CORRECTION_PAGES},
        **{page: {"number": bounce_of(order, rider).pk} for page in BOUNCE_PAGES},
        "settlement:release": {"number": hold_of(order, rider).pk},
    }


MOVEMENT_PAGES = ("settlement:movement", "settlement:ask", "settlement:repaid")
CORRECTION_PAGES = ("settlement:approve_correction", "settlement:reject", "settlement:withdraw")
BOUNCE_PAGES = ("settlement:approve_bounce", "settlement:reject_bounce", "settlement:keep_account")
BATCH_PAGES = ("batch", "approve", "discard", "sent", "file")


def line_of(order: Order) -> Transfer:
    """What became owed for an order."""
    accounts = Account.objects.filter(region=order.region, budget__isnull=False)
    source = accounts.filter(kind="reserved").order_by("pk")[0]
    target = Account.objects.get_or_create(region=order.region, kind="payable", payee=order.fleet)[
        0
    ]
    told = {"region": order.region, "source": source, "target": target, "about": order.code}
    defaults = {**told, "kind": "settle", "amount_rp": 1, "by": "tests", "at": order.placed_at}
    line, is_new = Transfer.objects.get_or_create(key=f"door:{order.code}", defaults=defaults)
    if is_new:  # so that it can be taken back
        Account.objects.filter(pk=target.pk).update(balance_rp=F("balance_rp") + 1)
    return line


def correction_of(order: Order, by: User) -> Correction:
    """Somebody asked that it be taken back."""
    told = {"reason": "keliru", "asked_by": by, "asked_at": order.placed_at}
    return Correction.objects.get_or_create(line=line_of(order), defaults=told)[0]


def bounce_of(order: Order, by: User) -> Bounce:
    """Somebody said that a payment came back, and another that it did not."""
    told = {"reason": "rekening tutup", "document": "S-1", "asked_by": by, "state": "rejected"}
    defaults = {**told, "asked_at": order.placed_at}
    # Not of the draft: only what was paid comes back.
    told_of = {"region": order.region, "month": "2026-01", "state": "paid", "made_by": by}
    gone, _ = Batch.objects.get_or_create(
        code=f"B-{order.code}", defaults={**told_of, "made_at": order.placed_at}
    )
    first = {"batch": gone, "payee": order.fleet, "amount_rp": 1}
    payment, _ = Payment.objects.get_or_create(reference=f"B-{order.code}-1", defaults=first)
    return Bounce.objects.get_or_create(payment=payment, defaults=defaults)[0]


def hold_of(order: Order, by: User) -> Hold:
    """The line, held."""
    told = {"reason": "kabur", "by": by, "at": order.placed_at}
    return Hold.objects.get_or_create(line=line_of(order), released_at=None, defaults=told)[0]


def batch_of(order: Order, by: User) -> Batch:
    """A draft that pays nobody."""
    told = {"region": order.region, "month": "2026-01", "made_by": by, "made_at": order.placed_at}
    return Batch.objects.get_or_create(code=f"G-{order.code}", defaults=told)[0]


def payment_of(batch: Batch, order: Order) -> Payment:
    """A payment of the batch to the order's fleet."""
    told = {"batch": batch, "payee": order.fleet, "amount_rp": 1}
    return Payment.objects.get_or_create(reference=f"G-{order.code}-1", defaults=told)[0]
