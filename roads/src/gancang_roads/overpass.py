"""Reads roads out of an answer of Overpass in JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from gancang_roads.errors import BadExtract
from gancang_roads.osm import NO_PLACE, Gathering

if TYPE_CHECKING:
    from pathlib import Path

HOW = "ask Overpass with [out:json], and (._;>;);out; or out geom; at the end"


class _Ref(NamedTuple):
    ref: int
    x: int
    y: int


def gather(path: Path, gathered: Gathering) -> str:
    """Hand over all that is a road; answers the date of the data, or ''."""
    try:
        told = json.loads(path.read_text("utf-8"))
        elements = told["elements"]
        places = {e["id"]: (e["lon"], e["lat"]) for e in elements if e["type"] == "node"}
        for element in elements:
            _hand_over(element, places, gathered)
        return str(told.get("osm3s", {}).get("timestamp_osm_base", ""))[:10]
    except (UnicodeDecodeError, json.JSONDecodeError) as wrong:
        raise BadExtract(f"{path} is no JSON, or was cut off ({wrong}): fetch it again") from None
    except (KeyError, TypeError, AttributeError):
        raise BadExtract(f"{path} is no answer of Overpass; {HOW}") from None


def _hand_over(element: Any, places: dict[int, Any], gathered: Gathering) -> None:
    number, tags = element["id"], element.get("tags", {})
    match element["type"]:
        case "node":
            gathered.node(number, tags)
        case "way":
            gathered.way(number, tags, _refs(element, places))
        case "relation" if tags.get("type") == "restriction":
            members = [(m["type"], m["ref"], m["role"]) for m in element["members"]]
            gathered.turn_rule(tags, members)


def _refs(way: Any, places: dict[int, Any]) -> list[_Ref]:
    if "geometry" in way:
        found = [(p["lon"], p["lat"]) if p else None for p in way["geometry"]]
    else:
        found = [places.get(ref) for ref in way["nodes"]]
    return [
        _Ref(ref, round(place[0] * 1e7), round(place[1] * 1e7)) if place else _Ref(ref, NO_PLACE, 0)
        for ref, place in zip(way["nodes"], found, strict=True)
    ]
