"""By which way each prescription's medicine goes, what that costs, and when it is promised."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gancang.medicine.judging import lines_that_go
from gancang.programmes import rules as programmes
from gancang.programmes.queries import terms_of
from gancang.reach.costs import reckoning_of
from gancang.reach.queries import Door, atlas_of
from gancang.reach.rules import Why
from gancang.regions.queries import clock_in, get_tariff, today_in
from gancang.values import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gancang.formulary.rules import Judgement
    from gancang.medicine.actions import Counter
    from gancang.programmes.actions import Claim
    from gancang.programmes.rules import Terms
    from gancang.reach.rules import Answer
    from gancang.regions.models import Organisation
    from gancang.regions.tariffs import Price
    from gancang.residents.models import Resident


@dataclass(frozen=True, slots=True)
class Sent:
    """A claim with the way that was chosen for it, and the counter where the bag will wait."""

    claim: Claim
    answer: Answer
    promise_at: datetime
    hold_at: Organisation | None


def send_all(
    claims: Sequence[Claim],
    residents: Sequence[Resident],
    judged: Sequence[Judgement],
    counter: Counter,
    *,
    now: datetime,
) -> list[Sent]:
    """The way of each prescription. Refused with each way's reason where none brings it in time.

    The number of queries hangs on the programmes, not on the prescriptions.
    """
    region = counter.region
    atlas = atlas_of(region, now=now)
    on = today_in(region, now)
    opened = {claim.programme.pk: terms_of(claim.programme) for claim in claims}
    codes = sorted({terms.tariff for terms in opened.values() if terms.tariff})
    tariffs = {code: get_tariff(region, code, on=on) for code in codes}
    sent = []
    for claim, resident, judgement in zip(claims, residents, judged, strict=True):
        terms = opened[claim.programme.pk]
        door = _door(resident, judgement)
        tariff = tariffs.get(terms.tariff)
        answers = atlas.answers_for(door, terms, tariff, origin=counter.origin)
        chosen = answers.chosen
        if chosen is None or chosen.promise_at is None:
            raise Refused(Why.NO_WAY, village=resident.village, reasons=answers.reasons())
        hold_at = atlas.find_counter(chosen.counter)
        there = tariff and tariff.to(resident.village.code, clock_in(region, now))
        priced = _priced(claim, terms, chosen, there)
        sent.append(Sent(priced, chosen, chosen.promise_at, hold_at))
    return sent


def _door(resident: Resident, judgement: Judgement) -> Door:
    point = None
    if resident.lat is not None and resident.lon is not None:
        point = (resident.lat, resident.lon)
    cold = judgement.cold_minutes(lines_that_go(judgement))
    return Door(village=resident.village, point=point, cold_min=cold)


def _priced(claim: Claim, terms: Terms, chosen: Answer, tariff: Price | None) -> Claim:
    """The claim at the price of its way: never dearer than what was quoted and accepted."""
    if tariff is None or chosen.at_most is None or chosen.at_most >= claim.price:
        return claim
    price = chosen.at_most
    metres = chosen.counter.from_origin_m if chosen.counter else claim.distance_m
    return replace(
        claim,
        price=price,
        patient_pays=programmes.patient_share(terms, price),
        public=programmes.public_share(terms, price),
        reckoning=reckoning_of(chosen.way, tariff, metres),
    )
