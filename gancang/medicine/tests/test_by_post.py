"""By post: the parcel's number, its cost, its arrival, and its way back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from gancang.dispatch.models import Waiting
from gancang.dispatch.ticking import tick
from gancang.ledger.models import Transfer
from gancang.ledger.queries import held_for
from gancang.medicine.posting import carriers_of
from gancang.medicine.tests.ways import only_by
from gancang.orders.links import track_token
from gancang.orders.models import Attempt, Leg, Order, Proof
from gancang.outbox.models import Letter
from gancang.overview.verify import verify
from tests.cast import BORN, at_work, client_of, place, release

if TYPE_CHECKING:
    from tests.cast import Cast


@pytest.fixture
def parcel(cast: Cast) -> Order:
    """A released order that goes by post."""
    only_by(cast, "post")
    order = release(cast, place(cast))
    assert order.way == "post"
    return order


def slip(order: Order, **changed: object) -> dict[str, object]:
    """What stands on the post's slip."""
    return {
        "version": order.version,
        "fleet": carriers_of(order)[0].code,
        "bag_codes": order.bag_code,
        "number": "p 2411-0007",
        "cost_rp": order.price_rp - 1_500,
        **changed,
    }


def hand_in(cast: Cast, order: Order, **changed: object) -> int:
    """Wati hands the parcel in."""
    url = f"/medicine/post/{order.code}"
    status = client_of(cast.clerk).post(url, slip(order, **changed)).status_code
    order.refresh_from_db()
    return status


def arrival(order: Order, **changed: object) -> dict[str, object]:
    """What Sari says on the telephone."""
    here = datetime.now(UTC).astimezone(ZoneInfo(order.region.timezone))
    return {
        "version": order.version,
        "receiver": "Sari",
        "relation": "patient",
        "at": here.strftime("%Y-%m-%dT%H:%M"),
        "factor": BORN.strftime("%d-%m-%Y"),
        **changed,
    }


def problems(cast: Cast) -> list[str]:
    """What `gancang verify` says of the book."""
    return [each for each in verify([cast.region]).problems if not each.startswith("chain")]


def test_a_parcel_is_handed_in_under_its_number_and_the_patient_is_told(
    cast: Cast, parcel: Order
) -> None:
    page = client_of(cast.clerk).get("/medicine/post").content.decode()
    assert parcel.code in page
    assert hand_in(cast, parcel) == 302
    assert parcel.state == "collected"
    leg = Leg.objects.get(order=parcel)
    assert (leg.reference, leg.fleet) == ("P 2411-0007", carriers_of(parcel)[0])
    letter = Letter.objects.get(subject=parcel.code, kind="order.posted")
    assert "P 2411-0007" in letter.body
    assert leg.fleet.name in letter.body
    track = Client().get(f"/o/{track_token(parcel.code)}").content.decode()
    assert "P 2411-0007" in track
    assert "Wati" not in track
    # The post has its price, the rest of what was set aside is free again.
    paid = Transfer.objects.filter(about=parcel.code, kind="settle", target__payee=leg.fleet)
    assert sum(row.amount_rp for row in paid) == parcel.price_rp - 1_500
    assert held_for(parcel.code) == []
    assert problems(cast) == []


def test_its_arrival_has_the_same_proof_as_at_the_door(cast: Cast, parcel: Order) -> None:
    hand_in(cast, parcel)
    clerk, url = client_of(cast.clerk), f"/medicine/post/{parcel.code}/arrived"
    assert clerk.post(url, arrival(parcel, factor="01-01-1900")).status_code == 400
    parcel.refresh_from_db()
    assert (parcel.state, parcel.wrong_tries) == ("collected", 1)
    ahead = datetime.now(UTC) + timedelta(days=2)
    late = arrival(parcel, at=ahead.strftime("%Y-%m-%dT%H:%M"))
    assert clerk.post(url, late).status_code == 400
    assert clerk.post(url, arrival(parcel)).status_code == 302
    parcel.refresh_from_db()
    assert parcel.state == "delivered"
    assert Proof.objects.get(order=parcel).factor == "birth_date"
    assert problems(cast) == []


def test_a_parcel_that_comes_back_is_in_the_pharmacists_queue(cast: Cast, parcel: Order) -> None:
    hand_in(cast, parcel)
    typed = {"version": parcel.version, "reason": "address_wrong", "note": "rumah kosong"}
    url = f"/medicine/post/{parcel.code}/came-back"
    assert client_of(cast.clerk).post(url, typed).status_code == 302
    parcel.refresh_from_db()
    assert parcel.state == "failed"
    assert Attempt.objects.get(order=parcel).reason == "address_wrong"
    page = client_of(cast.pharmacist).get(f"/medicine/orders/{parcel.code}").content.decode()
    assert "rumah kosong" in page
    assert "P 2411-0007" in page
    client_of(cast.pharmacist).post(
        f"/medicine/orders/{parcel.code}/take-back", {"version": parcel.version}
    )
    parcel.refresh_from_db()
    assert parcel.state == "returned"
    assert problems(cast) == []


@pytest.mark.parametrize(
    "wrong",
    [{"number": "x"}, {"bag_codes": "BUKAN-INI"}, {"cost_rp": 10**8}, {"fleet": "nobody"}],
)
def test_a_slip_that_cannot_be_is_refused_and_nothing_is_lost(
    cast: Cast, parcel: Order, wrong: dict[str, Any]
) -> None:
    assert hand_in(cast, parcel, **wrong) == 400
    assert parcel.state == "released"
    assert not Leg.objects.exists()


def test_a_number_stands_for_one_parcel(cast: Cast, parcel: Order) -> None:
    assert hand_in(cast, parcel) == 302
    other = release(cast, place(cast, number="R-2", nik=""))
    assert hand_in(cast, other) == 400
    assert other.state == "released"


def test_no_rider_is_asked_to_carry_what_goes_by_post(cast: Cast, parcel: Order) -> None:
    at_work(cast, cast.rider, cast.other_rider)
    assert parcel.not_before is not None
    assert tick(cast.region, now=datetime.now(UTC), seed=1).assigned == 0
    assert Waiting.objects.get(order=parcel).reason == "post"


def test_whoever_pays_has_paid_before_the_parcel_leaves(cast: Cast) -> None:
    only_by(cast, "post")
    typed = {"nik": "", "pbi": "tidak", "accepts_rp": "900000"}
    order = release(cast, place(cast, **typed))
    assert hand_in(cast, order, cost_rp=0) == 400
    assert hand_in(cast, order, cost_rp=0, paid="qris", paid_reference="QR 77") == 302
    assert problems(cast) == []
