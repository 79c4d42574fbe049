"""Months of the book: asked to be closed by one, closed by another, shown and exported."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.closing import actions, queries
from gancang.ledger import periods
from gancang.regions.queries import today_in
from gancang.settlement.pages import SEES, XLSX
from gancang.settlement.workbook import Sheet, workbook_of
from gancang.values import Refused
from gancang.web.deeds import is_done
from gancang.web.files import as_file
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from django.http import HttpResponse

DECIDES = (Role.TREASURER, Role.ADMIN)
HEADS = ("number", "at", "about", "kind", "from", "to", "amount_rp", "by", "handed_over_at")


@for_roles(*SEES)
def months(request: MemberRequest) -> HttpResponse:
    """The closed months, and the next one that can be closed; the first person asks here."""
    region, now = request.membership.region, timezone.now()
    may_decide = request.membership.role in DECIDES
    faults = queries.open_differences(region)
    if request.method == "POST" and may_decide:
        typed = {each: request.POST.get(f"why{n}", "")[:200] for n, each in enumerate(faults)}
        try:
            made = actions.ask_to_close(
                region, request.POST.get("month", ""), typed, by=request.user, now=now
            )
        except Refused as refusal:
            messages.error(request, sentence_of(refusal))
            return redirect("closing:months")
        messages.success(request, _("Asked. Another person confirms it, then it is closed."))
        return redirect("closing:month", made.pk)
    following = queries.month_to_close(region, now=now)
    context = {
        "periods": periods.list_periods(region),
        "next": following,
        "is_over": queries.is_over(region, following, now=now),
        "faults": faults,
        "may_decide": may_decide,
        "this_year": today_in(region, now).year,
        "zone": region.timezone,
    }
    return render(request, "closing/months.html", context)


@for_roles(*SEES)
def month(request: MemberRequest, number: int) -> HttpResponse:
    """One month: who stands for it, what was left open and why, its sums."""
    region, role = request.membership.region, request.membership.role
    period = queries.get_period(region, number)
    is_asked = period.state == "asked"
    totals = periods.totals_of(period)[0] if is_asked else period.totals
    context: dict[str, Any] = {
        "period": period,
        "totals": _named(totals, queries.names_in(region, totals)),
        "is_asked": is_asked,
        "may_confirm": is_asked and role in DECIDES and period.asked_by_id != request.user.pk,
        "may_take_back": is_asked and role in DECIDES,
        "zone": region.timezone,
    }
    return render(request, "closing/month.html", context)


def _named(totals: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """A month's sums with names instead of codes."""
    parts = {
        part: {names.get(code, code): rp for code, rp in totals.get(part, {}).items()}
        for part in ("owed", "spent")
    }
    return {**totals, **parts}


@for_roles(*DECIDES)
@require_POST
def confirm(request: MemberRequest, number: int) -> HttpResponse:
    """The second person closes the month."""
    period = queries.get_period(request.membership.region, number)
    deed = partial(actions.close, period, by=request.user, now=timezone.now())
    is_done(request, deed, _("The month is closed. Corrections go into the open month."))
    return redirect("closing:month", number)


@for_roles(*DECIDES)
@require_POST
def take_back(request: MemberRequest, number: int) -> HttpResponse:
    """It was asked too early."""
    period = queries.get_period(request.membership.region, number)
    deed = partial(periods.take_back, period, by=request.user, now=timezone.now())
    if not is_done(request, deed, _("Taken back: the month stays open.")):
        return redirect("closing:month", number)
    return redirect("closing:months")


@for_roles(*SEES)
def workbook(request: MemberRequest, number: int) -> HttpResponse:
    """The month's movements for the treasurer's own spreadsheet."""
    period = queries.get_period(request.membership.region, number)
    rows = queries.written_lines(period)
    data = workbook_of([Sheet(period.month, HEADS, rows)], zone=period.region.timezone)
    return as_file(data, f"buku-{period.month}.xlsx", XLSX)
