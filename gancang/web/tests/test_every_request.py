"""What every request passes: safe headers, an id, the visitor's language, kind errors."""

from __future__ import annotations

import base64
import gzip
import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from gancang.audit.actions import record
from gancang.audit.models import Event
from gancang.audit.queries import events_of
from gancang.web.paging import page_after
from tests.cast import client_of

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


# A page, a form, a redirect, a link, a machine's answer, and what goes wrong: 404, 405.
KINDS = [
    ("/", 200),
    ("/masuk", 200),
    ("/medicine/new", 302),
    ("/api/v1/openapi.json", 200),
    ("/o/wrong", 404),
    ("/nowhere", 404),
    ("/language", 405),
]


@pytest.mark.parametrize(("path", "status"), KINDS)
def test_no_foreign_script_frame_or_form_gets_in(path: str, status: int) -> None:
    answer = Client().get(path)
    assert answer.status_code == status
    policy = answer["Content-Security-Policy"]
    for rule in ("default-src 'self'", "frame-ancestors 'none'", "object-src 'none'"):
        assert rule in policy
    assert "unsafe" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert "microphone=()" in answer["Permissions-Policy"]


@pytest.mark.parametrize(("path", "told"), [("/", "same-origin"), ("/o/wrong", "no-referrer")])
def test_a_link_that_opens_an_order_is_told_to_nobody(path: str, told: str) -> None:
    assert Client().get(path)["Referrer-Policy"] == told


def test_a_request_for_another_house_is_refused_on_a_page(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["ours.example"]
    answer = Client().get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "<h1>" in answer.content.decode()
    assert "evil" not in answer.content.decode()


def test_whoever_opens_the_address_of_a_form_is_told_where_to_begin() -> None:
    answer = Client().get("/language")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "Hanya formulir yang menuju ke sini" in answer.content.decode()
    assert 'href="/"' in answer.content.decode()


def test_a_machine_that_uses_the_wrong_verb_gets_no_page() -> None:
    answer = Client().get("/api/v1/prescriptions")
    assert answer.status_code == 405
    assert "<h1>" not in answer.content.decode()


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


def test_the_language_switch_leads_back_from_a_refusal_to_the_page_before(cast: Cast) -> None:
    before = "http://testserver/dispatch/rider"
    answer = client_of(cast.rider).post("/dispatch/rider/shift/start", headers={"Referer": before})
    assert f'name="next" value="{before}"' in answer.content.decode()


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


def test_a_page_travels_small_and_its_length_tells_nothing_of_the_form_s_secret(cast: Cast) -> None:
    clerk = client_of(cast.clerk)
    plain = clerk.get("/medicine/new").content
    packed = [
        clerk.get("/medicine/new", headers={"Accept-Encoding": "gzip"}).content for _ in range(20)
    ]
    assert max(map(len, packed)) < len(plain) / 3
    assert len(set(map(len, packed))) > 3
    pages = [gzip.decompress(each).decode() for each in packed]
    secrets = {re.findall(r'csrfmiddlewaretoken" value="(\w+)', page)[0] for page in pages}
    assert len(secrets) == 20


def test_a_broken_page_says_so_with_a_number_and_nothing_of_the_inside() -> None:
    visitor = Client(raise_request_exception=False)
    with pytest.MonkeyPatch.context() as patch:
        # The only way to see our own error page is to break something of ours.
        patch.setattr("gancang.overview.pages.accounts.list_demo_people", lambda: 1 / 0)
        answer = visitor.get("/", headers={"X-Request-ID": "number-12345678"})
    assert answer.status_code == 500
    assert "number-12345678" in answer.content.decode()
    assert "division" not in answer.content.decode()


def test_the_page_for_broken_things_needs_nothing_that_may_be_broken(cast: Cast) -> None:
    visitor = client_of(cast.clerk)
    visitor.raise_request_exception = False
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gancang.navigation.MENUS", {})  # each header of a page breaks on it
        answer = visitor.get("/medicine/orders")
    assert answer.status_code == 500
    assert "<h1>" in answer.content.decode()


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
    [
        *("x", "%%%", "é", "bnVsbA", "WzFd" * 50, "WyJhIl0", "W251bGxd", "WzFlOTk5XQ"),
        *("WyJcdTAwMDAiXQ", "W3RydWVd", "WyJcdWQ4MDAiXQ", "W1tbW1tb" * 2000),
    ],
)
def test_a_rubbish_cursor_gives_the_first_page(many_events: str, rubbish: str) -> None:
    page = page_after(events_of(many_events), key=("-id",), cursor=rubbish, size=3)
    assert page.is_first
    assert len(page.rows) == 3


@pytest.mark.parametrize(
    "moment",
    ["", "x", "2026-13-01", "2026-01-01T25:00:00+07:00", 5, 1.5],
)
def test_a_cursor_of_no_moment_gives_the_first_page_of_a_list_by_time(
    many_events: str, moment: object
) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps([moment, 3]).encode()).decode()
    page = page_after(events_of(many_events), key=("at", "id"), cursor=cursor, size=3)
    assert page.is_first
    assert len(page.rows) == 3


@pytest.mark.filterwarnings(
    "ignore:DateTimeField"
)  # of a moment without a zone, which we never give
@pytest.mark.parametrize("zone", ["+14:00", "-12:00", ""])
@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00", "9999-12-31T23:59:59"])
def test_a_cursor_from_the_ends_of_time_breaks_nothing(
    many_events: str, moment: str, zone: str
) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps([moment + zone, 3]).encode()).decode()
    page_after(events_of(many_events), key=("at", "id"), cursor=cursor, size=3)


def test_the_next_page_keeps_what_was_searched_and_chosen(many_events: str) -> None:
    page = page_after(events_of(many_events), key=("-id",), cursor="", size=3)
    request = RequestFactory().get("/", {"q": "a&b", "state": "delivered", "after": "old"})
    html = render_to_string("web/paging.html", {"page": page}, request)
    assert f"?q=a%26b&amp;state=delivered&amp;after={page.after}" in html
