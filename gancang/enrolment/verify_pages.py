"""The field list of a programme: who is to be seen, and what was found, all lines at once."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.enrolment import queries, verifying
from gancang.enrolment.forms import OutcomesForm
from gancang.enrolment.pages import deed_of, programme_of
from gancang.enrolment.rules import State, Why
from gancang.values import Refused
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from django.http import HttpResponse


@for_roles(*queries.VERIFIES)
@sensitive_post_parameters()
def verify(request: MemberRequest, programme: str) -> HttpResponse:
    """Who is to be seen in the field, and a box for what was found."""
    asker, row = request.membership, programme_of(request, programme)
    form, faults = OutcomesForm(request.POST or None), []
    if request.method == "POST" and form.is_valid():
        try:
            faults = _take(request, form.cleaned_data["lines"])
        except Refused as refusal:
            form.add_error("lines", sentence_of(refusal))
        except csv.Error:
            form.add_error("lines", _("A quote is opened and never closed."))
        if not faults and not form.errors:
            return redirect("enrolment:list", row.code)
    waiting = queries.visible_to(asker).filter(programme_code=row.code, state=State.TO_VERIFY)
    page = page_after(waiting, key=("id",), cursor=request.GET.get("after", ""))
    context = {
        "programme": row,
        "form": form,
        "faults": [(fault, sentence_of(fault.why)) for fault in faults],
        "page": page,
        "rows": queries.people_of(asker, page.rows, now=timezone.now()),
    }
    status = 400 if faults or form.errors else 200
    return render(request, "enrolment/verify.html", context, status=status)


def _take(request: MemberRequest, text: str) -> list[verifying.Fault]:
    """All or nothing: the faults of the lines, or none and all is written down."""
    found, faults = verifying.read_outcomes(text)
    rows = verifying.rows_for(request.membership, found)
    faults += [
        verifying.Fault(each.line, "code", Refused(Why.NO_SUCH_CODE))
        for each in found
        if each.code not in rows
    ]
    if faults:
        return sorted(faults, key=lambda fault: fault.line)
    done = verifying.take_outcomes(rows, found, deed_of(request))
    told = _("%(valid)s as it was told, %(refused)s refused with a reason.")
    messages.success(request, told % done)
    return []
