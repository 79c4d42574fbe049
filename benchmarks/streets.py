"""The streets of a real town, laid where a region has its hospital: they weigh what streets weigh.

No extract of the regions in the packs is at hand. `GANCANG_EXTRACTS` names the folder of extracts.
"""

from __future__ import annotations

import csv
import subprocess
import tomllib
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.roads.__main__ import CITY, FOLDER
from benchmarks.served import GANCANG, environment

if TYPE_CHECKING:
    from pathlib import Path

TOWN = FOLDER / CITY


def load(pack: Path, folder: str) -> tuple[float, float]:
    """Draw the region of a pack with the streets of the town; where its middle lies now."""
    with (pack / "organisations.csv").open(newline="") as file:
        hospital = next(row for row in csv.DictReader(file) if row["kind"] == "hospital")
    at = float(hospital["lat"]), float(hospital["lon"])
    code = tomllib.loads((pack / "region.toml").read_text())["region"]["code"]
    moved = f"{folder}/moved.osm.pbf"
    _move(at, moved)
    asked = [GANCANG, "load-map", moved, "--region", code]
    subprocess.run(asked, env=environment(folder), check=True, stdout=subprocess.DEVNULL)
    return at


def _move(at: tuple[float, float], target: str) -> None:
    import osmium  # noqa: PLC0415 - only here
    from osmium.osm import NODE, Node  # noqa: PLC0415

    nodes = [
        (node.lat, node.lon)
        for node in osmium.FileProcessor(str(TOWN), NODE)
        if isinstance(node, Node)
    ]
    by_lat, by_lon = np.array(at) - np.median(nodes, axis=0)
    with osmium.SimpleWriter(target) as writer:
        for thing in osmium.FileProcessor(str(TOWN)):
            if isinstance(thing, Node):
                writer.add_node(thing.replace(location=(thing.lon + by_lon, thing.lat + by_lat)))
            else:
                writer.add(thing)
