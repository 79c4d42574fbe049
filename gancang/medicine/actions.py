"""Placing prescriptions that came through any of the three doors."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import transaction

from gancang.audit.actions import Happening, record, record_all
from gancang.contact.letters import first_notes
from gancang.formulary.rules import Judgement
from gancang.ledger import actions as ledger
from gancang.ledger.waterfall import Reservation
from gancang.medicine.item_lines import read_lines
from gancang.medicine.judging import judge_drafts, lines_that_go
from gancang.medicine.models import Acceptance, Item, OtherReceiver, Prescription
from gancang.medicine.queries import orders_by_number, orders_of_others
from gancang.medicine.rules import Draft, Why
from gancang.medicine.tiers import claims_for, facts_told
from gancang.medicine.ways import Sent, send_all
from gancang.medicine.written import moment_in
from gancang.orders import actions as orders
from gancang.orders.models import Order
from gancang.outbox.actions import post_all
from gancang.regions.models import Organisation, Region, Village
from gancang.regions.queries import today_in, zone_of
from gancang.residents.actions import Particulars, register_all
from gancang.residents.places import OF_NO_HOUSE
from gancang.values import Point, Refused
from gancang.values.codes import new_code

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gancang.ledger.waterfall import Split
    from gancang.outbox.actions import Note
    from gancang.programmes.actions import Claim
    from gancang.residents.models import Resident

PROGRAMME = "gancang-aron-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """Through which door prescriptions come, for which hospital, typed in by whom."""

    origin: Organisation
    door: str
    by: str

    @property
    def region(self) -> Region:
        """The hospital's region."""
        return self.origin.region


def place(draft: Draft, counter: Counter, *, now: datetime) -> Order:
    """Open the order for one prescription. Refused with the reason; then nothing is left behind.

    The same prescription again is the same order: nothing changes.
    """
    return place_all([draft], counter, now=now)[0]


@transaction.atomic
def place_all(drafts: Sequence[Draft], counter: Counter, *, now: datetime) -> list[Order]:
    """The order of each prescription, in order; all are placed, or none and the first refusal.

    A fixed number of statements, however many prescriptions.
    """
    numbers = [draft.number for draft in drafts]
    known = orders_by_number(counter.origin, numbers)
    fresh = list({draft.number: draft for draft in drafts if draft.number not in known}.values())
    if fresh:
        # Two doors with the same new number at once: the second waits here, then finds it.
        Organisation.objects.select_for_update(no_key=True).get(pk=counter.origin.pk)
        known |= orders_by_number(counter.origin, [draft.number for draft in fresh])
        fresh = [draft for draft in fresh if draft.number not in known]
    if fresh:
        known |= _place_fresh(fresh, counter, now=now)
    if repeated := [draft for draft in drafts if draft not in fresh]:
        for number, code in orders_of_others(counter.origin, repeated).items():
            raise Refused(Why.SAME_NUMBER_OTHER_PATIENT, number=number, order=code)
    return [known[number] for number in numbers]


def _place_fresh(drafts: Sequence[Draft], counter: Counter, *, now: datetime) -> dict[str, Order]:
    region = counter.region
    judged = _judge(drafts, region, now=now)
    places = {
        village.code: village
        for village in Village.objects.filter(
            region=region, code__in={draft.village for draft in drafts}
        )
    }
    residents = register_all(
        [_particulars(draft, places[draft.village], counter, now=now) for draft in drafts],
        region=region,
        now=now,
    )
    claims = claims_for(drafts, places, counter, now=now)
    sent = send_all(claims, residents, judged, counter, now=now)
    claims = [each.claim for each in sent]
    codes = [new_code(orders.prefix_of(region)) for _ in drafts]
    opened = orders.open_all(
        [
            replace(
                _opening(code, each, resident, counter, judgement),
                confirmed_how="counter" if draft.confirmed else "",
            )
            for draft, code, each, resident, judgement in zip(
                drafts, codes, sent, residents, judged, strict=True
            )
        ],
        by=counter.by,
        now=now,
    )
    _keep_papers(drafts, opened, counter, now=now)
    post_all(_first_letters(drafts, opened), region=region.code, now=now)
    # Money nearly last: from here on, others who draw on the same budgets wait.
    splits = _reserve(codes, drafts, claims, counter, now=now)
    _note_tiers(opened, claims, splits, counter, now=now)
    return {draft.number: order for draft, order in zip(drafts, opened, strict=True)}


def _judge(drafts: Sequence[Draft], region: Region, *, now: datetime) -> list[Judgement]:
    """What the classes of medicine say. Refused with the first that cannot be brought at all."""
    judged = judge_drafts(drafts, region, now=now)
    for answer in judged:
        if isinstance(answer, Refused):
            raise answer
    return [answer for answer in judged if isinstance(answer, Judgement)]


def _first_letters(drafts: Sequence[Draft], opened: Sequence[Order]) -> list[Note]:
    return [
        note
        for draft, order in zip(drafts, opened, strict=True)
        for note in first_notes(order, phone=draft.phone, address=draft.address)
    ]


def _keep_papers(
    drafts: Sequence[Draft], opened: Sequence[Order], counter: Counter, *, now: datetime
) -> None:
    zone = zone_of(counter.region)
    papers = Prescription.objects.bulk_create(
        Prescription(
            order=order,
            origin=counter.origin,
            number=draft.number,
            clinic=draft.clinic,
            prescriber=draft.prescriber,
            items=draft.items,
            door=counter.door,
            entered_by=counter.by,
            received_at=now,
            prescribed_at=moment_in(draft.prescribed_at, zone, latest=now),
        )
        for draft, order in zip(drafts, opened, strict=True)
    )
    Item.objects.bulk_create(
        Item(
            prescription=paper,
            line=line,
            name=item.name,
            quantity=item.quantity,
            chosen_class=item.item_class,
            supply_days=item.supply_days,
        )
        for paper, draft in zip(papers, drafts, strict=True)
        for line, item in enumerate(read_lines(draft.items), 1)
    )


def _note_tiers(
    opened: Sequence[Order],
    claims: Sequence[Claim],
    splits: Sequence[Split],
    counter: Counter,
    *,
    now: datetime,
) -> None:
    """Write down which tier and proof decided each order, who pays, and who accepted a price."""
    Acceptance.objects.bulk_create(
        Acceptance(
            order=order,
            amount_rp=order.patient_pays_rp,
            door=counter.door,
            recorded_by=counter.by,
            at=now,
        )
        for order in opened
        if order.patient_pays_rp
    )
    record_all(
        Happening(
            region=counter.region.code,
            kind="order.tier_decided",
            subject=order.code,
            by=counter.by,
            now=now,
            facts={
                "tier": claim.programme.code,
                "clause": claim.clause,
                "decision": claim.decision,
                "proofs": {name: fact.as_of.isoformat() for name, fact in claim.proofs.items()},
                "paid_by": {fund: share.rupiah for fund, share in split.paid},
                "patient_accepted_rp": claim.patient_pays.rupiah,
            },
        )
        for order, claim, split in zip(opened, claims, splits, strict=True)
    )


@transaction.atomic
def note_other_receiver(order: Order, why: str, *, by: str, now: datetime) -> None:
    """Keep why somebody received who is not named for it."""
    OtherReceiver.objects.create(order=order, why=why[:200], by=by, at=now)
    facts: dict[str, object] = {"told_why": bool(why)}
    region = order.region.code
    record("order.other_receiver", order.code, region=region, by=by, now=now, facts=facts)


def _particulars(draft: Draft, village: Village, counter: Counter, *, now: datetime) -> Particulars:
    return Particulars(
        full_name=draft.full_name,
        village=village,
        address=draft.address,
        nik=draft.nik,
        birth_date=draft.birth_date,
        phone=draft.phone,
        landmark=draft.landmark,
        lat=draft.lat,
        lon=draft.lon,
        facts=facts_told(draft, counter, now=now),
    )


def _drop(resident: Resident) -> tuple[Point, bool]:
    """Where to, and whether that is only the village's point or a guess, not the house."""
    if resident.lat is not None and resident.lon is not None:
        return Point(resident.lat, resident.lon), resident.pin_grade in OF_NO_HOUSE
    return Point(resident.village.lat, resident.village.lon), True


def _opening(
    code: str, sent: Sent, resident: Resident, counter: Counter, judgement: Judgement
) -> orders.Opening:
    going = lines_that_go(judgement)
    drop, is_village = _drop(resident)
    return orders.Opening(
        code=code,
        claim=sent.claim,
        resident=resident,
        origin=counter.origin,
        drop=drop,
        drop_is_village=is_village,
        promise_at=sent.promise_at,
        way=sent.answer.way.kind,
        not_before=sent.answer.departs_at,
        hold_at=sent.hold_at,
        cold_minutes=judgement.cold_minutes(going),
        needs=judgement.needs(going),
    )


def _reserve(
    codes: Sequence[str],
    drafts: Sequence[Draft],
    claims: Sequence[Claim],
    counter: Counter,
    *,
    now: datetime,
) -> list[Split]:
    wanted = [
        needed_for(code, draft, claim, counter, now=now)
        for code, draft, claim in zip(codes, drafts, claims, strict=True)
    ]
    return ledger.reserve_all(wanted, region=counter.region, by=counter.by, now=now)


def needed_for(
    code: str, draft: Draft, claim: Claim, counter: Counter, *, now: datetime
) -> Reservation:
    """The public money that a prescription needs, and who may be asked for it."""
    return Reservation(
        order=code,
        programme=claim.programme.code,
        year=today_in(counter.region, now).year,
        amount=claim.public,
        payers=claim.payers,
        area=draft.village,
    )
