"""What somebody got beside medicine, and by what: for his own file, and for the page of staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q

from gancang.enrolment import queries as enrolment
from gancang.enrolment.models import Enrolment, Step
from gancang.fulfilment import queries as fulfilment
from gancang.fulfilment.models import Case, CaseProof
from gancang.orders import queries as orders
from gancang.parcels.models import Parcel, Shown
from gancang.servings import rules as servings
from gancang.servings.models import Away, Diner, Serving, Welfare
from gancang.vouchers.models import Redemption, Voucher
from gancang.vouchers.words import amount_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from gancang.accounts.models import Membership
    from gancang.orders.models import Order

MOST = 50


def parcels_of(told: Sequence[Order]) -> dict[int, dict[str, Any]]:
    """Of these orders, what is kept of the goods and of the proof, by order. Two queries."""
    proofs = {row.order_id: row for row in Shown.objects.filter(order__in=told)}
    return {
        row.order_id: {
            "contents": row.contents,
            "note": row.note,
            "entered_by": row.entered_by,
            "proof": _shown(proofs.get(row.order_id)),
        }
        for row in Parcel.objects.filter(order__in=told)
    }


def _shown(row: Shown | None) -> dict[str, Any] | None:
    if row is None:
        return None
    plain = {"level": row.level, "reason": row.reason, "office": row.office, "left": row.left}
    return plain | {"at": row.at.isoformat()}


def enrolments_in_full(numbers: Sequence[int]) -> list[dict[str, Any]]:
    """All applications of somebody with their whole history. Two queries."""
    rows = enrolment.enrolments_of(numbers)
    steps = list(Step.objects.filter(enrolment__in=rows).order_by("pk"))
    return [
        {
            "code": row.code,
            "programme": row.programme.name,
            "version": row.programme.version,
            "state": row.state,
            "clause": row.clause,
            "applied_at": row.applied_at.isoformat(),
            "documents": row.documents,
            "check_by": _day(row.check_by),
            "overridden_by": row.overridden_by,
            "ends_on": _day(row.ends_on),
            "why": row.why,
            "referral": row.referral,
            "history": [_step(each) for each in steps if each.enrolment_id == row.pk],
        }
        for row in rows
    ]


def _step(row: Step) -> dict[str, Any]:
    told = {"deed": row.deed, "state": row.state, "by": row.by, "note": row.note, "why": row.why}
    return told | {"at": row.at.isoformat(), "clause": row.clause, "facts": row.proofs}


def cases_in_full(numbers: Sequence[int]) -> list[dict[str, Any]]:
    """All visits, rides and transfers for somebody, with what proved them. Two queries."""
    rows = Case.objects.filter(resident__in=numbers).select_related(
        "programme", "performer", "enrolment"
    )
    cases = list(rows.order_by("day", "pk"))
    proofs = list(CaseProof.objects.filter(case__in=cases).order_by("pk"))
    return [
        {
            "code": row.code,
            "programme": row.programme.name,
            "kind": row.kind,
            "item": row.item,
            "day": row.day.isoformat(),
            "by": row.performer.name,
            "from": row.pickup,
            "to": row.dropoff,
            "account": row.account,
            "state": row.state,
            "reason": row.reason,
            "price_rp": row.price_rp,
            "clause": row.clause,
            "enrolment": row.enrolment.code if row.enrolment else None,
            "proofs": [_case_proof(each) for each in proofs if each.case_id == row.pk],
        }
        for row in cases
    ]


def _case_proof(row: CaseProof) -> dict[str, Any]:
    told: dict[str, Any] = {"level": row.level, "note": row.note, "people": row.people}
    told |= {"began_at": _at(row.began_at), "ended_at": _at(row.ended_at), "at": _at(row.at)}
    return told | {"reference": row.reference, "witness": row.witness, "signed": row.signature}


def meals_in_full(numbers: Sequence[int]) -> list[dict[str, Any]]:
    """All meals of somebody by the calendar, exceptions, ticks, checks of welfare. Four queries."""
    rows = Diner.objects.filter(resident__in=numbers).select_related("programme", "enrolment")
    diners = list(rows.order_by("pk"))
    gaps = list(Away.objects.filter(diner__in=diners).order_by("first", "pk"))
    ticks = list(Serving.objects.filter(diner__in=diners).order_by("due_at", "pk"))
    checks = list(Welfare.objects.filter(diner__in=diners).order_by("pk"))
    return [
        {
            "programme": row.programme.name,
            "meals": row.meals,
            "diet": row.diet,
            "from": row.first.isoformat(),
            "until": _day(row.last),
            "clause": row.clause,
            "enrolment": row.enrolment.code if row.enrolment else None,
            "away": [
                {"from": each.first.isoformat(), "until": each.last.isoformat(), "why": each.why}
                for each in gaps
                if each.diner_id == row.pk
            ],
            "brought": [
                {"day": each.day.isoformat(), "meal": each.meal, "state": each.state}
                | {"reason": each.reason}
                for each in ticks
                if each.diner_id == row.pk
            ],
            "welfare": [
                {"opened": _at(each.opened_at), "answer": each.answer}
                for each in checks
                if each.diner_id == row.pk
            ],
        }
        for row in diners
    ]


def vouchers_in_full(numbers: Sequence[int]) -> list[dict[str, Any]]:
    """All balances that somebody was given, and what was taken of each where. Two queries."""
    rows = Voucher.objects.filter(resident__in=numbers).select_related("programme")
    held = list(rows.order_by("first", "pk"))
    taken = Redemption.objects.filter(voucher__in=held).select_related("shop")
    parts = list(taken.order_by("said_at", "pk"))
    return [
        {
            "code": row.code,
            "programme": row.programme.name,
            "cycle": row.cycle,
            "until": row.last.isoformat(),
            "amount": amount_words(row, row.count),
            "rest": amount_words(row, row.left),
            "state": row.state,
            "taken": [
                {
                    "code": each.code,
                    "amount": amount_words(row, each.count),
                    "where": each.shop.name,
                }
                | {"at": _at(each.said_at), "state": each.state}
                for each in parts
                if each.voucher_id == row.pk
            ],
        }
        for row in held
    ]


@dataclass(frozen=True, slots=True)
class Services:
    """What somebody gets, as far as the asker may see it; the newest first, and not endless."""

    enrolments: list[Enrolment]
    orders: list[Order]
    cases: list[Case]
    meals: list[Diner]
    vouchers: list[Voucher]


def services_of(asker: Membership, numbers: Sequence[int]) -> Services:
    """What the asker may see of what somebody gets, under all his numbers. Five queries."""
    held = Voucher.objects.filter(region=asker.region_id, resident__in=numbers)
    mine = orders.visible_to(asker).filter(resident__in=numbers).select_related("programme")
    cases = fulfilment.visible_to(asker).filter(resident__in=numbers)
    entries = enrolment.visible_to(asker).filter(resident__in=numbers)
    return Services(
        enrolments=list(entries.order_by("-pk")[:MOST]),
        orders=list(mine.order_by("-pk")[:MOST]),
        cases=list(cases.order_by("-day", "-pk")[:MOST]),
        meals=_meals(asker, numbers),
        vouchers=list(held.select_related("programme").order_by("-first", "-pk")[:MOST]),
    )


def _meals(asker: Membership, numbers: Sequence[int]) -> list[Diner]:
    rows = Diner.objects.filter(region=asker.region_id, resident__in=numbers)
    counted = {
        "seen": Count("servings", filter=Q(servings__state=servings.SEEN)),
        "unseen": Count("servings", filter=Q(servings__state=servings.UNSEEN)),
    }
    rows = rows.select_related("programme", "enrolment").annotate(**counted)
    return list(rows.order_by("-pk")[:MOST])


def _at(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
