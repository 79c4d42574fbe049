"""What addresses of kitchens and shops may name, made in one order's village."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.shops.knocking import knock
from gancang.shops.models import Shop

if TYPE_CHECKING:
    from gancang.orders.models import Order

# What an owner names is of the own shop alone, whoever's things these are.
OF_OWNER: dict[str, dict[str, object]] = {
    "shops:switch": {"to": "open"},
    "shops:drop_days_off": {"row": 987654},
    "shops:take_keeper": {"user": 987654},
}
NO_SHOP: dict[str, dict[str, object]] = {
    **OF_OWNER,
    "shops": {"number": 987654},
    "shops:deed": {"number": 987654, "deed": "step"},
    "shops:photo": {"number": 987654, "what": "paper", "row": 987654},
    "join_shop_enter": {"token": "forged"},
    "shop_sign": {"slug": "nowhere", "code": "nobody-here"},
}


def of_shops(order: Order) -> dict[str, dict[str, object]]:
    """A shop that asked to join in the order's village, and an owner who asked for a code."""
    number = shop_of(order).pk
    phone = f"+62812{order.pk:08}"
    token = knock(phone, region=order.region, source=order.code, now=order.placed_at)
    return {
        **OF_OWNER,
        "shops": {"number": number},
        "shops:deed": {"number": number, "deed": "step"},
        "shops:photo": {"number": number, "what": "paper", "row": 987654},
        "join_shop_enter": {"token": token},
        "shop_sign": {"slug": order.region.slug, "code": kitchen_of(order)},
    }


def kitchen_of(order: Order) -> str:
    """The first kitchen of the order's region."""
    rows = Shop.objects.filter(region=order.region, organisation__kind="kitchen")
    found = rows.order_by("organisation__code").values_list("organisation__code", flat=True)
    return found[0]


def shop_of(order: Order) -> Shop:
    """A kitchen in the order's village that waits for a decision."""
    told = {"kind": "kitchen", "village": order.village, "state": "applied", "applied_by": "tests"}
    defaults = {**told, "applied_at": order.placed_at}
    key = {"region": order.region, "name": f"Warung {order.code}"}
    return Shop.objects.get_or_create(**key, defaults=defaults)[0]
