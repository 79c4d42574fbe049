"""Reading vouchers: who holds what, what a shop took, what proves a line of its statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, F, Q, QuerySet, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404

from gancang.accounts.models import Membership, Role
from gancang.ledger.queries import held_for_all
from gancang.orders.queries import Proven
from gancang.outbox.models import Letter
from gancang.programmes.models import Programme
from gancang.programmes.queries import list_programmes
from gancang.residents.queries import numbers_of
from gancang.values import Money, Refused
from gancang.vouchers import rules
from gancang.vouchers.models import Redemption, Voucher
from gancang.vouchers.rules import Offer, Why

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from gancang.cards.models import Card
    from gancang.regions.models import Organisation, Region


def offer_of(programme: Programme) -> Offer | None:
    """What a programme gives each holder; None where it gives no vouchers."""
    return rules.offer_of(programme.terms.get("voucher"))


def voucher_programmes(region: Region) -> list[Programme]:
    """The programmes that give vouchers. One query."""
    return [row for row in list_programmes(region) if row.terms.get("voucher")]


def get_voucher_programme(region: Region, code: str) -> Programme:
    """One of them, or 404; the first where no code is told."""
    found = [row for row in voucher_programmes(region) if code in {"", row.code}]
    if not found:
        raise Http404
    return found[0]


def lock_programme(programme: Programme) -> None:
    """Whoever gives vouchers of a programme waits here for whoever does it now."""
    list(Programme.objects.select_for_update().filter(pk=programme.pk))


@dataclass(frozen=True, slots=True)
class Given:
    """How much of one cycle was given, taken and is left, in rupiah."""

    cycle: str
    vouchers: int
    given: Money
    taken: Money
    first: date
    last: date


def cycles_of(region: Region, programme: str) -> list[Given]:
    """The cycles of a programme, the newest first. One query."""
    rows = Voucher.objects.filter(region=region, programme_code=programme).order_by()
    sums = rows.values("cycle", "first", "last").annotate(
        n=Count("pk"),
        given=Sum(F("count") * F("unit_rp")),
        taken=Sum(F("spent") * F("unit_rp")),
    )
    return [
        Given(
            row["cycle"],
            row["n"],
            Money(row["given"]),
            Money(row["taken"]),
            row["first"],
            row["last"],
        )
        for row in sums.order_by("-first")[:24]
    ]


def vouchers_of(region: Region, programme: str, cycle: str) -> QuerySet[Voucher]:
    """All vouchers of a cycle."""
    rows = Voucher.objects.filter(region=region, programme_code=programme, cycle=cycle)
    return rows.select_related("programme")


def held_by(region: Region, person: int) -> list[Voucher]:
    """The vouchers of somebody, the newest first."""
    rows = Voucher.objects.filter(region=region, resident__in=numbers_of(person))
    return list(rows.select_related("programme").order_by("-first", "-pk")[:24])


def balance_of(row: Voucher) -> rules.Balance:
    """What stands on a voucher."""
    offer = offer_of(row.programme)
    return rules.Balance(
        programme=row.programme.name,
        left=row.left,
        unit=row.unit,
        first=row.first,
        last=row.last,
        at=offer.at if offer else (),
    )


def find_taken_at(card: Card, programme: str, shop: Organisation, *, on: date) -> Voucher:
    """The voucher of a card that a shop takes on a day. Refused where there is none."""
    rows = Voucher.objects.filter(region=shop.region, resident__in=numbers_of(card.resident_id))
    rows = rows.filter(state=rules.ISSUED).select_related("programme", "region")
    if programme:
        rows = rows.filter(programme_code=programme)
    found = sorted(rows, key=lambda row: (not row.first <= on <= row.last, row.last, row.pk))
    here = [row for row in found if shop.code in (balance_of(row).at or [shop.code])]
    if not found:
        raise Refused(Why.NOTHING_HERE)
    if not here:
        raise Refused(Why.NOT_AT_YOURS, programme=found[0].programme.name, shop=shop.name)
    return next((row for row in here if row.left), here[0])


def over_by(region: Region, today: date) -> list[int]:
    """Which vouchers have lapsed: those that no phone without network may still bring."""
    rows = Voucher.objects.filter(region=region, state=rules.ISSUED)
    rows = rows.filter(last__lt=today - timedelta(days=rules.LATE_DAYS))
    return list(rows.order_by("pk").values_list("pk", flat=True)[:10_000])


def lapsing(region: Region, today: date) -> list[Voucher]:
    """Whose balance lapses within a week and was not told of it; who carries on loses nothing."""
    written = Letter.objects.filter(region_code=region.code, kind="voucher.lapses")
    rows = Voucher.objects.filter(region=region, state=rules.ISSUED)
    rows = rows.filter(last__range=(today, today + timedelta(days=rules.WARN_DAYS)))
    rows = rows.filter(programme__terms__letters__has_key="lapses")
    rows = rows.exclude(code__in=written.values("subject"))
    found = rows.select_related("programme", "resident").order_by("pk")[:1000]
    return [row for row in found if not (offer := offer_of(row.programme)) or not offer.carries]


def find_voucher(code: str) -> Voucher | None:
    """One voucher by its code, of a link that we made."""
    return Voucher.objects.select_related("programme", "region").filter(code=code).first()


def taken_of(voucher: Voucher) -> list[Redemption]:
    """What was taken of a voucher, the newest first."""
    return list(voucher.redemptions.select_related("shop").order_by("-pk")[:100])


def redemptions_of(asker: Membership) -> QuerySet[Redemption]:
    """What was redeemed: at a stall's own counter, or in the region for its offices."""
    rows = Redemption.objects.filter(region=asker.region_id)
    if asker.role == Role.STALL:
        rows = rows.filter(shop=asker.organisation_id)
    return rows.select_related("voucher__programme", "shop", "region")


def get_redemption(asker: Membership, code: str) -> Redemption:
    """One that the asker may see, or 404."""
    return get_object_or_404(redemptions_of(asker), code=code)


def is_given_back(region: Region, code: str) -> bool:
    """Whether this is a redemption that was given back to its card."""
    rows = Redemption.objects.filter(region=region, code=code, state=rules.GIVEN_BACK)
    return rows.exists()


def proofs_of(region: Region, codes: Iterable[str]) -> dict[str, Proven]:
    """What proves these lines of the book that are redemptions: the card was there. One query."""
    rows = Redemption.objects.filter(region=region, code__in=list(codes))
    told = "said_at", "factor", "state", "by__username", "by__full_name"
    return {code: Proven(*proof) for code, *proof in rows.values_list("code", *told)}


def ended_among(region: Region, codes: Iterable[str]) -> list[tuple[str, str]]:
    """Those of these vouchers and redemptions that are over, with their state. Two queries."""
    asked = list(codes)
    closed = Voucher.objects.filter(region=region, code__in=asked, state=rules.CLOSED)
    taken = Redemption.objects.filter(region=region, code__in=asked)
    return sorted([*closed.values_list("code", "state"), *taken.values_list("code", "state")])


def differences(region: Region) -> list[str]:
    """Where a voucher and the book disagree: what it still offers must be set aside for it."""
    rows = list(Voucher.objects.filter(region=region, state=rules.ISSUED))
    held = held_for_all([row.code for row in rows])
    said = []
    for row in rows:
        there = sum(item.amount.rupiah for item in held.get(row.code, []))
        if there != row.left * row.unit_rp:
            said.append(f"voucher {row.code}: offers {row.left * row.unit_rp}, {there} is held")
    taken = Q(redemptions__state=rules.TAKEN)
    sums = Voucher.objects.filter(region=region).annotate(n=Sum("redemptions__count", filter=taken))
    said += [
        f"voucher {row.code}: spent {row.spent}, of which receipts tell {row.n or 0}"
        for row in sums.order_by("pk")
        if row.spent != (row.n or 0)
    ]
    return said
