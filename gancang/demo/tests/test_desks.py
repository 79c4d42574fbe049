"""Whoever opens the demonstration finds something living at every desk."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from gancang.accounts.queries import list_demo_people
from gancang.complaints.models import Complaint
from gancang.demo import play, warungs
from gancang.enrolment.models import Enrolment
from gancang.food.models import FoodOrder
from gancang.fulfilment.models import BankList, Case
from gancang.ledger.models import Period
from gancang.orders.models import Order
from gancang.overview.verify import verify
from gancang.servings.models import Serving
from gancang.shops.joining import JOINED
from gancang.shops.models import Shop
from gancang.vouchers.models import Redemption

if TYPE_CHECKING:
    import pytest

    from tests.cast import Cast


def own_kitchen() -> str:
    """Where Sri of the demonstration cooks."""
    member = next(each for each in list_demo_people() if each.user.username == "sri")
    assert member.organisation is not None
    return member.organisation.code


def test_no_desk_of_the_demonstration_stays_empty(
    cast: Cast, caplog: pytest.LogCaptureFixture, settings: Any
) -> None:
    settings.DEMO = True
    with caplog.at_level(logging.WARNING, logger="gancang.demo.play"):
        play.set_up(cast.region, 0)
    assert caplog.messages == []
    assert {row.state for row in Complaint.objects.all()} == {"open", "decided", "appealed"}
    papers = Order.objects.filter(programme__code="dokumen")
    assert {"placed", "released", "delivered"} <= {row.state for row in papers}
    assert {row.programme.code for row in Case.objects.filter(state="done")} >= {"wenak"}
    assert BankList.objects.count() == 2
    assert Redemption.objects.count() == 2
    assert Period.objects.get().state == "asked"
    assert Enrolment.objects.filter(state="enrolled").exists()
    assert Serving.objects.exists()
    assert Shop.objects.filter(state="approved", organisation__source=JOINED).count() == 30
    evening = {row.state for row in FoodOrder.objects.all()}
    assert evening == {"unconfirmed", "asked", "cooking", "ready", "refused", "cancelled"}
    brought = FoodOrder.objects.filter(delivery__state="delivered")
    assert brought.filter(seller__code=own_kitchen()).count() == 2
    said = verify([cast.region]).problems
    assert not [each for each in said if not each.startswith("chain")]


def test_an_evening_goes_on_by_itself(cast: Cast, settings: Any) -> None:
    settings.DEMO = True
    stage, _riders = play.set_up(cast.region, 0)
    assert stage.town is not None
    before, now = FoodOrder.objects.count(), timezone.now()
    for step in range(60):
        warungs.go_on(stage.town, now=now + timedelta(seconds=2 * step))
    assert FoodOrder.objects.count() > before
    played = FoodOrder.objects.filter(seller__code=own_kitchen(), state="asked")
    assert played.count() == 1, "whoever plays the stall answers by himself"
    assert not FoodOrder.objects.filter(state="cooking", placed_at__lt=now).exists()
