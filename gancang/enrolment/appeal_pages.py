"""Appealing against a refusal by the link of one's letter: no log-in, no name, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from gancang.enrolment import deciding, queries
from gancang.enrolment.actions import Deed
from gancang.enrolment.forms import OwnAppealForm
from gancang.enrolment.links import find_code
from gancang.regions.queries import today_in
from gancang.values import Refused
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: HttpRequest, token: str) -> HttpResponse:
    """The applicant says why the refusal is wrong; an officer decides."""
    code = find_code(token)
    row = queries.find_by_code(code) if code else None
    if row is None:
        raise Http404
    now = timezone.now()
    form = OwnAppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        deed = Deed(by=deciding.APPLICANT, now=now, note=form.cleaned_data["note"])
        try:
            deciding.appeal_by_link(row, deed)
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            return redirect("appeal", token)
    context = {
        "row": row,
        "form": form,
        "may_appeal": queries.may_appeal(row, on=today_in(row.region, now)),
    }
    status = 400 if request.method == "POST" else 200
    return render(request, "enrolment/appeal.html", context, status=status)
