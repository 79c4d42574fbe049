"""A month's statement: who is owed what since when, each line with its proof, held or let go."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.ledger.queries import list_funds
from gancang.regions.queries import today_in
from gancang.settlement import actions, matching, queries, written
from gancang.settlement.came_back import all_that_came_back, came_back_in
from gancang.settlement.forms import ReasonForm
from gancang.settlement.workbook import Sheet, workbook_of
from gancang.values import Refused
from gancang.web.deeds import is_done
from gancang.web.files import as_file
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from django.http import HttpResponse

EARNERS = (Role.RIDER, Role.STALL)
SEES = (Role.TREASURER, Role.AUDITOR, Role.ADMIN)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADS = (
    "number",
    "at",
    "order",
    "owed_to",
    "paid_by",
    "programme",
    "amount_rp",
    "state",
    "handed_over_at",
    "handed_over_by",
    "factor",
    "came_back_at",
    "paid_again_at",
)
HEADS_BACK = (*HEADS[:5], "takes_back", "amount_rp", "kind")


def wanted_in(request: MemberRequest) -> queries.Wanted:
    """Which statement an address asks for; this month where it names none."""
    region = request.membership.region
    this_month = today_in(region, timezone.now()).strftime("%Y-%m")
    told = {name: request.GET.get(name, "")[:60] for name in ("payee", "rider", "fund")}
    return queries.Wanted(region=region, month=request.GET.get("month") or this_month, **told)


@for_roles(*SEES)
def month(request: MemberRequest) -> HttpResponse:
    """What each payee has earned in a month, how far it is paid, and all that is late."""
    wanted, now = wanted_in(request), timezone.now()
    context: dict[str, Any] = {
        "wanted": wanted,
        "due": queries.list_due(wanted.region, now=now),
        "due_day": queries.due_day_of(wanted.region),
        "zone": wanted.region.timezone,
        "may_act": request.membership.role == Role.TREASURER,
        "funds": list_funds(wanted.region),
    }
    try:
        context |= {"standings": queries.standings(wanted), "totals": queries.totals(wanted)}
        context["came_back"] = came_back_in(wanted)
    except Refused as refusal:
        context["refusal"] = sentence_of(refusal)
        return render(request, "settlement/month.html", context, status=400)
    return render(request, "settlement/month.html", context)


@for_roles(*SEES)
def lines(request: MemberRequest) -> HttpResponse:
    """The lines of a payee, rider or fund in a month, each opening its order and proof."""
    wanted = wanted_in(request)
    rows = queries.lines_wanted(wanted).select_related("target__payee", "source__budget__fund")
    page = page_after(rows, key=("pk",), cursor=request.GET.get("after", ""))
    asked = {name: getattr(wanted, name) for name in ("month", "payee", "rider", "fund")}
    context = {
        "wanted": wanted,
        "page": page,
        "came_back": all_that_came_back(wanted.region),
        "totals": queries.totals(wanted),
        "asked": urlencode({name: value for name, value in asked.items() if value}),
        "may_act": request.membership.role == Role.TREASURER,
        "zone": wanted.region.timezone,
    }
    return render(request, "settlement/lines.html", context)


@for_roles(Role.TREASURER, *EARNERS)
@require_POST
def hold(request: MemberRequest, number: int) -> HttpResponse:
    """The treasurer holds a line, or a rider or stall disputes one of its own; with the reason."""
    line = queries.line_for(request.membership, number)
    deed = partial(actions.hold, line, _reason(request), by=request.user, now=timezone.now())
    is_done(request, deed, _("This line is held: it is not paid until it is let go."))
    if request.membership.role in EARNERS:
        return redirect("settlement:mine")
    return _back(request)


@for_roles(Role.TREASURER)
@require_POST
def release(request: MemberRequest, number: int) -> HttpResponse:
    """What was held may be paid, with what was found out."""
    region, by, now = request.membership.region, request.user, timezone.now()
    deed = partial(actions.release, number, _reason(request), region=region, by=by, now=now)
    is_done(request, deed, _("The line is let go."))
    return _back(request)


def _reason(request: MemberRequest) -> str:
    """Why, as it was typed; nothing where it is no reason, which the deed refuses."""
    form = ReasonForm(request.POST)
    return str(form.cleaned_data["reason"]) if form.is_valid() else ""


def _back(request: MemberRequest) -> HttpResponse:
    """The list from which it was pressed: its question came along with the form."""
    asked = {name: request.POST.get(name, "")[:60] for name in ("month", "payee", "rider", "fund")}
    told = urlencode({name: value for name, value in asked.items() if value})
    where = redirect("settlement:lines")
    where["Location"] += f"?{told}" if told else ""
    return where


@for_roles(*EARNERS)
def mine(request: MemberRequest) -> HttpResponse:
    """What a rider's trips or a stall's meals have earned, what is due when, what is disputed."""
    asker, now = request.membership, timezone.now()
    this_month = today_in(asker.region, now).strftime("%Y-%m")
    is_rider = asker.role == Role.RIDER
    stall = asker.organisation.code if asker.organisation and not is_rider else ""
    wanted = queries.Wanted(
        region=asker.region,
        month=request.GET.get("month") or this_month,
        rider=request.user.username if is_rider else "",
        payee=stall,
    )
    page = page_after(
        queries.lines_wanted(wanted).select_related("target__payee"),
        key=("pk",),
        cursor=request.GET.get("after", ""),
    )
    context = {
        "wanted": wanted,
        "standings": queries.standings(wanted),
        "due": queries.list_due(
            asker.region, now=now, rider=request.user if is_rider else None, payee=stall
        ),
        "is_rider": is_rider,
        "page": page,
        "came_back": all_that_came_back(asker.region),
        "asked": urlencode({"month": wanted.month}),
        "zone": asker.region.timezone,
    }
    return render(request, "settlement/mine.html", context)


@for_roles(*SEES)
def match(request: MemberRequest) -> HttpResponse:
    """Orders, ledger and payments side by side: the three must say the same."""
    region = request.membership.region
    context = {"rows": matching.matches(region), "faults": list(matching.differences(region))}
    return render(request, "settlement/match.html", context)


@for_roles(*SEES)
def workbook(request: MemberRequest) -> HttpResponse:
    """The statement's lines for the treasurer's own spreadsheet, and what was taken back."""
    wanted = wanted_in(request)
    sheets = (
        Sheet(wanted.month, HEADS, written.written_lines(wanted)),
        Sheet(_("Taken back"), HEADS_BACK, written.written_backs(wanted)),
    )
    data = workbook_of(sheets, zone=wanted.region.timezone)
    return as_file(data, f"gancang-{wanted.month}.xlsx", XLSX)
