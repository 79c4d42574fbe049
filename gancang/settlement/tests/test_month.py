"""A month is settled: shown, disputed, drafted, approved by two, sent, answered by the bank."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gancang.ledger.models import Account, Transfer
from gancang.ledger.queries import verify as verify_book
from gancang.settlement.matching import differences, matches
from gancang.settlement.models import Batch, Hold, Payment, PaymentLine
from gancang.settlement.tests.months import earned, month_of_past
from tests.cast import client_of

if TYPE_CHECKING:
    from django.test import Client

    from gancang.orders.models import Order
    from tests.cast import Cast


@pytest.fixture
def order(cast: Cast) -> Order:
    """An order of a month that is over."""
    return earned(cast)


def drafted(cast: Cast) -> Batch:
    """The batch that Hadi drafts for that month."""
    client_of(cast.treasurer).post("/settlement/batches", {"month": month_of_past(cast)})
    return Batch.objects.order_by("-pk")[0]


def sent(cast: Cast) -> Batch:
    """The batch, approved by two and given to the bank."""
    batch = drafted(cast)
    for person in (cast.treasurer, cast.admin):
        client_of(person).post(f"/settlement/batches/{batch.code}/approve")
    client_of(cast.treasurer).post(f"/settlement/batches/{batch.code}/sent")
    batch.refresh_from_db()
    assert batch.state == "sent"
    return batch


def answer(client: Client, *rows: str) -> str:
    """The page that the treasurer sees when he takes the bank's answer in."""
    text = "\n".join(["Referensi;Jumlah;Status;Nomor Bank", *rows])
    file = SimpleUploadedFile("jawaban.csv", text.encode())
    page = client.post("/settlement/answers", {"file": file})
    assert page.status_code == 200, page.content.decode()
    return page.content.decode()


def test_the_treasurer_sees_what_is_late_and_every_line_opens_its_proof(
    cast: Cast, order: Order
) -> None:
    client, month = client_of(cast.treasurer), month_of_past(cast)
    page = client.get(f"/settlement/?month={month}").content.decode()
    assert cast.fleet.name in page
    assert "hari terlambat" in page
    lines = client.get(f"/settlement/lines?month={month}&payee={cast.fleet.code}").content.decode()
    assert f"/overview/orders/{order.code}#proof" in lines


def test_toni_sees_what_is_due_to_him_when_and_disputes_a_line(cast: Cast, order: Order) -> None:
    client, month = client_of(cast.rider), month_of_past(cast)
    page = client.get(f"/settlement/mine?month={month}").content.decode()
    assert order.code in page
    assert "terlambat" in page
    line = Transfer.objects.filter(about=order.code, kind="settle")[0]
    client.post(f"/settlement/lines/{line.pk}/hold", {"reason": "jaraknya lebih jauh"})
    batch = drafted(cast) if Batch.objects.exists() else None
    assert batch is None
    held = Hold.objects.get()
    assert (held.line, held.by) == (line, cast.rider)
    stranger = client_of(cast.other_rider)
    assert stranger.post(f"/settlement/lines/{line.pk}/hold", {"reason": "x"}).status_code == 404
    office = client_of(cast.treasurer)
    office.post(f"/settlement/holds/{held.pk}/release", {"reason": "sudah diukur ulang"})
    assert sum(each.amount_rp for each in drafted(cast).payments.all()) > 0


def test_a_held_line_is_not_paid_and_a_draft_lets_it_go(cast: Cast, order: Order) -> None:
    batch = drafted(cast)
    lines = list(Transfer.objects.filter(about=order.code, kind="settle"))
    client_of(cast.admin).post(f"/settlement/batches/{batch.code}/approve")
    client = client_of(cast.treasurer)
    client.post(f"/settlement/lines/{lines[0].pk}/hold", {"reason": "bukti kabur"})
    assert not batch.approvals.exists(), "what was approved has changed"
    assert not PaymentLine.objects.filter(line=lines[0]).exists()
    assert sum(each.amount_rp for each in batch.payments.all()) == sum(
        line.amount_rp for line in lines[1:]
    )
    assert list(differences(cast.region)) == []


def with_qris(cast: Cast, number: str) -> None:
    """The fleet takes payments by QRIS too."""
    for account in cast.region.config["money"]["bank_accounts"]:
        if account["organisation"] == cast.fleet.code:
            account["qris"] = number
    cast.region.save(update_fields=["config"])


def test_one_person_alone_sends_nothing_and_nobody_sends_it_twice(cast: Cast, order: Order) -> None:
    with_qris(cast, "ID1020000000077")
    batch = drafted(cast)
    client, url = client_of(cast.treasurer), f"/settlement/batches/{batch.code}"
    client.post(f"{url}/approve")
    client.post(f"{url}/approve")
    assert client.get(f"{url}/file").status_code == 302, "no file before two have approved"
    client.post(f"{url}/sent")
    batch.refresh_from_db()
    assert batch.state == "draft"
    client_of(cast.admin).post(f"{url}/approve")
    file = client.get(f"{url}/file").content.decode()
    [payment] = batch.payments.all()
    assert f"{payment.reference};" in file
    assert f";{payment.amount_rp};" in file
    assert ";ID1020000000077" in file
    client.post(f"{url}/sent")
    assert drafted(cast).pk == batch.pk, "all of it is in this batch: nothing is open"


def test_an_account_that_begins_next_month_is_paid_into_from_then_on(
    cast: Cast, order: Order
) -> None:
    told = cast.region.config["money"]
    now_paid = next(a for a in told["bank_accounts"] if a["organisation"] == cast.fleet.code)
    told["bank_accounts"].append({**now_paid, "from": "2100-01-01", "number": "9999999999"})
    cast.region.save(update_fields=["config"])
    batch = drafted(cast)
    assert batch.payments.get().account == now_paid["number"]


def test_all_who_have_no_bank_account_are_named_at_once(cast: Cast, order: Order) -> None:
    cast.region.config["money"]["bank_accounts"] = []
    cast.region.save(update_fields=["config"])
    typed = {"month": month_of_past(cast)}
    page = client_of(cast.treasurer).post("/settlement/batches", typed, follow=True)
    assert f"{cast.fleet.name} belum punya rekening bank" in page.content.decode()
    assert not Batch.objects.exists()


def test_what_the_bank_paid_is_paid_in_the_book_and_the_three_say_the_same(
    cast: Cast, order: Order
) -> None:
    batch = sent(cast)
    [payment] = batch.payments.all()
    client = client_of(cast.treasurer)
    row = f"{payment.reference};{payment.amount_rp};BERHASIL;TRX-9"
    assert "lunas" in answer(client, row)
    batch.refresh_from_db()
    assert batch.state == "paid"
    paid = Account.objects.get(kind="paid", payee=payment.payee)
    owed = Account.objects.get(kind="payable", payee=payment.payee)
    assert (paid.balance_rp, owed.balance_rp) == (payment.amount_rp, 0)
    [match] = matches(cast.region)
    assert match.fits
    assert match.owed == match.paid == match.proved
    assert verify_book(cast.region)[1] == []
    assert list(differences(cast.region)) == []
    assert "sama" in client.get("/settlement/match").content.decode()
    assert order.code in client.get(f"/settlement/lines?month={batch.month}").content.decode()


def test_the_same_answer_twice_half_foreign_or_wrong_changes_nothing_wrong(
    cast: Cast, order: Order
) -> None:
    batch = sent(cast)
    [payment] = batch.payments.all()
    client, good = client_of(cast.treasurer), f"{payment.reference};{payment.amount_rp};BERHASIL;T"
    before = Transfer.objects.count()
    page = answer(
        client,
        f"{payment.reference};{payment.amount_rp - 1};BERHASIL;T",
        "ORANG-LAIN;5000;BERHASIL;T",
        f"{payment.reference};{payment.amount_rp};ENTAH;T",
        f"{payment.reference}",
    )
    assert Transfer.objects.count() == before
    assert "jumlahnya lain" in page
    assert "bukan pembayaran kita" in page
    assert "tidak terbaca" in page
    answer(client, good, good)
    assert Transfer.objects.filter(kind="pay").count() == 1
    assert "sudah diketahui" in answer(client, good)
    assert "tanyakan ke bank" in answer(client, good.replace("BERHASIL", "GAGAL"))
    assert Transfer.objects.filter(kind="pay").count() == 1
    assert list(differences(cast.region)) == []


def test_what_the_bank_refused_is_open_again_for_the_next_batch(cast: Cast, order: Order) -> None:
    batch = sent(cast)
    [payment] = batch.payments.all()
    answer(client_of(cast.treasurer), f"{payment.reference};{payment.amount_rp};DITOLAK;")
    again = drafted(cast)
    assert again.pk != batch.pk
    assert [each.amount_rp for each in again.payments.all()] == [payment.amount_rp]
    assert Payment.objects.get(pk=payment.pk).state == "refused"
    assert list(differences(cast.region)) == []


def test_a_file_that_is_none_is_refused_and_an_answer_before_sending_changes_nothing(
    cast: Cast, order: Order
) -> None:
    client = client_of(cast.treasurer)
    for text in (b"\xff\xfe\x00", b"", b"Referensi;Status\nA;B", b'"Referensi'):
        file = SimpleUploadedFile("jawaban.csv", text)
        assert client.post("/settlement/answers", {"file": file}).status_code == 400
    batch = drafted(cast)
    [payment] = batch.payments.all()
    page = answer(client, f"{payment.reference};{payment.amount_rp};BERHASIL;T")
    assert "belum pernah dikirim" in page
    assert not Transfer.objects.filter(kind="pay").exists()


def test_a_month_that_is_not_over_is_not_paid(cast: Cast, order: Order) -> None:
    client_of(cast.treasurer).post("/settlement/batches", {"month": "2999-01"})
    client_of(cast.treasurer).post("/settlement/batches", {"month": "kapan"})
    assert not Batch.objects.exists()


def test_the_workbook_holds_each_line(cast: Cast, order: Order) -> None:
    month = month_of_past(cast)
    data = client_of(cast.auditor).get(f"/settlement/statement.xlsx?month={month}").content
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert order.code in sheet
    assert "SUM(G2:" in sheet
