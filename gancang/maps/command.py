"""`gancang load-map`: a region's map and roads from an OpenStreetMap extract."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable


def add_command(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Teach the command line `load-map`; it lends a set-up Django and its voice."""
    adding = add("load-map", _load, "draw the map of a region and learn its roads from an extract")
    adding.add_argument("extract", metavar="EXTRACT", help=".osm.pbf, .osm or .osm.gz")
    adding.add_argument("--region", required=True, metavar="CODE")
    adding.add_argument("--bbox", metavar="W,S,E,N", help="default: around the region's villages")


def _load(arguments: argparse.Namespace) -> tuple[dict[str, object], list[str]]:
    # These need Django set up.
    from django.utils import timezone  # noqa: PLC0415

    from gancang.maps.actions import box_from, load  # noqa: PLC0415
    from gancang.regions.queries import get_region  # noqa: PLC0415

    found = load(
        get_region(arguments.region),
        Path(arguments.extract),
        box_from(arguments.bbox) if arguments.bbox else None,
        tell=_progress,
        by="load-map",
        now=timezone.now(),
    )
    kept, tiles, roads = found.stored, found.tiles, found.roads
    told = {
        "tiles": tiles.tiles,
        "bytes": tiles.bytes,
        "things": tiles.things,
        "crossings": roads.nodes,
        "roads": roads.edges,
        "villages": found.villages,
        "villages_off": found.villages_off,
        "data_of": kept.data_of,
        "box": list(kept.box),
    }
    drawn = f"{tiles.things} things on {tiles.tiles} tiles, {tiles.bytes / 1e6:.1f} MB"
    ways = f"{roads.edges} roads between {roads.nodes} crossings, {roads.bytes / 1e6:.1f} MB"
    off = f"{found.villages_off} of {found.villages} villages lie too far from any road"
    lines = [f"{drawn}; {ways}; data of {kept.data_of or 'an unknown day'}"]
    return told, lines + ([f"{off}: ways to them are estimated"] if found.villages_off else [])


def _progress(what: str, count: int) -> None:
    """How far a long piece of work is, on one line of a terminal."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{what} {count}\033[K")
