"""The list of receivers who are to be rung before anybody is paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.callbacks import queries, rules
from gancang.residents.queries import read_people, reader_for
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from django.http import HttpResponse

CALLS_A_PAGE = 20


@for_roles(*queries.RINGERS)
def listed(request: MemberRequest) -> HttpResponse:
    """Whom to ring, the most pressing first; on wish only those that are overdue."""
    asker, now = request.membership, timezone.now()
    only_late = bool(request.GET.get("late"))
    rows = queries.to_ring(asker)
    late = queries.overdue_among(rows, now=now)
    page = page_after(
        late if only_late else rows,
        key=("due_at", "id"),
        cursor=request.GET.get("after", ""),
        size=CALLS_A_PAGE,
    )
    reader = reader_for(asker, purpose="callback", now=now)
    people = read_people(reader, [row.resident_id for row in page.rows])
    context = {
        "page": page,
        "rows": [
            (row, people.get(row.resident_id), rules.is_overdue(row.state, row.due_at, now=now))
            for row in page.rows
        ],
        "late": late.count(),
        "only_late": only_late,
        "asked": "late=1" if only_late else "",
        "now": now,
        "zone": asker.region.timezone,
    }
    return render(request, "callbacks/list.html", context)
