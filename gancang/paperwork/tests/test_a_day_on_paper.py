"""The system is down for a morning; the hospital goes on with paper and keys it in afterwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from gancang.audit.models import Event
from gancang.cash.models import Payment
from gancang.fleet.models import Rider
from gancang.ledger.models import Transfer
from gancang.orders.models import Attempt, Order, Proof
from gancang.overview.verify import verify
from tests.cast import BORN, at_work, client_of, collected, place, release

if TYPE_CHECKING:
    from tests.cast import Cast


def typed(cast: Cast, order: Order, **changed: object) -> dict[str, object]:
    """What stands on the paper: Toni fetched it after its release and handed it over."""
    zone = ZoneInfo(cast.region.timezone)
    released = (order.released_at or datetime.now(UTC)).astimezone(zone)
    return {
        "rider": Rider.objects.get(user=cast.rider).pk,
        "fetched_at": released.strftime("%Y-%m-%dT%H:%M"),
        "at": released.strftime("%Y-%m-%dT%H:%M"),
        "outcome": "delivered",
        "bag_codes": order.bag_code,
        "receiver": "Sari",
        "relation": "patient",
        "factor": BORN.strftime("%d-%m-%Y"),
        "note": "",
        **changed,
    }


def key_in(cast: Cast, order: Order, **changed: object) -> Any:
    """The pharmacist keys one line in."""
    url = f"/paperwork/orders/{order.code}/on-paper"
    answer = client_of(cast.pharmacist).post(url, typed(cast, order, **changed))
    order.refresh_from_db()
    return answer


def test_the_day_list_the_labels_and_empty_lines_are_printed_beforehand(cast: Cast) -> None:
    release(cast, place(cast))
    pharmacist = client_of(cast.pharmacist)
    for name in ("day-list", "labels", "blank"):
        sent = pharmacist.get(f"/paperwork/{name}.pdf")
        assert sent.status_code == 200, name
        assert sent.content.startswith(b"%PDF"), name


def test_a_hand_over_on_paper_is_keyed_in_with_its_true_time_and_is_paid(cast: Cast) -> None:
    at_work(cast, cast.rider)
    order = release(cast, place(cast))
    assert key_in(cast, order).status_code == 302
    assert order.state == "delivered"
    proof = Proof.objects.get(order=order)
    assert order.released_at is not None
    assert proof.handed_over_at == order.released_at.replace(second=0, microsecond=0)
    assert proof.recorded_at > proof.handed_over_at
    told = Event.objects.get(kind="paper.keyed_in", subject=order.code)
    assert told.actor == cast.pharmacist.username


def test_a_wrong_date_of_birth_on_the_paper_changes_nothing_but_the_count(cast: Cast) -> None:
    at_work(cast, cast.rider)
    order = release(cast, place(cast))
    assert key_in(cast, order, factor="01-01-1900").status_code == 400
    assert (order.state, order.wrong_tries) == ("released", 1)
    assert not Event.objects.filter(kind="paper.keyed_in").exists()


def test_a_bag_of_somebody_else_on_the_paper_is_told_and_nothing_is_keyed_in(cast: Cast) -> None:
    at_work(cast, cast.rider)
    order = release(cast, place(cast))
    assert key_in(cast, order, bag_codes="XYZ-3467-ACDE").status_code == 400
    assert order.state == "released"


def test_what_was_never_released_did_not_leave(cast: Cast) -> None:
    at_work(cast, cast.rider)
    order = place(cast)
    assert key_in(cast, order).status_code == 400
    assert order.state == "placed"


def test_times_that_cannot_be_are_refused(cast: Cast) -> None:
    at_work(cast, cast.rider)
    order = release(cast, place(cast))
    zone = ZoneInfo(cast.region.timezone)
    here = datetime.now(UTC).astimezone(zone)
    later = (here + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    before = (here - timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    for wrong in ({"at": later}, {"fetched_at": before}, {"at": before}, {"at": "kemarin"}):
        assert key_in(cast, order, **wrong).status_code == 400, wrong
        assert order.state == "released"


def test_nobody_was_home_is_keyed_in_as_well_for_a_bag_that_was_fetched_before(cast: Cast) -> None:
    order = collected(cast)
    assert key_in(cast, order, outcome="nobody_home", note="pagar terkunci").status_code == 302
    assert order.state == "failed"
    assert Attempt.objects.get(order=order).reason == "nobody_home"


def paying(cast: Cast, number: int = 1) -> Order:
    """A released order whose patient has agreed to a price."""
    typed = {"number": f"K-{number}", "nik": "", "pbi": "tidak", "accepts_rp": "900000"}
    return release(cast, place(cast, **typed))


def test_what_a_patient_paid_on_paper_is_keyed_in_with_the_number_of_the_paper_receipt(
    cast: Cast,
) -> None:
    at_work(cast, cast.rider)
    order = paying(cast)
    page = client_of(cast.pharmacist).get(f"/paperwork/orders/{order.code}/on-paper")
    assert 'name="paper_number"' in page.content.decode()
    assert key_in(cast, order).status_code == 400, "not without saying how it was paid"
    assert key_in(cast, order, paid="cash").status_code == 400, "nor without the receipt"
    assert order.state == "released"
    assert key_in(cast, order, paid="cash", paper_number="blok 7/012").status_code == 302
    assert order.state == "delivered"
    payment = Payment.objects.get(order=order)
    assert (payment.amount_rp, payment.paper_number) == (order.patient_pays_rp, "BLOK 7/012")
    assert payment.taken_by == cast.rider
    assert payment.at == Proof.objects.get(order=order).handed_over_at
    fare = Transfer.objects.get(about=order.code, kind="cash")
    assert fare.amount_rp == order.patient_pays_rp
    assert "BLOK 7/012" in (
        client_of(cast.rider).get(f"/cash/orders/{order.code}").content.decode()
    )
    found = verify([cast.region]).problems
    assert [each for each in found if not each.startswith("chain")] == []


def test_a_paper_receipt_counts_once(cast: Cast) -> None:
    at_work(cast, cast.rider)
    first, second = paying(cast), paying(cast, 2)
    assert key_in(cast, first, paid="cash", paper_number="7-013").status_code == 302
    again = key_in(cast, second, paid="cash", paper_number="7-013")
    assert again.status_code == 400
    assert first.code in again.content.decode()
    assert second.state == "released"


def test_qris_on_paper_is_keyed_in_with_its_reference(cast: Cast) -> None:
    at_work(cast, cast.rider)
    order = paying(cast)
    assert key_in(cast, order, paid="qris").status_code == 400
    assert key_in(cast, order, paid="qris", paid_reference="QR 1124 8").status_code == 302
    assert Payment.objects.get(order=order).reference == "QR 1124 8"


def test_a_paper_of_somebody_who_pays_nothing_asks_for_no_money(cast: Cast) -> None:
    at_work(cast, cast.rider)
    order = release(cast, place(cast))
    page = client_of(cast.pharmacist).get(f"/paperwork/orders/{order.code}/on-paper")
    assert 'name="paid"' not in page.content.decode()
