"""Where somebody is logged in: seen, ended one by one or everywhere, by rest, by a new password."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from gancang.accounts.models import SignIn, User
from gancang.accounts.rules import device_of
from gancang.audit.models import Event
from gancang.live.visitors import find_visitor
from tests.cast import PASSWORD, client_of

if TYPE_CHECKING:
    from tests.cast import Cast

PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"
OFFICE = "Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0"


def logged_in(username: str, device: str = OFFICE) -> Client:
    """A browser in which somebody came in by the door."""
    browser = Client(headers={"User-Agent": device})
    form = {"username": username, "password": PASSWORD}
    assert browser.post("/masuk", form).status_code == 302
    return browser


def works(browser: Client, address: str = "/medicine/new") -> bool:
    """Whether the browser still gets in."""
    return browser.get(address).status_code == 200


def rest(browser: Client, minutes: int) -> None:
    """Nobody touches the browser for so long."""
    session = browser.session
    told = session["sign_in"]
    session["sign_in"] = {**told, "seen": told["seen"] - minutes * 60}
    session.save()


@pytest.mark.parametrize(
    ("browser", "device"),
    [(PHONE, "Chrome, Android"), (OFFICE, "Firefox, Windows"), ("curl/8", ""), ("", "")],
)
def test_a_device_is_told_in_words_its_owner_knows(browser: str, device: str) -> None:
    assert device_of(browser) == device


def test_everybody_sees_where_they_are_logged_in_and_ends_one(cast: Cast) -> None:
    office, phone = logged_in("clerk"), logged_in("clerk", PHONE)
    page = office.get("/accounts/password").content.decode()
    assert "Firefox, Windows" in page
    assert "Chrome, Android" in page
    row = SignIn.objects.get(device="Chrome, Android")
    office.post(f"/accounts/sign-ins/{row.pk}/end")
    assert not works(phone)
    assert works(office)


def test_nobody_ends_the_log_in_of_somebody_else(cast: Cast) -> None:
    office = logged_in("clerk")
    row = SignIn.objects.get()
    client_of(cast.admin).post(f"/accounts/sign-ins/{row.pk}/end")
    assert works(office)


def test_logging_out_everywhere_else_leaves_only_this_browser(cast: Cast) -> None:
    here, there, unlisted = logged_in("clerk"), logged_in("clerk", PHONE), client_of(cast.clerk)
    assert here.post("/accounts/sign-ins/elsewhere/end").status_code == 302
    assert works(here)
    assert not works(there)
    assert not works(unlisted)  # one from before log-ins were listed
    assert here.get("/accounts/password").context["sign_ins"] == [SignIn.objects.get()]


def test_a_new_password_ends_the_other_log_ins(cast: Cast) -> None:
    here, there = logged_in("clerk"), logged_in("clerk", PHONE)
    here.post("/accounts/password", {"present": PASSWORD, "new": "beras-kencur-hangat"})
    assert works(here)
    assert not works(there)
    # The one that is left can still be ended.
    row = SignIn.objects.get()
    assert row.session_key == here.session.session_key


def test_an_admin_ends_all_log_ins_of_a_stolen_phone(cast: Cast) -> None:
    phone = logged_in("clerk", PHONE)
    client_of(cast.admin).post("/accounts/people/clerk/sign-out")
    assert not works(phone)
    assert Event.objects.get(kind="person.signed_out").actor == "admin"
    assert works(logged_in("clerk"))


def test_a_desk_left_alone_is_logged_out_and_a_used_one_is_not(cast: Cast) -> None:
    office = logged_in("clerk")
    for _ in range(3):
        rest(office, 90)
        assert works(office)
    rest(office, 121)
    assert not works(office)


def test_the_live_pages_end_with_the_log_in_too(cast: Cast) -> None:
    office = logged_in("operator")
    key = office.session.session_key
    assert key is not None
    assert find_visitor(key).is_known
    rest(office, 121)
    assert not find_visitor(key).is_known


def test_the_setting_says_how_long_a_desk_may_rest(cast: Cast, settings: Any) -> None:
    settings.SESSION_IDLE_MINUTES = 10
    office = logged_in("clerk")
    rest(office, 11)
    assert not works(office)


def test_a_rider_with_the_phone_in_the_pocket_stays_logged_in(cast: Cast) -> None:
    from tests.cast import at_work  # noqa: PLC0415

    at_work(cast, cast.rider)
    phone = logged_in("rider", PHONE)
    rest(phone, 300)
    assert works(phone, "/dispatch/rider")


def test_who_logs_out_leaves_no_row_behind(cast: Cast) -> None:
    office = logged_in("clerk")
    office.post("/keluar")
    assert not SignIn.objects.exists()


def test_no_address_of_the_network_is_kept(cast: Cast) -> None:
    logged_in("clerk")
    kept = {field.name for field in SignIn._meta.get_fields()} | {
        field.name for field in User._meta.get_fields()
    }
    assert not [name for name in kept if "ip" in name.split("_")]
