"""Who takes the consent for programmes back is out of them long before 72 hours have passed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from gancang.enrolment.actions import Deed, apply_all
from gancang.enrolment.deciding import lapse
from gancang.enrolment.models import Enrolment
from gancang.enrolment.queries import served_on
from gancang.enrolment.rules import Why
from gancang.enrolment.tests.fixtures import MEALS, meals, now, somebody, today
from gancang.residents import registry
from gancang.residents.merging import merge
from gancang.residents.models import Consent
from gancang.values import Refused
from tests.cast import client_of

if TYPE_CHECKING:
    from tests.cast import Cast


def test_consent_taken_back_stops_the_programme_within_72_hours(cast: Cast) -> None:
    meals(cast, documents=[])
    sari = somebody(cast, "Sari", lives_alone=True, desil=1)
    deed = Deed(by=cast.officer.username, now=now())
    apply_all([sari.pk], MEALS, cast.region, deed)
    assert served_on(cast.region, MEALS, today()).exists()
    desk = client_of(cast.clerk)
    told = {"purpose": "programmes", "how": "desk", "do": "withdraw"}
    assert desk.post(f"/residents/{sari.pk}/consent", told).status_code == 302
    page = desk.get(f"/residents/{sari.pk}").content.decode()
    row = Consent.objects.get()
    assert "dicabut" in page
    assert row.stop_by is not None
    assert row.withdrawn_at is not None
    assert row.stop_by - row.withdrawn_at == timedelta(hours=72)
    assert lapse(cast.region, now=row.stop_by - timedelta(hours=1)) == 1
    assert not served_on(cast.region, MEALS, today()).exists()
    assert Enrolment.objects.get().why == "no_consent"
    answer = apply_all([sari.pk], MEALS, cast.region, deed)[0]
    assert isinstance(answer, Refused)
    assert answer.reason is Why.NO_CONSENT
    desk.post(f"/residents/{sari.pk}/consent", {**told, "do": "give"})
    assert isinstance(apply_all([sari.pk], MEALS, cast.region, deed)[0], Enrolment)


def test_who_was_entered_twice_keeps_his_enrolment(cast: Cast) -> None:
    meals(cast, documents=[])
    sari = somebody(cast, "Sari", lives_alone=True, desil=1)
    deed = Deed(by=cast.officer.username, now=now())
    row = apply_all([sari.pk], MEALS, cast.region, deed)[0]
    assert isinstance(row, Enrolment)
    twice = somebody(cast, "Sari Wati")
    merge(cast.region, twice.pk, sari.pk, registry.Deed(by="wati", now=now(), reason="same_card"))
    page = client_of(cast.officer).post(f"/enrolment/{row.code}/look", follow=True)
    assert "Sari Wati" in page.content.decode()
    row.refresh_from_db()
    assert row.state == "enrolled"
    assert served_on(cast.region, MEALS, today()).exists()
