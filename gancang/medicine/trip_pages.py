"""One house, several orders: the desk or the operator sends them in one trip, or parts them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.dispatch import joining
from gancang.medicine import queries
from gancang.orders.queries import get_order
from gancang.trips.queries import could_go_with, get_mate, mates_of
from gancang.trips.rules import Why
from gancang.values import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.http import HttpResponse

    from gancang.accounts.models import Membership
    from gancang.orders.models import Order

WHO_JOINS = (Role.COUNTER_CLERK, Role.PHARMACIST, Role.OPERATOR)


@dataclass(frozen=True, slots=True)
class Near:
    """An order for the same house: of the same patient, or by whose name it is known here."""

    order: Order
    is_same_person: bool
    name: str
    is_mine: bool  # whether its page opens for the asker


@dataclass(frozen=True, slots=True)
class House:
    """What goes with an order, and what could."""

    mates: Sequence[Near]
    could: Sequence[Near]


def house_of(asker: Membership, order: Order, *, now: datetime) -> House | None:
    """What goes along with an order and what could; None for who does not decide of it."""
    if asker.role not in WHO_JOINS:
        return None
    mates = [(mate, mate.resident_id == order.resident_id) for mate in mates_of(order)]
    could = [(each.order, each.is_same_person) for each in could_go_with(asker, order)]
    mine = [each for each, _same in (*mates, *could) if _opens(asker, each)]
    others = [each for each in mine if each.resident_id != order.resident_id]
    people = queries.people_of(asker, others, purpose="same house", now=now) if others else {}

    def near(each: Order, is_same: bool) -> Near:  # noqa: FBT001 - it is what the row says
        person = people.get(each.resident_id)
        return Near(each, is_same, person.full_name if person else "", each in mine)

    return House([near(*each) for each in mates], [near(*each) for each in could])


def _opens(asker: Membership, order: Order) -> bool:
    if asker.role == Role.OPERATOR and asker.organisation_id is None:
        return True
    return asker.organisation_id in {order.origin_id, order.fleet_id}


@for_roles(*WHO_JOINS)
@require_POST
def join(request: MemberRequest, code: str) -> HttpResponse:
    """Send another order that waits for this house along."""
    order = get_order(request.membership, code)
    typed = request.POST.get("other", "")[:20]
    other = get_mate(request.membership, order, typed)
    if other is None:
        raise Refused(Why.NOT_ONE_HOUSE, order=code, other=typed)
    joining.join(order, other, by=request.user.username, now=timezone.now())
    messages.success(request, _("%(code)s goes along: one trip, one price.") % {"code": other.code})
    return redirect("medicine:detail", code)


@for_roles(*WHO_JOINS)
@require_POST
def part(request: MemberRequest, code: str) -> HttpResponse:
    """Send it by itself again."""
    order = get_order(request.membership, code)
    joining.part(order, by=request.user.username, now=timezone.now())
    messages.success(request, _("%(code)s goes by itself again.") % {"code": code})
    return redirect("medicine:detail", code)
