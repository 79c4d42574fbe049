"""A shop gives back what it took of a balance by mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.settlement.giving_back import give_back as restore
from gancang.values import Refused
from gancang.vouchers.forms import BackForm
from gancang.vouchers.queries import get_redemption
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from django.http import HttpResponse


@for_roles(Role.STALL, Role.PROGRAMME_OFFICER)
def give_back(request: MemberRequest, code: str) -> HttpResponse:
    """Why it was a mistake; then the holder has it again. The shop itself, or the officer."""
    row = get_redemption(request.membership, code)
    form = BackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            restore(row, form.cleaned_data["why"], by=request.user, now=timezone.now())
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            messages.success(request, _("Given back. The card has it again."))
            return redirect("vouchers:receipt", row.code)
    context = {"row": row, "form": form, "zone": row.region.timezone}
    return render(request, "settlement/give_back.html", context, status=400 if form.errors else 200)
