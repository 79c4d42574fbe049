"""What of a statement came back from the bank, why, and how and when it is paid again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gancang.settlement.models import Bounce, Payment, PaymentLine
from gancang.settlement.queries import bounces_of, lines_wanted

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.regions.models import Region
    from gancang.settlement.queries import Wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class CameBack:
    """A payment that came back, once or oftener; its lines stay with the first of its payments."""

    first: Payment
    bounce: Bounce  # the last one
    times: int
    left_rp: int  # to be paid again; nothing where it is
    again: Payment | None  # which pays it again, where one does

    @property
    def paid_again_at(self) -> datetime | None:
        """When its payee got it after all."""
        is_paid = self.again is not None and self.again.state == Payment.State.PAID
        return self.again.answered_at if self.again is not None and is_paid else None


def all_that_came_back(region: Region) -> dict[int, CameBack]:
    """Each payment of a region that came back, by its own number. Two queries."""
    rows = Payment.objects.filter(batch__region=region, repeats__isnull=False)
    rows = rows.exclude(state=Payment.State.REFUSED).select_related("batch")
    repetitions = {row.repeats_id: row for row in rows}
    bounces = {each.payment_id: each for each in bounces_of(region).filter(state=Bounce.State.DONE)}
    firsts = [each for each in bounces.values() if each.payment.repeats_id is None]
    return {each.payment_id: _followed(each, repetitions, bounces) for each in firsts}


def _followed(
    bounce: Bounce, repetitions: dict[int | None, Payment], bounces: dict[int, Bounce]
) -> CameBack:
    """From the first payment to the last: each repetition may have come back as well."""
    first, times = bounce.payment, 1
    while (again := repetitions.get(bounce.payment_id)) and again.pk in bounces:
        bounce, times = bounces[again.pk], times + 1
    left = bounce.payment.left_rp if again is None else 0
    return CameBack(first=first, bounce=bounce, times=times, left_rp=left, again=again)


def came_back_in(wanted: Wanted) -> list[CameBack]:
    """Those that were to pay lines of a statement, the newest first. Three queries."""
    found = all_that_came_back(wanted.region)
    lines = PaymentLine.objects.filter(payment__in=found)
    lines = lines.filter(line__in=lines_wanted(wanted).order_by().values("pk"))
    theirs = set(lines.values_list("payment", flat=True)) if found else set()
    rows = [each for number, each in found.items() if number in theirs]
    return sorted(rows, key=lambda each: each.bounce.pk, reverse=True)
