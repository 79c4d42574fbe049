"""Reading what concerns patients. Each question knows who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from gancang.accounts.models import Role
from gancang.contact.models import OnBehalf, PatientMessage
from gancang.orders import lifecycle
from gancang.orders.models import Order
from gancang.orders.queries import visible_to
from gancang.outbox.models import Letter
from gancang.outbox.queries import letters_of, not_written_to
from gancang.regions.models import Region
from gancang.residents.queries import Person, numbers_of_phone, read_people, reader_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from gancang.accounts.models import Membership

# A name with so many bearers in one village is looked up by the code instead.
NAMESAKES_MAX = 20


def find_order(asker: Membership, code: str) -> Order | None:
    """The order of this code, if the asker may see it."""
    return visible_to(asker).filter(code=code.strip().upper().replace("\0", "")).first()


def find_orders_of(asker: Membership, name: str, born: date, *, now: datetime) -> Sequence[Order]:
    """The open orders of whoever has this name and this date of birth; each reading is logged."""
    rows = visible_to(asker).filter(
        state__in=sorted(lifecycle.OPEN), resident__full_name__icontains=name.replace("\0", "")
    )
    found = list(rows.order_by("-id")[:NAMESAKES_MAX])
    reader = reader_for(asker, purpose="on behalf: search", now=now)
    people = read_people(reader, [order.resident_id for order in found])
    return [order for order in found if people[order.resident_id].birth_date == born]


def person_of(asker: Membership, order: Order, *, purpose: str, now: datetime) -> Person:
    """The patient of an order that the asker may see; the reading is logged."""
    reader = reader_for(asker, purpose=purpose, now=now)
    return read_people(reader, [order.resident_id])[order.resident_id]


def unconfirmed(asker: Membership) -> QuerySet[Order]:
    """The open orders whose address and phone nobody has confirmed yet.

    A house of mourning is not rung: what is stopped, or whose patient may have died, is not here.
    """
    rows = visible_to(asker).filter(confirmed_at=None, state__in=sorted(lifecycle.CANCELLABLE))
    silent = not_written_to().values("person")
    return rows.filter(frozen_at=None).exclude(resident__in=silent)


def people_of(
    asker: Membership, orders: Sequence[Order], *, purpose: str, now: datetime
) -> Mapping[int, Person]:
    """The patients of these orders by number, each reading logged."""
    reader = reader_for(asker, purpose=purpose, now=now)
    return read_people(reader, [order.resident_id for order in orders])


def list_on_behalf(order: Order) -> list[OnBehalf]:
    """What others did for the patient of an order, oldest first."""
    return list(OnBehalf.objects.filter(order=order).select_related("by").order_by("pk"))


def open_orders_of_phone(phone: str) -> list[Order]:
    """The open orders of everybody who is reached under this number, oldest first."""
    if not phone:
        return []
    rows = Order.objects.filter(
        resident__in=numbers_of_phone(phone), state__in=sorted(lifecycle.OPEN)
    )
    with_all = rows.select_related("region", "programme", "origin", "village", "carrier", "fleet")
    return list(with_all.order_by("pk"))


def only_region() -> Region | None:
    """The region of this installation, if there is but one."""
    first = list(Region.objects.order_by("pk")[:2])
    return first[0] if len(first) == 1 else None


def messages_to_answer(asker: Membership) -> QuerySet[PatientMessage]:
    """The messages that somebody in the asker's place answers, oldest first."""
    return _messages(asker).filter(state=PatientMessage.State.WAITS)


def _messages(asker: Membership) -> QuerySet[PatientMessage]:
    mine = Q(region=asker.region) | Q(region=None)
    if asker.role == Role.PHARMACIST or asker.organisation_id:
        # Of his own hospital's patients; and of strangers, who may be anybody's.
        mine &= Q(order=None) | Q(order__origin=asker.organisation_id)
    return PatientMessage.objects.filter(mine).select_related("order", "region")


def get_message(asker: Membership, number: int) -> PatientMessage:
    """One message that the asker may read, or 404."""
    return get_object_or_404(_messages(asker), pk=number)


def letters_for(asker: Membership, *, state: str = "") -> QuerySet[Letter]:
    """The region's letters for whoever works for the whole of it; for others none."""
    rows = letters_of(asker.region.code, state=state)
    return rows.none() if asker.organisation_id else rows


def open_letter(asker: Membership, number: int, *, now: datetime) -> Letter:
    """One letter to be read out; that it was read is logged."""
    found = get_letter(asker, number)
    read_people(reader_for(asker, purpose="letter", now=now), [found.person])
    return found


def get_letter(asker: Membership, number: int) -> Letter:
    """One letter of the asker's region, with its words and address, or 404."""
    rows = Letter.objects.none() if asker.organisation_id else Letter.objects.all()
    return get_object_or_404(rows, pk=number, region_code=asker.region.code)
