"""The coverage map, the same as a table, and its file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.figures.coverage import LETTERS, Coverage, Row, chosen_of, coverage_of
from gancang.figures.sheets import coverage_csv
from gancang.maps.templatetags.gancang_maps import way_source
from gancang.reach.queries import View, view_for
from gancang.reach.templatetags.gancang_reach import why_not
from gancang.regions.queries import list_districts
from gancang.web.files import as_csv_file
from gancang.web.paging import PAGE_SIZE, number_of
from gancang.web.templatetags.gancang_web import kilometres

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

READERS = (
    Role.COUNTER_CLERK,
    Role.PHARMACIST,
    Role.OPERATOR,
    Role.PROGRAMME_OFFICER,
    Role.TREASURER,
    Role.AUDITOR,
    Role.ADMIN,
)
# The colours that the map already has, by letter.
KINDS = {"A": "underway", "B": "near", "C": "rider", "D": "held", "E": "risk", "X": "late"}
SORTS = {
    "": gettext_lazy("not covered first"),
    "time": gettext_lazy("time to the door"),
    "-time": gettext_lazy("longest time"),
    "village": gettext_lazy("village"),
    "district": gettext_lazy("district"),
    "distance": gettext_lazy("distance"),
    "cost": gettext_lazy("cost"),
}


def _seen(request: MemberRequest) -> tuple[View, Coverage]:
    now = timezone.now()
    view = view_for(request.membership, origin=request.GET.get("from", ""), now=now)
    return view, coverage_of(request.membership, view, now=now)


def _asked(request: HttpRequest, coverage: Coverage) -> list[Row]:
    district, sort = request.GET.get("district", ""), request.GET.get("sort", "")
    return chosen_of(coverage.rows, district=district, sort=sort)


@for_roles(*READERS)
def coverage(request: MemberRequest) -> HttpResponse:
    """Who is reached how soon, and what it would cost to reach the others."""
    view, found = _seen(request)
    rows = _asked(request, found)
    begins = number_of(request.GET.get("after", ""), most=len(rows)) or 0
    if begins == len(rows):  # behind the last one stands nothing
        begins = 0
    behind = begins + PAGE_SIZE
    context = {
        "view": view,
        "coverage": found,
        "rows": rows[begins:behind],
        "page": {"after": behind if behind < len(rows) else "", "is_first": begins == 0},
        "districts": list_districts(request.membership.region),
        "district": request.GET.get("district", ""),
        "sort": request.GET.get("sort", ""),
        "sorts": SORTS,
        "legend": [(letter, KINDS[letter], words) for letter, words in LETTERS.items()],
        "zone": request.membership.region.timezone,
        "asked": request.GET.urlencode(),
    }
    return render(request, "figures/coverage.html", context)


@for_roles(*READERS)
def coverage_things(request: MemberRequest) -> HttpResponse:
    """The villages as points of the map: a colour and a letter each."""
    _view, found = _seen(request)
    rows = sorted(_asked(request, found), key=lambda row: row.letter)
    return JsonResponse({"points": _points(rows), "lines": []})


def _points(rows: Sequence[Row]) -> list[dict[str, Any]]:
    return [
        {
            "id": row.village.code,
            "lat": row.village.lat,
            "lon": row.village.lon,
            "kind": KINDS[row.letter],
            "mark": row.letter,
            "title": f"{row.village}, {row.village.district}",
            "text": " · ".join(_words(row)),
        }
        for row in rows
    ]


def _words(row: Row) -> list[str]:
    chosen = row.told.chosen
    words = [f"{row.letter}: {_(row.words)}"]
    if chosen:
        words += [chosen.way.title, str(chosen.cost), *filter(None, [why_not(chosen.waits)])]
    source = way_source(row.trip.source)
    return [*words, f"{kilometres(row.trip.metres)} ({source})"]


@for_roles(*READERS)
def coverage_file(request: MemberRequest) -> HttpResponse:
    """The same as a CSV file: a line a village, with the source of each figure."""
    view, found = _seen(request)
    data = coverage_csv(found, _asked(request, found))
    return as_csv_file(data, f"gancang-coverage-{view.origin.code}.csv")
