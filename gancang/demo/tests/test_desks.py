"""Whoever opens the demonstration finds something living at every desk."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from gancang.complaints.models import Complaint
from gancang.demo import play
from gancang.enrolment.models import Enrolment
from gancang.fulfilment.models import BankList, Case
from gancang.ledger.models import Period
from gancang.orders.models import Order
from gancang.overview.verify import verify
from gancang.servings.models import Serving
from gancang.vouchers.models import Redemption

if TYPE_CHECKING:
    import pytest

    from tests.cast import Cast


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
    said = verify([cast.region]).problems
    assert not [each for each in said if not each.startswith("chain")]
