"""Passwords are hashed a few at a time: each takes 100 MB for a moment, on purpose."""

from __future__ import annotations

import threading

from django.contrib.auth.hashers import Argon2PasswordHasher

AT_ONCE_MAX = 2
_turns = threading.BoundedSemaphore(AT_ONCE_MAX)


class Patient(Argon2PasswordHasher):
    """Argon2 as it is, taken in turns: when a whole shift logs in at once the memory is there."""

    def encode(self, password: str, salt: str) -> str:
        """The hash that is stored."""
        with _turns:
            return str(super().encode(password, salt))

    def verify(self, password: str, encoded: str) -> bool:
        """Whether the password is the one that was stored."""
        with _turns:
            return bool(super().verify(password, encoded))
