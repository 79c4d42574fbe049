"""The hospital's numbers, their files, and the orders behind each of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.figures import queries, sheets
from gancang.figures.rules import LEGS
from gancang.regions.queries import today_in
from gancang.values import Refused
from gancang.web.files import as_csv_file, as_file
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from django.http import HttpResponse

    from gancang.figures.queries import Period

READERS = (
    Role.PHARMACIST,
    Role.OPERATOR,
    Role.PROGRAMME_OFFICER,
    Role.TREASURER,
    Role.AUDITOR,
    Role.ADMIN,
)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def period_asked(request: MemberRequest) -> Period:
    """The period of a request; this month where none is named."""
    today = today_in(request.membership.region, timezone.now())
    return queries.period_of(request.GET.dict(), today=today)


def asked_for(period: Period) -> dict[str, Any]:
    """What every page shows of its period, and its links carry on."""
    first, last = period.first.isoformat(), period.last.isoformat()
    return {"first": first, "last": last, "asked": urlencode({"from": first, "until": last})}


@for_roles(*READERS)
def figures(request: MemberRequest) -> HttpResponse:
    """All figures of a period; each opens the orders behind it."""
    try:
        period = period_asked(request)
    except Refused as refusal:
        first, last = request.GET.get("from", ""), request.GET.get("until", "")
        wrong = {"wrong": sentence_of(refusal), "first": first, "last": last}
        return render(request, "figures/figures.html", wrong, status=400)
    journeys = queries.journeys_of(request.membership, period)
    told = queries.figures_for(request.membership, period, journeys)
    context: dict[str, Any] = {
        "figures": told,
        "legs": LEGS,
        "beside": queries.beside_of(request.membership, period, journeys),
        "periods": _shortcuts(request),
        **asked_for(period),
    }
    return render(request, "figures/figures.html", context)


def _shortcuts(request: MemberRequest) -> list[tuple[str, str]]:
    """This month, the last one, this year: as most people ask, with the addresses' ends."""
    today = today_in(request.membership.region, timezone.now())
    first = today.replace(day=1)
    last = first - timedelta(days=1)
    spans = [
        (_("This month"), first, today),
        (_("Last month"), last.replace(day=1), last),
        (_("This year"), today.replace(month=1, day=1), today),
    ]
    return [
        (words, urlencode({"from": begins.isoformat(), "until": ends.isoformat()}))
        for words, begins, ends in spans
    ]


@for_roles(*READERS)
def rows(request: MemberRequest) -> HttpResponse:
    """The orders behind one figure."""
    period = period_asked(request)
    found = queries.orders_behind(request.membership, period, request.GET.dict())
    found = found.select_related("prescription", "proof")
    page = page_after(found, key=("-id",), cursor=request.GET.get("after", ""))
    kept = [(name, value) for name, value in request.GET.items() if name != "after"]
    context = {
        "page": page,
        "kept": kept,
        "zone": request.membership.region.timezone,
        "narrowed": [value for name, value in kept if name not in ("from", "until")],
        **asked_for(period),
    }
    return render(request, "figures/rows.html", context)


@for_roles(*READERS)
def as_csv(request: MemberRequest) -> HttpResponse:
    """A line an order, without names."""
    period = period_asked(request)
    journeys = queries.journeys_of(request.membership, period)
    data = sheets.as_csv(journeys, zone=request.membership.region.timezone)
    return as_csv_file(data, f"gancang-{period.first}-{period.last}.csv")


@for_roles(*READERS)
def as_xlsx(request: MemberRequest) -> HttpResponse:
    """All tables, a sheet each, and the orders behind them."""
    period = period_asked(request)
    journeys = queries.journeys_of(request.membership, period)
    data = sheets.as_xlsx(
        queries.figures_for(request.membership, period, journeys),
        journeys,
        beside=queries.beside_of(request.membership, period, journeys),
        told=f"{period.first} / {period.last}",
        zone=request.membership.region.timezone,
    )
    return as_file(data, f"gancang-{period.first}-{period.last}.xlsx", XLSX)
