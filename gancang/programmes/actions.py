"""Deciding cases, and taking a pack's programmes in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction

from gancang.audit.actions import record
from gancang.programmes import funding, rules
from gancang.programmes.models import Programme
from gancang.programmes.queries import list_programmes, terms_of
from gancang.regions.queries import get_tariff
from gancang.regions.tariffs import reckon
from gancang.values import Money, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime, time

    from gancang.ledger.waterfall import Payer
    from gancang.programmes.rules import Known, Terms
    from gancang.regions.models import Region
    from gancang.regions.pack import Pack, ProgrammeTerms
    from gancang.regions.tariffs import Price


@dataclass(frozen=True, slots=True)
class Case:
    """One case to decide: what is known of the person, from where, how far, whither, and when."""

    known: Mapping[str, Known]
    origin: str
    distance_m: int
    distance_source: str = "estimate"
    accepts_rp: int = 0  # the most that the patient has agreed to pay
    village: str = ""
    clock: time | None = None  # by the region's clock; None: by day
    # Programmes into which an officer let the person, with the code of that decision.
    granted: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A case that is served: by which tier, clause and proof, at what price.

    `payers` may be asked for `public`; who pays what, the ledger decides when it is set aside.
    """

    programme: Programme
    kind: str
    clause: str
    proofs: Mapping[str, Known]
    item_class: str
    price: Money
    patient_pays: Money
    public: Money
    payers: tuple[Payer, ...]
    distance_m: int
    distance_source: str
    promise_min: int
    decision: str = ""  # the code of an officer's decision, where that let it in
    reckoning: Mapping[str, object] = field(default_factory=dict)  # how the price came about


@dataclass(frozen=True, slots=True)
class _Tiers:
    """The programmes that bring the same goods, opened, with the tariffs of the day."""

    versions: Mapping[str, Programme]
    terms: tuple[Terms, ...]
    tariffs: Mapping[str, Price]


def decide_all(
    cases: Sequence[Case], *, goods: str, region: Region, on: date
) -> list[Claim | Refused]:
    """Each case's claim in the first tier that lets it in, or the refusal that names why not.

    A price that the patient has not accepted is a refusal too: it names the price. The number of
    queries hangs on the tariffs, not on the cases.
    """
    tiers = _tiers_of(goods, region, on=on)
    return [_decide(case, tiers, on=on) for case in cases]


def _tiers_of(goods: str, region: Region, *, on: date) -> _Tiers:
    found = [(row, terms_of(row)) for row in list_programmes(region, on=on)]
    tiers = [(row, terms) for row, terms in found if terms.item_class == goods]
    if not tiers:
        raise Refused(rules.Why.NO_PROGRAMME, programme=goods)
    codes = sorted({terms.tariff for _, terms in tiers if terms.tariff})
    return _Tiers(
        {terms.code: row for row, terms in tiers},
        tuple(terms for _, terms in tiers),
        {code: get_tariff(region, code, on=on) for code in codes},
    )


def _decide(case: Case, tiers: _Tiers, *, on: date) -> Claim | Refused:
    terms, verdict = rules.first_tier(
        tiers.terms,
        case.known,
        origin=case.origin,
        on=on,
        area=case.village,
        granted=case.granted,
    )
    if verdict.clause is None:
        assert verdict.why is not None
        return Refused(verdict.why, **(verdict.facts or {}))
    price, reckoning = _price_of(case, tiers.tariffs.get(terms.tariff))
    patient_pays = rules.patient_share(terms, price)
    if Money(case.accepts_rp) < patient_pays:
        free = rules.rules_of(one for one in tiers.terms if one.is_free)
        return Refused(
            rules.Why.PRICE_NOT_ACCEPTED,
            price=patient_pays,
            rules=free,
            programme=terms.name,
            distance_m=case.distance_m,
            distance_source=case.distance_source,
        )
    return Claim(
        programme=tiers.versions[terms.code],
        kind=terms.kind,
        clause=verdict.clause.code,
        decision=case.granted.get(terms.code, "") if verdict.clause is rules.BY_OFFICER else "",
        proofs=rules.proofs_in(verdict.clause, case.known),
        item_class=terms.item_class,
        price=price,
        patient_pays=patient_pays,
        public=rules.public_share(terms, price),
        payers=terms.funders,
        distance_m=case.distance_m,
        distance_source=case.distance_source,
        promise_min=terms.promise_min,
        reckoning=reckoning,
    )


def _price_of(case: Case, tariff: Price | None) -> tuple[Money, Mapping[str, object]]:
    """A visit of the house's own staff has no tariff: it costs nobody anything."""
    if tariff is None:
        return Money(0), {}
    reckoned = reckon(tariff.to(case.village, case.clock), case.distance_m)
    return reckoned.total, reckoned.told(tariff)


@transaction.atomic
def add_version(told: ProgrammeTerms, *, region: Region, by: str, now: datetime) -> Programme:
    """A version that the region has not yet, from a pack or from an approved draft."""
    row = Programme.objects.create(
        region=region,
        code=told.code,
        version=told.version,
        name=told.name,
        terms=_terms(told),
        told=told.told,
    )
    facts: dict[str, object] = {"version": told.version}
    record("programme.loaded", told.code, region=region.code, by=by, now=now, facts=facts)
    return row


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
        elif found and not found.told:
            Programme.objects.filter(pk=found.pk).update(told=told.told)
        if found is None:
            add_version(told, region=region, by=by, now=now)
            said.append(f"programme {told.code} v{told.version}: new")
    return said


def _further_terms(told: ProgrammeTerms) -> dict[str, object]:
    terms = {
        "kind": told.kind if told.kind != "deliver" else None,
        "rank": told.rank if told.rank != 1 else None,
        "patient_pays_percent": told.patient_pays_percent or None,
        "priority": told.priority if told.priority != 1 else None,
        "on_board_min_max": told.on_board_minutes_max,
        "policy": told.policy or None,
        "retry_after_h": told.retry_after_hours and list(told.retry_after_hours),
        "hold_days": told.hold_days,
        "calls_through_operator": told.calls_through_operator or None,
        "return_within_h": told.return_within_hours,
        **told.enrolling,
        "item": told.item or None,
        "proof": list(told.proof) or None,
        "may_be_left": told.may_be_left or None,
        "unit_price_rp": told.unit_price_rp or None,
        "once": told.once or None,
        "counts_people": told.counts_people or None,
        "verify_first": told.verify_first or None,
        "report_days": told.report_days,
        "callback_hours": told.callback_hours,
        "callback_tries": told.callback_tries,
        "servings": told.servings or None,
        "voucher": told.voucher or None,
        "letters": told.letters or None,
        "fallback": list(told.fallback) or None,
        "complaint_hours": told.complaint_hours,
        "amounts": [list(each) for each in told.amounts] or None,
        "success": [list(each) for each in told.success] or None,
    }
    # What a pack leaves out is left out here too: versions loaded before stay as they were.
    return {name: value for name, value in terms.items() if value is not None}


def _terms(told: ProgrammeTerms) -> dict[str, object]:
    return {
        **_further_terms(told),
        "item_class": told.item_class,
        "active_from": told.active_from.isoformat(),
        "until": told.until.isoformat() if told.until else None,
        "agreements": [funding.agreement_terms(deal) for deal in told.agreements],
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
        "funders": [funding.funder_terms(funder) for funder in told.funders],
        "patient_pays_rp": told.patient_pays_rp,
        "tariff": told.tariff,
        "promise_min": told.promise_minutes,
        "offer_s": told.offer_seconds,
        "attempts_max": told.attempts_max,
    }
