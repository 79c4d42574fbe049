"""A whole shift logs in at once, and the machine has the memory for it."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import Argon2PasswordHasher

from gancang.accounts.hashing import AT_ONCE_MAX, Patient

if TYPE_CHECKING:
    import pytest


def test_passwords_are_checked_a_few_at_a_time_and_hashes_of_before_still_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stored = Argon2PasswordHasher().encode("kopi-osing-pagi", "garamgaram")
    lock, inside, most = threading.Lock(), 0, 0
    real = Argon2PasswordHasher.verify

    def counted(hasher: Argon2PasswordHasher, password: str, encoded: str) -> bool:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        time.sleep(0.01)
        with lock:
            inside -= 1
        return bool(real(hasher, password, encoded))

    monkeypatch.setattr(Argon2PasswordHasher, "verify", counted)
    with ThreadPoolExecutor(8) as shift:
        opened = list(shift.map(lambda _n: Patient().verify("kopi-osing-pagi", stored), range(8)))
    assert all(opened)
    assert most <= AT_ONCE_MAX
    assert not Patient().verify("teh-osing-pagi", stored)
