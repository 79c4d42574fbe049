"""Reading cases. Each question knows who asks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet, Sum
from django.shortcuts import get_object_or_404

from gancang.accounts.models import Role
from gancang.audit.queries import list_story
from gancang.fulfilment import rules
from gancang.fulfilment.models import BankList, Case, CaseProof
from gancang.ledger.queries import lines_of
from gancang.orders import queries as orders
from gancang.orders.lifecycle import MEDICINE
from gancang.orders.queries import Proven
from gancang.programmes.queries import list_programmes, terms_of
from gancang.programmes.rules import clause_named
from gancang.regions.models import Organisation
from gancang.residents.queries import numbers_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from gancang.accounts.models import Membership
    from gancang.programmes.models import Programme
    from gancang.programmes.rules import Terms
    from gancang.regions.models import Region

_WITH = ("region", "programme", "performer", "worker", "enrolment__programme")


def visible_to(asker: Membership) -> QuerySet[Case]:
    """The cases that somebody may see, in the role in which he acts."""
    rows = Case.objects.filter(region=asker.region_id).select_related(*_WITH)
    match asker.role:
        case Role.COUNTER_CLERK:
            return rows.filter(performer=asker.organisation_id)
        case Role.RIDER:
            return rows.filter(worker=asker.user_id)
        case _:
            return rows


def get_case(asker: Membership, code: str) -> Case:
    """One case that the asker may see, or 404."""
    return get_object_or_404(visible_to(asker), code=code)


def find_case(asker: Membership, code: str) -> Case | None:
    """One case that the asker may see, if this is the code of one."""
    return visible_to(asker).filter(code=code).first()


def find_by_code(code: str) -> Case | None:
    """One case by its code, for the command line and for lines of the book."""
    return Case.objects.select_related(*_WITH).filter(code=code).first()


def cases_found(
    asker: Membership, *, day: date | None, typed: str = "", state: str = ""
) -> QuerySet[Case]:
    """The cases of a day, or of all days; one of them by its code."""
    rows = visible_to(asker)
    code = typed.strip().upper()[:20].replace("\0", "")
    if code:
        return rows.filter(code=code)
    if state in rules.STATES:
        rows = rows.filter(state=state)
    return rows.filter(day=day) if day else rows


def work_of(asker: Membership, *, on: date) -> QuerySet[Case]:
    """What somebody has to do on a day and has not done: his own, and what nobody has taken yet."""
    rows = visible_to(asker).filter(day=on, state__in=sorted(rules.OPEN))
    rows = rows.exclude(kind=rules.TRANSFER)
    return rows.filter(Q(worker=asker.user_id) | Q(worker=None))


def programmes_to_plan(asker: Membership) -> list[Programme]:
    """The programmes of visits, rides and transfers that the asker may plan. One query."""
    found = []
    for row in list_programmes(asker.region):
        terms = terms_of(row)
        if terms.kind not in rules.KINDS or terms.item_class == MEDICINE:
            continue
        performers = rules.performers_of(terms)
        here = asker.organisation is None or asker.organisation.code in performers
        if here or not performers:
            found.append(row)
    return found


def performers_in(region: Region, terms: Iterable[Terms]) -> list[Organisation]:
    """Who does something for one of these programmes. One query."""
    codes = {code for each in terms for code in rules.performers_of(each)}
    rows = Organisation.objects.filter(region=region, code__in=codes)
    return list(rows.order_by("name"))


def had_before(
    resident: int, programme: str, *, year: int | None, but: Iterable[int] = ()
) -> Case | None:
    """A case by which somebody has, or gets, what is given once; under all his numbers."""
    rows = Case.objects.filter(resident__in=numbers_of(resident), programme__code=programme)
    rows = rows.exclude(state__in=[rules.MISSED, rules.CANCELLED]).exclude(pk__in=list(but))
    if year is not None:
        rows = rows.filter(day__year=year)
    return rows.order_by("day").first()


def proofs_of(case: Case) -> list[CaseProof]:
    """What proved a case so far, oldest first."""
    return list(CaseProof.objects.filter(case=case).select_related("by").order_by("pk"))


def is_verified(case: Case) -> bool:
    """Whether somebody saw it in the field: for the case, or before the person was enrolled."""
    if case.enrolment and case.enrolment.verified_at:
        return True
    return CaseProof.objects.filter(case=case, level="field").exists()


def ready_to_pay(region: Region, programme: str, *, on: date) -> QuerySet[Case]:
    """The transfers that may go to the bank: due, with all that their programme wants before."""
    rows = Case.objects.filter(
        region=region,
        programme__code=programme,
        kind=rules.TRANSFER,
        state=rules.PLANNED,
        day__lte=on,
    )
    seen = CaseProof.objects.filter(level="field").values("case")
    # Of what a programme wants to be seen first, only what was seen.
    before = Q(enrolment__verified_at__isnull=False)
    return rows.filter(Q(programme__terms__verify_first__isnull=True) | before | Q(pk__in=seen))


def bank_lists(region: Region) -> QuerySet[BankList]:
    """What went to the bank: how many transfers, how much, and how many the bank has paid."""
    counted = {
        "many": Count("case"),
        "total_rp": Sum("case__price_rp"),
        "paid": Count("case", filter=Q(case__state=rules.DONE)),
    }
    return BankList.objects.filter(region=region).annotate(**counted)


def get_bank_list(region: Region, number: int) -> BankList:
    """One list of a region, or 404."""
    return get_object_or_404(BankList, region=region, pk=number)


def cases_on(bank_list: BankList) -> list[Case]:
    """The transfers of a list."""
    rows = Case.objects.filter(bank_list=bank_list).select_related("resident", *_WITH)
    return list(rows.order_by("pk"))


def reports_due(asker: Membership, *, on: date) -> list[tuple[Case, date]]:
    """Paid transfers whose report of spending is missing, with the day it was due, oldest first."""
    rows = visible_to(asker).filter(
        kind=rules.TRANSFER,
        state=rules.DONE,
        programme__terms__report_days__isnull=False,
    )
    rows = rows.exclude(proofs__level="report").order_by("changed_at")[:50]
    return [
        (row, row.changed_at.date() + timedelta(days=terms_of(row.programme).report_days or 0))
        for row in rows
    ]


def accepted_of(region: Region, codes: Iterable[str]) -> dict[str, Proven]:
    """The proof by which each case was paid, by its code. One query."""
    rows = CaseProof.objects.filter(case__region=region, case__code__in=list(codes))
    rows = rows.exclude(level__in=["field", "report"])
    told = "at", "level", "case__kind", "by__username", "by__full_name"
    return {code: Proven(*rest) for code, *rest in rows.values_list("case__code", *told)}


def all_proofs(region: Region, codes: Iterable[str]) -> dict[str, Proven]:
    """The proof of each order or case by its code. Two queries."""
    asked = list(codes)
    return {**orders.proofs_of(region, asked), **accepted_of(region, asked)}


def unproved_among(region: Region, codes: Iterable[str]) -> list[str]:
    """Those of these cases that nothing proves."""
    rows = Case.objects.filter(region=region, code__in=list(codes))
    proved = CaseProof.objects.exclude(level__in=["field", "report"]).values("case")
    return list(rows.exclude(pk__in=proved).order_by("code").values_list("code", flat=True))


def ended_among(region: Region, codes: Iterable[str]) -> list[tuple[str, str]]:
    """Those of these cases that have come to their end, with their state."""
    rows = Case.objects.filter(region=region, code__in=list(codes))
    ended = rows.exclude(state__in=sorted(rules.OPEN)).order_by("code")
    return list(ended.values_list("code", "state"))


def story_of(case: Case) -> dict[str, Any]:
    """Everything about a case: rule, price, events, proofs, money. No personal data."""
    entry = case.enrolment
    terms = terms_of(entry.programme if entry else case.programme)
    clause = clause_named(terms, case.clause)
    return {
        "case": case.code,
        "kind": case.kind,
        "state": case.state,
        "programme": {"code": case.programme.code, "version": case.programme.version},
        "eligibility": {
            "clause": case.clause,
            "when": clause.when if clause else None,
            "sentence": clause.sentence_id if clause else None,
            "enrolment": entry.code if entry else None,
            "version": (entry or case).programme.version,
        },
        "price_rp": case.price_rp,
        "performer": case.performer.code,
        "day": case.day.isoformat(),
        "events": [
            {"at": each.at.isoformat(), "by": each.by, "kind": each.kind, "facts": each.facts}
            for each in list_story(case.region.code, case.code)
        ],
        "proofs": [
            {
                "level": proof.level,
                "by": proof.by.username,
                "at": proof.at.isoformat(),
                "people": proof.people,
                "reference": proof.reference,
            }
            for proof in proofs_of(case)
        ],
        "ledger": [
            {"number": row.pk, "at": row.at.isoformat(), "kind": row.kind, "rp": row.amount_rp}
            for row in lines_of(case.region, order=case.code)
        ],
    }


def proved_by_call(region: Region) -> list[str]:
    """The cases that are proved by ringing the person afterwards."""
    rows = CaseProof.objects.filter(case__region=region, level="callback")
    return list(rows.order_by("case__code").values_list("case__code", flat=True))
