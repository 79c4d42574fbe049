"""What the patient's link tells: the steps done and ahead. Not who, and not what."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.http import Http404
from gancang_roads import Place

from gancang.dispatch.nearness import Near, near
from gancang.fleet.queries import find_shift_of, work_of
from gancang.maps.ways import travel_of
from gancang.orders import lifecycle
from gancang.orders.links import find_code
from gancang.orders.models import Order
from gancang.orders.queries import get_by_code, list_legs
from gancang.regions.queries import place_of
from gancang.values import N_

if TYPE_CHECKING:
    from datetime import datetime


STEPS = (
    (lifecycle.PLACED, N_("The pharmacy prepares it")),
    (lifecycle.RELEASED, N_("Checked by the pharmacist")),
    (lifecycle.ASSIGNED, N_("A rider fetches it")),
    (lifecycle.COLLECTED, N_("On the way to you")),
    (lifecycle.DELIVERED, N_("Handed over")),
)
GOODS = {
    lifecycle.PLACED: N_("The sender makes it ready"),
    lifecycle.RELEASED: N_("Ready for a rider"),
}
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
    goods = {} if order.is_medicine else GOODS
    steps = [
        {"words": goods.get(state, words), "done": place <= reached, "now": place == reached}
        for place, (state, words) in enumerate(STEPS)
    ]
    comes = order.way != "post" and order.state in {lifecycle.ASSIGNED, lifecycle.COLLECTED}
    parcel = list_legs(order)[-1:] if order.way == "post" else []
    return {
        "steps": steps if reached >= 0 else [],
        "parcel": parcel[0] if parcel and order.state == lifecycle.COLLECTED else None,
        "rider": order.carrier.full_name.split()[0] if comes and order.carrier else "",
        "can_cancel": order.state in lifecycle.CANCELLABLE and not order.is_sold,
    }


def find_near(order: Order, *, now: datetime) -> Near | None:
    """About how far the rider still is, once he is ten minutes away; until then nobody is told.

    Only while he works and has this bag and none that comes first, and only from where he was seen
    a moment ago: a link shows that he comes, never where he is or was. Three queries at most.
    """
    comes = order.state == lifecycle.COLLECTED and not order.frozen_at and not order.hold_at_id
    if not comes or order.carrier is None:
        return None
    shift = find_shift_of(order.carrier)  # none for who visits, or goes to the post
    if shift is None or shift.lat is None or shift.lon is None or shift.seen_at is None:
        return None
    if not work_of(shift).is_working(now) or _has_bag_before(order):
        return None
    here = Place(shift.lat, shift.lon, place_of(order.village).area)
    door = place_of(order.village, order.lat, order.lon)
    leg = travel_of(order.region, at=now).leg(here, door)
    # Where the phone's clock ran ahead, it was a moment ago.
    unseen_for = max(timedelta(0), now - shift.seen_at)
    return near(seconds=leg.seconds, metres=leg.metres, unseen_for=unseen_for)


def _has_bag_before(order: Order) -> bool:
    """Whether its rider has another bag that was promised sooner."""
    others = Order.objects.filter(carrier=order.carrier_id, state=lifecycle.COLLECTED)
    return others.filter(promise_at__lt=order.promise_at).exists()
