"""A region's programmes in their versions, as its members read them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import Http404

from gancang.ledger.models import Fund
from gancang.programmes.models import Halt, Programme
from gancang.programmes.standing import Span, Standing, standings
from gancang.regions.models import Organisation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gancang.accounts.models import Membership
    from gancang.regions.models import Region

Names = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a programme, how it stands on a day, and how many cases it decided."""

    row: Programme
    standing: Standing
    cases: int


def programmes_of(asker: Membership) -> QuerySet[Programme]:
    """The newest version of each programme of the asker's region."""
    newer = Programme.objects.filter(
        region=OuterRef("region"), code=OuterRef("code"), version__gt=OuterRef("version")
    )
    return Programme.objects.filter(~Exists(newer), region=asker.region)


def versions_of(asker: Membership, codes: Iterable[str], *, on: date) -> dict[str, list[Version]]:
    """All versions of these programmes, the newest first. Two queries, however many."""
    rows = Programme.objects.filter(region=asker.region, code__in=list(codes))
    by_code: dict[str, list[Programme]] = defaultdict(list)
    for row in rows.order_by("code", "-version"):
        by_code[row.code].append(row)
    cases = cases_decided([row.pk for versions in by_code.values() for row in versions])
    return {
        code: [
            Version(row, standing, cases.get(row.pk, 0))
            for row, standing in zip(
                versions, standings([span_of(row) for row in versions], on=on), strict=True
            )
        ]
        for code, versions in by_code.items()
    }


def get_versions(asker: Membership, code: str, *, on: date) -> list[Version]:
    """The versions of one programme, the newest first, or 404."""
    found = versions_of(asker, [code], on=on)
    if code not in found:
        raise Http404
    return found[code]


def chosen(versions: Sequence[Version], number: str) -> Version:
    """The version of that number; else the one in force, else the newest."""
    for version in versions:
        if str(version.row.version) == number:
            return version
    return next((v for v in versions if v.standing is Standing.IN_FORCE), versions[0])


def get_version(asker: Membership, code: str, number: int) -> Programme:
    """One version of a programme of the asker's region, or 404."""
    rows = Programme.objects.filter(region=asker.region, code=code, version=number)
    if (found := rows.first()) is None:
        raise Http404
    return found


def get_newest(asker: Membership, code: str) -> Programme:
    """The newest version of a programme of the asker's region, or 404."""
    rows = programmes_of(asker).select_related("region").filter(code=code)
    if (found := rows.first()) is None:
        raise Http404
    return found


def halts_of(row: Programme) -> list[Halt]:
    """When a programme takes no new cases, the newest first."""
    rows = Halt.objects.filter(region=row.region_id, code=row.code)
    return list(rows.select_related("by").order_by("-pk"))


def span_of(row: Programme) -> Span:
    """From when until when a version says that it holds."""
    until = row.terms.get("until")
    return Span(
        date.fromisoformat(row.terms["active_from"]), date.fromisoformat(until) if until else None
    )


def cases_decided(numbers: Sequence[int]) -> Mapping[int, int]:
    """How many cases were decided under each version, of whichever capability they are."""
    counted: dict[int, int] = defaultdict(int)
    for relation in Programme._meta.related_objects:
        if relation.related_model._meta.app_label == Programme._meta.app_label:
            continue
        field = relation.field.name
        rows = relation.related_model._default_manager.filter(**{f"{field}__in": numbers})
        for number, count in rows.values_list(field).annotate(n=Count("pk")).order_by():
            counted[number] += count
    return counted


def names_in(region: Region) -> Names:
    """What codes in a programme are called: organisations and funds. Two queries."""
    rows = Organisation.objects.filter(region=region)
    houses = dict(rows.values_list("code", "name"))
    funds = dict(Fund.objects.filter(region=region).values_list("code", "name"))
    return {"from_organisations": houses, "carriers": houses, "fund": funds}
