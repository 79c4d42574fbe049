"""A hospital's own system sends prescriptions and asks how they fare."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client

from gancang.accounts.actions import make_token, revoke_token
from gancang.ledger.models import Account
from gancang.medicine.models import Call, Prescription
from gancang.orders.models import Order
from tests.cast import client_of, place, typed_prescription

if TYPE_CHECKING:
    from django.http import HttpResponse
    from pytest_django import DjangoAssertNumQueries

    from gancang.accounts.models import ApiToken
    from gancang.regions.models import Organisation
    from tests.cast import Cast

URL = "/api/v1/prescriptions"


@dataclass(frozen=True, slots=True)
class Machine:
    """A partner's system, with its token."""

    token: ApiToken
    text: str

    def send(self, content: object, *, key: str = "key-00000001") -> HttpResponse:
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        return Client().generic(  # type: ignore[return-value]  # the stubs name no class
            "POST",
            URL,
            raw,
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.text}", "Idempotency-Key": key},
        )

    def ask(self, number: str) -> HttpResponse:
        headers = {"Authorization": f"Bearer {self.text}"}
        return Client().get(f"{URL}/{number}", headers=headers)  # type: ignore[return-value]


def machine_of(cast: Cast, organisation: Organisation | None = None) -> Machine:
    organisation = organisation or cast.hospital
    token, text = make_token(
        "SIMRS", organisation=organisation, by=cast.admin, now=datetime.now(UTC)
    )
    return Machine(token, text)


@pytest.fixture
def simrs(cast: Cast) -> Machine:
    """The hospital's own system."""
    return machine_of(cast)


def content_of(cast: Cast, **changed: object) -> dict[str, Any]:
    """A good prescription, as JSON."""
    typed: dict[str, Any] = {**typed_prescription(cast), "pbi": True, "confirmed": True}
    typed["items"] = typed["items"].splitlines()
    return {**typed, **changed}


def test_the_same_call_hears_the_same_price_though_the_order_has_joined_a_trip_since(
    cast: Cast, simrs: Machine
) -> None:
    pays = {"nik": "", "pbi": False, "accepts_rp": 900_000}
    first = simrs.send(content_of(cast, **pays))
    assert first.status_code == 201, first.content
    other = place(cast, number="R-2", nik="", pbi="tidak", accepts_rp="900000", clinic="Jantung")
    code = json.loads(first.content)["order"]
    joined = client_of(cast.clerk).post(f"/medicine/orders/{other.code}/join", {"other": code})
    assert joined.status_code == 302, joined.content.decode()
    told, now_told = (
        json.loads(each.content) for each in (first, simrs.ask(typed_prescription(cast)["number"]))
    )
    assert now_told["patient_pays_rp"] < told["patient_pays_rp"], "how it fares by now"
    again = simrs.send(content_of(cast, **pays))
    assert (again.status_code, again["Idempotent-Replay"]) == (200, "true")
    assert json.loads(again.content) == told


def test_a_prescription_that_is_sent_becomes_an_order(cast: Cast, simrs: Machine) -> None:
    response = simrs.send(content_of(cast))
    assert response.status_code == 201, response.content
    told = json.loads(response.content)
    order = Order.objects.get()
    assert told["order"] == order.code
    assert told["number"] == "R-2026-0001"
    assert Prescription.objects.get().door == "api"
    assert Prescription.objects.get().entered_by == "api:SIMRS"
    assert Prescription.objects.get().items.splitlines() == content_of(cast)["items"]


def test_the_same_call_again_gets_the_same_answer(cast: Cast, simrs: Machine) -> None:
    first = simrs.send(content_of(cast))
    again = simrs.send(content_of(cast))
    assert (again.status_code, again["Idempotent-Replay"]) == (200, "true")
    assert again.content == first.content
    assert Order.objects.count() == 1


def test_a_key_is_good_for_one_content_only(cast: Cast, simrs: Machine) -> None:
    simrs.send(content_of(cast))
    response = simrs.send(content_of(cast, number="R-2"))
    assert response.status_code == 422
    assert json.loads(response.content)["reason"] == "key_used_differently"
    assert Order.objects.count() == 1


def test_the_same_prescription_under_a_new_key_is_the_same_order(
    cast: Cast, simrs: Machine
) -> None:
    first = simrs.send(content_of(cast))
    again = simrs.send(content_of(cast), key="key-00000002")
    assert again.status_code == 200
    assert again.content == first.content
    assert "Idempotent-Replay" not in again


def test_all_that_is_wrong_is_told_at_once_in_indonesian(cast: Cast, simrs: Machine) -> None:
    response = simrs.send(content_of(cast, phone="12", village="00.00", birth_date="kemarin"))
    assert response.status_code == 422
    told = json.loads(response.content)
    assert told["message"] == "Beberapa isian harus dibetulkan dulu; tidak ada yang dimasukkan."
    assert {problem["field"] for problem in told["problems"]} == {"phone", "village", "birth_date"}
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("changed", "field", "reason"),
    [
        ({"full_name": 5}, "full_name", "wrong_type"),
        ({"full_name": "x" * 121}, "full_name", "too_long"),
        ({"full_name": "a\0b"}, "full_name", "odd_character"),
        ({"full_name": "\ud800"}, "full_name", "wrong_type"),
        ({"pbi": "ya"}, "pbi", "wrong_type"),
        ({"lat": 10**400, "lon": 1}, "lat", "wrong_type"),
        ({"lat": float("nan"), "lon": 1}, "lat", "wrong_type"),
        ({"lat": 1e-30}, "lon", "half_a_point"),
        ({"birth_date": "1951-999999999999-1"}, "birth_date", "not_a_date"),
        ({"items": []}, "items", "wrong_type"),
        ({"items": "Amlodipine"}, "items", "wrong_type"),
        ({"colour": "red"}, "colour", "unknown_field"),
        ({"full_name": "=1+1"}, "full_name", "formula"),
    ],
)
def test_odd_content_is_refused_by_its_field(
    cast: Cast, simrs: Machine, changed: dict[str, object], field: str, reason: str
) -> None:
    response = simrs.send(content_of(cast, **changed))
    assert response.status_code == 422, response.content
    problems = json.loads(response.content)["problems"]
    assert [(problem["field"], problem["reason"]) for problem in problems] == [(field, reason)]
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b"[" * 100_000, b'{"number": ' + b"9" * 5000 + b"}", b"[]", b"5"]
)
def test_a_body_that_cannot_be_read_is_refused(simrs: Machine, body: bytes) -> None:
    response = simrs.send(body)
    assert response.status_code in {400, 422}, response.content
    assert json.loads(response.content)["reason"] in {"not_json", "invalid"}


@pytest.mark.parametrize("key", ["", "short", "x" * 81, "with space 1", "ñññññññññ"])
def test_a_call_needs_a_good_key(cast: Cast, simrs: Machine, key: str) -> None:
    response = simrs.send(content_of(cast), key=key)
    assert response.status_code == 422
    assert json.loads(response.content)["problems"][0]["field"] == "Idempotency-Key"
    assert not Order.objects.exists()


def test_what_the_rules_refuse_is_told_with_its_reason(cast: Cast, simrs: Machine) -> None:
    response = simrs.send(content_of(cast, pbi=False))
    assert response.status_code == 409
    assert json.loads(response.content)["reason"] == "price_not_accepted"
    Account.objects.filter(kind="available").update(balance_rp=0)
    response = simrs.send(content_of(cast))
    assert (response.status_code, json.loads(response.content)["reason"]) == (409, "budget_empty")
    assert not Call.objects.exists()


def test_a_fleet_sends_no_prescriptions(cast: Cast) -> None:
    response = machine_of(cast, cast.fleet).send(content_of(cast))
    assert response.status_code == 409
    assert json.loads(response.content)["reason"] == "no_prescriptions_from_here"


def test_nobody_gets_in_without_a_living_token(cast: Cast, simrs: Machine) -> None:
    for text in ("", "wrong", "gancang_ñ"):
        response = Machine(simrs.token, text).send(content_of(cast))
        assert response.status_code == 401
        assert response["WWW-Authenticate"] == "Bearer"
    assert Client().post(URL).status_code == 401
    assert client_of(cast.admin).get(f"{URL}/R-1").status_code == 401
    revoke_token(simrs.token, by=cast.admin, now=datetime.now(UTC))
    assert simrs.send(content_of(cast)).status_code == 401
    assert not Order.objects.exists()


def test_the_admin_sees_when_a_token_was_last_used(cast: Cast, simrs: Machine) -> None:
    simrs.ask("R-1")
    simrs.token.refresh_from_db()
    first = simrs.token.last_used_at
    assert first is not None
    simrs.ask("R-1")
    simrs.token.refresh_from_db()
    assert simrs.token.last_used_at == first  # within the same minute


def test_a_system_asks_how_its_own_prescription_fares(cast: Cast, simrs: Machine) -> None:
    simrs.send(content_of(cast, number="R/2026/7"))
    told = json.loads(simrs.ask("R/2026/7").content)
    assert told["state"] == "placed"
    whose = {"programme", "clause", "patient_pays_rp"}
    assert set(told) == {"number", "order", "state", "promise_at"} | whose
    stranger = machine_of(cast, cast.other_hospital)
    for number in ("R/2026/7", "R-0", "%00", "x" * 41):
        assert stranger.ask(number).status_code in {404, 422}


def test_a_call_takes_a_fixed_number_of_statements(
    cast: Cast, simrs: Machine, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    simrs.ask("R-1")
    for count in range(3):
        with django_assert_num_queries(42):
            simrs.send(content_of(cast, number=f"R-{count}", nik=""), key=f"key-0000000{count}")
    with django_assert_num_queries(2):
        simrs.ask("R-1")


def test_the_reference_can_be_read_without_scripts(cast: Cast) -> None:
    page = Client().get("/api/v1/docs").content.decode()
    assert "<h1>Untuk sistem mitra</h1>" in page
    assert "birth_date" in page
    assert "://" not in page.replace("http://www.w3.org", "")
    assert Client().get("/api/v1/openapi.json").json()["info"]["title"] == "Gancang"


@pytest.mark.django_db(transaction=True)
def test_the_same_call_twice_at_once_is_one_order(cast: Cast, simrs: Machine) -> None:
    def send(_: int) -> HttpResponse:
        try:
            return simrs.send(content_of(cast))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(send, range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.content for answer in answers}) == 1
    assert Order.objects.count() == Call.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_key_for_two_contents_at_once_places_one_of_them(cast: Cast, simrs: Machine) -> None:
    def send(number: str) -> int:
        try:
            return simrs.send(content_of(cast, number=number)).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(send, ["R-1", "R-2"])) == [201, 422]
    assert Order.objects.count() == 1
