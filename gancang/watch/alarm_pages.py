"""Whether the alarms of a month have gaps, as a page and as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.values import Refused
from gancang.watch.alarms import alarms_of, as_csv, month_asked
from gancang.web.files import as_csv_file
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpResponse

READERS = (Role.OPERATOR, Role.AUDITOR, Role.ADMIN)


@for_roles(*READERS)
def alarms(request: MemberRequest) -> HttpResponse:
    """Late orders of a month, whether each rang once and was answered."""
    asker, now = request.membership, timezone.now()
    context: dict[str, Any] = {"zone": asker.region.timezone, "typed": request.GET.get("month", "")}
    try:
        month = month_asked(asker, context["typed"], now=now)
    except Refused as refusal:
        context["wrong"] = sentence_of(refusal)
        return render(request, "watch/alarms.html", context, status=400)
    context |= {"month": month, "typed": month.name, "report": alarms_of(asker, month, now=now)}
    return render(request, "watch/alarms.html", context)


@for_roles(*READERS)
def alarms_csv(request: MemberRequest) -> HttpResponse:
    """The same, a line a late order."""
    asker, now = request.membership, timezone.now()
    month = month_asked(asker, request.GET.get("month", ""), now=now)
    data = as_csv(alarms_of(asker, month, now=now), zone=asker.region.timezone, now=now)
    return as_csv_file(data, f"gancang-alarms-{month.name}.csv")
