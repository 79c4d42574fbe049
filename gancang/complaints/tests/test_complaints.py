"""Something was wrong: nobody is paid until a person has decided, then the money follows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.test import Client

from gancang.cash.models import Refund
from gancang.cash.tests.door import at_the_door as at_the_patients_door
from gancang.cash.tests.door import hand_over
from gancang.cash.tests.test_at_the_door import balances, hand_in, problems
from gancang.cash.tests.test_paid_back import LIST, is_listed, pay_out, release_money
from gancang.complaints.models import Complaint
from gancang.ledger.queries import lines_of
from gancang.orders.links import track_token
from gancang.orders.models import Order
from gancang.overview.story import story_of
from gancang.overview.verify import verify
from gancang.parcels.tests.sender import SIGNATURE, at_the_door, desk_of
from gancang.servings.models import Serving
from gancang.servings.tests.test_meals import cooks, couriers, elders, kitchens, ride, seated
from gancang.settlement import correcting
from gancang.settlement.models import Correction, Hold
from gancang.settlement.queries import all_lines
from tests.cast import client_of, delivered, place

if TYPE_CHECKING:
    from tests.cast import Cast

BAD = {"cause": "less", "words": "Yang datang hanya satu dari dua kantong."}
WHY = "Sudah ditelepon ke kedua pihak, keterangannya cocok."


def states(cast: Cast, order: Order) -> set[str]:
    """How the lines of an order stand in the settlement."""
    rows = all_lines(cast.region).filter(about__startswith=order.code)
    return set(rows.values_list("state", flat=True))


def stood_for(cast: Cast, order: Order) -> set[str]:
    """The same, once the treasurer stands for what the pack lets nobody take back alone."""
    for asked in Correction.objects.filter(state="asked"):
        correcting.approve(asked, by=cast.treasurer, now=datetime.now(UTC))
    return states(cast, order)


def decided(cast: Cast, row: Complaint, outcome: str, who: str = "operator") -> int:
    """Somebody decides; the status of the answer."""
    typed = {"outcome": outcome, "words": WHY}
    client = client_of(getattr(cast, who))
    return client.post(f"/complaints/{row.pk}/decide", typed).status_code


def test_a_receiver_complains_on_his_page_and_the_line_is_held_until_it_is_decided(
    cast: Cast,
) -> None:
    order = delivered(cast)
    assert states(cast, order) == {"open"}
    link = f"/o/{track_token(order.code)}"
    assert f"{link}/complain" in Client().get(link).content.decode()
    assert Client().post(f"{link}/complain", {"cause": "less", "words": "?"}).status_code == 400
    assert states(cast, order) == {"open"}
    assert Client().post(f"{link}/complain", BAD).status_code == 200
    assert states(cast, order) == {"held"}
    assert Client().post(f"{link}/complain", BAD).status_code == 400  # it waits already
    row = Complaint.objects.get()
    assert row.due_at - row.opened_at == timedelta(hours=72)  # its programme says nothing else
    assert decided(cast, row, "unfounded") == 302
    assert states(cast, order) == {"open"}
    row.refresh_from_db()
    assert row.state == "decided"
    assert decided(cast, row, "take_back") == 400  # once
    said = verify([cast.region]).problems
    assert not [each for each in said if not each.startswith("chain")]


def test_a_programme_may_promise_an_answer_sooner(cast: Cast) -> None:
    order = delivered(cast)
    programme = order.programme
    programme.terms = {**programme.terms, "complaint_hours": 24}
    programme.save()
    link = f"/o/{track_token(order.code)}/complain"
    assert "dalam 24 jam" in Client().get(link).content.decode()
    assert Client().post(link, BAD).status_code == 200
    row = Complaint.objects.get()
    assert row.due_at - row.opened_at == timedelta(hours=24)


def test_the_clerk_tells_it_by_telephone_and_another_takes_the_pay_back(cast: Cast) -> None:
    order = delivered(cast)
    typed = {**BAD, "cause": "not_came", "code": order.code.lower(), "channel": "phone"}
    assert client_of(cast.clerk).post("/complaints/new", typed).status_code == 302
    row = Complaint.objects.get()
    assert client_of(cast.clerk).get(f"/complaints/{row.pk}").status_code == 403
    assert decided(cast, row, "take_back") == 302
    assert stood_for(cast, order) == {"reversed"}
    asked = list(Correction.objects.all())
    back = lines_of(cast.region, order=order.code).filter(kind="reverse")
    assert sum(each.amount_rp for each in back) == sum(each.line.amount_rp for each in asked)
    said = verify([cast.region]).problems
    assert not [each for each in said if not each.startswith("chain")]


def test_whoever_is_right_in_the_appeal_keeps_his_pay(cast: Cast) -> None:
    order = delivered(cast)
    typed = {**BAD, "code": order.code, "channel": "desk"}
    client_of(cast.clerk).post("/complaints/new", typed)
    row = Complaint.objects.get()
    assert decided(cast, row, "take_back") == 302
    told = {"words": "Toni: tanda tangan ada, dua kantong diterima."}
    assert client_of(cast.operator).post(f"/complaints/{row.pk}/appeal", told).status_code == 302
    heard = {"upheld": "yes", "words": WHY}
    assert client_of(cast.officer).post(f"/complaints/{row.pk}/hear", heard).status_code == 302
    assert "open" in stood_for(cast, order)
    said = verify([cast.region]).problems
    assert not [each for each in said if not each.startswith("chain")]


def test_whoever_lost_appeals_and_somebody_else_hears_it(cast: Cast) -> None:
    order = delivered(cast)
    typed = {**BAD, "code": order.code, "channel": "desk"}
    operator, officer = client_of(cast.operator), client_of(cast.officer)
    operator.post("/complaints/new", typed)
    row = Complaint.objects.get()
    assert decided(cast, row, "take_back") == 400  # the operator told of it himself
    assert decided(cast, row, "take_back", who="officer") == 302
    said = {"words": "Toni: tanda tangan ada, dua kantong diterima."}
    assert operator.post(f"/complaints/{row.pk}/appeal", said).status_code == 302
    heard = {"upheld": "yes", "words": WHY}
    assert officer.post(f"/complaints/{row.pk}/hear", heard).status_code == 400
    assert operator.post(f"/complaints/{row.pk}/hear", heard).status_code == 400
    assert stood_for(cast, order) == {"reversed"}


def test_a_meal_that_did_not_come_holds_stall_and_courier(cast: Cast) -> None:
    kitchen = kitchens(cast)[0]
    seated(cast, elders(cast, 1, around=kitchen))
    cooks(cast, kitchen, 40)
    assert ride(cast, couriers(cast)[:1]) == 302
    stop = Serving.objects.get()
    client_of(cast.rider).post(f"/servings/stops/{stop.code}/seen")
    typed = {**BAD, "code": stop.code, "channel": "recheck"}
    assert client_of(cast.auditor).post("/complaints/new", typed).status_code == 302
    assert Hold.objects.filter(released_at=None).count() == 2
    page = client_of(cast.treasurer).get("/complaints/").content.decode()
    assert stop.code in page


def test_what_nobody_knows_is_refused_in_words(cast: Cast) -> None:
    typed = {**BAD, "code": "XX-9999-9999", "channel": "phone"}
    answer = client_of(cast.village_clerk).post("/complaints/new", typed)
    assert answer.status_code == 400
    assert "Tidak ada" in answer.content.decode()
    assert not Complaint.objects.exists()


def test_medicine_is_not_brought_again_from_here_and_nobody_gets_back_what_nobody_paid(
    cast: Cast,
) -> None:
    order = place(cast)
    typed = {**BAD, "code": order.code, "channel": "phone"}
    client_of(cast.clerk).post("/complaints/new", typed)
    row = Complaint.objects.get()
    for outcome in ("redeliver", "refund", "take_back"):
        assert decided(cast, row, outcome) == 400
    row.refresh_from_db()
    assert row.state == "open"


def test_who_waits_too_long_is_counted_by_cause(cast: Cast) -> None:
    order = delivered(cast)
    Client().post(f"/o/{track_token(order.code)}/complain", BAD)
    Complaint.objects.update(due_at=datetime.now(UTC) - timedelta(hours=1))
    page = client_of(cast.officer).get("/complaints/").content.decode()
    assert "Terlambat" in page
    assert "pill bad" in page


def test_goods_that_did_not_come_are_brought_again_and_who_brought_nothing_is_not_paid(
    cast: Cast,
) -> None:
    desk = desk_of(cast, "dokumen")
    order = desk.brought_to_the_door()
    typed = at_the_door(order, level="signature", signature=SIGNATURE)
    assert client_of(cast.rider).post(f"/parcels/{order.code}/hand-over", typed).status_code == 302
    told = {**BAD, "cause": "not_came", "code": order.code, "channel": "phone"}
    client_of(cast.village_clerk).post("/complaints/new", told)
    row = Complaint.objects.get()
    assert decided(cast, row, "redeliver") == 302
    row.refresh_from_db()
    again = Order.objects.get(code=row.brought_by)
    assert again.resident_id == order.resident_id
    assert again.patient_pays_rp == 0
    assert again.state == "placed"
    assert stood_for(cast, order) == {"reversed"}


def test_who_paid_for_what_did_not_come_whole_gets_it_back_from_the_till(cast: Cast) -> None:
    order = at_the_patients_door(cast)
    price = order.patient_pays_rp
    assert hand_over(order, paid="cash") == 302
    assert hand_in(cast, price, seen=price, by="clerk") == 302
    assert Client().post(f"/o/{track_token(order.code)}/complain", BAD).status_code == 200
    assert not is_listed(cast.treasurer, order)
    row = Complaint.objects.get()
    assert decided(cast, row, "refund") == 302
    assert states(cast, order) <= {"open"}, "who brought it keeps his pay"
    assert is_listed(cast.treasurer, order)
    assert release_money(cast.treasurer, order) == 302
    assert pay_out(cast.treasurer, order) == LIST, "another person pays it out"
    assert pay_out(cast.clerk, order) == f"{LIST}/{order.code}"
    receipt = client_of(cast.clerk).get(f"{LIST}/{order.code}").content.decode()
    assert Refund.objects.get().receipt in receipt
    assert balances(cast) == {}, "nobody has it any more"
    assert problems(cast) == []


def test_nobody_is_paid_back_twice_for_one_order(cast: Cast) -> None:
    order = at_the_patients_door(cast)
    assert hand_over(order, paid="cash") == 302
    link = f"/o/{track_token(order.code)}/complain"
    assert Client().post(link, BAD).status_code == 200
    assert decided(cast, Complaint.objects.get(), "refund") == 302
    assert Client().post(link, BAD).status_code == 200, "something else was wrong too"
    again = Complaint.objects.get(state="open")
    assert decided(cast, again, "refund") == 400
    again.refresh_from_db()
    assert again.state == "open"


def test_the_story_of_an_order_tells_what_was_complained_of_and_how_it_ended(cast: Cast) -> None:
    order = delivered(cast)
    url = f"/overview/orders/{order.code}"
    assert 'id="complaints"' not in client_of(cast.operator).get(url).content.decode()
    assert story_of(order)["complaints"] == []
    typed = {**BAD, "code": order.code, "channel": "phone"}
    assert client_of(cast.village_clerk).post("/complaints/new", typed).status_code == 302
    row = Complaint.objects.get()
    assert decided(cast, row, "unfounded") == 302
    page = client_of(cast.operator).get(url).content.decode()
    told = page[page.index('id="complaints"') :]
    told = told[: told.index("</section>")]
    assert f"/complaints/{row.pk}" in told
    assert "Tidak ada yang keliru" in told
    assert BAD["words"] not in page, "what somebody said stays on its own page"
    assert WHY not in page
    page = client_of(cast.clerk).get(url).content.decode()
    assert 'id="complaints"' in page
    assert f"/complaints/{row.pk}" not in page, "the counter clerk may not open it"
    (told_to_machines,) = story_of(order)["complaints"]
    assert told_to_machines["outcome"] == "unfounded"
    assert told_to_machines["state"] == "decided"
