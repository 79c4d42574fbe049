"""Giving vouchers, taking them at a shop, letting what is left lapse. The only code that writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from gancang.audit.actions import Happening, record, record_all
from gancang.cards.actions import give_cards
from gancang.enrolment.queries import served_on
from gancang.ledger import actions as ledger
from gancang.ledger.waterfall import Reservation
from gancang.orders.actions import prefix_of
from gancang.outbox.actions import post_all
from gancang.programmes.queries import terms_of
from gancang.regions.queries import today_in
from gancang.residents.queries import Reader, read_person
from gancang.residents.rules import same_day
from gancang.values import Money, Refused
from gancang.values.codes import new_code
from gancang.vouchers import queries, rules
from gancang.vouchers.letters import issued_notes, lapses_notes
from gancang.vouchers.models import Redemption, Voucher, WrongBirth
from gancang.vouchers.rules import Why

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gancang.accounts.models import User
    from gancang.cards.models import Card
    from gancang.programmes.models import Programme
    from gancang.programmes.rules import Terms
    from gancang.regions.models import Organisation, Region
    from gancang.residents.models import Resident

AT_ONCE = 500
WRONG_BIRTHS_MAX = 5


@transaction.atomic
def issue(programme: Programme, *, region: Region, by: str, now: datetime) -> int:
    """Give everybody who is enrolled the balance of the running cycle: how many got it.

    The money of all of them is set aside now, or nobody gets anything.
    """
    terms, offer = terms_of(programme), queries.offer_of(programme)
    if offer is None:
        raise Refused(Why.NO_VOUCHERS, programme=terms.name)
    today = today_in(region, now)
    cycle = rules.cycle_on(today, offer)
    if cycle.last < today:
        raise Refused(Why.OVER, last=f"{cycle.last:%d-%m-%Y}")
    queries.lock_programme(programme)  # two officers at once: the second finds all of them given
    having = Voucher.objects.filter(programme_code=terms.code, cycle=cycle.code, region=region)
    rows = served_on(region, terms.code, today).exclude(resident__in=having.values("resident"))
    people = [row.resident for row in rows.select_related("resident__village").order_by("pk")]
    if not people:
        raise Refused(Why.NOBODY_LEFT, programme=terms.name)
    for at in range(0, len(people), AT_ONCE):
        some = people[at : at + AT_ONCE]
        _give(some, programme, (terms, offer, cycle), region=region, by=by, now=now)
    return len(people)


def _give(
    people: Sequence[Resident],
    programme: Programme,
    told: tuple[Terms, rules.Offer, rules.Cycle],
    *,
    region: Region,
    by: str,
    now: datetime,
) -> None:
    terms, offer, cycle = told
    carried = _carried(people, told, region=region, by=by, now=now)
    made = Voucher.objects.bulk_create(
        Voucher(
            region=region,
            code=new_code(prefix_of(region)),
            programme=programme,
            programme_code=terms.code,
            resident=person,
            count=offer.count + carried.get(person.pk, 0),
            unit=offer.unit,
            unit_rp=offer.unit_rp,
            issued_by=by,
            issued_at=now,
            **cycle.as_kept(),
        )
        for person in people
    )
    _set_aside(made, terms, region=region, by=by, now=now)
    give_cards([person.pk for person in people], region=region, by=by, now=now)
    record_all(_told(row, "voucher.issued", {"count": row.count}, by=by, now=now) for row in made)
    post_all([note for row in made for note in issued_notes(row)], region=region.code, now=now)


def _set_aside(
    made: Sequence[Voucher], terms: Terms, *, region: Region, by: str, now: datetime
) -> None:
    wanted = [
        Reservation(
            order=row.code,
            programme=terms.code,
            year=row.first.year,
            amount=Money(row.count * row.unit_rp),
            payers=terms.funders,
            area=row.resident.village.code,
        )
        for row in made
    ]
    ledger.reserve_all(wanted, region=region, by=by, now=now)


def _carried(
    people: Sequence[Resident],
    told: tuple[Terms, rules.Offer, rules.Cycle],
    *,
    region: Region,
    by: str,
    now: datetime,
) -> dict[int, int]:
    """What is left of earlier cycles of the year, where it is not to lapse; they are closed."""
    terms, offer, cycle = told
    if not offer.carries:
        return {}
    rows = Voucher.objects.select_for_update().filter(
        region=region,
        programme_code=terms.code,
        resident__in=[person.pk for person in people],
        state=rules.ISSUED,
        first__lt=cycle.first,
        first__year=cycle.first.year,
    )
    found: dict[int, int] = {}
    for row in rows:
        found[row.resident_id] = found.get(row.resident_id, 0) + row.left
        _close(row, "voucher.carried", by=by, now=now)
    return found


def _close(row: Voucher, kind: str, *, by: str, now: datetime) -> None:
    facts: dict[str, object] = {"left": row.left}
    Voucher.objects.filter(pk=row.pk).update(state=rules.CLOSED, closed_at=now)
    ledger.release(row.code, region=row.region, by=by, now=now)
    record(kind, row.code, region=row.region.code, by=by, now=now, facts=facts)


def lapse(region: Region, *, now: datetime) -> int:
    """Close what is over, a voucher at a time; what was left goes back to its budgets."""
    closed = 0
    for number in queries.over_by(region, today_in(region, now)):
        with transaction.atomic():
            rows = Voucher.objects.select_for_update(of=("self",)).select_related("region")
            row = rows.filter(pk=number, state=rules.ISSUED).first()
            if row is not None:
                _close(row, "voucher.lapsed", by="clock", now=now)
                closed += 1
    return closed


def warn(region: Region, *, now: datetime) -> int:
    """Tell holders in the last week what is left and lapses; each once. How many were written."""
    rows = [row for row in queries.lapsing(region, today_in(region, now)) if row.left]
    notes = [note for row in rows for note in lapses_notes(row)]
    post_all(notes, region=region.code, now=now)
    return len(notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a shop wants to take of a card: how much, of which voucher, and what was shown."""

    card: Card
    programme: str  # "": the only one that is taken here
    count: int
    key: str
    birth_date: str = ""
    said_at: datetime | None = None  # by a phone that had no network


def redeem(asked: Asked, *, shop: Organisation, by: User, now: datetime) -> Redemption:
    """Take some of a balance: the shop is owed it from now on. The same key twice is one deed.

    A wrong date of birth is counted, even though it is refused.
    """
    said = min(asked.said_at or now, now)
    on = today_in(shop.region, said)
    row = queries.find_taken_at(asked.card, asked.programme, shop, on=on)
    offer = queries.offer_of(row.programme)
    assert offer is not None, row.code
    factor = _factor_of(row, offer, asked, by=by, now=now)
    with transaction.atomic():
        held = Voucher.objects.select_for_update(of=("self",)).select_related("region", "programme")
        row = held.get(pk=row.pk)
        if (done := Redemption.objects.filter(key=asked.key).first()) is not None:
            return done
        rules.refuse_redeeming(
            queries.balance_of(row), asked.count, shop=(shop.code, shop.name), on=on
        )
        return _take(row, asked.count, (shop, factor, asked.key), by=by, times=(said, now))


def _factor_of(row: Voucher, offer: rules.Offer, asked: Asked, *, by: User, now: datetime) -> str:
    """By what the holder is known: the card, and from some amount on his date of birth."""
    if offer.born_from is None or asked.count < offer.born_from:
        return "card"
    today = today_in(row.region, now)
    tries = WrongBirth.objects.filter(voucher=row, day=today)
    if tries.count() >= WRONG_BIRTHS_MAX:
        raise Refused(Why.TOO_MANY_TRIES)
    reader = Reader(
        region=row.region, by=by.username, role="stall", purpose="second factor", now=now
    )
    born = read_person(reader, row.resident_id).birth_date
    if born and same_day(asked.birth_date, born):
        return "born"
    WrongBirth.objects.create(voucher=row, by=by, day=today, at=now)
    record(
        "voucher.wrong_birth", row.code, region=row.region.code, by=by.username, now=now, facts={}
    )
    raise Refused(Why.WRONG_BIRTH)


def _take(
    row: Voucher,
    count: int,
    told: tuple[Organisation, str, str],
    *,
    by: User,
    times: tuple[datetime, datetime],
) -> Redemption:
    shop, factor, key = told
    said, now = times
    changed = Voucher.objects.filter(pk=row.pk, spent=row.spent).update(spent=F("spent") + count)
    assert changed, row.code
    taken = Redemption.objects.create(
        region=row.region,
        code=new_code(prefix_of(row.region)),
        voucher=row,
        shop=shop,
        by=by,
        count=count,
        amount_rp=count * row.unit_rp,
        factor=factor,
        at=now,
        said_at=said,
        key=key,
    )
    cost, region = Money(taken.amount_rp), row.region
    ledger.take_portion(row.code, taken.code, cost, region=region, by=by.username, now=now)
    ledger.settle(taken.code, payee=shop, cost=cost, region=region, by=by.username, now=now)
    facts: dict[str, object] = {"voucher": row.code, "count": count, "shop": shop.code}
    record("voucher.redeemed", taken.code, region=region.code, by=by.username, now=now, facts=facts)
    return taken


def lock_to_give_back(redemption: Redemption, *, now: datetime) -> Redemption:
    """A redemption that may be given back, its balance locked. Refused twice, or lapsed."""
    held = Voucher.objects.select_for_update(of=("self",)).select_related("region")
    voucher = held.get(pk=redemption.voucher_id)
    row = Redemption.objects.select_related("voucher", "shop", "region").get(pk=redemption.pk)
    if row.state == rules.GIVEN_BACK:
        raise Refused(Why.GIVEN_BACK_ALREADY)
    if voucher.state != rules.ISSUED or voucher.last < today_in(voucher.region, now):
        raise Refused(Why.OVER, last=f"{voucher.last:%d-%m-%Y}")
    return row


@transaction.atomic
def note_given_back(row: Redemption, why: str, *, by: User, now: datetime) -> None:
    """Its holder may spend it again. Whoever calls has locked it and set its money aside."""
    Voucher.objects.filter(pk=row.voucher_id).update(spent=F("spent") - row.count)
    row.state, row.why = rules.GIVEN_BACK, why.strip()[:200]
    row.given_back_at, row.given_back_by = now, by.username
    row.save(update_fields=["state", "why", "given_back_at", "given_back_by"])
    facts: dict[str, object] = {"count": row.count, "shop": row.shop.code}
    facts["voucher"] = row.voucher.code
    code = row.region.code
    record("voucher.given_back", row.code, region=code, by=by.username, now=now, facts=facts)


def _told(
    row: Voucher, kind: str, facts: dict[str, object], *, by: str, now: datetime
) -> Happening:
    return Happening(
        region=row.region.code, kind=kind, subject=row.code, by=by, now=now, facts=facts
    )
