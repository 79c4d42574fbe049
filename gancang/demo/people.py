"""Who can be played in the demonstration, and the invented patients of its day."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from gancang.accounts.actions import Newcomer, add_person
from gancang.accounts.models import Role, User
from gancang.accounts.queries import list_demo_people
from gancang.demo.roster import papers_and_plan
from gancang.fleet.actions import enlist, start_shift, train
from gancang.medicine.actions import PROGRAMME
from gancang.medicine.rules import Draft
from gancang.programmes.queries import get_programme, terms_of
from gancang.regions.queries import list_organisations, today_in
from gancang.values import Point, metres_between

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from gancang.fleet.models import Rider
    from gancang.regions.models import Organisation, Region, Village

FOOD = "antar-warung"  # whoever may carry food may carry papers too
PASSWORD = "gancang-demo"  # told on the first page: it opens nothing but the demonstration
RIDERS = ("slamet", "budi", "agus", "yoyok", "imam", "hari", "wahyu", "anton")
OFFICE = (
    ("wati", "Wati Ningsih", Role.COUNTER_CLERK, "hospital"),
    ("rini", "apt. Rini Astuti", Role.PHARMACIST, "hospital"),
    ("ningsih", "Ningsih Rahayu", Role.COUNTER_CLERK, "documents"),
    ("ratna", "Ners Ratna Sari", Role.COUNTER_CLERK, "visits"),
    ("toni", "Toni Hermawan", Role.RIDER, "fleet"),
    ("sri", "Sri Wahyuni", Role.STALL, "kitchen"),
    ("tini", "Tini Suhartini", Role.RIDER, "fleet"),
    ("wahid", "Wahid Hasyim", Role.VILLAGE_CLERK, "puskesmas"),
    ("yanti", "Yanti Kusuma", Role.OPERATOR, ""),
    ("dian", "Dian Puspita", Role.PROGRAMME_OFFICER, ""),
    ("hadi", "Hadi Prasetyo", Role.TREASURER, ""),
    ("lestari", "Lestari Dewi", Role.AUDITOR, ""),
    ("bagus", "Bagus Wicaksono", Role.ADMIN, ""),
)
FIRST = (
    "Siti",
    "Sri",
    "Sumiati",
    "Suparti",
    "Misnah",
    "Katemi",
    "Ponirah",
    "Sulastri",
    "Ngatini",
    "Supardi",
    "Slamet",
    "Mistar",
    "Paimin",
    "Saniman",
    "Suyitno",
    "Kasiyan",
    "Mulyadi",
    "Tukiran",
)
LAST = (
    "Aminah",
    "Rahayu",
    "Wulandari",
    "Handayani",
    "Lestari",
    "Utami",
    "Santoso",
    "Wijaya",
    "Susanto",
    "Hidayat",
    "Riyadi",
    "Purnomo",
    "Setiawan",
    "Basuki",
)
CLINICS = (
    ("Saraf", "dr. Ayu, Sp.N"),
    ("Jantung", "dr. Bram, Sp.JP"),
    ("Penyakit Dalam", "dr. Citra, Sp.PD"),
)
ITEMS = (
    "Amlodipin 5 mg, 1x1",
    "Metformin 500 mg, 2x1",
    "Bisoprolol 2,5 mg, 1x1",
    "Clopidogrel 75 mg, 1x1",
    "Atorvastatin 20 mg, 1x1",
    "Asam folat 1 mg, 1x1",
    "Ramipril 5 mg, 1x1",
    "Gabapentin 100 mg, 1x1",
    "Vitamin B kompleks, 1x1",
)
LANDMARKS = (
    "belakang musala",
    "sebelah warung",
    "depan balai dusun",
    "pagar biru",
    "dekat jembatan",
    "utara sekolah dasar",
    "",
)


def hire(region: Region, *, at_work: bool, now: datetime) -> list[User]:
    """Make the people of the demonstration, unless they are there; the riders who act alone."""
    if not list_demo_people():
        hospital = list_organisations(region, ["hospital"])[0]
        fleet = _fleet_of(region)
        health_centre = _near_a_kitchen(region)
        kitchens = list_organisations(region, ["kitchen"])
        places = {
            "hospital": hospital,
            "fleet": fleet,
            "puskesmas": health_centre,
            "documents": _house_of(region, "dokumen") or hospital,
            "visits": _house_of(region, "jemput-bola") or health_centre,
        }
        places |= {"kitchen": kitchens[0]} if kitchens else {}
        riders: list[Rider] = []
        for username, name, role, kind in OFFICE:
            organisation = places.get(kind)
            if kind and organisation is None:
                continue  # a region without kitchens has nobody to cook
            user = _hire(username, name, role, organisation, region, now=now)
            if role == Role.RIDER:
                riders.append(_enlist(user, fleet, region, now=now))
            if role == Role.OPERATOR:
                desk = user
        for username in RIDERS:
            user = _hire(username, username.title(), Role.RIDER, fleet, region, now=now)
            riders.append(_enlist(user, fleet, region, now=now))
            if at_work:
                start_shift(riders[-1], now=now)
        papers_and_plan(riders, by=desk, now=now)
    return [m.user for m in list_demo_people() if m.user.username in RIDERS]


def _house_of(region: Region, programme: str) -> Organisation | None:
    """The first house from which a programme starts."""
    starts = get_programme(region, programme).told.get("from_organisations")
    houses = list_organisations(region, ["office", "puskesmas"])
    return next((house for house in houses if starts and house.code in starts), None)


def _near_a_kitchen(region: Region) -> Organisation:
    """The health centre whose village clerk looks after those who eat from the first kitchen."""
    centres = list_organisations(region, ["puskesmas"])
    kitchens = list_organisations(region, ["kitchen"])
    if not kitchens:
        return centres[0]
    here = _point(kitchens[0])
    return min(centres, key=lambda centre: metres_between(_point(centre), here))


def _point(house: Organisation) -> Point:
    assert house.lat is not None, house.code
    assert house.lon is not None, house.code
    return Point(house.lat, house.lon)


def _fleet_of(region: Region) -> Organisation:
    carriers = terms_of(get_programme(region, PROGRAMME)).carriers
    fleets = list_organisations(region, ["fleet"])
    # Without any named, the one whose people ride motorbikes: packs tell them first.
    usual = min(fleets, key=lambda fleet: fleet.pk)
    return next((fleet for fleet in fleets if fleet.code in carriers), usual)


def _hire(
    username: str,
    name: str,
    role: Role,
    organisation: Organisation | None,
    region: Region,
    *,
    now: datetime,
) -> User:
    newcomer = Newcomer(
        username=username,
        full_name=name,
        password=PASSWORD,
        role=role,
        organisation=organisation,
        is_demo=True,
    )
    return add_person(newcomer, region=region, by="demo", now=now)


def _enlist(user: User, fleet: Organisation, region: Region, *, now: datetime) -> Rider:
    today = today_in(region, now)
    rider = enlist(user, organisation=fleet, vehicle="motor", plate="P 0000 XX", by="demo", now=now)
    for code in (PROGRAMME, FOOD):
        train(
            rider,
            item_class=terms_of(get_programme(region, code)).training_class,
            trained_on=today - timedelta(days=30),
            expires_on=today + timedelta(days=335),
            by="demo",
            now=now,
        )
    return rider


def patients(
    villages: Sequence[Village], count: int, *, near: Collection[str], seed: int, today: date
) -> list[Draft]:
    """Invented prescriptions over real villages: more where more people live, few far away.

    `near`: the codes of the villages to which somebody rides at once.
    """
    chance = random.Random(seed)
    weights = [
        (village.population or 1) * (20 if village.code in near else 1) for village in villages
    ]
    homes = chance.choices(villages, weights, k=count)
    return [_patient(chance, place, home, today) for place, home in enumerate(homes, start=1)]


def _patient(chance: random.Random, place: int, home: Village, today: date) -> Draft:
    clinic, prescriber = chance.choice(CLINICS)
    born = date(chance.randint(1938, 1985), chance.randint(1, 12), chance.randint(1, 28))
    # Within a few hundred metres of the village's point; a third have no pin of their house yet.
    pinned = chance.random() < 0.67
    spread = 0.004
    return Draft(
        number=f"DEMO-{today:%y%m%d}-{place:03d}",
        clinic=clinic,
        prescriber=prescriber,
        items="\n".join(chance.sample(ITEMS, chance.randint(3, 8))),
        full_name=f"{chance.choice(FIRST)} {chance.choice(LAST)}",
        nik="",
        birth_date=born,
        phone=f"+62812{chance.randint(10_000_000, 99_999_999)}",
        village=home.code,
        address=f"Dusun Krajan RT {chance.randint(1, 12):02d}/RW {chance.randint(1, 6):02d}",
        landmark=chance.choice(LANDMARKS),
        lat=home.lat + chance.uniform(-spread, spread) if pinned else None,
        lon=home.lon + chance.uniform(-spread, spread) if pinned else None,
        pbi=True,
        pbi_as_of=today,
        # Some came by a file, and somebody has to ring them first.
        confirmed=place % 12 != 5,
    )
