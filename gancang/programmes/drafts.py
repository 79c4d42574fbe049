"""Finding drafts of programmes, and what a builder's page may offer to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from gancang.ledger.models import Fund
from gancang.programmes.models import Draft, Programme, Save
from gancang.regions.models import Organisation, Tariff

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from gancang.accounts.models import Membership
    from gancang.regions.models import Region

Offers = dict[str, list[tuple[str, str]]]
FLEETS = Organisation.Kind.FLEET


def drafts_of(asker: Membership) -> QuerySet[Draft]:
    """The drafts of the asker's region that are not dropped."""
    rows = Draft.objects.filter(region=asker.region).exclude(state=Draft.State.DROPPED)
    return rows.select_related("made_by", "became")


def get_draft(asker: Membership, number: int) -> Draft:
    """One draft of the asker's region, or 404."""
    rows = Draft.objects.filter(region=asker.region).select_related("region", "based_on", "became")
    return get_object_or_404(rows, pk=number)


def saves_of(draft: Draft) -> QuerySet[Save]:
    """All saves of a draft, the newest first."""
    return Save.objects.filter(draft=draft).select_related("by").order_by("-number")


def next_version(region: Region, code: str) -> int:
    """The number that a new version of a programme gets."""
    rows = Programme.objects.filter(region=region, code=code).order_by("-version")
    newest = rows.values_list("version", flat=True).first()
    return (newest or 0) + 1


def told_anew(row: Programme) -> dict[str, object]:
    """A version's own keys as the beginning of the next version's draft."""
    return {**row.told, "version": next_version(row.region, row.code)}


def offers_in(region: Region) -> Offers:
    """What may be chosen for a key, by code and name. Three queries."""
    houses = list(
        Organisation.objects.filter(region=region).order_by("name").values("code", "name", "kind")
    )
    tariffs = Tariff.objects.filter(region=region).order_by("code").distinct("code")
    return {
        "from_organisations": [
            (row["code"], row["name"]) for row in houses if row["kind"] != FLEETS
        ],
        "carriers": [(row["code"], row["name"]) for row in houses if row["kind"] == FLEETS],
        "fund": list(
            Fund.objects.filter(region=region).order_by("name").values_list("code", "name")
        ),
        "tariff": [(row.code, f"{row.code} ({row.decree})") for row in tariffs],
        "policy": _policies(region),
    }


def _policies(region: Region) -> list[tuple[str, str]]:
    told: list[Mapping[str, str]] = region.config.get("dispatch", {}).get("policies", [])
    return list({row["name"]: (row["name"], row["title"]) for row in told}.values())
