"""Many people at once, and power cuts: nothing is lost, nothing happens twice.

Each actor here is a thread with a database connection of its own, or a process that is killed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from psycopg.conninfo import make_conninfo

from gancang.dispatch.actions import accept
from gancang.dispatch.models import Offer
from gancang.ledger.models import Budget, Transfer
from gancang.ledger.queries import held_for
from gancang.medicine.models import Prescription, Release
from gancang.orders.links import track_token
from gancang.orders.models import Order, Proof
from gancang.outbox.models import Letter
from gancang.overview.verify import verify
from gancang.residents.models import Resident
from tests.cast import (
    Cast,
    at_work,
    client_of,
    collected,
    free_in,
    leave_in_budgets,
    offer_to,
    place,
    release,
    shares_of_order,
    typed_hand_over,
    typed_prescription,
    typed_release,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from gancang.accounts.models import User

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parent.parent


def at_once(deeds: Sequence[Callable[[], object]]) -> list[object]:
    """What each deed answered, all begun in the same moment; an error of one is an answer too."""
    start = Barrier(len(deeds))
    answers: list[object] = [None] * len(deeds)

    def run(place: int) -> None:
        try:
            start.wait()
            answers[place] = deeds[place]()
        except Exception as error:  # noqa: BLE001 - whatever it is, the story looks at it
            answers[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=(place,)) for place in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def posting(user: User | None, url: str, typed: dict[str, object]) -> Callable[[], int]:
    """Somebody's browser, about to press a button."""
    client = client_of(user) if user else Client()
    return lambda: client.post(url, typed).status_code


def clean(cast: Cast) -> bool:
    """Whether `gancang verify` finds nothing."""
    assert verify([cast.region]).problems == []
    return True


def test_fifty_orders_at_once_against_money_for_twenty_are_twenty(cast: Cast) -> None:
    shares = shares_of_order(place(cast).code)
    leave_in_budgets(cast, {fund: 20 * share for fund, share in shares.items()})
    before = Order.objects.count()
    deeds = [
        posting(
            cast.clerk,
            "/medicine/new",
            {**typed_prescription(cast, number=f"M-{n}", nik=f"35101649036{n:05}")},
        )
        for n in range(50)
    ]
    answers = at_once(deeds)
    assert sorted(answers, key=str) == [302] * 20 + [400] * 30
    assert Order.objects.count() == Prescription.objects.count() == before + 20
    assert Letter.objects.count() == Resident.objects.count() == before + 20
    used = Budget.objects.filter(fund__code__in=shares, fund__region=cast.region)
    year = datetime.now(UTC).year
    assert [free_in(budget) for budget in used.filter(year=year)] == [0] * len(shares)
    assert clean(cast)


def test_of_two_who_take_one_offer_one_has_the_order(cast: Cast) -> None:
    at_work(cast, cast.rider, cast.second_rider)
    for number in range(5):
        order = release(cast, place(cast, number=f"M-{number}", nik=f"35101649036{number:05}"))
        offer = offer_to(cast, order)

        riders = (cast.rider, cast.second_rider)
        answers = at_once([partial(take, rider, offer.pk) for rider in riders])
        assert sorted(type(answer).__name__ for answer in answers) == ["Order", "Refused"]
        [had] = [answer for answer in answers if isinstance(answer, Order)]
        order.refresh_from_db()
        assert order.state == "assigned"
        assert order.carrier_id == had.carrier_id
    assert clean(cast)


def take(rider: User, number: int) -> Order:
    """A rider takes an offer, whomever it was made to."""
    offer = Offer.objects.select_related("order__region", "fleet").get(pk=number)
    return accept(offer, by=rider, now=datetime.now(UTC))


def test_a_rider_who_says_yes_while_the_operator_names_another_and_the_patient_calls_off(
    cast: Cast,
) -> None:
    at_work(cast, cast.rider, cast.second_rider)
    for number in range(5):
        order = release(cast, place(cast, number=f"M-{number}", nik=f"35101649036{number:05}"))
        offer = offer_to(cast, order)
        by_hand = {"version": order.version, "rider": cast.second_rider.pk, "reason": "dekat"}
        answers = at_once(
            [
                posting(offer.rider, f"/dispatch/rider/offers/{offer.pk}", {"answer": "yes"}),
                posting(cast.operator, f"/dispatch/orders/{order.code}/assign", by_hand),
                posting(None, f"/o/{track_token(order.code)}/cancel", {}),
            ]
        )
        assert set(answers) <= {302, 400, 409}
        order.refresh_from_db()
        assert order.state in ("assigned", "cancelled")
        assert not Offer.objects.filter(order=order, answer="open").exists()
        assert bool(held_for(order.code)) == (order.state == "assigned")
    assert clean(cast)


def test_two_pharmacists_release_once(cast: Cast) -> None:
    order = place(cast)
    url = f"/medicine/orders/{order.code}/release"
    answers = at_once([posting(cast.pharmacist, url, typed_release(order)) for _ in range(4)])
    assert sorted(answers, key=str) == [302, 400, 400, 400]
    assert Release.objects.count() == 1
    order.refresh_from_db()
    assert (order.state, order.version) == ("released", 2)
    assert clean(cast)


def test_two_who_call_the_same_order_off_free_its_money_once(cast: Cast) -> None:
    place(cast, number="M-0", nik="")  # something else is set aside, which must stay so
    order = place(cast)
    url = f"/dispatch/orders/{order.code}/cancel"
    typed = {"version": order.version, "reason": "salah"}
    deeds = [posting(cast.clerk, url, typed), posting(cast.pharmacist, url, typed)]
    answers = at_once([*deeds, posting(None, f"/o/{track_token(order.code)}/cancel", {})])
    assert sorted(answers, key=str)[0] == 302
    assert set(answers) <= {302, 400, 409}
    assert answers.count(302) == 1
    freed = Transfer.objects.filter(about=order.code, kind="release")
    assert freed.count() == len(shares_of_order(order.code))
    assert clean(cast)


def test_a_bag_is_handed_over_once_however_often_the_button_is_pressed(cast: Cast) -> None:
    order = collected(cast)
    url = f"/medicine/orders/{order.code}/hand-over"
    answers = at_once([posting(cast.rider, url, typed_hand_over(order)) for _ in range(4)])
    assert answers.count(302) == 1
    assert set(answers) <= {302, 400, 404}
    assert Proof.objects.count() == 1
    assert held_for(order.code) == []
    assert clean(cast)


def test_the_same_prescription_through_two_doors_at_once_is_one_order(cast: Cast) -> None:
    typed: dict[str, object] = {**typed_prescription(cast)}
    answers = at_once([posting(cast.clerk, "/medicine/new", typed) for _ in range(6)])
    assert answers == [302] * 6
    assert Order.objects.count() == Letter.objects.count() == Resident.objects.count() == 1
    assert clean(cast)


def test_two_orders_cannot_leave_with_the_same_seal(cast: Cast) -> None:
    orders = [
        place(cast, number=f"M-{number}", nik=f"35101649036{number:05}") for number in range(4)
    ]
    answers = at_once(
        [
            posting(
                cast.pharmacist,
                f"/medicine/orders/{order.code}/release",
                typed_release(order, bag_code="SEAL-77"),
            )
            for order in orders
        ]
    )
    assert sorted(answers, key=str) == [302, 400, 400, 400]
    assert Order.objects.filter(bag_code="SEAL-77").count() == 1
    assert clean(cast)


WORK = """
import sys
from types import SimpleNamespace
import django
django.setup()
from datetime import UTC, datetime
from gancang.accounts.models import User
from gancang.dispatch.actions import cancel
from gancang.medicine.actions import Counter, place
from gancang.medicine.releasing import Bags, release
from gancang.medicine.desk import REVIEW_POINTS
from gancang.medicine.counselling import TOPICS, Counselling
from gancang.medicine.rules import read_draft
from gancang.regions.queries import villages_by_code
from tests.cast import typed_prescription

rini = User.objects.get(username="pharmacist")
hospital = rini.memberships.select_related("organisation__region").get().organisation
villages = villages_by_code(hospital.region)
somewhere = SimpleNamespace(village=villages[sys.argv[1]])
told = Counselling(channel="counter", told_to="patient", topics=tuple(TOPICS))
counter = Counter(origin=hospital, door="form", by="clerk")
for number in range(int(sys.argv[2])):
    now = datetime.now(UTC)
    typed = typed_prescription(somewhere, number=f"K-{number}", nik=f"35101649036{number:05}")
    order = place(read_draft(typed, villages=villages, today=now.date()), counter, now=now)
    print(number, order.code, order.state, flush=True)
    if order.state == "placed":
        bags = Bags(count=1, code="", checked=True)
        release(
            order, told, bags, points=REVIEW_POINTS, by=rini, seen_version=None, now=now
        )
        print(number, order.code, order.state, flush=True)
    if order.state == "released" and number % 3 == 0:
        cancel(order, reason="test", by="clerk", seen_version=None, now=now)
        print(number, order.code, order.state, flush=True)
"""
NUMBERS = 400  # places, releases and cancellations: more than a thousand deeds
KILLS = 3
COME_SO_FAR = {"placed": 0, "released": 1, "cancelled": 2}


def test_a_power_cut_in_the_middle_of_a_thousand_deeds_loses_and_doubles_nothing(
    cast: Cast,
) -> None:
    told: dict[str, tuple[str, str]] = {}
    for attempt in range(KILLS + 1):
        # Each run begins anew, as a clerk who does not know how far she had come.
        with working(cast) as process:
            assert process.stdout is not None
            for count, line in enumerate(process.stdout):
                number, code, state = line.split()
                known, before = told.get(number, (code, "placed"))
                assert code == known, "an order that was answered for is gone"
                assert COME_SO_FAR[state] >= COME_SO_FAR[before], "a deed was undone"
                told[number] = (code, state)
                if attempt < KILLS and count > (attempt + 1) * NUMBERS // KILLS:
                    process.send_signal(signal.SIGKILL)
                    break
            process.wait()
        assert process.returncode == (-signal.SIGKILL if attempt < KILLS else 0)
    orders = dict(Order.objects.values_list("code", "state"))
    assert orders == dict(told.values())
    assert Prescription.objects.count() == Resident.objects.count() == NUMBERS
    assert Letter.objects.filter(kind="order.placed").count() == NUMBERS
    assert Release.objects.count() == NUMBERS
    held = {code for code in orders if held_for(code)}
    assert held == {code for code, state in orders.items() if state == "released"}
    assert clean(cast)


@contextmanager
def working(cast: Cast) -> Iterator[subprocess.Popen[str]]:
    """A process of its own that does one deed after the other in the database of this story."""
    where = connection.get_connection_params()
    parts = {
        key: where[key] for key in ("host", "port", "user", "password", "dbname") if key in where
    }
    process = subprocess.Popen(
        [sys.executable, "-c", WORK, cast.village.code, str(NUMBERS)],
        env={**os.environ, "DATABASE_URL": make_conninfo(**parts)},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
