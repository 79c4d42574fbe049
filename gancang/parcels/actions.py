"""Placing a delivery, sending it out, and taking it back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from gancang.audit.actions import record
from gancang.contact.letters import first_notes
from gancang.dispatch import parts, rerouting
from gancang.ledger import actions as ledger
from gancang.ledger.goods import rule_on
from gancang.ledger.waterfall import Reservation
from gancang.maps.ways import travel_of
from gancang.orders import actions as orders
from gancang.orders import lifecycle
from gancang.outbox.actions import post_all
from gancang.parcels.models import Parcel, Shown
from gancang.parcels.rules import BAGS_MAX, Why, levels_of
from gancang.programmes import rules as programmes
from gancang.programmes.actions import Case, Claim, decide_all
from gancang.programmes.queries import known_by_rules, terms_of
from gancang.reach.costs import reckoning_of
from gancang.reach.queries import Door, atlas_of
from gancang.reach.rules import Why as NoWay
from gancang.regions.queries import clock_in, get_tariff, place_of, today_in
from gancang.residents.actions import get_surviving, register_all
from gancang.residents.facts import known_of
from gancang.residents.models import Resident
from gancang.residents.places import OF_NO_HOUSE
from gancang.values import Money, Point, Refused
from gancang.values.codes import new_code

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.orders.models import Order
    from gancang.parcels.rules import Evidence
    from gancang.programmes.models import Programme
    from gancang.reach.rules import Answer
    from gancang.regions.models import Organisation, Village
    from gancang.residents.actions import Particulars


ANY_FARE_RP = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A delivery as its sender tells it: to somebody known, or to a new person."""

    programme: Programme
    contents: str
    note: str = ""
    person: int | None = None
    newcomer: Particulars | None = None
    confirmed: bool = False
    accepts_rp: int = 0
    goods_rp: int = 0  # paid for them at the door, to who sends them
    goods_paid_rp: int = 0  # paid for them before


@transaction.atomic
def place(draft: Draft, origin: Organisation, *, by: str, now: datetime) -> Order:
    """Open the order. Refused with the reason; then nothing is left behind."""
    if not draft.contents.strip():
        raise Refused(Why.NO_CONTENTS)
    terms = terms_of(draft.programme)
    if terms.item_class == lifecycle.MEDICINE or terms.kind != "deliver":
        raise Refused(Why.NOT_FROM_HERE, programme=terms.name, origin=origin.name)
    if draft.goods_rp:
        rule_on(origin.region, today_in(origin.region, now))
    resident = _receiver(draft, origin, now=now)
    claim, answer = _sent(_claim(draft, resident, origin, now=now), resident, origin, now=now)
    code = new_code(orders.prefix_of(origin.region))
    year = today_in(origin.region, now).year
    want = Reservation(
        order=code,
        programme=claim.programme.code,
        year=year,
        amount=claim.public,
        payers=claim.payers,
        area=resident.village.code,
    )
    ledger.reserve_all([want], region=origin.region, by=by, now=now)
    opening = _opening(code, claim, answer, resident, origin, draft)
    (order,) = orders.open_all([opening], by=by, now=now)
    Parcel.objects.create(
        order=order,
        contents=draft.contents.strip(),
        note=draft.note.strip(),
        entered_by=by,
        received_at=now,
    )
    notes = first_notes(order, phone=resident.phone, address=resident.address)
    post_all(notes, region=origin.region.code, now=now)
    return order


@dataclass(frozen=True, slots=True)
class Quote:
    """What bringing something would cost its receiver, when it would come, how long the way is."""

    fare: Money
    promise_at: datetime
    travel: timedelta


def quote(programme: Programme, origin: Organisation, village: Village, *, now: datetime) -> Quote:
    """What somebody of a village, of whom nothing is known, would be asked. Writes nothing."""
    nobody = Resident(region=origin.region, village=village)
    draft = Draft(programme=programme, contents="", accepts_rp=ANY_FARE_RP)
    claim, answer = _sent(_claim(draft, nobody, origin, now=now), nobody, origin, now=now)
    assert origin.village is not None, origin.code
    assert answer.promise_at is not None, origin.code
    start = place_of(origin.village, origin.lat, origin.lon)
    way = travel_of(origin.region).leg(start, place_of(village))
    return Quote(claim.patient_pays, answer.promise_at, timedelta(seconds=way.seconds))


def _receiver(draft: Draft, origin: Organisation, *, now: datetime) -> Resident:
    """Who receives it: known already, or registered now."""
    if draft.person is not None:
        found = get_surviving(draft.person)
        if found.region_id != origin.region_id:
            raise Refused(Why.NOBODY_CHOSEN)
    elif draft.newcomer is not None:
        (found,) = register_all([draft.newcomer], region=origin.region, now=now)
    else:
        raise Refused(Why.NOBODY_CHOSEN)
    if found.deceased_on:
        raise Refused(Why.DECEASED)
    return found


def _claim(draft: Draft, resident: Resident, origin: Organisation, *, now: datetime) -> Claim:
    """What the receiver is entitled to. Refused with the clause's own words where to nothing."""
    assert origin.village is not None, origin.code
    start = place_of(origin.village, origin.lat, origin.lon)
    home = place_of(resident.village, resident.lat, resident.lon)
    leg = travel_of(origin.region).leg(start, home)
    on = today_in(origin.region, now)
    facts = known_of(origin.region, [resident.pk], on=on)[resident.pk] if resident.pk else {}
    case = Case(
        known_by_rules(origin.region, facts),
        origin.code,
        leg.metres,
        distance_source=leg.source,
        accepts_rp=draft.accepts_rp,
        village=resident.village.code,
        clock=clock_in(origin.region, now),
    )
    goods = terms_of(draft.programme).item_class
    (answer,) = decide_all([case], goods=goods, region=origin.region, on=on)
    if isinstance(answer, Refused):
        raise answer
    return answer


def _sent(
    claim: Claim, resident: Resident, origin: Organisation, *, now: datetime
) -> tuple[Claim, Answer]:
    """By which way it goes, and the claim at that way's price: never dearer than was accepted."""
    atlas, terms = atlas_of(origin.region, now=now), terms_of(claim.programme)
    tariff = get_tariff(origin.region, terms.tariff, on=today_in(origin.region, now))
    point = None
    if resident.lat is not None and resident.lon is not None:
        point = (resident.lat, resident.lon)
    door = Door(village=resident.village, point=point)
    answers = atlas.answers_for(door, terms, tariff, origin=origin)
    chosen = answers.chosen
    if chosen is None or chosen.promise_at is None:
        raise Refused(NoWay.NO_WAY, village=resident.village, reasons=answers.reasons())
    if chosen.at_most is None or chosen.at_most >= claim.price:
        return claim, chosen
    price, there = chosen.at_most, tariff.to(resident.village.code, clock_in(origin.region, now))
    metres = chosen.counter.from_origin_m if chosen.counter else claim.distance_m
    cheaper = replace(
        claim,
        price=price,
        patient_pays=programmes.patient_share(terms, price),
        public=programmes.public_share(terms, price),
        reckoning=reckoning_of(chosen.way, there, metres),
    )
    return cheaper, chosen


def _opening(
    code: str,
    claim: Claim,
    answer: Answer,
    resident: Resident,
    origin: Organisation,
    draft: Draft,
) -> orders.Opening:
    assert answer.promise_at is not None, code
    if resident.lat is not None and resident.lon is not None:
        drop, is_village = Point(resident.lat, resident.lon), resident.pin_grade in OF_NO_HOUSE
    else:
        drop, is_village = Point(resident.village.lat, resident.village.lon), True
    return orders.Opening(
        code=code,
        claim=claim,
        resident=resident,
        origin=origin,
        drop=drop,
        drop_is_village=is_village,
        promise_at=answer.promise_at,
        way=answer.way.kind,
        not_before=answer.departs_at,
        hold_at=_counter(origin, answer),
        confirmed_how="counter" if draft.confirmed else "",
        goods_rp=draft.goods_rp,
        goods_paid_rp=draft.goods_paid_rp,
    )


def _counter(origin: Organisation, answer: Answer) -> Organisation | None:
    if answer.counter is None:
        return None
    return type(origin).objects.get(region=origin.region, code=answer.counter.code)


@transaction.atomic
def send_out(
    order: Order, *, pieces: int, code: str = "", by: str, seen_version: int | None, now: datetime
) -> None:
    """It is packed and labelled: from now on riders are asked. Refused for medicine."""
    _refuse_medicine(order)
    if not 1 <= pieces <= BAGS_MAX:
        raise Refused(Why.NO_BAGS, most=BAGS_MAX)
    orders.hold(order)
    attempts_max = terms_of(order.programme).attempts_max
    if order.attempts >= attempts_max:
        raise Refused(lifecycle.Why.TOO_MANY_ATTEMPTS, order=order.code, attempts=order.attempts)
    label = code.strip().upper()[:20] or order.code
    labels = [] if pieces == 1 else [f"{label[:18]}-{place}" for place in range(1, pieces + 1)]
    step = orders.Step(
        to=lifecycle.RELEASED,
        changes={
            "bag_code": label,
            "bag_codes": labels,
            "bags": pieces,
            "released_at": now,
            "wrong_tries": 0,
            "carrier": None,
            "fleet": None,
        },
        facts={"bags": pieces},
        seen_version=seen_version,
    )
    try:
        with transaction.atomic():
            orders.move(order, step, by=by, now=now)
    except IntegrityError as error:  # two open orders never carry the same code
        raise Refused(Why.BAG_IN_USE, bag=label) from error
    parts.owe_way_home(order, by=by, now=now)
    parts.set_aside_if_spent(order, by=by, now=now)
    rerouting.after_release(order, by=by, now=now)


@transaction.atomic
def take_back(order: Order, *, by: str, seen_version: int | None, now: datetime) -> None:
    """The sender has it again and ends the order; its budget is free again."""
    _refuse_medicine(order)
    orders.hold(order)
    parts.owe_way_home(order, by=by, now=now)
    freed = ledger.release(order.code, region=order.region, by=by, now=now)
    step = orders.Step(
        to=lifecycle.RETURNED,
        facts={"freed_rp": freed.rupiah, "attempts": order.attempts},
        seen_version=seen_version,
        though_frozen=True,
    )
    orders.move(order, step, by=by, now=now)


def _refuse_medicine(order: Order) -> None:
    if order.is_medicine:
        raise Refused(Why.IS_MEDICINE, order=order.code)


@transaction.atomic
def note_shown(order: Order, shown: Evidence, *, by: str, now: datetime) -> None:
    """Write down by which level of proof a hand-over was accepted."""
    required = levels_of(terms_of(order.programme).proof)[0]
    level = "photo" if shown.left else shown.level
    Shown.objects.create(
        order=order,
        level=level,
        required=required,
        reason=shown.reason.strip(),
        office=shown.office.strip(),
        left=shown.left,
        at=now,
    )
    facts: dict[str, object] = {"level": level, "required": required, "left": shown.left}
    record("order.proof_level", order.code, region=order.region.code, by=by, now=now, facts=facts)
