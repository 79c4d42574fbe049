"""Which tier a prescription falls into: what is known of its patient, and who pays for the way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gancang.enrolment.entry import granted_by_name, granted_by_nik
from gancang.maps.ways import travel_of
from gancang.programmes.actions import Case, Claim, decide_all
from gancang.programmes.queries import known_by_rules
from gancang.regions.queries import clock_in, place_of, today_in
from gancang.residents.actions import KnownFact
from gancang.residents.facts import derived_facts
from gancang.residents.queries import facts_by_nik, learned_pins
from gancang.values import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from gancang_roads import Place

    from gancang.enrolment.entry import Named
    from gancang.medicine.actions import Counter
    from gancang.medicine.rules import Draft
    from gancang.regions.models import Village
    from gancang.values import Point

GOODS = "medicine"


def decide(
    drafts: Sequence[Draft],
    places: Mapping[str, Village],
    counter: Counter,
    *,
    now: datetime,
) -> list[Claim | Refused]:
    """What each prescription is entitled to, or why it is not. Nothing is written.

    What is told now holds over what was known before; what nobody asked about this time still
    counts, as long as it is not too old.
    """
    known = facts_by_nik(counter.region, [draft.nik for draft in drafts if draft.nik])
    # Where somebody was met before says more than what was typed today.
    pins = learned_pins(counter.region, [(d.nik, d.village, d.address) for d in drafts])
    on = today_in(counter.region, now)
    granted = granted_by_nik(counter.region, [d.nik for d in drafts if d.nik], on=on)
    unnumbered = [_named(draft) for draft in drafts if not draft.nik]
    by_name = granted_by_name(counter.region, unnumbered, on=on)
    cases = [
        replace(
            _case(d, _home(d, places[d.village], pins), counter, known.get(d.nik, {}), now=now),
            granted=granted.get(d.nik, {}) if d.nik else by_name.get(_named(d), {}),
        )
        for d in drafts
    ]
    return decide_all(cases, goods=GOODS, region=counter.region, on=on)


def _named(draft: Draft) -> Named:
    """By what somebody is known who shows no NIK."""
    return draft.full_name, draft.birth_date.isoformat() if draft.birth_date else "", draft.village


def claims_for(
    drafts: Sequence[Draft],
    places: Mapping[str, Village],
    counter: Counter,
    *,
    now: datetime,
) -> list[Claim]:
    """What each prescription is entitled to. Refused with the first that is not."""
    decided = decide(drafts, places, counter, now=now)
    for answer in decided:
        if isinstance(answer, Refused):
            raise answer
    return [answer for answer in decided if isinstance(answer, Claim)]


def _home(draft: Draft, village: Village, pins: Mapping[str, Point]) -> Place:
    if pin := pins.get(draft.nik):
        return place_of(village, pin.lat, pin.lon)
    return place_of(village, draft.lat, draft.lon)


def _case(
    draft: Draft,
    home: Place,
    counter: Counter,
    known: Mapping[str, KnownFact],
    *,
    now: datetime,
) -> Case:
    origin = counter.origin
    assert origin.village is not None, origin.code
    start = place_of(origin.village, origin.lat, origin.lon)
    leg = travel_of(counter.region).leg(start, home)
    derived = derived_facts(draft.birth_date, draft.village, on=today_in(counter.region, now))
    facts = {**known, **facts_told(draft, counter, now=now), **derived}
    return Case(
        known_by_rules(counter.region, facts),
        origin.code,
        leg.metres,
        distance_source=leg.source,
        accepts_rp=draft.accepts_rp,
        village=draft.village,
        clock=clock_in(counter.region, now),
    )


def facts_told(draft: Draft, counter: Counter, *, now: datetime) -> dict[str, KnownFact]:
    """The proofs that came with a prescription, each with who told it and its day."""
    source, today = f"{counter.origin.code}, {counter.door}", today_in(counter.region, now)
    judge = f"{counter.origin.code}, {draft.judged_by}"[:80]
    facts = {"pbi_active": KnownFact(draft.pbi, source, draft.pbi_as_of)}
    if draft.village_letter is not None:
        letter_as_of = draft.village_letter_as_of or today
        facts["village_letter"] = KnownFact(draft.village_letter, source, letter_as_of)
    if draft.desil is not None:
        facts["desil"] = KnownFact(draft.desil, source, draft.desil_as_of or today)
    if draft.local_list is not None:
        listed_as_of = draft.local_list_as_of or today
        facts["local_list"] = KnownFact(draft.local_list, source, listed_as_of)
    if draft.judged_in_need is not None:
        facts["judged_in_need"] = KnownFact(draft.judged_in_need, judge, today)
    return facts
