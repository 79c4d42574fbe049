"""The treasurer's desk for transfers: what goes to the bank, and what the bank answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.fulfilment import paying, queries, rules
from gancang.fulfilment.forms import BankForm, ListForm
from gancang.programmes.queries import terms_of
from gancang.residents.queries import reader_for
from gancang.values import Refused
from gancang.web.files import as_csv_file
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from django.http import HttpResponse


@for_roles(Role.TREASURER)
def transfers(request: MemberRequest) -> HttpResponse:
    """The lists that went to the bank; a new one; and the bank's answer taken in."""
    return _show(request)


def _show(
    request: MemberRequest, *, wanted: ListForm | None = None, answer: BankForm | None = None
) -> HttpResponse:
    asker = request.membership
    found = queries.bank_lists(asker.region)
    page = page_after(found, key=("-id",), cursor=request.GET.get("after", ""))
    context = {
        "page": page,
        "wanted": wanted or _list_form(request, sent=False),
        "answer": answer or BankForm(),
        "zone": asker.region.timezone,
    }
    failed = bool((wanted and wanted.errors) or (answer and answer.errors))
    return render(request, "fulfilment/transfers.html", context, status=400 if failed else 200)


def _list_form(request: MemberRequest, *, sent: bool) -> ListForm:
    programmes = [
        row
        for row in queries.programmes_to_plan(request.membership)
        if terms_of(row).kind == rules.TRANSFER
    ]
    return ListForm(request.POST if sent else None, programmes=programmes)


@for_roles(Role.TREASURER)
@require_POST
def make_list(request: MemberRequest) -> HttpResponse:
    """All that may be paid goes on one list for the bank."""
    form = _list_form(request, sent=True)
    if form.is_valid():
        try:
            paying.make_list(
                request.membership.region,
                form.cleaned_data["programme"],
                by=request.user,
                now=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            messages.success(request, _("The list is ready; give its file to the bank."))
            return redirect("fulfilment:transfers")
    return _show(request, wanted=form)


@for_roles(Role.TREASURER)
def bank_file(request: MemberRequest, number: int) -> HttpResponse:
    """One list as the file that the bank takes."""
    found = queries.get_bank_list(request.membership.region, number)
    reader = reader_for(request.membership, purpose="bank list", now=timezone.now())
    return as_csv_file(paying.list_as_csv(found, reader=reader), f"transfer-{found.pk}.csv")


@for_roles(Role.TREASURER)
@require_POST
def take_statement(request: MemberRequest) -> HttpResponse:
    """The bank's answer: what it paid is done, and proved by its reference."""
    form = BankForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            lines = rules.read_lines(form.cleaned_data["file"])
            fresh, known = paying.take_statement(
                request.membership.region, lines, by=request.user, now=timezone.now()
            )
        except Refused as refusal:
            form.add_error("file", sentence_of(refusal))
        else:
            told = {"fresh": fresh, "known": known}
            messages.success(request, _("Paid: %(fresh)s; known before: %(known)s.") % told)
            return redirect("fulfilment:transfers")
    return _show(request, answer=form)
