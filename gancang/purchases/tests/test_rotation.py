"""An office that has bought five times at one seller goes on to another near by (H42)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gancang.audit.models import Event
from gancang.purchases.models import Purchase
from gancang.purchases.rules import must_go_on, times_in_a_row
from gancang.regions.models import Organisation
from gancang.regions.queries import today_in
from tests.cast import client_of

if TYPE_CHECKING:
    from tests.cast import Cast

SELLERS = st.lists(st.integers(1, 3), max_size=12)


@given(SELLERS, st.integers(1, 3), st.integers(1, 6))
def test_only_an_unbroken_row_at_one_seller_sends_on(
    newest: list[int], seller: int, after: int
) -> None:
    row = times_in_a_row(newest, seller)
    assert newest[:row] == [seller] * row
    assert newest[row : row + 1] != [seller]
    assert must_go_on(newest, seller, after=after) == (newest[:after] == [seller] * after)
    assert not must_go_on([seller + 1, *newest], seller, after=after), "one elsewhere frees it"


@pytest.fixture
def warungs(cast: Cast) -> list[Organisation]:
    """Three kitchens, the second the nearest to the office."""
    lat, lon = cast.hospital.lat, cast.hospital.lon
    assert lat is not None
    assert lon is not None
    return [
        Organisation.objects.create(
            region=cast.region,
            code=code,
            kind=Organisation.Kind.KITCHEN,
            name=name,
            village=cast.village,
            lat=lat + north,
            lon=lon,
        )
        for code, name, north in (
            ("w-1", "Warung Bu Sri", 0.01),
            ("w-2", "Warung Pak Jo", 0.001),
            ("w-3", "Warung Mbok Nah", 0.02),
        )
    ]


def buy(cast: Cast, seller: str, number: int, **told: object) -> tuple[int, str]:
    """The office writes a purchase down: the status, and what it reads."""
    today = today_in(cast.region, datetime.now(UTC))
    typed = {
        "seller": seller,
        "on": today,
        "what": "50 nasi kotak",
        "amount_rp": "750.000",
        "receipt": f"N-{number}",
        **told,
    }
    answer = client_of(cast.clerk).post("/purchases/", typed)
    return answer.status_code, answer.content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("warungs")
def test_the_sixth_purchase_in_a_row_is_sent_to_the_nearest_other(cast: Cast) -> None:
    cast.region.config["rotation"] = {"after": 5, "nearby": 2, "rule": "2021"}
    cast.region.save(update_fields=["config"])
    assert [buy(cast, "w-1", n)[0] for n in range(5)] == [302] * 5
    assert "Warung Bu Sri" in client_of(cast.clerk).get("/purchases/").content.decode()
    status, said = buy(cast, "w-1", 6)
    assert status == 400
    assert "Warung Pak Jo, Warung Mbok Nah" in said, "the nearest first"
    assert "50 nasi kotak" in said, "what was typed stays"
    assert Purchase.objects.count() == 5
    assert buy(cast, "w-2", 6)[0] == 302
    assert buy(cast, "w-1", 7)[0] == 302, "and then it may come back"


@pytest.mark.django_db
@pytest.mark.usefixtures("warungs")
def test_who_stays_with_a_reason_is_seen_by_the_treasurer_and_in_the_chain(cast: Cast) -> None:
    cast.region.config["rotation"] = {"after": 1, "nearby": 2, "rule": "2021"}
    cast.region.save(update_fields=["config"])
    buy(cast, "w-1", 1)
    assert buy(cast, "w-1", 2, stayed_because=" ")[0] == 400
    assert buy(cast, "w-1", 2, stayed_because="yang lain libur Nyepi")[0] == 302
    page = client_of(cast.treasurer).get("/purchases/").content.decode()
    assert "yang lain libur Nyepi" in page
    assert "Rp 1.500.000" in page
    assert "Nyepi" in Event.objects.filter(kind="purchase.written").latest("pk").payload


@pytest.mark.django_db
@pytest.mark.usefixtures("warungs")
def test_a_receipt_counts_once_and_nothing_is_bought_tomorrow(cast: Cast) -> None:
    assert buy(cast, "w-1", 1)[0] == 302
    assert buy(cast, "w-1", 1)[0] == 400
    tomorrow = today_in(cast.region, datetime.now(UTC)) + timedelta(days=1)
    assert buy(cast, "w-1", 2, on=tomorrow)[0] == 400
    assert buy(cast, "w-1", 2, amount_rp="0")[0] == 400
    assert buy(cast, "nobody", 2)[0] == 400
    assert Purchase.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("warungs")
def test_what_was_written_down_wrongly_counts_no_more(cast: Cast) -> None:
    cast.region.config["rotation"] = {"after": 1, "nearby": 2, "rule": "2021"}
    cast.region.save(update_fields=["config"])
    buy(cast, "w-1", 1)
    first = Purchase.objects.get()
    stranger = client_of(cast.other_pharmacist)
    assert stranger.post(f"/purchases/{first.pk}/take-back").status_code == 403
    client_of(cast.clerk).post(f"/purchases/{first.pk}/take-back")
    first.refresh_from_db()
    assert first.taken_back_at is not None
    assert buy(cast, "w-1", 1)[0] == 302, "also its receipt is free again"
