"""One file of arrays: memory-mapped, versioned, checksummed, written whole or not at all.

magic · length of the head · checksum of the head · head (JSON) · arrays, each on a 64-byte edge.
"""

from __future__ import annotations

import glob
import json
import mmap
import os
import tempfile
import zlib
from contextlib import contextmanager, suppress
from pathlib import Path
from struct import Struct
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from gancang_roads.errors import BadNetwork, NotWritten

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAGIC = b"GANCROAD"
VERSION = 1
FRONT = Struct("<8sIII")
EDGE = 64
HALF = ".half"
KILLED_S = 3600
AGAIN = "build it again with gancang-roads build"

Arrays = dict[str, np.ndarray[Any, Any]]


def write(path: Path, told: Mapping[str, Any], arrays: Mapping[str, np.ndarray[Any, Any]]) -> int:
    """Put the arrays and what is told of them into one file; answers its size in bytes.

    The file appears under its name only when all of it is on the disk; an old one stays until then.
    """
    entries, at = {}, 0
    for name, kept in arrays.items():
        at += -at % EDGE
        entries[name] = {"at": at, "type": kept.dtype.str, "shape": list(kept.shape)}
        at += kept.nbytes
    checksum, at_now = 0, 0
    with _appearing(path) as file:
        room = len(_head(told, entries, checksum=2**32 - 1, size=at)) + EDGE
        file.seek(room_of(room))
        for kept in arrays.values():
            padding = bytes(-at_now % EDGE)
            raw = np.ascontiguousarray(kept).tobytes()
            for part in (padding, raw):
                checksum = zlib.crc32(part, checksum)
                file.write(part)
            at_now += len(padding) + kept.nbytes
        head = _head(told, entries, checksum=checksum, size=at).ljust(room)
        file.seek(0)
        file.write(FRONT.pack(MAGIC, VERSION, len(head), zlib.crc32(head)))
        file.write(head)
    return path.stat().st_size


def room_of(head: int) -> int:
    """Where the arrays begin."""
    front = FRONT.size + head
    return front + -front % EDGE


def _head(
    told: Mapping[str, Any], entries: Mapping[str, Any], *, checksum: int, size: int
) -> bytes:
    head = {"told": told, "arrays": entries, "checksum": checksum, "size": size}
    return json.dumps(head, ensure_ascii=False).encode()


@contextmanager
def _appearing(path: Path) -> Iterator[IO[bytes]]:
    """A file beside it that takes its name at the end, or vanishes; one of a killed build too.

    Raises NotWritten where the disk is full or may not be written.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=HALF, dir=path.parent)
    except OSError as wrong:
        raise NotWritten(f"{path} cannot be written", str(wrong.strerror)) from None
    half = Path(name)
    _tidy(path, half)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        half.chmod(0o644)
        half.replace(path)
    except OSError as wrong:
        raise NotWritten(f"{path} was not written", str(wrong.strerror)) from None
    finally:
        half.unlink(missing_ok=True)


def _tidy(path: Path, ours: Path) -> None:
    """Remove what killed builds of the same file left; no living one writes for an hour."""
    oldest = ours.stat().st_mtime - KILLED_S
    for left in path.parent.glob(f".{glob.escape(path.name)}.*{HALF}"):
        with suppress(OSError):
            if left.stat().st_mtime < oldest:
                left.unlink()


def read(path: Path, *, is_checked: bool = True) -> tuple[dict[str, Any], Arrays]:
    """What is told, and the arrays, which stay on the disk until they are looked at.

    Raises BadNetwork for another file, another version, or a damaged one.
    """
    try:
        with path.open("rb") as file:
            front = file.read(FRONT.size)
            whole = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if front else b""
    except OSError as wrong:
        raise BadNetwork(f"{path}: {wrong.strerror}") from None
    if len(front) < FRONT.size or not front.startswith(MAGIC):
        raise BadNetwork(f"{path} is no road network: {AGAIN}")
    _, version, length, sum_of_head = FRONT.unpack(front)
    if version != VERSION:
        raise BadNetwork(f"{path} has version {version} of the format, not {VERSION}: {AGAIN}")
    head = bytes(whole[FRONT.size : FRONT.size + length])
    if zlib.crc32(head) != sum_of_head:
        raise BadNetwork(f"{path} is damaged at its beginning: {AGAIN}")
    found = json.loads(head)
    begin = room_of(length)
    if len(whole) != begin + found["size"]:
        raise BadNetwork(f"{path} was cut off or lengthened: {AGAIN}")
    if is_checked and zlib.crc32(memoryview(whole)[begin:]) != found["checksum"]:
        raise BadNetwork(f"{path} is damaged: {AGAIN}")
    arrays = {}
    for name, entry in found["arrays"].items():
        count = int(np.prod(entry["shape"]))
        flat = np.frombuffer(whole, entry["type"], count, begin + entry["at"])
        arrays[name] = flat.reshape(entry["shape"])
    return found["told"], arrays
