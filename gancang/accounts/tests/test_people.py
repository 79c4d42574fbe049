"""The regency admin's people: roles, passwords, and who may touch whom."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from gancang.accounts.actions import Newcomer, add_person
from gancang.accounts.models import Membership, Role, User
from gancang.audit.models import Event
from gancang.regions.models import Region
from tests.cast import PASSWORD, client_of

if TYPE_CHECKING:
    from tests.cast import Cast


def typed_person(cast: Cast, **changed: object) -> dict[str, object]:
    """What the admin types for a new clerk."""
    typed = {
        "full_name": "Siti Aminah",
        "username": "siti.aminah",
        "role": "counter_clerk",
        "organisation": cast.hospital.pk,
        "password": "jamu-beras-kencur",
    }
    return {**typed, **changed}


def hire(region: Region, username: str, role: Role = Role.ADMIN) -> User:
    """Somebody who works for a whole region."""
    newcomer = Newcomer(username=username, full_name=username, password=PASSWORD, role=role)
    return add_person(newcomer, region=region, by="tests", now=datetime.now(UTC))


def shut_out(admin: Client, username: str) -> Any:
    """On the page that hands over the open work, the only way out."""
    return admin.post(f"/overview/people/{username}/leave", {"reason": "pindah"})


@pytest.fixture
def elsewhere(cast: Cast) -> Region:
    """Another regency on the same server."""
    told = Region.objects.values().get(pk=cast.region.pk) | {"id": None}
    return Region.objects.create(**told | {"code": "00.01", "slug": "seberang", "name": "Seberang"})


def test_the_admin_hires_somebody_who_can_work_at_once(cast: Cast) -> None:
    assert client_of(cast.admin).post("/accounts/people", typed_person(cast)).status_code == 302
    browser = Client()
    form = {"username": "siti.aminah", "password": "jamu-beras-kencur"}
    assert browser.post("/masuk", form).status_code == 302
    assert browser.get("/medicine/new").status_code == 200
    given = Event.objects.get(subject="siti.aminah", kind="person.role_given")
    assert given.actor == "admin"


@pytest.mark.parametrize(
    "changed",
    [
        {"username": "clerk"},
        {"username": "Siti Aminah"},
        {"password": "password123"},
        {"password": "siti.aminah1"},
        {"organisation": ""},
        {"role": "emperor"},
    ],
)
def test_what_cannot_be_is_told_and_the_rest_stays_typed(
    cast: Cast, changed: dict[str, object]
) -> None:
    people = User.objects.count()
    page = client_of(cast.admin).post("/accounts/people", typed_person(cast, **changed))
    assert page.status_code == 400
    assert "Siti Aminah" in page.content.decode()
    assert User.objects.count() == people


def test_a_second_role_can_be_given_and_taken(cast: Cast) -> None:
    admin = client_of(cast.admin)
    role = {"role": "auditor", "organisation": ""}
    admin.post("/accounts/people/clerk/roles", role)
    admin.post("/accounts/people/clerk/roles", role)
    given = Membership.objects.get(user=cast.clerk, role=Role.AUDITOR)
    clerk = client_of(cast.clerk)
    clerk.post("/accounts/role", {"membership": given.pk})
    assert clerk.get("/overview/events").status_code == 200
    assert clerk.get("/medicine/new").status_code == 403
    admin.post(f"/accounts/people/clerk/roles/{given.pk}/take")
    assert clerk.get("/overview/events").status_code == 403
    assert clerk.get("/medicine/new").status_code == 200


def test_nobody_acts_in_somebody_elses_role(cast: Cast) -> None:
    clerk = client_of(cast.clerk)
    clerk.post("/accounts/role", {"membership": cast.member(cast.admin).pk})
    assert clerk.get("/accounts/people").status_code == 403


def test_the_last_admin_stays(cast: Cast) -> None:
    admin = client_of(cast.admin)
    own = cast.member(cast.admin)
    assert admin.post(f"/accounts/people/admin/roles/{own.pk}/take").status_code == 409
    assert shut_out(admin, "admin").status_code == 409
    assert admin.get("/accounts/people").status_code == 200


def test_one_of_two_admins_can_go(cast: Cast) -> None:
    second = hire(cast.region, "second-admin")
    shut_out(client_of(cast.admin), second.username)
    assert client_of(second).get("/accounts/people").status_code in (302, 403)
    own = cast.member(cast.admin)
    # The other admin is shut out, so this one is the last again.
    assert (
        client_of(cast.admin).post(f"/accounts/people/admin/roles/{own.pk}/take").status_code == 409
    )


def test_who_is_shut_out_works_no_more_until_let_in_again(cast: Cast) -> None:
    clerk, admin = client_of(cast.clerk), client_of(cast.admin)
    shut_out(admin, "clerk")
    assert clerk.get("/medicine/new").status_code in (302, 403)
    admin.post("/accounts/people/clerk/active", {"active": "yes"})
    assert client_of(cast.clerk).get("/medicine/new").status_code == 200


def test_a_forgotten_password_is_replaced_by_one_that_is_shown_once(cast: Cast) -> None:
    page = client_of(cast.admin).post("/accounts/people/clerk/password")
    old = Client().post("/masuk", {"username": "clerk", "password": PASSWORD})
    assert old.status_code == 400
    password = page.context["password"]
    assert password in page.content.decode()
    assert Client().post("/masuk", {"username": "clerk", "password": password}).status_code == 302
    assert not Event.objects.filter(payload__contains=password).exists()


def test_ones_own_password_is_changed_by_whoever_knows_it(cast: Cast) -> None:
    clerk = client_of(cast.clerk)
    new = "beras-kencur-hangat"
    wrong = clerk.post("/accounts/password", {"present": "salah-sekali", "new": new})
    assert wrong.status_code == 400
    assert clerk.post("/accounts/password", {"present": PASSWORD, "new": new}).status_code == 302
    assert clerk.get("/medicine/new").status_code == 200
    assert Client().post("/masuk", {"username": "clerk", "password": new}).status_code == 302


def test_the_admin_of_one_region_cannot_touch_the_people_of_another(
    cast: Cast, elsewhere: Region
) -> None:
    foreign = hire(elsewhere, "foreign-admin")
    role = Membership.objects.get(user=foreign)
    admin = client_of(cast.admin)
    address = f"/accounts/people/{foreign.username}"
    assert foreign.username not in admin.get("/accounts/people").content.decode()
    assert admin.get(address).status_code == 404
    for deed in ("/roles", f"/roles/{role.pk}/take", "/active", "/password"):
        assert admin.post(address + deed, {"role": "auditor"}).status_code == 404
    assert Membership.objects.get(user=foreign) == role
    foreign.refresh_from_db()
    assert foreign.is_active
    assert foreign.check_password(PASSWORD)


def test_the_admin_cannot_take_a_role_elsewhere_from_a_person_of_both_regions(
    cast: Cast, elsewhere: Region
) -> None:
    both = hire(elsewhere, "both", Role.AUDITOR)
    there = Membership.objects.get(user=both)
    Membership.objects.create(user=both, role=Role.AUDITOR, region=cast.region)
    admin = client_of(cast.admin)
    assert admin.post(f"/accounts/people/both/roles/{there.pk}/take").status_code == 404
    assert shut_out(admin, "both").status_code == 409
    for deed in ("active", "password"):
        assert admin.post(f"/accounts/people/both/{deed}", {"active": "yes"}).status_code == 409
    both.refresh_from_db()
    assert both.check_password(PASSWORD)
    assert both.is_active


def test_an_organisation_of_another_region_cannot_be_chosen(cast: Cast, elsewhere: Region) -> None:
    foreign = hire(elsewhere, "foreign-admin")
    page = client_of(foreign).post("/accounts/people", typed_person(cast))
    assert page.status_code == 400
    assert not User.objects.filter(username="siti.aminah").exists()


def test_people_are_found_and_an_odd_character_is_no_error(cast: Cast) -> None:
    admin = client_of(cast.admin)
    assert "Wati" in admin.get("/accounts/people", {"q": "wat"}).content.decode()
    assert "Wati" not in admin.get("/accounts/people", {"q": "zzz"}).content.decode()
    assert admin.get("/accounts/people", {"q": "wa\0t"}).status_code == 200


def test_the_list_of_people_takes_as_many_queries_for_many_as_for_few(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    admin = client_of(cast.admin)
    # session, user, membership, organisations, people, their roles, their places, what waits
    with django_assert_num_queries(PEOPLE_QUERIES):
        admin.get("/accounts/people")
    for number in range(20):
        hire(cast.region, f"auditor-{number}", Role.AUDITOR)
    with django_assert_num_queries(PEOPLE_QUERIES):
        admin.get("/accounts/people")


PEOPLE_QUERIES = 8
