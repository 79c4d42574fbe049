"""The `gancang` command. Exit 0 done, 1 refused or found wrong, 2 wrong usage."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from gancang import keys


class Found(Exception):
    """Something is wrong and was said on one line."""


@contextmanager
def with_django(*, migrate: bool = False) -> Iterator[None]:
    """Django, ready, on the database that DATABASE_URL names or on the embedded one.

    What this call started is stopped when it ends.
    """
    var = Path(os.environ.get("GANCANG_VAR", "var")).resolve()
    keys.ensure(var)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gancang.settings")
    if "DATABASE_URL" in os.environ:
        yield from _set_up(migrate=migrate)
        return
    # Imported here: a real server needs no embedded one.
    from gancang import embedded  # noqa: PLC0415

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

        call_command("migrate", verbosity=0, interactive=False)
    try:
        yield
    finally:
        connections.close_all()
