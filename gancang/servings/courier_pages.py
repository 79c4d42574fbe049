"""A courier's phone: his stops with one tick each; and the village's desk for who was not seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.regions.queries import today_in
from gancang.residents.queries import read_people, read_person, reader_for
from gancang.servings import actions, queries, rules
from gancang.servings.forms import AnswerForm, SeenForm, UnseenForm
from gancang.values import Refused
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from django.http import HttpResponse

    from gancang.servings.models import Serving

WATCHERS = (Role.VILLAGE_CLERK, Role.PROGRAMME_OFFICER, Role.OPERATOR)


@for_roles(Role.RIDER)
def mine(request: MemberRequest) -> HttpResponse:
    """My rounds of today, stop by stop in order: one tap a door."""
    now = timezone.now()
    stops = queries.stops_of(request.user, day=today_in(request.membership.region, now))
    reader = reader_for(request.membership, purpose="meals", now=now)
    people = read_people(reader, [stop.diner.resident_id for stop in stops])
    context = {
        "rows": [(stop, people.get(stop.diner.resident_id)) for stop in stops],
        "by_word": [stop.code for stop in stops if is_by_word(stop)],
        "next": next((stop.code for stop in stops if stop.state == rules.PLANNED), ""),
        "zone": request.membership.region.timezone,
    }
    return render(request, "servings/mine.html", context)


def is_by_word(stop: Serving) -> bool:
    """Whether the courier's word is all that is asked for: then one tap does."""
    return queries.levels_of(stop.diner.programme)[0] == "tick"


@for_roles(Role.RIDER)
def seen(request: MemberRequest, code: str) -> HttpResponse:
    """The person opened and is well: by the proof that the programme asks for."""
    stop = queries.get_stop(request.user, code)
    levels = queries.levels_of(stop.diner.programme)
    form = SeenForm(request.POST if request.method == "POST" else None, levels=levels)
    if request.method == "POST" and form.is_valid():
        try:
            actions.see(stop, shown=form.shown(), by=request.user, now=timezone.now())
        except Refused as refusal:
            if refusal.reason == rules.Why.WRONG_STATE:  # nothing typed here could mend it
                messages.error(request, sentence_of(refusal))
                return _to_next_door()
            form.add_error(None, sentence_of(refusal))
        else:
            return _to_next_door()
    reader = reader_for(request.membership, purpose="meals", now=timezone.now())
    context = {"stop": stop, "form": form, "person": read_person(reader, stop.diner.resident_id)}
    return render(request, "servings/seen.html", context, status=400 if form.errors else 200)


def _to_next_door() -> HttpResponse:
    """His list, opened where he goes on."""
    return redirect(f"{reverse('servings:mine')}#next")


@for_roles(Role.RIDER)
def unseen(request: MemberRequest, code: str) -> HttpResponse:
    """Nobody was seen, and why."""
    stop = queries.get_stop(request.user, code)
    form = UnseenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            told = form.cleaned_data["reason"]
            check = actions.miss(stop, told, by=request.user, now=timezone.now())
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            words = _("Noted. The village looks after this person now.") if check else _("Noted.")
            messages.success(request, words)
            return _to_next_door()
    reader = reader_for(request.membership, purpose="meals", now=timezone.now())
    context = {"stop": stop, "form": form, "person": read_person(reader, stop.diner.resident_id)}
    return render(request, "servings/unseen.html", context, status=400 if form.errors else 200)


@for_roles(*WATCHERS)
def welfare(request: MemberRequest) -> HttpResponse:
    """Who was not seen again and again, the newest first."""
    page = page_after(
        queries.welfare_of(request.membership), key=("-id",), cursor=request.GET.get("after", "")
    )
    reader = reader_for(request.membership, purpose="welfare", now=timezone.now())
    people = read_people(reader, [row.diner.resident_id for row in page.rows])
    context = {
        "page": page,
        "rows": [(row, people.get(row.diner.resident_id)) for row in page.rows],
        "now": timezone.now(),
        "zone": request.membership.region.timezone,
    }
    return render(request, "servings/welfare.html", context)


@for_roles(*WATCHERS)
def check(request: MemberRequest, number: int) -> HttpResponse:
    """One of them: where the person lives, and how he is."""
    row = queries.get_welfare(request.membership, number)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told, by = form.cleaned_data["answer"], request.user.username
        try:
            actions.answer(row, told, by=by, now=timezone.now())
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            messages.success(request, _("Noted. Thank you."))
            return redirect("servings:welfare")
    reader = reader_for(request.membership, purpose="welfare", now=timezone.now())
    context = {
        "row": row,
        "form": form,
        "person": read_person(reader, row.diner.resident_id),
        "zone": row.region.timezone,
    }
    return render(request, "servings/check.html", context, status=400 if form.errors else 200)
