"""How a page puts a map beside its table."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from django import template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.formats import localize
from django.utils.translation import gettext, ngettext

from gancang.maps import stored
from gancang.maps.actions import box_of
from gancang.maps.closed import CIRCLE, WAY
from gancang.maps.queries import shape_of
from gancang.maps.rules import Cause
from gancang.maps.ways import AROUND, CLOSED
from gancang.web.templatetags.gancang_web import kilometres

if TYPE_CHECKING:
    from gancang.maps.models import RoadClosure
    from gancang.regions.models import Region

register = template.Library()
LOOK, ON_IT = "maps/look.js", "maps/map.css"
# In the order in which they are wanted; fetched only when a map comes into view.
FILES: dict[str, dict[str, tuple[str, ...]]] = {
    "gl": {
        "sheets": ("vendor/maplibre-gl/maplibre-gl.css", ON_IT),
        "scripts": (
            "vendor/maplibre-gl/maplibre-gl-csp.js",
            "vendor/pmtiles/pmtiles.js",
            LOOK,
            "maps/gl.js",
        ),
    },
    "plain": {
        "sheets": ("vendor/leaflet/leaflet.css", ON_IT),
        "scripts": (
            "vendor/leaflet/leaflet.js",
            "vendor/protomaps-leaflet/protomaps-leaflet.js",
            LOOK,
            "maps/plain.js",
        ),
    },
}
WORKER = "vendor/maplibre-gl/maplibre-gl-csp-worker.js"


@register.filter
def way_source(told: str) -> str:
    """Where a distance or a time comes from, in words: "roads of 2026-11-20" by the day."""
    if by_roads := re.match(r"roads of (\d{4})-(\d\d)-(\d\d)(?:, at (\d+):00)?", told):
        *date, hour = by_roads.groups()
        day = "-".join(reversed(date))
        words = gettext("by the road map of %(day)s") % {"day": day}
        if hour:
            hour_told = {"day": day, "hour": hour}
            words = gettext("by the road map of %(day)s, traffic of %(hour)s o'clock") % hour_told
        around = gettext(", around closed roads") if told.endswith(AROUND) else ""
        return words + around
    if told == CLOSED:
        return gettext("closed by decree, no other road leads there")
    if learnt := re.match(r"estimate fitted from ([\d,]+) trips of (\d{4})-(\d\d)-(\d\d)", told):
        trips, *date = learnt.groups()
        facts = {"trips": localize(int(trips.replace(",", ""))), "day": "-".join(reversed(date))}
        return gettext("estimate fitted from %(trips)s trips of %(day)s") % facts
    return gettext("estimate")


@register.filter
def way_metres(metres: int) -> str:
    """A distance as somebody on the road reads it: 80 m, 350 m, 4,2 km."""
    if metres >= 1_000:
        return kilometres(metres)
    return f"{max(10, round(metres, -1))} m"


@register.filter
def way_minutes(seconds: int) -> str:
    """Whole minutes, begun ones in full."""
    minutes = max(1, math.ceil(seconds / 60))
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}


@register.filter
def cause_closed(cause: str) -> str:
    """Why roads are closed, in words."""
    return gettext(Cause(cause).sentence)


@register.filter
def where_closed(row: RoadClosure) -> str:
    """Which roads a closure closes, in words."""
    shape = shape_of(row)
    ends = [f"{lat:.4f}, {lon:.4f}" for lat, lon in shape.points]
    if shape.kind == CIRCLE:
        return gettext("within %(m)s m of %(at)s") % {"m": shape.radius_m, "at": ends[0]}
    if shape.kind == WAY:
        return gettext("the way from %(one)s to %(other)s") % {"one": ends[0], "other": ends[1]}
    lat, lon = shape.middle()
    return gettext("an area about %(at)s") % {"at": f"{lat:.4f}, {lon:.4f}"}


@register.inclusion_tag("maps/map.html")
def map_of(
    region: Region,
    *,
    label: str,
    things: str = "",
    every: int = 0,
    stream: str = "",
    pick: str = "",
) -> dict[str, Any]:
    """A map of a region, called `label` for who cannot see it.

    `things` is the address of the JSON with what moves, asked again `every` so many
    seconds, and when the event stream `stream` tells of something;
    `pick` is the beginning of the ids of the two fields (lat, lon) that a pin fills.
    """
    found = stored.in_force(region.code)
    box = found.box if found else box_of(region)
    return {
        "label": label,
        "things": things,
        "every": every,
        "stream": stream,
        "pick": pick,
        "picks": bool(pick),
        "ground": reverse("maps:ground", args=[region.code]),
        "tiles": f"/maps/files/{region.code}/{found.tiles}" if found else "",
        "source": found,
        "box": ",".join(f"{degree:.5f}" for degree in box),
        "files": {
            **{
                way: {k: [static(f) for f in v] for k, v in kinds.items()}
                for way, kinds in FILES.items()
            },
            "worker": static(WORKER),
        },
    }
