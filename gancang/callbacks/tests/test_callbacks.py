"""Who brought it says that it came; nobody is paid before its receiver says so too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from gancang.accounts.actions import Newcomer, add_person
from gancang.accounts.models import Role, User
from gancang.callbacks.actions import tell_of_overdue
from gancang.callbacks.models import Callback, Ring
from gancang.callbacks.rules import Standing, Why, is_own_work, why_not_decide
from gancang.complaints.models import Complaint
from gancang.fulfilment.tests.test_cases import desk_of as desk_at
from gancang.fulfilment.tests.test_cases import planned, somebody
from gancang.later.tests.test_goods_and_vouchers import kept, sent
from gancang.ledger.models import Transfer
from gancang.overview.story import story_of
from gancang.overview.verify import verify
from gancang.parcels.tests.sender import at_the_door, desk_of
from gancang.programmes.models import Programme
from gancang.residents.models import Reading
from gancang.settlement import actions as settlement
from gancang.settlement.queries import all_lines
from gancang.settlement.rules import Why as Unpaid
from gancang.values import Refused
from tests.cast import PASSWORD, client_of

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

    from gancang.orders.models import Order
    from gancang.regions.models import Organisation
    from tests.cast import Cast

WHY = "tidak bisa tanda tangan"
NEVER = "Sampai sekarang belum ada yang datang ke rumah."


def brought(cast: Cast, **typed: object) -> Order:
    """A document that Toni says he has brought; its receiver is to be rung."""
    order = desk_of(cast, "dokumen").brought_to_the_door()
    assert hand_over(cast, order, **typed).status_code == 302
    order.refresh_from_db()
    return order


def hand_over(cast: Cast, order: Order, **typed: object) -> Response:
    """Toni at the door, without a signature."""
    told = at_the_door(order, level="callback", reason=WHY, **typed)
    return client_of(cast.rider).post(f"/parcels/{order.code}/hand-over", told)


def rung(user: User, answer: str, note: str = "") -> Response:
    """Somebody rings, and writes down what was said."""
    number = Callback.objects.get().pk
    typed = {"answer": answer, "note": note}
    return client_of(user).post(f"/complaints/calls/{number}", typed)


def decided(user: User, outcome: str, reason: str) -> Response:
    """Somebody decides without an answer."""
    number = Callback.objects.get().pk
    typed = {"outcome": outcome, "reason": reason}
    return client_of(user).post(f"/complaints/calls/{number}/decide", typed)


def states(cast: Cast) -> set[str]:
    """How what was earned stands in the settlement."""
    return set(all_lines(cast.region).values_list("state", flat=True))


def faults_of(cast: Cast) -> list[str]:
    """What `gancang verify` finds in the book."""
    return [each for each in verify([cast.region]).problems if not each.startswith("chain")]


def second(cast: Cast, organisation: Organisation | None = None) -> User:
    """Another operator."""
    newcomer = Newcomer(
        username="kedua",
        full_name="Hadi",
        password=PASSWORD,
        role=Role.OPERATOR,
        organisation=organisation,
    )
    return add_person(newcomer, region=cast.region, by="tests", now=datetime.now(UTC))


def test_nobody_is_paid_before_the_receiver_was_rung_and_said_yes(cast: Cast) -> None:
    order = brought(cast)
    assert states(cast) == {"held"}
    this_month = f"{datetime.now(UTC) + timedelta(hours=8):%Y-%m}"
    lines = f"/settlement/lines?month={this_month}"
    assert "belum ditelepon" in client_of(cast.treasurer).get(lines).content.decode()
    later = datetime.now(UTC) + timedelta(days=40)
    with pytest.raises(Refused) as refusal:
        settlement.draft(cast.region, this_month, by=cast.treasurer, now=later)
    assert refusal.value.reason is Unpaid.NOTHING_OPEN
    assert story_of(order)["callback"]["state"] == "open"
    listed = client_of(cast.operator).get("/calls/").content.decode()
    assert order.code in listed
    assert "Slamet Riyadi" in listed
    assert Reading.objects.filter(purpose="callback", by=cast.operator.username).exists()
    assert rung(cast.operator, "came", "ya, sudah diterima").status_code == 302
    assert states(cast) == {"open"}
    assert order.code not in client_of(cast.operator).get("/calls/").content.decode()
    assert rung(cast.operator, "never", NEVER).status_code == 400  # answered is answered
    told = story_of(order)["callback"]
    assert (told["state"], [each["answer"] for each in told["calls"]]) == ("came", ["came"])
    assert faults_of(cast) == []
    with pytest.raises(DatabaseError), transaction.atomic():
        Ring.objects.update(answer="never")


def test_it_never_came_opens_a_complaint_and_another_decides_about_the_pay(cast: Cast) -> None:
    order = brought(cast)
    assert rung(cast.operator, "never", "belum").status_code == 400  # in a sentence at least
    assert not Complaint.objects.exists()
    assert rung(cast.operator, "never", NEVER).status_code == 302
    row = Complaint.objects.get(about=order.code)
    assert (row.cause, row.channel, states(cast)) == ("not_came", "phone", {"held"})
    typed = {"outcome": "unfounded", "words": "Tetangganya yang menerima, sudah dicek."}
    page = f"/complaints/{row.pk}/decide"
    assert client_of(cast.operator).post(page, typed).status_code == 400  # he told of it
    assert states(cast) == {"held"}
    assert client_of(cast.officer).post(page, typed).status_code == 302
    assert states(cast) == {"open"}
    assert Callback.objects.get().state == "allowed"
    assert faults_of(cast) == []


def test_a_treasurer_who_lets_a_complaint_go_pays_nothing_that_never_came(cast: Cast) -> None:
    brought(cast)
    rung(cast.operator, "never", NEVER)
    hold = all_lines(cast.region).get().hold_number
    now = datetime.now(UTC)
    settlement.release(hold, "bayar saja", region=cast.region, by=cast.treasurer, now=now)
    line = all_lines(cast.region).get()
    assert (line.state, line.hold_number) == ("held", None)
    assert "tidak pernah" in line.held_for


def test_who_is_not_reached_in_time_stays_held_until_a_second_person_decides(cast: Cast) -> None:
    order = brought(cast)
    assert rung(cast.operator, "not_reached").status_code == 302
    row = Callback.objects.get()
    assert (row.tries, row.state) == (1, "open")
    assert row.again_at is not None
    other, reason = second(cast), "RT setempat membenarkan bahwa sudah diterima."
    assert decided(other, "allowed", reason).status_code == 400  # not late yet
    assert tell_of_overdue(cast.region, now=datetime.now(UTC)) == 0
    Callback.objects.update(due_at=datetime.now(UTC) - timedelta(hours=1))
    assert tell_of_overdue(cast.region, now=datetime.now(UTC)) == 1
    assert tell_of_overdue(cast.region, now=datetime.now(UTC)) == 0  # once
    late = client_of(cast.officer).get("/calls/?late=1").content.decode()
    assert order.code in late
    assert "pill bad" in late
    assert states(cast) == {"held"}
    assert decided(cast.operator, "allowed", reason).status_code == 400  # he has rung himself
    assert decided(other, "allowed", "ya").status_code == 400  # without a reason
    assert states(cast) == {"held"}
    assert decided(other, "allowed", reason).status_code == 302
    assert states(cast) == {"open"}
    assert story_of(order)["callback"]["decided_by"] == "kedua"
    assert faults_of(cast) == []


def test_nobody_decides_what_nobody_has_tried(cast: Cast) -> None:
    brought(cast)
    Callback.objects.update(due_at=datetime.now(UTC) - timedelta(hours=1))
    answer = decided(cast.officer, "allowed", "sudah pasti datang, saya yakin")
    assert answer.status_code == 400
    assert states(cast) == {"held"}


def test_after_calls_in_vain_a_second_person_may_say_that_it_never_came(cast: Cast) -> None:
    order = brought(cast)
    for _ in range(Callback.objects.get().tries_max):
        rung(cast.operator, "not_reached")
    assert decided(cast.officer, "never", NEVER).status_code == 302
    assert Complaint.objects.get().about == order.code
    assert states(cast) == {"held"}


def test_nobody_of_the_fleet_that_brought_it_rings_nor_sees_the_number(cast: Cast) -> None:
    order = brought(cast)
    own = second(cast, organisation=cast.fleet)
    assert order.code not in client_of(own).get("/calls/").content.decode()
    page = client_of(own).get(f"/complaints/calls/{Callback.objects.get().pk}").content.decode()
    assert "Slamet Riyadi" not in page
    assert "kantor lain" in page
    assert rung(own, "came").status_code == 400
    assert decided(own, "allowed", "kami sendiri yang mengantar").status_code == 400
    assert states(cast) == {"held"}
    for stranger in (cast.rider, cast.other_rider, cast.clerk, cast.treasurer):
        assert rung(stranger, "came").status_code == 403
    assert not Ring.objects.exists()
    rival = User.objects.get(pk=own.pk)
    rival.memberships.update(organisation=cast.other_fleet)
    assert rung(rival, "came").status_code == 302  # a rival has no reason to flatter


def test_who_has_no_telephone_is_proved_by_a_witness(cast: Cast) -> None:
    order = desk_of(cast, "dokumen").brought_to_the_door(phone="")
    refused = hand_over(cast, order)
    assert refused.status_code == 400
    assert "saksi" in refused.content.decode()
    assert not Callback.objects.exists()
    assert not Transfer.objects.filter(kind="settle").exists()
    told = {"level": "witness", "witness": "Pak Karto", "office": "Ketua RT 02", "reason": WHY}
    typed = at_the_door(order, **told)
    answer = client_of(cast.rider).post(f"/parcels/{order.code}/hand-over", typed)
    assert answer.status_code == 302
    assert states(cast) == {"open"}


def test_money_that_went_out_before_the_answer_is_found(cast: Cast) -> None:
    brought(cast)
    rung(cast.operator, "came")
    Callback.objects.update(carried_by=cast.operator)
    assert [each for each in faults_of(cast) if "himself" in each]
    Callback.objects.update(state="allowed", carried_by=cast.rider)
    assert [each for each in faults_of(cast) if "by nobody" in each]


def test_a_visit_is_paid_once_the_sick_person_says_that_the_nurse_was_there(cast: Cast) -> None:
    row = Programme.objects.get(region=cast.region, code="jemput-bola")
    row.terms = {**row.terms, "proof": ["note", "callback"], "callback_hours": 5}
    row.save()
    nurse = desk_at(cast, "jemput-bola")
    sick = somebody(cast, needs_home_care=True, local_list=True)
    (case,) = planned(cast, nurse, "jemput-bola", sick.pk)
    page = f"/cases/{case.code}/done"
    assert "ditelepon nanti" in client_of(nurse).get(page).content.decode()
    told = {"version": case.version, "level": "callback"}
    assert client_of(nurse).post(page, told).status_code == 302
    call = Callback.objects.get(about=case.code)
    assert call.due_at - call.opened_at == timedelta(hours=5)
    assert states(cast) == {"held"}
    assert case.code in client_of(cast.operator).get("/calls/").content.decode()
    seen = client_of(cast.auditor).get(f"/cases/{case.code}").content.decode()
    assert "Penerima perlu ditelepon" in seen
    assert rung(cast.operator, "came").status_code == 302
    assert states(cast) == {"open"}
    assert faults_of(cast) == []


def test_a_document_kept_without_network_is_to_be_rung_once_it_is_sent(cast: Cast) -> None:
    order = desk_of(cast, "dokumen").brought_to_the_door()
    event = kept("hand_over", order.code, 1, at_the_door(order, level="callback", reason=WHY))
    assert [told["state"] for told in sent(cast.rider, event)] == ["taken"]
    assert [told["state"] for told in sent(cast.rider, event)] == ["taken"]
    assert Callback.objects.get().about == order.code
    assert states(cast) == {"held"}


def test_a_long_list_is_paged_and_asks_as_much_as_a_short_one(cast: Cast) -> None:
    brought(cast)
    client, row = client_of(cast.operator), Callback.objects.get()
    client.get("/calls/")
    with CaptureQueriesContext(connection) as one:
        client.get("/calls/")
    for number in range(24):
        row.pk, row.about = None, f"X-{number}"
        row.save()
    with CaptureQueriesContext(connection) as many:
        page = client.get("/calls/").content.decode()
    # What a page tells of its next page is one question, however many follow.
    assert len(many) <= len(one) + 1
    assert page.count("/complaints/calls/") == 20
    assert "after=" in page


def test_an_empty_list_says_what_comes_next(cast: Cast) -> None:
    page = client_of(cast.operator).get("/calls/").content.decode()
    assert "segera setelah" in page


NOW = datetime(2027, 3, 9, 3, tzinfo=UTC)


@given(
    st.sampled_from(["open", "came", "never", "allowed"]),
    st.integers(0, 5),
    st.integers(-90, 90),
    st.frozensets(st.integers(1, 4)),
    st.integers(1, 4),
)
def test_without_an_answer_only_a_second_person_decides_and_never_before_it_is_late(
    state: str, tries: int, left_h: int, rang: frozenset[int], by: int
) -> None:
    due = NOW + timedelta(hours=left_h)
    told = Standing(state=state, tries=tries, tries_max=3, due_at=due, rang=rang)
    why = why_not_decide(told, by=by, reason="sudah dicek ke RT", now=NOW)
    may = state == "open" and (left_h < 0 or tries >= 3) and bool(rang) and by not in rang
    assert (why is None) == may
    if may:
        assert why_not_decide(told, by=by, reason=" ya ", now=NOW) is Why.SAY_WHY


@given(st.integers(1, 4), st.frozensets(st.integers(1, 4)), st.integers(1, 4), st.integers(1, 4))
def test_nobody_asks_about_his_own_work(
    user: int, offices: frozenset[int], carrier: int, office: int
) -> None:
    own = is_own_work(user, offices, carried_by=carrier, office=office)
    assert own == (user == carrier or office in offices)
