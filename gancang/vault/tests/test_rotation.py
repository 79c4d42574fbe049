"""A new key: everything is sealed anew while people work, a kill half-way costs nothing."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from gancang import keys
from gancang.orders.models import Proof
from gancang.residents.models import Resident
from gancang.residents.queries import find_people
from gancang.vault import rotating
from gancang.vault.seal import Unreadable
from tests.cast import NIK, delivered, place
from tests.ready import own_database, ready_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gancang.residents.queries import Reader
    from tests.cast import Cast

MANY = 120
FILL = """
import sys
import django
django.setup()
from django.utils import timezone
from gancang.regions.models import Region, Village
from gancang.residents.actions import Particulars, register_all
region, village = Region.objects.get(), Village.objects.order_by("code")[0]
many = int(sys.argv[1])
register_all([Particulars(full_name=f"Sari {n}", village=village, address="Dusun Krajan",
    nik=f"99010149035{n:05}", phone=f"+62812345{n:05}", family_card=f"99010100000{n:05}")
    for n in range(1, many + 1)], region=region, now=timezone.now())
"""
LOOK = """
import sys, json
import django
django.setup()
from django.utils import timezone
from gancang.regions.models import Region
from gancang.residents.models import Resident
from gancang.residents.queries import Reader, find_people
reader = Reader(region=Region.objects.get(), by="t", role="t", purpose="t", now=timezone.now())
told = [f"99010149035{n:05}" for n in range(1, int(sys.argv[1]) + 1)]
print(json.dumps([Resident.objects.count(), sum(len(find_people(reader, nik)) for nik in told)]))
"""


class House:
    """One installation whose keys lie in a file under its var."""

    def __init__(self, url: str, var: Path) -> None:
        self.url, self.var = url, var
        told = {"DATABASE_URL": url, "GANCANG_VAR": str(var)}
        self.environment = {**os.environ, **told, "DJANGO_SETTINGS_MODULE": "gancang.settings"}
        del self.environment["GANCANG_KEYS"]

    def start(self, *words: str) -> subprocess.Popen[str]:
        """A process of its own."""
        command = [sys.executable, "-W", "ignore", *words]
        told: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(command, env=self.environment, text=True, **told)

    def run(self, *words: str, code: int = 0) -> str:
        """What a process said that had to end with this code."""
        process = self.start(*words)
        out, err = process.communicate(timeout=300)
        assert process.returncode == code, err
        return out + err

    def gancang(self, *words: str, code: int = 0) -> str:
        """What the command said."""
        return self.run("-m", "gancang.cli", *words, code=code)

    def seals(self) -> set[str]:
        """By which keys the NIKs are sealed in the database."""
        with psycopg.connect(self.url) as database:
            rows = database.execute(
                "SELECT DISTINCT split_part(nik, '.', 1) FROM residents_resident"
            )
            return {number for (number,) in rows}

    def ring(self) -> dict[str, Any]:
        """The key file."""
        found: dict[str, Any] = json.loads((self.var / "keys.json").read_text("utf-8"))
        return found


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house with 120 people."""
    with own_database("rotation", like=ready_database()) as url:
        found = House(url, tmp_path / "var")
        found.var.mkdir()
        (found.var / keys.FILE).write_text(keys.fresh())
        found.run("-c", FILL, str(MANY))
        yield found


def test_a_rotation_that_is_killed_half_way_goes_on_and_the_old_key_can_go(house: House) -> None:
    half = house.start("-m", "gancang.cli", "rotate-keys", "--batch", "10")
    assert half.stderr is not None
    for line in half.stderr:
        if re.search(r"\b50 of 120 rows", line):
            half.send_signal(signal.SIGKILL)
            break
    half.communicate()
    assert half.returncode == -signal.SIGKILL
    assert (set(house.ring()["data"]), house.seals()) == ({"1", "2"}, {"1", "2"})

    # Meanwhile everybody is found, and whoever comes again is nobody new.
    house.run("-c", FILL, str(MANY))
    assert house.run("-c", LOOK, str(MANY)).strip() == f"[{MANY}, {MANY}]"

    house.gancang("rotate-keys")
    assert house.seals() == {"2"}
    house.gancang("rotate-keys", "--forget-old")
    assert set(house.ring()["data"]) == {"2"}
    # Nobody is found by an old fingerprint any more, although its key stays for what needs it.
    keys.replace(house.var, json.dumps(house.ring() | {"old_index": []}))
    assert (house.var / "keys.json").stat().st_mode & 0o077 == 0
    assert house.run("-c", LOOK, str(MANY)).strip() == f"[{MANY}, {MANY}]"
    assert '"ok": true' in house.gancang("verify", "--json")


def test_an_old_key_that_is_still_needed_does_not_go(house: House) -> None:
    text = keys.with_new_key((house.var / "keys.json").read_text("utf-8"))
    keys.replace(house.var, text)
    said = house.gancang("rotate-keys", "--forget-old", code=1)
    assert "120 rows still need an old key" in said
    assert set(house.ring()["data"]) == {"1", "2"}


@pytest.fixture
def ring() -> keys.Keys:
    """The suite's keys and a further one."""
    read = json.loads(keys.with_new_key(os.environ["GANCANG_KEYS"]))
    return keys.parse(json.dumps(read))


def test_what_may_never_change_is_sealed_anew_too_and_may_not_change_after(
    cast: Cast, ring: keys.Keys, settings: Any
) -> None:
    delivered(cast)
    flush_constraints()
    rotating.seal_anew(ring, size=2)
    newest = max(ring.data)
    assert rotating.count_old(newest) == 0
    with pytest.raises(Unreadable):
        Proof.objects.get()
    settings.KEYS = ring
    assert Proof.objects.get().receiver == "Sari"
    flush_constraints()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Proof.objects.update(receiver="somebody else")


def test_a_process_that_has_both_keys_works_before_during_and_after(
    cast: Cast, ring: keys.Keys, settings: Any
) -> None:
    number = place(cast).resident_id
    settings.KEYS = ring
    from gancang.residents.tests.test_registry import reader  # noqa: PLC0415

    looking: Reader = reader(cast)
    assert [p.number for p in find_people(looking, NIK)] == [number]
    assert place(cast, number="R-2").resident_id == number
    row = Resident.objects.get()
    row.save()  # whoever saves a row meanwhile seals and indexes it anew
    assert [p.number for p in find_people(looking, NIK)] == [number]
    flush_constraints()
    rotating.seal_anew(ring)
    assert [p.number for p in find_people(looking, "0812 3456 7890")] == [number]


def flush_constraints() -> None:
    """As at a commit, which these stories never reach."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
