"""Open boards hear at once that something changed, and nothing else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gancang.live.tests.conftest import Installation, Serving


def hints(lines: Iterator[str]) -> Iterator[dict[str, object]]:
    """What the stream tells, without its heartbeats."""
    for line in lines:
        if line.startswith("data: "):
            yield json.loads(line.removeprefix("data: "))


def test_the_operators_board_hears_of_a_change_in_its_region(
    installation: Installation, served: Serving
) -> None:
    with served.browser_of("operator") as browser, browser.stream("GET", "/live/board") as stream:
        assert stream.status_code == 200
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.iter_lines()
        assert next(lines) == "retry: 3000"
        with installation.database() as database:
            database.execute("SELECT pg_notify('board', '99.99 ELSEWHERE')")
            database.execute("SELECT pg_notify('board', %s)", [installation.region])
        assert "event: board" in lines
        hint = next(hints(lines))
        assert hint["changed"] == []
        assert set(hint) == {"changed", "at"}
        with installation.database() as database:
            for code in ("GA-AAAA", "GA-BBBB"):
                told = f"{installation.region} {code}"
                database.execute("SELECT pg_notify('board', %s)", [told])
        assert next(hints(lines))["changed"] == ["GA-AAAA", "GA-BBBB"]
    assert "GA-AAAA" not in served.log.read_text()


@pytest.mark.parametrize(("who", "status"), [("rider", 403), ("clerk", 403), ("", 401)])
def test_nobody_else_hears_anything(served: Serving, who: str, status: int) -> None:
    with served.browser_of(who) as browser:
        assert browser.get("/live/board").status_code == status


def test_who_has_logged_out_hears_nothing_more(served: Serving) -> None:
    with served.browser_of("operator") as browser:
        kept = browser.cookies["sessionid"]
        browser.post("/keluar", data={"csrfmiddlewaretoken": browser.cookies["csrftoken"]})
        asked = httpx.get(served.url + "/live/board", cookies={"sessionid": kept})
        assert asked.status_code == 401
