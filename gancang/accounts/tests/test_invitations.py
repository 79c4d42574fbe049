"""People set their own passwords by a link; no admin types or sees one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from gancang.accounts.models import OwnLink, User
from gancang.audit.models import Event
from gancang.outbox.models import Letter
from tests.cast import PASSWORD, client_of

if TYPE_CHECKING:
    from tests.cast import Cast

OWN = "jamu-beras-kencur"


def typed(cast: Cast, **changed: object) -> dict[str, object]:
    """What the admin types for a new clerk with a phone."""
    form = {
        "full_name": "Siti Aminah",
        "username": "siti.aminah",
        "role": "counter_clerk",
        "organisation": cast.hospital.pk,
        "phone": "0812 3456 7890",
        "password": "",
    }
    return {**form, **changed}


def path_in(text: str) -> str:
    """The link's path in a letter or on a page."""
    return "/accounts/link/" + text.partition("/accounts/link/")[2].split()[0].partition("<")[0]


def invited(cast: Cast) -> str:
    """The path of the link that Siti's phone got."""
    assert client_of(cast.admin).post("/accounts/people", typed(cast)).status_code == 302
    letter = Letter.objects.get(kind="account.invitation")
    assert letter.address == "+6281234567890"
    return path_in(letter.body)


def logs_in(username: str, password: str) -> bool:
    """Whether the door opens."""
    form = {"username": username, "password": password}
    return Client().post("/masuk", form).status_code == 302


def test_the_invited_sets_a_password_that_nobody_else_saw_and_works_at_once(cast: Cast) -> None:
    link = invited(cast)
    browser = Client()
    assert "siti.aminah" in browser.get(link).content.decode()
    assert browser.post(link, {"new": OWN}).headers["Location"] == "/masuk"
    assert logs_in("siti.aminah", OWN)
    kinds = list(Event.objects.filter(subject="siti.aminah").values_list("kind", flat=True))
    assert {"person.invited", "person.password_set"} <= set(kinds)
    assert not Event.objects.filter(payload__contains="81234567890").exists()


def test_a_link_opens_once(cast: Cast) -> None:
    link = invited(cast)
    assert Client().post(link, {"new": OWN}).status_code == 302
    assert Client().get(link).status_code == 404
    assert Client().post(link, {"new": "lain-lagi-sekali"}).status_code == 404
    assert logs_in("siti.aminah", OWN)


def test_a_weak_password_is_refused_and_the_link_still_opens(cast: Cast) -> None:
    link = invited(cast)
    assert Client().post(link, {"new": "password123"}).status_code == 400
    assert Client().post(link, {"new": OWN}).status_code == 302


def test_a_link_ends_after_seven_days_and_a_newer_one_ends_it_too(cast: Cast) -> None:
    first = invited(cast)
    client_of(cast.admin).post("/accounts/people/siti.aminah/link")
    assert Client().get(first).status_code == 404
    second = path_in(Letter.objects.filter(kind="account.invitation").latest("pk").body)
    assert Client().get(second).status_code == 200
    OwnLink.objects.update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    assert Client().get(second).status_code == 404


@pytest.mark.parametrize("token", ["forged", "Ijox.forged", "%00", "a" * 300])
def test_a_forged_link_opens_nothing(cast: Cast, token: str) -> None:
    invited(cast)
    assert Client().get(f"/accounts/link/{token}").status_code == 404


def test_an_invitation_of_somebody_who_left_opens_nothing_even_after_coming_back(
    cast: Cast,
) -> None:
    link = invited(cast)
    admin = client_of(cast.admin)
    admin.post("/overview/people/siti.aminah/leave", {"reason": "pindah"})
    assert Client().post(link, {"new": OWN}).status_code == 404
    assert admin.post("/accounts/people/siti.aminah/link").status_code == 409
    admin.post("/accounts/people/siti.aminah/active", {"active": "yes"})
    assert Client().get(link).status_code == 404


def test_who_has_a_phone_gets_no_password_from_an_admin(cast: Cast) -> None:
    page = client_of(cast.admin).post("/accounts/people", typed(cast, password=OWN))
    assert page.status_code == 400
    assert "Siti Aminah" in page.content.decode()
    assert not User.objects.filter(username="siti.aminah").exists()


def test_without_a_phone_the_link_is_shown_once_to_be_passed_on(cast: Cast) -> None:
    page = client_of(cast.admin).post("/accounts/people", typed(cast, phone=""))
    link = path_in(page.context["link"])
    assert not Letter.objects.exists()
    assert link not in client_of(cast.admin).get("/accounts/people/siti.aminah").content.decode()
    assert Client().post(link, {"new": OWN}).status_code == 302
    assert logs_in("siti.aminah", OWN)


def test_until_the_link_is_used_nothing_opens(cast: Cast) -> None:
    invited(cast)
    for guess in ("", "siti.aminah", PASSWORD):
        assert not logs_in("siti.aminah", guess)


def test_a_new_phone_is_told_at_the_former_one_and_ends_what_was_sent_there(cast: Cast) -> None:
    link = invited(cast)
    admin = client_of(cast.admin)
    address = "/accounts/people/siti.aminah/phone"
    assert admin.post(address, {"phone": "12"}).status_code == 400
    assert admin.post(address, {"phone": "0856-1111-2222"}).status_code == 302
    assert Client().get(link).status_code == 404
    warned = Letter.objects.get(kind="account.phone")
    assert warned.address == "+6281234567890"
    admin.post("/accounts/people/siti.aminah/link")
    assert Letter.objects.latest("pk").address == "+6285611112222"


def test_the_phone_lies_sealed(cast: Cast) -> None:
    from django.db import connection  # noqa: PLC0415

    invited(cast)
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM accounts_user WHERE username = 'siti.aminah'")
        assert "81234567890" not in cursor.fetchone()[0]
