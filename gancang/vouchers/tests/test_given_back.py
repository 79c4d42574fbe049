"""A shop typed too much: the card has it again at once, once, and only while it runs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from gancang.complaints.models import Complaint
from gancang.ledger.models import Transfer
from gancang.ledger.queries import held_for
from gancang.overview.verify import verify
from gancang.settlement.models import Hold
from gancang.settlement.queries import all_lines
from gancang.settlement.tests.months import back_date
from gancang.settlement.tests.test_month import drafted
from gancang.vouchers.models import Redemption, Voucher
from gancang.vouchers.tests.holder import card_of, given, poor, typed
from tests.cast import client_of

if TYPE_CHECKING:
    from tests.cast import Cast

WHY = {"why": "Salah ketik: 30.000, seharusnya 3.000"}


def taken(cast: Cast, count: int = 30_000) -> Redemption:
    """Sari's card, of which Bu Sri took this much."""
    (sari,) = poor(cast, "Sari")
    given(cast)
    told = typed(card_of(cast, sari), count)
    assert client_of(cast.stall).post("/vouchers/redeem", told).status_code == 302
    return Redemption.objects.get()


def back(row: Redemption) -> str:
    """The address at which it is given back."""
    return f"/settlement/redemptions/{row.code}/give-back"


def held(row: Redemption) -> int:
    """What the book holds for the card."""
    return sum(item.amount.rupiah for item in held_for(row.voucher.code))


def sound(cast: Cast) -> None:
    """Chain, book and vouchers agree."""
    said = verify([cast.region]).problems
    assert not [each for each in said if not each.startswith("chain")]


def states(cast: Cast, row: Redemption) -> set[str]:
    """How its lines stand in the settlement."""
    return set(all_lines(cast.region).filter(about=row.code).values_list("state", flat=True))


def test_what_was_taken_by_mistake_is_on_the_card_again_and_can_be_spent(cast: Cast) -> None:
    row = taken(cast)
    stall = client_of(cast.stall)
    assert back(row) in stall.get(f"/vouchers/redemptions/{row.code}").content.decode()
    assert held(row) == 70_000
    assert stall.post(back(row), {"why": " "}).status_code == 400
    answer = stall.post(back(row), WHY)
    assert answer.status_code == 302
    receipt = stall.get(answer["Location"]).content.decode()
    assert "Dikembalikan" in receipt
    assert WHY["why"] in receipt
    assert "Rp 100.000" in receipt
    assert back(row) not in receipt
    assert held(row) == 100_000
    assert states(cast, row) == {"reversed"}
    sound(cast)
    card = card_of(cast, row.voucher.resident)
    assert stall.post("/vouchers/redeem", typed(card, 100_000)).status_code == 302
    assert held(row) == 0
    sound(cast)


def test_it_is_given_back_once(cast: Cast) -> None:
    row = taken(cast)
    stall = client_of(cast.stall)
    assert stall.post(back(row), WHY).status_code == 302
    page = stall.post(back(row), WHY)
    assert page.status_code == 400
    assert "sudah dikembalikan" in page.content.decode()
    assert held(row) == 100_000
    assert Voucher.objects.get().spent == 0


def test_what_has_lapsed_is_not_given_back(cast: Cast) -> None:
    row = taken(cast)
    first = row.voucher.first - timedelta(days=400)
    Voucher.objects.update(first=first, last=first + timedelta(days=27))
    page = client_of(cast.officer).post(back(row), WHY)
    assert page.status_code == 400
    assert f"{first + timedelta(days=27):%d-%m-%Y}" in page.content.decode()
    assert states(cast, row) == {"open"}
    assert held(row) == 70_000


def test_what_somebody_complains_of_waits_for_the_decision(cast: Cast) -> None:
    row = taken(cast)
    told = {
        "cause": "less",
        "words": "Diambil tiga puluh ribu, bukan tiga ribu.",
        "code": row.code,
        "channel": "phone",
    }
    assert client_of(cast.village_clerk).post("/complaints/new", told).status_code == 302
    assert Complaint.objects.get().about == row.code
    assert Hold.objects.filter(released_at=None).exists()
    assert client_of(cast.stall).post(back(row), WHY).status_code == 400
    row.refresh_from_db()
    assert row.state == "taken"
    assert held(row) == 70_000
    sound(cast)


def test_what_is_approved_for_the_bank_is_not_given_back(cast: Cast) -> None:
    row = taken(cast)
    back_date()
    batch = drafted(cast)
    client_of(cast.treasurer).post(f"/settlement/batches/{batch.code}/approve")
    client_of(cast.admin).post(f"/settlement/batches/{batch.code}/approve")
    page = client_of(cast.stall).post(back(row), WHY)
    assert page.status_code == 400
    assert "Bendahara" in page.content.decode()
    assert (states(cast, row), held(row)) == ({"batch"}, 70_000)


def test_a_draft_lets_it_go(cast: Cast) -> None:
    row = taken(cast)
    back_date()
    drafted(cast)
    assert states(cast, row) == {"batch"}
    assert client_of(cast.stall).post(back(row), WHY).status_code == 302
    assert (states(cast, row), held(row)) == ({"reversed"}, 100_000)
    sound(cast)


def test_what_is_on_the_card_again_is_not_owed_to_the_shop_anew(cast: Cast) -> None:
    row = taken(cast)
    assert client_of(cast.stall).post(back(row), WHY).status_code == 302
    line = Transfer.objects.get(about=row.code, kind=Transfer.Kind.REVERSE)
    told = {"reason": "Warung bilang benar diambil"}
    ask = f"/settlement/movements/{line.pk}/reverse"
    page = client_of(cast.treasurer).post(ask, told, follow=True)
    assert "boleh dipakai lagi" in page.content.decode()
    assert not Transfer.objects.filter(reverses=line).exists()
    sound(cast)


def test_the_officer_may_and_nobody_else(cast: Cast) -> None:
    row = taken(cast)
    for who in (cast.treasurer, cast.rider, cast.auditor):
        assert client_of(who).post(back(row), WHY).status_code == 403
    assert client_of(cast.officer).post(back(row), WHY).status_code == 302
    sound(cast)
