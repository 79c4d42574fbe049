"""Where patients' money goes after the rider: to the fleet, found at the bank, written off."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from gancang.accounts.actions import Newcomer, add_person
from gancang.accounts.models import Role
from gancang.audit.models import Event
from gancang.cash.models import BankLine, PassedOn, Payment, Shortfall, WriteOff
from gancang.cash.statements import Line, read_statement, same_reference
from gancang.cash.tests.door import at_the_door, hand_over
from gancang.cash.tests.test_at_the_door import balances, hand_in, problems
from gancang.ledger.models import Account
from gancang.values import Money, Refused
from tests.cast import PASSWORD, client_of

if TYPE_CHECKING:
    from gancang.accounts.models import User
    from gancang.orders.models import Order
    from tests.cast import Cast

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Jakarta")


def paid(cast: Cast, number: int = 1, **how: object) -> Order:
    """An order whose patient has paid."""
    order = at_the_door(cast, number)
    assert hand_over(order, **{"paid": "cash", **how}) == 302
    return order


def pass_on(cast: Cast, by: User, seen: int, slip: str = "TRF 1124-9") -> int:
    """A cashier of the hospital passes a fleet's money on."""
    typed = {
        "till": cast.hospital.code,
        "fleet": cast.fleet.code,
        "seen_rp": seen,
        "slip": slip,
    }
    return client_of(by).post("/cash/tills/pass-on", typed).status_code


# --- from the hospital's till to the fleet


def test_what_riders_hand_in_at_the_hospital_is_passed_on_to_the_fleet_whole(cast: Cast) -> None:
    price = paid(cast).patient_pays_rp
    assert hand_in(cast, price, seen=price, by="clerk") == 302
    clerk = client_of(cast.clerk)
    page = clerk.get("/cash/tills").content.decode()
    assert cast.fleet.name in page
    assert f"{price:,}".replace(",", ".") in page
    assert pass_on(cast, cast.clerk, price - 1) == 400, "an old page passes nothing on"
    assert pass_on(cast, cast.clerk, price, slip="") == 400, "nor does nobody know how"
    assert pass_on(cast, cast.clerk, price) == 302
    tills = dict(Account.objects.filter(kind="till").values_list("payee__code", "balance_rp"))
    assert tills == {cast.hospital.code: 0, cast.fleet.code: price}
    passed = PassedOn.objects.get()
    receipt = client_of(cast.treasurer).get(f"/cash/passed-on/{passed.pk}").content.decode()
    assert passed.receipt in receipt
    assert "TRF 1124-9" in receipt
    assert pass_on(cast, cast.clerk, price) == 400, "the same click again passes nothing on"
    assert PassedOn.objects.count() == 1
    assert balances(cast) == {"fares": -price, "till": price}
    assert problems(cast) == []


def test_what_was_short_and_came_in_later_is_passed_on_too(cast: Cast) -> None:
    price = paid(cast).patient_pays_rp
    assert hand_in(cast, price - 3_000, seen=price, note="ban bocor", by="clerk") == 302
    assert pass_on(cast, cast.treasurer, price - 3_000) == 302
    url = f"/cash/shortfalls/{Shortfall.objects.get().pk}"
    client_of(cast.clerk).post(url, {"note": "lunas", "repaid_rp": "3000"})
    assert pass_on(cast, cast.treasurer, 3_000, slip="TRF 2") == 302
    assert sum(row.amount_rp for row in PassedOn.objects.all()) == price
    assert problems(cast) == []


def test_a_clerk_passes_on_only_from_his_own_till(cast: Cast) -> None:
    price = paid(cast).patient_pays_rp
    hand_in(cast, price, seen=price, by="clerk")
    member = cast.member(cast.clerk)
    member.organisation = cast.other_hospital
    member.save()
    assert pass_on(cast, cast.clerk, price) == 404
    assert not PassedOn.objects.exists()


def test_a_till_from_which_money_went_by_another_hand_is_found_out(cast: Cast) -> None:
    price = paid(cast).patient_pays_rp
    hand_in(cast, price, seen=price, by="clerk")
    Account.objects.filter(kind="till").update(balance_rp=price - 500)
    assert any(cast.hospital.name in each for each in problems(cast))


# --- what nobody will bring any more


@pytest.fixture
def second_treasurer(cast: Cast) -> User:
    """Bu Ratna, who decides what Hadi asks."""
    newcomer = Newcomer(
        username="ratna",
        full_name="Ratna",
        password=PASSWORD,
        role=Role.TREASURER,
        organisation=None,
    )
    return add_person(newcomer, region=cast.region, by="tests", now=datetime.now(UTC))


def short(cast: Cast) -> Shortfall:
    """3.000 rupiah are missing."""
    price = paid(cast).patient_pays_rp
    assert hand_in(cast, price - 3_000, seen=price, note="dirampok") == 302
    return Shortfall.objects.get()


def test_a_shortfall_is_written_off_by_two_people_with_a_reason(
    cast: Cast, second_treasurer: User
) -> None:
    missing = short(cast)
    url = f"/cash/shortfalls/{missing.pk}/write-off"
    hadi = client_of(cast.treasurer)
    hadi.post(url, {"reason": ""})
    assert not WriteOff.objects.exists(), "not without a reason"
    hadi.post(url, {"reason": "dirampok, laporan polisi 12"})
    hadi.post(url, {"reason": "dua kali"})
    asked = WriteOff.objects.get()
    assert balances(cast)["short"] == 3_000, "nothing moves before the second person"
    hadi.post(f"/cash/write-offs/{asked.pk}", {"answer": "yes"})
    assert balances(cast)["short"] == 3_000, "nobody decides what he asked for himself"
    ratna = client_of(second_treasurer)
    page = ratna.get(f"/cash/people/{cast.rider.username}").content.decode()
    assert "laporan polisi 12" in page
    ratna.post(f"/cash/write-offs/{asked.pk}", {"answer": "yes"})
    assert "short" not in balances(cast)
    assert Account.objects.get(kind="lost").balance_rp == 3_000
    missing.refresh_from_db()
    assert missing.left_rp == 0
    told = Event.objects.get(kind="cash.written_off")
    assert told.actor == "ratna"
    assert not client_of(cast.rider).get("/cash/mine").context["shortfalls"]
    assert problems(cast) == []


def test_what_came_in_meanwhile_is_not_lost(cast: Cast, second_treasurer: User) -> None:
    missing = short(cast)
    hadi = client_of(cast.treasurer)
    hadi.post(f"/cash/shortfalls/{missing.pk}/write-off", {"reason": "hilang"})
    hadi.post(f"/cash/shortfalls/{missing.pk}", {"note": "sebagian", "repaid_rp": "1000"})
    asked = WriteOff.objects.get()
    client_of(second_treasurer).post(f"/cash/write-offs/{asked.pk}", {"answer": "yes"})
    assert Account.objects.get(kind="lost").balance_rp == 2_000
    assert problems(cast) == []


def test_a_no_leaves_it_owed_and_it_can_be_asked_again(cast: Cast) -> None:
    missing = short(cast)
    url, hadi = f"/cash/shortfalls/{missing.pk}/write-off", client_of(cast.treasurer)
    hadi.post(url, {"reason": "hilang"})
    asked = WriteOff.objects.get()
    client_of(cast.admin).post(f"/cash/write-offs/{asked.pk}", {"answer": "no"})
    assert balances(cast)["short"] == 3_000
    client_of(cast.admin).post(f"/cash/write-offs/{asked.pk}", {"answer": "yes"})
    assert balances(cast)["short"] == 3_000, "decided is decided"
    hadi.post(url, {"reason": "masih hilang"})
    assert WriteOff.objects.count() == 2
    assert problems(cast) == []


# --- what the bank says


def statement(*lines: str, head: str = "waktu;referensi;jumlah") -> SimpleUploadedFile:
    """A bank's file."""
    return SimpleUploadedFile("bank.csv", "\n".join([head, *lines]).encode())


def take_in(cast: Cast, file: SimpleUploadedFile) -> int:
    """The treasurer takes a statement in."""
    typed = {"fleet_code": cast.fleet.code, "file": file}
    return client_of(cast.treasurer).post("/cash/qris", typed).status_code


def test_a_statement_finds_the_payments_and_shows_what_stands_on_one_side_only(
    cast: Cast,
) -> None:
    seen = paid(cast, 1, paid="qris", paid_reference="QR 2026 1124 77")
    lonely = paid(cast, 2, paid="qris", paid_reference="QR 2026 1124 78")
    price = f"{seen.patient_pays_rp:,}".replace(",", ".")
    lines = (
        f"2026-11-24 10:15;qr-2026-1124-77;Rp{price},00",
        f"2026-11-24 11:00;QR2026112478;{lonely.patient_pays_rp - 500}",
        "2026-11-24 12:00;ORANG-LAIN;25000",
    )
    assert take_in(cast, statement(*lines)) == 302
    assert BankLine.objects.get(payment__order=seen).amount_rp == seen.patient_pays_rp
    page = client_of(cast.operator).get("/cash/qris").content.decode()
    assert seen.code not in page
    assert lonely.code in page, "the bank saw another amount"
    assert "QR2026112478" in page
    assert "ORANG-LAIN" in page
    assert take_in(cast, statement(*lines)) == 302
    assert BankLine.objects.count() == len(lines), "the same file again is harmless"


def test_one_line_of_the_bank_pays_for_one_order(cast: Cast) -> None:
    orders = [paid(cast, n, paid="qris", paid_reference="QR 5555") for n in (1, 2)]
    assert orders[0].patient_pays_rp == orders[1].patient_pays_rp
    line = f"24-11-2026 10:15:00,QR 5555,{orders[0].patient_pays_rp}"
    assert take_in(cast, statement(line, head="Tanggal,RRN,Nominal")) == 302
    assert Payment.objects.filter(bankline=None).count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        statement(),
        statement("2026-11-24 10:15;REF-1;12,5"),
        statement("kemarin;REF-1;12000"),
        statement("2026-11-24 10:15;;12000"),
        statement("2026-11-24 10:15;REF-1"),
        statement("2026-11-24 10:15;REF-1;12000", head="a;b;c"),
        SimpleUploadedFile("x.csv", b"\xff\xfe\x00waktu"),
    ],
)
def test_a_statement_that_cannot_be_read_says_where_and_takes_nothing_in(
    cast: Cast, wrong: SimpleUploadedFile
) -> None:
    wrong.seek(0)
    is_empty = b"\n" not in wrong.read() and b"\xff" not in (wrong.seek(0), wrong.read())[1]
    wrong.seek(0)
    assert take_in(cast, wrong) == (302 if is_empty else 400), "a head alone is an empty month"
    assert not BankLine.objects.exists()


LINES = st.lists(
    st.builds(
        Line,
        st.integers(0, 40_000_000).map(
            lambda s: datetime(2026, 1, 1, tzinfo=ZONE) + timedelta(seconds=s)
        ),
        st.from_regex(r"[A-Z0-9][A-Z0-9 -]{0,38}[A-Z0-9]", fullmatch=True),
        st.integers(1, 10**9).map(Money),
    ),
    max_size=20,
)


@given(lines=LINES, comma=st.sampled_from([",", ";"]), dots=st.booleans())
def test_what_a_bank_wrote_is_what_is_read(lines: list[Line], comma: str, *, dots: bool) -> None:
    def amount(money: Money) -> str:
        return f"{money.rupiah:,}".replace(",", ".") if dots else str(money.rupiah)

    rows = [
        comma.join([f"{line.at:%Y-%m-%d %H:%M:%S}", line.reference, amount(line.amount)])
        for line in lines
    ]
    text = "\n".join([comma.join(["time", "reference", "amount"]), *rows])
    assert read_statement(text, ZONE) == lines


@given(st.text())
def test_no_file_breaks_the_reader(text: str) -> None:
    with suppress(Refused):
        read_statement(text, ZONE)
    assert same_reference(same_reference(text)) == same_reference(text)
