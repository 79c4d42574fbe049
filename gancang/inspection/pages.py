"""The auditor's desk: from a total to its proof, samples and what was found in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.inspection import actions, queries
from gancang.inspection.forms import DrawForm, JudgeForm, WantedForm
from gancang.regions.queries import today_in
from gancang.values import Refused
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from django.http import HttpResponse

    from gancang.inspection.models import Sample, SampleLine
    from gancang.inspection.queries import Wanted

READERS = (Role.AUDITOR, Role.TREASURER, Role.ADMIN)


@for_roles(*READERS)
def desk(request: MemberRequest) -> HttpResponse:
    """The totals of a period by programme, fund and payee; samples; whether the seals hold."""
    form = _asked(request)
    context: dict[str, Any] = {"form": form, "faults": queries.chain_holds(_region(request))}
    status = 400
    if form.is_valid():
        try:
            sums = queries.sums_of(_region(request), form.wanted())
            context |= {
                "sums": sums,
                "total": sum(each.amount.rupiah for each in sums),
                "asked_again": queries.rechecks_told(_region(request), form.wanted()),
            }
            status = 200
        except Refused as refusal:
            form.add_error("last", sentence_of(refusal))
    return _desk(request, context, status=status)


def _desk(request: MemberRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    asker = request.membership
    found = queries.samples_of(asker)
    page = page_after(found, key=("-id",), cursor=request.GET.get("after", ""), size=10)
    form = context["form"]
    context = {
        "page": page,
        "draw": DrawForm(initial=form.cleaned_data if form.is_valid() else {}, auto_id="draw_%s"),
        "may_draw": asker.role == Role.AUDITOR,
        "seal": queries.seals_for(asker.region).first(),
        "asked": _link(form.wanted()) if form.is_valid() else "",
        "zone": asker.region.timezone,
        "slug": asker.region.slug,
        **context,
    }
    return render(request, "inspection/desk.html", context, status=status)


@for_roles(*READERS)
def lines(request: MemberRequest) -> HttpResponse:
    """The lines behind one total; each opens its order with the proof."""
    form = _asked(request)
    if not form.is_valid():
        return redirect("inspection:desk")
    wanted = form.wanted()
    region = _region(request)
    rows = queries.lines_wanted(region, wanted)
    page = page_after(rows, key=("id",), cursor=request.GET.get("after", ""))
    context = {
        "wanted": wanted,
        "page": page,
        "lines": queries.with_proofs(region, page.rows),
        "sums": queries.sums_of(region, wanted),
        "asked": _link(wanted),
        "zone": region.timezone,
    }
    return render(request, "inspection/lines.html", context)


@for_roles(Role.AUDITOR)
@require_POST
def draw(request: MemberRequest) -> HttpResponse:
    """Draw a sample and open it."""
    form = DrawForm(request.POST, auto_id="draw_%s")
    if form.is_valid():
        try:
            sample = actions.draw(
                _region(request),
                form.wanted(),
                size=form.cleaned_data["size"],
                by=request.user,
                now=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            return redirect("inspection:sample", sample.pk)
    return _desk(request, {"form": WantedForm(request.POST), "draw": form}, status=400)


@for_roles(*READERS)
def sample(request: MemberRequest, number: int) -> HttpResponse:
    """What was drawn, line by line, and what the findings say of all lines."""
    return _sample_page(request, queries.get_sample(request.membership, number))


def _sample_page(
    request: MemberRequest,
    found: Sample,
    judged: tuple[SampleLine, JudgeForm] | None = None,
) -> HttpResponse:
    page = page_after(queries.lines_of(found), key=("id",), cursor=request.GET.get("after", ""))
    proofs = queries.with_proofs(found.region, [line.transfer for line in page.rows])
    context = {
        "sample": found,
        "page": page,
        "lines": [
            (line, proof, _judging(line, judged))
            for line, (_transfer, proof, _call) in zip(page.rows, proofs, strict=True)
        ],
        "progress": queries.progress_of(found),
        "may_judge": request.membership.role == Role.AUDITOR,
        "zone": found.region.timezone,
    }
    status = 400 if judged else 200
    return render(request, "inspection/sample.html", context, status=status)


def _judging(line: SampleLine, judged: tuple[SampleLine, JudgeForm] | None) -> JudgeForm:
    if judged and judged[0].pk == line.pk:
        return judged[1]
    told = {"found": line.found, "wrong_rp": line.wrong_rp or None, "note": line.note}
    return JudgeForm(initial=told, auto_id=f"id_{line.pk}_%s")


@for_roles(Role.AUDITOR)
@require_POST
def judge(request: MemberRequest, number: int) -> HttpResponse:
    """Write down what was found of one line."""
    line = queries.get_line(request.membership, number)
    form = JudgeForm(request.POST, auto_id=f"id_{line.pk}_%s")
    if form.is_valid():
        told = form.cleaned_data
        try:
            actions.judge(
                line,
                told["found"],
                wrong=form.wrong(),
                note=told["note"],
                by=request.user,
                now=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            messages.success(request, _("Written down."))
            return redirect("inspection:sample", line.sample_id)
    return _sample_page(
        request, queries.get_sample(request.membership, line.sample_id), (line, form)
    )


def _region(request: MemberRequest) -> Any:
    return request.membership.region


def _asked(request: MemberRequest) -> WantedForm:
    today = today_in(request.membership.region, timezone.now())
    return WantedForm.of(request.GET.dict(), today=today)


def _link(wanted: Wanted) -> str:
    told = {
        "first": wanted.first.isoformat(),
        "last": wanted.last.isoformat(),
        "programme": wanted.programme,
        "fund": wanted.fund,
        "payee": wanted.payee,
    }
    return urlencode({name: value for name, value in told.items() if value})
