"""What addresses of cards, vouchers and complaints may name, made of one order's patient."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.complaints.models import Complaint
from gancang.programmes.queries import get_programme
from gancang.regions.models import Organisation
from gancang.vouchers.links import balance_token
from gancang.vouchers.models import Redemption, Voucher

if TYPE_CHECKING:
    from gancang.accounts.models import User
    from gancang.orders.models import Order


def of_vouchers(order: Order, by: User) -> dict[str, dict[str, object]]:
    """A balance of the patient, and what the first kitchen of his region took of it."""
    kitchen = Organisation.objects.filter(region=order.region, kind="kitchen").order_by("code")
    programme = get_programme(order.region, "kupon-belanja")
    at = order.placed_at
    row, _ = Voucher.objects.get_or_create(
        resident=order.resident,
        programme_code=programme.code,
        cycle="2026-11",
        defaults={
            "region": order.region,
            "code": f"{order.code}K",
            "programme": programme,
            "count": 0,
            "first": at.date(),
            "last": at.date(),
            "issued_by": "tests",
            "issued_at": at,
        },
    )
    taken, _ = Redemption.objects.get_or_create(
        code=f"{order.code}T",
        defaults={
            "region": order.region,
            "voucher": row,
            "shop": kitchen.first() or order.origin,
            "by": by,
            "count": 0,
            "amount_rp": 0,
            "factor": "card",
            "at": at,
            "said_at": at,
            "key": order.code,
        },
    )
    said, _ = Complaint.objects.get_or_create(
        region=order.region,
        about=order.code,
        defaults={
            "programme_code": programme.code,
            "cause": "less",
            "words": "kurang satu",
            "channel": "phone",
            "told_by": "tests",
            "opened_at": at,
            "due_at": at,
        },
    )
    return {
        "complaints": {"number": said.pk},
        "cards": {"number": order.resident_id},
        "vouchers:receipt": {"code": taken.code},
        "settlement:give_back": {"code": taken.code},
        "vouchers:cycle": {"programme": programme.code, "cycle": row.cycle},
        "vouchers:sheet": {"programme": programme.code, "cycle": row.cycle},
        "balance": {"token": balance_token(row.code)},
    }


NO_VOUCHERS: dict[str, dict[str, object]] = {
    "complaints": {"number": 987654},
    "cards": {"number": 987654},
    "vouchers:receipt": {"code": "XX-9999-9999"},
    "settlement:give_back": {"code": "XX-9999-9999"},
    "vouchers:cycle": {"programme": "none", "cycle": "1999-01"},
    "vouchers:sheet": {"programme": "none", "cycle": "1999-01"},
    "balance": {"token": "x"},
}
