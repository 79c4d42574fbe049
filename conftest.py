"""The whole suite runs on a real PostgreSQL: DATABASE_URL, or the embedded one in a new folder."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

import django
import pytest
from django.conf import settings

from gancang import embedded, keys

_OPEN = ExitStack()
atexit.register(_OPEN.close)  # also when a plugin fails to load

# Set before Django reads its settings; the workers of pytest-xdist inherit all of it.
if "PYTEST_XDIST_WORKER" not in os.environ:
    _folder = Path(tempfile.mkdtemp(prefix="gancang-tests-"))
    _folder.chmod(0o755)  # as root, PostgreSQL runs as somebody else, who has to get in
    _OPEN.callback(shutil.rmtree, _folder, ignore_errors=True)
    os.environ["GANCANG_VAR"] = str(_folder / "var")
    os.environ["GANCANG_KEYS"] = keys.fresh()
    if "DATABASE_URL" not in os.environ:
        os.environ["DATABASE_URL"] = _OPEN.enter_context(embedded.running(_folder / "var")).url
os.environ["DJANGO_SETTINGS_MODULE"] = "gancang.settings"
django.setup()  # the cast below knows models
# Argon2 is slow on purpose; the product's own setting is tried where log-ins are (accounts).
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

pytest_plugins = ["tests.cast"]


def pytest_unconfigure() -> None:
    """Stop what was started for the tests."""
    _OPEN.close()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> None:
    """The test database, with the region loaded once for all tests that roll back."""
    from tests.cast import load_pack, permit_truncate  # noqa: PLC0415 - needs Django set up

    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django exports no type
        permit_truncate()
        load_pack()
