"""The desk of whoever sends goods, and a rider who is trained for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from gancang.accounts.actions import Newcomer, add_person
from gancang.accounts.models import Role, User
from gancang.dispatch.models import Offer
from gancang.dispatch.ticking import tick
from gancang.fleet.actions import enlist, start_shift, train
from gancang.orders.models import Order
from gancang.programmes.queries import get_programme, terms_of
from gancang.regions.models import Organisation
from tests.cast import PASSWORD, client_of

if TYPE_CHECKING:
    from tests.cast import Cast

SIGNATURE = "M10 10L60 80"


@dataclass(frozen=True, slots=True)
class Desk:
    """A programme's sender, with the clerk at its desk."""

    cast: Cast
    programme: str
    sender: Organisation
    clerk: User

    def typed(self, **changed: object) -> dict[str, object]:
        """What the clerk types for Pak Slamet, who is new."""
        typed: dict[str, object] = {
            "programme": self.programme,
            "contents": "Akta kelahiran",
            "note": "jangan dilipat",
            "full_name": "Slamet Riyadi",
            "nik": "",
            "birth_date": "09-03-1951",
            "phone": "0812 3456 7890",
            "village": self.cast.village.code,
            "address": "Dusun Krajan RT 02/RW 01",
            "confirmed": "on",
        }
        return {**typed, **changed}

    def place(self, **changed: object) -> Order:
        """A delivery that the desk placed."""
        response = client_of(self.clerk).post("/parcels/new", self.typed(**changed))
        assert response.status_code == 302, response.content.decode()
        return Order.objects.get(code=response["Location"].rpartition("/")[2])

    def send_out(self, order: Order) -> None:
        """It is packed, and riders are asked."""
        typed = {"version": order.version, "pieces": 1, "code": ""}
        response = client_of(self.clerk).post(f"/parcels/{order.code}/ready", typed)
        assert response.status_code == 302, response.content.decode()
        order.refresh_from_db()

    def brought_to_the_door(self, **changed: object) -> Order:
        """A delivery that Toni has fetched, and stands at the door with."""
        order = self.place(**changed)
        self.send_out(order)
        tick(self.cast.region, now=datetime.now(UTC), seed=1)
        offer = Offer.objects.get(order=order, answer="open")
        rider = client_of(self.cast.rider)
        rider.post(f"/dispatch/rider/offers/{offer.pk}", {"answer": "yes"})
        order.refresh_from_db()
        scanned = {"version": order.version, "bag_code": order.bag_code}
        rider.post(f"/dispatch/rider/orders/{order.code}", scanned)
        order.refresh_from_db()
        assert order.state == "collected", order.state
        return order


def desk_of(cast: Cast, programme: str) -> Desk:
    """The desk that sends a programme's goods; Toni is at work and trained for them."""
    terms = terms_of(get_programme(cast.region, programme))
    sender = Organisation.objects.get(region=cast.region, code=terms.origins[0])
    newcomer = Newcomer(
        username=f"sender-{programme}",
        full_name="Endang",
        password=PASSWORD,
        role=Role.COUNTER_CLERK,
        organisation=sender,
    )
    now = datetime.now(UTC)
    clerk = add_person(newcomer, region=cast.region, by="tests", now=now)
    rider = enlist(
        cast.rider, organisation=cast.fleet, vehicle="motor", plate="", by="tests", now=now
    )
    until = now.date() + timedelta(days=365)
    train(
        rider,
        item_class=terms.training_class,
        trained_on=now.date(),
        expires_on=until,
        by="tests",
        now=now,
    )
    start_shift(rider, now=now)
    return Desk(cast, programme, sender, clerk)


def at_the_door(order: Order, **changed: object) -> dict[str, object]:
    """What Toni tells at the door, but for the proof."""
    typed: dict[str, object] = {
        "version": order.version,
        "bag_codes": order.bag_code,
        "receiver": "Slamet Riyadi",
        "relation": "self",
    }
    return {**typed, **changed}
