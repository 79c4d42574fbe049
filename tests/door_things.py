"""What addresses may name: one of each of our house, of another house, of another region."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from gancang.accounts.actions import Newcomer, add_person
from gancang.accounts.models import Role, User
from gancang.addresses.models import Landmark
from gancang.cash.actions import Counted, Paid, hand_in, take_payment
from gancang.cash.models import Deposit, PassedOn, Payment, Refund, WriteOff
from gancang.contact.models import PatientMessage
from gancang.contact.receiving import say_wrong
from gancang.dispatch.models import Offer
from gancang.fleet.actions import enlist
from gancang.incidents.actions import Report, ask_to_ring, report
from gancang.incidents.models import Incident, Lateness, ShiftNote
from gancang.maps.models import RoadClosure
from gancang.medicine.models import Owed
from gancang.orders.links import track_token
from gancang.orders.models import Order
from gancang.outbox.models import Letter
from gancang.reach.models import Closure
from gancang.regions.models import Organisation, Region, Village
from gancang.residents.models import LookAlike
from gancang.values import Money
from tests.cast import PACK, PASSWORD, Cast, load_pack, place
from tests.door_accounts import of_accounts
from tests.door_books import of_inspection
from tests.door_budgets import NO_BOOK, of_budget
from tests.door_goods import bank_list_of, case_of, delivery_of
from tests.door_meals import of_meals
from tests.door_people import OF_NOBODY, of_enrolment
from tests.door_programmes import NO_PROGRAMME, of_programme
from tests.door_settlement import BATCH_PAGES, of_settlement
from tests.door_shops import NO_SHOP, of_shops
from tests.door_vouchers import NO_VOUCHERS, of_vouchers


@dataclass(frozen=True, slots=True)
class Things:
    """What addresses may name, of one house in one region."""

    order: Order
    clerk: User
    rider: User
    organisation: Organisation
    admin: User  # of the region that gave the token

    def arguments(self) -> dict[str, dict[str, object]]:
        """The things as parts of an address, by the address's name or by its parts."""
        return {
            **of_resident(self.order.resident_id),
            **of_enrolment(self.order),
            "addresses": {"number": landmark_of(self.order, self.clerk).pk},
            "code": {"code": self.order.code},
            **of_meals(self.order, self.rider),
            **of_shops(self.order),
            **of_vouchers(self.order, self.rider),
            "fulfilment": {"code": case_of(self.order, self.rider).code},
            "fulfilment:bank_file": {"number": bank_list_of(self.order).pk},
            "parcels": {"code": delivery_of(self.order).code},
            "region": {"region": self.order.region.code},
            **of_accounts(self.clerk, self.organisation, self.admin),
            "fleet": {"number": self.rider.rider.pk},
            **of_letters(self.order),
            **of_cash(self.order, self.rider),
            **of_settlement(self.order, self.rider),
            **of_inspection(self.order, self.rider),
            "watch": {"number": note_of(self.order.region).pk},
            **of_incidents(self.order, self.rider),
            **of_dispatch(self.order, self.rider),
            "medicine:close_owed": {"number": owed_of(self.order).pk},
            **of_programme(self.order),
            **of_budget(self.order),
            "token": {"token": track_token(self.order.code)},
            "api:get_prescription": {"number": self.order.prescription.number},
        }


def of_letters(order: Order) -> dict[str, dict[str, object]]:
    """A letter about an order and a message of its patient, as parts of addresses."""
    letter: dict[str, object] = {"number": letter_about(order).pk}
    return {
        "contact:letter": letter,
        "contact:end_letter": letter,
        "contact:message": {"number": message_about(order).pk},
    }


def of_incidents(order: Order, rider: User) -> dict[str, dict[str, object]]:
    """An incident, its calls and a lateness of an order, as parts of addresses."""
    incident = incident_of(order, rider)
    return {
        "incidents": {"number": incident.pk},
        "incidents:rang": {"number": incident.calls.get().pk},
        "incidents:see_late": {"number": lateness_of(order).pk},
        "dispatch:bag_back": {"number": incident.pk},
        "dispatch:relieve": {"number": incident.pk},
        "dispatch:tell_later": {"number": incident.pk},
    }


def of_dispatch(order: Order, rider: User) -> dict[str, dict[str, object]]:
    """An order's offer, its patient and what is closed in its region, as parts of addresses."""
    resident: dict[str, object] = {"number": order.resident_id}
    return {
        "dispatch:answer": {"number": offer_of(order, rider).pk},
        "dispatch:deceased": resident,
        "dispatch:alive": resident,
        "dispatch:judge": {"number": look_alike_of(order).pk},
        "dispatch:switch_on": {"number": closure_of(order, rider).pk},
        "dispatch:open_roads": {"number": closed_roads_of(order).pk},
    }


def of_cash(order: Order, rider: User) -> dict[str, dict[str, object]]:
    """A patient's payment, its rider and what he handed in, as parts of addresses."""
    fleet, now = order.fleet, datetime.now(UTC)
    assert fleet is not None
    if not Payment.objects.filter(order=order).exists():
        order.patient_pays_rp = 1_000
        take_payment(order, Paid(how="cash"), by=rider, now=now)
        told = Counted(seen=Money(1_000), counted=Money(600), note="hilang")
        hand_in(rider, fleet, told, till=fleet, by=rider, now=now)
    deposit = Deposit.objects.get(rider=rider)
    return {
        "cash": {"username": rider.username},
        "cash:deposit": {"number": deposit.pk},
        "cash:follow_up": {"number": deposit.shortfall.pk},
        "cash:write_off": {"number": deposit.shortfall.pk},
        "cash:decide": {"number": asked_of(deposit, rider).pk},
        "cash:passed_on": {"number": passed_of(order, rider).pk},
        "cash:refund": {"code": refunded_of(order, rider).payment.order.code},
    }


def asked_of(deposit: Deposit, by: User) -> WriteOff:
    """Somebody asks that what is missing is written off."""
    told = {"amount_rp": 1, "reason": "hilang", "asked_by": by, "asked_at": deposit.at}
    return WriteOff.objects.get_or_create(shortfall=deposit.shortfall, defaults=told)[0]


def passed_of(order: Order, by: User) -> PassedOn:
    """The house's till has passed something on to the fleet."""
    told = {"region": order.region, "amount_rp": 1, "reference": "TRF", "by": by}
    pair = {"till": order.origin, "fleet": order.fleet}
    defaults = {**told, "at": order.placed_at}
    return PassedOn.objects.get_or_create(**pair, defaults=defaults)[0]


def refunded_of(order: Order, by: User) -> Refund:
    """The order's patient got back what he had paid."""
    payment, now = Payment.objects.get(order=order), datetime.now(UTC)
    told = {"amount_rp": 1, "approved_by": by, "approved_at": now, "till": order.origin}
    defaults = {**told, "paid_at": now, "received_by": "Sari"}
    return Refund.objects.get_or_create(payment=payment, defaults=defaults)[0]


def closure_of(order: Order, by: User) -> Closure:
    """A way that is switched off in an order's region: one that no story goes by."""
    now = datetime.now(UTC)
    told = {"because": "flood", "since": now, "by": by, "made_at": now}
    return Closure.objects.get_or_create(region=order.region, way="nowhere", defaults=told)[0]


def closed_roads_of(order: Order) -> RoadClosure:
    """Roads that a decree closes in an order's region."""
    now = datetime.now(UTC)
    told = {"kind": "circle", "points": [[0, 0]], "radius_m": 10, "since": now, "made_at": now}
    defaults = {**told, "cause": "flood", "decree_on": now.date(), "by": "tests"}
    rows = RoadClosure.objects
    return rows.get_or_create(region=order.region, decree="1", defaults=defaults)[0]


def landmark_of(order: Order, by: User) -> Landmark:
    """A mosque in an order's region."""
    told = {"village": order.village, "lat": order.village.lat, "lon": order.village.lon, "by": by}
    defaults = {**told, "kind": "mosque", "sounds": "al huda", "at": order.placed_at}
    rows = Landmark.objects
    return rows.get_or_create(region=order.region, name="Al-Huda", defaults=defaults)[0]


def owed_of(order: Order) -> Owed:
    """Something that the pharmacy owes the patient of an order."""
    item = order.prescription.lines.order_by("line")[0]
    told = {"origin": order.origin, "since": order.placed_at}
    return Owed.objects.get_or_create(item=item, defaults=told)[0]


def of_resident(number: int) -> dict[str, dict[str, object]]:
    """A resident as part of an address, alone and with his phones, representatives, merges."""
    one: dict[str, object] = {"number": number}
    return {
        "residents": one,
        "overview:services": one,
        "overview:give_file": one,
        "residents:change_phone": {**one, "phone": 987654},
        "residents:end_representative": {**one, "representative": 987654},
        "dispatch:merge": {**one, "other": number},
        "dispatch:undo_merge": {**one, "merge_number": 987654},
    }


OF_CASH = ("deposit", "follow_up", "write_off", "decide", "passed_on")
OF_DISPATCH = ("bag_back", "relieve", "tell_later", "deceased", "alive", "judge")
OF_DISPATCH_TOO = ("switch_on", "open_roads")
NOWHERE: dict[str, dict[str, object]] = {
    **of_resident(987654),
    **OF_NOBODY,
    **NO_VOUCHERS,
    **NO_SHOP,
    "addresses": {"number": 987654},
    "servings": {"code": "XX-9999-9999"},
    "servings:diner": {"number": 987654},
    "servings:shut": {"number": 987654},
    "servings:check": {"number": 987654},
    "fulfilment": {"code": "XX-9999-9999"},
    "fulfilment:bank_file": {"number": 987654},
    "parcels": {"code": "XX-9999-9999"},
    "region": {"region": "99.99"},
    "code": {"code": "XX-9999-9999"},
    "username": {"username": "nobody-here"},
    "accounts:take_role": {"username": "nobody-here", "number": 987654},
    "accounts:revoke_token": {"number": 987654},
    "accounts:end_sign_in": {"number": 987654},
    "accounts:set_password": {"token": "forged"},
    "dispatch:answer": {"number": 987654},
    "fleet": {"number": 987654},
    "contact:letter": {"number": 987654},
    "contact:end_letter": {"number": 987654},
    "contact:message": {"number": 987654},
    "inspection:sample": {"number": 987654},
    "inspection:judge": {"number": 987654},
    "purchases:take_back": {"number": 987654},
    "slug": {"slug": "nowhere"},
    "settlement": {"number": 987654},
    "reference": {"reference": "G-0-0"},
    **{f"settlement:{name}": {"code": "G-0"} for name in BATCH_PAGES},
    "cash": {"username": "nobody-here"},
    **{f"cash:{name}": {"number": 987654} for name in OF_CASH},
    "incidents": {"number": 987654},
    "watch": {"number": 987654},
    "incidents:rang": {"number": 987654},
    "incidents:see_late": {"number": 987654},
    **{f"dispatch:{name}": {"number": 987654} for name in OF_DISPATCH + OF_DISPATCH_TOO},
    "medicine:close_owed": {"number": 987654},
    **NO_PROGRAMME,
    **NO_BOOK,
    "forecast": {"number": 987654},
    "forecast:see": {"number": 987654},
    "token": {"token": "XX-9999-9999:forged"},
    "api:get_prescription": {"number": "R-9999"},
}


def pick(arguments: dict[str, dict[str, object]], address: str, pattern: str) -> dict[str, object]:
    """What of `arguments` this address names; nothing if it names nothing."""
    parts = re.findall(r"<(?:\w+:)?(\w+)>", pattern)
    if not parts:
        return {}
    for key in (address, address.partition(":")[0], parts[0]):
        if key in arguments and set(arguments[key]) == set(parts):
            return arguments[key]
    raise AssertionError(f"{address} names {parts}: say in Things what that is")


def look_alike_of(order: Order) -> LookAlike:
    """Somebody who may be the patient, who is said to have died."""
    told = {"dead": order.resident, "alike": order.resident}
    defaults = {"sign": "birth", "found_at": datetime.now(UTC)}
    return LookAlike.objects.get_or_create(**told, defaults=defaults)[0]


def letter_about(order: Order) -> Letter:
    """The first letter of the order."""
    return Letter.objects.filter(subject=order.code).order_by("pk")[0]


def message_about(order: Order) -> PatientMessage:
    """Something the patient wrote on his page."""
    return say_wrong(order, "Pindah rumah.", now=datetime.now(UTC))


def offer_of(order: Order, rider: User) -> Offer:
    """An open offer of the order to the rider."""
    now = datetime.now(UTC)
    assert order.fleet is not None
    return Offer.objects.create(
        order=order,
        rider=rider,
        fleet=order.fleet,
        made_at=now,
        expires_at=now + timedelta(hours=5),  # longer than all the knocking,
        pay_rp=10_000,
        distance_m=1_000,
    )


def incident_of(order: Order, rider: User) -> Incident:
    """A recall of the order, which its rider has, with the patient still to be rung."""
    told = Report(
        kind="recall",
        what_happened="Kantong tertukar",
        happened_at=(now := datetime.now(UTC)),
        order=order,
        rider=rider.rider,
    )
    incident = report(told, region=order.region, by="tests", now=now)
    ask_to_ring(incident, [order])
    return incident


def note_of(region: Region) -> ShiftNote:
    """What an operator handed over to the next."""
    now = datetime.now(UTC)
    return ShiftNote.objects.create(
        region=region, written_at=now, written_by="tests", left_open={}, words="Tidak ada."
    )


def lateness_of(order: Order) -> Lateness:
    """The alarm that the order is late."""
    return Lateness.objects.create(order=order, at=datetime.now(UTC), promise_at=order.promise_at)


def carried(order: Order, rider: User) -> Order:
    """The order, on its way to be fetched by the rider, whichever fleet the programme prefers."""
    fleet = rider.memberships.get().organisation
    Order.objects.filter(pk=order.pk).update(
        state="assigned", carrier=rider, fleet=fleet, bag_code=f"B{order.code}", bags=1
    )
    order.refresh_from_db()
    return order


def enlisted(user: User, organisation: Organisation) -> User:
    """A rider on the list of his fleet."""
    now = datetime.now(UTC)
    enlist(user, organisation=organisation, vehicle="motor", plate="", by="tests", now=now)
    return user


def one_of_each(cast: Cast) -> dict[str, Things]:
    """One of each of our house, of the other house here, and of a house in another region."""
    enlisted(cast.rider, cast.fleet)
    enlisted(cast.other_rider, cast.other_fleet)
    other = replace(cast, clerk=cast.other_pharmacist)
    abroad = cast_abroad(cast)
    enlisted(abroad.rider, abroad.fleet)
    ours = carried(place(cast), cast.rider)
    theirs = carried(place(other, number="R-2", nik=""), cast.other_rider)
    foreign = carried(place(abroad, number="R-3", nik=""), abroad.rider)
    return {
        "own": Things(ours, cast.clerk, cast.rider, cast.hospital, cast.admin),
        "of another house": Things(
            theirs, cast.other_pharmacist, cast.other_rider, cast.other_hospital, cast.admin
        ),
        "of another region": Things(
            foreign, abroad.clerk, abroad.rider, abroad.hospital, abroad.admin
        ),
    }


def cast_abroad(cast: Cast) -> Cast:
    """The few people that the stories need in the region of the other pack."""
    folder = next(p for p in sorted(PACK.parent.iterdir()) if p.is_dir() and p != PACK)
    region = load_pack(folder)
    hospital = Organisation.objects.filter(region=region, kind="hospital").order_by("code")[0]
    fleet = Organisation.objects.filter(region=region, kind="fleet").order_by("code")[0]

    def hire(role: Role, organisation: Organisation | None) -> User:
        newcomer = Newcomer(
            username=f"abroad-{role.value}",
            full_name="Made",
            password=PASSWORD,
            role=role,
            organisation=organisation,
        )
        return add_person(newcomer, region=region, by="tests", now=datetime.now(UTC))

    return replace(
        cast,
        region=region,
        hospital=hospital,
        fleet=fleet,
        village=Village.objects.filter(region=region).order_by("code")[0],
        clerk=hire(Role.COUNTER_CLERK, hospital),
        rider=hire(Role.RIDER, fleet),
        admin=hire(Role.ADMIN, None),
    )
