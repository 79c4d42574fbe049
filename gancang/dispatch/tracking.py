"""What the patient's link tells: the steps done and ahead. Not who, and not what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404

from gancang.orders import lifecycle
from gancang.orders.links import find_code
from gancang.orders.queries import get_by_code, list_legs
from gancang.values import N_

if TYPE_CHECKING:
    from gancang.orders.models import Order

STEPS = (
    (lifecycle.PLACED, N_("The pharmacy prepares it")),
    (lifecycle.RELEASED, N_("Checked by the pharmacist")),
    (lifecycle.ASSIGNED, N_("A rider fetches it")),
    (lifecycle.COLLECTED, N_("On the way to you")),
    (lifecycle.DELIVERED, N_("Handed over")),
)
_REACHED = [state for state, _words in STEPS]


def find_tracked(token: str) -> Order | None:
    """The order of a link that we made, or None."""
    code = find_code(token)
    if code is None:
        return None
    try:
        return get_by_code(code)
    except Http404:
        return None


def progress(order: Order) -> dict[str, Any]:
    """The steps with where the order stands, and the rider's name while he comes."""
    reached = _REACHED.index(order.state) if order.state in _REACHED else -1
    steps = [
        {"words": words, "done": place <= reached, "now": place == reached}
        for place, (_state, words) in enumerate(STEPS)
    ]
    comes = order.way != "post" and order.state in {lifecycle.ASSIGNED, lifecycle.COLLECTED}
    parcel = list_legs(order)[-1:] if order.way == "post" else []
    return {
        "steps": steps if reached >= 0 else [],
        "parcel": parcel[0] if parcel and order.state == lifecycle.COLLECTED else None,
        "rider": order.carrier.full_name.split()[0] if comes and order.carrier else "",
        "can_cancel": order.state in lifecycle.CANCELLABLE,
    }


def hand_over_page(order: Order) -> str:
    """The name of the page on which a rider hands this kind of goods over."""
    return f"{order.item_class}:hand_over"
