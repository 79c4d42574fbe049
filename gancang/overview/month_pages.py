"""The month's statement: a page to print and sign, and the same lines for a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.shortcuts import render
from django.utils import timezone

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.ledger.queries import list_funds
from gancang.overview import month
from gancang.overview.pages import BOOK
from gancang.overview.statement import Wanted
from gancang.regions.queries import list_organisations, today_in
from gancang.values import Refused
from gancang.web.files import as_csv_file
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from django.http import HttpResponse


def _wanted(request: MemberRequest) -> Wanted:
    region = request.membership.region
    this_month = today_in(region, timezone.now()).strftime("%Y-%m")
    return Wanted(
        region=region,
        month=request.GET.get("month") or this_month,
        fleet=request.GET.get("fleet", ""),
        funder=request.GET.get("funder", ""),
    )


@for_roles(*BOOK)
def statement(request: MemberRequest) -> HttpResponse:
    """What a fund pays, or all of them, in a month, with every order; to print and sign."""
    wanted, now = _wanted(request), timezone.now()
    fleets = list_organisations(wanted.region, ["fleet"])
    funds = list_funds(wanted.region)
    asked = {"month": wanted.month, "fleet": wanted.fleet, "funder": wanted.funder}
    context: dict[str, Any] = {
        "wanted": wanted,
        "fleets": fleets,
        "funds": funds,
        "fleet": next((each.name for each in fleets if each.code == wanted.fleet), ""),
        "fund": next((each.name for each in funds if each.code == wanted.funder), ""),
        "asked": urlencode(asked),
        "zone": wanted.region.timezone,
        "now": now,
    }
    try:
        told = month.month_told(wanted)
    except Refused as refusal:
        context["refusal"] = sentence_of(refusal)
        return render(request, "overview/statement.html", context, status=400)
    context |= {"told": told, "is_over": told.ends <= now}
    return render(request, "overview/statement.html", context)


@for_roles(*BOOK)
def statement_csv(request: MemberRequest) -> HttpResponse:
    """A line a settlement, for the office's own spreadsheet."""
    wanted = _wanted(request)
    data = month.as_csv(month.month_told(wanted), zone=wanted.region.timezone)
    return as_csv_file(data, f"gancang-{wanted.month}.csv")
