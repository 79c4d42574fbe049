"""Who gets in at the addresses of menus, and a dish of each house."""

from __future__ import annotations

from gancang.menus.models import Choice, Dish, DishPhoto, OptionGroup, Section
from gancang.orders.models import Order
from gancang.regions.models import Organisation

MENUS = """\
shops_list                 | GET  | 200    | all                                  |                   |
shops_list                 | POST | 405    | all                                  |                   |
shop_order                 | GET  | 200    | all                                  |                   |
shop_order                 | POST | 405    | all                                  |                   |
shop_page                  | GET  | 200    | all                                  | all               | all
shop_page                  | POST | 405    | all                                  | all               | all
dish_photo                 | GET  | 200    | all                                  | all               | all
dish_photo                 | POST | 405    | all                                  | all               | all
menus:menu                 | ANY  | 200    | stall                                |                   |
menus:add                  | GET  | 200    | stall                                |                   |
menus:add                  | POST | 400    | stall                                |                   |
menus:dish                 | GET  | 200    | stall                                | none              | none
menus:dish                 | POST | 400    | stall                                | none              | none
menus:deed                 | SEND | 302    | stall                                | none              | none
menus:photo                | SEND | 400    | stall                                | none              | none
menus:add_group            | SEND | 400    | stall                                | none              | none
menus:group                | GET  | 200    | stall                                | none              | none
menus:group                | POST | 400    | stall                                | none              | none
menus:drop_group           | SEND | 302    | stall                                | none              | none
menus:turn_choice          | SEND | 302    | stall                                | none              | none
menus:shown                | ANY  | 200    | operator officer auditor admin       |                   |
menus:sections             | GET  | 200    | stall                                |                   |
menus:sections             | POST | 400    | stall                                |                   |
menus:section_deed         | SEND | 302    | stall                                | none              | none
"""  # noqa: E501 - a table is read across


def seller_beside(order: Order) -> Organisation:
    """The first kitchen of a region beside its first order, the second beside any other."""
    kitchens = Organisation.objects.filter(region=order.region, kind="kitchen").order_by("code")
    first = Order.objects.filter(region=order.region).order_by("pk")[0]
    return kitchens[0 if order == first else 1]


def dish_of(seller: Organisation) -> Dish:
    """A dish with a section, a photo and an option."""
    section, _ = Section.objects.get_or_create(seller=seller, name="Kuah")
    told = {"price_rp": 15_000, "section": section}
    dish, _ = Dish.objects.get_or_create(seller=seller, name="Rujak soto", defaults=told)
    group, _ = OptionGroup.objects.get_or_create(dish=dish, name="Pedas")
    Choice.objects.get_or_create(group=group, name="Sedang")
    bytes_of = {"digest": f"{seller.pk:032}", "large": b"\xff\xd8", "small": b"\xff\xd8"}
    DishPhoto.objects.get_or_create(dish=dish, defaults=bytes_of)
    return dish


def of_menus(order: Order) -> dict[str, dict[str, object]]:
    """A dish and what belongs to it, as parts of addresses."""
    dish = dish_of(seller_beside(order))
    group = dish.groups.get()
    assert dish.section is not None
    return {
        "shop_page": {"code": dish.seller.code},
        "dish_photo": {"digest": dish.photo.digest, "size": "small"},
        "menus": {"number": dish.pk},
        "menus:deed": {"number": dish.pk, "deed": "out"},
        "menus:group": {"number": group.pk},
        "menus:drop_group": {"number": group.pk},
        "menus:turn_choice": {"number": group.choices.get().pk},
        "menus:section_deed": {"number": dish.section.pk, "deed": "up"},
    }


NO_MENU: dict[str, dict[str, object]] = {
    "shop_page": {"code": "nobody-sells"},
    "dish_photo": {"digest": "f" * 32, "size": "small"},
    "menus": {"number": 987654},
    "menus:deed": {"number": 987654, "deed": "out"},
    "menus:section_deed": {"number": 987654, "deed": "up"},
}
