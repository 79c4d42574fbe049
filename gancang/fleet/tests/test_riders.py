"""The list of riders: who sees whom, who joins, what is mended."""

from datetime import UTC, datetime
from typing import Any

import pytest

from gancang.accounts.actions import Newcomer, add_person
from gancang.accounts.models import Membership, Role, User
from gancang.audit.models import Event
from gancang.fleet import actions
from gancang.fleet.models import Rider
from tests.cast import PASSWORD, Cast, client_of

from .conftest import NOW


def hire(cast: Cast, name: str, role: Role = Role.RIDER, organisation: Any = None) -> User:
    newcomer = Newcomer(
        username=name.lower().replace(" ", "-"),
        full_name=name,
        password=PASSWORD,
        role=role,
        organisation=organisation or cast.fleet,
    )
    return add_person(newcomer, region=cast.region, by="tests", now=datetime.now(UTC))


def particulars(**changed: Any) -> dict[str, Any]:
    """What the operator types of a rider."""
    return {
        "vehicle": "Honda Supra",
        "plate": " p 55  xy ",
        "phone": "0812-9999-8888",
        "bags_max": "8",
    } | changed


def test_an_empty_list_says_what_to_do(cast: Cast) -> None:
    page = client_of(cast.operator).get("/fleet/riders").content.decode()
    assert "Belum ada pengantar." in page
    assert page.count("<h1>") == 1


def test_the_operator_of_the_region_sees_all_fleets(cast: Cast, toni: Rider, joko: Rider) -> None:
    for person in (cast.operator, cast.admin):
        page = client_of(person).get("/fleet/riders").content.decode()
        assert "Toni" in page
        assert "Joko" in page


def test_a_fleets_own_operator_sees_its_own_riders_only(
    cast: Cast, toni: Rider, joko: Rider
) -> None:
    client = client_of(hire(cast, "Ratna", Role.OPERATOR))
    page = client.get("/fleet/riders").content.decode()
    assert "Toni" in page
    assert "Joko" not in page
    assert client.get(f"/fleet/riders/{toni.pk}").status_code == 200
    assert client.get(f"/fleet/riders/{joko.pk}").status_code == 404
    assert client.get(f"/fleet/riders/{joko.pk}/change").status_code == 404
    assert client.post(f"/fleet/riders/{joko.pk}/change", particulars()).status_code == 404
    assert client.post(f"/fleet/riders/{joko.pk}/trainings").status_code == 404
    joko.refresh_from_db()
    assert joko.vehicle == "Yamaha Mio"


@pytest.mark.parametrize(
    "part", ["clerk", "pharmacist", "rider", "treasurer", "auditor", "other_rider"]
)
@pytest.mark.parametrize("address", ["", "/new", "/{pk}", "/{pk}/change"])
def test_nobody_else_sees_riders(cast: Cast, toni: Rider, part: str, address: str) -> None:
    answer = client_of(getattr(cast, part)).get("/fleet/riders" + address.format(pk=toni.pk))
    assert answer.status_code == 403


def test_a_stranger_logs_in_first(client: Any, toni: Rider) -> None:
    answer = client.get(f"/fleet/riders/{toni.pk}")
    assert answer.headers["Location"].startswith("/masuk")


def test_a_name_or_a_plate_finds_a_rider(cast: Cast, toni: Rider, joko: Rider) -> None:
    client = client_of(cast.operator)
    for typed in ("ton", "1234", "%00ton"):
        page = client.get(f"/fleet/riders?q={typed}").content.decode()
        assert "Toni" in page
        assert "Joko" not in page
    assert "tidak ditemukan" in client.get("/fleet/riders?q=zzz").content.decode()


def test_the_list_shows_no_phone(cast: Cast, toni: Rider) -> None:
    client = client_of(cast.operator)
    assert "81234567890" not in client.get("/fleet/riders").content.decode()
    assert "81234567890" in client.get(f"/fleet/riders/{toni.pk}").content.decode()


def test_who_is_at_work_is_marked(cast: Cast, toni: Rider) -> None:
    client = client_of(cast.operator)
    assert 'class="pill good">bertugas' not in client.get("/fleet/riders").content.decode()
    actions.start_shift(toni, now=NOW)
    assert 'class="pill good">bertugas' in client.get("/fleet/riders").content.decode()


def test_the_list_is_paged_and_asks_as_often_for_many_riders_as_for_few(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    def enlist_some(numbers: range) -> None:
        for n in numbers:
            user = User.objects.create(username=f"r{n}", full_name=f"Rider {n:03}", date_joined=NOW)
            actions.enlist(
                user, organisation=cast.fleet, vehicle="x", plate="", by="tests", now=NOW
            )

    client = client_of(cast.operator)
    enlist_some(range(2))
    # session, user, membership; riders, trainings, shifts; programmes; what waits
    with django_assert_num_queries(9):
        client.get("/fleet/riders")
    enlist_some(range(2, 60))
    with django_assert_num_queries(9):
        page = client.get("/fleet/riders").content.decode()
    assert "Rider 049" in page
    assert "Rider 050" not in page
    after = page.split("after=")[1].split('"')[0]
    assert "Rider 050" in client.get(f"/fleet/riders?after={after}").content.decode()


def test_the_operator_puts_somebody_who_logs_in_as_a_rider_on_the_list(cast: Cast) -> None:
    client = client_of(cast.operator)
    assert "Toni" in client.get("/fleet/riders/new").content.decode()
    answer = client.post("/fleet/riders/new", particulars(member=str(cast.member(cast.rider).pk)))
    rider = Rider.objects.get()
    assert answer.headers["Location"] == f"/fleet/riders/{rider.pk}"
    assert (rider.user, rider.organisation) == (cast.rider, cast.fleet)
    assert (rider.plate, rider.phone, rider.bags_max) == ("P 55 XY", "+6281299998888", 8)
    event = Event.objects.get(kind="rider.enlisted")
    assert "9999" not in event.payload
    client.get("/fleet/riders")  # the message of success is read here
    assert "Toni" not in client.get("/fleet/riders/new").content.decode()


def test_a_fleets_own_operator_cannot_enlist_for_another_fleet(cast: Cast) -> None:
    client = client_of(hire(cast, "Ratna", Role.OPERATOR))
    assert "Joko" not in client.get("/fleet/riders/new").content.decode()
    theirs = particulars(member=str(cast.member(cast.other_rider).pk))
    assert client.post("/fleet/riders/new", theirs).status_code == 400
    assert not Rider.objects.exists()


def test_only_riders_can_be_enlisted(cast: Cast) -> None:
    clerk = particulars(member=str(cast.member(cast.clerk).pk))
    assert client_of(cast.operator).post("/fleet/riders/new", clerk).status_code == 400
    assert not Rider.objects.exists()


def test_when_nobody_is_left_the_page_says_whom_to_ask(cast: Cast) -> None:
    Membership.objects.filter(role=Role.RIDER).delete()
    page = client_of(cast.operator).get("/fleet/riders/new").content.decode()
    assert "Minta admin kabupaten" in page


@pytest.mark.parametrize(
    "wrong",
    [{"phone": "12"}, {"phone": "x\0"}, {"bags_max": "0"}, {"bags_max": "9" * 30}, {"vehicle": ""}],
)
def test_a_slip_of_the_pen_is_told_and_nothing_is_saved(
    cast: Cast, toni: Rider, wrong: dict[str, str]
) -> None:
    typed = particulars(plate="P 7 NEW", **wrong)
    answer = client_of(cast.operator).post(f"/fleet/riders/{toni.pk}/change", typed)
    assert answer.status_code == 400
    assert "P 7 NEW" in answer.content.decode()
    toni.refresh_from_db()
    assert toni.plate == "P 1234 VX"


def test_the_operator_mends_a_plate(cast: Cast, toni: Rider) -> None:
    client = client_of(cast.operator)
    assert "+6281234567890" in client.get(f"/fleet/riders/{toni.pk}/change").content.decode()
    client.post(f"/fleet/riders/{toni.pk}/change", particulars())
    toni.refresh_from_db()
    assert (toni.plate, toni.vehicle, toni.bags_max) == ("P 55 XY", "Honda Supra", 8)


def test_what_is_left_out_stays_as_it_was(cast: Cast, toni: Rider) -> None:
    actions.enlist(
        cast.rider, organisation=cast.fleet, vehicle="Vario", plate="P 1 A", by="tests", now=NOW
    )
    toni.refresh_from_db()
    assert (toni.vehicle, toni.phone, toni.bags_max) == ("Vario", "+6281234567890", 6)


def test_a_riders_page_asks_a_fixed_number_of_times(
    cast: Cast, toni: Rider, django_assert_num_queries: Any
) -> None:
    client = client_of(cast.operator)
    # session, user, membership; rider, trainings, papers, shifts; programmes, classes; what waits
    with django_assert_num_queries(10):
        client.get(f"/fleet/riders/{toni.pk}")


def test_a_number_beyond_all_numbers_is_not_found(cast: Cast) -> None:
    assert client_of(cast.operator).get(f"/fleet/riders/{'9' * 30}").status_code == 404
