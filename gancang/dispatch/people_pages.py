"""Deaths, entries of one person, and whoever may be the same as somebody who has died."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.dispatch import mourning
from gancang.residents.forms import DeathForm, MergeForm
from gancang.residents.likeness import get_look_alike, look_alikes
from gancang.residents.pages import REGISTRY, deed_of, person_of, reader_of
from gancang.residents.queries import read_people
from gancang.values import Refused
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from django.http import HttpResponse

ROWS = 20


@for_roles(*REGISTRY)
def deceased(request: MemberRequest, number: int) -> HttpResponse:
    """Note that somebody has died: from then on nobody is written to."""
    told, form = person_of(request, number, "correction"), DeathForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed, now = form.cleaned_data, timezone.now()
        try:
            death = mourning.Death(on=typed["on"], source=typed["source"])
            alike = mourning.report_death(told.number, death, by=request.user.username, now=now)
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            messages.success(request, _("It is noted. No more letters are sent, and all stops."))
            if alike:
                return redirect("dispatch:look_alikes")
            return redirect("residents:person", told.number)
    context = {"person": told, "form": form}
    return render(request, "dispatch/deceased.html", context, status=400 if form.errors else 200)


@for_roles(*REGISTRY)
@require_POST
def alive(request: MemberRequest, number: int) -> HttpResponse:
    """It was an error; the person lives."""
    told = person_of(request, number, "correction")
    mourning.take_back_death(told.number, by=request.user.username, now=timezone.now())
    messages.success(request, _("Taken back. The person is served again."))
    return redirect("residents:person", told.number)


@for_roles(*REGISTRY)
def merge(request: MemberRequest, number: int, other: int) -> HttpResponse:
    """Two entries side by side; whoever knows makes them one."""
    kept, gone = person_of(request, number, "duplicates"), person_of(request, other, "duplicates")
    form = MergeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        deed = deed_of(request, form.cleaned_data["reason"])
        try:
            mourning.merge(request.membership.region, kept.number, gone.number, deed)
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            messages.success(request, _("They are one entry now. It can be undone below."))
            return redirect("residents:person", kept.number)
    context = {"kept": kept, "gone": gone, "form": form}
    return render(request, "dispatch/merge.html", context, status=400 if form.errors else 200)


@for_roles(*REGISTRY)
@require_POST
def undo_merge(request: MemberRequest, number: int, merge_number: int) -> HttpResponse:
    """They were two people after all."""
    told, wanted = person_of(request, number, "duplicates"), min(merge_number, 2**63 - 1)
    mourning.undo_merge(request.membership.region, told.number, wanted, deed_of(request))
    messages.success(request, _("They are two entries again."))
    return redirect("residents:person", told.number)


@for_roles(*REGISTRY)
def same_person(request: MemberRequest) -> HttpResponse:
    """Who looks like somebody who has died: the same person, or another?"""
    return _same_person(request)


def _same_person(request: MemberRequest, error: str = "") -> HttpResponse:
    rows = look_alikes(request.membership.region)
    page = page_after(rows, key=("id",), cursor=request.GET.get("after", ""), size=ROWS)
    numbers = {number for row in page.rows for number in (row.dead_id, row.alike_id)}
    people = read_people(reader_of(request, "duplicates"), numbers)
    pairs = [(row, people[row.dead_id], people[row.alike_id]) for row in page.rows]
    context = {"page": page, "pairs": pairs, "error": error}
    return render(request, "dispatch/same_person.html", context, status=400 if error else 200)


@for_roles(*REGISTRY)
@require_POST
def judge(request: MemberRequest, number: int) -> HttpResponse:
    """The same person: all stops for this entry too. Another one: all goes on."""
    region, by, now = request.membership.region, request.user.username, timezone.now()
    found = get_look_alike(region, min(number, 2**63 - 1))
    judged = request.POST.get("judged")
    if judged not in ("same", "other"):
        return _same_person(request, _("Say which of the two it is."))
    same = judged == "same"
    try:
        mourning.judge_look_alike(region, found.pk, same=same, by=by, now=now)
    except Refused as refusal:
        return _same_person(request, sentence_of(refusal))
    told = _("It is noted. All stops for this entry too.") if same else _("Noted. All goes on.")
    messages.success(request, told)
    return redirect("dispatch:look_alikes")
