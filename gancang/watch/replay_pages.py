"""The day as it went: lanes on a line and the same as a table, and what was open at an hour."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.regions.queries import today_in, zone_of
from gancang.watch.replay import Asked, day_of, open_at
from gancang.web.paging import number_of

if TYPE_CHECKING:
    from django.http import HttpResponse

READERS = (Role.OPERATOR, Role.AUDITOR, Role.ADMIN)


@for_roles(*READERS)
def replay(request: MemberRequest) -> HttpResponse:
    """A day of all riders, or an hour of it."""
    region, typed = request.membership.region, request.GET
    today = today_in(region, timezone.now())
    try:
        day, wrong = date.fromisoformat(typed.get("day") or today.isoformat()), ""
    except ValueError:
        day, wrong = today, _("That is no day. Choose one, or type it as 2026-11-24.")
    asked = Asked(
        day,
        number_of(typed.get("hour", ""), most=23),
        typed.get("rider", ""),
        typed.get("order", "").strip().upper().replace("\0", "")[:20],
    )
    page = number_of(typed.get("p", ""), most=999) or 0
    keep = {"day": day.isoformat(), "rider": asked.rider, "order": asked.order}
    context = {
        "asked": asked,
        "day": (found := day_of(request.membership, asked, page=page)),
        "begins_at": found.begins.strftime("%H:%M"),
        "wrong": wrong,
        "next_page": page + 1,
        "kept": urlencode(keep),
        "before": (day - timedelta(days=1)).isoformat() if day > date.min else "",
        "after_it": (day + timedelta(days=1)).isoformat() if day < today else "",
        "zone": region.timezone,
    }
    return render(request, "watch/replay.html", context, status=400 if wrong else 200)


@for_roles(*READERS)
def open_then(request: MemberRequest) -> HttpResponse:
    """What was open at a moment of a day, and who had it."""
    region = request.membership.region
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
        at = time.fromisoformat(request.GET.get("at", ""))
    except ValueError:
        day, at = today_in(region, timezone.now()), time(12)
    moment = datetime.combine(day, at.replace(tzinfo=None), zone_of(region))
    cursor = request.GET.get("after", "")
    page, rows = open_at(request.membership, moment, cursor=cursor)
    context = {
        "page": page,
        "rows": rows,
        "day": day.isoformat(),
        "at": at.strftime("%H:%M"),
        "moment": moment,
        "zone": region.timezone,
    }
    return render(request, "watch/open_then.html", context)
