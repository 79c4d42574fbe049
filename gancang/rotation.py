"""New keys for old, `gancang rotate-keys`: where they lie, what was done, what is left to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gancang import keys
from gancang.audit.actions import record
from gancang.regions.queries import list_regions
from gancang.vault import rotating

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How far it is: `text` are keys to be put into the environment by hand."""

    key: int
    rows: int = 0
    left: int = 0
    text: str = ""
    is_blocked: bool = False

    def to_json(self) -> dict[str, object]:
        """For machines."""
        told: dict[str, object] = {"key": self.key, "rows": self.rows, "left": self.left}
        return told | ({"keys": self.text} if self.text else {})

    def lines(self) -> list[str]:
        """For people; the keys alone, so that they can be piped into a safe."""
        if self.text:
            return [self.text]
        if self.is_blocked:
            return []
        return [f"{self.rows} rows sealed anew; everything is sealed with key {self.key} now."]


def rotate(var: Path, *, size: int, tell: Callable[[str], None], now: datetime) -> Told:
    """Add a key if only one is there, and seal everything anew with the newest.

    Called again after a kill it goes on. Keys of the environment are only told: whoever keeps
    them puts them there, restarts every process and calls again.
    """
    ring = _ring(var)
    if len(ring.data) == 1:
        text = keys.with_new_key(keys.text_of(var))
        if keys.in_environment():
            tell("put this into GANCANG_KEYS, restart every process, then call rotate-keys again")
            return Told(key=max(ring.data) + 1, text=text)
        keys.replace(var, text)
        ring = _ring(var)
    newest = max(ring.data)
    total = rotating.count_old(newest)
    done = rotating.seal_anew(
        ring, size=size, tell=lambda n: tell(f"{n} of {total} rows are sealed anew")
    )
    _note("keys.rotated", newest, now=now)
    return Told(key=newest, rows=done)


def forget_old_keys(var: Path, *, size: int, tell: Callable[[str], None], now: datetime) -> Told:
    """Take the old keys away, if nothing needs them any more."""
    ring, text = _ring(var), keys.without_old_keys(keys.text_of(var))
    newest = max(ring.data)
    left = rotating.count_old(newest)
    if left:
        return Told(key=newest, left=left, is_blocked=True)
    if keys.in_environment():
        tell("put this into GANCANG_KEYS and restart every process")
        return Told(key=newest, text=text)
    # Every process reads the file again before it seals, so from here on none uses an old key...
    rotating.refuse_writers_while(lambda: keys.replace(var, text))
    # ...but for a row that was sealed before and waited to be written.
    stragglers = rotating.seal_anew(ring, size=size)
    _note("keys.forgotten", newest, now=now)
    return Told(key=newest, rows=stragglers)


def _ring(var: Path) -> keys.Keys:
    ring = keys.read(var)
    assert ring is not None, "a command makes keys before it begins"
    return ring


def _note(kind: str, newest: int, *, now: datetime) -> None:
    told: dict[str, object] = {"key": newest}
    for region in list_regions():
        record(kind, "keys", region=region.code, by="rotate-keys", now=now, facts=told)
