"""The way in: for members with the right password, and not by trying."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from gancang.accounts.actions import Newcomer, add_person
from gancang.accounts.models import Role, User
from tests.cast import PASSWORD, client_of

if TYPE_CHECKING:
    from tests.cast import Cast


def tries(
    username: str, password: str, *, client: Client | None = None, ip: str = "10.0.0.1"
) -> int:
    """What the door answers."""
    form = {"username": username, "password": password}
    return (client or Client()).post("/masuk", form, REMOTE_ADDR=ip).status_code


def test_a_member_logs_in_and_comes_to_his_own_place_of_work(cast: Cast) -> None:
    browser = Client()
    assert tries("clerk", PASSWORD, client=browser) == 302
    assert browser.get("/").headers["Location"] == "/medicine/new"
    browser.post("/keluar")
    assert browser.get("/medicine/new").status_code == 302


def test_whoever_came_from_a_page_goes_back_to_it_and_never_to_another_site(cast: Cast) -> None:
    form = {"username": "clerk", "password": PASSWORD}
    home = Client().post("/masuk", form | {"next": "/medicine/orders"})
    assert home.headers["Location"] == "/medicine/orders"
    away = Client().post("/masuk", form | {"next": "https://example.com/"})
    assert away.headers["Location"] == "/"


def test_a_wrong_password_and_a_wrong_name_sound_the_same(cast: Cast) -> None:
    form = {"username": "clerk", "password": "salah-sekali"}
    wrong = Client().post("/masuk", form)
    nobody = Client().post("/masuk", form | {"username": "nobody"})
    assert wrong.status_code == nobody.status_code == 400
    told = [page.content.decode().split('role="alert"')[1][:200] for page in (wrong, nobody)]
    assert told[0] == told[1]


def test_after_five_wrong_passwords_even_the_right_one_does_not_open(cast: Cast) -> None:
    for _ in range(4):
        assert tries("clerk", "salah-sekali") == 400
    assert tries("clerk", "salah-sekali") == 429
    assert tries("clerk", PASSWORD) == 429


def test_the_door_shuts_for_one_name_at_one_place_only(cast: Cast) -> None:
    for _ in range(5):
        tries("clerk", "salah-sekali")
    assert tries("pharmacist", PASSWORD) == 302
    assert tries("clerk", PASSWORD, ip="10.0.0.2") == 302


def test_who_remembers_in_time_begins_to_count_anew(cast: Cast) -> None:
    for _ in range(2):
        for _ in range(4):
            tries("clerk", "salah-sekali")
        assert tries("clerk", PASSWORD) == 302


def test_who_was_shut_out_cannot_log_in(cast: Cast) -> None:
    User.objects.filter(pk=cast.clerk.pk).update(is_active=False)
    assert tries("clerk", PASSWORD) == 400


@pytest.fixture
def visitor(cast: Cast) -> User:
    """Somebody who exists for the demonstration."""
    newcomer = Newcomer(
        username="demo-clerk",
        full_name="Demo",
        password=PASSWORD,
        role=Role.COUNTER_CLERK,
        organisation=cast.hospital,
        is_demo=True,
    )
    return add_person(newcomer, region=cast.region, by="tests", now=datetime.now(UTC))


def test_demonstration_people_can_log_in_in_the_demonstration(visitor: User, settings: Any) -> None:
    settings.DEMO = True
    assert tries(visitor.username, PASSWORD) == 302


def test_demonstration_people_do_not_exist_for_anybody_else(visitor: User) -> None:
    assert tries(visitor.username, PASSWORD) == 400
    # Nor does a browser that was logged in while it was a demonstration.
    assert client_of(visitor).get("/medicine/new").status_code == 403
    assert visitor.full_name not in Client().get("/").content.decode()
