"""An empty installation is taken over by whoever sees its screen, and by nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from gancang.accounts.models import Membership, Role, User
from gancang.accounts.setup import first_run_code

if TYPE_CHECKING:
    from gancang.regions.models import Region
    from tests.cast import Cast


@pytest.fixture
def nobody(region: Region) -> Region:
    """The region before anybody was hired."""
    Membership.objects.all().delete()
    User.objects.all().delete()
    return region


def typed(region: Region, **changed: object) -> dict[str, object]:
    """What the first admin types."""
    form = {
        "code": first_run_code(),
        "region": region.pk,
        "full_name": "Bu Camat",
        "username": "bu-camat",
        "password": "beras-kencur-hangat",
    }
    return {**form, **changed}


def test_the_first_visitor_with_the_code_becomes_the_admin(nobody: Region) -> None:
    browser = Client()
    assert browser.get("/masuk").headers["Location"] == "/accounts/first-run"
    assert browser.get("/accounts/first-run").status_code == 200
    assert browser.post("/accounts/first-run", typed(nobody)).status_code == 302
    assert browser.get("/accounts/people").status_code == 200
    assert User.objects.get().memberships.get().role == Role.ADMIN


def test_without_the_code_nobody_becomes_anything(nobody: Region) -> None:
    page = Client().post("/accounts/first-run", typed(nobody, code="000000000000"))
    assert page.status_code == 400
    assert "Bu Camat" in page.content.decode()
    assert not User.objects.exists()


def test_a_weak_password_is_refused_and_nothing_is_left(nobody: Region) -> None:
    page = Client().post("/accounts/first-run", typed(nobody, password="password123"))
    assert page.status_code == 400
    assert not User.objects.exists()


def test_once_there_is_an_admin_the_page_is_shut(cast: Cast) -> None:
    browser = Client()
    assert browser.get("/accounts/first-run").headers["Location"] == "/masuk"
    people = User.objects.count()
    browser.post("/accounts/first-run", typed(cast.region))
    assert User.objects.count() == people
