"""H28 in a month: each late order rang exactly once; what did not, or went unanswered, is told."""

from __future__ import annotations

import csv
import io
import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from gancang.audit.actions import record
from gancang.audit.models import Event
from gancang.incidents.actions import note_late, see_late
from gancang.incidents.models import Incident, Lateness
from gancang.orders.models import Order
from gancang.values.codes import new_code
from gancang.watch.rules import ALARM_PACE
from tests.cast import at_work, client_of, place

if TYPE_CHECKING:
    from tests.cast import Cast

PAGE = "/watch/alarms"
ORDERS_A_DAY = 8
SEED = 28


@pytest.fixture
def first(cast: Cast) -> datetime:
    """The first morning of the month before this one."""
    this = datetime.now(UTC).replace(day=1, hour=3, minute=0, second=0, microsecond=0)
    return (this - timedelta(days=3)).replace(day=1)


@pytest.fixture
def month(cast: Cast, first: datetime) -> list[Order]:
    """A simulated month: orders end in time or late, alarms ring, operators answer or do not.

    Each minute in which anything can change is played; the clock rings between.
    """
    told = random.Random(SEED)
    model = place(cast)
    orders = list(_orders(model, first))
    Order.objects.bulk_create(orders)
    Order.objects.filter(pk=model.pk).update(state="cancelled", changed_at=model.placed_at)
    ends = {
        order.code: order.promise_at + timedelta(minutes=told.choice([-40, -9, -1, 3, 25, 90]))
        for order in orders
    }
    moments = sorted({*ends.values(), *(order.promise_at for order in orders)})
    for moment in moments:
        ended = [code for code, at in ends.items() if at == moment]
        Order.objects.filter(code__in=ended).update(state="delivered", changed_at=moment)
        note_late(cast.region, now=moment + timedelta(seconds=20))
        for late in Lateness.objects.filter(seen_at=None).select_related("order__region"):
            if moment - late.at >= timedelta(minutes=2):
                see_late(late, by=cast.operator.username, now=late.at + timedelta(minutes=4))
    for late in Lateness.objects.filter(seen_at=None).select_related("order__region"):
        see_late(late, by=cast.operator.username, now=late.at + timedelta(minutes=4))
    return [order for order in orders if ends[order.code] > order.promise_at]


def _orders(model: Order, first: datetime) -> list[Order]:
    made = []
    fields = {field.attname: getattr(model, field.attname) for field in Order._meta.concrete_fields}
    for number in range(28 * ORDERS_A_DAY):
        days, slot = divmod(number, ORDERS_A_DAY)
        placed = first + timedelta(days=days, minutes=45 * slot)
        times = {"placed_at": placed, "changed_at": placed}
        promise = placed + timedelta(hours=2)
        fresh = {"id": None, "code": new_code("SIM"), "promise_at": promise, **times}
        made.append(Order(**{**fields, **fresh}))
    return made


def read(cast: Cast, first: datetime) -> str:
    """The auditor reads the month."""
    return client_of(cast.auditor).get(PAGE, {"month": f"{first:%Y-%m}"}).content.decode()


def lines(cast: Cast, first: datetime) -> list[dict[str, str]]:
    """The same month as a file."""
    answer = client_of(cast.auditor).get(f"{PAGE}.csv", {"month": f"{first:%Y-%m}"})
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_in_a_simulated_month_each_late_order_rang_exactly_once_and_no_gap_is_left(
    cast: Cast, first: datetime, month: list[Order]
) -> None:
    assert len(month) > 50
    events = list(Event.objects.filter(kind="order.late").values_list("subject", flat=True))
    assert sorted(events) == sorted(order.code for order in month)
    found = lines(cast, first)
    assert sorted(line["order"] for line in found) == sorted(events)
    assert {(line["alarms"], line["gaps"], line["minutes_to_answer"]) for line in found} == {
        ("1", "", "4")
    }
    page = read(cast, first)
    assert page.count("Tidak ada.</p>") == 5
    assert f"<strong>{len(month)}</strong>" in page
    assert "<strong>4" in page


def test_a_late_order_that_never_rang_one_that_rang_twice_and_one_unanswered_are_told(
    cast: Cast, first: datetime, month: list[Order]
) -> None:
    mute, double, slow = _orders(month[0], first)[:3]
    Order.objects.bulk_create([mute, double, slow])
    late = double.promise_at + timedelta(hours=1)
    Order.objects.filter(code__in=[mute.code, double.code, slow.code]).update(
        state="delivered", changed_at=late
    )
    for order, after in ((double, 1), (slow, 30)):
        at = order.promise_at + timedelta(minutes=after)
        row = Order.objects.get(code=order.code)
        Lateness.objects.create(order=row, at=at, promise_at=order.promise_at)
        record("order.late", order.code, region=cast.region.code, by="tests", now=at)
    record("order.late", double.code, region=cast.region.code, by="tests", now=late)
    gaps = {line["order"]: line["gaps"] for line in lines(cast, first) if line["gaps"]}
    assert gaps == {
        mute.code: "no_alarm",
        double.code: "twice unanswered",
        slow.code: "slow unanswered",
    }
    page = read(cast, first)
    assert mute.code in page.split('id="gap-no_alarm"')[1].split("</section>")[0]


def test_less_than_a_minute_late_is_no_gap(cast: Cast, first: datetime, month: list[Order]) -> None:
    (order,) = _orders(month[0], first)[:1]
    Order.objects.bulk_create([order])
    end = order.promise_at + ALARM_PACE / 2
    Order.objects.filter(code=order.code).update(state="delivered", changed_at=end)
    assert order.code not in {line["order"] for line in lines(cast, first)}


def test_a_call_for_help_counts_until_it_is_answered(cast: Cast) -> None:
    at_work(cast, cast.rider)
    client_of(cast.rider).post("/incidents/help")
    call = Incident.objects.get()
    page = client_of(cast.operator).get(PAGE).content.decode()
    assert f'href="/incidents/{call.pk}"' not in page  # only just now
    long_ago = call.opened_at - timedelta(minutes=20)
    Incident.objects.filter(pk=call.pk).update(opened_at=long_ago)
    month = {"month": f"{long_ago.astimezone():%Y-%m}"}
    assert (
        f'href="/incidents/{call.pk}"' in client_of(cast.operator).get(PAGE, month).content.decode()
    )


def test_a_month_without_lateness_says_so_and_one_that_is_none_too(cast: Cast) -> None:
    client = client_of(cast.auditor)
    assert "tidak perlu ada peringatan" in client.get(PAGE, {"month": "2020-01"}).content.decode()
    for wrong in ("x", "2020-13", "0000-01", "9999-12"):
        answer = client.get(PAGE, {"month": wrong})
        assert answer.status_code == 400
        assert f"{wrong} bukan bulan" in answer.content.decode()
