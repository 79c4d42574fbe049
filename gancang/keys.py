"""The keys that seal personal data and sign links: from the environment, or kept under var/."""

from __future__ import annotations

import base64
import json
import os
import secrets
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FILE = "keys.json"


@dataclass(frozen=True, slots=True)
class Keys:
    """`data` seals (the highest number seals, all open); `index` finds; `secret` signs.

    `old_index` finds what has not, or cannot have, the newest key's fingerprint.
    """

    secret: str
    index: bytes
    data: dict[int, bytes]
    old_index: tuple[bytes, ...] = ()


def read(var: Path) -> Keys | None:
    """The keys of the environment, else those under `var`, else None."""
    text = os.environ.get("GANCANG_KEYS")
    if text is None:
        path = var / FILE
        if not path.exists():
            return None
        text = path.read_text(encoding="utf-8")
    return parse(text)


def parse(text: str) -> Keys:
    """The keys that a text holds."""
    try:
        raw = json.loads(text)
        return Keys(
            secret=raw["secret"],
            index=base64.b64decode(raw["index"], validate=True),
            data={int(n): base64.b64decode(key, validate=True) for n, key in raw["data"].items()},
            old_index=tuple(base64.b64decode(k, validate=True) for k in raw.get("old_index", [])),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SystemExit(
            "gancang: GANCANG_KEYS (or var/keys.json) is not readable as keys; "
            "restore it from your backup, do not make a new one"
        ) from error


_seen: dict[Path, tuple[int, Keys]] = {}


def in_environment() -> bool:
    """Whether the keys come from the environment, where only a restart changes them."""
    return "GANCANG_KEYS" in os.environ


def current(var: Path) -> Keys | None:
    """The keys of the file as it stands now; it is read again only after it was replaced."""
    try:
        changed = (var / FILE).stat().st_mtime_ns
    except FileNotFoundError:
        return None
    if var not in _seen or _seen[var][0] != changed:
        keys = read(var)
        assert keys is not None, var
        _seen[var] = (changed, keys)
    return _seen[var][1]


def _new_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def fresh() -> str:
    """New keys, as the text that the environment or the file holds."""
    told = {"secret": secrets.token_urlsafe(48), "index": _new_key(), "data": {"1": _new_key()}}
    return json.dumps(told)


def text_of(var: Path) -> str:
    """The keys as text, from where `read` takes them."""
    return os.environ.get("GANCANG_KEYS") or (var / FILE).read_text(encoding="utf-8")


def with_new_key(text: str) -> str:
    """The same keys and a further one that seals and finds from now on; the old ones open."""
    raw = json.loads(text)
    raw["data"][str(max(map(int, raw["data"])) + 1)] = _new_key()
    raw["old_index"] = [raw["index"], *raw.get("old_index", [])]
    raw["index"] = _new_key()
    return json.dumps(raw)


def without_old_keys(text: str) -> str:
    """Of the keys that open something, the newest alone.

    Old keys of fingerprints stay: what is kept as a fingerprint alone (who wrote STOP, recovery
    codes) can't be made anew, and they open nothing.
    """
    raw = json.loads(text)
    newest = max(raw["data"], key=int)
    raw["data"] = {newest: raw["data"][newest]}
    return json.dumps(raw)


def replace(var: Path, text: str) -> None:
    """Put other keys in place of the file's, whole or not at all."""
    draft = (var / FILE).with_suffix(f".{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(var / FILE)


def ensure(var: Path) -> Keys:
    """The keys to work with; made under `var` with a warning when there are none yet."""
    keys = read(var)
    if keys is None:
        var.mkdir(parents=True, exist_ok=True)
        path = var / FILE
        # Linked into place whole: of two programs that start at once, one key file wins.
        draft = path.with_suffix(f".{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(fresh())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        else:
            sys.stderr.write(
                f"gancang: made new keys in {path}. Back this file up apart from the database: "
                "without it nobody can read the residents' data again.\n"
            )
        finally:
            draft.unlink()
        keys = read(var)
        assert keys is not None
    return keys
