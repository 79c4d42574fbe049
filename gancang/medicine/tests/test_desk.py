"""At the pharmacist's desk: review, what becomes of each item, second look, counselling, bags."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from gancang.accounts.actions import Newcomer, add_person
from gancang.accounts.models import Role
from gancang.audit.queries import list_story
from gancang.medicine.desk import REVIEW_POINTS
from gancang.medicine.models import (
    Bag,
    ItemDecision,
    Owed,
    Preparation,
    Prescription,
    Release,
    Review,
)
from gancang.orders.models import Order
from gancang.outbox.models import Letter
from tests.cast import PASSWORD, at_work, client_of, place, release, typed_release

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

    from gancang.accounts.models import User
    from tests.cast import Cast

MIXED = "Amlodipine 5 mg | 30 tablet | 30\nDiazepam 2 mg | 10 tablet\nTramadol 50 mg | 10 tablet"


def review(cast: Cast, order: Order, *, by: User | None = None, **changed: Any) -> Response:
    """The pharmacist has gone through all of it."""
    typed: dict[str, Any] = {"points": list(REVIEW_POINTS), "then": "", **changed}
    url = f"/medicine/orders/{order.code}/review"
    return client_of(by or cast.pharmacist).post(url, typed)


def let_out(cast: Cast, order: Order, *, by: User | None = None, **changed: Any) -> Response:
    """The pharmacist presses the last button."""
    order.refresh_from_db()
    url = f"/medicine/orders/{order.code}/release"
    return client_of(by or cast.pharmacist).post(url, typed_release(order, **changed))


def set_desk(cast: Cast, **changed: object) -> None:
    """The region's rule of the second look, other than in the stories at large."""
    cast.region.config["desk"] |= changed
    cast.region.save()


def colleague(cast: Cast) -> User:
    """A second pharmacist of the same hospital."""
    told = Newcomer(
        username="ratna",
        full_name="Ratna",
        password=PASSWORD,
        role=Role.PHARMACIST,
        organisation=cast.hospital,
    )
    return add_person(told, region=cast.region, by="tests", now=datetime.now(UTC))


def test_nothing_leaves_before_the_prescription_was_reviewed(cast: Cast) -> None:
    order = place(cast)
    page = let_out(cast, order, points=[])
    assert page.status_code == 400
    assert "Telaah resepnya dulu" in page.content.decode()
    order.refresh_from_db()
    assert order.state == "placed"


@pytest.mark.parametrize("missing", sorted(REVIEW_POINTS))
def test_each_point_of_the_review_is_needed(cast: Cast, missing: str) -> None:
    page = review(cast, place(cast), points=sorted(set(REVIEW_POINTS) - {missing}))
    assert page.status_code == 400
    assert not Review.objects.exists()


def test_each_step_at_the_desk_has_its_time(cast: Cast) -> None:
    order = place(cast)
    assert review(cast, order, note="dr. Ayu: dosis benar").status_code == 302
    prepared = client_of(cast.pharmacist).post(
        f"/medicine/orders/{order.code}/prepare", {"compounded": "on"}
    )
    assert prepared.status_code == 302
    assert let_out(cast, order, points=[]).status_code == 302
    order.refresh_from_db()
    paper = Prescription.objects.get(order=order)
    assert paper.received_at <= paper.reviewed_at <= paper.ready_at <= order.released_at  # type: ignore[operator]
    assert paper.compounded
    assert Review.objects.get().note == "dr. Ayu: dosis benar"


def test_nothing_is_prepared_before_its_review(cast: Cast) -> None:
    order = place(cast)
    page = client_of(cast.pharmacist).post(f"/medicine/orders/{order.code}/prepare", {})
    assert page.status_code == 400
    assert not Preparation.objects.exists()


def test_what_may_not_travel_waits_for_a_decision_and_the_rest_may_go(cast: Cast) -> None:
    order = place(cast, items=MIXED)
    page = let_out(cast, order)
    assert page.status_code == 400
    assert "Obat 2" in page.content.decode()
    assert review(cast, order, decide_2="stays", decide_3="stays").status_code == 302
    assert let_out(cast, order, points=[]).status_code == 302
    assert set(ItemDecision.objects.values_list("item__line", "kind")) == {
        (2, "stays"),
        (3, "stays"),
    }


def test_nobody_lets_a_psychotropic_travel(cast: Cast) -> None:
    order = place(cast, items=MIXED)
    page = review(cast, order, decide_2="travels", reason_2="pasien jauh", decide_3="stays")
    assert page.status_code == 400
    assert "UU 5/1997" in page.content.decode()
    assert not ItemDecision.objects.exists()
    assert let_out(cast, order).status_code == 400


def test_the_pharmacist_overrules_the_other_classes_with_a_reason_only(cast: Cast) -> None:
    order = place(cast, items="Amlodipine 5 mg\nTramadol 50 mg")
    assert review(cast, order, decide_2="travels").status_code == 400
    assert not Review.objects.exists()
    said: dict[str, Any] = {"decide_2": "travels", "reason_2": "nyeri kronis, dr. Ayu setuju"}
    assert review(cast, order, **said).status_code == 302
    kept = ItemDecision.objects.get()
    assert (kept.kind, kept.reason, kept.by) == ("travels", said["reason_2"], cast.pharmacist)
    assert let_out(cast, order, points=[]).status_code == 302
    [event] = [e for e in list_story(cast.region.code, order.code) if e.kind == "order.reviewed"]
    assert event.facts == {"items": {"2": "travels"}}  # no medicine, no reason: many read the audit


def test_all_is_fetched_the_money_is_free_and_the_patient_hears(cast: Cast) -> None:
    order = place(cast, items=MIXED)
    url = f"/medicine/orders/{order.code}/fetch"
    assert client_of(cast.pharmacist).post(url, {"version": order.version}).status_code == 302
    order.refresh_from_db()
    assert order.state == "cancelled"
    letter = Letter.objects.get(kind="order.fetch")
    assert cast.hospital.name in letter.body
    assert "Diazepam" not in letter.body


def test_where_nothing_goes_the_release_says_that_all_is_to_be_fetched(cast: Cast) -> None:
    order = place(cast, items="Tramadol 50 mg")
    review(cast, order, decide_1="stays")
    page = let_out(cast, order, points=[])
    assert page.status_code == 400
    assert "diambil di loket" in page.content.decode()


def test_only_what_goes_makes_the_bag_cold(cast: Cast) -> None:
    order = place(cast, items="Amlodipine 5 mg\nInsulin aspart | 1 pen")
    assert order.cold_minutes
    review(cast, order, decide_2="missing", reason_2="stok kosong", owed_2="1 pen")
    let_out(cast, order, points=[])
    after = Order.objects.get(pk=order.pk)
    assert after.cold_minutes is None
    assert not after.needs


@pytest.mark.parametrize(
    "told",
    [
        {"decide_1": "partial", "reason_1": "stok"},
        {"decide_1": "partial", "given_1": "10", "owed_1": "20"},
        {"decide_1": "missing", "reason_1": "stok"},
        {"decide_1": "replaced", "reason_1": "stok"},
        {"decide_1": "stays"},
        {"decide_1": "eaten", "reason_1": "x"},
        {"decide_9": "stays"},
        {"decide_1": "replaced", "given_1": "Diazepam 2 mg", "reason_1": "stok"},
    ],
)
def test_a_decision_that_is_half_told_or_forbidden_is_refused_whole(
    cast: Cast, told: dict[str, Any]
) -> None:
    assert review(cast, place(cast), **told).status_code == 400
    assert not ItemDecision.objects.exists()
    assert not Review.objects.exists()
    assert not Owed.objects.exists()


def test_one_alone_looks_a_second_time_after_a_pause_and_it_is_recorded_as_such(
    cast: Cast,
) -> None:
    set_desk(cast, pause_seconds=60)
    order = place(cast)
    review(cast, order, then="prepare")
    page = let_out(cast, order, points=[])
    assert page.status_code == 400
    assert "detik" in page.content.decode()
    Preparation.objects.update(at=datetime.now(UTC) - timedelta(seconds=90))
    assert let_out(cast, order, points=[]).status_code == 302
    kept = Release.objects.get()
    assert kept.second_look == "same_person"
    assert 90 <= kept.look_after_s < 100


def test_where_two_are_at_work_the_final_check_is_the_other_ones(cast: Cast) -> None:
    set_desk(cast, second_person=True, pause_seconds=60)
    second = colleague(cast)
    order = place(cast)
    review(cast, place(cast, number="R-2"), by=second)  # so she is at work
    review(cast, order, then="prepare")
    Preparation.objects.update(at=datetime.now(UTC) - timedelta(minutes=10))
    page = let_out(cast, order, points=[])
    assert page.status_code == 400
    assert "rekan" in page.content.decode()
    assert let_out(cast, order, by=second, points=[]).status_code == 302
    kept = Release.objects.get()
    assert (kept.second_look, kept.pharmacist) == ("other_person", second)


def test_counselling_says_who_told_whom_when_and_how(cast: Cast) -> None:
    order = place(cast)
    typed: dict[str, Any] = {
        "channel": "phone",
        "told_to": "family",
        "told_name": "Budi",
        "told_at": "00:01",
    }
    assert let_out(cast, order, **typed).status_code == 302
    kept = Release.objects.get()
    assert (kept.told_name, kept.told_by, kept.channel) == ("Budi", cast.pharmacist, "phone")
    assert kept.told_at
    assert kept.told_at <= kept.at


def test_dispatch_without_counselling_is_refused(cast: Cast) -> None:
    at_work(cast, cast.rider)
    order = place(cast)
    assert let_out(cast, order, topics=[]).status_code == 400
    typed = {"version": order.version, "rider": cast.rider.pk, "reason": "mendesak"}
    url = f"/dispatch/orders/{order.code}/assign"
    assert client_of(cast.operator).post(url, typed).status_code == 400
    order.refresh_from_db()
    assert (order.state, order.carrier) == ("placed", None)


def test_several_bags_have_codes_and_seals_of_their_own_and_one_is_cold(cast: Cast) -> None:
    order = place(cast, items="Amlodipine 5 mg\nInsulin aspart | 1 pen")
    assert let_out(cast, order, bags=2).status_code == 400  # which of them is cold?
    assert let_out(cast, order, bags=2, cold="3").status_code == 400
    assert let_out(cast, order, bags=2, seals="s1 s2 s3", cold="2").status_code == 400
    assert let_out(cast, order, bags=2, seals="s1 s2", cold="2").status_code == 302
    kept = list(Bag.objects.order_by("place").values_list("code", "seal", "cold_minutes"))
    assert kept == [(f"{order.code}-1", "S1", None), (f"{order.code}-2", "S2", 120)]


def test_a_single_bag_with_cold_medicine_is_the_cold_one(cast: Cast) -> None:
    order = release(cast, place(cast, items="Insulin aspart | 1 pen"))
    assert Bag.objects.get(order=order).cold_minutes == order.cold_minutes == 120


def test_only_the_hospitals_own_pharmacist_reviews(cast: Cast) -> None:
    order = place(cast)
    answers = [
        review(cast, order, by=user).status_code
        for user in (cast.clerk, cast.other_pharmacist, cast.operator, cast.rider, cast.admin)
    ]
    assert answers == [403, 404, 403, 403, 403]
    assert not Review.objects.exists()


def test_what_was_released_is_not_decided_any_more(cast: Cast) -> None:
    order = release(cast, place(cast))
    assert review(cast, order, decide_1="stays", reason_1="salah").status_code == 400
    assert not ItemDecision.objects.exists()


def test_a_prescription_of_before_that_has_only_text_is_decided_all_the_same(cast: Cast) -> None:
    order = place(cast, items="Amlodipine 5 mg\nTramadol 50 mg")
    Prescription.objects.get(order=order).lines.all().delete()
    assert review(cast, order, decide_2="stays").status_code == 302
    assert let_out(cast, order, points=[]).status_code == 302


def test_the_clerk_sees_what_was_decided_and_decides_nothing(cast: Cast) -> None:
    order = place(cast, items=MIXED)
    page = client_of(cast.clerk).get(f"/medicine/orders/{order.code}").content.decode()
    assert "Diazepam" in page
    assert "decide_1" not in page
    for user in (cast.operator, cast.admin):
        shown = client_of(user).get(f"/medicine/orders/{order.code}").content.decode()
        assert "Diazepam" not in shown
        assert "psikotropika" not in shown
