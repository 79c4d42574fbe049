"""From an extract of OpenStreetMap to one file of map tiles (PMTiles 3), written whole or not."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from pmtiles.tile import Compression, TileType
from pmtiles.writer import Writer

from gancang.maps import features, sea, tiles
from gancang.maps.features import Layer
from gancang.maps.kinds import ZOOM_MAX

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gancang.maps.features import Box, Features

ATTRIBUTION = "© OpenStreetMap contributors"
"""What the Open Database License asks us to show on the map."""


class Nowhere(Exception):
    """The extract draws nothing within the box."""


@dataclass(frozen=True, slots=True)
class Built:
    """What was drawn."""

    things: int
    tiles: int
    bytes: int
    box: Box
    broken: int


def build(
    extract: Path,
    target: Path,
    box: Box | None = None,
    tell: Callable[[str, int], object] = lambda _what, _count: None,
) -> Built:
    """Write the tiles of an extract; `tell` hears what is being done and how far it is.

    Raises Nowhere if nothing lies in the box. Until all is done the target is left as it was.
    """
    found = features.read(extract, box, lambda seen: tell("read", seen))
    if found.coast:
        for shape in sea.sea_within(found.coast, found.box):
            found.layers.setdefault("water", Layer()).add(shape, "sea", "", 0)
    things = sum(map(len, found.layers.values()))
    if not things:
        raise Nowhere
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file, _writing(file) as writer:
            count = _write(writer, found, lambda done: tell("cut", done))
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        os.chmod(name, 0o644)
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise
    return Built(things, count, size, found.box, found.broken)


@contextmanager
def _writing(file: IO[bytes]) -> Iterator[Writer]:
    """A writer of tiles that leaves nothing open behind it."""
    writer = Writer(file)
    try:
        yield writer
    finally:
        # On a full disk closing its own file for tiles fails once more, and would do so later.
        with suppress(OSError):
            writer.tile_f.close()


def _write(writer: Writer, found: Features, tell: Callable[[int], object]) -> int:
    done = 0
    for done, (tile_id, packed) in enumerate(tiles.cut(found), start=1):
        writer.write_tile(tile_id, packed)
        if done % 100 == 0:
            tell(done)
    west, south, east, north = (round(degree * 1e7) for degree in found.box)
    header = {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "min_lon_e7": west,
        "min_lat_e7": south,
        "max_lon_e7": east,
        "max_lat_e7": north,
        "center_zoom": ZOOM_MAX - 3,
        "center_lon_e7": (west + east) // 2,
        "center_lat_e7": (south + north) // 2,
    }
    layers = [
        {"id": name, "fields": {"kind": "String", "name": "String"}}
        for name in sorted(found.layers)
    ]
    writer.finalize(header, {"attribution": ATTRIBUTION, "vector_layers": layers})
    return done
