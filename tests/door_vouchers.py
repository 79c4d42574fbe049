"""What addresses of cards, vouchers and complaints may name, made of one order's patient."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.accounts.models import User
from gancang.callbacks.models import Callback
from gancang.complaints.models import Complaint
from gancang.food.links import follow_token
from gancang.food.models import FoodOrder
from gancang.programmes.queries import get_programme
from gancang.regions.models import Organisation
from gancang.vouchers.links import balance_token
from gancang.vouchers.models import Redemption, Voucher
from tests.door_bills import NO_BILL, of_bills
from tests.door_menus import NO_MENU, of_menus

if TYPE_CHECKING:
    from gancang.orders.models import Order

PROGRAMME = "kupon-belanja"


def of_vouchers(order: Order, by: User) -> dict[str, dict[str, object]]:
    """A balance of the patient, what a kitchen took of it, and a complaint about the order."""
    voucher = balance_of(order)
    taken: dict[str, object] = {"code": taken_of(order, voucher, by).code}
    rung: dict[str, object] = {"number": call_of(order)}
    cycle: dict[str, object] = {"programme": voucher.programme_code, "cycle": voucher.cycle}
    return {
        "complaints": {"number": complaint_of(order).pk},
        **dict.fromkeys(("complaints:call", "complaints:decide_call"), rung),
        "cards": {"number": order.resident_id},
        **dict.fromkeys(("vouchers:receipt", "settlement:give_back"), taken),
        **dict.fromkeys(("vouchers:cycle", "vouchers:sheet"), cycle),
        "balance": {"token": balance_token(voucher.code)},
        **of_menus(order),
        **of_food(order),
        **of_bills(order),
    }


def of_food(order: Order) -> dict[str, dict[str, object]]:
    """What somebody ordered at the first kitchen of the order's region."""
    kitchens = Organisation.objects.filter(region=order.region, kind="kitchen").order_by("code")
    seller = kitchens.first() or order.origin
    told = {"region": order.region, "seller": seller, "village": order.village, "lines": []}
    told |= {"key": order.code, "goods_rp": 0, "fare_rp": 0, "placed_at": order.placed_at}
    told |= {"promise_at": order.placed_at, "state": "asked", "asked_at": order.placed_at}
    row = FoodOrder.objects.get_or_create(code=f"{order.code}F", defaults=told)[0]
    token: dict[str, object] = {"token": follow_token(row.code)}
    return {
        "food_order": {"region": order.region.slug, "code": seller.code},
        **dict.fromkeys(("food_follow", "food_confirm", "food_call_off"), token),
        "food": {"code": row.code},
    }


def call_of(order: Order) -> int:
    """A call about the order, to somebody who is to say whether it came."""
    told = {"programme": order.programme, "resident": order.resident, "office": order.origin}
    times = {"opened_at": order.placed_at, "due_at": order.placed_at, "tries_max": 3}
    carried_by = User.objects.filter(memberships__role="rider").order_by("pk")[0]
    key = {"region": order.region, "about": order.code}
    defaults = {**told, **times, "carried_by": carried_by}
    return Callback.objects.get_or_create(**key, defaults=defaults)[0].pk


def balance_of(order: Order) -> Voucher:
    """A balance of the order's patient."""
    programme, day = get_programme(order.region, PROGRAMME), order.placed_at.date()
    told = {"region": order.region, "code": f"{order.code}K", "programme": programme, "count": 0}
    given = {"first": day, "last": day, "issued_by": "tests", "issued_at": order.placed_at}
    key = {"resident": order.resident, "programme_code": programme.code, "cycle": "2026-11"}
    return Voucher.objects.get_or_create(**key, defaults={**told, **given})[0]


def taken_of(order: Order, voucher: Voucher, by: User) -> Redemption:
    """What the first kitchen of the order's region took of a balance."""
    kitchens = Organisation.objects.filter(region=order.region, kind="kitchen").order_by("code")
    told = {"region": order.region, "voucher": voucher, "shop": kitchens.first() or order.origin}
    counted = {"count": 0, "amount_rp": 0, "factor": "card", "key": order.code, "by": by}
    defaults = {**told, **counted, "at": order.placed_at, "said_at": order.placed_at}
    return Redemption.objects.get_or_create(code=f"{order.code}T", defaults=defaults)[0]


def complaint_of(order: Order) -> Complaint:
    """A complaint about the order."""
    told = {"programme_code": PROGRAMME, "cause": "less", "words": "kurang satu"}
    told |= {"channel": "phone", "told_by": "tests"}
    defaults = {**told, "opened_at": order.placed_at, "due_at": order.placed_at}
    key = {"region": order.region, "about": order.code}
    return Complaint.objects.get_or_create(**key, defaults=defaults)[0]


NO_VOUCHERS: dict[str, dict[str, object]] = {
    **NO_MENU,
    "complaints": {"number": 987654},
    "cards": {"number": 987654},
    "vouchers:receipt": {"code": "XX-9999-9999"},
    "settlement:give_back": {"code": "XX-9999-9999"},
    "vouchers:cycle": {"programme": "none", "cycle": "1999-01"},
    "vouchers:sheet": {"programme": "none", "cycle": "1999-01"},
    "balance": {"token": "x"},
    "food_order": {"region": "nowhere", "code": "none"},
    **{name: {"token": "x"} for name in ("food_follow", "food_confirm", "food_call_off")},
    "food": {"code": "XX-9999-9999"},
    **NO_BILL,
}
