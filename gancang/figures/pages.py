"""The hospital's numbers, their files, and the orders behind each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.shortcuts import render
from django.utils import timezone

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.figures import queries, sheets
from gancang.figures.rules import LEGS
from gancang.regions.queries import today_in
from gancang.values import Refused
from gancang.web.files import as_file
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from django.http import HttpResponse

    from gancang.figures.queries import Period

READERS = (Role.PHARMACIST, Role.OPERATOR, Role.TREASURER, Role.AUDITOR, Role.ADMIN)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _period(request: MemberRequest) -> Period:
    today = today_in(request.membership.region, timezone.now())
    return queries.period_of(request.GET.dict(), today=today)


def _asked(period: Period) -> dict[str, Any]:
    first, last = period.first.isoformat(), period.last.isoformat()
    return {"first": first, "last": last, "asked": urlencode({"from": first, "until": last})}


@for_roles(*READERS)
def figures(request: MemberRequest) -> HttpResponse:
    """All figures of a period; each opens the orders behind it."""
    try:
        period = _period(request)
    except Refused as refusal:
        first, last = request.GET.get("from", ""), request.GET.get("until", "")
        wrong = {"wrong": sentence_of(refusal), "first": first, "last": last}
        return render(request, "figures/figures.html", wrong, status=400)
    journeys = queries.journeys_of(request.membership, period)
    told = queries.figures_for(request.membership, period, journeys)
    context: dict[str, Any] = {"figures": told, "legs": LEGS, **_asked(period)}
    return render(request, "figures/figures.html", context)


@for_roles(*READERS)
def rows(request: MemberRequest) -> HttpResponse:
    """The orders behind one figure."""
    period = _period(request)
    found = queries.orders_behind(request.membership, period, request.GET.dict())
    found = found.select_related("prescription", "proof")
    page = page_after(found, key=("-id",), cursor=request.GET.get("after", ""))
    kept = [(name, value) for name, value in request.GET.items() if name != "after"]
    context = {
        "page": page,
        "kept": kept,
        "zone": request.membership.region.timezone,
        "narrowed": [value for name, value in kept if name not in ("from", "until")],
        **_asked(period),
    }
    return render(request, "figures/rows.html", context)


@for_roles(*READERS)
def as_csv(request: MemberRequest) -> HttpResponse:
    """A line an order, without names."""
    period = _period(request)
    journeys = queries.journeys_of(request.membership, period)
    data = sheets.as_csv(journeys, zone=request.membership.region.timezone)
    return as_file(data, f"gancang-{period.first}-{period.last}.csv", "text/csv; charset=utf-8")


@for_roles(*READERS)
def as_xlsx(request: MemberRequest) -> HttpResponse:
    """All tables, a sheet each, and the orders behind them."""
    period = _period(request)
    journeys = queries.journeys_of(request.membership, period)
    data = sheets.as_xlsx(
        queries.figures_for(request.membership, period, journeys),
        journeys,
        told=f"{period.first} / {period.last}",
        zone=request.membership.region.timezone,
    )
    return as_file(data, f"gancang-{period.first}-{period.last}.xlsx", XLSX)
