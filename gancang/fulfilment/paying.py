"""Transfers: the list that goes to the bank, and the bank's answer that proves them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from gancang.fulfilment import queries, rules
from gancang.fulfilment.actions import move, note, settle
from gancang.fulfilment.letters import paid_notes
from gancang.fulfilment.models import BankList, Case, CaseProof
from gancang.fulfilment.rules import Why
from gancang.outbox.actions import post_all
from gancang.programmes.queries import terms_of
from gancang.regions.queries import today_in
from gancang.residents.queries import Reader, read_people
from gancang.values import Money, Refused
from gancang.web.files import csv_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gancang.accounts.models import User
    from gancang.regions.models import Region

HEADS = ("code", "amount", "name", "account", "programme")


@transaction.atomic
def make_list(region: Region, programme: str, *, by: User, now: datetime) -> BankList:
    """All transfers that may be paid today go to the bank on one list. Refused where none may."""
    ready = queries.ready_to_pay(region, programme, on=today_in(region, now))
    cases = list(ready.select_related("region", "programme").select_for_update(of=("self",)))
    if not cases:
        raise Refused(Why.NOTHING_TO_PAY)
    made = BankList.objects.create(
        region=region, programme_code=programme, made_by=by.username, made_at=now
    )
    for case in cases:
        move(case, rules.UNDER_WAY, {"bank_list": made}, by=by.username, now=now)
    return made


def list_as_csv(bank_list: BankList, *, reader: Reader) -> bytes:
    """The list as a bank takes it; each name that stands in it is a logged reading."""
    cases = queries.cases_on(bank_list)
    people = read_people(reader, [case.resident_id for case in cases if case.resident_id])
    rows = [
        (
            case.code,
            case.price_rp,
            people[case.resident_id].full_name if case.resident_id else "",
            case.account,
            case.programme.code,
        )
        for case in cases
    ]
    return csv_of(HEADS, rows)


@transaction.atomic
def take_statement(
    region: Region, lines: Sequence[rules.Line], *, by: User, now: datetime
) -> tuple[int, int]:
    """Take the bank's answer in, all or nothing: how many are paid by it, how many were before."""
    rows = Case.objects.filter(region=region, code__in=[line.code for line in lines])
    rows = rows.exclude(bank_list=None).select_related("region", "programme", "performer")
    cases = {row.code: row for row in rows.select_for_update(of=("self",))}
    known = {
        proof.case_id: proof.reference
        for proof in CaseProof.objects.filter(case__in=cases.values(), level="bank")
    }
    fresh = 0
    for line in lines:
        case = _case_of(line, cases.get(line.code))
        if case.pk in known:
            if known[case.pk] != line.reference:
                told = {"line": line.number, "code": case.code, "known": known[case.pk]}
                raise Refused(Why.OTHER_REFERENCE, **told)
            continue
        _pay(case, line, by=by, now=now)
        fresh += 1
    return fresh, len(lines) - fresh


def _case_of(line: rules.Line, case: Case | None) -> Case:
    """The transfer that a line means. Refused where it is not ours, or not this much."""
    if case is None:
        raise Refused(Why.FOREIGN_LINE, line=line.number, code=line.code)
    if line.amount.rupiah != case.price_rp:
        told = {"ours": Money(case.price_rp), "theirs": line.amount}
        raise Refused(Why.OTHER_AMOUNT, line=line.number, code=case.code, **told)
    return case


def _pay(case: Case, line: rules.Line, *, by: User, now: datetime) -> None:
    assert terms_of(case.programme).kind == rules.TRANSFER, case.code
    move(case, rules.DONE, {}, by=by.username, now=now)
    CaseProof.objects.create(case=case, level="bank", reference=line.reference, by=by, at=now)
    note(case, "case.proved", {"level": "bank"}, by=by.username, now=now)
    settle(case, by=by.username, now=now)
    post_all(paid_notes(case), region=case.region.code, now=now)
