"""Writing a programme on pages: one page a step, each saved at once, every save kept."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.programmes import drafting, drafts, shelf
from gancang.programmes.changes import changes
from gancang.programmes.forms import ROWS_MAX, ImportForm, StepForm
from gancang.programmes.importing import Fault, Why, read_file
from gancang.programmes.key_words import LETTERS, STEPS, Step, find_step, label_of, step_of
from gancang.programmes.models import Draft
from gancang.programmes.pages import READS, today_of
from gancang.programmes.previewing import previews, try_on_oneself
from gancang.programmes.surroundings import holes_of
from gancang.programmes.telling import changes_in_words, sections
from gancang.regions.queries import fact_kinds
from gancang.values import Refused
from gancang.web.deeds import is_done
from gancang.web.middleware import sentence_of
from gancang.web.paging import number_of, page_after

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpResponse

    from gancang.programmes.holes import Hole

WRITES = Role.PROGRAMME_OFFICER
State = Draft.State
REVIEW = "review"


@for_roles(*READS)
def list_drafts(request: MemberRequest) -> HttpResponse:
    """Programmes that are being written, the newest change first."""
    rows = drafts.drafts_of(request.membership)
    page = page_after(rows, key=("-changed_at", "-id"), cursor=request.GET.get("after", ""))
    context = {
        "page": page,
        "zone": request.membership.region.timezone,
        "writes": request.membership.role == WRITES,
        "form": ImportForm(),
    }
    return render(request, "programmes/drafts.html", context)


@for_roles(WRITES)
@require_POST
def new(request: MemberRequest) -> HttpResponse:
    """An empty page."""
    region, now = request.membership.region, timezone.now()
    draft = drafting.begin({"version": 1}, region=region, by=request.user, now=now)
    return redirect("programmes:step", draft.pk, STEPS[0].slug)


@for_roles(WRITES)
@require_POST
def change(request: MemberRequest, code: str) -> HttpResponse:
    """The next version of a programme begins as the newest one is."""
    asker, now = request.membership, timezone.now()
    row = shelf.get_newest(asker, code)
    draft = drafting.begin(
        drafts.told_anew(row), region=asker.region, by=request.user, now=now, based_on=row
    )
    return redirect("programmes:draft", draft.pk)


@for_roles(WRITES)
def take_in(request: MemberRequest) -> HttpResponse:
    """A file becomes a draft; all that does not fit is told at once."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        status = 400 if request.method == "POST" else 200
        return render(request, "programmes/import.html", {"form": form}, status=status)
    text = form.text()
    told, faults = ({}, [Fault(Why.NO_TEXT, "", {})]) if text is None else read_file(text)
    if not told:
        for fault in faults:
            form.add_error("file", sentence_of(Refused(fault.why, **fault.facts)))
        return render(request, "programmes/import.html", {"form": form}, status=400)
    region, now = request.membership.region, timezone.now()
    code = str(told.get("code", ""))
    told = {**told, "version": drafts.next_version(region, code)}
    draft = drafting.begin(told, region=region, by=request.user, now=now)
    if not faults:
        messages.success(request, _("The file is taken in as a draft."))
        return redirect("programmes:draft", draft.pk)
    context = {"draft": draft, "faults": [_in_words(draft, fault) for fault in faults]}
    return render(request, "programmes/imported.html", context)


def _in_words(draft: Draft, fault: Fault) -> dict[str, str]:
    step = step_of(fault.table or fault.key)
    return {
        "sentence": sentence_of(Refused(fault.why, **fault.facts)),
        "url": f"{reverse('programmes:step', args=[draft.pk, step.slug])}#id_{fault.key}",
        "step": _(step.title),
        "field": label_of(fault.key, fault.table) if fault.key else "",
    }


@for_roles(*READS)
def draft(request: MemberRequest, number: int) -> HttpResponse:
    """The whole draft in words, with its earlier saves."""
    found = drafts.get_draft(request.membership, number)
    return render(request, "programmes/draft.html", review(request, found))


def review(request: MemberRequest, found: Draft) -> dict[str, Any]:
    """What the page of a whole draft shows."""
    asker = request.membership
    saves = page_after(
        drafts.saves_of(found), key=("-number",), cursor=request.GET.get("after", ""), size=10
    )
    return {
        "draft": found,
        "steps": steps_of(found, REVIEW),
        "sections": sections(found.told, shelf.names_in(asker.region), fact_kinds(asker.region)),
        "page": saves,
        "zone": asker.region.timezone,
        "may_write": asker.role == WRITES and found.state in drafting.OPEN,
        **approvals(request, found),
    }


def approvals(request: MemberRequest, found: Draft) -> dict[str, Any]:
    """Its holes, what it changes, what was said to it, and what this visitor may do with it."""
    asker, on = request.membership, today_of(request)
    is_open = found.state in drafting.OPEN or found.state == State.SUBMITTED
    before = drafts.told_before(found, on=on) if is_open else None
    names = shelf.names_in(asker.region)
    return {
        "holes": [hole_in_words(found, hole) for hole in holes_of(found, on=on)] if is_open else [],
        "is_open": is_open,
        "before": before,
        "changes": changes_in_words(changes(before, found.told), names) if before else [],
        "judgements": drafts.judgements_of(found),
        "may_judge": drafts.to_judge(asker).filter(pk=found.pk).exists()
        if asker.role in (Role.TREASURER, Role.ADMIN)
        else False,
        "is_writer": asker.role == WRITES,
        "may_grant": asker.role == Role.TREASURER,
    }


def hole_in_words(found: Draft, hole: Hole) -> dict[str, str]:
    """A hole with its page, its field, how to mend it, and the way there."""
    step = step_of(hole.table or hole.key)
    name = f"{hole.table}-{hole.place}-{hole.key}" if hole.table else hole.key
    page = reverse("programmes:step", args=[found.pk, step.slug])
    label = label_of(hole.key, hole.table)
    if hole.table:
        label = f"{label_of(hole.table)} {hole.place + 1}, {label}"
    return {
        "step": _(step.title),
        "field": label,
        "sentence": sentence_of(Refused(hole.why, **hole.facts)),
        "url": _way_to(found, hole) or f"{page}#id_{name}",
    }


def _way_to(found: Draft, hole: Hole) -> str:
    """A rule that cannot be used opens in its editor, and so does the first one."""
    if hole.key not in ("when", "clause"):
        return ""
    return reverse("programmes:rule", args=[found.pk, hole.place])


def steps_of(found: Draft, here: str) -> list[dict[str, Any]]:
    """The pages of a draft, in order, with where one is."""
    told = [
        {
            "title": _(step.title),
            "url": reverse("programmes:step", args=[found.pk, step.slug]),
            "here": step.slug == here,
        }
        for step in STEPS
    ]
    last = {
        "title": _("Review"),
        "url": reverse("programmes:draft", args=[found.pk]),
        "here": here == REVIEW,
    }
    return [*told, last]


@for_roles(WRITES)
def step(request: MemberRequest, number: int, slug: str) -> HttpResponse:
    """One page of a draft: what is typed is saved at once."""
    found = drafts.get_draft(request.membership, number)
    here = find_step(slug)
    if here is None:
        raise Http404
    if found.state not in drafting.OPEN:
        return redirect("programmes:draft", found.pk)
    offers = drafts.offers_for(found)
    if request.method != "POST":
        form = StepForm(here, found.told, offers)
        form.initial["seen"] = found.saves
        return _step_page(request, found, here, form)
    form = StepForm(here, found.told, offers, request.POST)
    if not form.is_valid():
        return _step_page(request, found, here, form, status=400)
    told = form.told()
    # Somebody else's draft may have become a version meanwhile.
    version = drafts.next_version(found.region, str(told.get("code", "")))
    try:
        drafting.save(
            found,
            {**told, "version": version},
            step=here.slug,
            seen=form.cleaned_data["seen"] or 0,
            by=request.user,
            now=timezone.now(),
        )
    except Refused as refusal:
        form.add_error(None, sentence_of(refusal))
        return _step_page(request, found, here, form, status=409)
    return redirect(_next_page(request, found, here))


def _step_page(
    request: MemberRequest, found: Draft, here: Step, form: StepForm, status: int = 200
) -> HttpResponse:
    context = {
        "draft": found,
        "step": here,
        "title": _(here.title),
        "steps": steps_of(found, here.slug),
        "form": form,
        "rows_max": ROWS_MAX,
        "rules": [row.get("code", "") for row in found.told.get("clause") or []]
        if "clause" in here.tables
        else None,
        "letters": previews(found.told) if "letter" in here.tables else None,
    }
    return render(request, "programmes/step.html", context, status=status)


def _next_page(request: MemberRequest, found: Draft, here: Step) -> str:
    if request.POST.get("then") == "stay":
        return reverse("programmes:step", args=[found.pk, here.slug])
    after = STEPS.index(here) + 1
    if after == len(STEPS):
        return reverse("programmes:draft", args=[found.pk])
    return reverse("programmes:step", args=[found.pk, STEPS[after].slug])


@for_roles(WRITES)
@require_POST
def try_letter(request: MemberRequest, number: int, place: int) -> HttpResponse:
    """One letter of a draft goes to the officer's own phone, filled in for an invented person."""
    found = drafts.get_draft(request.membership, number)
    try:
        try_on_oneself(found, place, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, sentence_of(refusal))
    else:
        messages.success(request, _("The letter is on its way to your phone."))
    return redirect("programmes:step", found.pk, LETTERS)


@for_roles(WRITES)
@require_POST
def go_back(request: MemberRequest, number: int) -> HttpResponse:
    """The draft is again as it was at an earlier save."""
    found = drafts.get_draft(request.membership, number)
    to = number_of(request.POST.get("to", ""), most=10**6)
    seen = number_of(request.POST.get("seen", ""), most=10**6)
    by, now = request.user, timezone.now()
    deed = partial(drafting.go_back, found, to or 0, seen=seen or 0, by=by, now=now)
    is_done(request, deed, _("The draft is again as it was. What came after is kept too."))
    return redirect("programmes:draft", found.pk)


@for_roles(WRITES)
@require_POST
def drop(request: MemberRequest, number: int) -> HttpResponse:
    """Nobody wants this draft any more."""
    found = drafts.get_draft(request.membership, number)
    deed = partial(drafting.drop, found, by=request.user, now=timezone.now())
    if not is_done(request, deed, _("The draft is dropped.")):
        return redirect("programmes:draft", found.pk)
    return redirect("programmes:drafts")
