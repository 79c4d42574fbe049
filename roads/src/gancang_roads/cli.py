"""`gancang-roads`: builds a road network from OpenStreetMap data and answers from it."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from dataclasses import asdict
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from gancang_roads.arrays import UNREACHABLE, Floats, Small
from gancang_roads.build import build
from gancang_roads.clip import Box, Clip, Polygon
from gancang_roads.errors import OffTheMap, RoadsError
from gancang_roads.network import Network
from gancang_roads.profiles import NAMES
from gancang_roads.snapping import points_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gancang_roads.route import Route

DONE, REFUSED, STOPPED = 0, 1, 130
BAR = 30
MAY_BEGIN_WITH_MINUS = ("--from", "--to", "--bbox")


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks; 0 done, 1 refused with a line on stderr, 2 wrong usage."""
    told = list(sys.argv[1:] if arguments is None else arguments)
    asked = _parser().parse_args(_with_signs(told))
    try:
        asked.does(asked, perf_counter())
    except KeyboardInterrupt:
        sys.stderr.write("gancang-roads: stopped\n")
        return STOPPED
    except (ValueError, OSError, MemoryError) as wrong:
        reason = str(wrong) or type(wrong).__name__
        sys.stderr.write(f"gancang-roads: {' '.join(reason.split())}\n")
        return REFUSED
    return DONE


def _with_signs(told: list[str]) -> list[str]:
    """`--from -8.2,114.3` as one word: argparse takes southern latitudes for options."""
    joined: list[str] = []
    for word in told:
        if joined and joined[-1] in MAY_BEGIN_WITH_MINUS and word[:2].strip("-").isdigit():
            joined[-1] += f"={word}"
        else:
            joined.append(word)
    return joined


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("gancang-roads", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    told = "one file from an extract: .osm.pbf, .osm, .osm.gz, .osm.bz2, Overpass .json"
    make = commands.add_parser("build", help=told, description=_BUILD)
    make.set_defaults(does=_build)
    make.add_argument("file", type=Path, metavar="FILE")
    make.add_argument("-o", "--output", type=Path, required=True, metavar="NET")
    part = make.add_mutually_exclusive_group()
    part.add_argument("--bbox", metavar="W,S,E,N", help="only within this box, in degrees")
    part.add_argument("--polygon", type=Path, metavar="FILE.geojson", help="only within it")
    make.add_argument("--profiles", metavar="P,P", help=f"(default: {','.join(NAMES)})")
    make.add_argument("--country", metavar="ID", help="whose speeds hold (default: by place)")
    table = commands.add_parser("matrix", help="times and distances between points")
    table.set_defaults(does=_matrix)
    table.add_argument("net", type=Path, metavar="NET")
    table.add_argument("--points", type=Path, required=True, metavar="FILE.csv", help="lat,lon")
    way = commands.add_parser("route", help="the way from one point to another")
    way.set_defaults(does=_route)
    way.add_argument("net", type=Path, metavar="NET")
    way.add_argument("--from", dest="begin", required=True, type=_point, metavar="LAT,LON")
    way.add_argument("--to", dest="end", required=True, type=_point, metavar="LAT,LON")
    way.add_argument("--language", default="id", choices=("id", "en"), help="(default: id)")
    way.add_argument("--alternatives", type=int, default=1, metavar="N", help="up to so many ways")
    for command in (table, way):
        command.add_argument("--profile", default="motorcycle", choices=NAMES)
        command.add_argument("--hour", type=int, metavar="H", help="with the traffic of that hour")
    for command in (make, table, way):
        command.add_argument("--json", action="store_true", help="one JSON document on stdout")
    return parser


_BUILD = """Reads an extract of OpenStreetMap and writes a road network: one file, which appears
whole or not at all. Prints nodes (crossings), edges (roads between them) and seconds."""


def _point(text: str) -> tuple[float, float]:
    lat, lon = (float(part) for part in text.split(","))
    return lat, lon


def _build(asked: argparse.Namespace, began: float) -> None:
    clip: Clip | None = Box.parse(asked.bbox) if asked.bbox else None
    if asked.polygon:
        clip = Polygon.read(asked.polygon)
    profiles = asked.profiles.split(",") if asked.profiles else NAMES
    progress = _Bar()
    try:
        built = build(
            asked.file,
            asked.output,
            clip=clip,
            profiles=profiles,
            country=asked.country,
            progress=progress,
        )
    finally:
        progress.clear()
    seconds = round(perf_counter() - began, 3)
    if asked.json:
        _say(json.dumps(asdict(built) | {"seconds": seconds}))
        return
    _say(f"nodes {built.nodes}, edges {built.edges}, seconds {seconds:.1f}")
    for name in profiles:
        parts = " + ".join(f"{size:,}" for size in built.islands[name])
        apart = f" in parts that are not joined: {parts}" if len(built.islands[name]) > 1 else ""
        told = f"{built.nodes_of[name]:,} nodes, {built.edges_of[name]:,} edges"
        _say(f"{name}: {told}{apart}")
    _say(f"{asked.output}: {built.bytes / 1e6:.1f} MB, roads of {built.stamp}")


def _matrix(asked: argparse.Namespace, began: float) -> None:
    points = _points(asked.points)
    roads = _roads(asked)
    try:
        found = roads.matrix(points, points)
    except OffTheMap as wrong:
        said = str(wrong).partition(": ")[2]
        raise RoadsError(f"{asked.points}, row {wrong.row + 1}: {said}") from None
    if asked.json:
        told: dict[str, Any] = {"seconds": _rows(found.seconds), "metres": _rows(found.metres)}
        took = round(perf_counter() - began, 4)
        _say(json.dumps(told | {"took_s": took, "source": found.source}))
        return
    for row in _rows(found.seconds):
        _say(",".join("" if seconds is None else str(seconds) for seconds in row))


def _rows(figures: Small) -> list[list[int | None]]:
    """Rows of figures; None where no way leads."""
    if (figures != UNREACHABLE).all():
        return figures.tolist()  # type: ignore[no-any-return]
    return [[None if f == UNREACHABLE else f for f in row] for row in figures.tolist()]


def _points(path: Path) -> Floats:
    """The points of a CSV. Raises RoadsError naming the row, counted from 1 below the headings."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except UnicodeDecodeError:
        raise RoadsError(f"{path} is not a text in UTF-8") from None
    if not rows:
        raise RoadsError(f"{path} has no rows; its first line is lat,lon")
    found = []
    for number, row in enumerate(rows, 1):
        try:
            found.append((float(row["lat"]), float(row["lon"])))
        except KeyError as missing:
            raise RoadsError(f"{path} has no column {missing}; its first line is lat,lon") from None
        except (TypeError, ValueError):
            told = f"{row['lat']!r}, {row['lon']!r}"
            raise RoadsError(f"{path}, row {number}: {told} are not two numbers") from None
    try:
        return points_of(found)
    except RoadsError as wrong:
        raise RoadsError(f"{path}, {wrong}") from None


def _route(asked: argparse.Namespace, began: float) -> None:
    del began
    roads = _roads(asked)
    ways = roads.alternatives(asked.begin, asked.end, at_most=max(1, asked.alternatives))
    told = [_told(way, asked.language) for way in ways]
    if asked.json:
        more = {"alternatives": told[1:]} if asked.alternatives > 1 else {}
        _say(json.dumps(told[0] | more, ensure_ascii=False))
        return
    for way in told:
        _say(f"{way['seconds']} s, {way['metres']} m ({way['source']})")
        for step in way["steps"]:
            _say(f"  {step['text']}, {step['metres']} m" if step["metres"] else f"  {step['text']}")


def _told(way: Route, language: str) -> dict[str, Any]:
    steps = [{"text": s.text, "metres": s.metres, "kind": s.kind} for s in way.steps(language)]
    return {
        "seconds": way.seconds,
        "metres": way.metres,
        "line": way.line,
        "steps": steps,
        "source": way.source,
    }


def _roads(asked: argparse.Namespace) -> Any:
    roads = Network.open(asked.net).roads(asked.profile)
    return roads if asked.hour is None else roads.at_hour(asked.hour)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


class _Bar:
    """Progress on a terminal; silent elsewhere."""

    def __init__(self) -> None:
        self._is_shown = sys.stderr.isatty()

    def __call__(self, stage: str, done: float | None = None) -> None:
        if self._is_shown:
            full = round(BAR * (done or 0))
            bar = f"[{'#' * full}{'.' * (BAR - full)}] " if done is not None else ""
            sys.stderr.write(f"\r\033[K{bar}{stage}")
            sys.stderr.flush()

    def clear(self) -> None:
        """Leave an empty line."""
        if self._is_shown:
            sys.stderr.write("\r\033[K")
