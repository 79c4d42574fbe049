"""The calendar of a day, who eats, which stalls cook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.enrolment.queries import SEES
from gancang.enrolment.rules import enrolling_of
from gancang.programmes.queries import terms_of
from gancang.regions.models import Organisation
from gancang.regions.queries import list_organisations, today_in
from gancang.residents.queries import find_people, read_people, read_person, reader_for
from gancang.residents.rules import find_day
from gancang.servings import actions, queries, rules
from gancang.servings.forms import AwayForm, DinerForm, RoundsForm, ShutForm, StallForm
from gancang.servings.seating import seat_enrolled
from gancang.values import Refused
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpResponse

    from gancang.programmes.models import Programme
    from gancang.residents.queries import Person
    from gancang.servings.models import Diner

PLANNERS = (Role.PROGRAMME_OFFICER, Role.OPERATOR)


@for_roles(*PLANNERS)
def day(request: MemberRequest) -> HttpResponse:
    """One day: how many eat where, who finds no stall, the rounds; and new rounds."""
    region = request.membership.region
    found = queries.meal_programmes(region)
    if not found:
        return render(request, "servings/day.html", {"programme": None})
    programme, table = queries.get_programme_of(region, request.GET.get("programme", ""))
    on = find_day(request.GET.get("day", "")) or today_in(region, timezone.now())
    calendar = queries.calendar_of(region, programme, table)
    sat = [calendar.sitting(on, meal.code) for meal in table.meals]
    form = _rounds_form(request, programme, table, (on, sat))
    if request.method == "POST" and form.is_valid():
        wanted = actions.Sitting(programme=programme, day=on, meal=form.cleaned_data["meal"])
        by, now = request.user.username, timezone.now()
        try:
            made = actions.make_rounds(wanted, form.chosen(), region=region, by=by, now=now)
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            messages.success(request, _("%(n)s rounds are made.") % {"n": len(made)})
            return redirect(_day_of(programme.code, on))
    stalls = {row.pk: row for row in queries.stalls_of(region, programme.code)}
    sittings = [
        (meal, *_counted(each, stalls)) for meal, each in zip(table.meals, sat, strict=True)
    ]
    context = {
        "programme": programme,
        "programmes": found,
        "on": on,
        "sittings": sittings,
        "rounds": queries.rounds_on(region, programme.code, on),
        "form": form,
        "zone": region.timezone,
    }
    return render(request, "servings/day.html", context, status=400 if form.errors else 200)


def _rounds_form(
    request: MemberRequest,
    programme: Programme,
    table: rules.Table,
    planned: tuple[date, list[rules.Sitting]],
) -> RoundsForm:
    """The next meal of the day, and who rode last, are chosen already."""
    region = request.membership.region
    return RoundsForm(
        request.POST or None,
        meals=table.meals,
        couriers=queries.couriers_of(region, terms_of(programme).carriers),
        initial={
            "meal": queries.next_meal(programme.code, *planned),
            "couriers": queries.who_rode_last(region, programme.code),
        },
    )


def _day_of(programme: str, on: date) -> str:
    return f"{reverse('servings:day')}?programme={programme}&day={on:%d-%m-%Y}"


def _counted(sitting: rules.Sitting, stalls: dict[int, Any]) -> tuple[int, int, list[Any]]:
    """How many eat, how many find no stall, and how many each stall cooks."""
    rows = [(stalls[number], len(who)) for number, who in sorted(sitting.at.items())]
    return sitting.meals, len(sitting.unplaced), rows


@for_roles(*PLANNERS)
def diners(request: MemberRequest) -> HttpResponse:
    """Who eats; somebody new is found among the residents."""
    region, now = request.membership.region, timezone.now()
    programme, table = queries.get_programme_of(region, request.GET.get("programme", ""))
    typed, person = request.POST.get("find"), _chosen(request)
    adding = request.method == "POST" and typed is None
    form = _diner_form(request, table, person, adding=adding)
    if "everybody" in request.POST and form.is_valid():
        if seated := _seated(request, programme, form):
            messages.success(request, _("%(n)s people eat from now on.") % {"n": seated})
            return redirect(f"{reverse('servings:diners')}?programme={programme.code}")
    elif adding and form.is_valid() and (row := _added(request, programme, form, person)):
        messages.success(request, _("%(name)s eats.") % {"name": row.resident.full_name})
        return redirect("servings:diner", row.pk)
    page = page_after(
        queries.diners_of(region, programme.code), key=("-id",), cursor=request.GET.get("after", "")
    )
    reader = reader_for(request.membership, purpose="list", now=now)
    people = read_people(reader, [row.resident_id for row in page.rows])
    context = {
        "programme": programme,
        "enrols": enrolling_of(programme.terms).enrols,
        "sees_enrolment": request.membership.role in SEES,
        "waiting": queries.not_at_table(programme, on=today_in(region, now)).count(),
        "asked_again": queries.asked_again(programme, on=today_in(region, now)),
        "page": page,
        "rows": [(row, people.get(row.resident_id)) for row in page.rows],
        "form": form,
        "person": person,
        "find": typed or "",
        "people": find_people(reader, typed[:120]) if typed else [],
    }
    return render(request, "servings/diners.html", context, status=400 if form.errors else 200)


def _diner_form(
    request: MemberRequest, table: rules.Table, person: Person | None, *, adding: bool
) -> DinerForm:
    """All meals, from today on, are chosen already."""
    today = today_in(request.membership.region, timezone.now())
    initial = {
        "person": person.number if person else None,
        "meals": [meal.code for meal in table.meals],
        "first": f"{today:%d-%m-%Y}",
    }
    return DinerForm(request.POST if adding else None, meals=table.meals, initial=initial)


def _added(
    request: MemberRequest, programme: Programme, form: DinerForm, person: Person | None
) -> Diner | None:
    """Who eats from now on; None where the form says why not."""
    told, region = form.cleaned_data, request.membership.region
    try:
        if person is None:
            raise Refused(rules.Why.NOBODY_CHOSEN)
        wish = _wish(programme, told, person=person.number)
        by, now = request.user.username, timezone.now()
        return actions.add_diner(wish, region=region, by=by, now=now)
    except Refused as refusal:
        form.add_error(None, sentence_of(refusal))
        return None


def _wish(programme: Programme, told: dict[str, Any], *, person: int | None) -> actions.Wish:
    return actions.Wish(
        programme=programme,
        person=person,
        meals=told["meals"],
        first=told["first"],
        last=told["last"],
        diet=told["diet"],
    )


def _seated(request: MemberRequest, programme: Programme, form: DinerForm) -> int:
    """How many of the enrolled come to table; 0 where the form says why none does."""
    wish = _wish(programme, form.cleaned_data, person=None)
    region, by = request.membership.region, request.user.username
    try:
        return seat_enrolled(wish, region=region, by=by, now=timezone.now())
    except Refused as refusal:
        form.add_error(None, sentence_of(refusal))
        return 0


def _chosen(request: MemberRequest) -> Person | None:
    number = request.POST.get("person") or request.GET.get("person", "")
    if not (number.isascii() and number.isdigit()):
        return None
    reader = reader_for(request.membership, purpose="meals", now=timezone.now())
    try:
        return read_person(reader, int(number[:18]))
    except KeyError:
        return None


@for_roles(*PLANNERS)
def diner(request: MemberRequest, number: int) -> HttpResponse:
    """Somebody who eats, with his exceptions; one tick more."""
    row, now = queries.get_diner(request.membership, number), timezone.now()
    table = queries.table_of(row.programme)
    assert table is not None, number
    today = f"{today_in(row.region, now):%d-%m-%Y}"
    form = AwayForm(request.POST or None, meals=table.meals, initial={"first": today})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        gap = _gap(row.pk, told["first"], told["last"], told["meal"])
        try:
            actions.note_away(row, gap, told["why"], by=request.user.username, now=now)
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            messages.success(request, _("Noted. The calendar follows."))
            return redirect("servings:diner", number)
    reader = reader_for(request.membership, purpose="meals", now=now)
    context = {
        "row": row,
        "person": read_person(reader, row.resident_id),
        "gaps": queries.gaps_of(row),
        "servings": queries.last_servings(row),
        "form": form,
        "zone": row.region.timezone,
    }
    return render(request, "servings/diner.html", context, status=400 if form.errors else 200)


def _gap(number: int, first: date, last: date | None, meal: str = "") -> rules.Gap:
    return rules.Gap(number=number, first=first, last=last or first, meal=meal)


@for_roles(*PLANNERS)
def stalls(request: MemberRequest) -> HttpResponse:
    """The stalls of a programme; one more, or another capacity."""
    region = request.membership.region
    programme, _table = queries.get_programme_of(region, request.GET.get("programme", ""))
    kitchens = list_organisations(region, [Organisation.Kind.KITCHEN])
    form = StallForm(request.POST or None, kitchens=kitchens)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        kitchen = next(row for row in kitchens if row.code == told["kitchen"])
        by, now = request.user.username, timezone.now()
        actions.add_stall(programme, kitchen, told["capacity"], by=by, now=now)
        messages.success(request, _("%(name)s cooks.") % {"name": kitchen.name})
        return redirect(f"{request.path}?programme={programme.code}")
    today = {"first": f"{today_in(region, timezone.now()):%d-%m-%Y}"}
    rows = [
        (stall, ShutForm(initial=today, auto_id=f"shut-{stall.pk}-%s"))
        for stall in queries.stalls_of(region, programme.code)
    ]
    context = {"programme": programme, "rows": rows, "form": form}
    return render(request, "servings/stalls.html", context, status=400 if form.errors else 200)


@for_roles(*PLANNERS)
@require_POST
def shut(request: MemberRequest, number: int) -> HttpResponse:
    """A stall falls out: its people go to others as soon as rounds are made again."""
    stall = queries.get_stall(request.membership, number)
    form = ShutForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        gap = _gap(stall.pk, told["first"], told["last"])
        by, now = request.user.username, timezone.now()
        try:
            freed = actions.shut_stall(stall, gap, told["reason"], by=by, now=now)
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            said = _("Noted. %(n)s meals need a new round: make the rounds of the day again.")
            messages.warning(request, said % {"n": freed})
            return redirect(_day_of(stall.programme_code, gap.first))
    context = {"stall": stall, "form": form}
    return render(request, "servings/shut.html", context, status=400)
