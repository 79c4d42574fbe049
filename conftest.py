"""The whole suite runs on a real PostgreSQL: DATABASE_URL, or the embedded one in a new folder."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
import hypothesis
import pytest
from django.conf import settings
from django.template.base import Template

from gancang import embedded, keys
from tests.ready import drop_ready_databases, ready_database

if TYPE_CHECKING:
    from django.template import Context
    from django.utils.safestring import SafeString

_OPEN = ExitStack()
atexit.register(_OPEN.close)  # also when a plugin fails to load

# Set before Django reads its settings; the workers of pytest-xdist inherit all of it.
if "PYTEST_XDIST_WORKER" not in os.environ:
    _folder = Path(tempfile.mkdtemp(prefix="gancang-tests-"))
    _folder.chmod(0o755)  # as root, PostgreSQL runs as somebody else, who has to get in
    _OPEN.callback(shutil.rmtree, _folder, ignore_errors=True)
    os.environ["GANCANG_VAR"] = str(_folder / "var")
    os.environ["GANCANG_KEYS"] = keys.fresh()
    os.environ["GANCANG_TESTS_READY"] = f"gancang_ready_{os.getpid()}"
    if "DATABASE_URL" not in os.environ:
        # Nobody needs these data after a power cut.
        embedded.SETTINGS |= {"fsync": "off", "full_page_writes": "off"}
        embedded.SETTINGS |= {"synchronous_commit": "off"}
        os.environ["DATABASE_URL"] = _OPEN.enter_context(embedded.running(_folder / "var")).url
    else:
        _OPEN.callback(drop_ready_databases)
os.environ["DJANGO_SETTINGS_MODULE"] = "gancang.settings"
django.setup()  # the cast below knows models
# Argon2 is slow on purpose; the product's own setting is tried where log-ins are (accounts).
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# What a story says does not depend on how busy the machine is.
hypothesis.settings.register_profile(
    "busy", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("busy")

pytest_plugins = ["tests.cast"]


def pytest_unconfigure() -> None:
    """Stop what was started for the tests."""
    _OPEN.close()


@pytest.fixture(scope="session", autouse=True)
def pages_as_wholes(django_test_environment: None) -> None:
    """Django keeps a copy of what each part of a page was made of; of the page itself is enough."""
    pages: Any = Template  # whose `_render` Django's own tests replace too
    noted = pages._render

    def render(part: Template, context: Context) -> SafeString:
        return noted(part, context) if context.template is part else part.nodelist.render(context)

    pages._render = render


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """The test database is a copy of one with the region in it, for all tests that roll back."""
    from django.db import connection  # noqa: PLC0415 - the name below is Django's own way

    connection.settings_dict["TEST"]["TEMPLATE"] = ready_database()
