"""The daily seals, for everybody: who keeps a copy can prove what the past was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from gancang.inspection.queries import seals_for
from gancang.inspection.seals import seals_as_csv
from gancang.regions.queries import get_region
from gancang.web.files import as_csv_file
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def seals(request: HttpRequest, slug: str) -> HttpResponse:
    """Each day's seal, newest first, and how to check against it."""
    region = get_region(slug)
    page = page_after(seals_for(region), key=("-id",), cursor=request.GET.get("after", ""))
    context = {"page": page, "here": region, "zone": region.timezone}
    return render(request, "inspection/seals.html", context)


def seals_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """All seals of a region as a file to keep."""
    del request
    region = get_region(slug)
    return as_csv_file(seals_as_csv(seals_for(region).iterator()), f"segel-{region.slug}.csv")
