"""The shift plan: a week of all riders with a tick a day, and the hours of one rider's week."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.fleet import planned, queries, rostering
from gancang.fleet.forms import DayForm, HoursForm
from gancang.fleet.hours import WEEK, days_of_week, monday_of
from gancang.fleet.rostering import Change
from gancang.regions.queries import today_in
from gancang.values import Refused
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from django.http import HttpResponse

    from gancang.fleet.hours import Hours
    from gancang.fleet.models import Rider

DESK = (Role.OPERATOR, Role.ADMIN)
YEAR = timedelta(days=366)
KEY = ("user__full_name", "id")


def _monday(request: MemberRequest) -> date:
    """The week that an address names; this one if it names none within a year."""
    today = today_in(request.membership.region, timezone.now())
    try:
        named = date.fromisoformat(request.GET.get("week", ""))
    except ValueError:
        named = today
    return monday_of(named if abs(named - today) < YEAR else today)


def _address(monday: date) -> str:
    return f"{reverse('fleet:plan')}?week={monday.isoformat()}"


@for_roles(*DESK)
def week(request: MemberRequest) -> HttpResponse:
    """Who works when in a week; a tick puts somebody on or takes him off."""
    monday, now = _monday(request), timezone.now()
    found = queries.riders_visible_to(request.membership).filter(user__is_active=True)
    found = found.prefetch_related(None)
    page = page_after(found, key=KEY, cursor=request.GET.get("after", ""))
    today = today_in(request.membership.region, now)
    lines = planned.week_of(page.rows, monday, today=today)
    initial = _initial(planned.usual_hours(lines))
    form = HoursForm(request.POST or None, initial=initial)
    if request.method == "POST":
        ticked = frozenset(request.POST.getlist("on"))
        changes = _changes(request, lines, ticked, form)
        if form.is_valid():
            try:
                count = rostering.plan(changes, by=request.user.username, now=now)
            except Refused as refusal:
                form.add_error(None, sentence_of(refusal))
            else:
                messages.success(request, _said(count))
                return redirect(request.get_full_path())
        lines = planned.week_of(page.rows, monday, today=today, ticked=ticked)
    context = {
        "page": page,
        "lines": lines,
        "days": days_of_week(monday),
        "form": form,
        "monday": monday,
        "before": planned.before(monday),
        "after": monday + WEEK,
        "today": today,
    }
    return render(request, "fleet/plan.html", context, status=400 if form.errors else 200)


def _said(count: int) -> str:
    if not count:
        return _("Nothing was to be changed.")
    told = ngettext("%(n)s day was changed.", "%(n)s days were changed.", count)
    return told % {"n": count}


def _initial(hours: Hours) -> dict[str, object]:
    return {name: getattr(hours, name) for name in HoursForm.base_fields}


def _changes(
    request: MemberRequest, lines: list[planned.Line], ticked: frozenset[str], form: HoursForm
) -> list[Change]:
    """What the ticks change against what their reader saw; others' changes meanwhile stay."""
    seen = frozenset(request.POST.getlist("was"))
    hours = form.hours() if form.is_valid() else None
    return [
        Change(rider=line.rider, day=cell.day, hours=hours if cell.key in ticked else None)
        for line in lines
        for cell in line.cells
        if not cell.is_over and (cell.key in ticked) != (cell.key in seen)
    ]


@for_roles(*DESK)
@require_POST
def copy(request: MemberRequest) -> HttpResponse:
    """Plan a week as the week before; what is planned already stays."""
    monday = _monday(request)
    duties = planned.duties_of_week(request.membership, planned.before(monday))
    there = [
        (duty.rider_id, duty.day) for duty in planned.duties_of_week(request.membership, monday)
    ]
    by, now = request.user.username, timezone.now()
    count = rostering.copy_week(duties, there, by=by, now=now)
    if duties:
        messages.success(request, _said(count))
    else:
        messages.error(request, _("Nothing was planned in the week before; tick this one below."))
    return redirect(_address(monday))


@for_roles(*DESK)
def rider_plan(request: MemberRequest, number: int) -> HttpResponse:
    """One rider's week, each day with hours and break of its own."""
    found, now = queries.get_visible_rider(request.membership, number), timezone.now()
    monday, today = _monday(request), today_in(found.region, now)
    (line,) = planned.week_of([found], monday, today=today)
    forms = [_day_form(request, cell) for cell in line.cells]
    ahead = [form for form, cell in zip(forms, line.cells, strict=True) if not cell.is_over]
    wrong = [form for form in ahead if form.is_bound and not form.is_valid()]
    if request.method == "POST" and not wrong:
        count = rostering.plan(_told(found, line, forms), by=request.user.username, now=now)
        messages.success(request, _said(count))
        return redirect(_address(monday))
    context = {
        "rider": found,
        "days": list(zip(line.cells, forms, strict=True)),
        "monday": monday,
        "before": planned.before(monday),
        "after": monday + WEEK,
        "wrong": wrong,
    }
    return render(request, "fleet/rider_plan.html", context, status=400 if wrong else 200)


def _day_form(request: MemberRequest, cell: planned.Cell) -> DayForm:
    initial: dict[str, object] = {"works": cell.ticked}
    initial |= _initial(cell.hours or planned.USUAL)
    data = request.POST if request.method == "POST" and not cell.is_over else None
    return DayForm(data, initial=initial, prefix=cell.day.isoformat())


def _told(found: Rider, line: planned.Line, forms: list[DayForm]) -> list[Change]:
    return [
        Change(rider=found, day=cell.day, hours=form.told())
        for cell, form in zip(line.cells, forms, strict=True)
        if not cell.is_over
    ]
