"""A rider's phone tells where it is; nonsense is refused and never breaks anything."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gancang.live.tests.conftest import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from gancang.live.tests.conftest import Installation, Serving

HERE = {"lat": -8.2192, "lon": 114.3691, "at": datetime.now(UTC).isoformat()}
JSON = {"content-type": "application/json"}
PACKED = {"content-type": "application/msgpack"}


@pytest.fixture(scope="module")
def phone(served: Serving) -> Iterator[httpx.Client]:
    """The rider's."""
    with served.browser_of("rider") as browser:
        yield browser


def test_where_the_rider_is_now_is_known_within_moments(
    installation: Installation, phone: httpx.Client
) -> None:
    later = {"lat": -8.35, "lon": 114.2, "at": (datetime.now(UTC) + timedelta(days=9)).isoformat()}
    packed = msgspec.msgpack.encode([HERE])
    assert phone.post("/live/positions", content=packed, headers=PACKED).status_code == 204
    both = msgspec.json.encode([HERE, later])
    assert phone.post("/live/positions", content=both, headers=JSON).status_code == 204
    with installation.database() as database:
        where = "SELECT lat, lon, seen_at < now() FROM fleet_shift WHERE ended_at IS NULL"
        wait_until(lambda: database.execute(where).fetchone() == (-8.35, 114.2, True))


def test_news_of_long_ago_is_left_out(phone: httpx.Client) -> None:
    counted = phone.get("/metrics").text
    old = {**HERE, "at": "0001-01-01T00:00:00+14:00"}
    sent = phone.post("/live/positions", content=msgspec.json.encode([old]), headers=JSON)
    assert sent.status_code == 204
    assert positions_in(phone.get("/metrics").text) == positions_in(counted)


def positions_in(metrics: str) -> list[str]:
    """How many positions were taken in, as the metrics tell it."""
    return [line for line in metrics.splitlines() if line.startswith("gancang_positions_total")]


@pytest.mark.parametrize(
    "wrong",
    [
        {**HERE, "lat": 91},
        {**HERE, "lon": "114"},
        {**HERE, "at": "2026-03-02T08:00:00"},
        {**HERE, "name": "Toni"},
        {"lat": 1},
    ],
)
def test_a_wrong_position_is_refused_with_the_place_of_the_fault(
    phone: httpx.Client, wrong: dict[str, object]
) -> None:
    sent = phone.post("/live/positions", content=msgspec.json.encode([wrong]), headers=JSON)
    assert sent.status_code == 400
    assert "$[0]" in sent.text


@given(body=st.binary(max_size=200), packed=st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_bytes_whatever_break_the_intake(
    phone: httpx.Client, body: bytes, *, packed: bool
) -> None:
    sent = phone.post("/live/positions", content=body, headers=PACKED if packed else JSON)
    assert sent.status_code == 400


def test_not_a_number_is_no_place(phone: httpx.Client) -> None:
    body = msgspec.msgpack.encode([{**HERE, "lat": float("nan")}])
    assert phone.post("/live/positions", content=body, headers=PACKED).status_code == 400


def test_too_much_at_once_is_refused(phone: httpx.Client) -> None:
    assert phone.post("/live/positions", content=b" " * 70_000, headers=JSON).status_code == 413


def test_a_form_of_another_site_is_refused(phone: httpx.Client) -> None:
    assert phone.post("/live/positions", data={"lat": "1"}).status_code == 415


@pytest.mark.parametrize(("who", "status"), [("operator", 403), ("", 401)])
def test_only_riders_have_positions(served: Serving, who: str, status: int) -> None:
    with served.browser_of(who) as browser:
        sent = browser.post("/live/positions", content=msgspec.json.encode([HERE]), headers=JSON)
        assert sent.status_code == status


def test_a_board_hears_that_a_rider_moved(
    served: Serving, phone: httpx.Client, installation: Installation
) -> None:
    with (
        served.browser_of("operator") as browser,
        browser.stream("GET", "/live/board") as stream,
    ):
        lines = stream.iter_lines()
        assert next(lines) == "retry: 3000"
        fresh = {**HERE, "at": datetime.now(UTC).isoformat()}
        phone.post("/live/positions", content=msgspec.json.encode([fresh]), headers=JSON)
        assert any(line == "event: moved" for line in lines)
        ((_rider, lat, lon),) = msgspec.json.decode(next(lines).removeprefix("data: "))
    assert (lat, lon) == (HERE["lat"], HERE["lon"])
