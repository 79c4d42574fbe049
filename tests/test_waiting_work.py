"""The menu says at each list of work how much of it waits, for one question more a page."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gancang.accounts.models import Role
from gancang.cash.actions import Counted, Paid, hand_in, take_payment
from gancang.contact.receiving import say_wrong
from gancang.enrolment.models import Enrolment
from gancang.enrolment.tests.fixtures import MEALS, let_in, meals, somebody
from gancang.navigation import MENUS
from gancang.orders.models import Order
from gancang.settlement.tests.months import earned
from gancang.settlement.tests.test_bounces import decide, paid, returned
from gancang.settlement.tests.test_corrections import second_above
from gancang.shops.tests.test_joining import joined
from gancang.values import Money
from gancang.waiting import LISTS
from tests.cast import at_work, client_of, failed, offer_to, place, release

if TYPE_CHECKING:
    from django.test import Client

    from gancang.accounts.models import User
    from tests.cast import Cast


def counts(user: User, page: str = "/accounts/password") -> dict[str, str]:
    """What stands beside the entries of somebody's menu."""
    return counts_in(client_of(user).get(page).content.decode())


def counts_in(page: str) -> dict[str, str]:
    """What stands beside the entries of a menu: by the key of each that says anything."""
    found = re.findall(r'id="waits-(?:open|all)-([\w-]+)"[^>]*>([\d+]*)', page)
    return {key: many for key, many in found if many}


def test_a_pharmacist_sees_how_many_wait_wherever_she_is(cast: Cast) -> None:
    assert counts(cast.pharmacist) == {}
    first = place(cast)
    place(cast, number="R-2", nik="3510164903500002")
    assert counts(cast.pharmacist) == {"medicine-queue": "2"}
    assert counts(cast.other_pharmacist) == {}
    release(cast, first)
    assert counts(cast.pharmacist, "/figures/")["medicine-queue"] == "1"


def test_a_bag_that_is_back_waits_for_the_pharmacist_and_an_unhappy_patient_for_an_answer(
    cast: Cast,
) -> None:
    order = failed(cast)
    assert counts(cast.operator)["dispatch-board"] == "1"
    client_of(cast.pharmacist).post(f"/medicine/orders/{order.code}/take-back")
    say_wrong(order, "Pindah rumah.", now=datetime.now(UTC))
    waits = counts(cast.pharmacist)
    assert (waits["medicine-returns"], waits["contact-messages"]) == ("1", "1")
    assert "dispatch-board" not in counts(cast.operator)


def test_cash_at_the_door_waits_for_the_cashier_and_a_write_off_for_somebody_else(
    cast: Cast,
) -> None:
    order = place(cast)
    order.fleet, order.patient_pays_rp = cast.fleet, 10_000
    now = datetime.now(UTC)
    take_payment(order, Paid(how="cash"), by=cast.rider, now=now)
    assert counts(cast.treasurer) == {"cash-holders": "1"}
    assert "cash-holders" not in counts(cast.admin)
    told = Counted(seen=Money(10_000), counted=Money(4_000), note="Hilang di jalan")
    deposit = hand_in(cast.rider, cast.fleet, told, till=cast.fleet, by=cast.operator, now=now)
    asked = {"reason": "Tidak ditemukan"}
    url = f"/cash/shortfalls/{deposit.shortfall.pk}/write-off"
    assert client_of(cast.treasurer).post(url, asked).status_code == 302
    assert counts(cast.admin)["cash-holders"] == "1"


def test_a_rider_sees_that_he_is_asked_and_a_late_order_presses_the_operator(cast: Cast) -> None:
    at_work(cast, cast.rider)
    order = release(cast, place(cast))
    offer_to(cast, order)
    assert counts(cast.rider) == {"dispatch-rider": "1"}
    assert "dispatch-board" not in counts(cast.operator)
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    Order.objects.filter(pk=order.pk).update(promise_at=an_hour_ago)
    assert counts(cast.operator)["dispatch-board"] == "1"


def test_the_live_board_brings_the_counts_along(cast: Cast) -> None:
    order = place(cast)
    operator = client_of(cast.operator)
    say_wrong(order, "Pindah rumah.", now=datetime.now(UTC))
    part = operator.get("/dispatch/board", headers={"HX-Request": "true"}).content.decode()
    assert counts_in(part)["contact-messages"] == "1"
    spots = re.findall(r'id="(waits-[\w-]+)" hx-swap-oob="true"', part)
    page = operator.get("/dispatch/board").content.decode()
    assert "hx-swap-oob" not in page
    # Each that comes in has its one place on the page, and none of the page stays old.
    assert sorted(spots) == sorted(re.findall(r'id="(waits-[\w-]+)"', page))


def asked_by(client: Client, page: str) -> list[str]:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(page).status_code == 200
    return [query["sql"] for query in seen]


ROLES = sorted(role for role in MENUS if any(name in LISTS for name, _label in MENUS[role]))


@pytest.mark.parametrize("role", ROLES)
def test_all_counts_of_a_menu_are_one_question(cast: Cast, role: str) -> None:
    who = client_of(cast.of(role))
    asked = asked_by(who, reverse("accounts:own_password"))
    assert len([sql for sql in asked if "counted" in sql]) == (role != Role.AUDITOR)


def test_a_page_in_parts_and_a_page_without_a_menu_ask_nothing_more(cast: Cast) -> None:
    link = f"/cash/orders/{place(cast).code}"
    assert not [
        sql for sql in asked_by(client_of(cast.operator), "/dispatch/map.json") if "counted" in sql
    ]
    assert client_of(cast.operator).get(link).status_code == 404
    assert not [
        sql for sql in asked_by(client_of(cast.rider), "/medicine/worker.js") if "counted" in sql
    ]


def test_what_is_counted_stands_in_somebodys_menu() -> None:
    assert set(LISTS) <= {name for entries in MENUS.values() for name, _label in entries}


def test_a_payment_that_came_back_waits_for_a_second_person_and_then_for_the_treasurer(
    cast: Cast,
) -> None:
    second_above(cast, 0)
    earned(cast)
    payment = paid(cast)
    assert "settlement-corrections" not in counts(cast.admin)
    returned(cast, payment)
    assert counts(cast.admin)["settlement-corrections"] == "1"
    assert "settlement-corrections" not in counts(cast.treasurer), "he asked for it himself"
    decide(cast.admin)
    assert counts(cast.treasurer)["settlement-month"] == "1"
    assert "settlement-corrections" not in counts(cast.admin)
    decide(cast.treasurer, "account")
    paid(cast)
    assert "settlement-month" not in counts(cast.treasurer)


def test_applications_wait_for_who_is_to_see_or_decide_them(cast: Cast) -> None:
    meals(cast, documents=[], verify=True)
    let_in(cast, MEALS, [somebody(cast, "Sari", lives_alone=True, desil=1)], seen=False)
    assert counts(cast.village_clerk)["enrolment-programmes"] == "1"
    assert "enrolment-programmes" not in counts(cast.officer)
    Enrolment.objects.update(state="appealed")
    assert counts(cast.officer)["enrolment-programmes"] == "1"
    assert "enrolment-programmes" not in counts(cast.village_clerk)


def test_a_warung_that_applied_waits_for_who_decides(cast: Cast) -> None:
    shop = joined(cast)
    assert counts(cast.officer)["shops-list"] == "1"
    assert "shops-list" not in counts(cast.village_clerk)
    client_of(cast.officer).post(f"/shops/{shop.pk}/approve")
    assert "shops-list" not in counts(cast.officer)
