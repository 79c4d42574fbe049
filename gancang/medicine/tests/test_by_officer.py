"""Whom the rules shut out wrongly gets his medicine free the same day: a named officer says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from gancang.audit.queries import list_story
from gancang.enrolment.deciding import lapse
from gancang.enrolment.models import Enrolment
from gancang.medicine.tests.test_tiers import tiers
from gancang.orders.models import Order
from gancang.regions.queries import today_in
from gancang.residents.models import Resident
from gancang.residents.rules import local_id
from tests.cast import client_of, typed_prescription

if TYPE_CHECKING:
    from django.test import Client

    from tests.cast import Cast

pytestmark = pytest.mark.django_db


def is_offered_a_price(cast: Cast, number: str, **changed: str) -> bool:
    """Whether the counter tells Sari, whom no rule makes free, what she has to pay."""
    typed = typed_prescription(cast, **{"pbi": "tidak", "number": number, **changed})
    answer = client_of(cast.clerk).post("/medicine/new", typed)
    return answer.status_code == 200 and bool(answer.context["offer"])


def known(cast: Cast) -> Resident:
    """Sari, since an earlier prescription that she paid."""
    none = {"pbi": "tidak", "village_letter": "tidak", "desil": "8", "local_list": "tidak"}
    typed = typed_prescription(cast, **none, accepts_rp="900000", number="R-0")
    assert client_of(cast.clerk).post("/medicine/new", typed).status_code == 302
    return Order.objects.get().resident


def applied(desk: Client, cast: Cast, person: Resident) -> Enrolment:
    """What the rules shut her out of, written down at a desk."""
    typed = {"person": local_id(person.pk), "programme": tiers(cast)[1].code, "note": "Tak mampu."}
    answer = desk.post("/enrolment/apply", typed)
    assert answer.status_code == 302, answer.content.decode()
    return Enrolment.objects.get()


def decided(cast: Cast, row: Enrolment, days: int) -> None:
    """The officer lets her in for some days."""
    until = today_in(cast.region, datetime.now(UTC)) + timedelta(days=days)
    typed = {"answer": "override", "note": "Dilihat sendiri", "until": f"{until:%d-%m-%Y}"}
    assert client_of(cast.officer).post(f"/enrolment/{row.code}/decide", typed).status_code == 302


def test_an_appeal_that_is_granted_makes_the_medicine_free_until_its_last_day(cast: Cast) -> None:
    desk = client_of(cast.village_clerk)
    row = applied(desk, cast, known(cast))
    assert row.state == "refused"
    assert is_offered_a_price(cast, "R-1")
    desk.post(f"/enrolment/{row.code}/appeal", {"note": "Datanya tertukar."})
    assert is_offered_a_price(cast, "R-1")  # nobody has decided yet
    decided(cast, row, 30)
    assert not is_offered_a_price(cast, "R-1")
    order = Order.objects.latest("pk")
    assert (order.programme.code, order.eligibility_clause) == (tiers(cast)[1].code, "override")
    assert order.patient_pays_rp == 0
    events = {each.kind: each.facts for each in list_story(cast.region.code, order.code)}
    assert events["order.tier_decided"]["decision"] == row.code
    story = client_of(cast.auditor).get(f"/overview/orders/{order.code}").content.decode()
    assert "petugas bernama" in story
    Enrolment.objects.update(ends_on=today_in(cast.region, datetime.now(UTC)) - timedelta(days=1))
    assert is_offered_a_price(cast, "R-2")
    lapse(cast.region, now=datetime.now(UTC))
    row.refresh_from_db()
    assert (row.state, row.why) == ("ended", "override_over")


def test_who_shows_no_nik_is_known_by_name_birth_date_and_village(cast: Cast) -> None:
    desk = client_of(cast.village_clerk)
    row = applied(desk, cast, known(cast))
    desk.post(f"/enrolment/{row.code}/appeal", {"note": "Datanya tertukar."})
    decided(cast, row, 30)
    assert is_offered_a_price(cast, "R-1", nik="", birth_date="10-03-1951")
    assert is_offered_a_price(cast, "R-1", nik="", full_name="Orang Lain")
    assert not is_offered_a_price(cast, "R-1", nik="")
    assert Order.objects.latest("pk").eligibility_clause == "override"


def test_whom_the_rules_let_in_already_needs_no_decision(cast: Cast) -> None:
    assert client_of(cast.clerk).post("/medicine/new", typed_prescription(cast)).status_code == 302
    person = Order.objects.get().resident
    typed = {"person": local_id(person.pk), "programme": tiers(cast)[1].code}
    answer = client_of(cast.village_clerk).post("/enrolment/apply", typed)
    assert answer.status_code == 400
    assert "sudah menerima orang ini" in answer.content.decode()
    assert not Enrolment.objects.exists()


def test_a_decision_for_one_tier_opens_no_other_and_helps_nobody_else(cast: Cast) -> None:
    person = known(cast)
    decided(cast, applied(client_of(cast.officer), cast, person), 30)
    typed = typed_prescription(cast, pbi="tidak", nik="", full_name="Orang lain", number="R-9")
    answer = client_of(cast.clerk).post("/medicine/new", typed)
    assert answer.context["offer"]
