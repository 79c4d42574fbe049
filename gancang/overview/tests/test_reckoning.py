"""Each order keeps the rule by which it was priced; a later price never touches a promise."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gancang.cash.tests.door import at_the_door, hand_over
from gancang.overview.story import story_of
from gancang.regions.models import Tariff
from gancang.regions.queries import today_in
from tests.cast import client_of, place

if TYPE_CHECKING:
    from tests.cast import Cast


def test_a_changed_price_never_touches_what_was_promised(cast: Cast) -> None:
    """The tariff doubles overnight; the order of before keeps its price and tells its old rule."""
    before = place(cast)
    told = story_of(before)["price"]
    assert told["reckoning"]["total_rp"] == told["amount_rp"] == before.price_rp
    assert told["rule"]
    today = today_in(cast.region, datetime.now(UTC))
    row = Tariff.objects.filter(region=cast.region, code=told["tariff"], from_date__lte=today)
    newest = row.latest("from_date")
    assert told["reckoning"]["decree"] == newest.decree
    assert told["reckoning"]["from"] == newest.from_date.isoformat()
    zones = [{"areas": [cast.village.code], "rp": 24_000}]
    Tariff.objects.filter(pk=newest.pk).update(
        base_rp=newest.base_rp * 2, decree="Perbup baru", further={"zones": zones}
    )
    before.refresh_from_db()
    assert story_of(before)["price"] == told
    page = client_of(cast.auditor).get(f"/overview/orders/{before.code}").content.decode()
    assert told["rule"] in page
    after = place(cast, number="P-2")
    assert after.price_rp == 24_000
    assert story_of(after)["price"]["reckoning"]["parts"] == [{"rule": "zone", "rp": 24_000}]


def test_who_paid_reads_on_his_receipt_how_the_price_came_about(cast: Cast) -> None:
    order = at_the_door(cast)
    assert hand_over(order, paid="cash") == 302
    page = client_of(cast.rider).get(f"/cash/orders/{order.code}").content.decode()
    assert story_of(order)["price"]["rule"] in page
    assert order.reckoning["decree"].split(",")[0] in page
