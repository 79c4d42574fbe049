"""`gancang load-polygons`: the outlines of a region's villages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    Ready = Callable[[argparse.Namespace], AbstractContextManager[None]]
    Say = Callable[[argparse.Namespace, object, Sequence[str]], None]


def add_command(add: Callable[..., argparse.ArgumentParser], ready: Ready, say: Say) -> None:
    """Teach the command line `load-polygons`; it lends a set-up Django and its voice."""

    def load(arguments: argparse.Namespace) -> int:
        with ready(arguments):
            told, lines = _load(arguments)
            say(arguments, told, lines)
        return 0

    adding = add("load-polygons", load, "take in the outlines of a region's villages")
    adding.add_argument("file", metavar="FILE.geojson")
    adding.add_argument("--region", required=True, metavar="CODE")


def _load(arguments: argparse.Namespace) -> tuple[dict[str, object], list[str]]:
    # These need Django set up.
    from django.utils import timezone  # noqa: PLC0415

    from gancang.addresses.outlining import load_outlines  # noqa: PLC0415
    from gancang.regions.queries import get_region  # noqa: PLC0415

    region = get_region(arguments.region)
    file = Path(arguments.file)
    loaded, missing = load_outlines(region, file, by="load-polygons", now=timezone.now())
    told: dict[str, object] = {"villages": loaded, "without": missing}
    lines = [f"{loaded} villages have their outline"]
    more = [f"{missing} have none: by the nearest village's point as before"] if missing else []
    return told, lines + more
