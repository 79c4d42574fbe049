"""Each list and each deed asks the database a fixed number of questions, however full it is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gancang.accounts.actions import Newcomer, add_person
from gancang.accounts.models import Role
from gancang.cash.actions import Paid, take_payment
from gancang.contact.receiving import say_wrong
from gancang.dispatch.models import Comparison
from gancang.dispatch.queries import in_force
from gancang.dispatch.ticking import Group, photograph, tick, world_seen
from gancang.medicine.models import Owed
from gancang.orders.models import Order
from tests.cast import (
    PASSWORD,
    at_work,
    client_of,
    offer_to,
    place,
    release,
    typed_hand_over,
    typed_prescription,
    typed_release,
)
from tests.door_goods import case_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from gancang.accounts.models import User
    from tests.cast import Cast

MANY = 20


def another(cast: Cast, number: int) -> Order:
    """One more patient with one more order."""
    return place(cast, number=f"R-{number}", nik=f"35101649035{number:05}")


LISTS = {
    # actor, address: session, user, membership, what waits behind the menu, then what the page
    # itself asks
    "orders": ("clerk", "/medicine/orders", 7),
    "residents": ("clerk", "/residents/", 4),
    "landmarks": ("clerk", "/landmarks/", 6),
    "owed back": ("treasurer", "/cash/refunds", 5),
    "closed months": ("treasurer", "/closing/", 28),
    "to be rung": ("operator", "/calls/", 6),
    "corrections": ("treasurer", "/settlement/corrections", 9),
    "same person": ("pharmacist", "/dispatch/same-person", 5),
    "queue": ("pharmacist", "/medicine/queue", 8),
    "figures": ("operator", "/figures/", 8),
    "who waited": ("pharmacist", "/figures/counter", 6),
    "orders behind a figure": ("operator", "/figures/orders", 5),
    "repeats": ("pharmacist", "/repeats/", 5),
    "by post": ("clerk", "/medicine/post", 6),
    "visits, rides, transfers": ("officer", "/cases/", 8),
    "deliveries": ("operator", "/parcels/", 7),
    "owed": ("pharmacist", "/medicine/owed", 8),
    "on paper": ("pharmacist", "/paperwork/", 7),
    "board": ("operator", "/dispatch/board", 15),
    "shift plan": ("operator", "/fleet/plan", 6),
    "papers that end": ("operator", "/fleet/endings", 8),
    "planning": ("admin", "/dispatch/planning", 10),
    "book": ("treasurer", "/overview/book", 14),
    "statement": ("treasurer", "/overview/statement", 16),
    "forecast": ("treasurer", "/forecast/", 9),
    "cash": ("operator", "/cash/", 6),
    "the day as it went": ("auditor", "/watch/day", 6),
    "what was open then": ("auditor", "/watch/day/open?day=2100-01-01&at=12:00", 6),
    "alarms and their gaps": ("auditor", "/watch/alarms", 6),
    "shift notes": ("operator", "/watch/notes", 5),
    "what a shift leaves open": ("operator", "/watch/notes/new", 12),
    "incidents": ("operator", "/incidents/", 5),
    "events": ("auditor", "/overview/events", 4),
    "confirmations": ("clerk", "/contact/confirmations", 7),
    "letters": ("operator", "/contact/letters", 7),
    "messages": ("operator", "/contact/messages", 5),
    "readings": ("auditor", "/overview/readings", 4),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_many_asks_as_much_as_a_list_of_one(
    cast: Cast, django_assert_num_queries: Any, name: str
) -> None:
    actor, address, expected = LISTS[name]
    at_work(cast, cast.rider, cast.second_rider)
    reader = client_of(getattr(cast, actor))
    if name == "planning":
        tried = {"tried": in_force(cast.region, now=datetime.now(UTC)).untried()[0].name, "seen": 0}
        assert reader.post("/dispatch/planning/shadow", tried).status_code == 302
    fill(cast, name, 1)
    with django_assert_num_queries(expected):
        assert reader.get(address).status_code == 200
    for number in range(2, MANY + 1):
        fill(cast, name, number)
    with django_assert_num_queries(expected):
        assert reader.get(address).status_code == 200


def owe(order: Order) -> None:
    """The pharmacy owes the patient the first of his medicines."""
    item = order.prescription.lines.order_by("line")[0]
    Owed.objects.create(item=item, origin=order.origin, since=order.placed_at)


def complain(order: Order) -> None:
    """The patient writes on his page."""
    say_wrong(order, "Pindah rumah.", now=datetime.now(UTC))


def to_post(order: Order) -> None:
    """The order waits to be handed to the post."""
    Order.objects.filter(pk=order.pk).update(way="post", state="released")


def of_goods(order: Order) -> None:
    """It brings no medicine."""
    Order.objects.filter(pk=order.pk).update(item_class="parcel")


def of_case(order: Order) -> None:
    """A visit to the same patient."""
    case_of(order, None)


MORE = {
    "owed": owe,
    "messages": complain,
    "by post": to_post,
    "deliveries": of_goods,
    "visits, rides, transfers": of_case,
}


def fill(cast: Cast, name: str, number: int) -> None:
    """One more row of the kind that a list shows."""
    order = another(cast, number)
    if name in ("board", "planning", "book", "statement"):
        release(cast, order)
    if name == "confirmations":
        Order.objects.filter(pk=order.pk).update(confirmed_at=None, confirmed_how="")
    if more := MORE.get(name):
        more(order)
    if name == "incidents":
        typed = {"kind": "other", "order": order.code, "what_happened": "Kantong basah"}
        client_of(cast.operator).post("/incidents/new", typed)
    if name == "planning":
        tick(cast.region, now=datetime.now(UTC), seed=1)
        moved = [[order.code, cast.rider.username, cast.second_rider.username]]
        Comparison.objects.filter(pk=Comparison.objects.latest("pk").pk).update(
            moved=1, orders=moved
        )
    if name == "cash":
        order.fleet, order.patient_pays_rp = cast.fleet, 1_000
        who = hired(cast, number)
        take_payment(order, Paid(how="cash"), by=who, now=datetime.now(UTC))
    if name in ("book", "statement"):
        order = fetched(cast, order)
        assert order.carrier is not None
        url = f"/medicine/orders/{order.code}/hand-over"
        client_of(order.carrier).post(url, typed_hand_over(order))


def hired(cast: Cast, number: int) -> User:
    """One more rider."""
    told = Newcomer(
        username=f"rider-{number}",
        full_name=f"Rider {number}",
        password=PASSWORD,
        role=Role.RIDER,
        organisation=cast.fleet,
    )
    return add_person(told, region=cast.region, by="tests", now=datetime.now(UTC))


def fetched(cast: Cast, order: Order) -> Order:
    """Some rider takes it and has the bag."""
    offer = offer_to(cast, order)
    rider = client_of(offer.rider)
    rider.post(f"/dispatch/rider/offers/{offer.pk}", {"answer": "yes"})
    order.refresh_from_db()
    stop = f"/dispatch/rider/orders/{order.code}"
    rider.post(stop, {"version": order.version, "bag_code": order.bag_code})
    order.refresh_from_db()
    assert order.carrier == offer.rider
    return order


def questions(actor: User, address: str, typed: dict[str, object]) -> int:
    """How many questions a deed asks through its page."""
    client = client_of(actor)
    with CaptureQueriesContext(connection) as asked:
        response = client.post(address, typed)
    assert response.status_code == 302, response.content.decode()
    return len(asked)


def placing(cast: Cast, number: int) -> int:
    """The counter places one more."""
    typed = typed_prescription(cast, number=f"N-{number}", nik=f"35101649036{number:05}")
    return questions(cast.clerk, "/medicine/new", {**typed})


def releasing(cast: Cast, number: int) -> int:
    """The pharmacist lets one more out."""
    order = another(cast, 100 + number)
    return questions(
        cast.pharmacist, f"/medicine/orders/{order.code}/release", typed_release(order)
    )


@pytest.mark.parametrize(
    ("deed", "expected"), [(placing, 44), (releasing, 48)], ids=["place", "release"]
)
def test_a_deed_among_many_asks_as_much_as_the_first(
    cast: Cast, deed: Callable[[Cast, int], int], expected: int
) -> None:
    place(cast)
    assert deed(cast, 1) == expected
    for number in range(2, MANY + 1):
        another(cast, number)
    assert deed(cast, MANY + 1) == expected


def test_a_hand_over_among_many_asks_as_much_as_the_first(cast: Cast) -> None:
    at_work(cast, cast.rider)
    asked = []
    for number in range(MANY):
        order = fetched(cast, release(cast, another(cast, number)))
        url = f"/medicine/orders/{order.code}/hand-over"
        asked.append(questions(cast.rider, url, typed_hand_over(order)))
    # The very first opens the account in which the fleet's earnings stand.
    assert (asked[1], asked[-1]) == (38, 38)


def test_a_rider_who_looks_and_finds_nothing_is_answered_by_small_questions(cast: Cast) -> None:
    at_work(cast, cast.rider, cast.second_rider)
    rider = client_of(cast.rider)

    def asked() -> list[str]:
        with CaptureQueriesContext(connection) as seen:
            assert rider.get("/dispatch/rider").status_code == 200
        return [query["sql"] for query in seen]

    idle = asked()
    assert len(idle) == 15, idle
    # Riders look all day: where nothing waits, no row is asked for with all that hangs on it.
    assert max(sql.count(" JOIN ") for sql in idle) <= 4, idle  # the membership
    held, told = [], []
    for number in range(1, 6):  # more than he can carry would be offered to nobody
        held.append(fetched(cast, release(cast, another(cast, number))).carrier)
        if held[-1] == cast.rider:
            told.append(len(asked()))
    assert max(told) == min(told) <= 19, told


def test_the_photograph_of_a_full_region_asks_as_much_as_that_of_an_empty_one(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    at_work(cast, cast.rider, cast.second_rider, cast.other_rider)
    number = 0
    for orders in (5, 60):
        while number < orders:
            number += 1
            release(cast, another(cast, number))
        now = datetime.now(UTC)
        # Orders, their offers; shifts, breaks, trainings, papers, fleets' villages; what is
        # switched off; what plans.
        with django_assert_num_queries(10):
            photo = photograph(cast.region, now=now)
            world = world_seen(photo)
        assert (len(world.jobs), len(world.vehicles)) == (orders, 3)
        assert photo.groups() == [Group("", "", list(photo.work.orders))]


def test_a_tick_that_makes_no_offer_asks_as_much_for_many_orders_as_for_few(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    for number in range(1, 4):
        release(cast, another(cast, number))
    now = datetime.now(UTC)
    tick(cast.region, now=now, seed=1)
    for number in range(4, MANY):
        release(cast, another(cast, number))
    tick(cast.region, now=now, seed=1)
    # What ran out of time, bags that should be back, the photograph without riders, and whether
    # a reason is news.
    with django_assert_num_queries(11):
        assert tick(cast.region, now=now, seed=1).considered == MANY - 1
