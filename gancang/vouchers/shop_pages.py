"""A shop's phone: take some of a balance, with a receipt; what was taken today."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.cards.actions import read_card
from gancang.values import Refused
from gancang.vouchers import actions, queries
from gancang.vouchers.forms import RedeemForm
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse

    from gancang.accounts.models import Membership
    from gancang.vouchers.models import Redemption

LOOKERS = (Role.STALL, Role.PROGRAMME_OFFICER, Role.TREASURER, Role.AUDITOR)


@for_roles(Role.STALL)
def redeem(request: MemberRequest) -> HttpResponse:
    """Scan or type a card, and how much. What is shown next is the receipt."""
    programmes = queries.voucher_programmes(request.membership.region)
    form = RedeemForm(request.POST or None, programmes=programmes)
    if request.method == "POST" and form.is_valid():
        try:
            now = timezone.now()
            taken = take(form, request.membership, said_at=None, now=now)
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            messages.success(request, _("Redeemed. It is paid to you with the month."))
            return redirect("vouchers:receipt", taken.code)
    context = {"form": form, "shop": request.membership.organisation, "any": bool(programmes)}
    return render(request, "vouchers/redeem.html", context, status=400 if form.errors else 200)


def take(
    form: RedeemForm, asker: Membership, *, said_at: datetime | None, now: datetime
) -> Redemption:
    """Redeem what a whole form says, at the asker's own shop."""
    told, shop = form.cleaned_data, asker.organisation
    assert shop is not None, asker.pk
    card = read_card(told["card"], region=asker.region, by=asker.user, now=now)
    asked = actions.Asked(
        card=card,
        programme=told["programme"],
        count=told["count"],
        key=f"{asker.user_id}:{told['key'] or uuid.uuid4().hex}"[:80],
        birth_date=told["birth_date"],
        said_at=said_at,
    )
    return actions.redeem(asked, shop=shop, by=asker.user, now=now)


@for_roles(*LOOKERS)
def redemptions(request: MemberRequest) -> HttpResponse:
    """What was redeemed, the newest first: at one's own shop, or everywhere."""
    page = page_after(
        queries.redemptions_of(request.membership),
        key=("-id",),
        cursor=request.GET.get("after", ""),
    )
    context = {
        "page": page,
        "is_shop": request.membership.role == Role.STALL,
        "zone": request.membership.region.timezone,
    }
    return render(request, "vouchers/redemptions.html", context)


@for_roles(*LOOKERS)
def receipt(request: MemberRequest, code: str) -> HttpResponse:
    """One receipt: what was taken, what is left. No name, no code of the card."""
    row = queries.get_redemption(request.membership, code)
    context = {
        "row": row,
        "is_shop": request.membership.role == Role.STALL,
        "may_give_back": request.membership.role in (Role.STALL, Role.PROGRAMME_OFFICER),
        "zone": row.region.timezone,
    }
    return render(request, "vouchers/receipt.html", context)
