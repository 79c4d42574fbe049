"""A wrong movement is taken back by another: asked, decided by a second person, set off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gancang.ledger.models import Account, Transfer
from gancang.overview.verify import verify
from gancang.settlement.matching import differences
from gancang.settlement.models import Correction, Payment
from gancang.settlement.tests.months import earned, earned_again, month_of_past
from gancang.settlement.tests.test_month import answer, sent
from tests.cast import client_of, delivered

if TYPE_CHECKING:
    from gancang.accounts.models import User
    from gancang.orders.models import Order
    from tests.cast import Cast


@pytest.fixture
def order(cast: Cast) -> Order:
    """An order of a month that is over."""
    return earned(cast)


def second_above(cast: Cast, rupiah: int) -> None:
    """The pack wants a second person above this."""
    cast.region.config["money"] = {
        **cast.region.config["money"],
        "second_approval_above_rp": rupiah,
    }
    cast.region.save()


def line_of(order: Order) -> Transfer:
    """What became owed for an order, by the fund that paid most."""
    rows = Transfer.objects.filter(about=order.code, kind="settle", reverses=None)
    return rows.order_by("-amount_rp")[0]


def ask(cast: Cast, line: Transfer, reason: str = "jaraknya salah ukur") -> None:
    """The treasurer asks that a line be taken back."""
    page = client_of(cast.treasurer).post(
        f"/settlement/movements/{line.pk}/reverse", {"reason": reason}
    )
    assert page.status_code == 302


def press(user: User, deed: str, **typed: str) -> None:
    """Somebody decides the newest correction."""
    newest = Correction.objects.order_by("-pk")[0]
    client_of(user).post(f"/settlement/corrections/{newest.pk}/{deed}", typed)


def balances(cast: Cast) -> dict[int, int]:
    """What stands on every account that holds anything."""
    rows = Account.objects.filter(region=cast.region).exclude(balance_rp=0)
    return dict(rows.values_list("pk", "balance_rp"))


def owed_back(cast: Cast) -> int:
    """What payees owe back by the book."""
    rows = Account.objects.filter(region=cast.region, kind="owed_back")
    return sum(rows.values_list("balance_rp", flat=True))


def assert_all_adds_up(cast: Cast) -> None:
    """The three say the same, and verify finds nothing but what is not committed yet."""
    assert list(differences(cast.region)) == []
    problems = verify([cast.region]).problems
    assert [each for each in problems if not each.startswith("chain of")] == []


def test_a_wrong_line_is_taken_back_and_the_budget_has_its_money_again(
    cast: Cast, order: Order
) -> None:
    line = line_of(order)
    budget = line.source.budget
    free = Account.objects.get(budget=budget, kind="available")
    ask(cast, line)
    back = Transfer.objects.get(reverses=line)
    assert (back.kind, back.amount_rp) == ("reverse", line.amount_rp)
    assert back.source == line.target
    before = free.balance_rp
    free.refresh_from_db()
    assert free.balance_rp == before + line.amount_rp
    assert_all_adds_up(cast)
    desk = client_of(cast.auditor)
    page = desk.get(f"/settlement/movements/{back.pk}").content.decode()
    assert f"/settlement/movements/{line.pk}" in page
    page = desk.get(f"/settlement/movements/{line.pk}").content.decode()
    assert f"/settlement/movements/{back.pk}" in page
    story = desk.get(f"/overview/orders/{order.code}").content.decode()
    assert f"/settlement/movements/{back.pk}" in story


def test_nothing_is_taken_back_twice_and_a_taking_back_once(cast: Cast, order: Order) -> None:
    before, line = balances(cast), line_of(order)
    ask(cast, line)
    ask(cast, line)
    back = Transfer.objects.get(reverses=line)
    ask(cast, back, "ternyata benar")
    again = Transfer.objects.get(reverses=back)
    assert (again.kind, again.amount_rp) == ("settle", line.amount_rp)
    assert balances(cast) == before
    ask(cast, back, "sekali lagi")
    assert Transfer.objects.filter(reverses=back).count() == 1
    assert_all_adds_up(cast)


def test_above_the_packs_amount_another_person_decides_and_never_who_asked(
    cast: Cast, order: Order
) -> None:
    line, before = line_of(order), balances(cast)
    second_above(cast, line.amount_rp - 1)
    ask(cast, line)
    assert balances(cast) == before, "nothing moved yet"
    press(cast.treasurer, "approve")
    assert not Transfer.objects.filter(reverses=line).exists()
    press(cast.auditor, "approve")
    assert not Transfer.objects.filter(reverses=line).exists()
    waits = client_of(cast.admin).get("/settlement/corrections").content.decode()
    assert "jaraknya salah ukur" in waits
    press(cast.admin, "approve")
    done = Correction.objects.get()
    assert (done.state, done.decided_by) == ("done", cast.admin)
    assert done.reversal == Transfer.objects.get(reverses=line)
    press(cast.admin, "approve")
    assert Transfer.objects.filter(reverses=line).count() == 1
    assert_all_adds_up(cast)


def test_up_to_that_amount_it_is_done_at_once(cast: Cast, order: Order) -> None:
    line = line_of(order)
    second_above(cast, line.amount_rp)
    ask(cast, line)
    assert Correction.objects.get().state == "done"


def test_who_asked_withdraws_it_and_who_decides_says_no(cast: Cast, order: Order) -> None:
    line, before = line_of(order), balances(cast)
    second_above(cast, 0)
    ask(cast, line)
    press(cast.admin, "withdraw")
    assert Correction.objects.get().state == "asked"
    press(cast.treasurer, "withdraw")
    assert Correction.objects.get().state == "withdrawn"
    ask(cast, line)
    press(cast.admin, "reject")
    assert Correction.objects.latest("pk").state == "asked", "a no says why"
    press(cast.admin, "reject", reason="bukti sudah benar")
    assert Correction.objects.latest("pk").answer == "bukti sudah benar"
    assert balances(cast) == before
    page = client_of(cast.treasurer).get(f"/settlement/movements/{line.pk}").content.decode()
    assert "bukti sudah benar" in page


def test_a_draft_lets_the_line_go(cast: Cast, order: Order) -> None:
    client_of(cast.treasurer).post("/settlement/batches", {"month": month_of_past(cast)})
    line = line_of(order)
    whole = sum(Payment.objects.values_list("amount_rp", flat=True))
    ask(cast, line)
    assert sum(Payment.objects.values_list("amount_rp", flat=True)) == whole - line.amount_rp
    assert_all_adds_up(cast)


def test_a_line_on_its_way_to_the_bank_waits_for_the_answer(cast: Cast, order: Order) -> None:
    sent(cast)
    line = line_of(order)
    ask(cast, line)
    assert not Transfer.objects.filter(reverses=line).exists()
    assert not Correction.objects.exists()


def test_what_was_paid_is_owed_back_and_the_next_batch_keeps_it(cast: Cast, order: Order) -> None:
    batch = sent(cast)
    [payment] = batch.payments.all()
    answer(client_of(cast.treasurer), f"{payment.reference};{payment.amount_rp};BERHASIL;B-1")
    line = line_of(order)
    free = Account.objects.get(budget=line.source.budget, kind="available")
    ask(cast, line)
    assert owed_back(cast) == line.amount_rp
    was = free.balance_rp
    free.refresh_from_db()
    assert free.balance_rp == was, "the budget spends nothing before it is back"
    assert_all_adds_up(cast)
    earned_again(cast, "R-00071")
    following = sent(cast)
    [kept] = following.payments.all()
    assert kept.set_off_rp == line.amount_rp
    assert_all_adds_up(cast)
    if kept.amount_rp:
        answer(client_of(cast.treasurer), f"{kept.reference};{kept.amount_rp};BERHASIL;B-2")
    following.refresh_from_db()
    assert following.state == "paid"
    assert owed_back(cast) == 0
    assert_all_adds_up(cast)


def test_what_the_bank_refuses_leaves_what_is_owed_back_as_it_was(cast: Cast, order: Order) -> None:
    [payment] = sent(cast).payments.all()
    client = client_of(cast.treasurer)
    answer(client, f"{payment.reference};{payment.amount_rp};BERHASIL;B-1")
    lines = Transfer.objects.filter(about=order.code, kind="settle").order_by("amount_rp")
    ask(cast, lines[0])
    earned_again(cast, "R-00071")
    earned_again(cast, "R-00072")
    [kept] = sent(cast).payments.all()
    assert kept.amount_rp > 0
    answer(client, f"{kept.reference};{kept.amount_rp};GAGAL;B-2")
    assert owed_back(cast) == lines[0].amount_rp
    assert sent(cast).payments.get().set_off_rp == lines[0].amount_rp
    assert_all_adds_up(cast)


def test_a_payee_pays_back_in_parts_and_the_same_slip_counts_once(cast: Cast, order: Order) -> None:
    [payment] = sent(cast).payments.all()
    client = client_of(cast.treasurer)
    answer(client, f"{payment.reference};{payment.amount_rp};BERHASIL;B-1")
    line = line_of(order)
    ask(cast, line)
    back = Transfer.objects.get(reverses=line)
    url = f"/settlement/movements/{back.pk}/repaid"
    for typed in ("0", "-5", "banyak", str(line.amount_rp + 1)):
        client.post(url, {"amount_rp": typed, "reference": "S-0"})
    assert owed_back(cast) == line.amount_rp
    client.post(url, {"amount_rp": "1000", "reference": "S-1"})
    client.post(url, {"amount_rp": "1000", "reference": "S-1"})
    assert owed_back(cast) == line.amount_rp - 1000
    ask(cast, back, "ternyata benar")
    assert not Transfer.objects.filter(reverses=back).exists(), "a part of it came back"
    client.post(url, {"amount_rp": str(line.amount_rp - 1000), "reference": "S-2"})
    assert owed_back(cast) == 0
    assert_all_adds_up(cast)


def test_only_what_became_owed_is_taken_back_here(cast: Cast) -> None:
    order = delivered(cast)
    aside = Transfer.objects.filter(about=order.code, kind="reserve")[0]
    ask(cast, aside)
    assert not Correction.objects.exists()
    ask(cast, line_of(order), " ")
    assert not Correction.objects.exists()
    page = client_of(cast.treasurer).get(f"/settlement/movements/{aside.pk}").content.decode()
    assert "membatalkan pesanannya" in page
