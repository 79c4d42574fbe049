"""Landmarks grow by use: Wati writes down a mosque, and from then on it is found by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gancang.addresses.models import Landmark
from gancang.audit.models import Event
from tests.cast import client_of

if TYPE_CHECKING:
    from django.test import Client

    from tests.cast import Cast


def typed_landmark(cast: Cast, **changed: str) -> dict[str, str]:
    """The mosque of the village, as Wati types it."""
    lat, lon = f"{cast.village.lat + 0.002:.6f}", f"{cast.village.lon + 0.001:.6f}"
    return {"kind": "mosque", "name": "Masjid Al-Huda", "lat": lat, "lon": lon, **changed}


def add(cast: Cast, **changed: str) -> Landmark:
    """The landmark, written down at the counter."""
    answer = client_of(cast.clerk).post("/landmarks/", typed_landmark(cast, **changed))
    assert answer.status_code == 302, answer.content.decode()
    return Landmark.objects.latest("pk")


def first_place(client: Client, said: str) -> tuple[str, str]:
    """What is offered first for what was said: its grade and its name."""
    found = client.post("/residents/places", {"place": said}).context["found"]
    return (found[0].grade, found[0].name) if found else ("", "")


@pytest.mark.parametrize(
    "said", ["belakang masjid Al-Huda", "mesjid alhuda", "dkt masjid al hudda", "AL HUDA"]
)
@pytest.mark.parametrize("with_village", [True, False])
def test_a_mosque_that_was_told_of_is_found_however_it_is_spelt(
    cast: Cast, said: str, *, with_village: bool
) -> None:
    row = add(cast)
    assert (row.village, row.by, row.source) == (cast.village, cast.clerk, "clerk")
    whole = f"{said} {cast.village.name} {cast.village.district.name}" if with_village else said
    assert first_place(client_of(cast.clerk), whole) == ("landmark", "Masjid Al-Huda")
    assert Event.objects.filter(kind="landmark.added", subject=f"landmark:{row.pk}").exists()


def test_another_mosque_is_not_meant(cast: Cast) -> None:
    add(cast)
    said = f"belakang masjid Nurul Iman {cast.village.name} {cast.village.district.name}"
    assert first_place(client_of(cast.clerk), said)[0] == "village"


def test_a_landmark_is_corrected_and_withdrawn_by_whoever_knows(cast: Cast) -> None:
    row, yanti = add(cast), client_of(cast.operator)
    typed = typed_landmark(cast, name="Masjid Baiturrahman")
    assert yanti.post(f"/landmarks/{row.pk}", typed).status_code == 302
    assert first_place(yanti, "masjid baiturahman")[1] == "Masjid Baiturrahman"
    assert first_place(yanti, "masjid al-huda")[0] == ""
    yanti.post(f"/landmarks/{row.pk}/withdraw")
    assert first_place(yanti, "masjid baiturahman")[0] == ""
    assert yanti.get(f"/landmarks/{row.pk}").status_code == 404
    kinds = Event.objects.filter(subject=f"landmark:{row.pk}").order_by("pk")
    told = ["landmark.added", "landmark.corrected", "landmark.withdrawn"]
    assert [event.kind for event in kinds] == told


def test_the_same_mosque_is_not_written_down_twice(cast: Cast) -> None:
    add(cast)
    again = typed_landmark(cast, name="masjid al huda", lat=f"{cast.village.lat + 0.0025:.6f}")
    answer = client_of(cast.pharmacist).post("/landmarks/", again)
    assert answer.status_code == 400
    assert "sudah tercatat" in answer.content.decode()
    assert Landmark.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "***"},
        {"kind": "rumah"},
        {"lat": "", "lon": ""},
        {"lat": "1.5", "lon": "100.5"},
        {"lat": "114.3", "lon": "-8.2"},
        {"name": "x" * 81},
    ],
)
def test_a_landmark_without_a_name_a_kind_or_a_place_is_refused(
    cast: Cast, wrong: dict[str, str]
) -> None:
    answer = client_of(cast.clerk).post("/landmarks/", typed_landmark(cast, **wrong))
    assert answer.status_code == 400
    assert "field-error" in answer.content.decode() or 'role="alert"' in answer.content.decode()
    assert not Landmark.objects.exists()


def test_the_list_is_paged_and_searched(cast: Cast) -> None:
    row = add(cast)
    rows = [
        Landmark(
            region=cast.region,
            village=cast.village,
            kind="shop",
            name=f"Toko {n:03}",
            sounds=f"toko {n:03}",
            lat=row.lat,
            lon=row.lon,
            source="map",
            at=row.at,
        )
        for n in range(60)
    ]
    Landmark.objects.bulk_create(rows)
    clerk = client_of(cast.clerk)
    first = clerk.get("/landmarks/")
    assert "Toko 048" in first.content.decode()
    assert "Toko 059" not in first.content.decode()
    rest = clerk.get("/landmarks/", {"after": first.context["page"].after}).content.decode()
    assert "Toko 059" in rest
    found = clerk.get("/landmarks/", {"q": "huda"}).content.decode()
    assert "Masjid Al-Huda" in found
    assert "Toko" not in found.partition("<table")[2].partition("</table>")[0]
