"""The cast of all stories: the people of one hospital, one fleet, one regency office.

Stories are told in the region that GANCANG_PACK names, so the suite runs on every pack alike:
nothing here or in a story may know which region it is.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from gancang import packs
from gancang.accounts.actions import Newcomer, add_person
from gancang.accounts.models import Membership, Role, User
from gancang.dispatch.models import Offer
from gancang.dispatch.ticking import tick
from gancang.fleet.actions import enlist, start_shift, train
from gancang.ledger.actions import reserve_all
from gancang.ledger.models import Account, Budget, Transfer
from gancang.ledger.waterfall import Payer, Reservation
from gancang.medicine.actions import PROGRAMME
from gancang.medicine.desk import REVIEW_POINTS
from gancang.orders.models import Order
from gancang.programmes.queries import get_programme, terms_of
from gancang.regions.models import Organisation, Region, Village
from gancang.regions.pack import Pack, read_pack
from gancang.regions.queries import today_in
from gancang.values import Money

ROOT = Path(__file__).parent.parent
PACK = ROOT / "region_packs" / os.environ.get("GANCANG_PACK", "banyuwangi")
PASSWORD = "kopi-osing-pagi-2026"  # the same for the whole cast


def load_pack(folder: Path = PACK) -> Region:
    """The region of the stories, loaded as `gancang load-region` does it, and in force today."""
    now = datetime.now(UTC)
    pack = _in_force(read_pack(folder), now.year)
    packs.take_in(pack, by="tests", now=now)
    return Region.objects.get(code=pack.region.code)


def _in_force(pack: Pack, year: int) -> Pack:
    # Stories are told today; the packs' agreements and budgets run out one day.
    # Nobody is to wait for a pharmacist's pause; the stories of the second look set it themselves.
    desk = {**pack.region.config["desk"], "pause_seconds": 0, "second_person": False}
    region = replace(pack.region, config={**pack.region.config, "desk": desk})
    ends = date(year + 1, 12, 31)
    programmes = tuple(
        replace(
            programme,
            agreements=tuple(replace(deal, until_date=ends) for deal in programme.agreements),
            told={
                **programme.told,
                "agreement": [
                    {**deal, "until": ends.isoformat()} for deal in programme.told["agreement"]
                ],
            },
        )
        for programme in pack.programmes
    )
    years = {line.year for line in pack.budgets}
    newest = [line for line in pack.budgets if line.year == max(years)]
    added = [replace(line, year=y) for y in (year, year + 1) if y not in years for line in newest]
    return replace(pack, region=region, programmes=programmes, budgets=pack.budgets + tuple(added))


def permit_truncate() -> None:
    """Let the test database be emptied between stories; a real one refuses it."""
    with connection.cursor() as cursor:
        for table in ("audit_event", "audit_link", "audit_seal", "ledger_transfer"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_no_truncate")


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays. Each has one role; the strangers work for another organisation."""

    region: Region
    hospital: Organisation
    other_hospital: Organisation
    fleet: Organisation
    other_fleet: Organisation
    village: Village  # where the patients live
    clerk: User  # Wati, at the counter
    pharmacist: User  # Bu Rini
    rider: User  # Toni
    second_rider: User  # Slamet, of the same fleet
    stall: User  # Bu Sri, who cooks at the first kitchen of the pack
    village_clerk: User  # Pak Wahid, at the office of that village
    operator: User
    officer: User  # Dian, of the programmes
    treasurer: User
    auditor: User
    admin: User
    other_pharmacist: User  # at the other hospital
    other_rider: User  # of the other fleet

    def everybody(self) -> list[User]:
        """All who play."""
        return [getattr(self, part) for part in HIRED]

    def of(self, role: str) -> User:
        """Who plays a role."""
        short = {Role.COUNTER_CLERK: "clerk", Role.PROGRAMME_OFFICER: "officer"}
        user: User = getattr(self, short.get(Role(role), str(role)))
        return user

    def member(self, user: User) -> Membership:
        """The one membership of a person."""
        return Membership.objects.select_related("user", "region", "organisation").get(user=user)


@pytest.fixture
def region(db: None) -> Region:
    """The region, also after a story that emptied the tables."""
    return Region.objects.first() or load_pack()


HIRED = {
    "clerk": (Role.COUNTER_CLERK, "Wati", "hospital"),
    "pharmacist": (Role.PHARMACIST, "Rini", "hospital"),
    "rider": (Role.RIDER, "Toni", "fleet"),
    "second_rider": (Role.RIDER, "Slamet", "fleet"),
    "village_clerk": (Role.VILLAGE_CLERK, "Wahid", "office"),
    "stall": (Role.STALL, "Sri", "kitchen"),
    "operator": (Role.OPERATOR, "Yanti", ""),
    "officer": (Role.PROGRAMME_OFFICER, "Dian", ""),
    "treasurer": (Role.TREASURER, "Hadi", ""),
    "auditor": (Role.AUDITOR, "Lestari", ""),
    "admin": (Role.ADMIN, "Bagus", ""),
    "other_pharmacist": (Role.PHARMACIST, "Dewi", "other_hospital"),
    "other_rider": (Role.RIDER, "Joko", "other_fleet"),
}


@pytest.fixture
def cast(region: Region) -> Cast:
    """Everybody, hired once a run with the region; anew after a story that emptied the tables."""
    return hire(region)


def hire(region: Region) -> Cast:
    """The cast of a region; whoever is not there yet is hired."""
    houses = {**_two(region, "hospital"), **_two(region, "fleet")}
    village = _near(houses["hospital"])
    office: dict[str, Any] = {"code": "balai-desa", "kind": "office", "name": "Balai Desa"}
    at_home, _new = Organisation.objects.get_or_create(region=region, village=village, **office)
    kitchen = Organisation.objects.filter(region=region, kind="kitchen").order_by("code")[0]
    work = {**houses, "office": at_home, "kitchen": kitchen}
    names = {part: part.replace("_", "-") for part in HIRED}
    known = {user.username: user for user in User.objects.filter(username__in=names.values())}
    who: dict[str, Any] = {
        part: known.get(name) or _hire(region, part, name, work) for part, name in names.items()
    }
    return Cast(region=region, village=village, **{**houses, **who})


def get_ready() -> None:
    """All that stories begin with: the region, the cast, and everybody logged in."""
    permit_truncate()
    for user in hire(load_pack()).everybody():
        client_of(user)


def _hire(region: Region, part: str, name: str, houses: dict[str, Organisation]) -> User:
    role, full_name, house = HIRED[part]
    newcomer = Newcomer(
        username=name,
        full_name=full_name,
        password=PASSWORD,
        role=role,
        organisation=houses.get(house),
    )
    return add_person(newcomer, region=region, by="tests", now=datetime.now(UTC))


def _near(hospital: Organisation) -> Village:
    # So near that somebody rides at once; the far ones have stories of their own.
    assert hospital.village is not None
    villages = Village.objects.filter(district=hospital.village.district_id)
    return villages.exclude(code=hospital.village.code).order_by("code")[0]


def _two(region: Region, kind: str) -> dict[str, Organisation]:
    houses = Organisation.objects.select_related("village").filter(region=region, kind=kind)
    return dict(zip((kind, f"other_{kind}"), houses.order_by("code")[:2], strict=True))


def client_of(user: User) -> Client:
    """A browser in which somebody has logged in; the log-in lasts for the whole story."""
    client = Client()
    key = f"browser-of-{user.pk}"
    user.refresh_from_db()  # a story may have ended the log-ins of before
    if SessionStore(key).get(HASH_SESSION_KEY) != user.get_session_auth_hash():
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        Session.objects.filter(pk=key).delete()
        Session.objects.filter(pk=client.session.session_key).update(session_key=key)
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    return client


BORN = date(1951, 3, 9)
NIK = "3510164903510001"  # a woman born on BORN


def typed_prescription(cast: Cast, **changed: str) -> dict[str, str]:
    """What the counter types for Sari, who holds an active PBI card."""
    typed = {
        "number": "R-2026-0001",
        "full_name": "Sari",
        "nik": NIK,
        "birth_date": BORN.strftime("%d-%m-%Y"),
        "phone": "0812 3456 7890",
        "village": cast.village.code,
        "address": "Dusun Krajan RT 02/RW 01",
        "landmark": "belakang musala",
        "clinic": "Saraf",
        "prescriber": "dr. Ayu",
        "items": "Amlodipine 5 mg 1x1\nMetformin 500 mg 2x1",
        "pbi": "ya",
        "confirmed": "y",
    }
    return {**typed, **changed}


def typed_release(order: Order, **changed: object) -> dict[str, object]:
    """What the pharmacist ticks and types when all is well."""
    typed = {
        "version": order.version,
        "topics": ["use", "dose", "side_effects", "storage", "warnings"],
        "channel": "counter",
        "told_to": "patient",
        "bags": 1,
        "bag_code": "",
        "checked": "on",
        "points": list(REVIEW_POINTS),  # the review, in one step with the release
    }
    return {**typed, **changed}


def place(cast: Cast, **changed: str) -> Order:
    """An order that the counter placed."""
    typed = typed_prescription(cast, **changed)
    response = client_of(cast.clerk).post("/medicine/new", typed)
    assert response.status_code == 302, response.content.decode()
    return Order.objects.get(prescription__number=typed["number"])


def release(cast: Cast, order: Order) -> Order:
    """The order, let out by the pharmacist."""
    url = f"/medicine/orders/{order.code}/release"
    response = client_of(cast.pharmacist).post(url, typed_release(order))
    assert response.status_code == 302, response.content.decode()
    order.refresh_from_db()
    return order


def at_work(cast: Cast, *users: User) -> None:
    """Riders who are enlisted, trained and on shift."""
    now = datetime.now(UTC)
    training = terms_of(get_programme(cast.region, PROGRAMME)).training_class
    for user in users:
        member = cast.member(user)
        assert member.organisation is not None
        rider = enlist(
            user,
            organisation=member.organisation,
            vehicle="motor",
            plate="P 1234 XY",
            by="tests",
            now=now,
        )
        train(
            rider,
            item_class=training,
            trained_on=now.date() - timedelta(days=1),
            expires_on=now.date() + timedelta(days=365),
            by="tests",
            now=now,
        )
        start_shift(rider, now=now)


def offer_to(cast: Cast, order: Order) -> Offer:
    """The offer that a tick makes for an order."""
    tick(cast.region, now=datetime.now(UTC), seed=1)
    return Offer.objects.get(order=order, answer="open")


def assigned(cast: Cast, **typed: str) -> Order:
    """An order that Toni has taken and not fetched yet."""
    at_work(cast, cast.rider)
    order = release(cast, place(cast, **typed))
    offer = offer_to(cast, order)
    client_of(cast.rider).post(f"/dispatch/rider/offers/{offer.pk}", {"answer": "yes"})
    order.refresh_from_db()
    assert order.state == "assigned", order.state
    return order


def collected(cast: Cast, **typed: str) -> Order:
    """An order whose bag Toni holds."""
    order = assigned(cast, **typed)
    scanned = {"version": order.version, "bag_code": " ".join(order.codes_on_bags)}
    client_of(cast.rider).post(f"/dispatch/rider/orders/{order.code}", scanned)
    order.refresh_from_db()
    assert order.state == "collected", order.state
    return order


def typed_hand_over(order: Order, **changed: object) -> dict[str, object]:
    """What Toni types at the door."""
    typed = {
        "version": order.version,
        "bag_codes": " ".join(order.codes_on_bags),
        "receiver": "Sari",
        "relation": "patient",
        "factor": BORN.strftime("%d-%m-%Y"),
    }
    return {**typed, **changed}


def delivered(cast: Cast) -> Order:
    """An order that Toni handed to Sari."""
    order = collected(cast)
    url = f"/medicine/orders/{order.code}/hand-over"
    response = client_of(cast.rider).post(url, typed_hand_over(order))
    assert response.status_code == 302, response.content.decode()
    order.refresh_from_db()
    return order


def failed(cast: Cast, reason: str = "nobody_home") -> Order:
    """An order whose bag Toni could not hand over and still holds."""
    order = collected(cast)
    typed = {
        "version": order.version,
        "reason": reason,
        "incident": "accident" if reason == "rider_incident" else "",
        "note": "pagar terkunci",
    }
    client_of(cast.rider).post(f"/dispatch/rider/orders/{order.code}/fail", typed)
    order.refresh_from_db()
    assert order.state == "failed", order.state
    return order


def shares_of_order(code: str) -> dict[str, int]:
    """What each fund set aside for an order when it was placed, in rupiah."""
    rows = Transfer.objects.filter(about=code, kind="reserve")
    return {
        row.target.budget.fund.code: row.amount_rp
        for row in rows.select_related("target__budget__fund")
        if row.target.budget
    }


def leave_in_budgets(cast: Cast, left: dict[str, int]) -> None:
    """Set all of this year's money aside for something else, but for what is left of each fund."""
    year = today_in(cast.region, datetime.now(UTC)).year
    budgets = Budget.objects.filter(fund__region=cast.region, programme=PROGRAMME, year=year)
    wanted = [
        Reservation(
            order="ELSEWHERE",
            programme=PROGRAMME,
            year=year,
            amount=Money(free_in(budget) - left.get(budget.fund.code, 0)),
            payers=(Payer(budget.fund.code),),
            area="",
        )
        for budget in budgets.select_related("fund")
    ]
    reserve_all(wanted, region=cast.region, by="tests", now=datetime.now(UTC))


def free_in(budget: Budget) -> int:
    """What nobody has set aside of a budget yet, in rupiah."""
    return Account.objects.get(budget=budget, kind=Account.Kind.AVAILABLE).balance_rp
