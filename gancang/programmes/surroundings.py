"""What a region has, as the rules about holes ask for it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from gancang.formulary.queries import words_of_medicines
from gancang.ledger.models import Budget, Fund
from gancang.programmes.holes import Surroundings, holes
from gancang.programmes.models import Programme
from gancang.programmes.standing import Span
from gancang.regions.models import District, Organisation, Tariff, Village
from gancang.regions.queries import fact_kinds

if TYPE_CHECKING:
    from datetime import date

    from gancang.programmes.holes import Hole
    from gancang.programmes.models import Draft
    from gancang.regions.models import Region


def holes_of(draft: Draft, *, on: date) -> list[Hole]:
    """All holes of a draft as it is."""
    return holes(draft.told, surroundings_of(draft.region), on=on)


def surroundings_of(region: Region) -> Surroundings:
    """What the region has. Nine queries."""
    tariffs: dict[str, list[Span]] = defaultdict(list)
    for row in Tariff.objects.filter(region=region):
        tariffs[row.code].append(Span(row.from_date, row.until_date))
    budgets = Budget.objects.filter(fund__region=region)
    newest = Programme.objects.filter(region=region).order_by("code", "-version").distinct("code")
    versions = list(newest)
    return Surroundings(
        organisations=dict(Organisation.objects.filter(region=region).values_list("code", "kind")),
        funds=frozenset(Fund.objects.filter(region=region).values_list("code", flat=True)),
        tariffs=tariffs,
        policies=frozenset(
            each["name"] for each in region.config.get("dispatch", {}).get("policies", [])
        ),
        facts=fact_kinds(region),
        areas=frozenset(
            District.objects.filter(region=region)
            .values_list("code", flat=True)
            .union(Village.objects.filter(region=region).values_list("code", flat=True))
        ),
        budgets=frozenset(budgets.values_list("fund__code", "programme", "year")),
        languages=tuple(region.config.get("languages", ())),
        medicines=words_of_medicines(region),
        newest={row.code: row.version for row in versions},
    )
