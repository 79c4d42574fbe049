"""Goods other than medicine, from a sender's desk to the door, each by its own programme."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from gancang.ledger.queries import held_for, lines_of
from gancang.orders.models import Order
from gancang.outbox.models import Letter
from gancang.overview.story import story_of
from gancang.parcels.models import Shown
from gancang.parcels.rules import LEVELS, Evidence, why_not_proved
from gancang.parcels.tests.sender import SIGNATURE, at_the_door, desk_of
from tests.cast import client_of, collected, place, typed_hand_over

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

    from tests.cast import Cast


def hand_over(cast: Cast, order: Order, **typed: object) -> Response:
    """Toni at the door."""
    return client_of(cast.rider).post(
        f"/parcels/{order.code}/hand-over", at_the_door(order, **typed)
    )


def picture() -> SimpleUploadedFile:
    """A photo that a phone takes."""
    taken = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(taken, "JPEG")
    return SimpleUploadedFile("depan.jpg", taken.getvalue())


def test_a_document_is_signed_for_and_its_story_is_told_to_the_end(cast: Cast) -> None:
    desk = desk_of(cast, "dokumen")
    order = desk.brought_to_the_door()
    stop = client_of(cast.rider).get(f"/dispatch/rider/orders/{order.code}").content.decode()
    assert f"/parcels/{order.code}/hand-over" in stop
    assert "Akta" not in stop
    assert "apoteker" not in stop
    unsigned = hand_over(cast, order, level="signature")
    assert unsigned.status_code == 400
    assert "tanda tangan" in unsigned.content.decode()
    assert hand_over(cast, order, level="signature", signature=SIGNATURE).status_code == 302
    order.refresh_from_db()
    assert order.state == "delivered"
    assert not held_for(order.code)
    settled = [
        row.amount_rp for row in lines_of(cast.region, order=order.code) if row.kind == "settle"
    ]
    assert sum(settled) > 0
    story = story_of(order)
    assert story["proof"]["factor"] == "signature"
    assert story["eligibility"]["clause"] == "applicant"
    bodies = [letter.body for letter in Letter.objects.filter(subject=order.code)]
    assert len(bodies) == 3  # placed, on the way, handed over
    assert not [body for body in bodies if "obat" in body.lower() or "apotek" in body.lower()]
    assert "Dokumen Anda" in bodies[0]
    seen = client_of(desk.clerk).get(f"/parcels/{order.code}").content.decode()
    assert "Akta kelahiran" in seen
    assert "Tanda tangan" in seen


def test_a_fallback_is_taken_only_where_allowed_and_with_its_reason(cast: Cast) -> None:
    order = desk_of(cast, "dokumen").brought_to_the_door()
    told = {"level": "witness", "witness": "Pak Karto", "office": "Ketua RT 02"}
    assert hand_over(cast, order, level="tick", reason="buru-buru").status_code == 400
    assert "Tulis mengapa" in hand_over(cast, order, **told).content.decode()
    assert not Shown.objects.exists()
    assert hand_over(cast, order, **told, reason="tidak bisa menulis").status_code == 302
    shown = Shown.objects.get(order=order)
    assert (shown.level, shown.required, shown.office) == ("witness", "signature", "Ketua RT 02")
    with pytest.raises(DatabaseError), transaction.atomic():
        Shown.objects.update(level="signature")


def test_a_shops_parcel_is_left_at_the_door_with_a_photo_of_the_place(cast: Cast) -> None:
    order = desk_of(cast, "ongkir-umkm").brought_to_the_door()
    told = {"left": "on", "receiver": "di kursi teras"}
    without = hand_over(cast, order, **told)
    assert without.status_code == 400
    assert "foto" in without.content.decode()
    assert hand_over(cast, order, **told, photo=picture()).status_code == 302
    order.refresh_from_db()
    assert order.state == "delivered"
    assert Shown.objects.get(order=order).left
    last = Letter.objects.filter(subject=order.code).latest("pk")
    assert "ditinggal" in last.body
    assert story_of(order)["proof"]["factor"] == "left"


def test_nothing_is_left_where_the_programme_does_not_permit_it(cast: Cast) -> None:
    order = desk_of(cast, "dokumen").brought_to_the_door()
    page = client_of(cast.rider).get(f"/parcels/{order.code}/hand-over").content.decode()
    assert 'name="left"' not in page
    forged = hand_over(cast, order, left="on", receiver="di kursi", photo=picture())
    assert forged.status_code == 400
    order.refresh_from_db()
    assert order.state == "collected"


def test_medicine_is_never_left_nor_handed_over_as_a_parcel(cast: Cast) -> None:
    order = collected(cast)
    left = typed_hand_over(order, left="on", factor="", photo=picture())
    assert (
        client_of(cast.rider).post(f"/medicine/orders/{order.code}/hand-over", left).status_code
        == 400
    )
    assert hand_over(cast, order, left="on", receiver="pagar", photo=picture()).status_code == 404
    order.refresh_from_db()
    assert order.state == "collected"


def test_a_parcel_is_not_handed_over_on_the_page_of_medicine(cast: Cast) -> None:
    order = desk_of(cast, "ongkir-umkm").brought_to_the_door()
    url = f"/medicine/orders/{order.code}/hand-over"
    told = typed_hand_over(order, factor=order.door_code)
    assert client_of(cast.rider).post(url, told).status_code == 404


def test_a_wrong_code_is_counted_and_five_end_it(cast: Cast) -> None:
    order = desk_of(cast, "ongkir-umkm").brought_to_the_door()
    wrong = "0000" if order.door_code != "0000" else "1111"
    for _ in range(5):
        assert hand_over(cast, order, level="code", factor=wrong).status_code == 400
    assert hand_over(cast, order, level="code", factor=order.door_code).status_code == 400
    order.refresh_from_db()
    assert (order.state, order.wrong_tries) == ("collected", 5)


def test_groceries_go_to_a_family_of_the_list_and_to_nobody_else(cast: Cast) -> None:
    desk = desk_of(cast, "belanja-ugdk")
    refused = client_of(desk.clerk).post("/parcels/new", desk.typed(contents="Beras 5 kg"))
    assert refused.status_code == 400
    assert "UGDK" in refused.content.decode()
    assert "Beras 5 kg" in refused.content.decode()
    assert not Order.objects.exists()
    sari = place(cast, local_list="ya").resident  # the hospital's desk has seen it
    found = client_of(desk.clerk).post("/parcels/new", {"find": "Sari"}).content.decode()
    assert f"?person={sari.pk}" in found
    order = desk.brought_to_the_door(person=sari.pk, contents="Beras 5 kg")
    assert order.resident_id == sari.pk
    assert hand_over(cast, order, level="signature", signature=SIGNATURE).status_code == 302
    order.refresh_from_db()
    assert order.state == "delivered"


def test_what_comes_back_ends_with_its_money_free_again(cast: Cast) -> None:
    desk = desk_of(cast, "ongkir-umkm")
    order = desk.brought_to_the_door()
    told = {"version": order.version, "reason": "nobody_home", "note": ""}
    client_of(cast.rider).post(f"/dispatch/rider/orders/{order.code}/fail", told)
    order.refresh_from_db()
    assert order.state == "failed"
    page = client_of(desk.clerk).get(f"/parcels/{order.code}").content.decode()
    assert "Tidak ada orang" in page
    told = {"version": order.version}
    assert client_of(desk.clerk).post(f"/parcels/{order.code}/take-back", told).status_code == 302
    order.refresh_from_db()
    assert order.state == "returned"
    assert not held_for(order.code)


def test_a_house_without_a_programme_is_told_so(cast: Cast) -> None:
    page = client_of(cast.clerk).get("/parcels/new").content.decode()
    assert "Belum ada program barang yang berangkat dari sini" in page


@given(
    st.permutations(sorted(LEVELS)).flatmap(
        lambda levels: st.integers(1, len(levels)).map(lambda n: tuple(levels[:n]))
    ),
    st.sampled_from([*LEVELS, "left", ""]),
    st.booleans(),
)
def test_only_a_level_that_the_programme_names_ever_suffices(
    proof: tuple[str, ...], level: str, permitted: bool
) -> None:
    everything = Evidence(
        level=level,
        factor=level,
        signature=True,
        photo=True,
        consent=True,
        witness="Karto",
        office="RT",
        reason="ada",
    )
    why = why_not_proved(everything, proof=proof, may_be_left=permitted)
    assert (why is None) == (level in proof)
