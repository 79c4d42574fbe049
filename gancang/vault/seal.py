"""AES-GCM seals (NIST SP 800-38D) bound to the column they stand in, and a keyed blind index."""

from __future__ import annotations

import base64
import hmac
import secrets
from hashlib import sha256
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from gancang import keys as keyring

if TYPE_CHECKING:
    from gancang.keys import Keys


class Unreadable(Exception):
    """A seal that none of our keys opens, or that was moved from another column."""


def _keys() -> Keys:
    """The keys as they stand now: while a process runs, new ones may be added to the file."""
    keys: Keys | None = settings.KEYS if keyring.in_environment() else keyring.current(settings.VAR)
    if keys is None:
        raise ImproperlyConfigured("no keys: set GANCANG_KEYS or run through the gancang command")
    return keys


def sealed(text: str, *, column: str, keys: Keys | None = None) -> str:
    """`text` sealed for `column` with the newest key: "1.base64(nonce + ciphertext)"."""
    ring = (keys or _keys()).data
    number = max(ring)
    nonce = secrets.token_bytes(12)
    box = AESGCM(ring[number]).encrypt(nonce, text.encode(), column.encode())
    return f"{number}.{base64.b64encode(nonce + box).decode()}"


def opened(seal: str, *, column: str, keys: Keys | None = None) -> str:
    """What was sealed for `column`. Raises Unreadable for a foreign, moved or altered seal."""
    number, _, body = seal.partition(".")
    try:
        raw = base64.b64decode(body, validate=True)
        key = (keys or _keys()).data[int(number)]
        return AESGCM(key).decrypt(raw[:12], raw[12:], column.encode()).decode()
    except (ValueError, KeyError, InvalidTag) as error:
        raise Unreadable(f"a value of {column} cannot be opened with our keys") from error


def blind_index(text: str, *, column: str, keys: Keys | None = None) -> str:
    """A keyed fingerprint that is equal for equal texts and tells nothing else."""
    return _fingerprint((keys or _keys()).index, text, column)


def blind_indexes(text: str, *, column: str) -> list[str]:
    """Every fingerprint under which a row may still stand, the newest first.

    Several while keys are changed: look up with `__in`.
    """
    keys = _keys()
    return [_fingerprint(key, text, column) for key in (keys.index, *keys.old_index)]


def _fingerprint(key: bytes, text: str, column: str) -> str:
    message = f"{column}\0{text}".encode()
    return base64.urlsafe_b64encode(hmac.digest(key, message, sha256)[:18]).decode()
