"""Some receivers are asked again, drawn by the day's seal; what differs becomes a complaint."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from gancang.audit.actions import seal
from gancang.audit.models import Event
from gancang.incidents.models import Incident
from gancang.inspection.models import Recheck
from gancang.inspection.rechecking import draw_rechecks
from gancang.inspection.rules import is_drawn
from gancang.regions.queries import today_in
from gancang.residents.models import Reading
from tests.cast import client_of, delivered

if TYPE_CHECKING:
    from gancang.orders.models import Order
    from tests.cast import Cast


def drawn(cast: Cast, *, percent: int = 100) -> tuple[Order, int]:
    """A hand-over of today, and how many of today's are drawn."""
    order = delivered(cast)
    rules = {"percent": percent, "tries": 2, "rule": "Inspektorat"}
    cast.region.config = {**cast.region.config, "recheck": rules}
    cast.region.save(update_fields=["config"])
    today = today_in(cast.region, datetime.now(UTC))
    seal(cast.region.code, day=today, now=datetime.now(UTC))
    return order, draw_rechecks(cast.region, day=today)


def test_the_seal_decides_and_about_so_many_of_a_hundred_are_drawn() -> None:
    codes = [f"A-{number}" for number in range(5000)]
    of_one_day = {code for code in codes if is_drawn(code, seed="x", percent=5)}
    assert 200 < len(of_one_day) < 300
    assert of_one_day != {code for code in codes if is_drawn(code, seed="y", percent=5)}
    assert all(is_drawn(code, seed="x", percent=100) for code in codes[:50])


@pytest.mark.django_db(transaction=True)
def test_who_says_that_nothing_came_opens_a_complaint(cast: Cast) -> None:
    order, many = drawn(cast)
    assert many == 1
    assert draw_rechecks(cast.region, day=today_in(cast.region, datetime.now(UTC))) == 1, (
        "twice is once"
    )
    assert Recheck.objects.count() == 1
    officer = client_of(cast.officer)
    assert "Sari" in officer.get("/inspection/rechecks").content.decode()
    assert Reading.objects.filter(purpose="recheck", by=cast.officer.username).exists()
    page = f"/inspection/rechecks/{order.code}"
    officer.post(f"{page}/not-reached")
    officer.post(f"{page}/not-reached")
    assert "2 " in officer.get(page).content.decode()
    silent = officer.post(page, {"outcome": "not_received", "how": "visit", "note": " "})
    assert silent.status_code == 400, "somebody has to say what differs"
    told = {"outcome": "not_received", "how": "visit", "note": "tidak ada yang datang"}
    assert officer.post(page, told).status_code == 302
    assert officer.post(page, told).status_code == 400, "he is asked once"
    complaint = Incident.objects.get()
    assert (complaint.kind, complaint.order) == ("complaint", order)
    event = Event.objects.get(kind="order.rechecked")
    assert "tidak ada" not in event.payload, "the chain keeps that, not what was said"
    assert "Sari" not in officer.get("/inspection/rechecks").content.decode()
    desk = client_of(cast.auditor).get("/inspection/").content.decode()
    assert "asked again" in desk or "ditanya ulang" in desk


@pytest.mark.django_db(transaction=True)
def test_a_day_without_a_seal_or_a_region_without_the_rule_draws_nobody(cast: Cast) -> None:
    _order, many = drawn(cast, percent=0)
    assert many == 0
    cast.region.config["recheck"] = {"percent": 100}
    assert draw_rechecks(cast.region, day=date(2020, 1, 1)) == 0
