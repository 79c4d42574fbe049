"""Who has the same NIK is the same person, and nobody reads the numbers in the database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection

from gancang.residents.actions import KnownFact, Particulars, register_all
from gancang.residents.models import Resident
from gancang.residents.queries import Reader, facts_of, read_person
from tests.cast import NIK, client_of, delivered, failed

if TYPE_CHECKING:
    from tests.cast import Cast

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@pytest.fixture
def sari(cast: Cast) -> Particulars:
    """Sari as the counter describes her."""
    return Particulars(
        full_name="Sari",
        village=cast.village,
        address="Dusun Krajan",
        nik=NIK,
        birth_date=date(1951, 3, 9),
        phone="+6281234567890",
        facts={"pbi_active": KnownFact(value=True, source="card", as_of=NOW.date())},
    )


def register(cast: Cast, *people: Particulars) -> list[Resident]:
    """The counter writes people down."""
    return register_all(people, region=cast.region, now=NOW)


def reader(cast: Cast) -> Reader:
    """The clerk, reading."""
    return Reader(region=cast.region, by="clerk", role="counter_clerk", purpose="test", now=NOW)


def test_the_same_nik_is_the_same_person_and_what_was_told_last_holds(
    cast: Cast, sari: Particulars
) -> None:
    [first] = register(cast, sari)
    [again] = register(cast, replace(sari, address="Jalan Baru 3"))
    assert again.pk == first.pk
    assert read_person(reader(cast), first.pk).address == "Jalan Baru 3"


def test_the_same_nik_twice_in_one_file_is_one_person(cast: Cast, sari: Particulars) -> None:
    first, second = register(cast, sari, replace(sari, address="Jalan Baru 3"))
    assert first.pk == second.pk
    assert Resident.objects.count() == 1


def test_without_a_nik_everybody_is_a_new_person(cast: Cast, sari: Particulars) -> None:
    newborn = replace(sari, nik="")
    first, second = register(cast, newborn, newborn)
    assert first.pk != second.pk


def test_a_fact_told_again_replaces_the_one_before(cast: Cast, sari: Particulars) -> None:
    [row] = register(cast, sari)
    lapsed = KnownFact(value=False, source="call", as_of=NOW.date())
    register(cast, replace(sari, facts={"pbi_active": lapsed}))
    assert facts_of([row.pk]) == {row.pk: {"pbi_active": lapsed}}


def test_a_hundred_people_are_written_down_in_as_few_statements_as_one(
    cast: Cast, sari: Particulars, django_assert_num_queries: Any
) -> None:
    crowd = [replace(sari, nik=f"35101649035{number:05}") for number in range(100)]
    for people in ([sari], crowd):
        with django_assert_num_queries(6):  # savepoint, hamlets, known, people, facts, release
            register(cast, *people)


def test_no_number_of_a_person_stands_in_clear_anywhere_in_the_database(cast: Cast) -> None:
    delivered(cast)
    client_of(cast.auditor).get("/overview/readings")
    assert_nowhere(NIK, "81234567890", "1951-03-09", "09-03-1951", "Amlodipine")


def test_what_a_rider_notes_at_a_closed_gate_is_sealed_too(cast: Cast) -> None:
    failed(cast)
    assert_nowhere("pagar terkunci", "81234567890")


def assert_nowhere(*secrets: str) -> None:
    """No table has a row whose text, of all columns together, holds one of these."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            for secret in secrets:
                cursor.execute(
                    f'SELECT count(*) FROM "{table}" row WHERE row::text LIKE %s', [f"%{secret}%"]
                )
                assert cursor.fetchone() == (0,), f"{secret} stands in {table}"
