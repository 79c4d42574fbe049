"""Finding drafts of programmes, and what a builder's page may offer to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404

from gancang.ledger.models import Fund
from gancang.programmes.key_words import kind_in_words
from gancang.programmes.lettering import events_of
from gancang.programmes.models import Draft, Judgement, Programme, Save, Trial
from gancang.programmes.queries import list_programmes
from gancang.programmes.trying import usable
from gancang.regions.models import Organisation, Tariff
from gancang.regions.queries import fact_kinds

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

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
        "carrier": (
            fleets := [(row["code"], row["name"]) for row in houses if row["kind"] == FLEETS]
        ),
        "then": fleets,
        "fund": list(
            Fund.objects.filter(region=region).order_by("name").values_list("code", "name")
        ),
        "tariff": [(row.code, f"{row.code} ({row.decree})") for row in tariffs],
        "policy": _policies(region),
        "language": [(each, each) for each in region.config.get("languages", [])],
    }


def offers_for(draft: Draft) -> Offers:
    """What may be chosen on the pages of a draft: letters only those that it can write."""
    events = [(event, kind_in_words(event)) for event in events_of(draft.told)]
    return {**offers_in(draft.region), "event": events}


def _policies(region: Region) -> list[tuple[str, str]]:
    told: list[Mapping[str, str]] = region.config.get("dispatch", {}).get("policies", [])
    return list({row["name"]: (row["name"], row["title"]) for row in told}.values())


def told_before(draft: Draft, *, on: date) -> dict[str, Any] | None:
    """The keys of the version in force that a draft is to replace; None where there is none."""
    code = draft.told.get("code", "")
    in_force = [row for row in list_programmes(draft.region, on=on) if row.code == code]
    return dict(in_force[0].told) if in_force else None


def to_compare(draft: Draft, *, on: date) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """A draft and the version in force before it, with those rules that can be asked."""
    kinds = fact_kinds(draft.region)
    before = told_before(draft, on=on)
    return usable(draft.told, kinds), usable(before, kinds) if before is not None else None


def newest_trial(draft: Draft) -> Trial | None:
    """The trial that was asked for last."""
    rows = Trial.objects.filter(draft=draft).select_related("asked_by").order_by("-pk")
    return rows.first()


def done_trial(asker: Membership, number: int) -> Trial:
    """The newest trial of a draft that came to its end, or 404."""
    rows = Trial.objects.filter(draft__region=asker.region, draft=number, state=Trial.State.DONE)
    found = rows.select_related("draft").order_by("-pk").first()
    if found is None:
        raise Http404
    return found


def judgements_of(draft: Draft) -> list[Judgement]:
    """What was said to a draft, the newest first."""
    return list(Judgement.objects.filter(draft=draft).select_related("by").order_by("-pk"))


def to_judge(asker: Membership) -> QuerySet[Draft]:
    """Submitted drafts that this person has not judged and did not write."""
    rows = Draft.objects.filter(region=asker.region, state=Draft.State.SUBMITTED)
    own = Save.objects.filter(draft=OuterRef("pk"), by=asker.user)
    said = Judgement.objects.filter(
        draft=OuterRef("pk"), save_number=OuterRef("saves"), by=asker.user
    )
    return rows.exclude(Exists(own)).exclude(Exists(said))
