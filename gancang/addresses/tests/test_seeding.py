"""Mosques, schools and shops of the street map are landmarks at once, and people mend them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from gancang.addresses.models import Landmark, Outline
from gancang.addresses.queries import find_standing, find_villages_at
from gancang.addresses.rules import kind_on_map
from gancang.addresses.seeding import load_landmarks
from gancang.addresses.tests.test_landmarks import first_place
from gancang.addresses.tests.test_outlines import feature, load, square
from gancang.audit.models import Event
from gancang.maps.tests.town import town
from gancang.regions.models import Village
from gancang.values import Point, Refused
from tests.cast import client_of

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import DjangoAssertNumQueries

    from tests.cast import Cast


def seed(cast: Cast, folder: Path, shops: int = 1) -> tuple[int, int]:
    """Take in the landmarks of a town that lies about the patients' village."""
    drawn = town(cast.village.lat, cast.village.lon)
    for number in range(shops):
        drawn.point(300 * number, 200, shop="yes", name=f"Toko Makmur {number}")
    drawn.point(10, 300, shop="yes")  # nobody is found by it
    drawn.point(0, 900, natural="peak", name="Gunung Ranti")
    file = drawn.write(folder / "kota.osm")
    return load_landmarks(cast.region, file, by="tests", now=datetime.now(UTC))


def test_a_mosque_of_the_street_map_is_found_by_its_name(cast: Cast, tmp_path: Path) -> None:
    assert seed(cast, tmp_path) == (2, 0)
    mosque = Landmark.objects.get(kind="mosque")
    assert (mosque.name, mosque.source, mosque.by) == ("Masjid Nurul Huda", "map", None)
    assert mosque.village == cast.village
    found = first_place(client_of(cast.clerk), f"belakang mesjid nurul huda {cast.village.name}")
    assert found == ("landmark", "Masjid Nurul Huda")
    assert "Nurul Huda" in client_of(cast.clerk).get("/landmarks/").content.decode()
    assert Event.objects.filter(kind="landmarks.loaded").count() == 1


def test_a_newer_extract_adds_what_is_new_and_leaves_what_people_have_said(
    cast: Cast, tmp_path: Path
) -> None:
    seed(cast, tmp_path)
    mosque = Landmark.objects.get(kind="mosque")
    client_of(cast.operator).post(f"/landmarks/{mosque.pk}/withdraw")
    assert seed(cast, tmp_path, shops=3) == (2, 2)
    mosque.refresh_from_db()
    assert mosque.withdrawn_at
    assert not Landmark.objects.filter(kind="mosque", withdrawn_at=None).exists()


def test_many_are_taken_in_with_as_few_questions_as_one(
    cast: Cast, tmp_path: Path, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for shops in (1, 40):
        with django_assert_num_queries(8):
            seed(cast, tmp_path, shops=shops)


@pytest.mark.parametrize("name", ["nowhere.osm", "letter.txt"])
def test_what_is_no_extract_is_refused_and_changes_nothing(
    cast: Cast, tmp_path: Path, name: str
) -> None:
    (tmp_path / "letter.txt").write_text("Yth. Bapak Kepala Desa")
    with pytest.raises(Refused):
        load_landmarks(cast.region, tmp_path / name, by="tests", now=datetime.now(UTC))
    assert not Landmark.objects.exists()


def test_many_points_lie_where_each_alone_lies(cast: Cast, tmp_path: Path) -> None:
    village = cast.village
    other = Village.objects.filter(region=cast.region).exclude(pk=village.pk).order_by("code")[0]
    outline = {"type": "Polygon", "coordinates": square(village.lat, village.lon)}
    load(cast, tmp_path, feature(other, geometry=outline), feature(village))
    assert Outline.objects.count() == 2
    points = [
        Point(village.lat + 0.015 * north, village.lon + 0.015 * east)
        for north in range(-2, 3)
        for east in range(-2, 3)
    ]
    alone = [find_standing(cast.region, point) for point in points]
    together = find_villages_at(cast.region, points)
    assert together == [found.village for found in alone if found]
    assert len(set(together)) > 1


@pytest.mark.parametrize(
    ("on_map", "name", "kind"),
    [
        ("worship", "Musala Al-Ikhlas", "prayer"),
        ("worship", "GKJW Gereja Tunjungrejo", "church"),
        ("worship", "Pura Agung Blambangan", "temple"),
        ("worship", "Al-Falah", "other"),
        ("pharmacy", "Apotek Sehat", "health"),
        ("fuel", "SPBU Srono", "other"),
        ("peak", "Ijen", ""),
    ],
)
def test_a_thing_of_the_map_is_what_people_call_it(on_map: str, name: str, kind: str) -> None:
    assert kind_on_map(on_map, name) == kind
