"""A draft's way to a version: tried on the registry, submitted, judged by two; and halts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.ledger.actions import grant_all
from gancang.programmes import approving, drafts, shelf, trying
from gancang.programmes.draft_pages import WRITES
from gancang.programmes.forms import BudgetForm, HaltForm, TrialForm
from gancang.programmes.pages import READS, today_of
from gancang.programmes.rules import Pause
from gancang.regions.queries import villages_by_code
from gancang.residents.queries import read_people, reader_for
from gancang.values import Refused
from gancang.web.deeds import is_done
from gancang.web.files import as_csv_file, csv_of
from gancang.web.middleware import sentence_of
from gancang.web.paging import number_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from gancang.programmes.models import Draft, Trial

APPROVES = (Role.TREASURER, Role.ADMIN)
ASKS = (WRITES, *APPROVES)
READS_PEOPLE = (Role.PROGRAMME_OFFICER, Role.ADMIN)
PEOPLE_A_PAGE = 20


@for_roles(*READS)
def trial(request: MemberRequest, number: int) -> HttpResponse:
    """Who would be in, who falls out, what changed, and what a month would cost."""
    found = drafts.get_draft(request.membership, number)
    newest = drafts.newest_trial(found)
    lines = _by_village(request, newest) if newest is not None else []
    if request.GET.get("as") == "csv":
        return _as_csv(found, lines)
    context = {
        "draft": found,
        "trial": newest,
        "is_stale": newest is not None and newest.save_number != found.saves,
        "form": TrialForm(initial={"times": newest.times if newest else 1}),
        "trouble": _trouble_of(newest),
        "lines": lines,
        "may_ask": request.membership.role in ASKS and found.state in approving.TRIABLE,
        "reads_people": request.membership.role in READS_PEOPLE,
    }
    return render(request, "programmes/trial.html", context)


@for_roles(*ASKS)
@require_POST
def ask_trial(request: MemberRequest, number: int) -> HttpResponse:
    """The worker is asked to try the draft; the page then tells how far it is."""
    found, now = drafts.get_draft(request.membership, number), timezone.now()
    form = TrialForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("How often a month does one person get it? From 1 to 100 times."))
        return redirect("programmes:trial", number)
    told = {"times": form.cleaned_data["times"], "on": today_of(request)}
    try:
        approving.ask_trial(found, **told, by=request.user, now=now)
    except Refused as refusal:
        messages.error(request, sentence_of(refusal))
    return redirect("programmes:trial", number)


def _trouble_of(newest: Trial | None) -> str:
    if newest is None or not newest.trouble:
        return ""
    reason = trying.Trouble(newest.trouble["reason"])
    return sentence_of(Refused(reason, **newest.trouble["facts"]))


def _by_village(request: MemberRequest, newest: Trial) -> list[tuple[Any, dict[str, int]]]:
    """What was counted in each village where somebody would be in or fall out."""
    places = villages_by_code(request.membership.region)
    return [
        (places[code], {group: counted.get(group, 0) for group in trying.GROUPS})
        for code, counted in sorted(newest.counted.get("by_village", {}).items())
        if code in places and (counted.get(trying.IN) or counted.get(trying.GONE))
    ]


def _as_csv(found: Draft, lines: list[tuple[Any, Any]]) -> HttpResponse:
    """Counts by village; few people in a village could be known by it, so they are not told."""
    heads = ("village_code", "village", "in", "new", "gone")
    groups = (trying.IN, trying.NEW, trying.GONE)
    rows = [
        (village.code, village.name, *(_cell(counted[group]) for group in groups))
        for village, counted in lines
    ]
    return as_csv_file(csv_of(heads, rows), f"draft-{found.pk}.csv")


def _cell(count: int) -> str:
    return f"<{trying.SMALL}" if 0 < count < trying.SMALL else str(count)


@for_roles(*READS_PEOPLE)
def people(request: MemberRequest, number: int, group: str) -> HttpResponse:
    """The first people of a group by name, as the last trial found them; readings are logged."""
    if group not in trying.GROUPS:
        raise Http404
    asker = request.membership
    kept = drafts.done_trial(asker, number)
    numbers = kept.counted["first_of"][group]
    typed = request.GET.get("after", "")
    after = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 15 else 0
    shown = [each for each in numbers if each > after][:PEOPLE_A_PAGE]
    more = bool(shown) and shown[-1] != numbers[-1]
    reader = reader_for(asker, purpose="programme trial", now=timezone.now())
    read = read_people(reader, shown)
    context = {
        "draft": kept.draft,
        "group": group,
        "left_out": max(0, kept.counted[group] - len(numbers)),
        "people": [read[each] for each in shown if each in read],
        "after": shown[-1] if more else "",
    }
    return render(request, "programmes/people.html", context)


@for_roles(WRITES)
@require_POST
def submit(request: MemberRequest, number: int) -> HttpResponse:
    """The officer hands the draft to those who approve."""
    said = _("Submitted. Two others approve it now.")
    return _done(request, number, partial(approving.submit, on=today_of(request)), said)


@for_roles(*APPROVES)
@require_POST
def approve(request: MemberRequest, number: int) -> HttpResponse:
    """One of the two says yes."""
    said = _("Your approval is written down.")
    return _done(request, number, partial(approving.approve, on=today_of(request)), said)


@for_roles(*APPROVES)
@require_POST
def send_back(request: MemberRequest, number: int) -> HttpResponse:
    """The draft goes back to be changed, with the reason."""
    note = request.POST.get("note", "")[:300].replace("\x00", "")
    said = _("Sent back, with your reason.")
    return _done(request, number, partial(approving.send_back, note=note), said)


@for_roles(WRITES)
@require_POST
def take_back(request: MemberRequest, number: int) -> HttpResponse:
    """The officer takes the draft back before it is approved."""
    return _done(request, number, approving.take_back, _("Taken back. It can be written on."))


def _done(
    request: MemberRequest, number: int, deed: Callable[..., object], said: str
) -> HttpResponse:
    found = drafts.get_draft(request.membership, number)
    seen, by, now = _seen(request), request.user, timezone.now()
    is_done(request, partial(deed, found, seen=seen, by=by, now=now), said)
    return redirect("programmes:draft", number)


def _seen(request: MemberRequest) -> int:
    return number_of(request.POST.get("seen", ""), most=10**6) or 0


@for_roles(WRITES)
def halt(request: MemberRequest, code: str) -> HttpResponse:
    """A programme takes no new cases: for a cycle, or for good."""
    row = shelf.get_newest(request.membership, code)
    form = HaltForm(request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            told = form.cleaned_data
            pause = Pause(told["since"], told["until"], told["reason"])
            try:
                approving.halt(row, pause, by=request.user, now=timezone.now())
            except Refused as refusal:
                form.add_error(None, sentence_of(refusal))
            else:
                messages.success(request, _("It takes no new cases in that time."))
                return redirect(reverse("programmes:programme", args=[code]))
        status = 400
    context = {"row": row, "form": form, "halts": shelf.halts_of(row)}
    return render(request, "programmes/halt.html", context, status=status)


@for_roles(Role.TREASURER)
def budget(request: MemberRequest, number: int) -> HttpResponse:
    """The treasurer enters what a fund gives to the programme of a draft."""
    asker, now = request.membership, timezone.now()
    found = drafts.get_draft(asker, number)
    funds = drafts.offers_in(asker.region)["fund"]
    first = {"year": (found.told.get("active_from") or today_of(request).isoformat())[:4]}
    form = BudgetForm(request.POST or None, funds=funds, initial=first)
    code = str(found.told.get("code", ""))
    if request.method == "POST" and not code:
        form.add_error(None, _("The draft has no code yet; the officer gives it one."))
    if request.method == "POST" and form.is_valid():
        grant_all([form.terms(code)], region=asker.region, by=request.user.username, now=now)
        messages.success(request, _("The budget is entered."))
        return redirect("programmes:draft", found.pk)
    status = 400 if request.method == "POST" else 200
    context = {"draft": found, "form": form}
    return render(request, "programmes/budget.html", context, status=status)
