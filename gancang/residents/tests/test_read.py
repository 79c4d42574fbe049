"""Every reading of a person is written down, with its purpose, and no region reads another's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.db import DatabaseError, transaction

from gancang.regions.models import Region
from gancang.residents.models import Reading
from gancang.residents.queries import Reader, find_people, read_people, read_person
from tests.cast import NIK, client_of, collected, place

if TYPE_CHECKING:
    from tests.cast import Cast

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def reader_of(cast: Cast) -> Reader:
    """The clerk, who looks somebody up."""
    return Reader(region=cast.region, by="clerk", role="counter_clerk", purpose="search", now=NOW)


@pytest.fixture
def elsewhere(cast: Cast) -> Region:
    """Another regency on the same server."""
    told = Region.objects.values().get(pk=cast.region.pk) | {"id": None}
    return Region.objects.create(**told | {"code": "00.01", "slug": "seberang", "name": "Seberang"})


def test_whoever_reads_a_person_is_written_down_with_the_purpose(cast: Cast) -> None:
    number = place(cast).resident_id
    read_person(reader_of(cast), number)
    newest = Reading.objects.latest("pk")
    assert (newest.by, newest.role, newest.purpose) == ("clerk", "counter_clerk", "search")
    assert (newest.resident_number, newest.at) == (number, NOW)


@pytest.mark.parametrize(
    ("actor", "address", "purpose"),
    [
        ("clerk", "/medicine/orders", "list"),
        ("pharmacist", "/medicine/queue", "queue"),
        ("operator", "/medicine/orders/{code}", "order"),
        ("clerk", "/medicine/new?patient={number}", "new prescription"),
    ],
)
def test_every_page_that_shows_a_person_says_so_in_the_log(
    cast: Cast, actor: str, address: str, purpose: str
) -> None:
    order = place(cast)
    somebody = getattr(cast, actor)
    before = Reading.objects.filter(by=somebody.username).count()
    address = address.format(code=order.code, number=order.resident_id)
    page = client_of(somebody).get(address).content.decode()
    assert "Sari" in page
    newest = Reading.objects.filter(by=somebody.username).order_by("pk")[before:]
    assert [(row.resident_number, row.purpose) for row in newest] == [(order.resident_id, purpose)]


def test_the_rider_at_the_door_is_written_down_and_before_he_reads_nobody(cast: Cast) -> None:
    order = collected(cast)
    assert not Reading.objects.filter(by=cast.rider.username).exclude(purpose="delivery").exists()
    client_of(cast.rider).get(f"/dispatch/rider/orders/{order.code}")
    assert Reading.objects.filter(by=cast.rider.username, purpose="delivery").exists()


@pytest.mark.parametrize(
    "typed", [NIK, "3510 1649 0351 0001", "081234567890", "0812 3456 7890", "+6281234567890", "sar"]
)
def test_a_patient_is_found_by_nik_by_phone_and_by_name(cast: Cast, typed: str) -> None:
    place(cast)
    assert [person.full_name for person in find_people(reader_of(cast), typed)] == ["Sari"]


@pytest.mark.parametrize("typed", ["", "sa", "%", "_", "\0", "9999999999999999", "081111111111"])
def test_nobody_is_found_by_less(cast: Cast, typed: str) -> None:
    place(cast)
    before = Reading.objects.count()
    assert find_people(reader_of(cast), typed) == []
    assert Reading.objects.count() == before


def test_an_odd_character_in_the_search_is_no_error(cast: Cast) -> None:
    assert client_of(cast.clerk).post("/medicine/new", {"find": "sa\0ri"}).status_code == 200


def test_a_search_is_sent_and_not_linked_and_is_written_down(cast: Cast) -> None:
    number = place(cast).resident_id
    page = client_of(cast.clerk).post("/medicine/new", {"find": NIK})
    assert (page.status_code, page.request["QUERY_STRING"]) == (200, "")
    assert f"?patient={number}" in page.content.decode()
    assert Reading.objects.latest("pk").purpose == "search"
    assert (
        "?patient=" not in client_of(cast.clerk).get(f"/medicine/new?find={NIK}").content.decode()
    )


def test_no_region_reads_the_people_of_another(cast: Cast, elsewhere: Region) -> None:
    number = place(cast).resident_id
    stranger = replace(reader_of(cast), region=elsewhere)
    assert read_people(stranger, [number]) == {}
    assert find_people(stranger, NIK) == find_people(stranger, "Sari") == []
    with pytest.raises(KeyError):
        read_person(stranger, number)
    assert not Reading.objects.filter(region_code=elsewhere.code).exists()


def test_a_list_of_people_takes_two_queries_however_long(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    numbers = [place(cast, number=f"R-{n}", nik=f"35101649035{n:05}").resident_id for n in range(5)]
    for wanted in (numbers[:1], numbers):
        with django_assert_num_queries(2):  # people with their places, the log
            assert len(read_people(reader_of(cast), wanted)) == len(wanted)


def test_the_log_of_readings_cannot_be_changed(cast: Cast) -> None:
    read_person(reader_of(cast), place(cast).resident_id)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Reading.objects.update(by="somebody else")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Reading.objects.all().delete()
