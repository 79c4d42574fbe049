"""Those who waited at the counter: noted one by one or from a file, listed, handed out as CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.figures import actions, queries, sheets, waits
from gancang.figures.forms import FileForm, WaitForm
from gancang.figures.pages import READERS, asked_for, period_asked
from gancang.regions.queries import zone_of
from gancang.values import Refused
from gancang.web.files import as_csv_file
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import Form
    from django.http import HttpResponse

    from gancang.figures.waits import Wait

WRITERS = (Role.PHARMACIST, Role.COUNTER_CLERK)


@for_roles(*READERS, Role.COUNTER_CLERK)
def counter(request: MemberRequest) -> HttpResponse:
    """Who waited in a period; where it is one's own counter, also the forms."""
    if request.method == "POST":
        return _note(request)
    return _page(request, WaitForm(), FileForm())


def _page(request: MemberRequest, one: Form, file: Form, status: int = 200) -> HttpResponse:
    period = period_asked(request)
    clinic = request.GET.get("clinic", "").replace("\0", "")
    found = queries.waits_of(request.membership, period, clinic=clinic)
    context: dict[str, Any] = {
        "page": page_after(found, key=("-id",), cursor=request.GET.get("after", "")),
        "kept": [(name, value) for name, value in request.GET.items() if name != "after"],
        "zone": request.membership.region.timezone,
        "clinic": clinic,
        "one": one,
        "file": file,
        "columns": ", ".join(waits.COLUMNS),
        "may_note": _may_note(request),
        "clinics": queries.clinics_of(request.membership),
        **asked_for(period),
    }
    return render(request, "figures/counter.html", context, status=status)


def _may_note(request: MemberRequest) -> bool:
    member = request.membership
    return member.role in WRITERS and member.organisation_id is not None


def _note(request: MemberRequest) -> HttpResponse:
    if not _may_note(request):
        raise PermissionDenied
    zone, now = zone_of(request.membership.region), timezone.now()
    is_file = "file" in request.FILES or "send_file" in request.POST
    one = WaitForm(None if is_file else request.POST)
    file = FileForm(request.POST if is_file else None, request.FILES if is_file else None)
    form: FileForm | WaitForm = file if is_file else one

    def read() -> list[Wait]:
        if isinstance(form, WaitForm):
            return [waits.read_wait(form.row(), zone=zone, now=now)]
        return waits.read_file(form.cleaned_data["file"].read(), zone=zone, now=now)

    if form.is_valid() and (found := _read(form, read)) is not None:
        new = actions.note_waits(request.membership, found, now=now)
        told = ngettext("%(n)d patient noted.", "%(n)d patients noted.", new) % {"n": new}
        messages.success(request, told)
        return redirect("figures:counter")
    return _page(request, one, file, 400)


def _read(form: Form, read: Callable[[], list[Wait]]) -> list[Wait] | None:
    try:
        return read()
    except Refused as refusal:
        form.add_error(None, sentence_of(refusal))
        return None


@for_roles(*READERS, Role.COUNTER_CLERK)
def counter_csv(request: MemberRequest) -> HttpResponse:
    """A line a patient who waited, in the columns that can be sent again."""
    period = period_asked(request)
    found = queries.waits_of(request.membership, period)
    data = sheets.waits_csv(queries.as_waits(found), zone=request.membership.region.timezone)
    return as_csv_file(data, f"loket-{period.first}.csv")
