"""Reading orders. Each question knows who asks."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import F, Q, QuerySet, Sum
from django.shortcuts import get_object_or_404

from gancang.accounts.models import Membership, Role
from gancang.orders import lifecycle
from gancang.orders.models import Attempt, Disposition, Leg, Order, Proof, ProofPhoto
from gancang.regions.models import Organisation

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from gancang.regions.models import Region

_WITH = ("region", "programme", "origin", "village__district", "carrier", "fleet", "hold_at")


def visible_to(asker: Membership) -> QuerySet[Order]:
    """The orders that somebody may see, in the role in which he acts."""
    return Order.objects.filter(_may_see(asker)).select_related(*_WITH)


def _may_see(asker: Membership) -> Q:
    in_region = Q(region=asker.region_id)
    match asker.role:
        case Role.COUNTER_CLERK:
            # And the bags that wait at his counter for people near by, or are on their way there.
            waits = Q(hold_at=asker.organisation_id, state__in=sorted(lifecycle.OUT))
            return in_region & (Q(origin=asker.organisation_id) | waits)
        case Role.PHARMACIST:
            return in_region & Q(origin=asker.organisation_id, item_class=lifecycle.MEDICINE)
        case Role.RIDER:
            held = {lifecycle.ASSIGNED, lifecycle.COLLECTED, lifecycle.FAILED}
            return in_region & Q(carrier=asker.user_id, state__in=held)
        case Role.VILLAGE_CLERK:
            # Where he sits nowhere, he sees nothing: no order is of no village.
            his = asker.organisation.village_id if asker.organisation else None
            return in_region & Q(village=his)
        case Role.OPERATOR if asker.organisation_id:
            return in_region & (Q(origin=asker.organisation_id) | Q(fleet=asker.organisation_id))
        case _:
            return in_region


def get_order(asker: Membership, code: str) -> Order:
    """One order that the asker may see, or 404."""
    return get_object_or_404(visible_to(asker), code=code)


def get_by_code(code: str) -> Order:
    """One order by its code, for deeds of the system itself and for signed links."""
    return get_object_or_404(Order.objects.select_related(*_WITH), code=code)


def find_by_code(code: str) -> Order | None:
    """One order by its code, for the command line."""
    return Order.objects.select_related(*_WITH).filter(code=code).first()


def handed_over_between(region: Region, begins: datetime, ends: datetime) -> list[tuple[int, str]]:
    """The orders handed over in a time, each by its number and its code. One query."""
    rows = Proof.objects.filter(order__region=region, recorded_at__gte=begins, recorded_at__lt=ends)
    return list(rows.order_by("pk").values_list("order_id", "order__code"))


def find_by_bag(region: Region, bag: str) -> Order | None:
    """The open order on one of whose bags this code stands, or None."""
    known = Q(bag_code=bag) | Q(bag_codes__contains=[bag]) | Q(bag_code=bag.rpartition("-")[0])
    rows = Order.objects.filter(known, region=region, state__in=sorted(lifecycle.OPEN))
    return next((row for row in rows.exclude(bag_code="") if bag in row.codes_on_bags), None)


def counters_near(order: Order, *, most: int = 3) -> list[Organisation]:
    """The counters near the patient that have a clerk to take a bag in, nearest first."""
    rows = Organisation.objects.filter(
        region=order.region_id,
        kind__in=[Organisation.Kind.PUSKESMAS, Organisation.Kind.OFFICE],
        membership__role=Role.COUNTER_CLERK,
        membership__user__is_active=True,
        lat__isnull=False,
    )
    near = sorted(rows.distinct(), key=lambda row: _squared(order, row.lat or 0, row.lon or 0))
    return near[:most]


def _squared(order: Order, lat: float, lon: float) -> float:
    # Near the equator a degree is as long one way as the other.
    return (order.lat - lat) ** 2 + (order.lon - lon) ** 2


def at_counter(asker: Membership) -> QuerySet[Order]:
    """The bags that wait at the asker's counter, or are on their way there."""
    waits = [lifecycle.COLLECTED, lifecycle.FAILED, lifecycle.HELD]
    rows = visible_to(asker).filter(state__in=waits, hold_at=asker.organisation_id)
    return rows if asker.organisation_id else rows.none()


def find_disposition(order: Order) -> Disposition | None:
    """What was decided about a bag that came back."""
    return Disposition.objects.filter(order=order).select_related("by").first()


def undecided(asker: Membership) -> QuerySet[Order]:
    """The bags that are back and whose end no pharmacist has decided yet."""
    return visible_to(asker).filter(state=lifecycle.RETURNED, disposition=None)


def list_open_of(numbers: Iterable[int]) -> list[Order]:
    """The open orders of a person, under all numbers that he has."""
    rows = Order.objects.filter(resident__in=list(numbers), state__in=sorted(lifecycle.OPEN))
    return list(rows.select_related(*_WITH).order_by("pk"))


def find_proof(order: Order) -> Proof | None:
    """How the order was handed over, if it was."""
    rows = Proof.objects.filter(order=order).select_related("carrier", "photo")
    return rows.defer("photo__image").first()


def find_photo(order: Order) -> bytes | None:
    """The photo of the hand-over, if one was taken. Whoever shows it logs the reading."""
    row = ProofPhoto.objects.filter(proof__order=order).first()
    return base64.b64decode(row.image) if row else None


def list_attempts(order: Order) -> list[Attempt]:
    """The failed visits, oldest first."""
    return list(Attempt.objects.filter(order=order).select_related("carrier").order_by("pk"))


def list_legs(order: Order) -> list[Leg]:
    """The parts of an order's way that are paid by themselves, in their order."""
    return list(
        Leg.objects.filter(order=order).select_related("fleet", "carrier").order_by("number")
    )


def paid_legs(region: Region) -> dict[str, int]:
    """What the parts of an order's way cost that are owed by now, by order. One query."""
    rows = Leg.objects.filter(order__region=region, paid_at__isnull=False).order_by()
    return dict(rows.values_list("order__code").annotate(Sum("cost_rp")))


class Proven(NamedTuple):
    """What statements tell of the proof that a line of the book rests on; nothing of it sealed."""

    handed_over_at: datetime
    factor: str
    relation: str
    username: str  # of whom it was who handed over
    full_name: str


def proofs_of(region: Region, codes: Iterable[str]) -> dict[str, Proven]:
    """The proof of each order by its code. One query."""
    rows = Proof.objects.filter(order__region=region, order__code__in=list(codes))
    told = "handed_over_at", "factor", "relation", "carrier__username", "carrier__full_name"
    return {code: Proven(*rest) for code, *rest in rows.values_list("order__code", *told)}


def unproved_among(region: Region, codes: Iterable[str]) -> list[str]:
    """Those of these orders that have no proof, neither of all their way nor of a part of it."""
    rows = Order.objects.filter(region=region, code__in=list(codes), proof=None)
    rows = rows.exclude(pk__in=Leg.objects.filter(paid_at__isnull=False).values("order"))
    return list(rows.order_by("code").values_list("code", flat=True))


def ended_among(region: Region, codes: Iterable[str]) -> list[tuple[str, str]]:
    """Those of these orders that have come to their end, with their state."""
    rows = Order.objects.filter(region=region, code__in=list(codes))
    ended = rows.exclude(state__in=sorted(lifecycle.OPEN)).order_by("code")
    return list(ended.values_list("code", "state"))


def fares_due(region: Region) -> dict[str, int]:
    """What was to be paid at the door for each delivered order, if anything. One query."""
    rows = Order.objects.filter(region=region, state=lifecycle.DELIVERED)
    rows = rows.annotate(due=F("patient_pays_rp") + F("goods_rp")).filter(due__gt=0)
    return dict(rows.values_list("code", "due"))
