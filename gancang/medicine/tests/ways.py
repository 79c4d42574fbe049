"""Orders that go by the one way that a story is about, and the clerk of the counter on it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from gancang.accounts.actions import Newcomer, add_person
from gancang.accounts.models import Role
from gancang.dispatch.models import Offer
from gancang.dispatch.ticking import tick
from gancang.fleet.models import Shift
from gancang.regions.models import Organisation
from tests.cast import PASSWORD, at_work, client_of, place, release

if TYPE_CHECKING:
    from gancang.accounts.models import User
    from gancang.orders.models import Order
    from tests.cast import Cast


def only_by(cast: Cast, kind: str) -> None:
    """From now on the region has no way but its own of this kind, and that one goes everywhere."""
    reach = cast.region.config["reach"]
    way = next(way for way in reach["ways"] if way["kind"] == kind)
    open_to_all = {key: told for key, told in way.items() if key not in {"areas", "up_to_m"}}
    cast.region.config["reach"] = {**reach, "ways": [open_to_all]}
    cast.region.save()


def clerk_near(cast: Cast) -> User:
    """Bu Tutik, the clerk of a health centre: the only one to which bags are brought."""
    rows = Organisation.objects.filter(region=cast.region, kind="puskesmas").order_by("code")
    newcomer = Newcomer(
        username="tutik",
        full_name="Tutik",
        password=PASSWORD,
        role=Role.COUNTER_CLERK,
        organisation=rows[0],
    )
    return add_person(newcomer, region=cast.region, by="tests", now=datetime.now(UTC))


def on_its_way_to_the_counter(cast: Cast, **typed: str) -> Order:
    """Toni has the bag of a planned relay."""
    at_work(cast, cast.rider)
    order = release(cast, place(cast, **typed))
    assert order.not_before is not None
    Shift.objects.update(started_at=order.not_before - timedelta(hours=1))
    tick(cast.region, now=order.not_before, seed=1)
    offer = Offer.objects.get(order=order, answer="open")
    rider = client_of(cast.rider)
    rider.post(f"/dispatch/rider/offers/{offer.pk}", {"answer": "yes"})
    order.refresh_from_db()
    stop = f"/dispatch/rider/orders/{order.code}"
    rider.post(stop, {"version": order.version, "bag_code": order.bag_code})
    order.refresh_from_db()
    assert (order.state, order.way) == ("collected", "relay")
    return order


def at_the_counter(cast: Cast, clerk: User, **typed: str) -> Order:
    """The clerk has scanned it and locked it up."""
    order = on_its_way_to_the_counter(cast, **typed)
    url = f"/medicine/orders/{order.code}/take-in"
    assert client_of(clerk).post(url, {"bag_codes": order.bag_code}).status_code == 302
    order.refresh_from_db()
    assert order.state == "held"
    return order
