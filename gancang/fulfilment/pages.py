"""The planner's list, a new plan, and one case until its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.fulfilment import actions, queries, rules
from gancang.fulfilment.forms import DoneForm, NoteForm, PlanForm, ReasonForm, SpentForm
from gancang.programmes.queries import terms_of
from gancang.regions.queries import today_in, zone_of
from gancang.residents.choosing import chosen_in, found_by
from gancang.residents.queries import read_people, read_person, reader_for
from gancang.residents.rules import find_day
from gancang.values import Refused
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms
    from django.http import HttpResponse

    from gancang.fulfilment.models import Case
    from gancang.residents.queries import Person

PLANNERS = (Role.COUNTER_CLERK, Role.PROGRAMME_OFFICER)
READERS = (*PLANNERS, Role.OPERATOR, Role.ADMIN, Role.TREASURER, Role.AUDITOR)
WORKERS = (Role.COUNTER_CLERK, Role.RIDER)
# Whoever sees names; a book-keeper sees codes.
CARES = frozenset({*PLANNERS, Role.RIDER, Role.OPERATOR, Role.ADMIN})


@for_roles(*READERS)
def list_cases(request: MemberRequest) -> HttpResponse:
    """The cases of a day, or of all days, by their state; one found by its code."""
    now, asker = timezone.now(), request.membership
    typed, state = request.GET.get("q", ""), request.GET.get("state", "")
    told_day = request.GET.get("day")
    today = today_in(asker.region, now)
    day = today if told_day is None else find_day(told_day)
    found = queries.cases_found(asker, day=day, typed=typed, state=state)
    page = page_after(found, key=("day", "id"), cursor=request.GET.get("after", ""))
    people: dict[int, Person] = {}
    if asker.role in CARES:
        reader = reader_for(asker, purpose="list", now=now)
        people = read_people(reader, [case.resident_id for case in page.rows if case.resident_id])
    context = {
        "page": page,
        "rows": [(case, people.get(case.resident_id or 0)) for case in page.rows],
        "q": typed,
        "day": day,
        "told_day": told_day if told_day is not None else today.strftime("%d-%m-%Y"),
        "state": state,
        "states": rules.STATES,
        "due": queries.reports_due(asker, on=today),
        "may_plan": asker.role in PLANNERS,
        "may_pay": asker.role == Role.TREASURER,
    }
    return render(request, "fulfilment/list.html", context)


@for_roles(*PLANNERS)
def new(request: MemberRequest) -> HttpResponse:
    """Plan visits, a ride or a transfer: once, on weekdays, or every so many days."""
    asker = request.membership
    typed = request.POST.get("find")
    placing = request.method == "POST" and typed is None
    programmes = queries.programmes_to_plan(asker)
    performers = queries.performers_in(asker.region, map(terms_of, programmes))
    if asker.organisation is not None:
        performers = [row for row in performers if row.pk == asker.organisation_id]
    person = chosen_in(request, "new case", now=timezone.now())
    form = PlanForm(
        request.POST if placing else None,
        programmes=programmes,
        performers=performers,
        initial={"person": person.number if person else None},
    )
    if placing and form.is_valid():
        try:
            cases = actions.plan(form.draft(person), by=request.user.username, now=timezone.now())
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            told = {"n": len(cases), "code": cases[0].code}
            messages.success(request, _("Planned: %(n)s, the first is %(code)s.") % told)
            return redirect("fulfilment:case", cases[0].code)
    context = {
        "form": form,
        "find": typed or "",
        "people": found_by(request, typed, now=timezone.now()),
    }
    context |= {"person": person, "programmes": programmes}
    return render(request, "fulfilment/new.html", context, status=400 if form.errors else 200)


@for_roles(*READERS, Role.RIDER)
def case(request: MemberRequest, code: str) -> HttpResponse:
    """One case: what, for whom, by which rule, what happened, what it cost."""
    return _show(request, queries.get_case(request.membership, code))


def _show(
    request: MemberRequest,
    found: Case,
    *,
    reason: forms.Form | None = None,
    note: forms.Form | None = None,
) -> HttpResponse:
    asker, now = request.membership, timezone.now()
    terms, person = terms_of(found.programme), None
    proofs = queries.proofs_of(found)
    levels = {proof.level for proof in proofs}
    if found.resident_id and asker.role in CARES:
        reader = reader_for(asker, purpose="case", now=now)
        person = read_person(reader, found.resident_id)
    is_transfer, plans = found.kind == rules.TRANSFER, asker.role in PLANNERS
    wants_report = terms.report_days and found.state == rules.DONE and "report" not in levels
    wants_field = (
        terms.verify_first and found.state == rules.PLANNED and not queries.is_verified(found)
    )
    context: dict[str, Any] = {
        "case": found,
        "person": person,
        "proofs": proofs,
        "shows_notes": asker.role in {*PLANNERS, Role.RIDER},
        "story": queries.story_of(found),
        "zone": found.region.timezone,
        "is_open": found.state in rules.OPEN and not found.bank_list_id,
        "may_do": asker.role in WORKERS and not is_transfer,
        "may_cancel": found.state == rules.PLANNED and asker.role in {*PLANNERS, Role.OPERATOR},
        "may_verify": wants_field and asker.role == Role.PROGRAMME_OFFICER,
        "may_report": wants_report and plans,
        "reason": reason or ReasonForm(),
        "calling_off": reason or ReasonForm(auto_id="off-%s"),
        "note": note or (SpentForm() if wants_report else NoteForm()),
    }
    failed = bool((reason and reason.errors) or (note and note.errors))
    return render(request, "fulfilment/case.html", context, status=400 if failed else 200)


@for_roles(*WORKERS)
def mine(request: MemberRequest) -> HttpResponse:
    """What I have to do today: my own cases, and those that nobody has taken yet."""
    asker, now = request.membership, timezone.now()
    found = queries.work_of(asker, on=today_in(asker.region, now))
    page = page_after(found, key=("at", "id"), cursor=request.GET.get("after", ""))
    reader = reader_for(asker, purpose="list", now=now)
    people = read_people(reader, [each.resident_id for each in page.rows if each.resident_id])
    rows = [(each, people.get(each.resident_id or 0)) for each in page.rows]
    return render(request, "fulfilment/mine.html", {"page": page, "rows": rows})


@for_roles(*WORKERS)
@require_POST
def begin(request: MemberRequest, code: str) -> HttpResponse:
    """I am on my way, or have begun."""
    found = queries.get_case(request.membership, code)
    try:
        actions.begin(found, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, sentence_of(refusal))
    return redirect("fulfilment:done", code)


@for_roles(*WORKERS)
def done(request: MemberRequest, code: str) -> HttpResponse:
    """It took place: the proof that its programme asks for, on a phone."""
    found = queries.get_case(request.membership, code)
    terms, now = terms_of(found.programme), timezone.now()
    form = DoneForm(
        request.POST or None,
        levels=rules.levels_of(terms),
        initial={"version": found.version, "people": found.quantity},
    )
    if request.method == "POST" and form.is_valid():
        told, seen = form.told(found.day, zone_of(found.region)), form.cleaned_data["version"]
        try:
            actions.prove(found, told, by=request.user, seen_version=seen, now=now)
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            messages.success(request, _("Noted. Thank you."))
            return redirect("fulfilment:mine")
    person = None
    if found.resident_id:
        reader = reader_for(request.membership, purpose="case", now=now)
        person = read_person(reader, found.resident_id)
    context = {
        "case": found,
        "form": form,
        "person": person,
        "signs": "signature" in rules.levels_of(terms),
        "is_open": found.state in rules.OPEN,
    }
    return render(request, "fulfilment/done.html", context, status=400 if form.errors else 200)


@for_roles(*WORKERS)
@require_POST
def missed(request: MemberRequest, code: str) -> HttpResponse:
    """It did not take place."""
    return _end(request, code, actions.miss)


@for_roles(*PLANNERS, Role.OPERATOR)
@require_POST
def cancel(request: MemberRequest, code: str) -> HttpResponse:
    """It is called off."""
    return _end(request, code, actions.cancel)


@for_roles(Role.PROGRAMME_OFFICER)
@require_POST
def verify(request: MemberRequest, code: str) -> HttpResponse:
    """Somebody saw it in the field."""
    return _note(request, code, actions.verify, NoteForm)


@for_roles(*PLANNERS)
@require_POST
def report(request: MemberRequest, code: str) -> HttpResponse:
    """What the money was spent on."""
    return _note(request, code, actions.report, SpentForm)


def _tell(
    request: MemberRequest,
    code: str,
    deed: Callable[..., None],
    named: tuple[str, forms.Form],
    *,
    said: str,
) -> HttpResponse:
    """One deed that asks for a few words; or the page again with what is wrong with them."""
    found = queries.get_case(request.membership, code)
    name, form = named
    if _is_done(form, lambda: deed(found, form.cleaned_data[name], **_who(request))):
        messages.success(request, said)
        return redirect("fulfilment:case", code)
    return _show(request, found, **{name: form})


def _end(request: MemberRequest, code: str, deed: Callable[..., None]) -> HttpResponse:
    reason = "reason", ReasonForm(request.POST)
    return _tell(request, code, deed, reason, said=_("Noted. Its money is free again."))


def _note(
    request: MemberRequest, code: str, deed: Callable[..., None], form: type[NoteForm]
) -> HttpResponse:
    note = "note", form(request.POST)
    return _tell(request, code, deed, note, said=_("Noted. Thank you."))


def _who(request: MemberRequest) -> dict[str, Any]:
    return {"by": request.user, "now": timezone.now()}


def _is_done(form: forms.Form, deed: Callable[[], None]) -> bool:
    """Whether a form was clean and its deed was done; else the form says why not."""
    if not form.is_valid():
        return False
    try:
        deed()
    except Refused as refusal:
        form.add_error(None, sentence_of(refusal))
        return False
    return True
