"""What proves a hand-over beside name and second factor: signature, witness, photo, two clocks."""

from __future__ import annotations

import base64
import io
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from PIL import Image

from gancang.orders.models import Order, Proof, ProofPhoto
from gancang.outbox.models import Letter
from gancang.residents.models import Reading, Resident
from gancang.web.photos import PHOTO_BYTES_MAX
from tests.cast import Cast, client_of, collected, typed_hand_over

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

SIGNED = "M10 20L30 40L55 21M60 60L61 60"


@pytest.fixture
def order(cast: Cast) -> Order:
    """Toni stands at the door with the bag."""
    return collected(cast)


def post(cast: Cast, order: Order, **changed: object) -> Response:
    """Toni presses the button."""
    url = f"/medicine/orders/{order.code}/hand-over"
    return client_of(cast.rider).post(url, typed_hand_over(order, **changed))


def photo(width: int = 2400, height: int = 1800, kind: str = "JPEG") -> SimpleUploadedFile:
    """A photo as a telephone takes it: large, and with the place written into it."""
    exif = Image.Exif()
    exif[0x010F] = "Kamera Toni"
    exif.get_ifd(0x8825)[1] = "S"
    taken = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(taken, kind, exif=exif)
    return SimpleUploadedFile("foto.jpg", taken.getvalue(), "image/jpeg")


def nothing_was_lost_or_counted(order: Order, page: Response) -> None:
    """The rider may mend it and send it again."""
    assert page.status_code == 400
    assert 'value="Sari"' in page.content.decode()
    order.refresh_from_db()
    assert (order.state, order.wrong_tries) == ("collected", 0)
    assert not Proof.objects.exists()


def test_a_photo_is_kept_with_consent_small_and_without_what_the_camera_wrote(
    cast: Cast, order: Order
) -> None:
    assert post(cast, order, photo=photo(), photo_consent="on").status_code == 302
    pharmacist = client_of(cast.pharmacist)
    assert f"/orders/{order.code}/photo" in (
        pharmacist.get(f"/medicine/orders/{order.code}").content.decode()
    )
    answer = pharmacist.get(f"/medicine/orders/{order.code}/photo")
    assert answer["Content-Type"] == "image/jpeg"
    shown = Image.open(io.BytesIO(answer.content))
    assert shown.size == (1280, 960)
    assert not shown.getexif()
    assert b"Kamera Toni" not in answer.content
    read = Reading.objects.filter(purpose="photo").get()
    assert read.by == "pharmacist"


def test_a_photo_is_sealed_in_the_database(cast: Cast, order: Order) -> None:
    post(cast, order, photo=photo(), photo_consent="on")
    kept = ProofPhoto.objects.get().image
    assert base64.b64decode(kept).startswith(b"\xff\xd8")
    with connection.cursor() as cursor:
        cursor.execute("SELECT image FROM orders_proofphoto")
        (stored,) = cursor.fetchone()
    assert kept[:40] not in stored
    assert stored.startswith("1.")


def test_a_photo_is_seen_by_nobody_who_does_not_care_for_the_patient(
    cast: Cast, order: Order
) -> None:
    post(cast, order, photo=photo(), photo_consent="on")
    url = f"/medicine/orders/{order.code}/photo"
    for curious in (cast.rider, cast.clerk, cast.treasurer, cast.auditor):
        assert client_of(curious).get(url).status_code == 403
    assert client_of(cast.other_pharmacist).get(url).status_code == 404


def test_without_consent_there_is_no_photo(cast: Cast, order: Order) -> None:
    page = post(cast, order, photo=photo())
    nothing_was_lost_or_counted(order, page)
    assert "persetujuan" in page.content.decode()


@pytest.mark.parametrize(
    "broken",
    [
        b"no photo at all",
        b"\xff\xd8\xff\xe0" + b"\0" * 100,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a" + b"\0" * 50,
        b"\0" * (PHOTO_BYTES_MAX + 1),
    ],
)
def test_what_is_no_photo_is_refused_with_a_sentence(
    cast: Cast, order: Order, broken: bytes
) -> None:
    sent = SimpleUploadedFile("foto.jpg", broken, "image/jpeg")
    page = post(cast, order, photo=sent, photo_consent="on")
    nothing_was_lost_or_counted(order, page)
    assert "foto" in page.content.decode().lower()


def test_a_small_file_that_unfolds_to_a_giant_is_refused(cast: Cast, order: Order) -> None:
    bomb = io.BytesIO()
    Image.new("1", (9000, 9000)).save(bomb, "PNG")
    sent = SimpleUploadedFile("foto.png", bomb.getvalue(), "image/png")
    nothing_was_lost_or_counted(order, post(cast, order, photo=sent, photo_consent="on"))


def test_a_signature_is_kept_sealed_and_drawn_again(cast: Cast, order: Order) -> None:
    assert post(cast, order, signature=SIGNED).status_code == 302
    assert Proof.objects.get().signature == SIGNED
    page = client_of(cast.pharmacist).get(f"/medicine/orders/{order.code}").content.decode()
    assert f'd="{SIGNED}"' in page
    with connection.cursor() as cursor:
        cursor.execute("SELECT signature FROM orders_proof")
        assert cursor.fetchone()[0] != SIGNED


@pytest.mark.parametrize(
    "drawn", ['M1 1"/><script>', "L1 1", "M1 1 L2 2", "M1.5 2", "x", "M1 1" * 6000]
)
def test_what_is_no_signature_is_refused(cast: Cast, order: Order, drawn: str) -> None:
    nothing_was_lost_or_counted(order, post(cast, order, signature=drawn))


def test_who_cannot_sign_has_a_witness_named(cast: Cast, order: Order) -> None:
    page = post(cast, order, cannot_sign="on", witness=" ")
    nothing_was_lost_or_counted(order, page)
    assert post(cast, order, cannot_sign="on", witness="Pak RT Slamet").status_code == 302
    assert Proof.objects.get().witness == "Pak RT Slamet"
    page = client_of(cast.pharmacist).get(f"/medicine/orders/{order.code}")
    assert "Pak RT Slamet" in page.content.decode()


@pytest.mark.parametrize("hours", [-5, 7])
def test_a_device_clock_hours_off_is_kept_as_told_and_marked(
    cast: Cast, order: Order, hours: int
) -> None:
    told = datetime.now(UTC) + timedelta(hours=hours)
    assert post(cast, order, device_at=told.isoformat()).status_code == 302
    proof = Proof.objects.get()
    assert proof.handed_over_at == told
    assert abs((proof.recorded_at - datetime.now(UTC)).total_seconds()) < 60
    assert proof.clock_is_wrong
    page = client_of(cast.pharmacist).get(f"/medicine/orders/{order.code}").content.decode()
    assert "Jam pada perangkat" in page


@pytest.mark.parametrize("told", ["", "yesterday", "2026-11-24T10:00:00"])
def test_a_device_that_tells_no_time_is_believed_to_have_none(
    cast: Cast, order: Order, told: str
) -> None:
    assert post(cast, order, device_at=told).status_code == 302
    proof = Proof.objects.get()
    assert proof.handed_over_at == proof.recorded_at
    assert proof.clock_off_s is None
    assert not proof.clock_is_wrong


def test_the_gate_where_the_bag_was_taken_is_found_the_next_time(cast: Cast, order: Order) -> None:
    place = {"lat": f"{cast.village.lat + 0.001:.6f}", "lon": f"{cast.village.lon + 0.001:.6f}"}
    assert post(cast, order, **place).status_code == 302
    person = Resident.objects.get(pk=order.resident_id)
    assert (person.lat, person.lon) == (float(place["lat"]), float(place["lon"]))


def test_the_patient_needs_no_telephone_at_all(cast: Cast, order: Order) -> None:
    Resident.objects.update(phone="", phone_index="")
    assert post(cast, order).status_code == 302
    assert not Letter.objects.filter(subject=order.code, kind="order.delivered").exists()
    assert Proof.objects.get().factor == "birth_date"


def test_a_proof_and_its_photo_stay_as_they_were_written(cast: Cast, order: Order) -> None:
    post(cast, order, photo=photo(), photo_consent="on")
    for rows, change in (
        (Proof.objects.all(), {"relation": "family"}),
        (ProofPhoto.objects.all(), {"image": "x"}),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)


def test_no_name_and_no_drawing_is_in_the_chain_of_events(cast: Cast, order: Order) -> None:
    post(cast, order, signature=SIGNED, witness="Pak RT Slamet")
    story = client_of(cast.auditor).get(f"/overview/orders/{order.code}").content.decode()
    assert SIGNED not in story
    assert "Slamet" not in story
