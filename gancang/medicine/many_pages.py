"""The list of the day: many patients on one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.medicine import many
from gancang.medicine.actions import Counter
from gancang.medicine.desk_lists import words_of
from gancang.medicine.rules import Why
from gancang.regions.queries import villages_by_code
from gancang.residents.queries import reader_for
from gancang.values import Refused
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpResponse

    from gancang.medicine.many import Row
    from gancang.regions.models import Village

EMPTY_ROWS = 5
FILE_BYTES_MAX = 2**20


@for_roles(Role.COUNTER_CLERK, Role.PHARMACIST)
@sensitive_post_parameters()
def many_patients(request: MemberRequest) -> HttpResponse:
    """Rows that are typed, pasted or read from a file; the good are booked, the others stay."""
    now, wrong = timezone.now(), ""
    rows, said = _typed_rows(request), _said_for_all(request)
    villages = villages_by_code(request.membership.region)
    if request.method == "POST":
        try:
            rows += [many.Row({**told}) for told in many.rows_of_text(_pasted(request))]
        except Refused as refusal:
            wrong = sentence_of(refusal)
        if len(rows) > many.ROWS_MAX:
            wrong = sentence_of(Refused(Why.TOO_MANY_ROWS, most=many.ROWS_MAX))
        elif not wrong:
            _work_on(request, rows, said, villages)
    booked = [row for row in rows if row.order]
    rows = [row for row in rows if not row.order]
    _tell(request, booked, rows)
    context = {
        "rows": [_shown(row) for row in rows],
        "empty": range(max(EMPTY_ROWS - len(rows), 1)),
        "booked": booked,
        "said": said,
        "wrong": wrong,
        "cells": many.CELLS,
        "most": many.ROWS_MAX,
        "words": words_of(request.membership, now=now),
        "villages": villages.values(),
    }
    status = 400 if wrong or any(row.problems for row in rows) else 200
    return render(request, "medicine/many.html", context, status=status)


def _typed_rows(request: MemberRequest) -> list[Row]:
    """The rows of the page that hold anything beside what is the same for all."""
    columns = [request.POST.getlist(name) for name in many.CELLS]
    rows = [dict(zip(many.CELLS, cells, strict=True)) for cells in zip(*columns, strict=False)]
    blank = {"pbi", "confirmed"}
    return [many.Row(row) for row in rows if any(row[n].strip() for n in row.keys() - blank)]


def _said_for_all(request: MemberRequest) -> dict[str, str]:
    return {name: request.POST.get(f"all_{name}", "").strip()[:120] for name in many.FOR_ALL}


def _pasted(request: MemberRequest) -> str:
    file = request.FILES.get("file")
    if file is None:
        return request.POST.get("pasted", "")
    raw = file.read(FILE_BYTES_MAX + 1)
    if len(raw) > FILE_BYTES_MAX:
        raise Refused(Why.TOO_MANY_ROWS, most=many.ROWS_MAX)
    try:
        return str(raw, "utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(Why.NOT_UTF8) from error


def _work_on(
    request: MemberRequest,
    rows: Sequence[Row],
    said: Mapping[str, str],
    villages: Mapping[str, Village],
) -> None:
    asker, now = request.membership, timezone.now()
    assert asker.organisation is not None, "a desk belongs to a hospital"
    for row in rows:
        row.typed |= {name: row.typed[name] or text for name, text in said.items()}
    many.fill_known(rows, reader_for(asker, purpose="list of the day", now=now))
    counter = Counter(origin=asker.organisation, door="form", by=request.user.username)
    many.judge(rows, counter, villages, now=now)
    if request.POST.get("then") == "book":
        many.book(rows, counter, now=now)


def _shown(row: Row) -> dict[str, object]:
    """A row for the page: each cell with what is wrong in it."""
    told: dict[str, list[str]] = {}
    for problem in row.problems:
        sentence = sentence_of(Refused(problem.why, **problem.facts))
        cell = problem.field if problem.field in many.CELLS else ""
        told.setdefault(cell, []).append(sentence)
    cells = [(name, row.typed[name], told.get(name, [])) for name in many.CELLS]
    return {"cells": cells, "whole": told.get("", []), "is_good": row.is_good}


def _tell(request: MemberRequest, booked: Sequence[Row], rows: Sequence[Row]) -> None:
    if booked:
        told = ngettext(
            "%(n)s prescription is booked.", "%(n)s prescriptions are booked.", len(booked)
        )
        messages.success(request, told % {"n": len(booked)})
    if bad := sum(bool(row.problems) for row in rows):
        told = _("%(n)s rows have to be mended; they are kept below.")
        messages.warning(request, told % {"n": bad})
