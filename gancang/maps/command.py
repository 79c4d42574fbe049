"""`gancang load-map`: the map of a region from an OpenStreetMap extract."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    Ready = Callable[[argparse.Namespace], AbstractContextManager[None]]
    Say = Callable[[argparse.Namespace, object, Sequence[str]], None]


def add_command(add: Callable[..., argparse.ArgumentParser], ready: Ready, say: Say) -> None:
    """Teach the command line `load-map`; it lends a set-up Django and its voice."""

    def load(arguments: argparse.Namespace) -> int:
        with ready(arguments):
            told, line = _load(arguments)
            say(arguments, told, [line])
        return 0

    adding = add("load-map", load, "draw the map of a region from an OpenStreetMap extract")
    adding.add_argument("extract", metavar="EXTRACT", help=".osm.pbf, .osm or .osm.gz")
    adding.add_argument("--region", required=True, metavar="CODE")
    adding.add_argument("--bbox", metavar="W,S,E,N", help="default: around the region's villages")


def _load(arguments: argparse.Namespace) -> tuple[dict[str, object], str]:
    # These need Django set up.
    from django.utils import timezone  # noqa: PLC0415

    from gancang.maps.actions import box_from, load  # noqa: PLC0415
    from gancang.regions.queries import get_region  # noqa: PLC0415

    kept, built = load(
        get_region(arguments.region),
        Path(arguments.extract),
        box_from(arguments.bbox) if arguments.bbox else None,
        tell=_progress,
        by="load-map",
        now=timezone.now(),
    )
    told = {
        "tiles": built.tiles,
        "bytes": built.bytes,
        "things": built.things,
        "data_of": kept.data_of,
        "box": list(kept.box),
    }
    line = f"{built.things} things on {built.tiles} tiles, {built.bytes / 1e6:.1f} MB"
    return told, f"{line}; data of {kept.data_of or 'an unknown day'}"


def _progress(what: str, count: int) -> None:
    """How far a long piece of work is, on one line of a terminal."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{what} {count}\033[K")
