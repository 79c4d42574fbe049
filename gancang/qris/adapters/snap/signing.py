"""Signatures of SNAP: RSA with SHA-256 over method, path, body and time, without a token.

SNAP, Bank Indonesia (2021), "asymmetric signature without get token": the string is
METHOD:PATH:lowercase hex of SHA-256 of the minified body:TIMESTAMP. Public keys alone are at
hand here: there is no secret that the time of a comparison could tell.
"""

from __future__ import annotations

import base64
import binascii
import re
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

SKEW_MAX = timedelta(minutes=5)
_BLANKS = re.compile(r'("(?:\\.|[^"\\])*")|\s+')


def to_sign(method: str, path: str, body: bytes, timestamp: str) -> bytes:
    """What both sides sign: blanks outside of texts do not count."""
    small = _BLANKS.sub(lambda found: found[1] or "", body.decode("utf-8", "surrogateescape"))
    digest = sha256(small.encode("utf-8", "surrogateescape")).hexdigest()
    return f"{method}:{path}:{digest}:{timestamp}".encode("utf-8", "surrogateescape")


def signature(text: bytes, own_key: bytes) -> str:
    """Our signature of a text."""
    key = _own(own_key)
    return base64.b64encode(key.sign(text, padding.PKCS1v15(), hashes.SHA256())).decode()


def is_signed(text: bytes, given: str, their_key: bytes) -> bool:
    """Whether they have signed this text."""
    try:
        raw = base64.b64decode(given, validate=True)
        _theirs(their_key).verify(raw, text, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True


def is_fresh(timestamp: str, *, now: datetime) -> bool:
    """Whether a time, as they write it, is now, but for clocks that are a little off."""
    try:
        at = datetime.fromisoformat(timestamp)
    except ValueError:
        return False
    return at.tzinfo is not None and abs(now - at) <= SKEW_MAX


@lru_cache(maxsize=4)
def _own(pem: bytes) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(pem, password=None)
    assert isinstance(key, rsa.RSAPrivateKey), "the key of QRIS is no RSA key"
    return key


@lru_cache(maxsize=4)
def _theirs(pem: bytes) -> rsa.RSAPublicKey:
    key = serialization.load_pem_public_key(pem)
    assert isinstance(key, rsa.RSAPublicKey), "the gateway's key is no RSA key"
    return key
