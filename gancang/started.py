"""Django, ready to work on the database that is there: for every command and every script."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from gancang import embedded, keys

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def with_django(*, migrate: bool = False) -> Iterator[None]:
    """Django, ready, on the database that DATABASE_URL names or on the embedded one.

    What this call started is stopped when it ends.
    """
    var = Path(os.environ.get("GANCANG_VAR", "var")).resolve()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gancang.settings")
    if "DATABASE_URL" in os.environ:
        embedded.check_version(os.environ["DATABASE_URL"])
        keys.ensure(var)  # only once the database answers: a mistyped name makes no keys
        yield from _set_up(migrate=migrate)
        return
    keys.ensure(var)
    with embedded.running(var) as server:
        os.environ["DATABASE_URL"] = server.url
        try:
            yield from _set_up(migrate=migrate)
        finally:
            del os.environ["DATABASE_URL"]


def _set_up(*, migrate: bool) -> Iterator[None]:
    import django  # noqa: PLC0415 - settings are read from the environment made above

    django.setup()
    from django.db import connections  # noqa: PLC0415

    if migrate:
        from django.core.management import call_command  # noqa: PLC0415

        with connections["default"].cursor() as cursor:
            # Two first starts at once: the second waits, then finds nothing to do.
            cursor.execute("SELECT pg_advisory_lock(1835625322)")
            call_command("migrate", verbosity=0, interactive=False)
            cursor.execute("SELECT pg_advisory_unlock(1835625322)")
    try:
        yield
    finally:
        connections.close_all()
