"""`gancang load-polygons` and `load-landmarks`: outlines of villages, landmarks of an extract."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable


def add_command(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Teach the command line both; it lends a set-up Django and its voice."""
    polygons = add("load-polygons", _outlines, "take in the outlines of a region's villages")
    polygons.add_argument("file", metavar="FILE.geojson")
    landmarks = add("load-landmarks", _landmarks, "take in the landmarks of an extract")
    landmarks.add_argument("extract", metavar="EXTRACT", help=".osm.pbf, .osm or .osm.gz")
    for adding in (polygons, landmarks):
        adding.add_argument("--region", required=True, metavar="CODE")


def _landmarks(arguments: argparse.Namespace) -> tuple[dict[str, object], list[str]]:
    # These need Django set up.
    from django.utils import timezone  # noqa: PLC0415

    from gancang.addresses.seeding import load_landmarks  # noqa: PLC0415
    from gancang.regions.queries import get_region  # noqa: PLC0415

    region = get_region(arguments.region)
    extract = Path(arguments.extract)
    added, known = load_landmarks(region, extract, by="load-landmarks", now=timezone.now())
    return {"added": added, "known": known}, [f"{added} landmarks added, {known} known already"]


def _outlines(arguments: argparse.Namespace) -> tuple[dict[str, object], list[str]]:
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
