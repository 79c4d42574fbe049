"""A day as it went: each rider's line and table, what was open at an hour, and who had it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from gancang.audit.actions import Happening, record_all
from gancang.audit.models import Event
from gancang.incidents.actions import note_late
from gancang.orders.models import Order
from gancang.regions.queries import today_in, zone_of
from gancang.watch.replay import MARKS, READ_MAX, WHOLE_DAY_MAX
from tests.cast import at_work, client_of, delivered, failed, offer_to, place, release

if TYPE_CHECKING:
    from tests.cast import Cast

DAY = "/watch/day"


def day(cast: Cast, **asked: str) -> str:
    """The page of a day, as the auditor sees it."""
    answer = client_of(cast.auditor).get(DAY, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_rider_has_a_lane_with_what_he_did_and_a_table_that_says_the_same(cast: Cast) -> None:
    order = delivered(cast)
    page = day(cast)
    assert page.count("<h1>") == 1
    assert '<span class="lane-name">Toni</span>' in page
    assert f'<a class="code" href="/overview/orders/{order.code}">' in page
    for words in ("Mulai bertugas", "Diterima", "Diambil", "Sudah diserahkan"):
        assert f"{words}</span></td>" in page, words
        assert f"{words} " in page.split("<table")[0], words
    # What is on the line is for the eye; the table is for keyboard and screen reader.
    assert 'class="lanes" aria-hidden="true"' in page


def test_who_said_no_and_what_failed_and_rang_stands_in_it(cast: Cast) -> None:
    order = failed(cast)
    at_work(cast, cast.second_rider)
    other = release(cast, place(cast, number="R-2", nik="3510164903500002"))
    offer = offer_to(cast, other)
    client_of(offer.rider).post(f"/dispatch/rider/offers/{offer.pk}", {"answer": "no"})
    note_late(cast.region, now=datetime.now(UTC))
    Order.objects.filter(pk=order.pk).update(promise_at=datetime.now(UTC) - timedelta(minutes=1))
    note_late(cast.region, now=datetime.now(UTC))
    client_of(cast.rider).post("/incidents/help")
    page = day(cast, rider=cast.rider.username)
    for words in ("Tidak terserahkan", "Peringatan: terlambat", "Kejadian dilaporkan"):
        assert f"{words}</span></td>" in page, words
    assert "Tawaran ditolak</span></td>" in day(cast, rider=offer.rider.username)


def test_it_is_filtered_by_rider_and_by_order(cast: Cast) -> None:
    order = delivered(cast)
    at_work(cast, cast.second_rider)
    assert '<span class="lane-name">Slamet</span>' in day(cast)
    page = day(cast, rider=cast.rider.username)
    assert '<span class="lane-name">Slamet</span>' not in page
    assert '<span class="lane-name">Toni</span>' in page
    page = day(cast, order=order.code.lower())
    assert "Sudah diserahkan</span></td>" in page
    assert "Mulai bertugas</span></td>" not in page
    assert "Tidak ada yang terjadi" in day(cast, order="XX-1")
    assert "Tidak ada yang terjadi" in day(cast, order="X\0X")


def test_other_days_are_chosen_and_a_day_that_is_none_is_told(cast: Cast) -> None:
    delivered(cast)
    yesterday = today_in(cast.region, datetime.now(UTC)) - timedelta(days=1)
    assert "Tidak ada yang terjadi" in day(cast, day=yesterday.isoformat())
    answer = client_of(cast.auditor).get(DAY, {"day": "kemarin"})
    assert answer.status_code == 400
    assert "Itu bukan tanggal" in answer.content.decode()


def test_what_was_open_at_an_hour_and_who_had_it(cast: Cast) -> None:
    order = delivered(cast)
    ended = datetime.now(UTC)
    # He took it at ten and handed it over at noon; it is told at eleven and at one.
    zone = zone_of(cast.region)
    noon = datetime.combine(today_in(cast.region, ended) - timedelta(days=1), ended.timetz(), zone)
    noon = noon.replace(hour=12, minute=0, second=0, microsecond=0)
    Order.objects.filter(pk=order.pk).update(placed_at=noon - timedelta(hours=3), changed_at=noon)
    kinds = {"order.placed": 3, "order.released": 3, "order.assigned": 2, "order.collected": 2}
    record_all(
        Happening(
            region=cast.region.code,
            kind=kind,
            subject=order.code,
            by="tests",
            now=noon - timedelta(hours=hours),
            facts={"rider": cast.rider.username},
        )
        for kind, hours in kinds.items()
    )
    asked = {"day": noon.date().isoformat()}
    client = client_of(cast.operator)
    at_eleven = client.get(f"{DAY}/open", {**asked, "at": "11:00"}).content.decode()
    assert order.code in at_eleven
    assert "Toni" in at_eleven
    assert "Di jalan ke penerima" in at_eleven
    at_one = client.get(f"{DAY}/open", {**asked, "at": "13:00"}).content.decode()
    assert order.code not in at_one
    assert client.get(f"{DAY}/open", {"day": "x", "at": "y"}).status_code == 200


def test_a_day_of_two_thousand_orders_is_shown_by_the_hour_in_as_many_queries(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    order = delivered(cast)
    client = client_of(cast.auditor)
    with django_assert_num_queries(7):
        client.get(DAY)
    day_before = today_in(cast.region, datetime.now(UTC)) - timedelta(days=1)
    begins = datetime.combine(day_before, datetime.min.time(), zone_of(cast.region))
    begins += timedelta(hours=7)
    kinds = ("order.assigned", "order.collected", "order.delivered", "offer.declined")
    Event.objects.bulk_create(
        Event(
            region_code=cast.region.code,
            at=begins + timedelta(seconds=18 * number),
            actor=cast.rider.username,
            kind=kind,
            subject=order.code,
            payload='{"facts":{}}',
        )
        for number in range(2_000)
        for kind in kinds
    )
    with django_assert_num_queries(7):
        page = client.get(DAY, {"day": day_before.isoformat()}).content.decode()
    # Ten hours with 200 orders each, of which the last is shown until another is chosen.
    assert page.count("&amp;hour=") == 10
    assert page.count("<tr>") < 2 * len(kinds) * 200
    seventh = client.get(DAY, {"day": day_before.isoformat(), "hour": "7"}).content.decode()
    assert 'hour=7" aria-current="true"' in seventh
    assert "07." in seventh
    assert WHOLE_DAY_MAX < READ_MAX


@pytest.mark.parametrize("typed", ["hour=99", "hour=x", "p=-1", "p=99999999", "rider=%00"])
def test_rubbish_in_the_address_harms_nothing(cast: Cast, typed: str) -> None:
    at_work(cast, cast.rider)
    assert client_of(cast.operator).get(f"{DAY}?{typed}").status_code == 200


def test_every_mark_has_its_words() -> None:
    assert {shape for shape, _words in MARKS.values()} == {"shift", "no", "taken", "good", "bad"}


def test_a_fleets_operator_follows_only_its_own_riders(cast: Cast) -> None:
    order = delivered(cast)
    member = cast.member(cast.operator)
    member.organisation = cast.other_fleet
    member.save()
    page = client_of(cast.operator).get(DAY).content.decode()
    assert "Toni" not in page
    assert order.code not in page
