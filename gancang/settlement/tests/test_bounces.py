"""A payment comes back after it was marked as paid: owed again, held, paid anew, exact."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gancang.ledger.models import Account, Transfer
from gancang.settlement.matching import differences, matches
from gancang.settlement.models import Batch, Bounce, Payment
from gancang.settlement.rules import Answered, Fate, Sent, judge
from gancang.settlement.tests.months import earned, earned_again, month_of_past
from gancang.settlement.tests.test_corrections import ask, second_above
from gancang.settlement.tests.test_month import answer, drafted, sent
from gancang.values import Money
from tests.cast import client_of
from tests.laws import assert_whole

if TYPE_CHECKING:
    from gancang.accounts.models import User
    from tests.cast import Cast


ONE_CAST = [HealthCheck.function_scoped_fixture]  # further deeds on the same book


def paid(cast: Cast) -> Payment:
    """What the bank said it had paid of the newest batch."""
    payment = sent(cast).payments.get()
    answer(client_of(cast.treasurer), f"{payment.reference};{payment.amount_rp};BERHASIL;B1")
    payment.refresh_from_db()
    assert payment.state == "paid"
    return payment


def returned(cast: Cast, payment: Payment) -> str:
    """A later file of the bank says that it came back."""
    row = f"{payment.reference};{payment.amount_rp};RETUR;B9"
    page = answer(client_of(cast.treasurer), row)
    payment.refresh_from_db()
    return page


def decide(user: User, deed: str = "approve") -> None:
    newest = Bounce.objects.latest("pk")
    client_of(user).post(f"/settlement/bounces/{newest.pk}/{deed}")


def stands(cast: Cast, kind: str) -> int:
    rows = Account.objects.filter(region=cast.region, kind=kind, payee=cast.fleet)
    return sum(rows.values_list("balance_rp", flat=True))


def is_exact(cast: Cast) -> None:
    """Orders, book and payments say the same, and the book proves itself."""
    assert list(differences(cast.region)) == []
    assert all(each.fits for each in matches(cast.region))
    assert_whole(cast.region)


def another_account(cast: Cast) -> None:
    """The pack tells another account of a later day."""
    told = cast.region.config["money"]
    rows = [
        {**row, "number": row["number"] + "9"}
        if row["organisation"] == cast.fleet.code
        else dict(row)
        for row in told["bank_accounts"]
    ]
    cast.region.config["money"] = {**told, "bank_accounts": rows}
    cast.region.save()


def test_what_came_back_is_owed_held_and_paid_again_to_another_account(cast: Cast) -> None:
    second_above(cast, 0)
    earned(cast)
    payment = paid(cast)
    amount = payment.amount_rp
    assert "menunggu" not in returned(cast, payment)
    assert payment.state == "paid", "another person must stand for it"
    decide(cast.treasurer)
    assert Bounce.objects.get().state == "asked", "not by who asked"
    decide(cast.admin)
    payment.refresh_from_db()
    assert (payment.state, stands(cast, "payable"), stands(cast, "paid")) == ("returned", amount, 0)
    is_exact(cast)
    month = month_of_past(cast)
    page = client_of(cast.treasurer).post("/settlement/batches", {"month": month}, follow=True)
    assert "Betulkan rekeningnya" in page.content.decode()
    assert Batch.objects.count() == 1
    another_account(cast)
    again = sent(cast).payments.get()
    assert (again.amount_rp, again.repeats) == (amount, payment)
    assert again.account == payment.account + "9"
    is_exact(cast)
    answer(client_of(cast.treasurer), f"{again.reference};{amount};BERHASIL;B2")
    payment.refresh_from_db()
    assert (payment.state, stands(cast, "payable"), stands(cast, "paid")) == ("repaid", 0, amount)
    is_exact(cast)
    shown = client_of(cast.auditor).get("/settlement/corrections").content.decode()
    assert "kembali, dan sudah dibayar lagi" in shown


def test_the_banks_files_again_change_nothing(cast: Cast) -> None:
    second_above(cast, 10**9)
    earned(cast)
    payment = paid(cast)
    returned(cast, payment)
    assert payment.state == "returned", "a small sum needs nobody else"
    lines = Transfer.objects.count()
    returned(cast, payment)
    row = f"{payment.reference};{payment.amount_rp};BERHASIL;B1"
    assert "sudah diketahui" in answer(client_of(cast.treasurer), row)
    assert (Transfer.objects.count(), Bounce.objects.count()) == (lines, 1)
    is_exact(cast)


def test_by_hand_with_the_banks_letter_and_not_without(cast: Cast) -> None:
    second_above(cast, 0)
    earned(cast)
    payment = paid(cast)
    url = f"/settlement/payments/{payment.reference}/came-back"
    client = client_of(cast.treasurer)
    client.post(url, {"reason": "rekening tutup", "document": " "})
    assert not Bounce.objects.exists()
    client.post(url, {"reason": "rekening tutup", "document": "S-17/2026"})
    client.post(url, {"reason": "rekening tutup", "document": "S-17/2026"})
    assert Bounce.objects.count() == 1
    decide(cast.admin, "reject")
    payment.refresh_from_db()
    assert (payment.state, stands(cast, "paid")) == ("paid", payment.amount_rp)
    client.post(url, {"reason": "rekening tutup", "document": "S-18/2026"})
    decide(cast.admin)
    decide(cast.treasurer, "account")
    assert drafted(cast).payments.get().repeats == payment, "the account was right after all"
    is_exact(cast)


def test_a_second_return_is_paid_a_third_time_and_what_was_set_off_stays_so(cast: Cast) -> None:
    second_above(cast, 10**9)
    earned(cast)
    first = paid(cast)
    ask(cast, line_of_first(cast))  # paid for a way too long: owed back
    earned_again(cast, "R-77001")
    kept = paid(cast)
    assert kept.set_off_rp > 0
    is_exact(cast)
    returned(cast, kept)
    is_exact(cast)
    for number in (1, 2):
        decide(cast.treasurer, "account")
        again = paid(cast)
        assert (again.amount_rp, again.set_off_rp) == (kept.amount_rp, 0)
        is_exact(cast)
        if number == 1:
            returned(cast, again)
            is_exact(cast)
    first.refresh_from_db()
    assert first.state == "paid"
    assert stands(cast, "payable") == 0


def line_of_first(cast: Cast) -> Transfer:
    """The smallest line that was paid."""
    rows = Transfer.objects.filter(region=cast.region, kind="settle", reverses=None)
    return rows.order_by("amount_rp")[0]


ROWS = st.builds(
    Answered,
    number=st.just(1),
    reference=st.just("G-1"),
    amount=st.sampled_from([Money(10), Money(11), None]),
    is_paid=st.sampled_from([True, False, None]),
    is_returned=st.booleans(),
)


@given(rows=st.lists(ROWS, max_size=12))
def test_whatever_a_bank_says_in_whatever_order_a_payment_is_paid_and_comes_back_once(
    rows: list[Answered],
) -> None:
    state, moved = "open", []
    for row in rows:
        told = Answered(
            row.number,
            row.reference,
            row.amount,
            False if row.is_returned else row.is_paid,
            "",
            row.is_returned,
        )
        fate = judge(told, Sent(Money(10), is_sent=True, state=state))
        if fate in (Fate.PAID, Fate.REFUSED, Fate.RETURNED):
            state = fate.value
            moved.append(fate)
        assert judge(told, Sent(Money(10), is_sent=True, state=state)) not in (
            Fate.PAID,
            Fate.REFUSED,
            Fate.RETURNED,
        ), "the same row again changes nothing"
    assert moved in ([], [Fate.PAID], [Fate.REFUSED], [Fate.PAID, Fate.RETURNED])


@pytest.mark.django_db
@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(deeds=st.lists(st.sampled_from(["batch", "bounce", "account"]), max_size=6))
def test_whatever_comes_back_whenever_every_rupiah_stays_in_the_book(
    cast: Cast, deeds: list[str]
) -> None:
    second_above(cast, 10**9)
    if not Transfer.objects.filter(kind="settle").exists():
        earned(cast)
    for deed in deeds:
        last = Payment.objects.filter(state="paid").order_by("-pk").first()
        if deed == "batch":
            month = {"month": month_of_past(cast)}
            before = Batch.objects.count()
            client_of(cast.treasurer).post("/settlement/batches", month)
            if Batch.objects.count() > before:
                settle_newest(cast)
        elif deed == "bounce" and last:
            returned(cast, last)
        elif deed == "account" and Bounce.objects.exists():
            decide(cast.treasurer, "account")
        is_exact(cast)


def settle_newest(cast: Cast) -> None:
    batch = Batch.objects.latest("pk")
    for person in (cast.treasurer, cast.admin):
        client_of(person).post(f"/settlement/batches/{batch.code}/approve")
    client_of(cast.treasurer).post(f"/settlement/batches/{batch.code}/sent")
    for each in batch.payments.all():
        answer(client_of(cast.treasurer), f"{each.reference};{each.amount_rp};BERHASIL;B")
