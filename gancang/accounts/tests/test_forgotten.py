"""A forgotten password: the door tells nobody who exists, and the link goes to the own phone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gancang.accounts.forgotten import answer_waiting
from gancang.accounts.models import Forgotten, User
from gancang.accounts.tests.test_invitations import logs_in, path_in
from gancang.outbox.models import Letter
from tests.cast import PASSWORD, client_of

if TYPE_CHECKING:
    from tests.cast import Cast

PHONE = "+6281234567890"
NEW = "jamu-beras-kencur"


@pytest.fixture(autouse=True)
def phone(cast: Cast) -> None:
    """The clerk's phone is known."""
    user = User.objects.get(pk=cast.clerk.pk)
    user.phone = PHONE
    user.save(update_fields=["phone"])


def asks(username: str, *, ip: str = "10.0.0.1") -> tuple[int, str, int]:
    """What the page says, and how many questions it asks the database."""
    with CaptureQueriesContext(connection) as asked:
        page = Client().post("/masuk/lupa", {"username": username}, REMOTE_ADDR=ip)
    text = re.sub(r'csrfmiddlewaretoken" value="\w+"', "", page.content.decode())
    return page.status_code, text, len(asked)


def letters() -> list[Letter]:
    """What the job sent."""
    answer_waiting(now=datetime.now(UTC))
    return list(Letter.objects.filter(kind="account.reset").order_by("pk"))


def test_the_page_says_the_same_with_the_same_work_whether_the_name_exists(cast: Cast) -> None:
    assert asks("clerk") == asks("nobody-here") == asks("rider")
    assert [letter.address for letter in letters()] == [PHONE]


def test_the_link_sets_a_new_password_once_and_ends_the_log_ins_of_before(cast: Cast) -> None:
    elsewhere = client_of(cast.clerk)
    asks("clerk")
    link = path_in(letters()[0].body)
    assert Client().post(link, {"new": NEW}).status_code == 302
    assert logs_in("clerk", NEW)
    assert not logs_in("clerk", PASSWORD)
    assert elsewhere.get("/medicine/new").status_code == 302
    assert Client().get(link).status_code == 404


def test_the_old_password_opens_until_a_new_one_is_set(cast: Cast) -> None:
    asks("clerk")
    letters()
    assert logs_in("clerk", PASSWORD)


def test_a_link_that_lay_for_an_hour_opens_nothing(cast: Cast) -> None:
    asks("clerk")
    answer_waiting(now=datetime.now(UTC) - timedelta(minutes=61))
    link = path_in(Letter.objects.get(kind="account.reset").body)
    assert Client().post(link, {"new": NEW}).status_code == 404


def test_nobody_is_flooded_and_no_address_asks_without_end(cast: Cast) -> None:
    for number in range(5):
        asks("clerk", ip=f"10.0.1.{number}")
        letters()
    assert len(letters()) == 3
    heard = [asks(f"nobody-{number}")[0] for number in range(11)]
    assert heard == [200] * 10 + [409]
    assert asks("clerk")[0] == 409


def test_who_is_shut_out_or_of_the_demonstration_gets_no_letter(cast: Cast) -> None:
    User.objects.filter(pk=cast.clerk.pk).update(is_active=False)
    asks("clerk")
    assert letters() == []
    User.objects.filter(pk=cast.clerk.pk).update(is_active=True, is_demo=True)
    asks("clerk")
    assert letters() == []


def test_what_was_asked_lies_sealed_and_is_gone_after_an_hour(cast: Cast) -> None:
    asks("clerk", ip="203.0.113.9")
    with connection.cursor() as cursor:
        cursor.execute("SELECT typed, source FROM accounts_forgotten")
        kept = "".join(cursor.fetchone())
    assert "clerk" not in kept
    assert "203" not in kept
    answer_waiting(now=datetime.now(UTC) + timedelta(minutes=61))
    assert not Forgotten.objects.exists()


def test_the_second_factor_is_asked_for_after_a_reset_too(cast: Cast) -> None:
    from gancang.accounts.tests.test_second_factor import set_up  # noqa: PLC0415

    set_up(cast.clerk)
    asks("clerk")
    Client().post(path_in(letters()[0].body), {"new": NEW})
    form = {"username": "clerk", "password": NEW}
    assert Client().post("/masuk", form).headers["Location"] == "/masuk/kode"
