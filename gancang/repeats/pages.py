"""The list of supplies that end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.medicine.queries import people_of
from gancang.orders.queries import get_order
from gancang.repeats import actions, queries
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from django.http import HttpResponse

DESK = (Role.COUNTER_CLERK, Role.PHARMACIST)


@for_roles(*DESK)
def ending(request: MemberRequest) -> HttpResponse:
    """Whose supply ends within a week, the earliest first, and nothing is on its way yet."""
    now = timezone.now()
    found = queries.ending(request.membership, now=now)
    page = page_after(found, key=("ends", "id"), cursor=request.GET.get("after", ""))
    people = people_of(request.membership, page.rows, purpose="repeat", now=now)
    rows = [
        (due, people.get(due.order.resident_id))
        for due in queries.told(request.membership, page.rows, now=now)
    ]
    return render(request, "repeats/ending.html", {"page": page, "rows": rows})


@for_roles(*DESK)
@require_POST
def drop(request: MemberRequest, code: str) -> HttpResponse:
    """No further delivery is wanted."""
    order = get_order(request.membership, code)
    reason = request.POST.get("reason", "")
    actions.drop(order, reason=reason, by=request.user, now=timezone.now())
    messages.success(request, _("Noted: nothing more after %(code)s.") % {"code": code})
    return redirect("repeats:ending")
