"""What the board shows on a map: orders, riders and their ways, and where much is asked."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from gancang.dispatch.rules import urgency
from gancang.fleet.queries import list_on_shift
from gancang.fleet.seeing import LATELY
from gancang.maps.closed import WAY
from gancang.maps.queries import closed_roads, shape_of
from gancang.maps.rules import Cause
from gancang.orders import lifecycle
from gancang.orders.queries import visible_to
from gancang.regions.models import Organisation
from gancang.regions.queries import zone_of

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from gancang.accounts.models import Membership
    from gancang.fleet.queries import OnShift
    from gancang.maps.models import RoadClosure
    from gancang.orders.models import Order

POINTS_MAX = 1_000
HEAT_DAYS = 30
KINDS = {
    lifecycle.ASSIGNED: "underway",
    lifecycle.COLLECTED: "underway",
    lifecycle.FAILED: "risk",
    lifecycle.HELD: "held",
}
# A letter beside the colour, for who cannot tell the colours apart.
MARKS = {"late": "!", "risk": "?", "underway": "→", "held": "▪", "waiting": "·"}


def board_on_map(asker: Membership, *, now: datetime) -> dict[str, list[dict[str, Any]]]:
    """All open orders and riders at work as points, bags in hand as ways, and closed roads.

    Three queries, and one for closed roads where there is a road map.
    """
    zone = zone_of(asker.region)
    orders = visible_to(asker).filter(state__in=sorted(lifecycle.OPEN))
    orders = orders.select_related("village__district", "carrier").order_by("promise_at", "id")
    shown = list(orders[:POINTS_MAX])
    riders = [
        found
        for found in list_on_shift(asker.region, now=now)
        # Nobody is shown on his break.
        if found.shift.lat is not None and not found.resting_until
    ]
    places = Organisation.objects.filter(region=asker.region, kind=Organisation.Kind.HOSPITAL)
    counters = [
        {"id": c.code, "lat": c.lat, "lon": c.lon, "kind": "counter", "mark": "+", "title": c.name}
        for c in places.exclude(lat=None)
    ]
    closed = closed_roads(asker.region, at=now)
    points = [
        *counters,
        *(_closed(row, zone) for row in closed),
        *(_order(order, zone, now=now) for order in shown),
    ]
    return {
        "points": points + [_rider(found, now=now) for found in riders],
        "lines": _ways(shown, riders) + [_outline(row) for row in closed],
    }


def demand_on_map(asker: Membership, *, now: datetime) -> list[dict[str, Any]]:
    """How much was asked from each village in the last days, the most as 1. One query."""
    rows = visible_to(asker).filter(placed_at__gt=now - timedelta(days=HEAT_DAYS)).order_by()
    found = list(rows.values_list("village__lat", "village__lon").annotate(Count("id")))
    most = max((count for _lat, _lon, count in found), default=1)
    return [{"lat": lat, "lon": lon, "weight": count / most} for lat, lon, count in found]


def _order(order: Order, zone: ZoneInfo, *, now: datetime) -> dict[str, Any]:
    pressing = urgency(order.state, order.promise_at, now=now)
    kind = {"late": "late", "risk": "risk"}.get(pressing) or KINDS.get(order.state, "waiting")
    by = order.promise_at.astimezone(zone).strftime("%H.%M")
    words = [_(lifecycle.STATES[order.state]), _("promised by %(by)s") % {"by": by}]
    if order.carrier:
        words.append(order.carrier.full_name)
    return {
        "id": order.code,
        "lat": order.lat,
        "lon": order.lon,
        "kind": kind,
        "mark": MARKS[kind],
        "title": f"{order.code}, {order.village}",
        "text": " · ".join(words),
        "href": reverse("dispatch:remedies", args=[order.code]),
    }


def _closed(row: RoadClosure, zone: ZoneInfo) -> dict[str, Any]:
    lat, lon = shape_of(row).middle()
    ends = _("until further notice")
    if row.until:
        ends = _("until %(when)s") % {"when": row.until.astimezone(zone).strftime("%d-%m-%Y %H.%M")}
    return {
        "id": f"closed-{row.pk}",
        "lat": lat,
        "lon": lon,
        "kind": "late",
        "mark": "X",
        "title": _("Closed: %(cause)s") % {"cause": _(Cause(row.cause).sentence)},
        "text": _("Decree %(decree)s") % {"decree": row.decree} + f" · {ends}",
        "href": reverse("dispatch:closed_roads"),
    }


def _outline(row: RoadClosure) -> dict[str, Any]:
    shape = shape_of(row)
    ring = shape.ring()
    return {"kind": "late", "points": [*ring, *([] if shape.kind == WAY else ring[:1])]}


def _rider(found: OnShift, *, now: datetime) -> dict[str, Any]:
    shift, seen_at = found.shift, found.shift.seen_at
    minutes = int((now - seen_at).total_seconds() // 60) if seen_at else 0
    lately = seen_at is not None and now - seen_at < LATELY
    name = found.rider.user.full_name
    return {
        "id": f"rider-{found.rider.user_id}",
        "lat": shift.lat,
        "lon": shift.lon,
        "kind": "rider" if lately else "quiet",
        "mark": name[:1].upper(),
        "size": 12,
        "title": name,
        "text": _("%(fleet)s · seen %(n)s minutes ago")
        % {"fleet": found.rider.organisation, "n": minutes},
    }


def _ways(orders: list[Order], riders: list[OnShift]) -> list[dict[str, Any]]:
    """From each rider through the houses whose bags he has, by their promises."""
    houses: defaultdict[int, list[tuple[float, float]]] = defaultdict(list)
    for order in orders:  # they come by promise
        if order.state == lifecycle.COLLECTED and order.carrier_id:
            houses[order.carrier_id].append((order.lat, order.lon))
    return [
        {
            "kind": "rider",
            "points": [(found.shift.lat, found.shift.lon), *houses[found.rider.user_id]],
        }
        for found in riders
        if houses[found.rider.user_id]
    ]
