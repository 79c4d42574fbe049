"""An upgrade of a regency at work: the tables of the first release, filled, migrate forward."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from tests.cast import own_database

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
# What the first release had. Later migrations are tried on a database filled by it.
FIRST_RELEASE = {
    "accounts": "0001",
    "audit": "0002",
    "dispatch": "0001",
    "fleet": "0001",
    "ledger": "0002",
    "medicine": "0001",
    "orders": "0002",
    "outbox": "0001",
    "programmes": "0001",
    "regions": "0001",
    "residents": "0002",
}
FILL = """
import os, sys
from pathlib import Path
import django
django.setup()
from django.core.management import call_command
for app in ("auth", "contenttypes", "sessions", "axes", "procrastinate"):
    call_command("migrate", app, verbosity=0)
for app, number in eval(sys.argv[1]).items():
    call_command("migrate", app, number, verbosity=0)
from django.utils import timezone
from gancang import packs
from gancang.demo.play import set_up
from gancang.regions.queries import list_regions
packs.load(Path(sys.argv[2]), by="tests", now=timezone.now())
set_up(list_regions()[0])
"""


def in_process(url: str, *words: str) -> str:
    """Run Python in a process of its own on one database; what it printed."""
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "GANCANG_DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "gancang.settings",
    }
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.fixture
def database() -> Iterator[str]:
    """An empty database in the suite's own server, for one story."""
    with own_database("upgrade") as url:
        yield url


def test_a_filled_database_of_the_first_release_migrates_forward(database: str) -> None:
    pack = ROOT / "region_packs" / os.environ.get("GANCANG_PACK", "banyuwangi")
    in_process(database, "-c", FILL, repr(FIRST_RELEASE), str(pack))
    before = counts(database)
    assert before["orders_order"] == 30
    # Every command migrates before it works.
    found = in_process(database, "-m", "gancang.cli", "verify", "--json")
    assert '"ok": true' in found
    assert counts(database) == before


def counts(database: str) -> dict[str, int]:
    """How many rows each table of ours holds."""
    with psycopg.connect(database) as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename ~ "
            "'^(orders|ledger|audit|residents|medicine|programmes|regions|outbox|fleet)_'"
        ).fetchall()
        found = {}
        for (table,) in tables:
            row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
            assert row is not None
            found[table] = row[0]
        return found


def test_no_model_is_ahead_of_its_migrations(database: str) -> None:
    script = (
        "import django; django.setup(); from django.core.management import call_command; "
        "call_command('makemigrations', check=True, dry_run=True, verbosity=0)"
    )
    in_process(database, "-c", script)
