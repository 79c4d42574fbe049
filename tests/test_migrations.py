"""An upgrade of a regency at work: the tables of the first release, filled, migrate forward."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from tests.ready import own_database

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
# The first release's own tables, filled by its demo in the sample region, as pg_dump wrote them
# (--rows-per-insert=500, without psql's own lines). Later migrations are tried on it.
FIRST_RELEASE = Path(__file__).parent / "old_databases" / "first_release.sql.gz"


def in_process(url: str, *words: str) -> str:
    """Run Python in a process of its own on one database; what it printed."""
    environment = {
        **os.environ,
        "DATABASE_URL": url,
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
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(gzip.decompress(FIRST_RELEASE.read_bytes()))
    before = counts(database)
    assert before["orders_order"] == 30
    # Every command migrates before it works.
    found = in_process(database, "-m", "gancang.cli", "verify", "--json")
    assert '"ok": true' in found
    after = counts(database)
    assert {table: after[table] for table in before} == before


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
