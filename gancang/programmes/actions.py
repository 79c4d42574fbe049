"""Deciding cases, and taking a pack's programmes in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from gancang.audit.actions import record
from gancang.programmes import rules
from gancang.programmes.models import Programme
from gancang.programmes.queries import get_programme, terms_of
from gancang.regions import rules as region_rules
from gancang.regions.queries import get_tariff
from gancang.values import Money, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from gancang.programmes.rules import Known
    from gancang.regions.models import Region
    from gancang.regions.pack import Pack, ProgrammeTerms


@dataclass(frozen=True, slots=True)
class Case:
    """One case to decide: what is known of the person, from where, how far."""

    known: Mapping[str, Known]
    origin: str
    distance_m: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A case that is served: by which clause, at what price, paid by whom."""

    programme: Programme
    clause: str
    item_class: str
    price: Money
    patient_pays: Money
    shares: tuple[tuple[str, Money], ...]
    distance_m: int
    promise_min: int


def decide_all(
    cases: Sequence[Case], *, programme: str, region: Region, on: date
) -> list[Claim | Refused]:
    """Each case's claim, or the refusal that names why not. Two queries, however many cases."""
    version = get_programme(region, programme)
    terms = terms_of(version)
    tariff = get_tariff(region, terms.tariff, on=on)
    decided: list[Claim | Refused] = []
    for case in cases:
        verdict = rules.judge(terms, case.known, origin=case.origin, on=on)
        if verdict.clause is None:
            assert verdict.why is not None
            decided.append(Refused(verdict.why, **(verdict.facts or {})))
            continue
        price = region_rules.price(tariff, case.distance_m)
        decided.append(
            Claim(
                programme=version,
                clause=verdict.clause.code,
                item_class=terms.item_class,
                price=price,
                patient_pays=terms.patient_pays,
                shares=tuple(rules.shares(terms, price)),
                distance_m=case.distance_m,
                promise_min=terms.promise_min,
            )
        )
    return decided


@transaction.atomic
def load(pack: Pack, *, region: Region, by: str, now: datetime) -> list[str]:
    """Take a pack's programmes in; say what changed. A version in use is never altered."""
    said = []
    for told in pack.programmes:
        terms = _terms(told)
        found = Programme.objects.filter(
            region=region, code=told.code, version=told.version
        ).first()
        if found and (found.terms != terms or found.name != told.name):
            said.append(
                f"programme {told.code} v{told.version}: differs from the version loaded before; "
                "kept as it was. Give the new terms a new version number."
            )
        if found is None:
            Programme.objects.create(
                region=region, code=told.code, version=told.version, name=told.name, terms=terms
            )
            facts: dict[str, object] = {"version": told.version}
            record("programme.loaded", told.code, region=region.code, by=by, now=now, facts=facts)
            said.append(f"programme {told.code} v{told.version}: new")
    return said


def _planning_terms(told: ProgrammeTerms) -> dict[str, object]:
    terms = {
        "priority": told.priority if told.priority != 1 else None,
        "on_board_min_max": told.on_board_minutes_max,
        "policy": told.policy or None,
    }
    # What a pack leaves out is left out here too: versions loaded before stay as they were.
    return {name: value for name, value in terms.items() if value is not None}


def _terms(told: ProgrammeTerms) -> dict[str, object]:
    return {
        **_planning_terms(told),
        "item_class": told.item_class,
        "active_from": told.active_from.isoformat(),
        "until": told.until.isoformat() if told.until else None,
        "agreements": [
            {
                "code": deal.code,
                "from": deal.from_date.isoformat(),
                "until": deal.until_date.isoformat(),
                "document": deal.document,
            }
            for deal in told.agreements
        ],
        "clauses": [
            {
                "code": clause.code,
                "when": clause.when,
                "sentence_id": clause.sentence_id,
                "sentence_en": clause.sentence_en,
            }
            for clause in told.clauses
        ],
        "facts_max_age_days": told.facts_max_age_days,
        "origins": list(told.from_organisations),
        "carriers": list(told.carriers),
        "training_class": told.training_class,
        "funders": [[funder.fund, funder.percent] for funder in told.funders],
        "patient_pays_rp": told.patient_pays_rp,
        "tariff": told.tariff,
        "promise_min": told.promise_minutes,
        "offer_s": told.offer_seconds,
        "attempts_max": told.attempts_max,
    }
