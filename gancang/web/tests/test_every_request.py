"""What every request passes: safe headers, an id, the visitor's language, kind errors."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from gancang.audit.actions import record
from gancang.audit.models import Event
from gancang.audit.queries import events_of
from gancang.web.paging import page_after
from tests.cast import client_of

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/", "/masuk", "/nowhere", "/medicine/new"])
def test_no_foreign_script_frame_or_form_gets_in(path: str) -> None:
    answer = Client().get(path)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]


def test_a_request_keeps_a_well_formed_id_and_gets_one_otherwise() -> None:
    assert (
        Client().get("/", headers={"X-Request-ID": "abcdef-123456"})["X-Request-ID"]
        == "abcdef-123456"
    )
    for rubbish in ("x", "a" * 100, "<script>alert(1)</script>"):
        assert Client().get("/", headers={"X-Request-ID": rubbish})["X-Request-ID"] != rubbish


def test_pages_speak_indonesian_first_and_english_on_demand(cast: Cast) -> None:
    assert cast.admin, "without an admin, the log-in leads to the first-run page"
    visitor = Client()
    assert "Masuk" in visitor.get("/masuk", headers={"Accept-Language": "en"}).content.decode()
    visitor.post("/language", {"language": "en", "next": "/masuk"})
    assert "Log in" in visitor.get("/masuk").content.decode()


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:1"])
def test_the_language_switch_leads_nowhere_else(elsewhere: str) -> None:
    answer = Client().post("/language", {"language": "en", "next": elsewhere})
    assert answer["Location"] == "/"


def test_an_unknown_language_changes_nothing() -> None:
    assert "language" not in Client().post("/language", {"language": "xx"}).cookies


def test_a_refusal_that_no_page_caught_says_why_and_how_to_go_on(cast: Cast) -> None:
    rider = client_of(cast.rider)
    answer = rider.post(
        "/dispatch/rider/shift/start", headers={"Referer": "http://testserver/dispatch/rider"}
    )
    assert answer.status_code == 409
    assert "pengantar" in answer.content.decode()
    assert 'href="http://testserver/dispatch/rider"' in answer.content.decode()


def test_a_refusal_leads_back_to_our_pages_only(cast: Cast) -> None:
    rider = client_of(cast.rider)
    answer = rider.post("/dispatch/rider/shift/start", headers={"Referer": "https://evil.example/"})
    assert "evil" not in answer.content.decode()


def test_a_form_without_its_token_is_refused_kindly(cast: Cast) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.clerk, backend="django.contrib.auth.backends.ModelBackend")
    answer = strict.post("/medicine/new", {})
    assert answer.status_code == 403
    assert "Formulir terlalu lama terbuka" in answer.content.decode()


def test_a_broken_page_says_so_with_a_number_and_nothing_of_the_inside() -> None:
    visitor = Client(raise_request_exception=False)
    with pytest.MonkeyPatch.context() as patch:
        # The only way to see our own error page is to break something of ours.
        patch.setattr("gancang.overview.pages.accounts.list_demo_people", lambda: 1 / 0)
        answer = visitor.get("/", headers={"X-Request-ID": "number-12345678"})
    assert answer.status_code == 500
    assert "number-12345678" in answer.content.decode()
    assert "division" not in answer.content.decode()


@pytest.fixture
def many_events() -> str:
    for number in range(7):
        record("test", f"n{number}", region="00.00", by="tests", now=datetime.now(UTC))
    return "00.00"


def test_paging_shows_every_row_once(many_events: str) -> None:
    seen: list[int] = []
    cursor = ""
    while True:
        page = page_after(events_of(many_events), key=("-id",), cursor=cursor, size=3)
        seen += [row.pk for row in page.rows]
        cursor = page.after
        if not cursor:
            break
    wanted = (
        Event.objects.filter(region_code=many_events).order_by("-id").values_list("pk", flat=True)
    )
    assert seen == list(wanted)


@pytest.mark.parametrize(
    "rubbish",
    ["x", "%%%", "bnVsbA", "WzFd" * 50, "WyJhIl0", "W251bGxd", "WzFlOTk5XQ", "WyJcdTAwMDAiXQ"],
)
def test_a_rubbish_cursor_gives_the_first_page(many_events: str, rubbish: str) -> None:
    page = page_after(events_of(many_events), key=("-id",), cursor=rubbish, size=3)
    assert page.is_first
    assert len(page.rows) == 3
