"""A released order is offered to a rider who may carry it; silence is a no, the next is asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from gancang_planner import Unserved

from gancang.audit.queries import list_story
from gancang.dispatch import keeping, planning
from gancang.dispatch.models import Offer, Tick, Waiting
from gancang.dispatch.rules import HELD_BACK, IDLE, PLANNED, WAITING
from gancang.dispatch.ticking import tick
from gancang.fleet.models import Shift, Training
from gancang.medicine.actions import PROGRAMME
from gancang.programmes.models import Programme
from gancang.programmes.queries import terms_of
from gancang.regions.queries import today_in
from tests.cast import at_work, client_of, offer_to, place, release

if TYPE_CHECKING:
    from gancang.accounts.models import User
    from gancang.dispatch.ticking import Outcome
    from gancang.orders.models import Order
    from tests.cast import Cast


def later(cast: Cast, **after: int) -> Outcome:
    """A tick some time from now."""
    return tick(cast.region, now=datetime.now(UTC) + timedelta(**after), seed=1)


def answer(rider: User, offer: Offer, said: str, *, reason: str = "") -> int:
    """What the rider's page says to his answer."""
    typed = {"answer": said, "reason": reason}
    return client_of(rider).post(f"/dispatch/rider/offers/{offer.pk}", typed).status_code


def released(cast: Cast, number: str = "R-1") -> Order:
    """An order that waits for a rider."""
    return release(cast, place(cast, number=number))


def test_an_offer_names_pay_distance_and_time_and_the_first_look_is_kept(cast: Cast) -> None:
    at_work(cast, cast.rider)
    order = released(cast)
    offer = offer_to(cast, order)
    assert (offer.rider, offer.fleet) == (cast.rider, cast.fleet)
    assert (offer.pay_rp, offer.distance_m) == (order.price_rp, order.distance_m)
    assert (offer.expires_at - offer.made_at).total_seconds() == terms_of(order.programme).offer_s
    assert offer.shown_at is None
    page = client_of(cast.rider).get("/dispatch/rider").content.decode()
    assert f"/dispatch/rider/offers/{offer.pk}" in page
    shown = Offer.objects.get().shown_at
    assert shown is not None
    client_of(cast.rider).get("/dispatch/rider")
    assert Offer.objects.get().shown_at == shown


def test_a_rider_who_says_yes_has_the_order(cast: Cast) -> None:
    at_work(cast, cast.rider)
    order = released(cast)
    assert answer(cast.rider, offer_to(cast, order), "yes") == 302
    order.refresh_from_db()
    assert (order.state, order.carrier, order.fleet) == ("assigned", cast.rider, cast.fleet)


def test_a_rider_who_says_no_is_not_asked_again_and_the_next_one_is(cast: Cast) -> None:
    at_work(cast, cast.rider, cast.second_rider)
    order = released(cast)
    first = offer_to(cast, order)
    answer(first.rider, first, "no", reason="ban kempes")
    second = offer_to(cast, order)
    assert second.rider != first.rider
    first.refresh_from_db()
    assert (first.answer, first.reason) == ("no", "ban kempes")


def test_silence_is_a_no_and_the_next_one_is_asked(cast: Cast) -> None:
    at_work(cast, cast.rider, cast.second_rider)
    order = released(cast)
    first = offer_to(cast, order)
    seconds = terms_of(order.programme).offer_s
    later(cast, seconds=seconds + 5)
    first.refresh_from_db()
    assert first.answer == "silent"
    second = Offer.objects.get(order=order, answer="open")
    assert second.rider != first.rider
    kinds = [told.kind for told in list_story(cast.region.code, order.code)]
    assert kinds[-3:] == ["offer.made", "offer.expired", "offer.made"]


def test_a_late_yes_comes_to_nothing(cast: Cast) -> None:
    at_work(cast, cast.rider)
    order = released(cast)
    offer = offer_to(cast, order)
    Offer.objects.filter(pk=offer.pk).update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    assert answer(cast.rider, offer, "yes") == 409
    order.refresh_from_db()
    assert order.state == "released"


def test_nobody_answers_an_offer_that_was_made_to_another(cast: Cast) -> None:
    at_work(cast, cast.rider)
    offer = offer_to(cast, released(cast))
    assert answer(cast.second_rider, offer, "yes") == 404
    offer.refresh_from_db()
    assert offer.answer == "open"


def test_an_order_that_is_offered_is_not_offered_twice(cast: Cast) -> None:
    at_work(cast, cast.rider, cast.second_rider)
    order = released(cast)
    offer_to(cast, order)
    assert later(cast, seconds=10).considered == 0
    assert Offer.objects.filter(order=order).count() == 1


def test_when_all_have_said_no_that_is_the_reason_and_in_time_they_are_asked_again(
    cast: Cast,
) -> None:
    at_work(cast, cast.rider)
    order = released(cast)
    answer(cast.rider, offer_to(cast, order), "no")
    assert later(cast, seconds=1).unserved == [(order.code, "all_refused")]
    later(cast, minutes=16)
    assert Offer.objects.get(order=order, answer="open").rider == cast.rider


def reason_of(order: Order) -> str:
    """The one reason for which an order waits."""
    return Waiting.objects.get(order=order).reason


def test_without_riders_the_order_waits_for_one(cast: Cast) -> None:
    order = released(cast)
    outcome = later(cast)
    assert outcome.unserved == [(order.code, "no_vehicle_on_shift")]
    assert reason_of(order) == "no_vehicle_on_shift"
    board = client_of(cast.operator).get("/dispatch/board").content.decode()
    assert "Belum ada pengantar" in board or "Tidak ada pengantar" in board


@pytest.mark.parametrize("training", ["none", "expired", "other class"])
def test_who_is_not_trained_today_is_never_offered_anything(cast: Cast, training: str) -> None:
    at_work(cast, cast.rider)
    order = released(cast)
    rows = Training.objects.filter(rider__user=cast.rider)
    if training == "none":
        rows.delete()
    elif training == "expired":
        yesterday = today_in(cast.region, datetime.now(UTC)) - timedelta(days=1)
        rows.update(expires_on=yesterday)
    else:
        rows.update(item_class="taxi")
    later(cast)
    assert not Offer.objects.exists()
    assert reason_of(order) == "skill_missing"


def test_who_went_home_is_never_offered_anything(cast: Cast) -> None:
    at_work(cast, cast.rider)
    order = released(cast)
    Shift.objects.update(ended_at=datetime.now(UTC))
    later(cast)
    assert not Offer.objects.exists()
    assert reason_of(order) == "no_vehicle_on_shift"


def test_a_fleet_that_the_programme_does_not_name_is_never_offered_anything(cast: Cast) -> None:
    for row in Programme.objects.filter(region=cast.region, code=PROGRAMME):
        row.terms["carriers"] = [cast.fleet.code]
        row.save()
    at_work(cast, cast.other_rider)
    order = released(cast)
    later(cast)
    assert not Offer.objects.exists()
    assert reason_of(order) == "not_allowed"
    at_work(cast, cast.rider)
    later(cast, seconds=5)
    assert Offer.objects.get().rider == cast.rider
    assert not Waiting.objects.exists()


def test_every_order_is_offered_or_waits_for_one_reason_that_has_words(cast: Cast) -> None:
    at_work(cast, cast.rider)
    orders = [
        release(cast, place(cast, number=f"R-{n}", nik=f"35101649035{n:05}")) for n in range(8)
    ]
    outcome = later(cast)
    offered = set(Offer.objects.values_list("order", flat=True))
    waiting = set(Waiting.objects.values_list("order", flat=True))
    assert not offered & waiting
    assert offered | waiting == {order.pk for order in orders}
    assert (outcome.considered, outcome.assigned) == (8, len(offered))
    assert {reason for _code, reason in outcome.unserved} <= set(WAITING)


def test_every_reason_of_the_planner_has_words_here() -> None:
    assert {reason.name.lower() for reason in Unserved} == set(WAITING) - {
        PLANNED,
        *HELD_BACK,
        *IDLE,
    }


def test_since_when_a_reason_holds_does_not_move_while_it_holds(cast: Cast) -> None:
    order = released(cast)
    later(cast)
    since = Waiting.objects.get(order=order).since
    later(cast, minutes=3)
    assert Waiting.objects.get(order=order).since == since
    assert Tick.objects.count() == 1


def test_a_kept_tick_replays_to_the_offers_that_it_made(cast: Cast) -> None:
    at_work(cast, cast.rider, cast.second_rider, cast.other_rider)
    for n in range(6):
        release(cast, place(cast, number=f"R-{n}", nik=f"35101649035{n:05}"))
    later(cast)
    kept = Tick.objects.get()
    world, found = keeping.replay(kept)
    assert keeping.kept(world) == kept.world
    again = {(p.order, p.rider) for p in planning.proposals_of(world, found)}
    made = Offer.objects.filter(tick=kept).values_list("order__code", "rider__username")
    assert again == set(made)
    assert made


def test_a_tick_replays_by_the_policy_and_the_ways_of_its_day(cast: Cast) -> None:
    at_work(cast, cast.rider, cast.second_rider)
    for n in range(4):
        release(cast, place(cast, number=f"R-{n}", nik=f"35101649035{n:05}"))
    later(cast)
    _, before = keeping.replay(Tick.objects.get())
    cast.region.config["travel"]["speed_kmh"] = 9
    cast.region.config["dispatch"] = {"policies": []}
    cast.region.save()
    _, after = keeping.replay(Tick.objects.get())
    assert after == before


def test_who_has_much_to_carry_is_still_known_in_a_replay(cast: Cast) -> None:
    at_work(cast, cast.rider, cast.second_rider)
    first = released(cast)
    offer = offer_to(cast, first)
    answer(offer.rider, offer, "yes")
    first.refresh_from_db()
    stop = f"/dispatch/rider/orders/{first.code}"
    client_of(offer.rider).post(stop, {"version": first.version, "bag_code": first.bag_code})
    released(cast, "R-2")
    later(cast, seconds=5)
    kept = Tick.objects.latest("pk")
    world, found = keeping.replay(kept)
    assert world.committed() == {first.code}
    assert dict(world.running) == {first.code: offer.rider.username}
    again = [(p.order, p.rider) for p in planning.proposals_of(world, found)]
    made = Offer.objects.filter(tick=kept).values_list("order__code", "rider__username")
    assert again == list(made)
