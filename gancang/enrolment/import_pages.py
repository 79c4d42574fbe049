"""Taking in a list of people: judged first, taken in only when asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.enrolment import importing, queries
from gancang.enrolment.forms import ListForm
from gancang.enrolment.list_files import BYTES_MAX
from gancang.enrolment.pages import deed_of
from gancang.regions.queries import fact_kinds, today_in
from gancang.values import Refused
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from django.http import HttpResponse

FAULTS_SHOWN = 200


@for_roles(*queries.DECIDES)
@sensitive_post_parameters()
def take_list(request: MemberRequest) -> HttpResponse:
    """Judge a list; take it in where nothing is wrong and somebody asks for it."""
    asker, now = request.membership, timezone.now()
    offered = [(row.code, row.name) for row in queries.list_enrolling(asker.region)]
    form = ListForm(
        request.POST or None,
        request.FILES or None,
        programmes=offered,
        today=today_in(asker.region, now),
    )
    judged = None
    if request.method == "POST" and form.is_valid():
        try:
            data = form.cleaned_data["file"].read(BYTES_MAX + 1)
            judged = importing.judge_file(data, region=asker.region, now=now)
            if not judged.faults and request.POST.get("do") == "take":
                row = importing.take_in(judged, form.taken(), asker.region, deed_of(request))
                told = _("%(rows)s rows taken in: %(new)s new people, %(applied)s applications.")
                messages.success(request, told % row.counts)
                return redirect("enrolment:take_list")
        except Refused as refusal:
            form.add_error("file", sentence_of(refusal))
    faults = judged.faults if judged else []
    language = get_language() or "id"
    context = {
        "form": form,
        "counts": judged.counts() if judged and not faults else None,
        "faults": [(each, sentence_of(each.why)) for each in faults[:FAULTS_SHOWN]],
        "faults_all": len(faults),
        "facts": [
            (kind.code, kind.words(language))
            for kind in fact_kinds(asker.region).values()
            if not kind.derived
        ],
        "lists": queries.lists_taken(asker)[:20],
        "zone": asker.region.timezone,
    }
    status = 400 if form.errors or faults else 200
    return render(request, "enrolment/take_list.html", context, status=status)
