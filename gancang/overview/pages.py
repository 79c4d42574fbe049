"""The first page, an order's story, the treasurer's book, and the auditor's pages."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import Count, Sum
from django.shortcuts import redirect, render
from django.utils import timezone

from gancang.accounts import queries as accounts
from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.audit.queries import events_of, told
from gancang.complaints.queries import SEES
from gancang.fulfilment.queries import find_case
from gancang.ledger.queries import list_budgets, patients_money
from gancang.orders.queries import get_order
from gancang.overview.statement import Wanted, fares_wanted, lines_wanted, totals
from gancang.overview.story import story_of
from gancang.overview.verify import verify
from gancang.programmes.queries import list_programmes
from gancang.regions.queries import list_organisations, today_in
from gancang.residents.queries import readings_of
from gancang.servings.queries import all_proofs, find_serving
from gancang.values import Refused
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

BOOK = (Role.TREASURER, Role.AUDITOR, Role.ADMIN)
STARTS = {
    Role.COUNTER_CLERK: "medicine:new",
    Role.PHARMACIST: "medicine:queue",
    Role.RIDER: "dispatch:rider",
    Role.STALL: "shops:mine",
    Role.VILLAGE_CLERK: "contact:search",
    Role.OPERATOR: "dispatch:board",
    Role.PROGRAMME_OFFICER: "overview:budgets",
    Role.TREASURER: "overview:book",
    Role.AUDITOR: "inspection:desk",
    Role.ADMIN: "dispatch:board",
}


def home(request: HttpRequest) -> HttpResponse:
    """What this is, for everybody; for members, their place of work."""
    membership = getattr(request, "membership", None)
    if membership is not None:
        return redirect(STARTS[Role(membership.role)])
    context = {"demo": accounts.list_demo_people(), "is_member": request.user.is_authenticated}
    return render(request, "overview/home.html", context)


@for_roles(Role.COUNTER_CLERK, Role.PHARMACIST, Role.OPERATOR, *BOOK)
def case(request: MemberRequest, code: str) -> HttpResponse:
    """The whole story of one order: why, who, when, proof, money."""
    if find_case(request.membership, code):
        return redirect("fulfilment:case", code)
    if meal := find_serving(request.membership, code):
        return redirect("servings:stop", meal.code)
    order = get_order(request.membership, code)
    context = {
        "order": order,
        "story": story_of(order),
        "zone": order.region.timezone,
        "opens_complaints": request.membership.role in SEES,
    }
    return render(request, "overview/case.html", context)


@for_roles(*BOOK)
def book(request: MemberRequest) -> HttpResponse:
    """What became owed in a month, by fleet and fund; each line opens its proof."""
    region = request.membership.region
    month = request.GET.get("month") or today_in(region, timezone.now()).strftime("%Y-%m")
    wanted = Wanted(
        region=region,
        month=month,
        fleet=request.GET.get("fleet", ""),
        funder=request.GET.get("funder", ""),
    )
    context = {
        "wanted": wanted,
        "fleets": list_organisations(region, ["fleet"]),
        "budgets": list_budgets(region),
        "zone": region.timezone,
    }
    try:
        rows = lines_wanted(wanted)
    except Refused as refusal:
        context["refusal"] = sentence_of(refusal)
        return render(request, "overview/book.html", context, status=400)
    page = page_after(rows, key=("id",), cursor=request.GET.get("after", ""))
    proofs = all_proofs(region, {row.about for row in page.rows})
    context["page"] = page
    context["lines"] = [(row, proofs.get(row.about)) for row in page.rows]
    context["totals"] = totals(wanted)
    fares = fares_wanted(wanted)
    context["fares"] = fares.aggregate(total=Sum("amount_rp"), lines=Count("pk"))
    context["where"] = patients_money(region)
    asked = {"month": month, "fleet": wanted.fleet, "funder": wanted.funder}
    context["asked"] = urlencode(asked)
    return render(request, "overview/book.html", context)


@for_roles(Role.PROGRAMME_OFFICER, *BOOK)
def budgets(request: MemberRequest) -> HttpResponse:
    """Each budget line: granted, free, set aside, spent."""
    region = request.membership.region
    programmes = {each.code: each.name for each in list_programmes(region)}
    context = {"budgets": list_budgets(region), "programmes": programmes}
    return render(request, "overview/budgets.html", context)


@for_roles(Role.AUDITOR, Role.ADMIN)
def events(request: MemberRequest) -> HttpResponse:
    """All that happened, newest first; and on request, whether the chain still holds."""
    region = request.membership.region
    page = page_after(events_of(region.code), key=("-id",), cursor=request.GET.get("after", ""))
    context = {
        "page": page,
        "rows": [told(row) for row in page.rows],
        "finding": verify([region]) if request.method == "POST" else None,
        "zone": region.timezone,
    }
    return render(request, "overview/events.html", context)


@for_roles(Role.AUDITOR, Role.ADMIN)
def readings(request: MemberRequest) -> HttpResponse:
    """Who read whose data, in which role and what for."""
    region = request.membership.region
    page = page_after(readings_of(region), key=("-id",), cursor=request.GET.get("after", ""))
    return render(request, "overview/readings.html", {"page": page, "zone": region.timezone})
