"""What a code means that somebody complains of: an order, a case, a meal, a redemption."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gancang.complaints.rules import Why
from gancang.fulfilment.models import Case
from gancang.ledger.models import Transfer
from gancang.orders.models import Order
from gancang.servings.models import Serving
from gancang.servings.queries import TO_COURIER, TO_STALL
from gancang.settlement.queries import all_lines
from gancang.values import Refused
from gancang.vouchers.models import Redemption

if TYPE_CHECKING:
    from gancang.regions.models import Region


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One of them: what the book calls it, and by which programme it was."""

    code: str
    programme: str
    names: tuple[str, ...]
    order: Order | None = None


def subject_of(region: Region, typed: str) -> Subject:
    """What has this code in the region. Refused where nothing has. Four queries at most."""
    code = typed.replace("\0", "").strip().upper()[:20]
    if order := Order.objects.filter(region=region, code=code).select_related("programme").first():
        return Subject(code=code, programme=order.programme.code, names=(code,), order=order)
    if case := Case.objects.filter(region=region, code=code).select_related("programme").first():
        return Subject(code=code, programme=case.programme.code, names=(code,))
    meals = Serving.objects.filter(region=region, code=code).select_related("diner__programme")
    if meal := meals.first():
        names = (f"{code}{TO_STALL}", f"{code}{TO_COURIER}")
        return Subject(code=code, programme=meal.diner.programme.code, names=names)
    rows = Redemption.objects.filter(region=region, code=code).select_related("voucher")
    if taken := rows.first():
        return Subject(code=code, programme=taken.voucher.programme_code, names=(code,))
    raise Refused(Why.NO_SUCH_THING, code=code)


def lines_of(region: Region, subject: Subject) -> list[Transfer]:
    """What was earned with it, each line with its state in the settlement."""
    rows = all_lines(region).filter(about__in=subject.names)
    return list(rows.select_related("target__payee", "region").order_by("pk"))
