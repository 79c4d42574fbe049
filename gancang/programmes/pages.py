"""A region's programmes: read in words, compared, taken along as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.programmes import shelf
from gancang.programmes.changes import changes
from gancang.programmes.files import written
from gancang.programmes.standing import IN_WORDS
from gancang.programmes.telling import changes_in_words, payers, sections
from gancang.regions.queries import fact_kinds, today_in
from gancang.web.files import as_file
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpResponse

READS = (Role.PROGRAMME_OFFICER, Role.ADMIN, Role.TREASURER, Role.AUDITOR)


def today_of(request: MemberRequest) -> date:
    """Which day it is where the visitor works."""
    return today_in(request.membership.region, timezone.now())


@for_roles(*READS)
def list_all(request: MemberRequest) -> HttpResponse:
    """Each programme with how it stands, its kind, who pays, and since when."""
    asker = request.membership
    rows = shelf.programmes_of(asker)
    page = page_after(rows, key=("code", "id"), cursor=request.GET.get("after", ""))
    versions = shelf.versions_of(asker, [row.code for row in page.rows], on=today_of(request))
    names = shelf.names_in(asker.region)
    lines = [
        {
            "version": version,
            "newer": versions[row.code][0] if version is not versions[row.code][0] else None,
            "standing": IN_WORDS[version.standing],
            "payers": payers(version.row.told, names),
            "span": shelf.span_of(version.row),
        }
        for row in page.rows
        for version in [shelf.chosen(versions[row.code], "")]
    ]
    return render(request, "programmes/list.html", {"page": page, "lines": lines})


@for_roles(*READS)
def programme(request: MemberRequest, code: str) -> HttpResponse:
    """One version in words, the others beside it, and how many cases each decided."""
    asker = request.membership
    versions = shelf.get_versions(asker, code, on=today_of(request))
    version = shelf.chosen(versions, request.GET.get("version", ""))
    names = shelf.names_in(asker.region)
    context = {
        "version": version,
        "row": version.row,
        "standing": IN_WORDS[version.standing],
        "versions": [(each, IN_WORDS[each.standing], shelf.span_of(each.row)) for each in versions],
        "sections": sections(version.row.told, names, fact_kinds(asker.region)),
        "writes": asker.role == Role.PROGRAMME_OFFICER,
        "halts": shelf.halts_of(version.row),
    }
    return render(request, "programmes/programme.html", context)


@for_roles(*READS)
def compare(request: MemberRequest, code: str) -> HttpResponse:
    """Two versions side by side: what differs, and nothing else."""
    asker = request.membership
    versions = shelf.get_versions(asker, code, on=today_of(request))
    newer = shelf.chosen(versions, request.GET.get("b", str(versions[0].row.version)))
    at = versions.index(newer)
    before = versions[min(at + 1, len(versions) - 1)]
    older = shelf.chosen(versions, request.GET.get("a", str(before.row.version)))
    names = shelf.names_in(asker.region)
    context = {
        "code": code,
        "versions": versions,
        "older": older,
        "newer": newer,
        "changes": changes_in_words(changes(older.row.told, newer.row.told), names),
    }
    return render(request, "programmes/compare.html", context)


@for_roles(*READS)
def export(request: MemberRequest, code: str, version: int) -> HttpResponse:
    """A version as the file of a pack."""
    row = shelf.get_version(request.membership, code, version)
    return as_file(written(row.told).encode(), f"{row.code}.toml", "application/toml")
