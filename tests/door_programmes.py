"""What addresses of programmes and their drafts may name, of one order's region."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.accounts.models import User
from gancang.programmes.models import Draft, Programme, Trial
from gancang.programmes.trying import Counts

if TYPE_CHECKING:
    from gancang.orders.models import Order

# Addresses that name a draft and nothing else.
OF_A_DRAFT = (
    "draft",
    "go_back",
    "drop",
    "trial",
    "budget",
    "ask_trial",
    "submit",
    "approve",
    "send_back",
    "take_back",
)
NO_PROGRAMME: dict[str, dict[str, object]] = {
    "programmes": {"code": "nowhere"},
    "figures:programme": {"code": "nowhere"},
    "programmes:export": {"code": "nowhere", "version": 1},
    **{f"programmes:{name}": {"number": 987654} for name in OF_A_DRAFT},
    "programmes:people": {"number": 987654, "group": "in"},
    "programmes:rule": {"number": 987654, "place": 0},
    "programmes:try_letter": {"number": 987654, "place": 0},
    "programmes:step": {"number": 987654, "slug": "name"},
}


def of_programme(order: Order) -> dict[str, dict[str, object]]:
    """A version of a programme that only the order's region has."""
    code = f"jamu-{order.region.slug}"
    defaults = {"name": "Jamu", "terms": order.programme.terms, "told": order.programme.told}
    Programme.objects.get_or_create(region=order.region, code=code, version=1, defaults=defaults)
    written = draft_of(order)
    draft: dict[str, object] = {"number": written.pk}
    Trial.objects.get_or_create(
        draft=written,
        state="done",
        defaults={
            "save_number": 1,
            "times": 1,
            "on": order.placed_at.date(),
            "asked_by": written.made_by,
            "asked_at": order.placed_at,
            "ended_at": order.placed_at,
            "counted": Counts().told(),
        },
    )
    return {
        "programmes": {"code": code},
        "figures:programme": {"code": code},
        "programmes:export": {"code": code, "version": 1},
        **{f"programmes:{name}": draft for name in OF_A_DRAFT},
        "programmes:people": {**draft, "group": "in"},
        "programmes:rule": {**draft, "place": 0},
        "programmes:try_letter": {**draft, "place": 0},
        "programmes:step": {**draft, "slug": "name"},
    }


def draft_of(order: Order) -> Draft:
    """A programme that is being written in an order's region."""
    now = order.placed_at
    told = {"made_by": User.objects.order_by("pk")[0], "made_at": now, "changed_at": now}
    defaults = {**told, "saves": 1, "told": order.programme.told}
    return Draft.objects.get_or_create(region=order.region, name="Jamu", defaults=defaults)[0]
