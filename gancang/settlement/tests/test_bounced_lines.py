"""A line of a payment that came back: taken back or disputed before it is paid again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gancang.ledger.models import Transfer
from gancang.settlement.models import Batch, Bounce, Correction, Hold, Payment
from gancang.settlement.queries import all_lines
from gancang.settlement.tests.months import earned, earned_again, month_of_past
from gancang.settlement.tests.test_bounces import (
    decide,
    is_exact,
    paid,
    returned,
    settle_newest,
    stands,
)
from gancang.settlement.tests.test_corrections import ask, second_above
from gancang.settlement.tests.test_month import drafted
from gancang.values import in_words
from tests.cast import client_of

if TYPE_CHECKING:
    from tests.cast import Cast


def came_back(cast: Cast) -> Payment:
    """Two orders, paid at once; the payment came back, and its account is right."""
    second_above(cast, 10**9)
    earned(cast)
    earned_again(cast, "R-70001")
    payment = paid(cast)
    returned(cast, payment)
    decide(cast.treasurer, "account")
    return payment


def states(cast: Cast) -> set[str]:
    return set(all_lines(cast.region).values_list("state", flat=True))


def page_of(cast: Cast, path: str = "/settlement/lines") -> str:
    month = month_of_past(cast)
    return client_of(cast.auditor).get(f"{path}?month={month}").content.decode()


def largest(cast: Cast) -> Transfer:
    return Transfer.objects.filter(kind="settle", reversed_by=None).order_by("-amount_rp")[0]


def test_a_wrong_line_is_taken_back_and_the_rest_is_paid_again(cast: Cast) -> None:
    payment = came_back(cast)
    line = largest(cast)
    ask(cast, line, "jarak salah")
    assert Transfer.objects.get(reverses=line).kind == "reverse", (
        "nobody has it: it is not owed back"
    )
    rest = payment.amount_rp - line.amount_rp
    assert stands(cast, "payable") == rest
    is_exact(cast)
    again = paid(cast)
    assert (again.repeats, again.amount_rp) == (payment, rest)
    assert (stands(cast, "payable"), stands(cast, "paid")) == (0, rest)
    assert states(cast) == {"paid", "reversed"}
    is_exact(cast)


def test_it_leaves_a_draft_that_pays_it_again_and_both_are_asked_once_more(cast: Cast) -> None:
    payment, line = came_back(cast), largest(cast)
    batch = drafted(cast)
    client_of(cast.treasurer).post(f"/settlement/batches/{batch.code}/approve")
    ask(cast, line)
    assert not batch.approvals.exists()
    assert batch.payments.get().amount_rp == payment.amount_rp - line.amount_rp
    is_exact(cast)
    second = largest(cast)
    settle_newest_but_the_answer(cast, batch)
    ask(cast, second)
    assert not Transfer.objects.filter(reverses=second).exists(), "it is on its way to the bank"
    is_exact(cast)


def settle_newest_but_the_answer(cast: Cast, batch: Batch) -> None:
    for person in (cast.treasurer, cast.admin):
        client_of(person).post(f"/settlement/batches/{batch.code}/approve")
    client_of(cast.treasurer).post(f"/settlement/batches/{batch.code}/sent")


def test_a_line_in_dispute_is_not_paid_again_until_it_is_let_go(cast: Cast) -> None:
    payment, line = came_back(cast), largest(cast)
    told = {"reason": "pesanan ini bukan punya kami"}
    client_of(cast.treasurer).post(f"/settlement/lines/{line.pk}/hold", told)
    is_exact(cast)
    again = paid(cast)
    assert again.amount_rp == payment.amount_rp - line.amount_rp
    hold = line.holds.get()
    told = {"reason": "ternyata benar"}
    client_of(cast.treasurer).post(f"/settlement/holds/{hold.pk}/release", told)
    is_exact(cast)
    assert paid(cast).amount_rp == line.amount_rp
    assert stands(cast, "payable") == 0
    is_exact(cast)


def test_all_of_it_is_taken_back_and_nothing_is_paid_again(cast: Cast) -> None:
    came_back(cast)
    while rows := list(Transfer.objects.filter(kind="settle", reversed_by=None)):
        ask(cast, rows[0])
        is_exact(cast)
    assert stands(cast, "payable") == 0
    client_of(cast.treasurer).post("/settlement/batches", {"month": month_of_past(cast)})
    assert Batch.objects.count() == 1
    assert "Tidak ada yang dibayar lagi" in page_of(cast, "/settlement/")


def test_after_a_second_return_no_statement_says_paid_and_it_tells_when_it_is(cast: Cast) -> None:
    payment = came_back(cast)
    assert "Kembali dari bank pada" in page_of(cast)
    again = paid(cast)
    assert states(cast) == {"paid"}
    assert "Dibayar lagi pada" in page_of(cast)
    returned(cast, again)
    assert states(cast) == {"returned"}
    payment.refresh_from_db()
    assert payment.state == "returned"
    page = page_of(cast, "/settlement/")
    assert "Sudah 2 kali kembali" in page
    assert "Dibayar lagi pada" not in page
    assert in_words(payment.amount_rp) in page
    is_exact(cast)
    decide(cast.treasurer, "account")
    third = paid(cast)
    assert third.repeats == again
    assert states(cast) == {"paid"}
    payment.refresh_from_db()
    again.refresh_from_db()
    assert (payment.state, again.state) == ("repaid", "repaid")
    assert third.reference in page_of(cast, "/settlement/")
    assert (
        "Dibayar lagi pada"
        in client_of(cast.rider)
        .get(f"/settlement/mine?month={month_of_past(cast)}")
        .content.decode()
    )
    is_exact(cast)


def test_more_than_came_back_is_not_taken_out(cast: Cast) -> None:
    second_above(cast, 10**9)
    earned(cast)
    paid(cast)
    for line in Transfer.objects.filter(kind="settle"):
        ask(cast, line)  # he owes it back
    owed = Transfer.objects.filter(kind="owe_back").order_by("pk")[0]
    told = {"amount_rp": "1000", "reference": "S-1"}
    client_of(cast.treasurer).post(f"/settlement/movements/{owed.pk}/repaid", told)
    earned_again(cast, "R-70002")
    kept = paid(cast)
    assert kept.set_off_rp
    returned(cast, kept)
    line = kept.lines.order_by("-line__amount_rp")[0].line
    assert line.amount_rp > kept.amount_rp, "else this story says nothing"
    before = Correction.objects.count()
    page = client_of(cast.treasurer).post(
        f"/settlement/movements/{line.pk}/reverse", {"reason": "salah"}, follow=True
    )
    assert "sisanya sudah diperhitungkan" in page.content.decode()
    assert Correction.objects.count() == before
    is_exact(cast)


def test_what_was_taken_back_of_what_then_came_back_is_owed_by_nobody(cast: Cast) -> None:
    second_above(cast, 10**9)
    earned(cast)
    payment, line = paid(cast), largest(cast)
    ask(cast, line)
    assert stands(cast, "owed_back") == line.amount_rp
    returned(cast, payment)
    assert payment.state == "returned"
    rest = payment.amount_rp - line.amount_rp
    assert (stands(cast, "owed_back"), stands(cast, "payable")) == (0, rest)
    assert states(cast) == {"returned", "reversed"}
    is_exact(cast)
    decide(cast.treasurer, "account")
    assert paid(cast).amount_rp == rest
    is_exact(cast)


def test_what_a_payee_paid_back_by_himself_is_cleared_up_by_people(cast: Cast) -> None:
    second_above(cast, 10**9)
    earned(cast)
    payment = paid(cast)
    ask(cast, largest(cast))
    owed = Transfer.objects.get(kind="owe_back")
    told = {"amount_rp": str(owed.amount_rp), "reference": "S-2"}
    client_of(cast.treasurer).post(f"/settlement/movements/{owed.pk}/repaid", told)
    assert "menunggu" not in returned(cast, payment)
    assert (payment.state, Bounce.objects.get().state) == ("paid", "asked")
    number = Bounce.objects.get().pk
    page = client_of(cast.admin).post(f"/settlement/bounces/{number}/approve", follow=True)
    assert "hanya memegang" in page.content.decode()
    is_exact(cast)


@pytest.mark.django_db
@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    deeds=st.lists(
        st.tuples(
            st.sampled_from(["batch", "draft", "bounce", "account", "back", "hold", "let go"]),
            st.integers(0, 20),
        ),
        max_size=8,
    )
)
def test_whatever_bounces_and_is_taken_back_every_rupiah_stays_in_the_book(
    cast: Cast, deeds: list[tuple[str, int]]
) -> None:
    second_above(cast, 10**9)
    if not Transfer.objects.filter(kind="settle").exists():
        earned(cast)
        earned_again(cast, "R-70003")
    for deed, number in deeds:
        do(cast, deed, number)
        is_exact(cast)
        last = Payment.objects.filter(state="returned", repeated_by=None)
        waiting = sum(each.left_rp for each in last)
        assert waiting <= stands(cast, "payable")


def do(cast: Cast, deed: str, number: int) -> None:
    """One deed through its page; what is refused changes nothing."""
    client = client_of(cast.treasurer)
    rows = list(Transfer.objects.filter(kind="settle", reversed_by=None).order_by("pk"))
    line = rows[number % len(rows)] if rows else None
    last = Payment.objects.filter(state="paid").order_by("-pk").first()
    if deed in ("batch", "draft"):
        gather(cast, is_paid=deed == "batch")
    elif deed == "bounce" and last:
        returned(cast, last)
    elif deed == "account" and Bounce.objects.exists():
        decide(cast.treasurer, "account")
    elif deed == "back" and line:
        ask(cast, line)
    elif deed == "hold" and line:
        client.post(f"/settlement/lines/{line.pk}/hold", {"reason": "periksa"})
    elif deed == "let go":
        for hold in Hold.objects.filter(released_at=None):
            client.post(f"/settlement/holds/{hold.pk}/release", {"reason": "benar"})


def gather(cast: Cast, *, is_paid: bool) -> None:
    """What is open is drafted, and on request paid by the bank."""
    before, month = Batch.objects.count(), {"month": month_of_past(cast)}
    client_of(cast.treasurer).post("/settlement/batches", month)
    if is_paid and Batch.objects.count() > before:
        settle_newest(cast)
