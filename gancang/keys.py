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

    `old_index` finds what was not yet sealed anew since the keys were changed.
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


def fresh() -> str:
    """New keys, as the text that the environment or the file holds."""

    def key() -> str:
        return base64.b64encode(secrets.token_bytes(32)).decode()

    return json.dumps({"secret": secrets.token_urlsafe(48), "index": key(), "data": {"1": key()}})


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
