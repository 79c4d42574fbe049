"""People get a programme's letters in its own words, in their language; one is switched off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.outbox.actions import write_in
from gancang.outbox.models import Letter
from gancang.outbox.queries import desk_for
from gancang.parcels.tests.sender import SIGNATURE, desk_of
from gancang.parcels.tests.test_deliveries import hand_over
from gancang.programmes.models import Programme

if TYPE_CHECKING:
    from tests.cast import Cast

OWN = {
    "placed": {"": "Kode {code}. {item} dari {hospital}. {link}"},
    "collected": {"": "{rider} datang: {link}", "Osing": "{rider} lagi nang embong: {link}"},
    "delivered": {},
}


def told() -> dict[str, str]:
    """Each kind of letter as it leaves."""
    letters = list(Letter.objects.order_by("pk"))
    desk = desk_for(letters)
    return {letter.kind: desk.text_of(letter) for letter in letters}


def worded(cast: Cast, programme: str, letters: dict[str, dict[str, str]] | None) -> None:
    """The programme has these letters of its own; None: none."""
    row = Programme.objects.get(region=cast.region, code=programme)
    terms = {key: value for key, value in row.terms.items() if key != "letters"}
    row.terms = {**terms, **({"letters": letters} if letters else {})}
    row.save()


def test_each_person_reads_his_own_language_and_nobody_what_is_off(cast: Cast) -> None:
    desk = desk_of(cast, "dokumen")
    worded(cast, "dokumen", OWN)
    order = desk.brought_to_the_door()
    said = told()
    assert f"Kode {order.door_code}. Dokumen Anda dari {order.origin.name}." in said["goods.placed"]
    assert "Toni datang:" in said["goods.collected"]
    write_in(order.resident_id, "Osing")
    assert "Toni lagi nang embong:" in told()["goods.collected"]
    answer = hand_over(cast, order, level="signature", signature=SIGNATURE)
    assert answer.status_code == 302
    assert "goods.delivered" not in told()


def test_without_words_of_its_own_the_letters_are_as_ever(cast: Cast) -> None:
    desk = desk_of(cast, "dokumen")
    worded(cast, "dokumen", None)
    order = desk.brought_to_the_door()
    assert hand_over(cast, order, level="signature", signature=SIGNATURE).status_code == 302
    said = told()
    assert {"goods.placed", "goods.collected", "goods.delivered"} <= set(said)
    assert "gratis" in said["goods.placed"]
