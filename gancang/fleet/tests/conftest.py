"""Riders of the cast, on their fleets' lists."""

from datetime import UTC, datetime

import pytest

from gancang.fleet.actions import enlist
from gancang.fleet.models import Rider
from tests.cast import Cast

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # a morning in Indonesia


@pytest.fixture
def toni(cast: Cast) -> Rider:
    """Toni of the fleet, not trained and not on shift yet."""
    return enlist(
        cast.rider,
        organisation=cast.fleet,
        vehicle="Honda Beat",
        plate="P 1234 VX",
        phone="+6281234567890",
        by="tests",
        now=NOW,
    )


@pytest.fixture
def joko(cast: Cast) -> Rider:
    """Joko of the other fleet."""
    return enlist(
        cast.other_rider,
        organisation=cast.other_fleet,
        vehicle="Yamaha Mio",
        plate="P 9876 AB",
        by="tests",
        now=NOW,
    )
