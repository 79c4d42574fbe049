"""The operator loads the outlines of his villages: all of them, or none and one clear sentence."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import translation

from gancang.addresses.models import Outline
from gancang.addresses.outlining import load_outlines
from gancang.addresses.queries import find_standing
from gancang.audit.models import Event
from gancang.regions.models import Village
from gancang.values import Point, Refused
from gancang.web.middleware import sentence_of
from tests.cast import client_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cast import Cast

HALF = 0.02  # degrees: some two kilometres


def square(lat: float, lon: float, half: float = HALF) -> list[list[list[float]]]:
    """A square outline around a place, longitude first."""
    corners = [(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]
    return [[[lon + half * x, lat + half * y] for x, y in corners]]


def feature(village: Village, **changed: Any) -> dict[str, Any]:
    """A village with a square around its point."""
    return {
        "type": "Feature",
        "properties": {"kode": village.code.replace(".", "")},
        "geometry": {"type": "Polygon", "coordinates": square(village.lat, village.lon)},
        **changed,
    }


def load(cast: Cast, folder: Path, *features: object) -> int:
    """How many villages have their outline after a file of these shapes."""
    return load_text(cast, folder, json.dumps({"type": "FeatureCollection", "features": features}))


def load_text(cast: Cast, folder: Path, text: str) -> int:
    """The same from a file as it stands."""
    file = folder / "desa.geojson"
    file.write_text(text)
    return load_outlines(cast.region, file, by="tests", now=datetime.now(UTC))[0]


def refused(cast: Cast, folder: Path, text: str) -> str:
    """The sentence with which a file is refused."""
    with pytest.raises(Refused) as no, translation.override("id"):
        load_text(cast, folder, text)
    with translation.override("id"):
        return sentence_of(no.value)


def test_an_outline_says_in_which_village_a_pin_lies(cast: Cast, tmp_path: Path) -> None:
    village = cast.village
    other = Village.objects.filter(region=cast.region).exclude(pk=village.pk).order_by("code")[0]
    # The pin stands beside the point of the one, in the outline of the other.
    outline = {"type": "Polygon", "coordinates": square(village.lat, village.lon)}
    assert load(cast, tmp_path, feature(other, geometry=outline)) == 1
    found = find_standing(cast.region, Point(village.lat, village.lon))
    assert found is not None
    assert (found.village, found.by_outline) == (other, True)
    pin = {"lat": str(village.lat), "lon": str(village.lon), "village": village.code}
    told = client_of(cast.clerk).post("/residents/pin", pin).content.decode()
    assert "Menurut batas desa" in told
    assert Event.objects.filter(kind="outlines.loaded").count() == 1


def test_where_no_outline_is_the_nearest_point_decides(cast: Cast, tmp_path: Path) -> None:
    other = Village.objects.filter(region=cast.region).order_by("code")[0]
    elsewhere = {"type": "Polygon", "coordinates": square(other.lat, other.lon, 0.0001)}
    assert load(cast, tmp_path, feature(other, geometry=elsewhere)) == 1
    found = find_standing(cast.region, Point(cast.village.lat, cast.village.lon))
    assert found is not None
    assert (found.village, found.by_outline) == (cast.village, False)


def test_a_number_with_the_digits_of_another_village_misleads_nobody(
    cast: Cast, tmp_path: Path
) -> None:
    village = cast.village
    other = Village.objects.filter(region=cast.region).exclude(pk=village.pk).order_by("code")[0]
    told = {"kode": village.code, "bps": other.code.replace(".", "")}
    assert load(cast, tmp_path, feature(village, properties=told)) == 1
    assert Outline.objects.get().village == village


def test_a_village_is_named_by_code_or_by_name_and_district(cast: Cast, tmp_path: Path) -> None:
    village = cast.village
    names = {"DESA": village.name.upper(), "KECAMATAN": village.district.name}
    assert load(cast, tmp_path, feature(village, properties=names)) == 1
    assert load(cast, tmp_path, feature(village, properties={"id": village.code})) == 1
    assert Outline.objects.get().village == village


def wrong_shapes(village: Village) -> dict[str, tuple[list[object], str]]:
    """What may be wrong in a file, and a word of the sentence that says so."""
    lat, lon = village.lat, village.lon
    (ring,) = square(lat, lon)
    crossed = [ring[0], ring[2], ring[1], ring[3], ring[0]]
    return {
        "none": ([], "bukan GeoJSON"),
        "swapped": ([_with(village, square(lon, lat))], "mendahulukan bujur"),
        "elsewhere": ([_with(village, square(40.0, 10.0))], "di luar daerah"),
        "unknown": ([feature(village, properties={"kode": "9999999999"})], "nomor 1"),
        "no properties": ([feature(village, properties=None)], "nomor 1"),
        "no feature": (["desa"], "nomor 1"),
        "open": ([_with(village, [ring[:-1]])], "tidak tertutup"),
        "crossed": ([_with(village, [crossed])], "memotong"),
        "twice": ([feature(village), feature(village)], "kedua"),
        "a point": ([feature(village, geometry={"type": "Point", "coordinates": [1, 2]})], "bukan"),
        "rubbish": ([_with(village, [[["x", "y"]] * 4])], "bukan Polygon"),
        "numbers": ([_with(village, 7)], "bukan Polygon"),
    }


def _with(village: Village, rings: object) -> dict[str, Any]:
    return feature(village, geometry={"type": "Polygon", "coordinates": rings})


@pytest.mark.parametrize(
    "what",
    [
        "none",
        "swapped",
        "elsewhere",
        "unknown",
        "no properties",
        "no feature",
        "open",
        "crossed",
        "twice",
        "a point",
        "rubbish",
        "numbers",
    ],
)
def test_what_is_wrong_is_told_in_one_sentence_and_changes_nothing(
    cast: Cast, tmp_path: Path, what: str
) -> None:
    assert load(cast, tmp_path, feature(cast.village)) == 1
    before = bytes(Outline.objects.get().shape)
    shapes, word = wrong_shapes(cast.village)[what]
    told = refused(cast, tmp_path, json.dumps({"features": shapes}))
    assert word in told
    assert bytes(Outline.objects.get().shape) == before


@pytest.mark.parametrize("text", ["", "{}", "[1", '{"features": 7}', "\x00", "[" * 100_000])
def test_a_file_that_is_no_geojson_is_told_as_such(cast: Cast, tmp_path: Path, text: str) -> None:
    assert "bukan GeoJSON" in refused(cast, tmp_path, text)
    with pytest.raises(Refused):
        load_outlines(cast.region, tmp_path, by="tests", now=datetime.now(UTC))
