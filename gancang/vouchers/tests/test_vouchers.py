"""A month's balance in the hand: given, printed, spent at a stall, lost, lapsed, never too much."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.test import Client

from gancang.cards.models import Card
from gancang.ledger.actions import reserve_all
from gancang.ledger.queries import held_for, lines_of
from gancang.ledger.waterfall import Reservation
from gancang.outbox.models import Letter
from gancang.outbox.queries import desk_for
from gancang.overview.verify import verify
from gancang.programmes.queries import get_programme, terms_of
from gancang.regions.queries import today_in
from gancang.values import Money
from gancang.vouchers.actions import lapse, warn
from gancang.vouchers.links import balance_token
from gancang.vouchers.models import Redemption, Voucher
from gancang.vouchers.tests.holder import BORN, PROGRAMME, card_of, given, now, poor, typed
from tests.cast import client_of
from tests.pdf_text import text_of

if TYPE_CHECKING:
    from tests.cast import Cast


def sound(cast: Cast) -> None:
    """Chain, book and vouchers agree."""
    said = verify([cast.region]).problems
    assert not [each for each in said if not each.startswith("chain")]


def test_a_poor_family_spends_its_month_at_a_stall_bit_by_bit(cast: Cast) -> None:
    (sari,) = poor(cast, "Sari", phone="081234567890")
    given(cast)
    voucher = Voucher.objects.get()
    assert sum(item.amount.rupiah for item in held_for(voucher.code)) == 100_000
    # It counts against the ceilings of her own village.
    assert {line.area for line in lines_of(cast.region, order=voucher.code)} == {cast.village.code}
    stall = client_of(cast.stall)
    code = card_of(cast, sari)
    answer = stall.post("/vouchers/redeem", typed(code.lower().replace("-", " "), "30.000"))
    assert answer.status_code == 302
    receipt = stall.get(answer["Location"]).content.decode()
    assert "Rp 30.000" in receipt
    assert "Rp 70.000" in receipt
    assert "Sari" not in receipt
    row = Redemption.objects.get()
    assert row.factor == "card"
    paid = [line for line in lines_of(cast.region, order=row.code) if line.kind == "settle"]
    assert [(line.amount_rp, line.target.payee) for line in paid] == [
        (30_000, cast.member(cast.stall).organisation)
    ]
    assert sum(item.amount.rupiah for item in held_for(voucher.code)) == 70_000
    sound(cast)


def test_never_more_than_the_balance_and_a_refusal_changes_nothing(cast: Cast) -> None:
    (sari,) = poor(cast, "Sari")
    given(cast)
    stall, code = client_of(cast.stall), card_of(cast, sari)
    page = stall.post("/vouchers/redeem", typed(code, 100_001))
    assert page.status_code == 400
    assert "Rp 100.000" in page.content.decode()
    for count in ("", "0", "-5", "1e3", "seribu", "9" * 20):
        assert stall.post("/vouchers/redeem", typed(code, count)).status_code == 400
    assert not Redemption.objects.exists()
    assert stall.post("/vouchers/redeem", typed(code, 100_000)).status_code == 302
    assert stall.post("/vouchers/redeem", typed(code, 1)).status_code == 400
    sound(cast)


def test_the_same_tap_twice_is_one_redemption(cast: Cast) -> None:
    (sari,) = poor(cast, "Sari")
    given(cast)
    stall, told = client_of(cast.stall), typed(card_of(cast, sari), 10_000)
    first, second = (stall.post("/vouchers/redeem", told) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Voucher.objects.get().spent == 10_000


def test_much_at_once_needs_the_date_of_birth_and_five_wrong_ones_stop_it(cast: Cast) -> None:
    (sari,) = poor(cast, "Sari")
    given(cast)
    stall, code = client_of(cast.stall), card_of(cast, sari)
    for _try in range(5):
        assert (
            stall.post("/vouchers/redeem", typed(code, 50_000, born="01-01-1990")).status_code
            == 400
        )
    page = stall.post("/vouchers/redeem", typed(code, 50_000, born=BORN))
    assert "lima kali" in page.content.decode()
    assert stall.post("/vouchers/redeem", typed(code, 49_999, born="")).status_code == 302
    assert Redemption.objects.get().factor == "card"


def test_a_lost_card_is_replaced_and_the_old_one_dies(cast: Cast) -> None:
    (sari,) = poor(cast, "Sari")
    given(cast)
    old = card_of(cast, sari)
    desk = client_of(cast.village_clerk)
    assert desk.post(f"/cards/{sari.pk}/replace", {"why": "lost"}).status_code == 302
    new = card_of(cast, sari)
    assert new != old
    stall = client_of(cast.stall)
    page = stall.post("/vouchers/redeem", typed(old, 1_000))
    assert page.status_code == 400
    assert "diganti" in page.content.decode()
    assert stall.post("/vouchers/redeem", typed(new, 1_000)).status_code == 302
    paper = text_of(desk.get(f"/cards/{sari.pk}/paper").content)
    assert new in paper
    assert old not in paper


def test_a_slip_is_found_by_the_check_digit_and_guessing_ends_after_ten(cast: Cast) -> None:
    (sari,) = poor(cast, "Sari")
    given(cast)
    stall, code = client_of(cast.stall), card_of(cast, sari)
    wrong = code[:-1] + ("3" if code[-1] != "3" else "4")
    assert stall.post("/vouchers/redeem", typed(wrong, 1_000)).status_code == 400
    Card.objects.filter(resident=sari).update(secret_index="x")  # a whole code that nobody has
    for _guess in range(10):
        page = stall.post("/vouchers/redeem", typed(code, 1_000)).content.decode()
        assert "Tidak ada kartu" in page
    page = stall.post("/vouchers/redeem", typed(code, 1_000)).content.decode()
    assert "Terlalu banyak kode salah" in page


def test_what_is_left_lapses_and_goes_back_to_its_budget(cast: Cast) -> None:
    (sari,) = poor(cast, "Sari")
    given(cast)
    client_of(cast.stall).post("/vouchers/redeem", typed(card_of(cast, sari), 20_000))
    row = Voucher.objects.get()
    assert lapse(cast.region, now=now()) == 0
    Voucher.objects.update(last=row.last - timedelta(days=90), first=row.first - timedelta(days=90))
    assert lapse(cast.region, now=now()) == 1
    assert held_for(row.code) == []
    released = [line for line in lines_of(cast.region, order=row.code) if line.kind == "release"]
    assert sum(line.amount_rp for line in released) == 100_000  # 20,000 of it for the stall
    page = client_of(cast.stall).post("/vouchers/redeem", typed(card_of(cast, sari), 1_000))
    assert page.status_code == 400
    sound(cast)


def test_everybody_or_nobody_gets_a_balance_and_nobody_gets_it_twice(cast: Cast) -> None:
    poor(cast, *[f"Mbah {n}" for n in range(12)])
    given(cast)
    assert Voucher.objects.count() == 12
    given(cast)
    assert Voucher.objects.count() == 12
    poor(cast, "Siti", "Sumi")
    given(cast)
    assert Voucher.objects.count() == 14
    sound(cast)


def test_where_the_money_does_not_reach_nobody_gets_a_balance(cast: Cast) -> None:
    poor(cast, "Sari", "Siti")
    terms = terms_of(get_programme(cast.region, PROGRAMME))
    year = today_in(cast.region, now()).year
    spent = Reservation(
        order="habis",
        programme=PROGRAMME,
        year=year,
        amount=Money(60_000_000 - 150_000),
        payers=terms.funders,
        area="",
    )
    reserve_all([spent], region=cast.region, by="tests", now=now())
    page = client_of(cast.officer).post("/vouchers/", follow=True).content.decode()
    assert not Voucher.objects.exists()
    assert "Donasi pegawai" in page


def test_the_sheet_bears_the_code_and_urls_never_do(cast: Cast) -> None:
    (sari,) = poor(cast, "Sari", phone="081234567890")
    given(cast)
    row, code = Voucher.objects.get(), card_of(cast, sari)
    sheet = client_of(cast.officer).get(f"/vouchers/cycles/kupon-belanja/{row.cycle}/sheet")
    told = text_of(sheet.content)
    assert code in told
    assert "Rp 100.000" in told
    letter = Letter.objects.get(kind="voucher.issued")
    assert code not in letter.body
    assert balance_token(row.code) in letter.body
    page = Client().get(f"/k/{balance_token(row.code)}").content.decode()
    assert "Rp 100.000" in page
    assert "Sari" not in page
    assert code not in page
    assert Client().get("/k/rubbish").status_code == 404


def test_the_telephone_tells_what_is_left_and_where_it_was_spent(cast: Cast) -> None:
    (sari,) = poor(cast, "Sari")
    given(cast)
    client_of(cast.stall).post("/vouchers/redeem", typed(card_of(cast, sari), 25_000))
    desk = client_of(cast.clerk)
    assert "Sari" in desk.post("/vouchers/holders", {"find": "Sari"}).content.decode()
    page = desk.get(f"/vouchers/holders?person={sari.pk}").content.decode()
    assert "Rp 75.000" in page
    assert "Rp 25.000" in page


def test_a_statement_has_a_line_of_the_stall_with_its_proof(cast: Cast) -> None:
    (sari,) = poor(cast, "Sari")
    given(cast)
    client_of(cast.stall).post("/vouchers/redeem", typed(card_of(cast, sari), 25_000))
    page = client_of(cast.treasurer).get("/settlement/").content.decode()
    stall = cast.member(cast.stall).organisation
    assert stall is not None
    assert stall.name in page
    assert "25.000" in page


def test_in_the_last_week_a_holder_is_told_once_what_lapses(cast: Cast) -> None:
    programme = get_programme(cast.region, PROGRAMME)
    words = {"lapses": {"": "Sisa {amount} hangus sesudah {last}. {link}"}}
    programme.terms = {**programme.terms, "letters": words}
    programme.save()
    poor(cast, "Sari", phone="081234567890")
    given(cast)
    row = Voucher.objects.get()
    early = now() - timedelta(days=(today_in(cast.region, now()) - row.last).days + 9)
    assert warn(cast.region, now=early) == 0
    late = early + timedelta(days=4)
    assert [warn(cast.region, now=late) for _hour in range(2)] == [1, 0]
    letter = Letter.objects.get(kind="voucher.lapses")
    assert f"hangus sesudah {row.last:%d-%m-%Y}" in desk_for([letter]).text_of(letter)
