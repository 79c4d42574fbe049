"""A payment that came back: told by the treasurer, decided by another, its account looked at."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.settlement import bouncing, queries
from gancang.settlement.correction_pages import DECIDES
from gancang.settlement.forms import BounceForm
from gancang.settlement.models import Bounce
from gancang.settlement.rules import Why
from gancang.values import Refused
from gancang.web.deeds import is_done
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse


@for_roles(Role.TREASURER)
@require_POST
def came_back(request: MemberRequest, reference: str) -> HttpResponse:
    """The treasurer tells what the bank's letter says: a payment that was paid came back."""
    payment = queries.get_payment(request.membership.region, reference)
    form = BounceForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused(Why.SAY_DOCUMENT)
        told = form.cleaned_data["reason"], form.cleaned_data["document"]
        made = bouncing.ask(payment, *told, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, sentence_of(refusal))
    else:
        is_over = made.state == Bounce.State.DONE
        said = _("It is owed again.") if is_over else _("Asked. Another person decides it now.")
        messages.success(request, said)
    return redirect("settlement:batch", payment.batch.code)


def _do(request: MemberRequest, number: int, deed: Callable[..., None], said: str) -> HttpResponse:
    found = queries.get_bounce(request.membership.region, number)
    is_done(request, partial(deed, found, by=request.user, now=timezone.now()), said)
    return redirect("settlement:corrections")


@for_roles(*DECIDES)
@require_POST
def approve(request: MemberRequest, number: int) -> HttpResponse:
    """Another person stands for it."""
    return _do(request, number, bouncing.approve, _("It is owed again."))


@for_roles(*DECIDES)
@require_POST
def reject(request: MemberRequest, number: int) -> HttpResponse:
    """Another person says that it did not come back."""
    return _do(request, number, bouncing.reject, _("Nothing moves."))


@for_roles(Role.TREASURER)
@require_POST
def keep_account(request: MemberRequest, number: int) -> HttpResponse:
    """The account was looked at, and is right."""
    return _do(request, number, bouncing.keep_account, _("The next batch pays to it again."))
