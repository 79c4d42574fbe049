"""`gancang import-prescriptions` as an administrator types it, also when it is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from gancang.audit.queries import verify
from gancang.ledger.queries import verify as verify_book
from gancang.medicine.actions import Counter
from gancang.medicine.importing import stage
from gancang.medicine.models import Import, ImportRow, Prescription
from gancang.orders.models import Order

from .csv_files import row_of, rows_of, write

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def command(cast: Cast, path: Path, *more: str) -> subprocess.Popen[str]:
    """The command, running on the stories' database."""
    told = connection.get_connection_params()
    address = {
        key: told[key] for key in ("dbname", "user", "password", "host", "port") if key in told
    }
    words = ["import-prescriptions", str(path), "--region", cast.region.code]
    return subprocess.Popen(
        [sys.executable, "-m", "gancang.cli", *words, "--origin", cast.hospital.code, *more],
        env={**os.environ, "DATABASE_URL": make_conninfo("", **address)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_command_says_what_it_did(cast: Cast, tmp_path: Path) -> None:
    process = command(cast, write(tmp_path, rows_of(cast, 3)), "--json")
    out, err = process.communicate()
    assert process.returncode == 0, err
    told = json.loads(out)
    assert (told["ok"], told["rows"], told["placed"]) == (True, 3, 3)
    assert Order.objects.count() == 3


def test_the_command_names_a_bad_row_and_fails(cast: Cast, tmp_path: Path) -> None:
    process = command(cast, write(tmp_path, [row_of(cast), row_of(cast, 2, hp="12")]))
    _, err = process.communicate()
    assert process.returncode == 1
    assert err.startswith("baris 3, kolom hp: ")
    assert not Order.objects.exists()


def test_an_import_that_is_killed_goes_on_with_the_same_file(cast: Cast, tmp_path: Path) -> None:
    many = 1200
    path = write(tmp_path, rows_of(cast, many))
    killed = command(cast, path)
    while not Order.objects.exists() and killed.poll() is None:
        time.sleep(0.01)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL, "it was killed in the middle"
    assert ImportRow.objects.exists()

    process = command(cast, path, "--json")
    out, err = process.communicate()
    assert process.returncode == 0, err
    told = json.loads(out)
    assert 0 < told["already_there"] < many
    assert (told["placed"] + told["already_there"], told["left"]) == (many, 0)
    assert Prescription.objects.count() == Order.objects.count() == many
    assert verify_book(cast.region)[1] == []
    assert verify(cast.region.code)[1] == []


def test_the_same_file_twice_at_once_is_placed_once(cast: Cast, tmp_path: Path) -> None:
    path = write(tmp_path, rows_of(cast, 250))
    both = [command(cast, path, "--json") for _ in range(2)]
    told = [json.loads(process.communicate()[0]) for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert sum(report["placed"] for report in told) == 250
    assert Prescription.objects.count() == Order.objects.count() == 250
    assert not ImportRow.objects.exists()


def test_what_waits_for_a_month_is_forgotten(cast: Cast, tmp_path: Path) -> None:
    counter = Counter(origin=cast.hospital, door="csv", by="tests")
    long_ago = datetime.now(UTC) - timedelta(days=31)
    with write(tmp_path, rows_of(cast, 3), name="old.csv").open("rb") as file:
        stage(file, counter, now=long_ago)
    assert ImportRow.objects.count() == 3
    with write(tmp_path, [row_of(cast, 9)], name="new.csv").open("rb") as file:
        stage(file, counter, now=datetime.now(UTC))
    assert Import.objects.count() == ImportRow.objects.count() == 1
