"""What a pharmacy owes a patient is given at the counter, by another order, or not needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from gancang.audit.actions import record
from gancang.medicine.actions import place
from gancang.medicine.desk import Why
from gancang.medicine.item_lines import name_on_a_line, read_lines
from gancang.medicine.models import Owed
from gancang.residents.queries import are_described
from gancang.values import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.accounts.models import Membership
    from gancang.medicine.actions import Counter
    from gancang.medicine.rules import Draft
    from gancang.orders.models import Order


@transaction.atomic
def bring(draft: Draft, counter: Counter, owed: int, *, asker: Membership, now: datetime) -> Order:
    """Open the order that brings the rest. Refused whole if it is not owed any more."""
    _refuse_if_another(draft, owed, asker)
    order = place(draft, counter, now=now)
    if not Owed.objects.filter(pk=owed, order=order).exists():  # the same form a second time
        close(owed, "order", asker=asker, order=order, now=now)
    return order


def _refuse_if_another(draft: Draft, owed: int, asker: Membership) -> None:
    """Refuse what is for another patient than the one who is owed, or without the medicine."""
    mine = Owed.objects.filter(pk=owed, origin=asker.organisation_id)
    row = mine.select_related("item__prescription__order").first()
    if row is None:
        raise Refused(Why.NOTHING_OWED)
    order = row.item.prescription.order
    [is_same] = are_described([(order.resident_id, draft.nik, draft.full_name)])
    if not is_same:
        raise Refused(Why.OWED_TO_ANOTHER, order=order.code)
    brought = {item.name.casefold() for item in read_lines(draft.items)}
    wanted = {name_on_a_line(row.item.name).casefold()}
    wanted |= {name_on_a_line(each.given).casefold() for each in row.item.decisions.all()} - {""}
    if not brought & wanted:
        raise Refused(Why.OWED_IS_MISSING, item=row.item.name)


@transaction.atomic
def close(
    owed: int,
    how: str,
    *,
    asker: Membership,
    now: datetime,
    order: Order | None = None,
    note: str = "",
) -> None:
    """End one thing owed by the asker's own pharmacy. Refused if somebody was faster."""
    assert how in Owed.Closed.values, how
    by = asker.user.username
    mine = Owed.objects.filter(pk=owed, origin=asker.organisation_id, closed_at=None)
    row = mine.select_related("item__prescription__order__region").first()
    if row is None:
        raise Refused(Why.NOTHING_OWED)
    mine.update(closed_at=now, closed_how=how, closed_by=by, note=note[:200], order=order)
    first = row.item.prescription.order
    facts: dict[str, object] = {
        "item": row.item.line,
        "how": how,
        "order": order.code if order else "",
    }
    record("order.owed_closed", first.code, region=first.region.code, by=by, now=now, facts=facts)
