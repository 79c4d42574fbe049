"""The rider's page comes through a thin wire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.browser import stage

if TYPE_CHECKING:
    from tests.browser.conftest import Visit

BYTES_MAX = 24 * 1024


def test_a_riders_first_visit_weighs_24_kilobytes_at_most(visit: Visit) -> None:
    stage.begin_shift(visit("toni", width=360))
    phone = visit("toni", width=360)  # a new browser with nothing kept but the log-in
    weights: list[float] = []

    def arrived(told: dict[str, Any]) -> None:
        weights.append(told["encodedDataLength"])

    wire = phone.context.new_cdp_session(phone)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", arrived)
    phone.goto("/dispatch/rider", wait_until="networkidle")
    assert len(weights) >= 4, "the page, its colours, its looks and its script"
    assert sum(weights) <= BYTES_MAX, weights
