"""A budget year: what its end will do, and doing it by two."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.closing import queries
from gancang.closing.forms import DocumentForm
from gancang.closing.pages import DECIDES
from gancang.ledger import year_end
from gancang.programmes.queries import list_programmes
from gancang.settlement.pages import SEES
from gancang.values import Refused
from gancang.web.deeds import is_done
from gancang.web.files import as_csv_file, csv_of
from gancang.web.middleware import sentence_of
from gancang.web.paging import PAGE_SIZE, number_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

YEARS = range(2000, 2200)
MOST_LEFT = 9_999


@for_roles(*SEES)
def year(request: MemberRequest, year: int) -> HttpResponse:
    """What is open, what will be carried over, what returned; the first person asks here."""
    if year not in YEARS:
        raise Http404
    region, now = request.membership.region, timezone.now()
    may_decide = request.membership.role in DECIDES
    form = DocumentForm(request.POST if request.method == "POST" and may_decide else None)
    if form.is_valid():
        document = form.cleaned_data["document"].strip()
        try:
            year_end.ask_to_end(region, year, document, by=request.user, now=now)
        except Refused as refusal:
            messages.error(request, sentence_of(refusal))
        else:
            messages.success(request, _("Asked. Another person confirms it, then it is done."))
        return redirect("closing:year", year)
    deeds = list(queries.year_ends_of(region, year))
    asked = [each for each in deeds if each.state == "asked"]
    context = {
        "year": year,
        "following": year + 1,
        "plans": [
            (plan, plan.rule.ends_on(year) if plan.rule else None)
            for plan in year_end.plans_for(region, year, now=now)
        ],
        "programmes": {each.code: each.name for each in list_programmes(region)},
        "asked": asked,
        "done": [each for each in deeds if each.state == "done"],
        "form": form,
        "may_decide": may_decide,
        "may_confirm": may_decide and all(each.asked_by_id != request.user.pk for each in asked),
        "zone": region.timezone,
    }
    wrong = form.is_bound and not form.is_valid()
    return render(request, "closing/year.html", context, status=400 if wrong else 200)


@for_roles(*SEES)
def left(request: MemberRequest, year: int) -> HttpResponse:
    """Orders that the next year's line cannot bear, the oldest first, and what can be done."""
    if year not in YEARS:
        raise Http404
    region, now = request.membership.region, timezone.now()
    rows = queries.left_behind(year_end.plans_for(region, year, now=now))
    names = {each.code: each.name for each in list_programmes(region)}
    if request.GET.get("as") == "csv":
        return _left_as_csv(rows, year)
    begins = number_of(request.GET.get("after", ""), most=MOST_LEFT) or 0
    shown = rows[begins : begins + PAGE_SIZE]
    context = {
        "year": year,
        "following": year + 1,
        "rows": shown,
        "total_rp": sum(each.bound.amount.rupiah for each in rows),
        "count": len(rows),
        "page": {
            "after": begins + PAGE_SIZE if begins + PAGE_SIZE < len(rows) else "",
            "is_first": not begins,
        },
        "programmes": names,
        "zone": region.timezone,
    }
    return render(request, "closing/left.html", context)


def _left_as_csv(rows: list[queries.Left], year: int) -> HttpResponse:
    heads = ("order", "fund", "programme", "since", "amount_rp", "next_line_lacks_rp")
    lines = [
        (
            each.bound.order,
            each.line.budget.fund.code,
            each.line.budget.programme,
            each.bound.since.isoformat(),
            each.bound.amount.rupiah,
            each.line.lacks_rp,
        )
        for each in rows
    ]
    return as_csv_file(csv_of(heads, lines), f"left-{year}.csv")


def _do(request: MemberRequest, year: int, deed: Callable[..., None], said: str) -> HttpResponse:
    region, by, now = request.membership.region, request.user, timezone.now()
    is_done(request, partial(deed, region, year, by=by, now=now), said)
    return redirect("closing:year", year)


@for_roles(*DECIDES)
@require_POST
def confirm(request: MemberRequest, year: int) -> HttpResponse:
    """The second person ends the year."""
    said = _("The year is ended; each movement names its document.")
    return _do(request, year, year_end.end, said)


@for_roles(*DECIDES)
@require_POST
def take_back(request: MemberRequest, year: int) -> HttpResponse:
    """It was asked too early."""
    return _do(request, year, year_end.take_back, _("Taken back: nothing moved."))
