"""A code of one's own phone beside the password: who needs it, how it opens, who takes it off."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pyotp
import pytest
from django.test import Client

from gancang.accounts.models import RecoveryCode, Role, SecondFactor, User
from gancang.audit.models import Event
from gancang.regions.pack_values import ROLES
from tests.cast import PASSWORD, client_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tests.cast import Cast

PAGE = "/accounts/second-factor"


def code_of(user: User, *, later_s: int = 0) -> str:
    """What the person's phone shows now, or a little later."""
    secret = SecondFactor.objects.get(user=user).secret
    return pyotp.TOTP(secret).at(datetime.now(UTC) + timedelta(seconds=later_s))


def set_up(user: User) -> list[str]:
    """The person sets a phone up on the page; the recovery codes that it showed."""
    browser = client_of(user)
    assert browser.post(PAGE, {"present": PASSWORD}).status_code == 302
    page = browser.get(PAGE).content.decode()
    assert "<svg" in page
    assert SecondFactor.objects.get(user=user).secret in page
    shown = browser.post(f"{PAGE}/confirm", {"code": code_of(user)})
    assert shown.status_code == 200, shown.content.decode()
    return re.findall(r"[a-z2-9]{4}(?:-[a-z2-9]{4}){3}", shown.content.decode())


def password_step(username: str, browser: Client) -> HttpResponse:
    """The first step of the log-in."""
    return browser.post("/masuk", {"username": username, "password": PASSWORD})  # type: ignore[return-value]  # the test client's own kind


def late(user: User) -> None:
    """The days of grace are over."""
    User.objects.filter(pk=user.pk).update(factor_due=datetime.now(UTC) - timedelta(minutes=1))


def test_with_a_second_factor_the_password_alone_opens_nothing(cast: Cast) -> None:
    set_up(cast.clerk)
    browser = Client()
    form = {"username": "clerk", "password": PASSWORD, "next": "/medicine/orders"}
    assert browser.post("/masuk", form).headers["Location"] == "/masuk/kode"
    assert browser.get("/medicine/new").status_code == 302
    assert browser.post("/masuk/kode", {"code": "000000"}).status_code == 400
    opened = browser.post("/masuk/kode", {"code": code_of(cast.clerk, later_s=30)})
    assert opened.headers["Location"] == "/medicine/orders"
    assert browser.get("/medicine/new").status_code == 200


def test_a_code_that_opened_once_does_not_open_again(cast: Cast) -> None:
    set_up(cast.clerk)
    code = code_of(cast.clerk, later_s=30)
    first, second = Client(), Client()
    password_step("clerk", first)
    password_step("clerk", second)
    assert first.post("/masuk/kode", {"code": code}).status_code == 302
    assert second.post("/masuk/kode", {"code": code}).status_code == 400
    # Nor does the code with which the phone was set up, half a minute older.
    assert second.post("/masuk/kode", {"code": code_of(cast.clerk)}).status_code == 400


def test_after_five_wrong_codes_even_the_right_one_does_not_open(cast: Cast) -> None:
    set_up(cast.clerk)
    browser = Client()
    password_step("clerk", browser)
    for _ in range(4):
        assert browser.post("/masuk/kode", {"code": "000000"}).status_code == 400
    assert browser.post("/masuk/kode", {"code": "000000"}).status_code == 429
    right = {"code": code_of(cast.clerk, later_s=30)}
    assert browser.post("/masuk/kode", right).status_code == 429
    assert password_step("clerk", Client()).status_code == 429


def test_a_recovery_code_opens_once_also_when_typed_carelessly(cast: Cast) -> None:
    codes = set_up(cast.clerk)
    assert len(codes) == 10
    typed = {"code": codes[0].upper().replace("-", " ")}
    for expected in (302, 400):
        browser = Client()
        password_step("clerk", browser)
        assert browser.post("/masuk/kode", typed).status_code == expected
    assert Event.objects.get(kind="person.recovery_code_used").subject == "clerk"
    kept = list(RecoveryCode.objects.values_list("digest", flat=True))
    assert not {code.replace("-", "") for code in codes} & set(kept)


def test_new_recovery_codes_end_the_old_ones(cast: Cast) -> None:
    old = set_up(cast.clerk)
    form = {"code": code_of(cast.clerk, later_s=30)}
    shown = client_of(cast.clerk).post(f"{PAGE}/codes", form)
    assert shown.status_code == 200
    browser = Client()
    password_step("clerk", browser)
    assert browser.post("/masuk/kode", {"code": old[1]}).status_code == 400
    assert browser.post("/masuk/kode", {"code": shown.context["codes"][0]}).status_code == 302


def test_the_second_step_is_no_door_of_its_own(cast: Cast) -> None:
    set_up(cast.clerk)
    stranger = Client()
    answer = stranger.post("/masuk/kode", {"code": code_of(cast.clerk, later_s=30)})
    assert answer.headers["Location"] == "/masuk"
    assert stranger.get("/medicine/new").status_code == 302


def test_who_waits_too_long_after_the_password_begins_anew(cast: Cast) -> None:
    set_up(cast.clerk)
    browser = Client()
    password_step("clerk", browser)
    session = browser.session
    session["half_in"] = {**session["half_in"], "at": session["half_in"]["at"] - 301}
    session.save()
    assert browser.get("/masuk/kode").headers["Location"] == "/masuk"


def test_a_wrong_password_begins_nothing_and_a_wrong_code_confirms_nothing(cast: Cast) -> None:
    browser = client_of(cast.clerk)
    assert browser.post(PAGE, {"present": "salah-sekali"}).status_code == 400
    assert not SecondFactor.objects.exists()
    assert browser.post(f"{PAGE}/confirm", {"code": "123456"}).status_code == 400
    browser.post(PAGE, {"present": PASSWORD})
    assert browser.post(f"{PAGE}/confirm", {"code": "salah"}).status_code == 400
    # What nobody confirmed is not asked for: a half-scanned picture locks nobody out.
    assert password_step("clerk", Client()).headers["Location"] == "/"


def test_the_roles_with_much_power_come_no_further_after_the_days_of_grace(cast: Cast) -> None:
    browser = Client()
    password_step("treasurer", browser)
    assert browser.get("/overview/book").status_code == 200
    late(cast.treasurer)
    assert browser.get("/overview/book").headers["Location"] == PAGE
    assert browser.get(PAGE).status_code == 200
    set_up(cast.treasurer)
    assert client_of(cast.treasurer).get("/overview/book").status_code == 200


def test_other_roles_may_do_without_and_may_give_it_up_again(cast: Cast) -> None:
    assert cast.clerk.factor_due is None
    late(cast.clerk)
    assert client_of(cast.clerk).get("/medicine/new").status_code == 200
    set_up(cast.clerk)
    form = {"code": code_of(cast.clerk, later_s=30)}
    assert client_of(cast.clerk).post(f"{PAGE}/drop", form).status_code == 302
    assert not SecondFactor.objects.exists()


def test_who_needs_it_cannot_give_it_up(cast: Cast) -> None:
    set_up(cast.pharmacist)
    form = {"code": code_of(cast.pharmacist, later_s=30)}
    assert client_of(cast.pharmacist).post(f"{PAGE}/drop", form).status_code == 409
    assert SecondFactor.objects.filter(user=cast.pharmacist).exists()


def test_the_log_in_tells_until_when_it_is_to_be_set_up(cast: Cast) -> None:
    browser = Client()
    password_step("auditor", browser)
    due = User.objects.get(pk=cast.auditor.pk).factor_due
    assert due is not None
    assert timedelta(days=13) < due - datetime.now(UTC) <= timedelta(days=14)
    assert "verifikasi dua langkah" in browser.get("/overview/events").content.decode()


def test_members_from_before_the_rule_get_their_days_at_the_next_log_in(cast: Cast) -> None:
    User.objects.update(factor_due=None)
    password_step("auditor", Client())
    assert User.objects.get(pk=cast.auditor.pk).factor_due is not None


def test_the_people_of_the_demonstration_need_none(cast: Cast) -> None:
    late(cast.treasurer)
    User.objects.filter(pk=cast.treasurer.pk).update(is_demo=True)
    from django.conf import settings  # noqa: PLC0415

    settings.DEMO = True
    try:
        assert client_of(cast.treasurer).get("/overview/book").status_code == 200
    finally:
        settings.DEMO = False


def test_an_admin_takes_it_off_with_a_reason_and_it_is_due_at_once(cast: Cast) -> None:
    set_up(cast.pharmacist)
    address = "/accounts/people/pharmacist/factor"
    admin = client_of(cast.admin)
    assert admin.post(address, {"reason": ""}).status_code == 400
    assert admin.post(address, {"reason": "HP hilang, orangnya datang"}).status_code == 302
    told = Event.objects.get(kind="person.second_factor_taken")
    assert (told.actor, told.subject) == ("admin", "pharmacist")
    assert "HP hilang" in told.payload
    browser = Client()
    assert password_step("pharmacist", browser).status_code == 302
    assert browser.get("/medicine/queue").headers["Location"] == PAGE


def test_no_admin_takes_off_their_own(cast: Cast) -> None:
    set_up(cast.admin)
    answer = client_of(cast.admin).post("/accounts/people/admin/factor", {"reason": "malas"})
    assert answer.status_code == 409
    assert SecondFactor.objects.filter(user=cast.admin).exists()


def test_the_secret_is_sealed_where_it_lies(cast: Cast) -> None:
    from django.db import connection  # noqa: PLC0415

    set_up(cast.clerk)
    secret = SecondFactor.objects.get(user=cast.clerk).secret
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM accounts_secondfactor")
        assert secret not in cursor.fetchone()[0]


@pytest.mark.parametrize("roles", [ROLES])
def test_the_roles_of_a_pack_are_the_roles_of_the_accounts(roles: tuple[str, ...]) -> None:
    assert set(roles) == set(Role.values)
