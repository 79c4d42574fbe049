"""With an extract, prices and plans go by the road, and whoever sees a distance sees its source."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from gancang.dispatch import keeping
from gancang.dispatch.models import Tick
from gancang.dispatch.ticking import tick
from gancang.maps import stored
from gancang.maps.tests.town import by_the_river, load_town
from gancang.medicine.tests.test_tiers import quoted
from gancang.orders.models import Order
from tests.cast import at_work, client_of, offer_to, place, release, typed_prescription

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cast import Cast

ROADS = "menurut peta jalan 20-11-2026"


@pytest.fixture
def river(cast: Cast, tmp_path: Path, settings: object) -> Cast:
    """The hospital stands south of a river without a ford; the patient lives north of it."""
    settings.VAR = tmp_path / "var"  # type: ignore[attr-defined]  # pytest-django exports no type
    lat, lon = middle(cast)
    load_town(cast.region, by_the_river(lat, lon, bridge_m=4_000), tmp_path)
    return cast


def middle(cast: Cast) -> tuple[float, float]:
    """The middle of the river, a hundred metres north of the hospital."""
    assert cast.hospital.lat is not None
    assert cast.hospital.lon is not None
    return cast.hospital.lat + 100 / 111_000, cast.hospital.lon


def over_there(cast: Cast) -> dict[str, str]:
    """The pin of a house on the other bank."""
    lat, lon = middle(cast)
    return {"lat": f"{lat + 100 / 111_000:.6f}", "lon": f"{lon:.6f}"}


def test_the_price_at_the_counter_goes_by_the_bridge_and_says_so(river: Cast) -> None:
    typed = typed_prescription(river, pbi="tidak", **over_there(river))
    clerk = client_of(river.clerk)
    asked = clerk.post("/medicine/new", typed)
    offer = asked.context["offer"]
    assert 8_100 < offer["distance_m"] < 8_400
    assert offer["price"].rupiah == quoted(river, offer["distance_m"])
    assert ROADS in asked.content.decode()
    typed["accepts_rp"] = str(offer["price"].rupiah)
    assert clerk.post("/medicine/new", typed).status_code == 302
    order = Order.objects.get()
    assert order.distance_source == "roads of 2026-11-20"
    assert ROADS in clerk.get(f"/medicine/orders/{order.code}").content.decode()
    assert ROADS in client_of(river.auditor).get(f"/overview/orders/{order.code}").content.decode()


def test_a_rider_sees_by_which_map_his_way_was_measured(river: Cast) -> None:
    at_work(river, river.rider)
    offer_to(river, release(river, place(river, **over_there(river))))
    assert ROADS in client_of(river.rider).get("/dispatch/rider").content.decode()


def test_a_house_that_no_road_reaches_is_priced_by_an_estimate_that_says_so(river: Cast) -> None:
    lat, lon = middle(river)
    order = place(river, lat=f"{lat + 0.06:.6f}", lon=f"{lon:.6f}")
    assert order.distance_source == "estimate"
    page = client_of(river.clerk).get(f"/medicine/orders/{order.code}").content.decode()
    assert "(perkiraan)" in page


def test_a_round_of_the_planner_replays_after_the_map_has_gone(river: Cast) -> None:
    at_work(river, river.rider, river.second_rider)
    for n in range(3):
        order = place(river, number=f"R-{n}", nik=f"35101649035{n:05}", **over_there(river))
        release(river, order)
    tick(river.region, now=datetime.now(UTC), seed=1)
    kept = Tick.objects.get()
    # At busy hours the hour stands behind it.
    assert kept.ways["sources"][-1].startswith("roads of 2026-11-20")
    _, before = keeping.replay(kept)
    (stored.folder_of(river.region.code) / stored.POINTER).unlink()
    _, after = keeping.replay(Tick.objects.get())
    assert after == before
    kept.ways = {}
    _, estimated = keeping.replay(kept)
    assert estimated != before
