"""Somebody has died who stands in the registry twice: nobody gets a letter for the dead."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from gancang.audit.models import Event
from gancang.dispatch.models import Offer, Waiting
from gancang.dispatch.ticking import tick
from gancang.outbox.actions import send_waiting
from gancang.outbox.models import Letter
from gancang.residents.models import LookAlike, Merge
from gancang.residents.queries import is_deceased
from tests.cast import at_work, client_of, failed, place, release

if TYPE_CHECKING:
    from pathlib import Path

    from gancang.orders.models import Order
    from tests.cast import Cast

JUDGE = "/dispatch/same-person"


@pytest.fixture
def twin(cast: Cast) -> Order:
    """Sari once more, typed in a hurry without her NIK; her second order may set out."""
    return release(cast, place(cast, number="R-2", nik="", full_name="Bu Sari"))


@pytest.fixture
def dead(cast: Cast, twin: Order) -> Order:
    """At the door of her first order the family tells Toni that she has died."""
    assert twin.frozen_at is None
    return failed(cast, reason="deceased")


def dies(cast: Cast, number: int) -> None:
    """Wati notes what the family told her."""
    died = datetime.now(UTC).date() - timedelta(days=1)
    typed = {"on": died.strftime("%d-%m-%Y"), "source": "family"}
    answer = client_of(cast.clerk).post(f"/dispatch/people/{number}/deceased", typed)
    assert answer.status_code == 302


def stopped(order: Order) -> bool:
    """Whether the order was stopped."""
    order.refresh_from_db()
    return order.frozen_at is not None


def judge(cast: Cast, judged: str, *, sent: int = 302) -> str:
    """Rini says of the one pair that waits what she was told."""
    row = LookAlike.objects.latest("pk")
    answer = client_of(cast.pharmacist).post(f"{JUDGE}/{row.pk}", {"judged": judged})
    assert answer.status_code == sent
    return answer.content.decode()


def letters_leave(settings: Any, folder: Path) -> int:
    """How many letters leave within the next minutes."""
    settings.LETTERS_DIR = folder
    return send_waiting(now=datetime.now(UTC) + timedelta(minutes=1))


def states_of(order: Order) -> set[str]:
    """What became of the letters about an order."""
    return set(Letter.objects.filter(subject=order.code).values_list("state", flat=True))


def test_who_looks_like_the_dead_waits_until_somebody_has_judged_it(
    cast: Cast, twin: Order, dead: Order, settings: Any, tmp_path: Path
) -> None:
    assert is_deceased(dead.resident_id)
    at_work(cast, cast.second_rider)
    tick(cast.region, now=datetime.now(UTC), seed=1)
    assert not Offer.objects.filter(order=twin, answer="open").exists()
    assert Waiting.objects.get(order=twin).reason == "doubted"
    assert letters_leave(settings, tmp_path) == 0
    assert states_of(twin) == {"waiting"}
    page = client_of(cast.clerk).get(JUDGE).content.decode()
    assert "Bu Sari" in page
    assert "tanggal lahir" in page, "by which sign"
    person = client_of(cast.clerk).get(f"/residents/{twin.resident_id}").content.decode()
    assert JUDGE in person


def test_no_hand_sends_a_rider_to_who_may_have_died(cast: Cast, twin: Order, dead: Order) -> None:
    assert dead.frozen_at
    at_work(cast, cast.second_rider)
    typed = {"version": twin.version, "rider": cast.second_rider.pk, "reason": "dekat"}
    answer = client_of(cast.operator).post(f"/dispatch/orders/{twin.code}/assign", typed)
    assert answer.status_code == 400
    twin.refresh_from_db()
    assert twin.state == "released"


def test_a_rider_who_was_about_to_fetch_for_the_look_alike_is_free_again(cast: Cast) -> None:
    number = place(cast).resident_id
    twin = release(cast, place(cast, number="R-2", nik="", full_name="Bu Sari"))
    at_work(cast, cast.rider)
    tick(cast.region, now=datetime.now(UTC), seed=1)
    offer = Offer.objects.get(order=twin, answer="open")
    client_of(cast.rider).post(f"/dispatch/rider/offers/{offer.pk}", {"answer": "yes"})
    dies(cast, number)
    twin.refresh_from_db()
    assert (twin.state, twin.carrier) == ("released", None)


def test_the_same_person_and_all_stops_for_this_entry_too(
    cast: Cast, twin: Order, dead: Order, settings: Any, tmp_path: Path
) -> None:
    judge(cast, "same")
    twin.refresh_from_db()
    assert twin.frozen_at
    assert is_deceased(twin.resident_id)
    assert letters_leave(settings, tmp_path) == 0
    assert states_of(twin) == {"dropped"}
    assert "sudah" in judge(cast, "other", sent=400), "judged once"
    told = Event.objects.get(kind="resident.likeness_judged")
    assert told.subject == f"resident:{twin.resident_id}"
    assert dead.resident_id != twin.resident_id


def test_another_person_and_all_goes_on(
    cast: Cast, twin: Order, dead: Order, settings: Any, tmp_path: Path
) -> None:
    assert dead.frozen_at
    assert letters_leave(settings, tmp_path) == 0
    judge(cast, "other")
    twin.refresh_from_db()
    assert twin.frozen_at is None
    at_work(cast, cast.second_rider)
    tick(cast.region, now=datetime.now(UTC), seed=1)
    assert Offer.objects.filter(order=twin, answer="open").exists()
    settings.LETTERS_DIR = tmp_path
    assert send_waiting(now=datetime.now(UTC) + timedelta(minutes=20)) > 0
    assert "sent" in states_of(twin)
    assert client_of(cast.clerk).get(JUDGE).context["pairs"] == []


def test_a_namesake_in_the_village_is_shown_and_does_not_wait(cast: Cast) -> None:
    number = place(cast).resident_id
    typed = {
        "nik": "",
        "full_name": "Sari Dewi",
        "birth_date": "09-03-1961",
        "phone": "0813 9999 8888",
    }
    namesake = release(cast, place(cast, number="R-2", **typed))
    dies(cast, number)
    assert LookAlike.objects.get().sign == "village"
    at_work(cast, cast.rider)
    tick(cast.region, now=datetime.now(UTC), seed=1)
    assert Offer.objects.filter(order=namesake, answer="open").exists()


def test_a_death_that_the_desk_notes_stops_all_orders_and_rings_nobody(cast: Cast) -> None:
    order = release(cast, place(cast))
    unsure = place(cast, number="R-2", confirmed="")
    dies(cast, order.resident_id)
    for each in (order, unsure):
        each.refresh_from_db()
        assert each.frozen_at
    page = client_of(cast.clerk).get("/contact/confirmations").content.decode()
    assert unsure.code not in page


def test_a_death_told_in_error_is_taken_back_whole(
    cast: Cast, twin: Order, dead: Order, settings: Any, tmp_path: Path
) -> None:
    judge(cast, "same")
    client_of(cast.clerk).post(f"/dispatch/people/{dead.resident_id}/alive")
    for order in (twin, dead):
        order.refresh_from_db()
        assert order.frozen_at is None
        assert not is_deceased(order.resident_id)
    assert letters_leave(settings, tmp_path) > 0
    # And told once more, it is asked once more.
    dies(cast, dead.resident_id)
    assert client_of(cast.clerk).get(JUDGE).context["pairs"] != []


@pytest.mark.parametrize("the_dead_stays", [True, False])
def test_entries_of_which_one_is_dead_are_made_one_and_parted_again(
    cast: Cast, twin: Order, dead: Order, *, the_dead_stays: bool
) -> None:
    kept, gone = dead.resident_id, twin.resident_id
    if not the_dead_stays:
        kept, gone = gone, kept
    clerk = client_of(cast.clerk)
    answer = clerk.post(f"/dispatch/people/{kept}/merge/{gone}", {"reason": "village_knows"})
    assert answer.status_code == 302
    assert stopped(twin)
    assert is_deceased(kept)
    assert is_deceased(gone)
    assert clerk.get(JUDGE).context["pairs"] == [], "with that it is judged"
    clerk.post(f"/dispatch/people/{kept}/merges/{Merge.objects.get().pk}/undo")
    assert not stopped(twin)
    assert not is_deceased(twin.resident_id)
    assert stopped(dead)
    assert is_deceased(dead.resident_id)
