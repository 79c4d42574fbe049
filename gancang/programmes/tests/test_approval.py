"""A draft becomes a version when it has no hole, was tried, and two others said yes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from gancang.accounts.models import User
from gancang.audit.models import Event
from gancang.ledger.models import Budget
from gancang.medicine.actions import PROGRAMME
from gancang.orders.models import Order
from gancang.programmes import approving
from gancang.programmes.models import Draft, Programme
from gancang.programmes.queries import get_programme
from gancang.programmes.rules import Why
from gancang.programmes.tests.trying import NO_CARD, changed_draft, tried
from gancang.regions.queries import today_in
from gancang.values import Refused
from tests.cast import client_of, place, typed_prescription

if TYPE_CHECKING:
    from tests.cast import Cast


def does(user: User, draft: Draft, deed: str, **more: object) -> str:
    """Somebody presses a button of a draft; what he reads then."""
    draft.refresh_from_db()
    url = f"/programmes/drafts/{draft.pk}/{deed}"
    answer = client_of(user).post(url, {"seen": draft.saves, **more}, follow=True)
    draft.refresh_from_db()
    return answer.content.decode()


def submitted(cast: Cast, **told: object) -> Draft:
    """A draft that was tried and submitted."""
    draft = changed_draft(cast, **told)
    tried(cast.officer, draft)
    does(cast.officer, draft, "submit")
    assert draft.state == "submitted"
    return draft


def test_two_others_make_it_a_version_and_each_order_keeps_its_own(cast: Cast) -> None:
    before = place(cast)
    draft = submitted(cast)
    assert "Kini" not in does(cast.treasurer, draft, "approve")
    assert draft.state == "submitted"
    assert "Perlu orang lain" in does(cast.treasurer, draft, "approve")
    does(cast.admin, draft, "approve")
    newest = get_programme(cast.region, PROGRAMME)
    assert (draft.state, draft.became) == ("approved", newest)
    assert newest.told == draft.told
    assert newest.terms["clauses"][0]["when"] == NO_CARD
    before.refresh_from_db()
    assert before.programme.version == newest.version - 1
    kinds = Event.objects.filter(subject=f"draft-{draft.pk}").order_by("pk")
    assert list(kinds.values_list("kind", flat=True)) == [
        "programme.begun",
        "programme.trial_asked",
        "programme.tried",
        "programme.submitted",
        "programme.approved",
        "programme.approved",
    ]
    typed = typed_prescription(cast, number="R-2", nik="", pbi="ya")
    client_of(cast.clerk).post("/medicine/new", typed)
    free = Order.objects.filter(prescription__number="R-2", programme__code=PROGRAMME)
    assert not free.exists(), "the card lets nobody in any more"


def test_who_wrote_it_does_not_approve_it_and_who_changes_it_asks_anew(cast: Cast) -> None:
    draft = submitted(cast)
    told: dict[str, Any] = {"seen": draft.saves, "on": today_in(cast.region, datetime.now(UTC))}
    with pytest.raises(Refused) as refused:
        approving.approve(draft, by=cast.officer, now=datetime.now(UTC), **told)
    assert refused.value.reason is Why.OWN_DRAFT
    does(cast.treasurer, draft, "approve")
    assert "Sebutkan alasannya" in does(cast.admin, draft, "send-back", note=" ")
    assert "terlalu mahal" in does(cast.admin, draft, "send-back", note="terlalu mahal")
    assert draft.state == "draft"
    url = f"/programmes/drafts/{draft.pk}/pages/proof"
    typed = {"seen": draft.saves, "attempts_max": 5, **of_page(cast, draft, "proof")}
    client_of(cast.officer).post(url, {**typed, "attempts_max": 5})
    tried(cast.officer, draft)
    does(cast.officer, draft, "submit")
    assert approving.approvals_of(draft) == 0


def of_page(cast: Cast, draft: Draft, step: str) -> dict[str, Any]:
    """What a page of a draft shows in its fields."""
    form = (
        client_of(cast.officer).get(f"/programmes/drafts/{draft.pk}/pages/{step}").context["form"]
    )
    told = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in told.items() if value is not None and value is not False}


def test_a_draft_with_holes_is_refused_and_all_of_them_are_told(cast: Cast) -> None:
    draft = changed_draft(cast, tariff="no-such", funder=[], agreement=[])
    page = does(cast.officer, draft, "submit")
    assert draft.state == "draft"
    assert "Rancangan punya 3 lubang" in page
    for sentence in (
        "tidak punya tarif no-such",
        "Tidak ada yang membayar",
        "Belum ada perjanjian",
    ):
        assert sentence in page
    assert f"/programmes/drafts/{draft.pk}/pages/pays#id_tariff" in page


def test_it_is_tried_before_it_is_submitted(cast: Cast) -> None:
    draft = changed_draft(cast)
    assert "Coba dulu rancangan" in does(cast.officer, draft, "submit")
    assert draft.state == "draft"


def test_a_hole_that_came_after_the_submission_stops_the_approval(cast: Cast) -> None:
    draft = submitted(cast)
    fund = draft.told["funder"][0]["fund"]
    Budget.objects.filter(fund__code=fund, programme=PROGRAMME).update(programme="elsewhere")
    page = does(cast.treasurer, draft, "approve")
    assert "tidak punya anggaran untuk program ini" in page
    assert not Programme.objects.filter(code=PROGRAMME, version=draft.told["version"]).exists()


def test_those_who_approve_see_what_changes_and_that_it_waits(cast: Cast) -> None:
    draft = submitted(cast)
    client = client_of(cast.treasurer)
    page = client.get(f"/programmes/drafts/{draft.pk}/").content.decode()
    assert NO_CARD in page
    assert "Yang berubah dari versi yang berlaku" in page
    assert 'action="/programmes/drafts/' in page
    waits = client.get("/programmes/").content.decode().partition("</header>")[0]
    assert ">1<" in waits
    does(cast.treasurer, draft, "approve")
    assert ">1<" not in client.get("/programmes/").content.decode().partition("</header>")[0]


def test_a_frozen_programme_takes_nobody_and_says_until_when(cast: Cast) -> None:
    today = today_in(cast.region, datetime.now(UTC))
    client = client_of(cast.officer)
    url = f"/programmes/{PROGRAMME}/halt"
    bad = client.post(url, {"since": today, "until": today - timedelta(days=1), "reason": "x"})
    assert bad.status_code == 400
    told = {"since": today, "until": today + timedelta(days=30), "reason": "siklus berjalan"}
    assert client.post(url, told).status_code == 302
    answer = client_of(cast.clerk).post("/medicine/new", typed_prescription(cast))
    assert not Order.objects.filter(programme__code=PROGRAMME).exists()
    page = client.get(f"/programmes/{PROGRAMME}/").content.decode()
    assert "siklus berjalan" in page
    assert answer.status_code != 500
