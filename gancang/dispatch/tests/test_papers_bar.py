"""A rider whose paper has run out finishes what he has and is offered nothing new."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from gancang.audit.models import Event
from gancang.dispatch.keeping import replay
from gancang.dispatch.models import Offer, Tick, Waiting
from gancang.dispatch.ticking import tick
from gancang.fleet.actions import see_paper
from gancang.fleet.models import Rider
from gancang.fleet.rules import kinds_of
from gancang.orders.models import Order
from gancang.regions.queries import today_in
from tests.cast import assigned, at_work, client_of, place, release

if TYPE_CHECKING:
    from gancang.accounts.models import User
    from tests.cast import Cast


def now() -> datetime:
    return datetime.now(UTC)


def paper_of(cast: Cast, user: User, *, days: int, by_hand: bool = False) -> str:
    """Somebody saw a paper of a rider that bars once it has run out; its title."""
    today = today_in(cast.region, now())
    kind = next(
        kind
        for kind in kinds_of(cast.region.config, on=today)
        if (kind.bars, kind.by_hand) == ("expired", by_hand)
    )
    see_paper(
        Rider.objects.select_related("region", "user").get(user=user),
        kind,
        number="1234567890",
        expires_on=today + timedelta(days=days),
        seen_on=today,
        by=cast.operator,
        now=now(),
    )
    return kind.title


def by_hand(cast: Cast, order: Order, rider: User, **changed: Any) -> Any:
    """The operator names the rider; the order afterwards."""
    typed = {"version": order.version, "rider": rider.pk, "reason": "tidak ada yang lain"}
    url = f"/dispatch/orders/{order.code}/assign"
    answer = client_of(cast.operator).post(url, typed | changed)
    order.refresh_from_db()
    return answer


def test_whose_licence_ended_yesterday_is_passed_over_and_board_and_order_say_why(
    cast: Cast,
) -> None:
    at_work(cast, cast.rider)
    title = paper_of(cast, cast.rider, days=-1)
    order = release(cast, place(cast))
    assert tick(cast.region, now=now(), seed=1).unserved == [(order.code, "papers_ended")]
    assert not Offer.objects.exists()
    assert Waiting.objects.get().reason == "papers_ended"
    board = client_of(cast.operator).get("/dispatch/board").content.decode()
    assert "Masa berlaku surat pengantar yang bisa membawanya sudah habis" in board
    assert f"{title} habis masa berlakunya" in board
    world, _plan = replay(Tick.objects.latest("pk"))
    assert world.idle == ((cast.rider.username, "papers_ended"),)


def test_on_its_last_day_a_paper_still_counts(cast: Cast) -> None:
    at_work(cast, cast.rider)
    paper_of(cast, cast.rider, days=0)
    release(cast, place(cast))
    tick(cast.region, now=now(), seed=1)
    assert Offer.objects.get().rider == cast.rider


def test_a_colleague_with_good_papers_is_asked_instead_and_then_the_renewed_one_counts(
    cast: Cast,
) -> None:
    at_work(cast, cast.rider, cast.second_rider)
    paper_of(cast, cast.rider, days=-1)
    for number in range(3):
        release(cast, place(cast, number=f"R-{number}", nik=""))
    tick(cast.region, now=now(), seed=1)
    assert {offer.rider for offer in Offer.objects.all()} == {cast.second_rider}
    paper_of(cast, cast.rider, days=700)
    Offer.objects.update(answer="no")
    tick(cast.region, now=now(), seed=1)
    assert {offer.rider for offer in Offer.objects.filter(answer="open")} == {cast.rider}


def test_nobody_trained_is_said_where_papers_alone_would_not_help(cast: Cast) -> None:
    at_work(cast, cast.rider)
    paper_of(cast, cast.rider, days=-1)
    Rider.objects.get(user=cast.rider).trainings.all().delete()
    order = release(cast, place(cast))
    # He may not come and could not either: his papers are not what is missing.
    unserved = tick(cast.region, now=now(), seed=1).unserved
    assert [code for code, _reason in unserved] == [order.code]
    assert unserved[0][1] != "papers_ended"


def test_what_he_has_taken_stays_his(cast: Cast) -> None:
    order = assigned(cast)
    paper_of(cast, cast.rider, days=-1)
    tick(cast.region, now=now(), seed=1)
    order.refresh_from_db()
    assert order.carrier == cast.rider
    page = client_of(cast.rider).get("/dispatch/rider").content.decode()
    assert order.code in page


def test_assigning_by_hand_is_refused_with_the_paper_and_what_to_do(cast: Cast) -> None:
    at_work(cast, cast.rider)
    title = paper_of(cast, cast.rider, days=-1)
    order = release(cast, place(cast))
    for despite in ("", "on"):
        answer = by_hand(cast, order, cast.rider, despite=despite)
        assert answer.status_code == 400
        page = answer.content.decode()
        assert title in page
        assert "Minta surat asli yang sudah diperpanjang" in page
        assert "tidak ada yang lain" in page
        assert order.state == "released"


def test_where_the_rule_leaves_it_to_him_the_operator_assigns_all_the_same_and_it_is_kept(
    cast: Cast,
) -> None:
    at_work(cast, cast.rider)
    paper_of(cast, cast.rider, days=-1, by_hand=True)
    order = release(cast, place(cast))
    answer = by_hand(cast, order, cast.rider)
    assert answer.status_code == 400
    assert "tetap tugaskan" in answer.content.decode()
    assert by_hand(cast, order, cast.rider, despite="on").status_code == 302
    assert order.carrier == cast.rider
    event = Event.objects.filter(subject=order.code, kind__contains="assigned").latest("pk")
    assert "paper_ended_but" in event.payload


def test_a_region_that_asks_for_all_papers_gives_nothing_to_whom_nobody_has_checked(
    cast: Cast,
) -> None:
    papers = [{**each, "bars": "missing"} for each in cast.region.config["fleet"]["papers"]]
    cast.region.config["fleet"] = {"papers": papers}
    cast.region.save()
    at_work(cast, cast.rider)
    order = release(cast, place(cast))
    assert tick(cast.region, now=now(), seed=1).unserved == [(order.code, "papers_ended")]
    answer = by_hand(cast, order, cast.rider)
    assert answer.status_code == 400
    assert "belum pernah dilihat" in answer.content.decode()


def cold(order: Order) -> Order:
    """The same order, of medicine that must stay cold."""
    Order.objects.filter(pk=order.pk).update(cold_minutes=90, needs=["medicine-cold"])
    order.refresh_from_db()
    return order


@pytest.mark.parametrize(
    ("bag", "trained", "says"),
    [(True, False, "Obat yang harus tetap dingin"), (False, True, "tidak punya tas dingin")],
)
def test_cold_medicine_goes_by_hand_to_nobody_without_cold_bag_and_training(
    cast: Cast, bag: bool, trained: bool, says: str
) -> None:
    at_work(cast, cast.rider)
    rider = Rider.objects.get(user=cast.rider)
    Rider.objects.filter(pk=rider.pk).update(has_cold_bag=bag)
    if trained:
        first = rider.trainings.get()
        first.pk, first.item_class = None, "medicine-cold"
        first.save()
    order = cold(release(cast, place(cast)))
    answer = by_hand(cast, order, cast.rider, despite="on")
    assert answer.status_code == 400
    assert says in answer.content.decode()
    assert order.state == "released"


def test_with_both_he_may_have_it(cast: Cast) -> None:
    at_work(cast, cast.rider)
    rider = Rider.objects.get(user=cast.rider)
    Rider.objects.filter(pk=rider.pk).update(has_cold_bag=True)
    first = rider.trainings.get()
    first.pk, first.item_class = None, "medicine-cold"
    first.save()
    order = cold(release(cast, place(cast)))
    assert by_hand(cast, order, cast.rider).status_code == 302
    assert order.carrier == cast.rider


def test_a_pharmacists_visit_is_given_to_no_rider_by_hand(cast: Cast) -> None:
    at_work(cast, cast.rider)
    order = release(cast, place(cast))
    Order.objects.filter(pk=order.pk).update(way="visit")
    order.refresh_from_db()
    answer = by_hand(cast, order, cast.rider, despite="on")
    assert answer.status_code == 400
    assert "diantar sendiri oleh apoteker" in answer.content.decode()
    assert (order.state, order.carrier) == ("released", None)
