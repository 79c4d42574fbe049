"""Three hours from the next mast: what the device kept is sent later, once, in order, and whole."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from gancang.audit.queries import list_story
from gancang.orders.models import Attempt, DeviceEvent, Order, Proof
from tests.cast import client_of, collected, place, typed_hand_over

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

    from tests.cast import Cast

DEVICE = "b2f6a1d0-1111-4222-8333-444455556666"


def event(order: Order, sequence: int, **changed: str) -> dict[str, Any]:
    """What Toni's phone keeps of a hand-over."""
    typed = {name: str(value) for name, value in typed_hand_over(order).items()}
    at = datetime.now(UTC) - timedelta(hours=3)
    fields = {**typed, **changed}
    return {
        "sequence": sequence,
        "kind": "hand_over",
        "order": order.code,
        "at": at.isoformat(),
        "fields": fields,
    }


def failure(order: Order, sequence: int) -> dict[str, Any]:
    """What Toni's phone keeps of a closed gate."""
    fields = {"reason": "nobody_home", "incident": "", "counter": "", "note": "pagar terkunci"}
    return {**event(order, sequence), "kind": "fail", "fields": fields}


def send(cast: Cast, events: list[dict[str, Any]], *, off: timedelta = timedelta(0)) -> Response:
    """The phone has found a mast."""
    body = {
        "device": DEVICE,
        "sent_at": (datetime.now(UTC) + off).isoformat(),
        "events": events,
    }
    return client_of(cast.rider).post(
        "/medicine/device-events", json.dumps(body), content_type="application/json"
    )


def states(answer: Response) -> dict[int, str]:
    """What became of each event."""
    assert answer.status_code == 200, answer.content
    return {told["sequence"]: told["state"] for told in json.loads(answer.content)["events"]}


def carried(cast: Cast, count: int) -> list[Order]:
    """Many bags that Toni holds."""
    first = collected(cast)
    orders = [first]
    for number in range(2, count + 1):
        order = place(cast, number=f"R-2026-{number:04d}")
        Order.objects.filter(pk=order.pk).update(
            state="collected", carrier=cast.rider, fleet=first.fleet, bags=1, bag_code=order.code
        )
        order.refresh_from_db()
        orders.append(order)
    return orders


def test_fifty_events_without_network_arrive_once_in_order_and_whole(cast: Cast) -> None:
    orders = carried(cast, 50)
    events = [
        failure(order, number) if number % 7 == 0 else event(order, number)
        for number, order in enumerate(orders, 1)
    ]
    chance = random.Random(29)
    sent = [events[start : start + 10] for start in range(0, 50, 10)] * 2
    chance.shuffle(sent)
    for batch in sent:
        chance.shuffle(batch)
        send(cast, batch)
    assert set(states(send(cast, events)).values()) == {"taken"}
    assert Proof.objects.count() == 43
    assert Attempt.objects.count() == 7
    for number, order in enumerate(orders, 1):
        order.refresh_from_db()
        assert order.state == ("failed" if number % 7 == 0 else "delivered")
        story = [told.kind for told in list_story(cast.region.code, order.code)]
        assert story.count("order.delivered") + story.count("order.failed") == 1
    done = Proof.objects.order_by("pk").values_list("order__code", flat=True)
    assert list(done) == [order.code for n, order in enumerate(orders, 1) if n % 7]


def test_what_comes_early_waits_for_what_was_before_it(cast: Cast) -> None:
    first, second = carried(cast, 2)
    assert states(send(cast, [event(second, 2)])) == {2: "waiting"}
    assert not Proof.objects.exists()
    assert states(send(cast, [event(first, 1)])) == {1: "taken"}
    assert states(send(cast, [event(second, 2)])) == {2: "taken"}


def test_the_time_at_the_door_is_the_device_s_and_its_wrong_clock_is_marked(cast: Cast) -> None:
    order = collected(cast)
    told = event(order, 1)
    send(cast, [told], off=timedelta(hours=-5))
    proof = Proof.objects.get()
    assert proof.handed_over_at.isoformat() == told["at"]
    assert proof.clock_is_wrong
    assert proof.recorded_at - proof.handed_over_at > timedelta(hours=2)


def test_a_refused_one_is_shown_to_the_rider_and_the_operator_and_stops_no_other(
    cast: Cast,
) -> None:
    first, second, third = carried(cast, 3)
    events = [event(first, 1, factor="01-01-1900"), event(second, 2, receiver=""), event(third, 3)]
    answer = send(cast, events)
    assert states(answer) == {1: "refused", 2: "refused", 3: "taken"}
    for looker in (cast.rider, cast.operator):
        page = client_of(looker).get("/medicine/device-events/refused").content.decode()
        assert first.code in page
        assert second.code in page
        assert third.code not in page
    first.refresh_from_db()
    assert (first.state, first.wrong_tries) == ("collected", 1)
    send(cast, events)
    first.refresh_from_db()
    assert first.wrong_tries == 1


def test_a_form_whose_answer_was_lost_is_not_done_twice(cast: Cast) -> None:
    order = collected(cast)
    typed = typed_hand_over(order)
    client_of(cast.rider).post(f"/medicine/orders/{order.code}/hand-over", typed)
    assert states(send(cast, [event(order, 1)])) == {1: "taken"}
    assert Proof.objects.count() == 1


def test_nobody_sends_for_another(cast: Cast) -> None:
    order = collected(cast)
    Order.objects.filter(pk=order.pk).update(carrier=cast.second_rider)
    assert states(send(cast, [event(order, 1)])) == {1: "refused"}
    assert not Proof.objects.exists()


def test_what_was_typed_is_sealed_while_it_waits(cast: Cast) -> None:
    order = collected(cast)
    send(cast, [event(order, 2)])
    assert "Sari" in DeviceEvent.objects.get().fields
    assert not DeviceEvent.objects.filter(fields__contains="Sari").exists()


def test_what_is_no_batch_is_refused_by_its_place(cast: Cast) -> None:
    good = event(collected(cast), 1)
    for bad in ({**good, "kind": "left_at_door"}, {**good, "sequence": 0}, {**good, "at": "now"}):
        assert send(cast, [bad]).status_code == 400
    assert send(cast, []).status_code == 400
    assert not DeviceEvent.objects.exists()


def test_the_pages_of_a_rider_keep_his_work_and_need_no_script(cast: Cast) -> None:
    order = collected(cast)
    rider = client_of(cast.rider)
    for path in (
        f"/medicine/orders/{order.code}/hand-over",
        f"/dispatch/rider/orders/{order.code}/fail",
    ):
        page = rider.get(path).content.decode()
        assert "medicine/offline.js" in page
        assert f'data-order="{order.code}"' in page
        assert '<form method="post"' in page
    assert rider.get("/medicine/worker.js")["Service-Worker-Allowed"] == "/"
