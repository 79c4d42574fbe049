"""All that is kept of one person, given to him in one document when he asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from gancang.audit.actions import record
from gancang.medicine.models import Prescription
from gancang.orders.models import Attempt, Order, Proof
from gancang.outbox.models import Letter
from gancang.overview.person_services import (
    cases_in_full,
    enrolments_in_full,
    meals_in_full,
    parcels_of,
    vouchers_in_full,
)
from gancang.residents import queries
from gancang.residents.consents import consents_of
from gancang.residents.rules import Why, number_of_local_id
from gancang.values import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from gancang.regions.models import Region
    from gancang.residents.queries import Person, Reader


@transaction.atomic
def file_of(typed: str, *, region: Region, now: datetime) -> dict[str, Any]:
    """The whole file of the person whom a local id, a NIK or a number means. It is logged."""
    reader = queries.Reader(region=region, by="person", role="", purpose="own file", now=now)
    return file_about(_find(reader, typed), region=region, by="person", now=now)


@transaction.atomic
def file_about(person: Person, *, region: Region, by: str, now: datetime) -> dict[str, Any]:
    """The whole file of somebody who was read for it. That it was given is logged."""
    numbers = queries.numbers_of(person.number)
    orders = list(Order.objects.filter(resident__in=numbers).select_related("programme"))
    told_cases = cases_in_full(numbers)
    cases = [each["code"] for each in told_cases]
    told = {
        "person": _particulars(person),
        "phones": [
            {"number": p.number, "whose": p.whose} for p in queries.phones_of(person.number)
        ],
        "representatives": _representatives(person.number),
        "facts": [
            {"name": name, "value": f.value, "source": f.source, "as_of": f.as_of.isoformat()}
            for name, f in queries.facts_of([person.number])[person.number].items()
        ],
        "consents": _consents(person.number),
        "programmes": enrolments_in_full(numbers),
        "cases": told_cases,
        "meals": meals_in_full(numbers),
        "vouchers": vouchers_in_full(numbers),
        "places": [
            {"lat": pin.lat, "lon": pin.lon, "how": pin.how, "at": _at(pin.at)}
            for pin in queries.pins_of(person.number)
        ],
        "orders": _orders(orders),
        "letters": _letters(region.code, [*(order.code for order in orders), *cases]),
        "read_by": [
            {"at": _at(row.at), "by": row.by, "role": row.role, "purpose": row.purpose}
            for row in queries.readings_of_person(region, person.number)
        ],
    }
    subject = f"resident:{person.number}"
    record("resident.file_given", subject, region=region.code, by=by, now=now)
    return told


def _consents(number: int) -> list[dict[str, Any]]:
    return [
        {"purpose": each.purpose, "given": _at(each.given_at), "withdrawn": _at(each.withdrawn_at)}
        for each in consents_of(number)
    ]


def _representatives(number: int) -> list[dict[str, Any]]:
    return [
        {
            "name": each.full_name,
            "relation": each.relation,
            "phone": each.phone,
            "because": each.because,
            "may_act": each.may_act,
            "may_receive": each.may_receive,
            "since": _at(each.since),
            "until": _at(each.until),
        }
        for each in queries.representatives_of(number, all_times=True)
    ]


def _find(reader: Reader, typed: str) -> Person:
    number = number_of_local_id(typed) or (int(typed) if typed.isdecimal() else 0)
    if len(typed) < 16 and 0 < number < 2**63:
        found = queries.read_people(reader, [number])
        if number in found:
            return found[number]
    people = queries.find_people(reader, typed, most=2) if len(typed) == 16 else []
    if len(people) != 1:
        raise Refused(Why.NO_SUCH_PERSON)
    return people[0]


def _particulars(person: Person) -> dict[str, Any]:
    plain = ("full_name", "nik", "local_id", "family_card", "sex", "phone", "phone_whose")
    where = ("village", "district", "address", "hamlet", "rt", "rw", "landmark", "lat", "lon")
    told = {name: getattr(person, name) for name in (*plain, *where, "pin_grade")}
    return told | {"birth_date": _day(person.birth_date), "deceased_on": _day(person.deceased_on)}


def _orders(orders: list[Order]) -> list[dict[str, Any]]:
    papers = {p.order_id: p for p in Prescription.objects.filter(order__in=orders)}
    proofs = {p.order_id: p for p in Proof.objects.filter(order__in=orders)}
    parcels = parcels_of(orders)
    attempts = list(Attempt.objects.filter(order__in=orders).order_by("pk"))
    return [
        {
            "code": order.code,
            "programme": order.programme.name,
            "placed_at": _at(order.placed_at),
            "state": order.state,
            "price_rp": order.price_rp,
            "patient_pays_rp": order.patient_pays_rp,
            "lat": order.lat,
            "lon": order.lon,
            "prescription": _paper(papers, order),
            "parcel": parcels.get(order.pk),
            "handed_over": _proof(proofs, order),
            "not_handed_over": [
                {"at": _at(each.at), "reason": each.reason, "note": each.note}
                for each in attempts
                if each.order_id == order.pk
            ],
        }
        for order in orders
    ]


def _paper(papers: Mapping[int, Prescription], order: Order) -> dict[str, Any] | None:
    if (row := papers.get(order.pk)) is None:
        return None
    plain = {"number": row.number, "clinic": row.clinic, "prescriber": row.prescriber}
    return plain | {"items": row.items.splitlines()}


def _proof(proofs: Mapping[int, Proof], order: Order) -> dict[str, Any] | None:
    if (row := proofs.get(order.pk)) is None:
        return None
    plain = {"receiver": row.receiver, "relation": row.relation, "factor": row.factor}
    return plain | {"at": _at(row.handed_over_at), "lat": row.lat, "lon": row.lon}


def _letters(region: str, codes: list[str]) -> list[dict[str, Any]]:
    rows = Letter.objects.filter(region_code=region, subject__in=codes).order_by("pk")
    return [
        {"at": _at(row.created_at), "kind": row.kind, "to": row.address, "text": row.body}
        for row in rows
    ]


def _at(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
