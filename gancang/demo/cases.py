"""Rides, transfers and vouchers of the demonstration: some done and paid, some still to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from functools import partial
from typing import TYPE_CHECKING

from gancang.cards.queries import find_card
from gancang.demo.enrolling import enrol, neighbours
from gancang.enrolment.actions import Deed
from gancang.fulfilment import actions, paying
from gancang.fulfilment.actions import Draft
from gancang.fulfilment.rules import Line, Rhythm, Told, performers_of
from gancang.programmes.queries import get_programme, terms_of
from gancang.regions.queries import list_organisations, today_in
from gancang.values import Money
from gancang.vouchers import actions as vouchers
from gancang.vouchers.actions import Asked
from gancang.vouchers.queries import offer_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from gancang.accounts.models import User
    from gancang.fulfilment.models import Case
    from gancang.regions.models import Organisation, Region
    from gancang.residents.models import Resident

OWNERS = ("Bu Lilik", "Pak Jumadi", "Bu Endah")
PUPILS = ("Rizky Maulana", "Putri Ayu Lestari")
SHOPPERS = ("Bu Sulastri", "Pak Mistar", "Bu Katinah", "Pak Suyitno")
TRIPS = {"06:00": 14, "06:30": 11}  # this morning's, each with the pupils that were counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Who plans, who pays, who takes vouchers."""

    officer: User
    treasurer: User
    stall: User


def parts_of(home: Organisation, staff: Staff) -> list[Callable[..., None]]:
    """Each for itself; `home`: the health centre of the village in which people live."""
    return [
        partial(school_day, home.region, staff),
        partial(grants, home, staff),
        partial(shopping, home, staff),
    ]


def school_day(region: Region, staff: Staff, *, now: datetime) -> None:
    """The school's angkot: this morning's trips are counted, those of the week are planned."""
    programme, today = get_programme(region, "angkot-sekolah"), today_in(region, now)
    for hour, pupils in TRIPS.items():
        rhythm = Rhythm(first=today, last=today + timedelta(days=6), weekdays=frozenset(range(6)))
        if today.weekday() not in rhythm.weekdays:
            rhythm = Rhythm(first=today, last=today)
        draft = Draft(
            programme=programme,
            performer=_performer(region, programme.code),
            rhythm=rhythm,
            at=time.fromisoformat(hour),
            pickup="Terminal",
            dropoff="SMP dan SMA",
            seats=12,
        )
        trip = actions.plan(draft, by=staff.officer.username, now=now)[0]
        told = Told(level="count", people=pupils)
        actions.prove(trip, told, by=staff.officer, seen_version=None, now=now)


def grants(home: Organisation, staff: Staff, *, now: datetime) -> None:
    """WENAK: one is paid and owes its report, one is on the bank's list, one waits for a list.

    Pocket money of two pupils waits too.
    """
    region, by = home.region, staff.treasurer
    facts: dict[str, bool | int | str] = {"runs_business": True, "local_list": True}
    owners = neighbours(home, OWNERS, facts, now=now)
    paid, *_others = _transfers(owners[:1], "wenak", staff, now=now)
    paying.make_list(region, "wenak", by=by, now=now)
    line = Line(1, paid.code, Money(paid.price_rp), "TRX-DEMO-1")
    paying.take_statement(region, [line], by=by, now=now)
    _transfers(owners[1:2], "wenak", staff, now=now)
    paying.make_list(region, "wenak", by=by, now=now)
    _transfers(owners[2:], "wenak", staff, now=now)
    facts = {"is_pupil": True, "local_list": True, "school_level": "SMP"}
    _transfers(
        neighbours(home, PUPILS, facts, born=now.year - 14, now=now), "uang-saku", staff, now=now
    )


def _transfers(people: Sequence[Resident], code: str, staff: Staff, *, now: datetime) -> list[Case]:
    """All are let in, and a transfer to each is planned."""
    region, everybody = people[0].region, len(people)
    deed = Deed(by=staff.officer.username, now=now)
    enrol(people, code, region, deed, papers=everybody, seen=everybody)
    programme, today = get_programme(region, code), today_in(region, now)
    made = []
    for person in people:
        draft = Draft(
            programme=programme,
            performer=_performer(region, code),
            rhythm=Rhythm(first=today, last=today),
            person=person.pk,
            account=f"BRI 0021-01-{person.pk:06d}",
        )
        made += actions.plan(draft, by=staff.officer.username, now=now)
    return made


def _performer(region: Region, code: str) -> Organisation:
    """Whoever a programme names as the first that does it."""
    names = performers_of(terms_of(get_programme(region, code)))
    houses = list_organisations(region, ["fleet", "office", "puskesmas", "hospital"])
    return next(house for house in houses if house.code in names)


def shopping(home: Organisation, staff: Staff, *, now: datetime) -> None:
    """Vouchers of this month: all are given, two were shown at a stall."""
    region = home.region
    people = neighbours(home, SHOPPERS, {"local_list": True}, now=now)
    deed = Deed(by=staff.officer.username, now=now)
    enrol(people, "kupon-belanja", region, deed, papers=len(people), seen=len(people))
    programme = get_programme(region, "kupon-belanja")
    vouchers.issue(programme, region=region, by=staff.officer.username, now=now)
    offer = offer_of(programme)
    assert offer is not None, programme
    own = staff.stall.memberships.get().organisation_id
    shops = list_organisations(region, ["kitchen", "shop"])
    taking = [shop for shop in shops if not offer.at or shop.code in offer.at]
    shop = min(taking, key=lambda shop: shop.pk != own)
    for number, person in enumerate(people[:2], 1):
        card = find_card(region, person.pk)
        assert card is not None, person
        asked = Asked(card=card, programme="", count=15_000 * number, key=f"demo-{number}")
        vouchers.redeem(asked, shop=shop, by=staff.stall, now=now)
