"""What addresses of meals may name, made of one order and its rider."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.programmes.queries import get_programme
from gancang.servings.models import Diner, MealRound, Serving, Stall, Welfare

if TYPE_CHECKING:
    from gancang.accounts.models import User
    from gancang.orders.models import Order


def of_meals(order: Order, courier: User) -> dict[str, dict[str, object]]:
    """Somebody who eats, the stall, a stop of the order's rider, and a welfare check."""
    told = {"region": order.region, "programme": get_programme(order.region, "rantang-kasih")}
    at = order.placed_at
    by = {"added_by": "tests", "added_at": at}
    fleet, day = courier.memberships.get().organisation, at.date()
    if (stop := Serving.objects.filter(diner__resident=order.resident).first()) is None:
        diner = Diner.objects.create(
            **told, resident=order.resident, clause="x", meals=["pagi"], first=day, **by
        )
        stall, _ = Stall.objects.get_or_create(
            region=order.region,
            programme_code="rantang-kasih",
            kitchen=order.origin,
            defaults={"capacity": 9, **by},
        )
        trip = {"courier": courier, "fleet": fleet, "day": day, "meal": "pagi", "leaves_at": at}
        made = MealRound.objects.create(
            **told, **trip, stall=stall, ends_at=at, made_by="tests", made_at=at
        )
        stop = Serving.objects.create(
            region=order.region,
            code=f"{order.code}R",
            round=made,
            diner=diner,
            day=day,
            meal="pagi",
            place=1,
            due_at=at,
            meal_rp=0,
            stop_rp=0,
        )
        Welfare.objects.create(
            region=order.region, diner=diner, village=order.village, serving=stop, opened_at=at
        )
    return {
        "servings": {"code": stop.code},
        "servings:diner": {"number": stop.diner_id},
        "servings:shut": {"number": stop.round.stall_id},
        "servings:check": {"number": stop.welfare.pk},
    }
